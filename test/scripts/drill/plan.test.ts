import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { DatabaseInstanceEngine, MysqlEngineVersion } from 'aws-cdk-lib/aws-rds';
import { CfnRotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, CfnResource, Stack } from 'aws-cdk-lib/core';
import { addOrders, addOwnServer, database, ENVIRONMENT, POSTGRES, synthesised } from './small-app';
import { type DrillPlan, planDrill } from '../../../scripts/drill/plan';
import { readCloudAssembly, type SynthesisedStack } from '../../../scripts/local-deployment/cloud-assembly';
import { DatabaseEngine, DatabaseTarget, HardenedSecret, Rotation, SecretContent, SecretsPlatform } from '../../../src';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-plan-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function planOf(fill: (stack: Stack, app: App) => void): { plan: DrillPlan; stacks: SynthesisedStack[] } {
  const stacks = readCloudAssembly(synthesised(folder, fill));
  return { plan: planDrill(stacks), stacks };
}

/** What is deployed, by type: how many of each. */
function deployedTypes({ plan, stacks }: { plan: DrillPlan; stacks: SynthesisedStack[] }): Record<string, number> {
  const types = stacks.flatMap((stack) =>
    Object.entries(stack.resources).filter(([logicalId]) => plan.includes(stack, logicalId)).map(([, { Type }]) => Type),
  );
  return types.reduce<Record<string, number>>((counts, type) => ({ ...counts, [type]: (counts[type] ?? 0) + 1 }), {});
}

test('drills a user of a database of the app, by its construct, and deploys what that needs and nothing else', () => {
  const planned = planOf((stack) => {
    addOrders(stack);
    new HardenedSecret(stack, 'Other');
  });
  expect(planned.plan.drilled).toEqual([expect.objectContaining({
    name: 'Shop/Orders',
    stackName: 'Shop',
    engine: 'postgres',
    server: 'postgresql',
    strategy: 'single',
    binding: expect.objectContaining({ username: 'orders', createWithRoles: [] }),
  })]);
  expect(planned.plan.notDrilled).toEqual([]);
  expect(deployedTypes(planned)).toEqual({
    'AWS::SecretsManager::Secret': 2,
    'AWS::SecretsManager::SecretTargetAttachment': 2,
    'AWS::RDS::DBInstance': 1,
    'AWS::Lambda::Function': 1,
    'AWS::SecretsManager::RotationSchedule': 1,
  });
});

test('drills users of servers that the app knows by an address, whosever it is', () => {
  const { plan } = planOf((stack) => {
    addOwnServer(stack, 'Stock', DatabaseEngine.MARIADB, Rotation.alternatingUsers());
    addOwnServer(stack, 'Carts', DatabaseEngine.VALKEY, Rotation.dualPassword());
    const server = new CfnResource(stack, 'Server', { type: 'AWS::EC2::Instance' });
    const host = server.getAtt('PrivateDnsName').toString();
    const bills = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host, targetName: 'bills' });
    const rotation = Rotation.singleUser({ database: bills });
    new HardenedSecret(stack, 'Bills', { content: SecretContent.unmanaged(), rotation });
  });
  expect(plan.drilled.map(({ name, server, strategy }) => [name, server, strategy])).toEqual([
    ['Shop/Stock', 'mariadb', 'alternating'], ['Shop/Carts', 'redis', 'dualPassword'], ['Shop/Bills', 'postgresql', 'own'],
  ]);
});

test('finds what is in other stacks: the database by its export, the function and the superuser by their names', () => {
  const planned = planOf((stack, app) => {
    const data = new Stack(app, 'Data', { env: ENVIRONMENT });
    const instance = database(data, 'OrdersDatabase', POSTGRES);
    const platform = new SecretsPlatform(stack, 'Platform');
    const users = new Stack(app, 'Users', { env: ENVIRONMENT });
    new HardenedSecret(users, 'Orders', {
      platform,
      secretName: 'orders',
      content: SecretContent.databaseCredentials({ username: 'orders', database: DatabaseTarget.fromRdsInstance(instance) }),
      rotation: Rotation.alternatingUsers({ createWithRoles: [] }),
    });
  });
  expect(planned.plan).toMatchObject({ drilled: [{ name: 'Users/Orders', stackName: 'Users' }], notDrilled: [] });
  expect(deployedTypes(planned)).toMatchObject({ 'AWS::SecretsManager::Secret': 2, 'AWS::RDS::DBInstance': 1 });
});

test.each<[string, RegExp, (stack: Stack, app: App) => void]>([
  ['an engine without a server', /^there is no server for mysql here$/, (stack) => {
    const mysql = database(stack, 'Mysql', DatabaseInstanceEngine.mysql({ version: MysqlEngineVersion.VER_8_4_6 }));
    new HardenedSecret(stack, 'User', {
      content: SecretContent.databaseCredentials({ username: 'user', database: DatabaseTarget.fromRdsInstance(mysql) }),
      rotation: Rotation.dualPassword(),
    });
  }],
  ['a generated value', /^nobody signs in to a database with it$/, (stack) => {
    new HardenedSecret(stack, 'Token', { rotation: Rotation.regenerate() });
  }],
  ["a function of the app's own", /^its function is not one of cdk-secretsmanager-patterns/, (stack) => {
    const own = new LambdaFunction(stack, 'Own', {
      code: Code.fromInline('exports.handler = () => {}'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
    });
    new Secret(stack, 'Secret').addRotationSchedule('Schedule', { rotationLambda: own });
  }],
  ['a secret that AWS rotates', /^AWS or a partner rotates it/, (stack) => {
    new CfnRotationSchedule(stack, 'Schedule', { secretId: new Secret(stack, 'Secret').secretArn });
  }],
  ["a superuser's secret of somebody else", /^the secret of its database's superuser is not one of this app$/, (stack) => {
    const superuser = Secret.fromSecretCompleteArn(
      stack, 'Superuser', `arn:aws:secretsmanager:us-east-1:${ENVIRONMENT.account}:secret:superuser-AbCdEf`,
    );
    const target = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', superuser });
    new HardenedSecret(stack, 'User', {
      content: SecretContent.databaseCredentials({ username: 'user', database: target }), rotation: Rotation.alternatingUsers(),
    });
  }],
])('names what is not drilled, and why: %s', (_, reason, fill) => {
  const { plan } = planOf(fill);
  expect(plan.drilled).toEqual([]);
  expect(plan.notDrilled).toEqual([{ name: expect.stringMatching(/^Shop\//), reason: expect.stringMatching(reason) }]);
});
