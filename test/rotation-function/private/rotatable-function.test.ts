import { Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  Alias,
  Code,
  Function as LambdaFunction,
  type FunctionAttributes,
  type FunctionProps,
  type IFunction,
  Runtime,
  SingletonFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type App, Stack, Stage } from 'aws-cdk-lib/core';
import { GuardRail, HardenedSecret, type HardenedSecretProps, Rotation, SecretEncryption, SecretHardening } from '../../../src';
import { testRefused } from '../../support/refused';
import { messageOf, only, testApp } from '../../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const CODE = { code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X };
const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:rotator';

const own = (stack: Stack, props: Partial<FunctionProps> = {}) => new LambdaFunction(stack, 'Rotator', { ...CODE, ...props });
const role = (stack: Stack, id = 'RotatorRole', account = ENV.account, mutable?: boolean) =>
  Role.fromRoleArn(stack, id, `arn:aws:iam::${account}:role/rotator`, { mutable });
const imported = (stack: Stack, attributes: Partial<FunctionAttributes> = {}) =>
  LambdaFunction.fromFunctionAttributes(stack, 'Rotator', {
    functionArn: FUNCTION,
    role: role(stack),
    sameEnvironment: true,
    ...attributes,
  });
const rotate = (stack: Stack, handler: IFunction, props: HardenedSecretProps = {}, id = 'Secret') =>
  new HardenedSecret(stack, id, { rotation: Rotation.custom({ handler }), ...props });

const QUALIFIED = {
  property: 'Rotation.custom(handler)',
  allowed: 'a function, not a version or an alias: whenever one moves, every secret would rotate',
  remedy: 'pass the function itself',
};
const ELSEWHERE = { property: 'Rotation.custom(handler)', remedy: 'define a function there' };

testRefused(6, [
  {
    name: 'a version',
    act: (stack) => rotate(stack, own(stack).currentVersion),
    got: "'Stack/Rotator/CurrentVersion'",
    ...QUALIFIED,
  },
  {
    name: 'an alias',
    act: (stack) => rotate(stack, new Alias(stack, 'Live', { aliasName: 'live', version: own(stack).currentVersion })),
    got: "'Stack/Live'",
    ...QUALIFIED,
  },
  {
    name: 'the latest version',
    act: (stack) => rotate(stack, own(stack).latestVersion),
    got: "'Stack/Rotator/$LATEST'",
    ...QUALIFIED,
  },
  {
    name: 'an imported alias',
    act: (stack) => rotate(stack, imported(stack, { functionArn: `${FUNCTION}:live` })),
    got: "'Stack/Rotator'",
    ...QUALIFIED,
  },
  {
    name: 'a function of another Region',
    act: (stack) => rotate(stack, imported(stack, { functionArn: FUNCTION.replace('us-east-1', 'eu-west-1') })),
    got: '"eu-west-1"',
    allowed: 'a function in the secret\'s own Region, us-east-1',
    ...ELSEWHERE,
  },
  {
    name: 'a function of another account',
    act: (stack) => rotate(stack, imported(stack, { functionArn: FUNCTION.replace(ENV.account, '222222222222') })),
    got: '"222222222222"',
    allowed: 'a function in the secret\'s own account, 111111111111',
    ...ELSEWHERE,
  },
]);

const across = (act: (stack: Stack, other: Stack) => unknown) => (stack: Stack) =>
  act(stack, new Stack(stack.node.root as App, 'Functions', { env: ENV }));
