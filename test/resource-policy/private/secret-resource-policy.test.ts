import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, ArnPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ResourcePolicy, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Aws, Fn, Stack } from 'aws-cdk-lib/core';
import { SecretResourcePolicy } from '../../../src/resource-policy/private/secret-resource-policy';

function setUp() {
  const stack = new Stack(new App(), 'Stack');
  const secret = new Secret(stack, 'Secret');
  return { stack, secret, policy: new SecretResourcePolicy(secret, 'Policy', { secretArn: secret.secretArn }) };
}

function allow(overrides: ConstructorParameters<typeof PolicyStatement>[0] = {}): PolicyStatement {
  return new PolicyStatement({
    actions: ['secretsmanager:GetSecretValue'],
    principals: [new AccountPrincipal('222222222222')],
    resources: ['*'],
    ...overrides,
  });
}

function statements(stack: Stack): { [key: string]: unknown }[] {
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy'));
  return policy.Properties.ResourcePolicy.Statement;
}

describe('SecretResourcePolicy', () => {
  test('blocks public access and belongs to the secret', () => {
    const { stack, policy } = setUp();
    policy.add(allow());
    Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
      BlockPublicPolicy: true,
      SecretId: { Ref: 'SecretA720EF05' },
      ResourcePolicy: { Statement: [Match.objectLike({ Action: 'secretsmanager:GetSecretValue', Effect: 'Allow' })] },
    });
  });

  test('has the logical id that a plain L2 policy has', () => {
    const { stack, policy } = setUp();
    policy.add(allow());
    const plain = new Stack(new App(), 'Stack');
    const secret = new Secret(plain, 'Secret');
    new ResourcePolicy(secret, 'Policy', { secret }).document.addStatements(allow());
    const ids = (of: Stack) => Object.keys(Template.fromStack(of).findResources('AWS::SecretsManager::ResourcePolicy'));
    expect(ids(stack)).toEqual(ids(plain));
    expect(ids(stack)).toEqual(['SecretPolicy06C9821C']);
  });

  test('is one resource however many statements there are', () => {
    const { stack, policy } = setUp();
    policy.add(allow({ sid: 'One' }));
    policy.add(allow({ sid: 'Two' }));
    Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 1);
    expect(statements(stack).map(({ Sid }) => Sid)).toEqual(['One', 'Two']);
  });

  test('is no resource without a statement', () => {
    const { stack } = setUp();
    Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  });

  test('is a resource where a statement went straight to the document', () => {
    const { stack, policy } = setUp();
    policy.document.addStatements(allow());
    Template.fromStack(stack).resourceCountIs('AWS::SecretsManager::ResourcePolicy', 1);
  });

  test('has what went straight to the document, beside statements that are the same for many secrets', () => {
    const { stack, policy } = setUp();
    const other = new Secret(stack, 'Other');
    const rail = allow({ sid: 'Rail', principals: [new ArnPrincipal('arn:aws:iam::222222222222:role/reader')] }).freeze();
    const policies = [policy, new SecretResourcePolicy(other, 'Policy', { secretArn: other.secretArn })];
    policies.forEach((each) => each.add(rail));
    policies[1].document.addStatements(allow({ sid: 'Straight' }));
    const sids = Object.values(Template.fromStack(stack).findResources('AWS::SecretsManager::ResourcePolicy'))
      .map(({ Properties }) => Properties.ResourcePolicy.Statement.map(({ Sid }: { Sid: string }) => Sid));
    expect(sids).toEqual([['Rail'], ['Rail', 'Straight']]);
  });

  test.each([
    ['none', { resources: undefined }],
    ['the primary\'s ARN', { resources: ['arn:aws:secretsmanager:us-east-1:111111111111:secret:a'] }],
    ['another\'s ARN denied', { resources: undefined, notResources: ['arn:aws:secretsmanager:us-east-1:111111111111:secret:a'] }],
  ])('is about every replica where the resource of a statement is %s', (_, resources) => {
    const { stack, policy } = setUp();
    policy.add(allow(resources));
    expect(statements(stack)).toEqual([expect.objectContaining({ Resource: '*' })]);
    expect(statements(stack)[0]).not.toHaveProperty('NotResource');
  });

  test('keeps conditions that are added after the statement', () => {
    const { stack, policy } = setUp();
    const statement = allow({ resources: undefined });
    policy.add(statement);
    statement.addCondition('StringEquals', { 'secretsmanager:VersionStage': 'AWSCURRENT' });
    expect(statements(stack)[0].Condition).toEqual({ StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } });
  });

  test('refuses a second statement with the same Sid', () => {
    const { policy } = setUp();
    policy.add(allow({ sid: 'DenyInsecureTransport', effect: Effect.DENY }));
    expect(() => policy.add(allow({ sid: 'DenyInsecureTransport' })))
      .toThrow("[Stack/Secret/Policy] the resource policy has a statement 'DenyInsecureTransport' already, and a policy cannot "
        + 'have two; add it once, with all its values');
  });

  test('takes any number of statements without a Sid', () => {
    const { stack, policy } = setUp();
    policy.add(allow());
    policy.add(allow({ actions: ['secretsmanager:DescribeSecret'] }));
    expect(statements(stack)).toHaveLength(2);
  });

  test('refuses a statement without a principal at synthesis', () => {
    const { stack, policy } = setUp();
    policy.add(allow({ principals: [] }));
    expect(() => Template.fromStack(stack)).toThrow(/\[Stack\/Secret\/Policy\].*must specify at least one IAM principal/);
  });

  test('refuses more than 20,480 characters at synthesis', () => {
    const { stack, policy } = setUp();
    policy.add(allow({ principals: [new ArnPrincipal('a'.repeat(20_480 - 136))] }));
    expect(JSON.stringify({ Statement: statements(stack), Version: '2012-10-17' })).toHaveLength(20_480);

    const longer = setUp();
    longer.policy.add(allow({ principals: [new ArnPrincipal('a'.repeat(20_480 - 135))] }));
    expect(() => Template.fromStack(longer.stack)).toThrow(
      /\[Stack\/Secret\/Policy\] the resource policy has 20481 characters, allowed: at most 20480; name fewer principals/,
    );
  });

  test.each([
    ['counts the text around what only the deployment resolves', 'a'.repeat(20_480 - 136 - 'arn::'.length), ''],
    [
      'refuses text that is too long whatever the deployment resolves',
      'a'.repeat(20_480 - 136 - 'arn::'.length + 1),
      '20481 characters',
    ],
  ])('%s', (_, text, error) => {
    const { stack, policy } = setUp();
    policy.add(allow({ principals: [new ArnPrincipal(`arn:${Aws.PARTITION}:${text}`)] }));
    if (error) {
      expect(() => Template.fromStack(stack)).toThrow(error);
    } else {
      expect(JSON.stringify(statements(stack)).length).toBeGreaterThan(20_480);
    }
  });

  test.each<[string, (index: number) => string]>([
    ['an import', (index) => Fn.importValue(`role-${index}`)],
    ['a reference', (index) => Fn.ref(`RoleWithSomeName${index}`)],
  ])('counts %s as nothing', (_, arn) => {
    const { stack, policy } = setUp();
    policy.add(allow({ principals: Array.from({ length: 1200 }, (_entry, index) => new ArnPrincipal(arn(index))) }));
    expect(JSON.stringify(statements(stack)).length).toBeGreaterThan(20_480);
  });
});
