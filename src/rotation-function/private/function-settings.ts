import {
  type CfnFunction, type Function as LambdaFunction, type FunctionOptions, Runtime, RuntimeFamily, Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { RotationFunctionOptions } from '../rotation-function-options';

/** What the settings of a platform say of a function, with what holds where they say nothing. */
export function functionSettings(settings: RotationFunctionOptions, timeout = Duration.minutes(2)): FunctionOptions & {
  readonly runtime: Runtime;
} {
  return {
    runtime: settings.runtime ?? new Runtime('nodejs24.x', RuntimeFamily.NODEJS),
    timeout: settings.timeout ?? timeout,
    memorySize: settings.memorySize ?? 256,
    environmentEncryption: settings.encryptionKey,
    codeSigningConfig: settings.codeSigningConfig,
    reservedConcurrentExecutions: settings.reservedConcurrentExecutions,
  };
}

/** Whether AWS Lambda sends traces of a function, for which its role needs a permission. */
export function isTraced({ tracing }: RotationFunctionOptions): boolean {
  return tracing !== undefined && tracing !== Tracing.DISABLED;
}

/** Set at the resource: the AWS CDK would add the permission in an inline policy. */
export function trace(traced: LambdaFunction, { tracing }: RotationFunctionOptions): void {
  (traced.node.defaultChild as CfnFunction).tracingConfig = { mode: tracing };
}
