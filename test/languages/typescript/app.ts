import { join } from 'node:path';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, type IFunction, Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import {
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  type RotationBindOptions,
  type RotationConfig,
  RotationNetwork,
  RotationTiming,
  SecretContent,
  SecretGenerator,
  SecretMonitoring,
  SecretReplica,
  SecretsPlatform,
} from 'cdk-secretsmanager-patterns';
import type { Construct } from 'constructs';

const env = { account: '111111111111', region: 'us-east-1' };

/** A rotation of our own: a partner's keys, each quarter. */
class PartnerRotation extends Rotation {
  constructor(private readonly rotator: IFunction) {
    super();
  }

  bind(_scope: Construct, options: RotationBindOptions): RotationConfig {
    options.secret.grantWrite(this.rotator);
    return { rotationFunction: this.rotator, timing: RotationTiming.every(Duration.days(90)) };
  }
}

/** The same in every language: a platform, three kinds of secrets, replicas and a reader. */
function orders(app: App): void {
  const stack = new Stack(app, 'Orders', { env });
  const vpc = new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways: 0,
    subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
  const isolated = { subnetType: SubnetType.PRIVATE_ISOLATED };
  const platform = new SecretsPlatform(stack, 'Secrets', {
    platformName: 'orders',
    defaults: {
      network: RotationNetwork.of({ vpc, vpcSubnets: isolated }),
      monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'RotationFailures') }),
    },
  });
  const admin = new HardenedSecret(stack, 'Admin', {
    platform, content: SecretContent.databaseCredentials({ username: 'orders_admin' }),
  });
  const database = new DatabaseInstance(stack, 'Database', {
    vpc,
    vpcSubnets: isolated,
    engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
    credentials: Credentials.fromSecret(admin.secret, 'orders_admin'),
  });
  const target = DatabaseTarget.fromRdsInstance(database);
  admin.addRotation(Rotation.singleUser({ database: target }));
  const login = new HardenedSecret(stack, 'Login', {
    platform,
    secretName: 'orders/login',
    content: SecretContent.databaseCredentials({ username: 'orders', database: target }),
    rotation: Rotation.alternatingUsers({ createWithRoles: ['pg_read_all_data'] }),
    replicas: [SecretReplica.inRegion('eu-west-1')],
  });
  new HardenedSecret(stack, 'Token', {
    platform,
    rotation: Rotation.regenerate({ generator: SecretGenerator.apiToken({ prefix: 'acme_' }) }),
  });
  const rotator = new LambdaFunction(stack, 'Rotator', {
    code: Code.fromAsset(join(process.env.ASSETS!, 'rotator')),
    handler: 'index.handler',
    runtime: new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
  });
  new HardenedSecret(stack, 'PartnerKey', {
    platform,
    content: SecretContent.placeholder(),
    rotation: new PartnerRotation(rotator),
  });
  login.grants.read(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
}

/** What somebody may write by mistake, and the language's compiler lets through. */
const MISTAKES: Record<string, (stack: Stack) => unknown> = {
  name: (stack) => new HardenedSecret(stack, 'Secret', { secretName: 'what is this?', rotation: Rotation.regenerate() }),
  replica: (stack) => new HardenedSecret(stack, 'Secret', {
    rotation: Rotation.regenerate(), replicas: [SecretReplica.inRegion('us-east-1')],
  }),
  reason: (stack) => new HardenedSecret(stack, 'Secret', { rotation: Rotation.none(' ') }),
  timing: (stack) => new HardenedSecret(stack, 'Secret', {
    rotation: Rotation.regenerate({ timing: RotationTiming.every(Duration.minutes(5)) }),
  }),
  twice: (stack) => ['First', 'Second'].map((id) =>
    new HardenedSecret(stack, id, { secretName: 'same', rotation: Rotation.regenerate() })),
};

function messageOf(mistake: (stack: Stack) => unknown): string {
  try {
    // Else Node.js would synthesise it at its end, over the other one.
    mistake(new Stack(new App({ autoSynth: false }), 'Orders', { env }));
    return 'nothing was refused';
  } catch (error) {
    return (error as Error).message;
  }
}

const app = new App();
orders(app);
app.synth();
Object.entries(MISTAKES).forEach(([name, mistake]) => console.log(`${name}\t${messageOf(mistake).replaceAll('\n', ' ')}`));
