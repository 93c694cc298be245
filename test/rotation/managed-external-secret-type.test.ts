import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, ManagedExternalSecretType as Type, Rotation } from '../../src';
import { testRefused } from '../support/refused';
import { testApp } from '../support/scenario';

const stack = new Stack(testApp(), 'Stack');
const adminSecret = new Secret(stack, 'Administrator');

test.each<[string, Type, string, { [key: string]: string }, boolean]>([
  ['BigID', Type.bigIdClientSecret(), 'BigIDClientSecret', {}, false],
  ['Cisco', Type.ciscoSecurityPlatformApiKey(), 'CiscoSecurityPlatformApiKey', {}, false],
  ['Confluent Cloud', Type.confluentCloudApiKey(), 'ConfluentCloudApiKey', {}, false],
  ['Confluent Cloud, by an administrator', Type.confluentCloudApiKey({ adminSecret }), 'ConfluentCloudApiKey', {}, true],
  ['Databricks, token', Type.databricksPat(), 'DatabricksPAT', {}, false],
  [
    'Databricks, token by another',
    Type.databricksPat({ adminSecret, lifetime: Duration.days(60) }),
    'DatabricksPAT',
    { tokenLifetimeDays: '60' },
    true,
  ],
  ['Databricks, service principal', Type.databricksServicePrincipalSecret(), 'DatabricksSPSecret', {}, false],
  [
    'Databricks, service principal by another',
    Type.databricksServicePrincipalSecret({ adminSecret, lifetime: Duration.days(365) }),
    'DatabricksSPSecret',
    { secretLifetimeDays: '365' },
    true,
  ],
  ['Datadog, administrator', Type.datadogAdminKey(), 'DatadogAdminKey', {}, false],
  ['Datadog, administrator by another', Type.datadogAdminKey({ adminSecret }), 'DatadogAdminKey', {}, true],
  ['Datadog, API', Type.datadogApiKey(adminSecret), 'DatadogApiKey', {}, true],
  ['Datadog, application', Type.datadogApplicationKey(adminSecret), 'DatadogApplicationKey', {}, true],
  ['GitLab', Type.gitLabAccessToken(), 'GitLabAccessToken', {}, false],
  [
    'GitLab, for a quarter',
    Type.gitLabAccessToken({ adminSecret, lifetime: Duration.days(90) }),
    'GitLabAccessToken',
    { daysToExpiry: '90' },
    true,
  ],
  ['Jenkins', Type.jenkinsApiToken(), 'JenkinsApiToken', {}, false],
  ['Jenkins, by an administrator', Type.jenkinsApiToken({ adminSecret }), 'JenkinsApiToken', {}, true],
  ['MongoDB Atlas, user', Type.mongoDbAtlasDatabaseUser(adminSecret), 'MongoDBAtlasDatabaseUser', {}, true],
  [
    'MongoDB Atlas, user by version',
    Type.mongoDbAtlasDatabaseUser(adminSecret, { apiVersion: '2025-03-12' }),
    'MongoDBAtlasDatabaseUser',
    { apiVersion: '2025-03-12' },
    true,
  ],
  ['MongoDB Atlas, service account', Type.mongoDbAtlasServiceAccount(), 'MongoDBAtlasServiceAccount', {}, false],
  [
    'MongoDB Atlas, by another',
    Type.mongoDbAtlasServiceAccount({ adminSecret, apiVersion: '2025-03-12' }),
    'MongoDBAtlasServiceAccount',
    { apiVersion: '2025-03-12' },
    true,
  ],
  ['Netskope', Type.netskopeApiToken(), 'NetskopeApiToken', {}, false],
  ['Paddle', Type.paddleApiKey(), 'PaddleApiKey', {}, false],
  [
    'Paddle, at once',
    Type.paddleApiKey({ formerKeyLifetime: Duration.seconds(0) }),
    'PaddleApiKey',
    { gracePeriodSeconds: '0' },
    false,
  ],
  ['Salesforce', Type.salesforceClientSecret('v65.0'), 'SalesforceClientSecret', { apiVersion: 'v65.0' }, false],
  [
    'Salesforce, by an administrator',
    Type.salesforceClientSecret('v100.0', { adminSecret }),
    'SalesforceClientSecret',
    { apiVersion: 'v100.0' },
    true,
  ],
  ['Snowflake, key pair', Type.snowflakeKeyPair(), 'SnowflakeKeyPairAuthentication', {}, false],
  ['Snowflake, token', Type.snowflakePat(), 'SnowflakePat', {}, false],
  [
    'Snowflake, token with times',
    Type.snowflakePat({ lifetime: Duration.days(60), formerTokenLifetime: Duration.days(2) }),
    'SnowflakePat',
    { daysToExpiry: '60', expireOldTokenAfterHours: '48' },
    false,
  ],
  ['another partner', Type.of('OktaToken', { metadata: { region: 'eu' }, adminSecret }), 'OktaToken', { region: 'eu' }, true],
])('%s', (_, type, secretType, metadata, hasAdministrator) => {
  const facts = type._bind(stack);
  expect([facts.type, facts.metadata, facts.adminSecret])
    .toEqual([secretType, metadata, hasAdministrator ? adminSecret : undefined]);
});

test('tokens pass', () => {
  const version = new CfnParameter(stack, 'Version').valueAsString;
  expect(Type.salesforceClientSecret(version)._bind(stack).metadata).toEqual({ apiVersion: version });
});

