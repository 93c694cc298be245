import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { RotationContext } from './rotation-request';
import type { ExpectedSecret } from '../../contract/handler-contract';

/** How late a rotation may be before it counts as missed, in hours: a day for the service's own retries. */
const GRACE_HOURS = 24;

const expected = new WeakSet<ISecret>();

/** Whether a daily audit expects a secret. */
export function isExpected(secret: ISecret): boolean {
  return expected.has(secret);
}

/** What the daily audit expects of a secret from now on. `local`: the audit may refer to what stands in the secret's stack. */
export function expectSecret(context: RotationContext, secret: string, longestHours: number, local: boolean): ExpectedSecret {
  expected.add(context.secret);
  return {
    secret,
    rotatesWithinHours: longestHours + GRACE_HOURS,
    ...(context.key && { key: local && context.key.key ? context.key.key.keyArn : 'customer' }),
    ...(context.replicaRegions.length > 0 && { replicaRegions: context.replicaRegions }),
  };
}
