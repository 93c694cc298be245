import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import type {
  DatabricksOptions, ExternalAdministratorOptions, GitLabAccessTokenOptions, ManagedExternalSecretOptions, MongoDbAtlasOptions,
  MongoDbAtlasServiceAccountOptions, PaddleApiKeyOptions, SnowflakePatOptions,
} from './managed-external-secret-options';
import {
  anyType, apiVersionItem, durationItem, type ExternalSecretFacts, lifetimeFacts, SALESFORCE_VERSION, snowflakePatFacts, textItem,
} from './private/partner-metadata';

const SERVICE_PRINCIPAL_LIFETIME = { key: 'secretLifetimeDays', maximum: 730, usually: 730 };

/**
 * Which partner's credentials a managed external secret holds, and what Secrets Manager needs to rotate them.
 *
 * The list of partners grows: use `of()` for those that have no factory here. The partner's documentation says which fields the
 * secret needs.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partners.html
 *
 * @example
 * Rotation.managedExternal(ManagedExternalSecretType.snowflakeKeyPair());
 */
export class ManagedExternalSecretType {
  /**
   * A refresh token of BigID.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-BigId.html
   */
  static bigIdClientSecret(): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('BigIDClientSecret');
  }

  /**
   * An API key of the Cisco Security Platform: a refresh token that is valid for 60 days.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-CiscoSecurityPlatformApiKey.html
   */
  static ciscoSecurityPlatformApiKey(): ManagedExternalSecretType {
    return new ManagedExternalSecretType(() => ({ type: 'CiscoSecurityPlatformApiKey', metadata: {}, maximumIntervalDays: 59 }));
  }

  /**
   * An API key of Confluent Cloud.
   *
   * @param options who rotates it.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-ConfluentCloudApiKey.html
   */
  static confluentCloudApiKey(options: ExternalAdministratorOptions = {}): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('ConfluentCloudApiKey', options);
  }

  /**
   * A personal access token of Databricks.
   *
   * @param options who rotates it, and how long a new one is valid.
   * @throws when bound with a lifetime out of range, or not longer than the time between two rotations.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-DatabricksPAT.html
   */
  static databricksPat(options: DatabricksOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'DatabricksPAT',
      adminSecret: options.adminSecret,
      ...lifetimeFacts(scope, 'databricksPat', options.lifetime, { key: 'tokenLifetimeDays', maximum: 730, usually: 90 }),
    }));
  }

  /**
   * An OAuth client secret of a service principal of Databricks.
   *
   * @param options who rotates it, and how long a new one is valid.
   * @throws when bound with a lifetime out of range, or not longer than the time between two rotations.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-DatabricksSPSecret.html
   */
  static databricksServicePrincipalSecret(options: DatabricksOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'DatabricksSPSecret',
      adminSecret: options.adminSecret,
      ...lifetimeFacts(scope, 'databricksServicePrincipalSecret', options.lifetime, SERVICE_PRINCIPAL_LIFETIME),
    }));
  }

  /**
   * The keys of a Datadog administrator.
   *
   * @param options who rotates them.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-DatadogAdminKey.html
   */
  static datadogAdminKey(options: ExternalAdministratorOptions = {}): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('DatadogAdminKey', options);
  }

  /**
   * An API key of Datadog.
   *
   * @param adminSecret secret of the type `DatadogAdminKey` that rotates it.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-DatadogApiKey.html
   */
  static datadogApiKey(adminSecret: ISecret): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('DatadogApiKey', { adminSecret });
  }

  /**
   * An application key of Datadog that belongs to a service account.
   *
   * @param adminSecret secret of the type `DatadogAdminKey` that rotates it.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-DatadogApplicationKey.html
   */
  static datadogApplicationKey(adminSecret: ISecret): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('DatadogApplicationKey', { adminSecret });
  }

  /**
   * An access token of GitLab: personal, of a project or of a group.
   *
   * @param options who rotates it, and how long a new one is valid.
   * @throws when bound with a lifetime out of range, or not longer than the time between two rotations.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-GitLabAccessToken.html
   */
  static gitLabAccessToken(options: GitLabAccessTokenOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'GitLabAccessToken',
      adminSecret: options.adminSecret,
      ...lifetimeFacts(scope, 'gitLabAccessToken', options.lifetime, { key: 'daysToExpiry', maximum: 365 }),
    }));
  }

  /**
   * An API token of a Jenkins user.
   *
   * @param options who rotates it.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-JenkinsApiToken.html
   */
  static jenkinsApiToken(options: ExternalAdministratorOptions = {}): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('JenkinsApiToken', options);
  }

  /**
   * A database user of MongoDB Atlas.
   *
   * @param adminSecret secret of the type `MongoDBAtlasServiceAccount` that rotates it.
   * @param options version of the API.
   * @throws when bound with a version of another form.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-MongoDBAtlasDatabaseUser.html
   */
  static mongoDbAtlasDatabaseUser(adminSecret: ISecret, options: MongoDbAtlasOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'MongoDBAtlasDatabaseUser',
      adminSecret,
      metadata: apiVersionItem(scope, 'mongoDbAtlasDatabaseUser', options.apiVersion),
    }));
  }

  /**
   * A service account of MongoDB Atlas.
   *
   * @param options who rotates it, and version of the API.
   * @throws when bound with a version of another form.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-MongoDBAtlasServiceAccount.html
   */
  static mongoDbAtlasServiceAccount(options: MongoDbAtlasServiceAccountOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'MongoDBAtlasServiceAccount',
      adminSecret: options.adminSecret,
      metadata: apiVersionItem(scope, 'mongoDbAtlasServiceAccount', options.apiVersion),
    }));
  }

  /**
   * A REST API token of a service account of Netskope. It rotates at least every 350 days.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-NetskopeApiToken.html
   */
  static netskopeApiToken(): ManagedExternalSecretType {
    return new ManagedExternalSecretType(() => ({ type: 'NetskopeApiToken', metadata: {}, maximumIntervalDays: 350 }));
  }

  /**
   * An API key of Paddle, created with the option that it can be rotated.
   *
   * @param options how long the former key works.
   * @throws when bound with a lifetime out of range.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-PaddleApiKey.html
   */
  static paddleApiKey(options: PaddleApiKeyOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'PaddleApiKey',
      metadata: durationItem(scope, 'ManagedExternalSecretType.paddleApiKey(formerKeyLifetime)', options.formerKeyLifetime,
        { key: 'gracePeriodSeconds', unit: 'seconds', minimum: 0, maximum: 86400 }),
    }));
  }

  /**
   * The client secret of a Salesforce external client app.
   *
   * @param apiVersion version of the Salesforce API, at least `v65.0`.
   * @param options who rotates it.
   * @throws when bound with a version of another form.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-salesforce.html
   */
  static salesforceClientSecret(apiVersion: string, options: ExternalAdministratorOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'SalesforceClientSecret',
      adminSecret: options.adminSecret,
      metadata: textItem(scope, 'ManagedExternalSecretType.salesforceClientSecret(apiVersion)', apiVersion, SALESFORCE_VERSION),
    }));
  }

  /**
   * A key pair of a Snowflake user, of the algorithm RS256 and with a private key that is not encrypted with a passphrase.
   *
   * For others use `of('SnowflakeKeyPairAuthentication', { metadata: { cryptographicAlgorithm: 'RS512' } })`.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-Snowflake.html
   */
  static snowflakeKeyPair(): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('SnowflakeKeyPairAuthentication');
  }

  /**
   * A programmatic access token of Snowflake. The secret holds a key pair too, with which the rotation signs in.
   *
   * @param options how long tokens are valid.
   * @throws when bound with a lifetime out of range, or not longer than the time between two rotations.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-SnowflakePat.html
   */
  static snowflakePat(options: SnowflakePatOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => snowflakePatFacts(scope, options));
  }

  /**
   * Any type of managed external secret.
   *
   * @param secretType the partner's type, as the documentation spells it.
   * @param options the administrator's secret, and metadata.
   * @throws when bound with a type, key or value that Secrets Manager does not accept.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partners.html
   */
  static of(secretType: string, options: ManagedExternalSecretOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => anyType(scope, secretType, options));
  }

  /** @internal */
  readonly _bind: (scope: IConstruct) => ExternalSecretFacts;

  private constructor(bind: (scope: IConstruct) => ExternalSecretFacts) {
    this._bind = bind;
  }
}
