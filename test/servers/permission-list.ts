import { errorAnswer, type JsonAnswer, type SecretsManagerRequest, type Upstream } from './secrets-manager-request';

const WITHOUT_RESOURCE = ['GetRandomPassword', 'ListSecrets', 'BatchGetSecretValue'];

/** One allow statement of a caller's policy. */
export interface Permission {
  readonly accessKeyId: string;
  /** Such as `GetSecretValue`; `*` stands for any characters. */
  readonly actions: string[];
  /** ARNs or names, in which `*` stands for any characters. Not looked at for actions without a resource. */
  readonly secrets: string[];
  /** The condition `secretsmanager:resource/AllowRotationLambdaArn`: the function that the secret must name as its own. */
  readonly rotationFunctionArn?: string;
}

function matches(pattern: string, text: unknown): boolean {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('.*')}$`,
    's',
  ).test(String(text));
}

/** Answers in place of the server where no permission allows the request. */
export async function refuse(
  permissions: Permission[],
  request: SecretsManagerRequest,
  upstream: Upstream,
): Promise<JsonAnswer | undefined> {
  const candidates = permissions.filter(({ accessKeyId, actions }) =>
    accessKeyId === request.caller && actions.some((action) => matches(action, request.action)));
  if (WITHOUT_RESOURCE.includes(request.action)) {
    return candidates.length > 0 ? undefined : denied(request, '*');
  }
  const secret = (await upstream('DescribeSecret', { SecretId: request.input.SecretId ?? request.input.Name })).body;
  const resource = secret.ARN ?? request.input.SecretId ?? request.input.Name;
  const allowed = candidates.some(({ secrets, rotationFunctionArn }) =>
    secrets.some((pattern) => [resource, secret.Name].some((name) => name !== undefined && matches(pattern, name)))
    && (rotationFunctionArn === undefined || rotationFunctionArn === secret.RotationLambdaARN));
  return allowed ? undefined : denied(request, String(resource));
}

function denied({ action, caller }: SecretsManagerRequest, resource: string): JsonAnswer {
  return errorAnswer('AccessDeniedException', `User: ${caller} is not authorized to perform: secretsmanager:${action} on `
    + `resource: ${resource} `
    + `because no identity-based policy allows the secretsmanager:${action} action`);
}
