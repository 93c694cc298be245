import {
  ADMINISTRATOR, ASSUME, codeOf, type Context, DECRYPT, DELETE, FOREIGN, type Group, INSECURE, INVOKE, OWN, PUBLISH, PUT, READ,
  repointedTo, STRANGER, VIA,
} from './row';

const SERVICE = 'secretsmanager.amazonaws.com';
const PERSONNEL = 'MyCustomApp/Secrets/Rotation/postgres-Personnel-17142633';
const SUPERUSER = `${PERSONNEL}-superuser/Default`;
const PROVE = `${PERSONNEL}-prove/Default`;
const APPLICATION = 'MyCustomApp/MyCustomApp/ServiceRole';
const IN_VPC = { 'aws:SourceVpce': 'id:MyCustomApp/Secrets/Rotation/Endpoint-1815c393' };

const TASK = 'OnFargate/MyCustomAppTask/TaskRole';
const IN_VPC_OF_TASKS = { 'aws:SourceVpce': 'id:OnFargate/Secrets/Rotation/Endpoint-1815c393' };
const REDEPLOYING = 'OnFargate/Secrets/RotatedActions/Function/Role';
const STARTING = 'OnEks/SecretsPlatform/RotatedActions/Function/Role';
const PODS = 'OnEks/Cluster/MyCustomApp/Role';

const ACCESS_KEYS = 'AccessKey/SecretsPlatform/Rotation/iam-access-keys/Default';
const CACHE = 'Cache/SecretsPlatform/Rotation/elasticache/Default';
const CACHE_USER = 'arn:aws:elasticache:us-east-1:111111111111:user:';
const VALKEY = 'Cache/SecretsPlatform/Rotation/valkey-valkey-1-example-com-ecc261f2-superuser/Default';
const WAREHOUSE = 'DataWarehouse/SecretsPlatform/Rotation/redshift-Warehouse-2a625c25-ae1fd358-superuser/Default';
const WAREHOUSE_SECRET = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:service!Warehouse-AbCdEf';
const MYSQL = 'RelationalDatabases/SecretsPlatform/Rotation/mysql-Mysql-5dcf7811-superuser/Default';
const PARTNERS_ROLE = 'ManagedSecrets/Salesforce/RotationRole';
const OF_SALESFORCE = { 'aws:SourceArn': '@ManagedSecrets/Salesforce' };

const UNROTATED = { 'secretsmanager:resource/AllowRotationLambdaArn': undefined };

/** What is encrypted, as AWS KMS is told. */
function content(path: string): Context {
  return { 'kms:EncryptionContext:SecretARN': `@${path}` };
}

function typed(type: string): Context {
  return { 'secretsmanager:resource/Type': type };
}

