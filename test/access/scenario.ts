import { EcsFargateContainerDefinition, EcsJobDefinition } from 'aws-cdk-lib/aws-batch';
import { InterfaceVpcEndpoint, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, Size, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  ForwardAccessSessions, GuardRail, HardenedSecret, Rotation, RotationNetwork, SecretAuditTrail, SecretEncryption,
  SecretMonitoring, SecretReplica, SecretsManagerEndpoint, SecretsPlatform,
} from '../../src';
import { testApp } from '../support/scenario';

/** Where the app of the table is deployed: its own Region, and that of the replica. */
export interface Regions {
  readonly region: string;
  readonly replica: string;
}

const ACCOUNT = '111111111111';
const OTHER_ACCOUNT = '222222222222';

/** Every grant, rail, endpoint and service that a policy of the library is about, once. Its stacks are `App`, `Team`, `Other`. */
export function accessScenario({ region, replica }: Regions): App {
  const app = testApp();
  const env = { account: ACCOUNT, region };
  const stack = new Stack(app, 'App', { env });
  const team = new Stack(app, 'Team', { env });
  const other = new Stack(app, 'Other', { env: { account: OTHER_ACCOUNT, region } });
  const platform = addPlatform(stack);

  const orders = new HardenedSecret(stack, 'Orders', {
    platform, secretName: 'orders', rotation: Rotation.regenerate(), replicas: [SecretReplica.inRegion(replica)],
  });
  const manual = Rotation.none('somebody changes it by hand');
  new HardenedSecret(stack, 'Invoices', { platform, secretName: 'invoices', rotation: Rotation.regenerate() });
  orders.grants.read(role(stack, 'Reader'));
  orders.grants.read(role(team, 'Reader'));
  orders.grants.read(role(other, 'Reader', 'other-reader'));
  orders.grants.read(new ArnPrincipal(`arn:${stack.partition}:iam::333333333333:role/partner`));
  orders.grants.write(role(stack, 'Writer'));
  orders.grants.rotate(role(stack, 'Operator'));
  orders.replica(replica).grantRead(role(stack, 'ReplicaReader'));
  // Jobs that read at run time, and jobs that are given the value when they are started.
  orders.delivery.toBatchJobDefinition(jobDefinition(stack, 'Reading'));
  orders.delivery.injectIntoBatchJobDefinition(jobDefinition(stack, 'Injected'));

  // A key whose policy leaves everything to IAM, as that of any key which the AWS CDK makes.
  const plain = new HardenedSecret(stack, 'Plain', {
    platform, encryption: SecretEncryption.key(new Key(stack, 'PlainKey')), rotation: Rotation.regenerate(),
  });
  plain.grants.read(role(stack, 'PlainReader'));
  plain.grants.write(role(stack, 'PlainWriter'));

  // Each rail alone, a reader of all, and a service that is let in by itself.
  const guest = role(stack, 'Guest');
  const service = (action: string) => new PolicyStatement({
    principals: [new ServicePrincipal('appflow.amazonaws.com')], actions: [action], resources: ['*'],
  });
  const vpcEndpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Inside', {
    vpcEndpointId: 'vpce-inside', port: 443,
  });
  const rails = {
    Tls: GuardRail.tlsOnly(),
    Endpoints: GuardRail.vpcEndpoints([vpcEndpoint]),
    EndpointsAlone: GuardRail.vpcEndpoints([vpcEndpoint], {
      forwardAccessSessions: ForwardAccessSessions.DENIED,
      deployers: [new ArnPrincipal(`arn:${stack.partition}:iam::${ACCOUNT}:role/pipeline`)],
    }),
    Readers: GuardRail.onlyReaders([guest]),
    Company: GuardRail.organization('o-abcdefghij'),
  };
  for (const [id, rail] of Object.entries(rails)) {
    const guarded = new HardenedSecret(stack, id, { platform, guardRails: [rail], rotation: manual });
    guarded.grants.read(guest);
    guarded.secret.addToResourcePolicy(service('secretsmanager:GetSecretValue'));
  }

  // A secret of another account that lets in somebody of this one.
  const insider = new ArnPrincipal(`arn:${stack.partition}:iam::${ACCOUNT}:role/insider`);
  const elsewhere = new HardenedSecret(other, 'Elsewhere', { rotation: manual });
  elsewhere.grants.read(insider);
  elsewhere.grants.write(insider);

  const custom = new LambdaFunction(stack, 'Custom', {
    code: Code.fromInline('exports.handler = async () => {};'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
  });
  new HardenedSecret(stack, 'Ticket', { platform, rotation: Rotation.custom({ handler: custom }) });
  const trail = new SecretAuditTrail(stack, 'Trail', { logGroup: new LogGroup(stack, 'TrailLogs') });
  for (const key of [platform.encryptionKey, trail.encryptionKey]) {
    key.addToResourcePolicy(service('kms:CreateGrant'));
  }
  return app;
}

/** Functions in one VPC behind the endpoint for all, and in another behind an endpoint for them alone. */
function addPlatform(stack: Stack): SecretsPlatform {
  const network = (id: string, endpoint: SecretsManagerEndpoint) => RotationNetwork.of({ vpc: isolated(stack, id), endpoint });
  const key = new Key(stack, 'TopicKey');
  const topic = new Topic(stack, 'Alerts', { masterKey: key, enforceSSL: true });
  const secluded = new SecretsPlatform(stack, 'Secluded', {
    defaults: { network: network('SecludedVpc', SecretsManagerEndpoint.forRotationOnly()) },
  });
  new HardenedSecret(stack, 'Seed', { platform: secluded, rotation: Rotation.regenerate() });
  return new SecretsPlatform(stack, 'Platform', {
    defaults: {
      monitoring: SecretMonitoring.rotationFailure({ topic }), network: network('Vpc', SecretsManagerEndpoint.forVpc()),
    },
  });
}

function isolated(stack: Stack, id: string): Vpc {
  return new Vpc(stack, id, {
    maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
  });
}

function role(scope: Construct, id: string, roleName?: string): Role {
  return new Role(scope, id, { roleName, assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
}

function jobDefinition(scope: Construct, id: string): EcsJobDefinition {
  const jobRole = new Role(scope, `${id}JobRole`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  const container = new EcsFargateContainerDefinition(scope, `${id}Container`, {
    image: ContainerImage.fromRegistry('app'), cpu: 1, memory: Size.gibibytes(2), jobRole,
  });
  return new EcsJobDefinition(scope, id, { container });
}