describe('the list of partners in the guide', () => {
  const page = readFileSync(path.resolve(__dirname, '../../docs/rotation/custom-and-managed.md'), 'utf8');
  const listed = [...page.matchAll(/^\| [^|]+ \| `(\w+)` \| (?:`(\w+)\(\)` )?\|$/gm)]
    .map(([, type, factory]) => ({ type, factory: factory as string | undefined }));
  const make = (factory: string, ...options: unknown[]) =>
    (Type as unknown as Record<string, (...given: unknown[]) => Type>)[factory](...options)._bind(stack).type;

  test('names each factory, and the day on which it was compared with the list of AWS', () => {
    const factories = Object.getOwnPropertyNames(Type)
      .filter((name) => typeof Reflect.get(Type, name) === 'function' && name !== 'of');
    expect(factories.length).toBeGreaterThan(16);
    expect(listed.flatMap(({ factory }) => factory ?? []).sort()).toEqual(factories.sort());
    expect(page).toMatch(/as of\n\d{4}-\d\d-\d\d; those without a factory/);
  });

  test.each(listed)('$type is what its factory makes, or any type', ({ type, factory }) => {
    const first: Record<string, unknown> = {
      salesforceClientSecret: 'v65.0',
      datadogApiKey: adminSecret,
      datadogApplicationKey: adminSecret,
      mongoDbAtlasDatabaseUser: adminSecret,
    };
    expect(factory === undefined ? make('of', type) : make(factory, first[factory])).toBe(type);
  });
});

const DOCUMENTED = 'give what the partner documents';
const bind = (type: Type) => (scope: Stack) => new HardenedSecret(scope, 'Secret', { rotation: Rotation.managedExternal(type) });
const days = (lifetime: Duration) => bind(Type.gitLabAccessToken({ lifetime }));
const LIFETIME = {
  property: 'ManagedExternalSecretType.gitLabAccessToken(lifetime)',
  allowed: '1 to 365 whole days',
  remedy: DOCUMENTED,
};
const VERSION = {
  property: 'ManagedExternalSecretType.salesforceClientSecret(apiVersion)',
  allowed: 'a version of the form v65.0',
  remedy: DOCUMENTED,
};
const METADATA = { property: 'ManagedExternalSecretType.of(metadata)', remedy: 'give the metadata that the partner asks for' };

testRefused(15, [
  { name: 'no time', act: days(Duration.days(0)), got: '"0 days"', ...LIFETIME },
  { name: 'more than a year', act: days(Duration.days(366)), got: '"366 days"', ...LIFETIME },
  { name: 'half a day', act: days(Duration.hours(12)), got: '"12 hours"', ...LIFETIME },
  {
    name: 'a time that is not known',
    act: days(Duration.days(Lazy.number({ produce: () => 1 }))),
    got: '"a token"',
    ...LIFETIME,
  },
  {
    name: 'a token of Databricks for more than two years',
    act: bind(Type.databricksPat({ lifetime: Duration.days(731) })),
    property: 'ManagedExternalSecretType.databricksPat(lifetime)',
    got: '"731 days"',
    allowed: '1 to 730 whole days',
    remedy: DOCUMENTED,
  },
  {
    name: 'a token of Snowflake for ever',
    act: bind(Type.snowflakePat({ lifetime: Duration.days(1000) })),
    property: 'ManagedExternalSecretType.snowflakePat(lifetime)',
    got: '"1000 days"',
    allowed: '1 to 365 whole days',
    remedy: DOCUMENTED,
  },
  {
    name: 'a former token of Snowflake for longer than a month',
    act: bind(Type.snowflakePat({ formerTokenLifetime: Duration.hours(721) })),
    property: 'ManagedExternalSecretType.snowflakePat(formerTokenLifetime)',
    got: '"30 days 1 hour"',
    allowed: '0 to 720 whole hours',
    remedy: DOCUMENTED,
  },
  {
    name: 'a former key of Paddle for two days',
    act: bind(Type.paddleApiKey({ formerKeyLifetime: Duration.days(2) })),
    property: 'ManagedExternalSecretType.paddleApiKey(formerKeyLifetime)',
    got: '"2 days"',
    allowed: '0 to 86400 whole seconds',
    remedy: DOCUMENTED,
  },
  { name: 'an old version of Salesforce', act: bind(Type.salesforceClientSecret('v64.0')), got: '"v64.0"', ...VERSION },
  { name: 'a version without its letter', act: bind(Type.salesforceClientSecret('65.0')), got: '"65.0"', ...VERSION },
  {
    name: 'a version of Atlas that is no date',
    act: bind(Type.mongoDbAtlasDatabaseUser(adminSecret, { apiVersion: 'v2' })),
    property: 'ManagedExternalSecretType.mongoDbAtlasDatabaseUser(apiVersion)',
    got: '"v2"',
    allowed: 'a date of the form 2025-03-12',
    remedy: DOCUMENTED,
  },
  {
    name: 'another version of Atlas that is no date',
    act: bind(Type.mongoDbAtlasServiceAccount({ apiVersion: '' })),
    property: 'ManagedExternalSecretType.mongoDbAtlasServiceAccount(apiVersion)',
    got: '""',
    allowed: 'a date of the form 2025-03-12',
    remedy: DOCUMENTED,
  },
  ...['', 'Sales force'].map((type) => ({
    name: `the type '${type}'`,
    act: bind(Type.of(type)),
    property: 'ManagedExternalSecretType.of(secretType)',
    got: JSON.stringify(type),
    allowed: 'a type such as SalesforceClientSecret',
    remedy: 'take the type from the list of partners',
  })),
  {
    name: 'a key without a name',
    act: bind(Type.of('X', { metadata: { '': 'x' } })),
    got: '""',
    allowed: 'keys of 1 to 256 characters',
    ...METADATA,
  },
  {
    name: 'a value without text',
    act: bind(Type.of('X', { metadata: { x: '' } })),
    got: '""',
    allowed: 'values of 1 to 2,048 characters',
    ...METADATA,
  },
]);
