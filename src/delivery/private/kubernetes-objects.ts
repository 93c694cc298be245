import type { ICluster } from 'aws-cdk-lib/aws-eks';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type Duration, Lazy, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { requireFields } from './required-fields';
import { ConflictError, ValidationError } from '../../core/errors';
import { requireKubectl } from '../../core/kubectl-access';
import { KUBERNETES_LABEL } from '../../core/kubernetes-names';
import { onceFor } from '../../core/once';
import { requireText } from '../../core/validate';
import { SecretRecord } from '../../secret/private/secret-record';
import type { CsiDriverOptions, ExternalSecretOptions, KubernetesOptions } from '../delivery-options';

/** An object of Kubernetes. */
type KubernetesObject = Record<string, unknown>;

/** File names that the driver takes in one folder. */
const FILE_NAME = {
  minimum: 1, maximum: 63, pattern: /^(?!\.{1,2}$)[-._a-zA-Z0-9]+$/, allowed: 'letters, digits, -, . and _, not `.` or `..`',
};
const SHORTEST_REFRESH_SECONDS = 10;
const MINUTE = 60;
const HOUR = 3600;

/** Lets pods mount the secret as a file. */
export function mountInCluster(cluster: ICluster, secret: ISecret, options: CsiDriverOptions): void {
  const id = claimManifest(cluster, 'toCsiDriver', 'SecretProviderClass', options);
  cluster.addManifest(id, secretProviderClass(cluster, secret, options));
}

/** Has the operator External Secrets copy the secret into the cluster. */
export function copyIntoCluster(cluster: ICluster, secret: ISecret, options: ExternalSecretOptions): void {
  const id = claimManifest(cluster, 'toExternalSecrets', 'ExternalSecret', options);
  requireFields({ service: 'External Secrets', resource: cluster }, secret, []);
  cluster.addManifest(id, ...externalSecretObjects(cluster, secret, options));
}

/**
 * The id of a manifest. Refuses names that Kubernetes would refuse when the stack is deployed, that of other objects in the
 * cluster, and one that is no id: the resources of the stack are called by it.
 */
function claimManifest(scope: ICluster, method: string, kind: string, { name, serviceAccount }: KubernetesOptions): string {
  const property = `${method}(name)`;
  const remedy = 'give the objects another name';
  requireKubectl(scope);
  requireText({ scope, property, remedy }, name, KUBERNETES_LABEL);
  if (Token.isUnresolved(name)) {
    throw new ValidationError({ scope, property, got: name, allowed: 'a name that is known at synthesis', remedy });
  }
  const id = `${kind}-${name}`;
  const taken = onceFor(scope, `objects of ${method}`, () => new Map<string, string>());
  const namespace = taken.get(name);
  if (namespace !== undefined || scope.node.tryFindChild(`manifest-${id}`)) {
    const what = namespace === undefined
      ? `its manifest '${id}' is another one`
      : `the objects '${name}' of another secret are in it already, in the namespace '${namespace}'`;
    throw new ConflictError(scope, what,
      `give ${method}() another \`name\`, in another namespace too: the resources of the stack are called by it`);
  }
  taken.set(name, serviceAccount.serviceAccountNamespace);
  return id;
}

/** The secret as a file: what the Secrets Store CSI driver and its provider for AWS read. */
function secretProviderClass(scope: IConstruct, secret: ISecret, options: CsiDriverOptions): KubernetesObject {
  const { serviceAccount, name, identity, fileName = 'secret.json' } = options;
  requireText({ scope, property: 'toCsiDriver(fileName)', remedy: 'give the file another name' }, fileName, FILE_NAME);
  return {
    apiVersion: 'secrets-store.csi.x-k8s.io/v1',
    kind: 'SecretProviderClass',
    metadata: { name, namespace: serviceAccount.serviceAccountNamespace },
    spec: {
      provider: 'aws',
      parameters: {
        region: regionOf(secret),
        ...identity?._isPodIdentity && { usePodIdentity: 'true' },
        // A text that is YAML, of which JSON is a part.
        objects: Stack.of(scope).toJsonString([
          { objectName: secret.secretArn, objectType: 'secretsmanager', objectAlias: fileName },
        ]),
      },
    },
  };
}

/** The secret as a copy in the cluster: what the operator External Secrets makes, and how it signs in. */
function externalSecretObjects(scope: IConstruct, secret: ISecret, options: ExternalSecretOptions): KubernetesObject[] {
  const { serviceAccount, name, identity } = options;
  const metadata = { name, namespace: serviceAccount.serviceAccountNamespace };
  return [
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata,
      spec: {
        provider: {
          aws: {
            service: 'SecretsManager',
            region: regionOf(secret),
            // Without it the operator signs in as itself, with its own Pod Identity.
            ...!identity?._isPodIdentity && { auth: { jwt: { serviceAccountRef: { name: serviceAccount.serviceAccountName } } } },
          },
        },
      },
    },
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata,
      spec: {
        refreshInterval: refreshInterval(scope, secret, options.refreshInterval),
        secretStoreRef: { kind: 'SecretStore', name },
        target: { name, creationPolicy: 'Owner' },
        dataFrom: [{ extract: { key: secret.secretArn } }],
      },
    },
  ];
}

/** Known at synthesis: the rotation may be added later. */
function refreshInterval(scope: IConstruct, secret: ISecret, chosen: Duration | undefined): string {
  const seconds = chosen?.toSeconds();
  if (seconds !== undefined && seconds < SHORTEST_REFRESH_SECONDS) {
    throw new ValidationError({
      scope,
      property: 'toExternalSecrets(refreshInterval)',
      got: chosen!.toHumanString(),
      allowed: `${SHORTEST_REFRESH_SECONDS} seconds or more`,
      remedy: 'give a longer interval: each read of each secret is a call of the API',
    });
  }
  return Lazy.string({ produce: () => `${seconds ?? (SecretRecord.of(secret).rotationEffect.formerWorks ? HOUR : MINUTE)}s` });
}

function regionOf(secret: ISecret): string {
  return secret.env.region;
}
