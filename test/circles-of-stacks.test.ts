import { InterfaceVpcEndpointAwsService } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnOutput, NestedStack, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  DatabaseTarget, GuardRail, HardenedSecret, type HardenedSecretProps, Rotation, SecretContent, SecretEncryption, SecretHardening,
  SecretMonitoring, SecretsPlatform,
} from '../src';
import { circlesIn } from './support/circles';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from './support/scenario';

/** Makes a secret in the second stack, which needs something of the first; `name` is what would end the circle. */
type Make = (first: Stack, second: Stack, name: HardenedSecretProps) => HardenedSecret;

const reader = (scope: Construct) => new Role(scope, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
const userOf = (scope: Construct, database: DatabaseTarget, props: HardenedSecretProps = {}) =>
  new HardenedSecret(scope, 'User', {
    content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers(), ...props,
  });
const tokenOf = (scope: Construct, props: HardenedSecretProps) =>
  new HardenedSecret(scope, 'Token', { rotation: Rotation.regenerate(), ...props });

const NEEDS: [string, Make][] = [
  ['the database of its user', (first, second, name) =>
    userOf(second, DatabaseTarget.fromRdsInstance(personnelDatabase(first, isolatedVpc(first))), name)],
  ['the database that it is attached to', (first, second, name) =>
    userOf(second, DatabaseTarget.fromRdsInstance(personnelDatabase(first, isolatedVpc(first))), {
      ...name, rotation: Rotation.none('test'),
    })],
  ['the VPC of its database', (first, second, name) =>
    userOf(second, DatabaseTarget.fromRdsInstance(personnelDatabase(second, isolatedVpc(first))), name)],
  ['the admin secret of its database', (first, second, name) => {
    const admin = new HardenedSecret(first, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(second, isolatedVpc(second), admin.secret));
    admin.addRotation(Rotation.singleUser({ database }));
    return userOf(second, database, name);
  }],
  ['its key', (first, second, name) =>
    tokenOf(second, { ...name, encryption: SecretEncryption.key(new Key(first, 'Key', { enableKeyRotation: true })) })],
  ['its topic', (first, second, name) =>
    tokenOf(second, { ...name, monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(first, 'Topic') }) })],
  ['an endpoint of its guard rail', (first, second, name) => {
    const service = InterfaceVpcEndpointAwsService.SECRETS_MANAGER;
    const endpoint = isolatedVpc(first).addInterfaceEndpoint('Endpoint', { service });
    return tokenOf(second, { ...name, guardRails: [GuardRail.vpcEndpoints([endpoint])] });
  }],
];

const stacks = () => {
  const app = testApp();
  return { app, first: new Stack(app, 'First'), second: new Stack(app, 'Second') };
};
const nestedStacks = () => {
  const app = testApp();
  const outer = new Stack(app, 'Outer');
  return { app, first: new NestedStack(outer, 'First'), second: new NestedStack(outer, 'Second') };
};

describe.each(NEEDS)('a reader in the stack of %s', (_, make) => {
  test('is an error that names what the stacks need, and the remedy', () => {
    const { app, first, second } = stacks();
    make(first, second, {}).grants.read(reader(first));
    const message = messageOf(() => app.synth());
    expect(message).toMatch(/^\[[\w/-]+\] it needs '[\w/]+' of the stack '\w+', which needs '[\w/]+' of the stack '\w+'/);
    expect(message).toMatch(/ in turn; (make|define|give)/);
  });

  test('is an error among nested stacks too', () => {
    const { app, first, second } = nestedStacks();
    const secret = make(first, second, {});
    secret.grants.read(reader(first));
    expect(messageOf(() => app.synth())).toContain(`[${secret.node.path}] its nested stack 'Outer/Second' waits for `
      + "itself, by way of 'Outer/First'; give the secret a `secretName`, by which grants let in readers of other "
      + 'stacks, and refer to it by that name, or define it in the stack of what it needs');
  });

  test.each([stacks, nestedStacks])('works where the secret has a name (%o)', (placement) => {
    const { app, first, second } = placement();
    make(first, second, { secretName: 'team/secret' }).grants.read(reader(first));
    expect(circlesIn(app.synth())).toEqual([]);
  });

  test('works in the stack of what it needs', () => {
    const { app, first } = stacks();
    make(first, first, {}).grants.read(reader(first));
    expect(circlesIn(app.synth())).toEqual([]);
  });
});

test('a reader that knows the secret by its ARN only is told of the name that would end the circle', () => {
  const { app, first, second } = stacks();
  const secret = tokenOf(second, { monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(first, 'Topic') }) });
  secret.grants.read(reader(first));
  expect(messageOf(() => app.synth())).toMatch(/give the secret a `secretName`|make the topic in the stack of the platform/);
});

test('a circle in which no need is ours is left to the AWS CDK, which names the resources', () => {
  const { app, first, second } = stacks();
  const secret = tokenOf(second, { secretName: 'team/secret' });
  new CfnOutput(first, 'Arn', { value: secret.secretArn });
  new CfnOutput(second, 'Topic', { value: new Topic(first, 'Topic').topicArn });
  expect(messageOf(() => app.synth())).toMatch(/cyclic reference/);
});

test('the order that an app gives its stacks counts, and so do others between them', () => {
  const { app, first, second } = stacks();
  const third = new Stack(app, 'Third');
  second.addDependency(third);
  third.addDependency(first);
  tokenOf(second, {}).grants.read(reader(first));
  expect(messageOf(() => app.synth())).toBe("[First/Reader] it needs 'Second/Token/Default' of the stack 'Second', which needs "
    + "'Third' of the stack 'Third', which needs this one in turn; give the secret a `secretName`, by which grants let in "
    + 'readers of other stacks, or define it in the stack of what it needs');
});

test('what does not come back is no circle', () => {
  const { app, first, second } = stacks();
  const [third, fourth] = ['Third', 'Fourth'].map((id) => new Stack(app, id));
  third.addDependency(fourth);
  const secret = tokenOf(first, {});
  first.addDependency(third);
  first.addDependency(fourth);
  secret.grants.read(reader(second));
  expect(circlesIn(app.synth())).toEqual([]);
});

test('what is imported is in no stack', () => {
  const { app, first, second } = stacks();
  const topic = Topic.fromTopicArn(first, 'Topic', 'arn:aws:sns:us-east-1:111111111111:topic');
  const key = Key.fromKeyArn(first, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab');
  tokenOf(second, { monitoring: SecretMonitoring.rotationFailure({ topic }), encryption: SecretEncryption.key(key) })
    .grants.read(reader(first));
  expect(circlesIn(app.synth())).toEqual([]);
});

test('a platform of a third stack that refers to the secret comes after it', () => {
  const { app, first, second } = stacks();
  const platform = new SecretsPlatform(first, 'Platform', { platformName: 'team' });
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(second, isolatedVpc(second)));
  const secret = userOf(second, database, { platform, encryption: SecretEncryption.ownKey() });
  secret.grants.read(reader(first));
  expect(circlesIn(app.synth())).toEqual([]);
});

test('a plain secret that is hardened is judged as well', () => {
  const { app, first, second } = nestedStacks();
  const secret = new Secret(second, 'Token', { description: reader(first).roleArn });
  SecretHardening.fromSecret(secret).addGuardRails([GuardRail.tlsOnly()]);
  secret.grantRead(first.node.findChild('Reader') as Role);
  expect(messageOf(() => app.synth())).toContain("[Outer/Second/Token] its nested stack 'Outer/Second' waits for itself");
});
