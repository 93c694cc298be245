import { Effect, type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import { arnPatternOf, functionArn, roleArn, secretArnPattern, viaSecretsManager } from '../../core/arn';
import { keyFactsOf, useOfKey } from '../../encryption/private/key-reference';
import type { RotationFunctionOptions } from '../rotation-function-options';

/** These actions take no resource. */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:UnassignPrivateIpAddresses',
];

/** These actions take no resource. */
const TRACE_ACTIONS = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

/** The role of a rotation function: the user's, or one with a name that keys of other stacks can refer to. */
export function rotationRole(scope: Construct, functionName: string, settings: RotationFunctionOptions): IRole {
  return settings.role ?? new Role(scope, 'Role', {
    roleName: roleName(scope, functionName),
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    permissionsBoundary: settings.permissionsBoundary,
    description: `Role of the rotation function ${functionName}`,
  });
}

/** ARN of the role, built from literals where the role is ours. */
export function literalRoleArn(scope: IConstruct, role: IRole, functionName: string): string {
  return role.node.scope === scope
    ? roleArn(scope, roleName(scope, functionName))
    : role.roleArn;
}

/** Roles are known in the whole account: without the Region, an app that is deployed to two would ask for the same role twice. */
function roleName(scope: IConstruct, functionName: string): string {
  return `${functionName}-${Stack.of(scope).region}`;
}

/** What the role of a function allows. */
export interface RotationPermissions {
  readonly functionName: string;
  readonly logGroup: ILogGroup;
  /** Whether the function is in a VPC. */
  readonly inNetwork: boolean;
  /** The secret that the function signs in with to change users. */
  readonly superuser?: ISecret;
  /** Whether AWS Lambda sends traces of the function. */
  readonly isTraced: boolean;
}

/**
 * What every function may do: rotate the secrets that it is configured for, write its logs, and use its network and its
 * superuser.
 */
export function rotationPolicy(scope: Construct, role: IRole, permissions: RotationPermissions): ManagedPolicy {
  const { functionName, logGroup, inNetwork, superuser, isTraced } = permissions;
  const ownFunction = { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': functionArn(scope, functionName) } };
  return new ManagedPolicy(scope, 'Policy', {
    description: `What ${functionName} may do`,
    roles: [role],
    statements: [
      new PolicyStatement({
        sid: 'RotateSecretsOfThisFunction',
        actions: [
          'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds',
          'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage',
        ],
        resources: [secretArnPattern(scope)],
        conditions: ownFunction,
      }),
      new PolicyStatement({
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      ...superuser ? readSuperuser(scope, superuser) : [],
      ...inNetwork ? attachToNetwork(functionArn(scope, functionName)) : [],
      ...isTraced ? [new PolicyStatement({ sid: 'SendTraces', actions: TRACE_ACTIONS, resources: ['*'] })] : [],
    ],
  });
}

/** For AWS Lambda, which acts as the role before the function runs: the function itself is denied it. */
function attachToNetwork(literalArn: string): PolicyStatement[] {
  const statement = { actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] };
  return [
    new PolicyStatement({ ...statement, sid: 'AttachToNetwork' }),
    new PolicyStatement({
      ...statement,
      sid: 'LeaveNetworkToLambda',
      effect: Effect.DENY,
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': literalArn } },
    }),
  ];
}

function readSuperuser(scope: Construct, superuser: ISecret): PolicyStatement[] {
  const key = superuser.encryptionKey && useOfKey(keyFactsOf(superuser.encryptionKey), { scope, from: scope, mayRefer: true });
  return [
    new PolicyStatement({
      sid: 'ReadSuperuser',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [arnPatternOf(superuser)],
    }),
    ...key ? [new PolicyStatement({
      sid: 'DecryptSuperuser',
      actions: ['kms:Decrypt'],
      resources: key.resources,
      conditions: { StringEquals: { 'kms:ViaService': viaSecretsManager(scope) }, ...key.conditions },
    })] : [],
  ];
}
