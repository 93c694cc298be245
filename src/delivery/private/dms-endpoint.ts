import type { CfnEndpoint } from 'aws-cdk-lib/aws-dms';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { PhysicalName, Stack, Token } from 'aws-cdk-lib/core';
import { requireSameRegion, secretIdFor } from './delivered-variables';
import { requireFields } from './required-fields';
import { ConflictError, ValidationError } from '../../core/errors';
import { SecretRecord } from '../../secret/private/secret-record';
import { SecretGrants } from '../../secret/secret-grants';

/** The settings of an endpoint that name a secret, by its engine. */
const SETTINGS = {
  'mysql': 'mySqlSettings',
  'mariadb': 'mySqlSettings',
  'aurora': 'mySqlSettings',
  'postgres': 'postgreSqlSettings',
  'aurora-postgresql': 'postgreSqlSettings',
  'oracle': 'oracleSettings',
  'sqlserver': 'microsoftSqlServerSettings',
  'babelfish': 'microsoftSqlServerSettings',
  'redshift': 'redshiftSettings',
  'db2': 'ibmDb2Settings',
  'db2-zos': 'ibmDb2Settings',
  'sybase': 'sybaseSettings',
  'mongodb': 'mongoDbSettings',
  'docdb': 'docDbSettings',
} as const;
type Settings = typeof SETTINGS[keyof typeof SETTINGS];

/** What AWS DMS takes in clear text or from a secret, and never from both. */
const IN_CLEAR_TEXT = ['username', 'password', 'serverName', 'port', 'secretsManagerSecretId'] as const;

/** Has AWS DMS sign in with a secret, by a role for this endpoint. */
export function signInWithSecret(endpoint: CfnEndpoint, secret: ISecret): void {
  const settings = settingsOf(endpoint);
  const properties = endpoint as unknown as Record<Settings, object | undefined>;
  const present = properties[settings];
  if (Token.isUnresolved(present)) {
    throw new ConflictError(endpoint, `its \`${settings}\` are a token`, 'give it an object, to which the secret can be added');
  }
  requireNothingElse(endpoint, { ...present });
  requireNothingElse(endpoint, endpoint);
  requireAddress(endpoint, secret);
  // An attachment to a database adds the address.
  const address = SecretRecord.of(secret).secret === secret ? ['host', 'port'] : [];
  requireFields({ service: 'AWS DMS', resource: endpoint }, secret, ['username', 'password', ...address]);
  requireSameRegion({ consumer: endpoint, method: 'toDmsEndpoint' }, secret);
  const { region, urlSuffix } = Stack.of(endpoint);
  // Beside the endpoint, which is made after it: the principal is the one of the Region, by AWS's documentation.
  const role = new Role(endpoint.node.scope!, `${endpoint.node.id}SecretAccess`, {
    description: 'Lets AWS DMS read the secret that it signs in with',
    assumedBy: new ServicePrincipal(`dms.${region}.${urlSuffix}`),
    // Where the secret is in another account, whose policies name the role.
    roleName: PhysicalName.GENERATE_IF_NEEDED,
  });
  properties[settings] = {
    ...present, secretsManagerAccessRoleArn: role.roleArn, secretsManagerSecretId: secretIdFor(endpoint, secret),
  };
  SecretGrants.fromSecret(secret).read(role).applyBefore(endpoint);
}

function settingsOf(endpoint: CfnEndpoint): Settings {
  const settings = (SETTINGS as Record<string, Settings | undefined>)[endpoint.engineName];
  if (settings === undefined) {
    throw new ValidationError({
      scope: endpoint,
      property: 'engineName',
      got: Token.isUnresolved(endpoint.engineName) ? 'a value that is known at deployment' : endpoint.engineName,
      allowed: `for a secret: ${Object.keys(SETTINGS).join(', ')}`,
      remedy: Token.isUnresolved(endpoint.engineName)
        ? 'give the engine as a text: each has other settings'
        : 'give others a `secretsManagerSecretId` in their own settings, where these have one',
    });
  }
  return settings;
}

function requireNothingElse(endpoint: CfnEndpoint, given: object): void {
  const other = IN_CLEAR_TEXT.find((property) => (given as Record<string, unknown>)[property] !== undefined);
  if (other !== undefined) {
    throw new ConflictError(endpoint, `it has a \`${other}\` already, and AWS DMS takes one secret or clear text`,
      `leave \`${other}\` out: the secret has user name, password, host and port`);
  }
}

/** What Amazon RDS manages has neither host nor port. */
function requireAddress(endpoint: CfnEndpoint, secret: ISecret): void {
  const { secretName } = secret;
  if (!Token.isUnresolved(secretName) && secretName.startsWith('rds!')) {
    throw new ConflictError(endpoint, `the secret '${secretName}' that Amazon RDS manages has no host and port, which AWS DMS needs`,
      'make a user of its own for AWS DMS: a HardenedSecret with SecretContent.databaseCredentials({ username, database })');
  }
}
