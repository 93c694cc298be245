import { Role, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import type { RotationFunctionSettings } from './rotation-settings';

/** The role of a rotation function: the user's, or one with a name that keys of other stacks can refer to. */
export function rotationRole(scope: Construct, functionName: string, settings: RotationFunctionSettings): IRole {
  return settings.role ?? new Role(scope, 'Role', {
    roleName: roleName(scope, functionName),
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    permissionsBoundary: settings.permissionsBoundary,
    description: `Role of the rotation function ${functionName}`,
  });
}

/** ARN of the role, in words where the role is ours. */
export function roleArn(scope: IConstruct, role: IRole, functionName: string): string {
  return role.node.scope === scope
    ? Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName(scope, functionName) })
    : role.roleArn;
}

/** Roles are known in the whole account: without the Region, an app that is deployed to two would ask for the same role twice. */
function roleName(scope: IConstruct, functionName: string): string {
  return `${functionName}-${Stack.of(scope).region}`;
}