const unnamedRole = (other: Stack) =>
  own(other, {
    functionName: 'rotator',
    role: new Role(other, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
  });
const IMPORT = 'Function.fromFunctionAttributes(scope, id, { functionArn, role, sameEnvironment: true })';

/** What does not fit together; the message says what, and what to do. */
const CONFLICTS: [string, (stack: Stack) => unknown, string, string][] = [
  ['an imported function without its role', (stack) => rotate(stack, LambdaFunction.fromFunctionArn(stack, 'Rotator', FUNCTION)),
    'the role of the rotation function \'Stack/Rotator\' is not known, so it cannot be granted access to the secret', IMPORT],
  [
    'a role that is imported to stay as it is',
    (stack) => rotate(stack, imported(stack, { role: role(stack, 'Fixed', ENV.account, false) })),
    'of the rotation function takes no policy here, so the function cannot be granted access to the secret',
    'where others look after the role, extend Rotation',
  ],
  ['a role that another tool looks after', (stack) => rotate(stack, own(stack, {
    role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }).withoutPolicyUpdates(),
  })), 'of the rotation function takes no policy here', 'where others look after the role, extend Rotation'],
  [
    'a role that Role.customizeRoles() leaves to others',
    (stack) => {
      Role.customizeRoles(stack, { usePrecreatedRoles: { 'Stack/Rotator/ServiceRole': 'given' } });
      rotate(stack, own(stack));
    },
    "the role 'Stack/Rotator/ServiceRole' of the rotation function takes no policy here",
    'where others look after the role, extend Rotation',
  ],
  ['a role of another account', (stack) => rotate(stack, imported(stack, { role: role(stack, 'Foreign', '222222222222') })),
    'of the rotation function takes no policy here', 'use a role of the secret\'s account'],
  [
    'a function of another stage',
    (stack) => rotate(stack, own(new Stack(new Stage(stack.node.root, 'Prod'), 'Functions', { env: ENV }))),
    "the rotation function 'Prod/Functions/Rotator' is in another stage than the secret",
    'define a function in each stage',
  ],
  ['a function of another stack without a name', across((stack, other) => rotate(stack, own(other), { secretName: 'token' })),
    'the rotation function \'Functions/Rotator\' is in another stack than the secret and has no fixed name',
    'give it a `functionName`'],
  [
    'a function that only CloudFormation names',
    across((stack, other) =>
      rotate(stack, new SingletonFunction(other, 'Rotator', { ...CODE, uuid: 'one' }), { secretName: 'token' }),
    ),
    "the rotation function 'Functions/Rotator' is in another stack than the secret and has no fixed name",
    'give it a `functionName`',
  ],
  ['a secret without a name', across((stack, other) => rotate(stack, own(other, { functionName: 'rotator' }))),
    'the rotation function is in another stack than the secret, which has no fixed name', 'give the secret a `secretName`'],
  ['a plain secret without a name', across((stack, other) => SecretHardening.fromSecret(new Secret(stack, 'Secret'))
    .addRotation(Rotation.custom({ handler: own(other, { functionName: 'rotator' }) }))),
  'the rotation function is in another stack than the secret, which has no fixed name', 'give the secret a `secretName`'],
  [
    'a key that would have to name a role without a name',
    across((stack, other) =>
      rotate(stack, unnamedRole(other), {
        secretName: 'token',
        encryption: SecretEncryption.key(new Key(stack, 'Key')),
      }),
    ),
    "the role 'Functions/Role' of the rotation function is in another stack than the secret and has no fixed name",
    'give the role a `roleName`',
  ],
  [
    'rails that would have to name a role without a name',
    across((stack, other) => {
      rotate(stack, unnamedRole(other), {
        secretName: 'token',
        guardRails: [GuardRail.onlyReaders([new ArnPrincipal('arn:aws:iam::111111111111:role/reader')])],
      });
      (stack.node.root as App).synth();
    }),
    "the role 'Functions/Role' of the rotation function is in another stack than the secret and has no fixed name",
    'give the role a `roleName`',
  ],
  ['more secrets than the role\'s policies have room for', (stack) => {
    const handler = own(stack);
    Array.from({ length: 20 }, (_, index) => rotate(stack, handler, {}, `Secret${index}`));
    rotate(stack, handler);
  }, 'the function \'Stack/Rotator\' rotates 20 secrets already', 'define another function with a role of its own'],
];

test.each(CONFLICTS)('%s is refused', (_, act, what, remedy) => {
  const message = messageOf(() => act(new Stack(testApp(), 'Stack', { env: ENV })));
  expect(message).toContain('[Stack/Secret] ');
  const [before, after] = [message.slice(0, message.lastIndexOf('; ')), message.slice(message.lastIndexOf('; '))];
  expect(before).toContain(what);
  expect(after).toContain(remedy);
});

