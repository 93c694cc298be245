import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { GrantableSecret } from './secret-permissions';

const facts = new WeakMap<ISecret, GrantableSecret>();

/** Remembers what grants need to know of a replica: its interface does not tell it. */
export function setReplicaFacts(secret: ISecret, grantable: GrantableSecret): void {
  facts.set(secret, grantable);
}

/** What grants need to know of a secret, where it is a replica. */
export function replicaFactsOf(secret: ISecret): GrantableSecret | undefined {
  return facts.get(secret);
}
