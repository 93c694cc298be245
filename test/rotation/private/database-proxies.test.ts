import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDBProxy, type DatabaseInstance, DatabaseProxy, ProxyTarget } from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Lazy, Stack } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent } from '../../../src';
import { messageOf, personnelDatabase, testApp } from '../../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const CURRENT_ALONE = 'which signs in with the secret: it knows AWSCURRENT alone, and turns away the other user while clients '
  + 'still hold it; '
  + 'use Rotation.singleUser() or Rotation.singleUserWithSuperuser(), or give the proxy a user and a secret of its own';

let app: App;
let stack: Stack;
let vpc: Vpc;
let database: DatabaseInstance;
beforeEach(() => {
  app = testApp();
  stack = new Stack(app, 'Stack', { env: ENV });
  vpc = new Vpc(stack, 'Vpc', { natGateways: 0, availabilityZones: ['us-east-1a', 'us-east-1b'] });
  database = personnelDatabase(stack, vpc);
});

const userOf = (rotation: Rotation, target = DatabaseTarget.fromRdsInstance(database)): HardenedSecret =>
  new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database: target }),
    rotation,
  });
const proxyOf = (secret: ISecret, more: { role?: Role } = {}): DatabaseProxy =>
  new DatabaseProxy(stack, 'Proxy', { proxyTarget: ProxyTarget.fromInstance(database), secrets: [secret], vpc, ...more });
const resourceOf = (auth: CfnDBProxy['auth'], scope = stack): CfnDBProxy =>
  new CfnDBProxy(scope, 'Raw', {
    auth,
    dbProxyName: 'raw',
    engineFamily: 'POSTGRESQL',
    roleArn: 'arn:aws:iam::111111111111:role/proxy',
    vpcSubnetIds: ['subnet-1'],
  });
const synthesis = (): string => messageOf(() => app.synth());

test('alternating users behind a proxy are refused, and what to use instead is named', () => {
  proxyOf(userOf(Rotation.alternatingUsers()).secret);
  expect(synthesis()).toContain(
    `[Stack/Creds] Rotation.alternatingUsers() does not work with the Amazon RDS Proxy 'Stack/Proxy/Resource', ${CURRENT_ALONE}`,
  );
});

test.each<[string, (secret: HardenedSecret) => unknown]>([
  [
    'with a role of its own',
    ({ secret }) => proxyOf(secret, { role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('rds.amazonaws.com') }) }),
  ],
  ['in another stack', ({ secretArn }) => resourceOf([{ secretArn }], new Stack(app, 'Other', { env: ENV }))],
  ['that is given the secret without its attachment', ({ secret }) => proxyOf(secret.node.scope as unknown as ISecret)],
  ['that is a resource alone', ({ secretArn }) => resourceOf([{ iamAuth: 'REQUIRED' }, { secretArn }])],
])('behind a proxy %s as well', (_, make) => {
  make(userOf(Rotation.alternatingUsers()));
  expect(synthesis()).toContain(CURRENT_ALONE);
});

test('with MySQL, two passwords are named too', () => {
  const target = DatabaseTarget.of({
    engine: DatabaseEngine.MYSQL,
    host: 'db.example.com',
    superuser: new Secret(stack, 'Superuser'),
  });
  proxyOf(userOf(Rotation.alternatingUsers(), target).secret);
  expect(synthesis())
    .toContain('use Rotation.singleUser() or Rotation.singleUserWithSuperuser() or Rotation.dualPassword(), or give');
});

test('one user behind a proxy rotates', () => {
  proxyOf(userOf(Rotation.singleUserWithSuperuser()).secret);
  expect(synthesis()).toBe('');
});

test('alternating users beside a proxy rotate, whose secret is another one or not known', () => {
  userOf(Rotation.alternatingUsers());
  proxyOf(new Secret(stack, 'Reporting'));
  resourceOf(Lazy.any({ produce: () => [] }));
  expect(synthesis()).toBe('');
});

test('the app is searched as often for three secrets as for one', () => {
  const searchesFor = (secrets: number): number => {
    const other = testApp();
    const target = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host: 'db.example.com',
      superuser: new Secret(new Stack(other, 'Superuser'), 'Superuser'),
    });
    const inIt = new Stack(other, 'Stack');
    for (let index = 0; index < secrets; index++) {
      new HardenedSecret(inIt, `Creds${index}`, {
        content: SecretContent.databaseCredentials({ username: `app${index}`, database: target }),
        rotation: Rotation.alternatingUsers(),
      });
    }
    const search = jest.spyOn(other.node, 'findAll');
    other.synth();
    return search.mock.calls.length;
  };
  expect(searchesFor(3)).toBe(searchesFor(1));
});