test('an imported function of an account that is not known must be said to be of this one', () => {
  const stack = new Stack(testApp(), 'Stack');
  expect(messageOf(() => rotate(stack, imported(stack, { sameEnvironment: undefined }))))
    .toBe("[Stack/Secret] whether the imported rotation function 'Stack/Rotator' is in the secret's account and Region is not "
      + `known; import it with its role: ${IMPORT}`);
});

test('what twenty secrets with keys of their own need fits into the inline policies of a role', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const handler = own(stack);
  Array.from({ length: 20 }, (_, index) => rotate(stack, handler, {}, `Secret${index}`));
  const { Statement } = only(Template.fromStack(stack), 'AWS::IAM::Policy', 'RotatorSecretRotation').resource.Properties
    .PolicyDocument;
  const secret = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:Secret1A2B3C4D5E6F-AbCdEfGh1234-AbCdEf';
  const key = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const text = JSON.stringify(Statement).replace(/\{"Ref":"Secret[^}]*\}/g, `"${secret}"`)
    .replace(/\{"Fn::GetAtt":\["Secret[^}]*\}/g, `"${key}"`);
  expect(text.split(secret)).toHaveLength(1 + 2 * 20);
  expect(text.split(key)).toHaveLength(1 + 20);
  expect(text.length).toBeLessThan(10_240);
});

describe('what twenty secrets need is in as many policies as have room for it', () => {
  const gov = { account: '111111111111', region: 'us-gov-west-1' };
  const PSEUDO: Record<string, string> = {
    'AWS::Partition': 'aws-us-gov', 'AWS::Region': 'us-gov-west-1', 'AWS::AccountId': '111111111111',
  };
  const valueOf = (reference: string, target: any, length: number): string => {
    if (reference === 'Ref') {
      const secret = (name: string) => `arn:aws-us-gov:secretsmanager:us-gov-west-1:111111111111:secret:${name}-AbCdEf`;
      return PSEUDO[target] ?? secret(length > 0 ? 'n'.repeat(length) : `${target}-AbCdEfGhIjKl`);
    }
    return /Key/.test(target[0]) ? 'arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab'
      : `arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:${'f'.repeat(64)}`;
  };
  const sizesOf = (stack: Stack, type: string, length: number) => Object.values(Template.fromStack(stack).findResources(type))
    .map(({ Properties }) => JSON.stringify(Properties.PolicyDocument, (_, value) => {
      const [reference, target] = Object.entries(typeof value === 'object' ? value ?? {} : {})[0] ?? [];
      return reference === 'Ref' || reference === 'Fn::GetAtt' ? valueOf(reference, target, length) : value as unknown;
    }).replace(/\{"Fn::Join":\["",\[(.*?)\]\]\}/g, (_, parts: string) => `"${parts.replace(/[",]/g, '')}"`).length);

  const cases = [gov, undefined].flatMap((env) => [true, false].flatMap((beside) => [0, 60, 512]
    .filter((length) => length > 0 || beside).map((length) => [env, beside, length] as const)));
  test.each(cases)('in %j, beside the function: %s, names of %i characters', (env, beside, length) => {
    const app = testApp();
    const [home, stack] = ['Function', 'Stack'].map((id) => new Stack(app, id, { env }));
    const handler = new LambdaFunction(beside ? stack : home, 'Rotator', {
      ...CODE,
      functionName: 'f'.repeat(64),
      initialPolicy: [
        new PolicyStatement({ actions: ['sns:Publish'], resources: Array.from({ length: 20 }, (_, i) => `arn:aws:sns:${i}`) }),
      ],
    });
    for (let index = 0; index < 20; index++) {
      rotate(stack, handler, length > 0 ? { secretName: String(index).padStart(length, 'n') } : {}, `Secret${index}`);
    }
    const of = Stack.of(handler);
    const inline = sizesOf(of, 'AWS::IAM::Policy', length).reduce((sum, size) => sum + size, 0);
    expect(inline).toBeLessThanOrEqual(10240);
    expect(inline).toBeGreaterThan(length > 60 ? 7000 : 9000);
    const managed = sizesOf(of, 'AWS::IAM::ManagedPolicy', length);
    expect(Math.max(0, ...managed)).toBeLessThanOrEqual(6144);
    expect(managed.length).toBeLessThanOrEqual(8);
  });
});