/** What the stacks of the examples let through. */
export const EXAMPLE_ROWS: readonly Group[] = [
  {
    about: 'examples/my-custom-app',
    app: 'my-custom-app',
    rows: [
      [APPLICATION, READ, 'MyCustomApp/MyCustomAppCreds', IN_VPC, 'allowed'],
      [APPLICATION, READ, 'MyCustomApp/PersonnelAdmin', IN_VPC, 'refused'],
      [APPLICATION, PUT, 'MyCustomApp/MyCustomAppCreds', IN_VPC, 'refused'],
      [APPLICATION, DECRYPT, 'MyCustomApp/Secrets/Key', { ...VIA, ...content('MyCustomApp/MyCustomAppCreds') }, 'allowed'],
      [APPLICATION, DECRYPT, 'MyCustomApp/Secrets/Key', { ...VIA, ...content('MyCustomApp/PersonnelAdmin') }, 'refused'],
      [`${SUPERUSER}/Role`, PUT, 'MyCustomApp/MyCustomAppCreds', IN_VPC, 'allowed'],
      [`${SUPERUSER}/Role`, READ, 'MyCustomApp/PersonnelAdmin', IN_VPC, 'allowed'],
      [`${SUPERUSER}/Role`, PUT, 'MyCustomApp/PersonnelAdmin', IN_VPC, 'refused'],
      [`${SUPERUSER}/Role`, READ, 'MyCustomApp/MyCustomAppCreds', repointedTo(`${PROVE}/Function`), 'refused'],
      [`${PROVE}/Role`, PUT, 'MyCustomApp/PersonnelAdmin', IN_VPC, 'allowed'],
      [`${PROVE}/Role`, READ, 'MyCustomApp/MyCustomAppCreds', IN_VPC, 'refused'],
      [`${PROVE}/Role`, 'ec2:DescribeNetworkInterfaces', '*', codeOf(`${PROVE}/Function`), 'refused'],
      [SERVICE, INVOKE, `${SUPERUSER}/Function`, { ...OWN, 'aws:SourceArn': '@MyCustomApp/MyCustomAppCreds' }, 'allowed'],
      [SERVICE, INVOKE, `${SUPERUSER}/Function`, { ...OWN, 'aws:SourceArn': '@MyCustomApp/PersonnelAdmin' }, 'refused'],
      [ADMINISTRATOR, DELETE, 'MyCustomApp/MyCustomAppCreds', INSECURE, 'refused'],
      [ADMINISTRATOR, DECRYPT, 'MyCustomApp/Secrets/Key', content('MyCustomApp/MyCustomAppCreds'), 'refused'],
      ['cloudwatch.amazonaws.com', PUBLISH, 'MyCustomApp/RotationFailures', OWN, 'allowed'],
      ['cloudwatch.amazonaws.com', PUBLISH, 'MyCustomApp/RotationFailures', FOREIGN, 'refused'],
    ],
  },
  {
    about: 'examples/on-fargate',
    app: 'on-fargate',
    rows: [
      [TASK, READ, 'OnFargate/MyCustomAppCreds', IN_VPC_OF_TASKS, 'allowed'],
      [TASK, READ, 'OnFargate/PersonnelAdmin', IN_VPC_OF_TASKS, 'refused'],
      [TASK, PUT, 'OnFargate/MyCustomAppCreds', IN_VPC_OF_TASKS, 'refused'],
      [TASK, DECRYPT, 'OnFargate/Secrets/Key', { ...VIA, ...content('OnFargate/MyCustomAppCreds') }, 'allowed'],
      [TASK, DECRYPT, 'OnFargate/Secrets/Key', { ...VIA, ...content('OnFargate/PersonnelAdmin') }, 'refused'],
      ['OnFargate/MyCustomAppTask/ExecutionRole', READ, 'OnFargate/MyCustomAppCreds', IN_VPC_OF_TASKS, 'refused'],
      [REDEPLOYING, 'ecs:UpdateService', 'OnFargate/MyCustomAppService/Service', {}, 'allowed'],
      [REDEPLOYING, 'ecs:DeleteService', 'OnFargate/MyCustomAppService/Service', {}, 'refused'],
      [REDEPLOYING, READ, 'OnFargate/MyCustomAppCreds', {}, 'refused'],
    ],
  },
  {
    about: 'examples/on-eks',
    app: 'on-eks',
    rows: [
      [PODS, READ, 'OnEks/MyCustomAppCreds', {}, 'allowed'],
      [PODS, READ, 'OnEks/PersonnelAdmin', {}, 'refused'],
      [PODS, PUT, 'OnEks/MyCustomAppCreds', {}, 'refused'],
      [PODS, DECRYPT, 'OnEks/MyCustomAppCreds/Key', { ...VIA, ...content('OnEks/MyCustomAppCreds') }, 'allowed'],
      [PODS, DECRYPT, 'OnEks/PersonnelAdmin/Key', { ...VIA, ...content('OnEks/PersonnelAdmin') }, 'refused'],
      ['states.amazonaws.com', ASSUME, 'OnEks/Rollout/Role', OWN, 'allowed'],
      ['states.amazonaws.com', ASSUME, 'OnEks/Rollout/Role', FOREIGN, 'refused'],
      ['OnEks/Rollout/Role', READ, 'OnEks/MyCustomAppCreds', {}, 'refused'],
      [STARTING, 'states:StartExecution', 'OnEks/Rollout/StateMachine', {}, 'allowed'],
      [STARTING, READ, 'OnEks/MyCustomAppCreds', {}, 'refused'],
    ],
  },
  {
    about: 'examples/rotations: functions with a superuser',
    app: 'rotations',
    rows: [
      [`${MYSQL}/Role`, READ, 'RelationalDatabases/Mysql/Secret', {}, 'allowed'],
      [`${MYSQL}/Role`, PUT, 'RelationalDatabases/Mysql/Secret', {}, 'refused'],
      [`${MYSQL}/Role`, PUT, 'RelationalDatabases/MysqlUser', {}, 'allowed'],
      [`${MYSQL}/Role`, READ, 'RelationalDatabases/PostgresUser', {}, 'refused'],
      [`${MYSQL}/Role`, READ, 'RelationalDatabases/Postgres/Secret', {}, 'refused'],
      [`${VALKEY}/Role`, READ, 'Cache/CartsAdministrator', {}, 'allowed'],
      [`${VALKEY}/Role`, PUT, 'Cache/CartsAdministrator', {}, 'refused'],
      [`${VALKEY}/Role`, READ, 'Cache/SessionsUser', {}, 'refused'],
      [`${VALKEY}/Role`, DECRYPT, 'Cache/CartsAdministrator/Key', { ...VIA, ...content('Cache/CartsAdministrator') }, 'allowed'],
      [`${VALKEY}/Role`, DECRYPT, 'Cache/CartsAdministrator/Key', content('Cache/CartsAdministrator'), 'refused'],
      [`${WAREHOUSE}/Role`, READ, WAREHOUSE_SECRET, {}, 'allowed'],
      [`${WAREHOUSE}/Role`, PUT, WAREHOUSE_SECRET, {}, 'refused'],
    ],
  },
  {
    about: 'examples/rotations: users that a service keeps',
    app: 'rotations',
    rows: [
      [`${ACCESS_KEYS}/Role`, 'iam:CreateAccessKey', 'AccessKey/Uploader', {}, 'allowed'],
      [`${ACCESS_KEYS}/Role`, 'iam:DeleteAccessKey', 'AccessKey/Uploader', {}, 'allowed'],
      [`${ACCESS_KEYS}/Role`, 'iam:CreateAccessKey', 'arn:aws:iam::111111111111:user/partners/other', {}, 'refused'],
      [`${ACCESS_KEYS}/Role`, 'iam:PutUserPolicy', 'AccessKey/Uploader', {}, 'refused'],
      [`${ACCESS_KEYS}/Role`, 'iam:CreateLoginProfile', 'AccessKey/Uploader', {}, 'refused'],
      [`${CACHE}/Role`, 'elasticache:ModifyUser', `${CACHE_USER}sessions`, {}, 'allowed'],
      [`${CACHE}/Role`, 'elasticache:ModifyUser', `${CACHE_USER}default`, {}, 'refused'],
      [`${CACHE}/Role`, 'elasticache:DeleteUser', `${CACHE_USER}sessions`, {}, 'refused'],
      [`${CACHE}/Role`, READ, 'Cache/CartsUser', {}, 'refused'],
    ],
  },
  {
    about: 'examples/rotations: a partner\'s secret',
    app: 'rotations',
    rows: [
      [SERVICE, ASSUME, PARTNERS_ROLE, { ...OWN, ...OF_SALESFORCE }, 'allowed'],
      [SERVICE, ASSUME, PARTNERS_ROLE, { ...FOREIGN, ...OF_SALESFORCE }, 'refused'],
      [SERVICE, ASSUME, PARTNERS_ROLE, { ...OWN, 'aws:SourceArn': '@Cache/CartsUser' }, 'refused'],
      [SERVICE, ASSUME, PARTNERS_ROLE, {}, 'refused'],
      ['lambda.amazonaws.com', ASSUME, PARTNERS_ROLE, { ...OWN, ...OF_SALESFORCE }, 'refused'],
      [PARTNERS_ROLE, PUT, 'ManagedSecrets/Salesforce', typed('SalesforceClientSecret'), 'allowed'],
      [PARTNERS_ROLE, PUT, 'ManagedSecrets/Salesforce', typed('SnowflakeKeyPairAuthentication'), 'refused'],
      [PARTNERS_ROLE, PUT, 'ManagedSecrets/Salesforce', {}, 'refused'],
      [PARTNERS_ROLE, READ, 'Cache/CartsUser', typed('SalesforceClientSecret'), 'refused'],
      [PARTNERS_ROLE, DECRYPT, 'ManagedSecrets/Salesforce/Key', { ...VIA, ...content('ManagedSecrets/Salesforce') }, 'allowed'],
      [PARTNERS_ROLE, DECRYPT, 'ManagedSecrets/Salesforce/Key', { ...VIA, ...content('Cache/CartsUser') }, 'refused'],
    ],
  },
  {
    about: 'examples/http-api-key',
    app: 'http-api-key',
    rows: [
      ['HttpApiKey/Rotator/ServiceRole', PUT, 'HttpApiKey/ApiKey', {}, 'allowed'],
      ['HttpApiKey/Rotator/ServiceRole', DELETE, 'HttpApiKey/ApiKey', {}, 'refused'],
      ['HttpApiKey/Rotator/ServiceRole', READ, 'HttpApiKey/ApiKey', repointedTo('HttpApiKey/Rotator'), 'allowed'],
      ['HttpApiKey/Rotator/ServiceRole', READ, 'HttpApiKey/ApiKey', UNROTATED, 'refused'],
      [SERVICE, INVOKE, 'HttpApiKey/Rotator', { ...OWN, 'aws:SourceArn': '@HttpApiKey/ApiKey' }, 'allowed'],
      [SERVICE, INVOKE, 'HttpApiKey/Rotator', { ...FOREIGN, 'aws:SourceArn': '@HttpApiKey/ApiKey' }, 'refused'],
      [STRANGER, INVOKE, 'HttpApiKey/Rotator', {}, 'refused'],
    ],
  },
];
