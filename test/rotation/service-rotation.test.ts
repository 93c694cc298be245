import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnDBCluster } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretHardening, SecretMetrics, SecretMonitoring } from '../../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from '../support/scenario';

const OWNED = 'a service rotates the secrets that it makes itself, and this one is made here; let the service make it '
  + '(`manageMasterUserPassword` of a database) '
  + 'and give Rotation.managedByService() to SecretHardening.fromSecret() of that secret, or use another rotation';

function setup() {
  const stack = new Stack(testApp(), 'Stack');
  const cluster = new CfnDBCluster(stack, 'Cluster', {
    engine: 'aurora-postgresql',
    masterUsername: 'postgres',
    manageMasterUserPassword: true,
  });
  const secret = Secret.fromSecretCompleteArn(stack, 'Master', cluster.attrMasterUserSecretSecretArn);
  return { stack, secret, hardening: SecretHardening.fromSecret(secret) };
}

const handlerIn = (stack: Stack) =>
  new LambdaFunction(stack, 'Rotator', { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X });

test('the service does it all: nothing is made, and nothing is warned of', () => {
  const [{ stack: plain }, { stack, hardening }] = [setup(), setup()];
  const warn = jest.spyOn(Annotations.prototype, 'addWarningV2');
  hardening.addRotation(Rotation.managedByService());
  expect(Template.fromStack(stack).toJSON()).toEqual(Template.fromStack(plain).toJSON());
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

test.each(['before', 'after'])('a topic that is given %s the rotation hears of failures', (order) => {
  const { stack, secret, hardening } = setup();
  const monitoring = SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') });
  const steps = [() => hardening.addMonitoring(monitoring), () => hardening.addRotation(Rotation.managedByService())];
  (order === 'before' ? steps : steps.reverse()).forEach((step) => step());
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: Match.objectLike({
      detail: Match.objectLike({
        eventName: Match.arrayWith(['RotationFailed']), additionalEventData: { SecretId: [stack.resolve(secret.secretArn)] },
      }),
    }),
  });
});

test.each([
  ['again', () => Rotation.managedByService()],
  ['by a function', (stack: Stack) => Rotation.custom({ handler: handlerIn(stack) })],
  ['not at all', () => Rotation.none('test')],
])('nothing else rotates it: %s', (_, rotation) => {
  const { stack, hardening } = setup();
  hardening.addRotation(Rotation.managedByService());
  expect(() => hardening.addRotation(rotation(stack)))
    .toThrow('[Stack/Master] the secret has a rotation already, and Secrets Manager keeps one for each secret; '
      + 'leave one of the two out');
});

test.each(['before', 'after'])('a schedule that the AWS CDK attaches %s is refused', (order) => {
  const { stack, secret, hardening } = setup();
  const steps = [
    () => secret.addRotationSchedule('Schedule', { rotationLambda: handlerIn(stack) }),
    () => hardening.addRotation(Rotation.managedByService()),
  ];
  (order === 'before' ? steps : steps.reverse()).forEach((step) => step());
  expect(messageOf(() => Template.fromStack(stack)))
    .toContain("'Stack/Master/Schedule' would rotate a secret that a service rotates, which refuses it; take the schedule away, "
      + 'or Rotation.managedByService()');
});

test('it has no function, and no metrics of one', () => {
  const { secret, hardening } = setup();
  hardening.addRotation(Rotation.managedByService());
  expect(() => SecretMetrics.fromSecret(secret).metricRotationErrors()).toThrow('the secret has no rotation function');
});

test.each<[string, string, (stack: Stack) => unknown]>([
  ['a hardened secret', 'Secret', (stack) => new HardenedSecret(stack, 'Secret', { rotation: Rotation.managedByService() })],
  [
    'a plain secret',
    'Secret',
    (stack) => SecretHardening.fromSecret(new Secret(stack, 'Secret')).addRotation(Rotation.managedByService()),
  ],
  [
    'a secret attached to a database',
    'Secret',
    (stack) =>
      SecretHardening.fromSecret(new Secret(stack, 'Secret').attach(personnelDatabase(stack, isolatedVpc(stack)))).addRotation(
        Rotation.managedByService(),
      ),
  ],
])('%s is no service\'s', (_, id, act) => {
  expect(messageOf(() => act(new Stack(testApp(), 'Stack')))).toBe(`[Stack/${id}] ${OWNED}`);
});
