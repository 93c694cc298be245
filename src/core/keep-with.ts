import { RemovalPolicy, type Resource } from 'aws-cdk-lib/core';
import { onceFor } from './once';

/** Where nobody says otherwise: kept, unless the deployment that creates it fails. */
export const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/**
 * Lets a resource live as long as a secret that needs it. Of several secrets, one that is kept decides: without its key nobody
 * could read it.
 */
export function keepWith(resource: Resource, ofSecret: RemovalPolicy = KEPT): void {
  const life = onceFor(resource, 'removal policy', () => ({ policy: RemovalPolicy.DESTROY }));
  if (life.policy === RemovalPolicy.DESTROY) {
    life.policy = ofSecret;
    resource.applyRemovalPolicy(ofSecret);
  }
}
