import { Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { App, Stack } from 'aws-cdk-lib/core';
import { literalRoleArn, rotationRole } from '../../../src/rotation-function/private/rotation-role';

test.each([
  ['known', { account: '111111111111', region: 'cn-north-1' }, 'cn-north-1'],
  ['unknown', undefined, { Ref: 'AWS::Region' }],
])('a role has the name of its function and its Region, %s', (_, env, region) => {
  const stack = new Stack(new App(), 'Stack', { env });
  const boundary = ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
  const role = rotationRole(stack, 'team-values', { permissionsBoundary: boundary });
  const words = JSON.stringify(stack.resolve(literalRoleArn(stack, role, 'team-values')));
  expect(words).not.toContain('Fn::GetAtt');
  expect(words).toContain(':role/team-values-');
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
    RoleName: typeof region === 'string' ? `team-values-${region}` : { 'Fn::Join': ['', ['team-values-', region]] },
    PermissionsBoundary: stack.resolve(boundary.managedPolicyArn),
    AssumeRolePolicyDocument: {
      Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
    },
  });
});

test('a role of the user\'s keeps its name and its ARN', () => {
  const stack = new Stack(new App(), 'Stack');
  const given = Role.fromRoleArn(stack, 'Given', 'arn:aws:iam::111111111111:role/given');
  expect(rotationRole(stack, 'team-values', { role: given })).toBe(given);
  const scope = new Stack(stack.node.root as App, 'Other');
  expect(literalRoleArn(scope, given, 'team-values')).toBe('arn:aws:iam::111111111111:role/given');
});
