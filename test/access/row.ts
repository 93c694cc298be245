import type { AppName } from './apps';

/** What is decided. */
export type Verdict = 'allowed' | 'refused';

/** Keys of a request; `undefined` takes out one that every request has. */
export type Context = Readonly<Record<string, string | undefined>>;

/**
 * A request: who asks, for which action, of what, with which keys, and what is decided.
 *
 * Principals and resources are paths of constructs, or what `principals.ts` and `resources.ts` say. In a context `@` stands
 * before the path of what has an ARN, `id:` before that of an endpoint; `{region}` and the like are those of the deployment.
 */
export type Row = readonly [principal: string, action: string, resource: string, context: Context, verdict: Verdict];

/** Requests that belong together, to what one app makes. */
export interface Group {
  readonly about: string;
  /** @default 'scenario' */
  readonly app?: AppName;
  readonly rows: readonly Row[];
}

export const READ = 'secretsmanager:GetSecretValue';
export const PUT = 'secretsmanager:PutSecretValue';
export const DESCRIBE = 'secretsmanager:DescribeSecret';
export const ROTATE = 'secretsmanager:RotateSecret';
export const LABEL = 'secretsmanager:UpdateSecretVersionStage';
export const UPDATE = 'secretsmanager:UpdateSecret';
export const DELETE = 'secretsmanager:DeleteSecret';
export const POLICY = 'secretsmanager:PutResourcePolicy';
export const INVOKE = 'lambda:InvokeFunction';
export const ASSUME = 'sts:AssumeRole';
export const DECRYPT = 'kms:Decrypt';
export const DATA_KEY = 'kms:GenerateDataKey';
export const GRANT = 'kms:CreateGrant';
export const PUBLISH = 'sns:Publish';

export const INSECURE = { 'aws:SecureTransport': 'false' };
export const OWN = { 'aws:SourceAccount': '111111111111' };
export const FOREIGN = { 'aws:SourceAccount': '999999999999' };
export const VIA = { 'kms:ViaService': 'secretsmanager.{region}.amazonaws.com' };
export const OF_ORDERS = { 'kms:EncryptionContext:SecretARN': '@App/Orders' };
export const OF_INVOICES = { 'kms:EncryptionContext:SecretARN': '@App/Invoices' };
export const OF_REPLICA = { 'kms:EncryptionContext:SecretARN': '@App/Orders@{replica}' };

export const KEY = 'App/Platform/Key';
export const REPLICA_KEY = 'App-Platform-521798BA-{replica}/ReplicaKey';
export const VALUES = 'App/Platform/Rotation/values/Default';
export const SECLUDED = 'App/Secluded/Rotation/values/Default';
export const ADMINISTRATOR = 'role/administrator of 111111111111';
export const STRANGER = 'role/administrator of 999999999999';
export const PARTNER = 'role/partner of 333333333333';
export const INSIDER = 'role/insider of 111111111111';
export const DEPLOYMENT = 'role/cdk-hnb659fds-cfn-exec-role-111111111111-{region} of 111111111111';
export const FOR_VPC = { 'aws:SourceVpce': 'id:App/Platform/Rotation/Endpoint-1815c393' };
export const FOR_ROTATION = { 'aws:SourceVpce': 'id:App/Secluded/Rotation/Endpoint-b4792f64' };
export const SCHEDULES = { 'aws:SourceArn': 'arn:{partition}:scheduler:{region}:111111111111:schedule-group/default' };

/** A key that Secrets Manager uses in a Region for whoever asks. */
export function via(region: string): Context {
  return { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` };
}

/** The code of a function, rather than AWS Lambda as its role. */
export function codeOf(path: string): Context {
  return { 'lambda:SourceFunctionArn': `@${path}` };
}

/** A secret that somebody has pointed at another function. */
export function repointedTo(path: string): Context {
  return { 'secretsmanager:resource/AllowRotationLambdaArn': `@${path}` };
}
