import type { Permission } from '../../servers/permission-list';

/**
 * What a rotation function may do with the secrets that name it as their own; `function-role.test.ts` compares it with the
 * templates.
 */
export const ROTATION_ACTIONS = [
  'DescribeSecret', 'GetSecretValue', 'ListSecretVersionIds', 'PutSecretValue', 'UpdateSecretVersionStage',
];

/** What the function that acts as a superuser may do besides, with the superuser's secret. */
export const SUPERUSER_ACTIONS = ['GetSecretValue'];

/**
 * The permissions of a function's role: secrets of the account whose configured function it is, and the superuser's where it has
 * one.
 */
export function functionRole(accessKeyId: string, rotationFunctionArn: string, superuserSecret?: string): Permission[] {
  return [
    {
      accessKeyId,
      actions: ROTATION_ACTIONS,
      secrets: ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:*'],
      rotationFunctionArn,
    },
    ...superuserSecret === undefined ? [] : [{ accessKeyId, actions: SUPERUSER_ACTIONS, secrets: [superuserSecret] }],
  ];
}
