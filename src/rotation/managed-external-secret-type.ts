import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import type {
  ExternalAdministratorOptions,
  GitLabAccessTokenOptions,
  ManagedExternalSecretOptions,
  MongoDbAtlasOptions,
  MongoDbAtlasServiceAccountOptions,
  PaddleApiKeyOptions,
  SnowflakePatOptions,
} from './managed-external-secret-options';
import { durationItem, type ExternalSecretFacts, textItem } from './private/partner-metadata';
import { requireText } from '../core/validate';

const MAXIMUM_KEY = 256;
const MAXIMUM_VALUE = 2048;
const LIFETIME = { key: 'daysToExpiry', unit: 'days', minimum: 1, maximum: 365 } as const;

/**
 * Which partner's credentials a managed external secret holds, and what Secrets Manager needs to rotate them.
 *
 * The list of partners grows: use `of()` for those that have no factory here. The partner's documentation says which fields the
 * secret needs.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partners.html
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
   * An API key of Confluent Cloud.
   *
   * @param options who rotates it.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-ConfluentCloudApiKey.html
   */
  static confluentCloudApiKey(options: ExternalAdministratorOptions = {}): ManagedExternalSecretType {
    return ManagedExternalSecretType.of('ConfluentCloudApiKey', options);
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
   * @throws when bound with a lifetime out of range.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-GitLabAccessToken.html
   */
  static gitLabAccessToken(options: GitLabAccessTokenOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'GitLabAccessToken',
      adminSecret: options.adminSecret,
      metadata: durationItem(scope, 'ManagedExternalSecretType.gitLabAccessToken(lifetime)', options.lifetime, LIFETIME),
    }));
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
      metadata: atlasVersion(scope, 'ManagedExternalSecretType.mongoDbAtlasDatabaseUser(apiVersion)', options),
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
      metadata: atlasVersion(scope, 'ManagedExternalSecretType.mongoDbAtlasServiceAccount(apiVersion)', options),
    }));
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
      metadata: textItem(scope, 'ManagedExternalSecretType.salesforceClientSecret(apiVersion)', apiVersion,
        {
          key: 'apiVersion',
          pattern: /^v(6[5-9]|[7-9]\d|\d{3})\.\d$/,
          allowed: 'a version of the form v65.0, and not an older one',
        }),
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
   * @throws when bound with a lifetime out of range.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-SnowflakePat.html
   */
  static snowflakePat(options: SnowflakePatOptions = {}): ManagedExternalSecretType {
    return new ManagedExternalSecretType((scope) => ({
      type: 'SnowflakePat',
      metadata: {
        ...durationItem(scope, 'ManagedExternalSecretType.snowflakePat(lifetime)', options.lifetime, LIFETIME),
        ...durationItem(scope, 'ManagedExternalSecretType.snowflakePat(formerTokenLifetime)', options.formerTokenLifetime,
          { key: 'expireOldTokenAfterHours', unit: 'hours', minimum: 0, maximum: 720 }),
      },
    }));
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
    return new ManagedExternalSecretType((scope) => {
      requireText(
        { scope, property: 'ManagedExternalSecretType.of(secretType)', remedy: 'take the type from the list of partners' },
        secretType,
        { minimum: 1, maximum: MAXIMUM_KEY, pattern: /^[A-Za-z][A-Za-z0-9]*$/, allowed: 'a type such as SalesforceClientSecret' },
      );
      const metadata = options.metadata ?? {};
      for (const [key, value] of Object.entries(metadata)) {
        const input = {
          scope,
          property: 'ManagedExternalSecretType.of(metadata)',
          remedy: 'give the metadata that the partner asks for',
        };
        requireText(input, key, { minimum: 1, maximum: MAXIMUM_KEY, allowed: `keys of 1 to ${MAXIMUM_KEY} characters` });
        requireText(input, value, { minimum: 1, maximum: MAXIMUM_VALUE, allowed: 'values of 1 to 2,048 characters' });
      }
      return { type: secretType, metadata, adminSecret: options.adminSecret };
    });
  }

  /** @internal */
  readonly _bind: (scope: IConstruct) => ExternalSecretFacts;

  private constructor(bind: (scope: IConstruct) => ExternalSecretFacts) {
    this._bind = bind;
  }
}

function atlasVersion(scope: IConstruct, property: string, options: MongoDbAtlasOptions): { [key: string]: string } {
  return textItem(scope, property, options.apiVersion, {
    key: 'apiVersion',
    pattern: /^\d{4}-\d{2}-\d{2}$/,
    allowed: 'a date of the form 2025-03-12',
  });
}
