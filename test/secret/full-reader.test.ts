import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  CfnPolicy, type CfnRole, Group, type IGrantable, ManagedPolicy, Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import { App, Lazy, Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, SecretsPlatform } from '../../src';

const env = { account: '111111111111', region: 'us-east-1' };
const assumedBy = new ServicePrincipal('ec2.amazonaws.com');
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App({ context: { '@aws-cdk/core:disableResourceLimit': true } }), 'Stack', { env });
});

function letRead(reader: IGrantable, secrets = 1, hasOwnKeys = false) {
  const platform = hasOwnKeys ? undefined : new SecretsPlatform(stack, 'Platform', { platformName: 'many' });
  for (let i = 0; i < secrets; i += 1) {
    new HardenedSecret(stack, `Secret${i}`, { secretName: `team/secret-${i}`, platform, rotation: Rotation.none('test') })
      .grants.read(reader);
  }
}

const warnings = () => Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('can hardly take another policy'))
  .map(({ id, entry }) => `${id}: ${String(entry.data)}`);

/** A statement of about so many characters. */
const statement = (size: number) =>
  new PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${'a'.repeat(size - 100)}`] });

const document = (size: number) => new PolicyDocument({ statements: [statement(size)] });

describe('a principal that can hardly take another policy is warned of', () => {
  test('with nine managed policies and more of the ten that it may have', () => {
    const managedPolicies = Array.from({ length: 9 }, (_, i) => ManagedPolicy.fromAwsManagedPolicyName(`Policy${i}`));
    const role = new Role(stack, 'Reader', { assumedBy, managedPolicies });
    letRead(role);
    const [warning, ...more] = warnings();
    expect(more).toEqual([]);
    expect(warning).toMatch(/^\/Stack\/Reader\/Resource: the role 'Stack\/Reader' can hardly take .* it has 9 of the 10 managed/);
  });

  test('with secrets that fill what others have left', () => {
    const role = Role.fromRoleName(stack, 'Reader', 'existing');
    for (let i = 0; i < 6; i += 1) {
      new ManagedPolicy(stack, `Other${i}`, { roles: [role], statements: [statement(1000)] });
    }
    letRead(role, 50, true);
    const [warning, ...more] = warnings();
    expect(more).toEqual([]);
    expect(warning).toMatch(/it has 9 of the 10 .* about [56]\d{3} of 6144 .* inline policies of about [56]\d{3} of 10240/);
  });

  test.each([
    ['a role', () => new Role(stack, 'Reader', { assumedBy, inlinePolicies: { other: document(9000) } }), 10240],
    ['a user', () => {
      const user = new User(stack, 'Reader');
      user.addToPolicy(statement(1500));
      return user;
    }, 2048],
    ['a group', () => {
      const group = new Group(stack, 'Reader');
      const groups = [group.groupName];
      new CfnPolicy(stack, 'Other', { policyName: 'other', groups, policyDocument: document(4500).toJSON() });
      return group;
    }, 5120],
    ['an imported role', () => {
      const role = Role.fromRoleName(stack, 'Reader', 'existing');
      new Policy(new Stack(stack, 'Inner', { env }), 'Other', {
        roles: [Role.fromRoleName(stack, 'Again', 'existing')], statements: [statement(9000)],
      });
      return role;
    }, 10240],
  ] as [string, () => IGrantable, number][])('with inline policies that others have nearly filled, of %s', (_, make, quota) => {
    letRead(make());
    const [warning, ...more] = warnings();
    expect(more).toEqual([]);
    const [, characters] = new RegExp(`inline policies of about (\\d+) of ${quota};`).exec(warning)!;
    expect(Number(characters)).toBeGreaterThan(quota * 0.9);
  });

  test('with a managed policy that is too large', () => {
    const role = new Role(stack, 'Reader', { assumedBy });
    new ManagedPolicy(stack, 'Other', { roles: [role], statements: [statement(6200)] });
    letRead(role);
    expect(warnings()).toEqual([expect.stringMatching(/the largest of about 6\d{3} of 6144/)]);
  });
});

test.each([
  ['a role that reads 100 secrets with one key', () => letRead(new Role(stack, 'Reader', { assumedBy }), 100)],
  ['an imported one', () => letRead(Role.fromRoleName(stack, 'Reader', 'existing'), 100)],
  ['a role that reads nothing', () => new Role(stack, 'Reader', { assumedBy, inlinePolicies: { other: document(10000) } })],
  ['a role whose name another has in another account', () => {
    const elsewhere = new Stack(stack, 'Elsewhere', { env: { ...env, account: '222222222222' } });
    new Policy(elsewhere, 'Other', { roles: [Role.fromRoleName(elsewhere, 'Role', 'existing')], statements: [statement(10000)] });
    letRead(Role.fromRoleName(stack, 'Reader', 'existing'));
  }],
  ['a role whose inline policies are made at synthesis', () => {
    const role = new Role(stack, 'Reader', { assumedBy });
    const produce = () => [{ policyName: 'other', policyDocument: document(9000) }];
    (role.node.defaultChild as CfnRole).policies = Lazy.any({ produce });
    letRead(role);
  }],
  ['a role that is no resource of the app', () => {
    const role = Role.fromRoleName(stack, 'Reader', 'existing');
    letRead(Object.assign(role, { addToPrincipalPolicy: () => ({ statementAdded: true, policyDependable: role }) }));
  }],
  ['a user of the name of a role', () => {
    new Policy(stack, 'Other', { users: [User.fromUserName(stack, 'User', 'existing')], statements: [statement(10000)] });
    letRead(Role.fromRoleName(stack, 'Reader', 'existing'));
  }],
])('there is no word about %s', (_, make) => {
  make();
  expect(warnings()).toEqual([]);
});

test('the estimate is near what CloudFormation makes of it', () => {
  const reader = Role.fromRoleName(stack, 'Reader', 'existing');
  reader.addToPrincipalPolicy(statement(9000));
  letRead(reader);
  expect(warnings()[0]).toMatch(/inline policies of about 9[56]\d\d of 10240/);
});
