import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration } from 'aws-cdk-lib/core';

/**
 * Properties of a managed external secret of any type.
 */
export interface ManagedExternalSecretOptions {
  /**
   * Secret of the partner's administrator, in the account and Region of the rotated one. The rotation signs in with it, and may
   * read it.
   *
   * @default - the secret rotates with its own credentials, where the partner lets it
   */
  readonly adminSecret?: ISecret;

  /**
   * Rotation metadata that the partner asks for, beside `adminSecretArn`: keys of 1 to 256 and values of 1 to 2,048 characters.
   *
   * @default - none
   */
  readonly metadata?: { [key: string]: string };
}

/**
 * Properties of a partner's credentials that an administrator may rotate.
 */
export interface ExternalAdministratorOptions {
  /**
   * Secret of the partner's administrator, in the account and Region of the rotated one. The rotation signs in with it, and may
   * read it.
   *
   * @default - the secret rotates with its own credentials
   */
  readonly adminSecret?: ISecret;
}

/**
 * Properties of a personal access token, or of a service principal's client secret, of Databricks.
 */
export interface DatabricksOptions extends ExternalAdministratorOptions {
  /**
   * How long a new one is valid: 1 to 730 whole days, and longer than the time between two rotations. An administrator of the
   * workspace may allow personal access tokens less; a rotation fails then.
   *
   * @default - 90 days for a personal access token, 730 for a client secret
   */
  readonly lifetime?: Duration;
}

/**
 * Properties of credentials of MongoDB Atlas.
 */
export interface MongoDbAtlasOptions {
  /**
   * Version of the Atlas administration API: a date such as `2025-03-12`.
   *
   * @default - the version that Secrets Manager chooses
   */
  readonly apiVersion?: string;
}

/**
 * Properties of a service account of MongoDB Atlas.
 */
export interface MongoDbAtlasServiceAccountOptions extends MongoDbAtlasOptions, ExternalAdministratorOptions {}

/**
 * Properties of an API key of Paddle.
 */
export interface PaddleApiKeyOptions {
  /**
   * How long the former key works, once the new one has been used: 0 seconds to a day.
   *
   * @default - 5 minutes
   */
  readonly formerKeyLifetime?: Duration;
}

/**
 * Properties of an access token of GitLab.
 */
export interface GitLabAccessTokenOptions extends ExternalAdministratorOptions {
  /**
   * How long a new token is valid: 1 to 365 whole days. It has to be longer than the time between two rotations.
   *
   * @default - as the GitLab instance says
   */
  readonly lifetime?: Duration;
}

/**
 * Properties of a programmatic access token of Snowflake.
 */
export interface SnowflakePatOptions {
  /**
   * How long a token is valid, as it is set in Snowflake: 1 to 365 whole days. It has to be longer than the time between two
   * rotations.
   *
   * @default - 15 days
   */
  readonly lifetime?: Duration;

  /**
   * How long the former token works after a rotation: 0 to 720 whole hours.
   *
   * @default - 24 hours
   */
  readonly formerTokenLifetime?: Duration;
}
