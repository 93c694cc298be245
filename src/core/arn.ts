import { CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ArnFormat, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** ARN of a function by its name, in the account, Region and partition of a construct. */
export function functionArn(scope: IConstruct, functionName: string): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** ARN of a role by its name and path, in the account and partition of a construct. */
export function roleArn(scope: IConstruct, roleName: string, path?: string): string {
  return identityArn(scope, 'role', roleName, path);
}

/** ARN of a role or a user by its name and path, in the account and partition of a construct. */
export function identityArn(scope: IConstruct, kind: 'role' | 'user', name: string, path = '/'): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: kind, resourceName: `${path.slice(1)}${name}` });
}

/** ARN of a secret by its name, or by what follows its type. */
export function secretArn(scope: IConstruct, resourceName: string, region?: string): string {
  return Stack.of(scope).formatArn({
    service: 'secretsmanager', resource: 'secret', resourceName, region, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** What precedes the colon and the name in the ARNs of secrets in the account, Region and partition of a construct. */
export function secretArnsOf(scope: IConstruct): string {
  return Stack.of(scope).formatArn({
    service: 'secretsmanager', resource: 'secret', arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
}

/** ARN pattern of secrets in the account, Region and partition of a construct: `*` or a name with its six random characters. */
export function secretArnPattern(scope: IConstruct, secretName?: string, region?: string): string {
  return secretArn(scope, secretName === undefined ? '*' : `${secretName}-??????`, region);
}

/** ARN of a secret for a statement: of one that is known by its name only, it ends in characters that nobody knows. */
export function arnPatternOf({ secretFullArn, secretArn: partial }: Pick<ISecret, 'secretFullArn' | 'secretArn'>): string {
  return secretFullArn ?? `${partial}-??????`;
}

/**
 * ARN of a secret for what refers to it: in one stack, the reference of the resource.
 *
 * `secretArn` says the same there by another token around it, which asks each time whether both are in one environment.
 */
export function referToSecret(from: IConstruct, secret: ISecret): string {
  const resource = secret.node.defaultChild;
  return resource instanceof CfnSecret && resource.stack === Stack.of(from) ? resource.ref : secret.secretArn;
}

/** The same for a function. */
export function referToFunction(from: IConstruct, rotationFunction: IFunction): string {
  const resource = rotationFunction.node.defaultChild;
  return resource instanceof CfnFunction && resource.stack === Stack.of(from) ? resource.attrArn : rotationFunction.functionArn;
}

/** ARN pattern of all keys in the account and Region of a construct: only for statements that a condition on aliases narrows. */
export function anyKeyArn(scope: IConstruct, region?: string): string {
  return Stack.of(scope).formatArn({ service: 'kms', resource: 'key', resourceName: '*', region });
}

/**
 * The service names that requests to KMS carry when Secrets Manager makes them: values of `kms:ViaService`.
 *
 * The documentation names one form for all partitions; in China endpoints carry another suffix, so both are accepted there.
 */
export function viaSecretsManager(scope: IConstruct, region = Stack.of(scope).region): string[] {
  const service = `secretsmanager.${region}`;
  const elsewhere = !Token.isUnresolved(region) && !region.startsWith('cn-');
  return elsewhere ? [`${service}.amazonaws.com`] : [`${service}.amazonaws.com`, `${service}.amazonaws.com.cn`];
}
