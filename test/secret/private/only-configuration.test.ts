import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy, CfnRotationSchedule, ResourcePolicy, RotationSchedule, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Fn, Stack } from 'aws-cdk-lib/core';
import { DatabaseTarget, GuardRail, HardenedSecret, Rotation, SecretContent, SecretHardening } from '../../../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from '../../support/scenario';

function setup() {
  const app = testApp();
  const env = { account: '111111111111', region: 'us-east-1' };
  const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id, { env }));
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
  const secret = new HardenedSecret(stack, 'Creds', {
    secretName: 'creds',
    content: SecretContent.databaseCredentials({ username: 'app', database }),
    rotation: Rotation.alternatingUsers(),
  });
  return { app, stack, other, secret };
}

const denial = new PolicyStatement({ effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['*'], resources: ['*'] });
const document = new PolicyDocument({ statements: [denial] });
const rotator = (stack: Stack) => new LambdaFunction(stack, 'Rotator', {
  code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X,
});

type Parts = ReturnType<typeof setup>;

describe('another resource policy', () => {
  const message = (path: string) => `[Stack/Creds] the secret has another resource policy at '${path}', and Secrets Manager keeps `
    + 'one for each secret; add its statements with addToResourcePolicy() of the secret, and take that policy away';
  const cfn = (secretId: (parts: Parts) => string) => (parts: Parts) =>
    void new CfnResourcePolicy(parts.other, 'Mine', { secretId: secretId(parts), resourcePolicy: document.toJSON() });

  test.each<[string, (parts: Parts) => void]>([
    ['by the L2', ({ other, secret }) => {
      new ResourcePolicy(other, 'Mine', { secret: secret.secret }).document.addStatements(denial);
    }],
    ['by the attachment', cfn(({ secret }) => secret.secretArn)],
    ['by the secret itself', cfn(({ secret }) => (secret.secret.node.scope as Secret).secretArn)],
    ['by its name', cfn(() => 'creds')],
    ['by an ARN', cfn(() => 'arn:aws:secretsmanager:us-east-1:111111111111:secret:creds-AbCdEf')],
    ['by a secret that is imported by its name', cfn(({ other }) => Secret.fromSecretNameV2(other, 'I', 'creds').secretArn)],
  ])('%s', (_, add) => {
    const parts = setup();
    add(parts);
    expect(messageOf(() => parts.app.synth())).toMatch(/another resource policy at 'Other\/Mine(\/Resource)?'/);
    expect(messageOf(() => parts.app.synth()).replace('/Resource', '')).toContain(message('Other/Mine'));
  });

  test.each<[string, (parts: Parts) => string]>([
    ['of another name', () => 'other'],
    ['of a name that another stack exports', () => Fn.importValue('secret')],
  ])('%s is not the secret\'s', (_, secretId) => {
    const parts = setup();
    cfn(secretId)(parts);
    expect(() => parts.app.synth()).not.toThrow();
  });

  test('is the only one of a secret without guard rails', () => {
    const { app, stack } = setup();
    const secret = new HardenedSecret(stack, 'Plain', { guardRails: [], rotation: Rotation.none('test') });
    new CfnResourcePolicy(stack, 'Mine', { secretId: secret.secretArn, resourcePolicy: document.toJSON() });
    expect(() => app.synth()).not.toThrow();
  });

  test('of a secret that is hardened in place', () => {
    const { app, stack } = setup();
    const secret = new Secret(stack, 'Plain');
    SecretHardening.fromSecret(secret).addGuardRails([GuardRail.tlsOnly()]);
    new CfnResourcePolicy(stack, 'Mine', { secretId: secret.secretArn, resourcePolicy: document.toJSON() });
    expect(messageOf(() => app.synth())).toContain("the secret has another resource policy at 'Stack/Mine'");
  });

  test('of an imported secret that is hardened twice over', () => {
    const { app, stack } = setup();
    const secret = Secret.fromSecretNameV2(stack, 'Imported', 'imported');
    SecretHardening.fromSecret(secret);
    for (const id of ['One', 'Two']) {
      new CfnResourcePolicy(stack, id, { secretId: 'imported', resourcePolicy: document.toJSON() });
    }
    expect(messageOf(() => app.synth())).toContain("another resource policy at 'Stack/Two'");
  });
});

describe('another rotation schedule', () => {
  test.each<[string, (parts: Parts) => void]>([
    ['by the L2', ({ stack, secret }) => {
      new RotationSchedule(stack, 'Mine', { secret: secret.secret, rotationLambda: rotator(stack) });
    }],
    ['by the L1', ({ stack, secret }) => {
      new CfnRotationSchedule(stack, 'Mine', { secretId: secret.secretArn, rotationLambdaArn: rotator(stack).functionArn });
    }],
    ['by the name', ({ stack }) => {
      new CfnRotationSchedule(stack, 'Mine', { secretId: 'creds', rotationLambdaArn: rotator(stack).functionArn });
    }],
  ])('%s', (_, add) => {
    const parts = setup();
    add(parts);
    expect(messageOf(() => parts.app.synth()))
      .toMatch(/the secret has another rotation schedule at 'Stack\/Mine(\/Resource)?', and Secrets Manager keeps one for /);
  });
});

test('one search serves all secrets of a stage', () => {
  const { app, stack } = setup();
  for (let i = 0; i < 20; i++) {
    new HardenedSecret(stack, `S${i}`, { rotation: Rotation.none('test') });
  }
  const search = jest.spyOn(app.node, 'findAll');
  app.synth();
  expect(search.mock.calls.length).toBeLessThan(20);
});
