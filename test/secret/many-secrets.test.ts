import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ArnPrincipal, Group, type IGrantable, type IPrincipal, ManagedPolicy, PolicyStatement, PrincipalPolicyFragment, Role,
  ServicePrincipal, User,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Aspects, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { HardenedSecret, type HardenedSecretProps, Rotation, SecretEncryption, SecretGrants, SecretsPlatform } from '../../src';
import { attachedPolicies, type DeployedPolicy } from '../support/attached-policies';

const env = { account: '111111111111', region: 'ap-southeast-1' };
const CONTEXT = 'kms:EncryptionContext:SecretARN';
const READ = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];

/** As `cdk init` sets the flags, or as an older app has them. */
function newApp(minimizePolicies = true): App {
  return new App({
    context: { '@aws-cdk/core:disableResourceLimit': true },
    postCliContext: { 'aws:cdk:disable-asset-staging': true, '@aws-cdk/aws-iam:minimizePolicies': minimizePolicies },
  });
}

const aFunction = (scope: Stack) => new LambdaFunction(scope, 'Reader', {
  runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('x'),
});
const aRole = (scope: Stack, id = 'Reader') => new Role(scope, id, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
const importedRole = (scope: Stack) => Role.fromRoleName(scope, 'Reader', 'existing');

/** Secrets that one principal reads. */
interface Scenario {
  readonly make: (scope: Stack) => IGrantable;
  readonly elsewhere?: boolean;
  readonly isNamed?: boolean;
  readonly hasOwnKeys?: boolean;
  readonly minimizePolicies?: boolean;
  readonly secrets?: number;
  readonly anywhere?: boolean;
  readonly besides?: (reader: IGrantable) => void;
}

function manySecrets(scenario: Scenario) {
  const app = newApp(scenario.minimizePolicies);
  const place = scenario.anywhere ? {} : { env };
  const stack = new Stack(app, 'Stack', place);
  const home = scenario.elsewhere ? new Stack(app, 'Elsewhere', place) : stack;
  const reader = scenario.make(home);
  scenario.besides?.(reader);
  const platform = scenario.hasOwnKeys ? undefined : new SecretsPlatform(stack, 'Platform', { platformName: 'many' });
  for (let i = 0; i < (scenario.secrets ?? 100); i += 1) {
    const secretName = scenario.isNamed ?? true ? `team/service/secret-${i}` : undefined;
    new HardenedSecret(stack, `Secret${i}`, { secretName, platform, rotation: Rotation.none('test') }).grants.read(reader);
  }
  return { policies: attachedPolicies(Template.fromStack(home), ...home === stack ? [] : [Template.fromStack(stack)]) };
}

const sum = (sizes: number[]) => sizes.reduce((one, other) => one + other, 0);
const list = (value: string | string[]) => [value].flat();

/** What is read, and what is decrypted, in the order of the policies. */
function secretsOf(policies: DeployedPolicy[]) {
  const statements = policies.flatMap((policy) => policy.statements);
  const reads = statements.filter(({ Action }) => list(Action).join() === READ.join());
  const decrypts = statements.filter(({ Action }) => Action === 'kms:Decrypt');
  return {
    read: reads.flatMap(({ Resource }) => list(Resource)),
    decrypted: decrypts.flatMap(({ Condition }) => list(Condition!.StringLike[CONTEXT])),
  };
}

describe.each([
  ['a function in the same stack', { make: aFunction }, 10240],
  ['a function in the same stack, of secrets without names', { make: aFunction, isNamed: false }, 10240],
  ['a function in another stack', { make: aFunction, elsewhere: true }, 10240],
  ['a role that is imported by name', { make: importedRole }, 10240],
  ['a role that another stack imports by name', { make: importedRole, elsewhere: true }, 10240],
  ['a user', { make: (scope) => new User(scope, 'Reader') }, 2048],
  ['a group', { make: (scope) => new Group(scope, 'Reader') }, 5120],
] as [string, Scenario, number][])('100 secrets for %s', (_, scenario, inlineQuota) => {
  test.each([
    ['one shared key, in four managed policies', {}, 4],
    ['one shared key, where the app does not minimize policies', { minimizePolicies: false }, 4],
    ['keys of their own, in nine managed policies, which leaves one', { hasOwnKeys: true }, 9],
  ] as [string, Partial<Scenario>, number][])('fit into the quotas of IAM with %s', (__, more, managed) => {
    const { policies } = manySecrets({ ...scenario, ...more });
    const [inline, attached] = [false, true].map((isManaged) => policies.filter((policy) => policy.isManaged === isManaged));
    expect(sum(inline.map(({ size }) => size))).toBeLessThanOrEqual(inlineQuota);
    expect(Math.max(...attached.map(({ size }) => size))).toBeLessThanOrEqual(6144);
    expect(attached.length).toBeLessThanOrEqual(managed);
    const { read, decrypted } = secretsOf(policies);
    expect(new Set(read).size).toBe(100);
    expect(read).toHaveLength(100);
    expect(decrypted.sort()).toEqual(read.sort());
  });
});

test('fit into the quotas where account and Region are not known', () => {
  const { policies } = manySecrets({ make: importedRole, elsewhere: true, anywhere: true });
  expect(policies.map(({ size, isManaged }) => size <= (isManaged ? 6144 : 10240))).not.toContain(false);
  expect(policies.length).toBeLessThanOrEqual(5);
});

test.each([20, 28, 32, 36, 40])('fit beside %d other statements of a role, which the AWS CDK divides', (count) => {
  const others = (reader: IGrantable) => Array.from({ length: count }, (_, i) => reader.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: [`s3:GetObject${i}`], resources: [`arn:aws:s3:::${'a'.repeat(150)}${i}`] })));
  const { policies } = manySecrets({ make: aFunction, besides: others });
  expect(policies.filter(({ isManaged }) => !isManaged).map(({ size }) => size <= 10240)).toEqual([true]);
  expect(policies.map(({ size, isManaged }) => !isManaged || size <= 6144)).not.toContain(false);
  expect(secretsOf(policies).read).toHaveLength(100);
});

