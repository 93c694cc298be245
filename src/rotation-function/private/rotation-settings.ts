import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Runtime } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Duration } from 'aws-cdk-lib/core';

/** What users may set of all rotation functions of a platform; the public struct of the same shape documents it. */
export interface RotationFunctionSettings {
  readonly role?: IRole;
  readonly permissionsBoundary?: IManagedPolicy;
  readonly runtime?: Runtime;
  readonly timeout?: Duration;
  readonly memorySize?: number;
  readonly logRetention?: RetentionDays;
  readonly encryptionKey?: IKey;
}
