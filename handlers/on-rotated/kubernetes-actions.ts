import type { Action } from './action';
import { CLUSTER_API, ClusterRequests } from './cluster-requests';
import { serviceError } from './service-error';
import type { Services } from './services';
import type { RotatedActionFacts } from '../../src/contract/rotated-action';

/** Somebody else changes the object at the same time. */
const CONFLICT = 409;
/** What pods are made by has it: another value makes other pods, as `kubectl rollout restart` does. */
const VERSIONS = 'cdk-secretsmanager-patterns/secret-versions';
/** External Secrets reads again where annotations have changed. */
const FORCE_SYNC = 'force-sync';

/** The actions on objects of Kubernetes: an annotation says which versions are current, so that twice is once. */
export function kubernetesActions(services: Services): Record<'restartDeployment' | 'refreshExternalSecret', Action> {
  return {
    restartDeployment: patching(services, {
      path: ({ namespace, name }) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
      change: (digest) => ({ spec: { template: { metadata: { annotations: { [VERSIONS]: digest } } } } }),
    }),
    refreshExternalSecret: patching(services, {
      path: ({ namespace, name }) => `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/${name}`,
      change: (digest) => ({ metadata: { annotations: { [FORCE_SYNC]: digest } } }),
    }),
  };
}

interface Patch {
  path(object: NonNullable<RotatedActionFacts['object']>): string;
  change(digest: string): object;
}

function patching(services: Services, { path, change }: Patch): Action {
  return async ({ target, object }, { digest }, limits) => {
    const cluster = await ClusterRequests.of(target, services, services.options, limits);
    return cluster.send({
      action: 'PATCH',
      method: 'PATCH',
      path: path(object!),
      headers: {
        'content-type': 'application/merge-patch+json',
        // Not the object itself, whose environment variables are none of our business.
        'accept': 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      },
      body: JSON.stringify(change(digest)),
      read: (status) => {
        if (status === 200) {
          return 'begun';
        }
        if (status === CONFLICT) {
          return 'busy';
        }
        throw serviceError(CLUSTER_API, 'PATCH', status);
      },
    }, limits);
  };
}