test('stay in the policies that they are in as more are added', () => {
  const [before, after] = [60, 100].map((secrets) => manySecrets({ make: importedRole, secrets }).policies);
  const idsOf = (policies: DeployedPolicy[]) => policies.map(({ id }) => id);
  expect(before.length).toBeGreaterThan(1);
  expect(idsOf(after)).toEqual(expect.arrayContaining(idsOf(before)));
  for (const { id, statements } of before) {
    const grown = after.find((policy) => policy.id === id)!;
    const [was, is] = [statements, grown.statements].map((some) => secretsOf([{ ...grown, statements: some }]).read);
    expect(is).toEqual(expect.arrayContaining(was));
  }
});

describe('grants on several secrets', () => {
  let stack: Stack;
  let platform: SecretsPlatform;
  beforeEach(() => {
    stack = new Stack(newApp(), 'Stack', { env });
    platform = new SecretsPlatform(stack, 'Platform', { platformName: 'many' });
  });
  const secret = (name: string, props: HardenedSecretProps = {}) =>
    new HardenedSecret(stack, name, { secretName: name, platform, rotation: Rotation.none('test'), ...props });
  const statementsOf = () => attachedPolicies(Template.fromStack(stack)).flatMap(({ statements }) => statements);

  test('are one statement for a permission and one for a key and what is done with it', () => {
    const reader = aRole(stack);
    const [one, two, three] = ['one', 'two', 'three'].map((name) => secret(name));
    const own = secret('own', { encryption: SecretEncryption.ownKey() });
    [one, two, three, own].forEach(({ grants }) => grants.read(reader));
    [one, two].forEach(({ grants }) => grants.write(reader));
    expect(statementsOf().map(({ Action, Resource, Condition }) =>
      [list(Action).at(-1), list(Resource).length, list(Condition?.StringLike[CONTEXT] ?? []).length])).toEqual([
      ['secretsmanager:GetSecretValue', 4, 0], ['kms:Decrypt', 1, 3], ['kms:Decrypt', 1, 1],
      ['secretsmanager:UpdateSecretVersionStage', 2, 0], ['kms:GenerateDataKey', 1, 2],
    ]);
  });

  test('allow each decryption under the key and for the secrets of that key only', () => {
    const reader = aRole(stack);
    [secret('one'), secret('two'), secret('own', { encryption: SecretEncryption.ownKey() })]
      .forEach(({ grants }) => grants.read(reader));
    const decrypts = statementsOf().filter(({ Action }) => Action === 'kms:Decrypt');
    expect(new Set(decrypts.map(({ Resource }) => Resource)).size).toBe(1);
    expect(decrypts.map(({ Condition }) => list(Condition!.StringLike[CONTEXT]).map((arn) => /:secret:(\w+)-/.exec(arn)![1])))
      .toEqual([['one', 'two'], ['own']]);
  });

  test('are made once, however often and by whomever they are asked for', () => {
    const reader = aRole(stack);
    const one = secret('one');
    one.grants.read(reader);
    secret('two').grants.read(reader);
    one.secret.grantRead(reader);
    SecretGrants.fromSecret(one.secret).batchRead(reader);
    const { read, decrypted } = secretsOf(attachedPolicies(Template.fromStack(stack)));
    expect([read.length, decrypted.length]).toEqual([2, 2]);
  });

  test('to read in batches allow the request, on nothing in particular, once', () => {
    const reader = aRole(stack);
    ['one', 'two'].forEach((name) => secret(name).grants.batchRead(reader));
    const statements = statementsOf();
    expect(statements.filter(({ Action }) => Action === 'secretsmanager:BatchGetSecretValue')).toEqual([
      { Effect: 'Allow', Action: 'secretsmanager:BatchGetSecretValue', Resource: '*' },
    ]);
    const others = statements.filter(({ Action }) => Action !== 'secretsmanager:BatchGetSecretValue');
    expect(others.map(({ Action, Resource }) => [list(Action).at(-1), list(Resource).length])).toEqual([
      ['secretsmanager:GetSecretValue', 2], ['kms:Decrypt', 1],
    ]);
  });

  test('to read in batches are refused to a principal that takes no policy here', () => {
    const stranger = new ArnPrincipal('arn:aws:iam::222222222222:role/reader');
    expect(() => secret('one', { encryption: SecretEncryption.ownKey() }).grants.batchRead(stranger)).toThrow(
      /\[Stack\/one\/Default\] a grant to read in batches to '.*' would have no effect: .*; grant to a role that this app knows/,
    );
  });

  test('are merged for secrets that are imported', () => {
    const reader = aRole(stack);
    const encryptionKey = Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${env.region}:${env.account}:key/1234`);
    const arns = [1, 2].map((i) => `arn:aws:secretsmanager:${env.region}:${env.account}:secret:imported${i}-AbCdEf`);
    arns.forEach((secretCompleteArn, i) =>
      SecretGrants.fromSecret(Secret.fromSecretAttributes(stack, `Imported${i}`, { secretCompleteArn, encryptionKey })).read(reader));
    expect(statementsOf()).toHaveLength(2);
    const { read, decrypted } = secretsOf(attachedPolicies(Template.fromStack(stack)));
    expect(read).toEqual(arns);
    expect(decrypted).toEqual(arns);
  });

  test('are merged for secrets of constructs of the lowest level', () => {
    const anywhere = new Stack(newApp(), 'Anywhere');
    const reader = aRole(anywhere);
    const encryptionKey = new Key(anywhere, 'Key');
    ['One', 'Two'].map((id) => new CfnSecret(anywhere, id).ref).forEach((secretCompleteArn, i) => SecretGrants
      .fromSecret(Secret.fromSecretAttributes(anywhere, `Imported${i}`, { secretCompleteArn, encryptionKey })).read(reader));
    const policies = attachedPolicies(Template.fromStack(anywhere));
    expect(policies.flatMap(({ statements }) => statements)).toHaveLength(2);
    expect(secretsOf(policies).read).toHaveLength(2);
  });

  test('keep stages apart', () => {
    const reader = aRole(stack);
    ['one', 'two'].forEach((name) => secret(name).secret.grantRead(reader, ['AWSPREVIOUS']));
    secret('three').secret.grantRead(reader);
    const reads = statementsOf().filter(({ Action }) => list(Action).includes('secretsmanager:GetSecretValue'));
    expect(reads.map(({ Resource, Condition }) => [list(Resource).length, Condition])).toEqual([
      [2, { 'ForAnyValue:StringEquals': { 'secretsmanager:VersionStage': ['AWSPREVIOUS'] } }],
      [1, undefined],
    ]);
  });

  test('have statements that cannot be changed: the change would be of nothing, or of all', () => {
    const { principalStatements } = secret('one').grants.read(aRole(stack));
    expect(principalStatements).toHaveLength(2);
    for (const statement of principalStatements) {
      expect(() => statement.addCondition('Bool', { 'aws:MultiFactorAuthPresent': 'true' })).toThrow('can no longer be modified');
    }
  });

  test('go on after the AWS CDK has divided the policies of a role', () => {
    const reader = aRole(stack);
    secret('one').grants.read(reader);
    const two = secret('two');
    Aspects.of(two).add({
      visit: (construct) => {
        if (construct === two) {
          two.grants.read(reader);
        }
      },
    });
    expect(secretsOf(attachedPolicies(Template.fromStack(stack))).read).toHaveLength(2);
  });

  test('are one statement for all rotations that a principal may start', () => {
    const operator = aRole(stack, 'Operator');
    ['one', 'two'].forEach((name) => secret(name, { rotation: Rotation.regenerate() }).grants.rotate(operator));
    const { statements } = attachedPolicies(Template.fromStack(stack)).find(({ id }) => id.startsWith('Operator'))!;
    expect(statements.map(({ Action, Resource }) => [Action, list(Resource).length])).toEqual([
      ['secretsmanager:DescribeSecret', 2], ['secretsmanager:RotateSecret', 2], ['lambda:InvokeFunction', 1],
    ]);
  });

  test('to a construct that is nothing of IAM\'s stay in its own policy', () => {
    class Team extends Construct implements IPrincipal {
      readonly grantPrincipal = this;
      readonly assumeRoleAction = 'sts:AssumeRole';
      readonly principalAccount = env.account;
      readonly policyFragment = new PrincipalPolicyFragment({});
      readonly statements: PolicyStatement[] = [];
      addToPrincipalPolicy(statement: PolicyStatement) {
        this.statements.push(statement);
        return { statementAdded: true, policyDependable: this };
      }
    }
    const team = new Team(stack, 'Team');
    Array.from({ length: 100 }, (_, i) => secret(`secret${i}`).grants.read(team));
    expect(team.statements.length).toBeLessThan(10);
    expect(team.node.findAll().filter((child) => child instanceof ManagedPolicy)).toEqual([]);
  });

  test('to a role that takes none, and says so, are in the policies of secrets and key', () => {
    const reader = aRole(stack).withoutPolicyUpdates({ addGrantsToResources: true });
    Array.from({ length: 40 }, (_, i) => secret(`secret${i}`).grants.read(reader));
    const template = Template.fromStack(stack);
    expect(attachedPolicies(template)).toEqual([]);
    expect(Object.values(template.findResources('AWS::SecretsManager::ResourcePolicy'))
      .filter((policy) => JSON.stringify(policy).includes('secretsmanager:GetSecretValue'))).toHaveLength(40);
  });

  test('are written down whole where somebody else creates the roles', () => {
    const scope = new Stack(newApp(), 'Stack', { env });
    Role.customizeRoles(scope);
    const reader = importedRole(scope);
    const shared = new SecretsPlatform(scope, 'Platform', { platformName: 'many' });
    const names = ['one', 'two', 'three'];
    names.forEach((secretName) =>
      new HardenedSecret(scope, secretName, { secretName, platform: shared, rotation: Rotation.none('x') }).grants.read(reader));
    const { directory } = (scope.node.root as App).synth();
    const report = JSON.parse(readFileSync(join(directory, 'iam-policy-report.json'), 'utf8'));
    const [{ identityPolicyStatements }] = report.roles.filter(({ roleName }: { roleName: string }) => roleName === 'existing');
    expect(identityPolicyStatements).toHaveLength(6);
    expect(names.filter((name) => JSON.stringify(identityPolicyStatements).includes(name))).toEqual(names);
  });
});
