import type { Cluster, ICluster } from 'aws-cdk-lib/aws-eks';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnResource, Token } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';
import type { ConsumerAction } from './consumer-action';
import type { RotatedActionName } from '../../contract/rotated-action';
import { ValidationError } from '../../core/errors';
import { pathFrom, shortHash, shortId } from '../../core/inner-path';
import { requireKubectl } from '../../core/kubectl-access';
import { KUBERNETES_LABEL, KUBERNETES_NAME } from '../../core/kubernetes-names';
import { onceFor } from '../../core/once';
import { requireText } from '../../core/validate';
import type { KubernetesObjectOptions } from '../rotated-action-options';

const RBAC = 'rbac.authorization.k8s.io';

/** A kind of object, as roles in Kubernetes name it. */
interface Kind {
  readonly action: RotatedActionName & ('restartDeployment' | 'refreshExternalSecret');
  readonly parameter: string;
  readonly apiGroup: string;
  readonly resource: string;
}

/** The pods of a deployment are replaced by new ones. */
export function restartedDeployment(cluster: ICluster, deployment: KubernetesObjectOptions): ConsumerAction {
  const kind: Kind = { action: 'restartDeployment', parameter: 'deployment', apiGroup: 'apps', resource: 'deployments' };
  return patchedObject(kind, cluster, deployment);
}

/** A copy in the cluster is read again. */
export function refreshedExternalSecret(cluster: ICluster, externalSecret: KubernetesObjectOptions): ConsumerAction {
  return patchedObject({
    action: 'refreshExternalSecret', parameter: 'externalSecret', apiGroup: 'external-secrets.io', resource: 'externalsecrets',
  }, cluster, externalSecret);
}

function patchedObject(kind: Kind, cluster: ICluster, { name, namespace = 'default' }: KubernetesObjectOptions): ConsumerAction {
  const object = { namespace, name };
  const identity = (home: IConstruct): string => JSON.stringify([pathFrom(home, cluster), namespace, name]);
  return {
    name: kind.action,
    consumer: cluster,
    label: Token.isUnresolved(name) ? undefined : name,
    identity,
    check: (scope) => {
      const of = (property: string) => (
        { scope, property: `RotatedAction.${kind.action}(${kind.parameter}.${property})`, remedy: 'give the name that it has' }
      );
      requireText(of('name'), name, KUBERNETES_NAME);
      requireText(of('namespace'), namespace, KUBERNETES_LABEL);
      requireAccessEntries(scope, kind, cluster);
      requireKubectl(cluster);
    },
    bind: (home) => ({
      facts: { target: cluster.clusterName, object },
      statements: [{ sid: 'FindClusters', actions: ['eks:DescribeCluster'], resources: [cluster.clusterArn], conditions: {} }],
      admit: (role) => letPatch(kind, cluster, object, role, shortHash(`${shortId(home, role)} ${kind.action} ${identity(home)}`)),
    }),
  };
}

/**
 * A role in Kubernetes that may patch one object, for the group of which the function's role is the only member.
 *
 * Stacks that import a cluster meet in it: names there have the name of the role, which is unique in the account. Otherwise two
 * stacks of the same ids would share a group, and the one that is removed would take the rights of the other one along.
 */
function letPatch(
  { apiGroup, resource }: Kind,
  cluster: ICluster,
  { namespace, name }: Required<KubernetesObjectOptions>,
  role: IRole,
  hash: string,
): void {
  const group = groupOf(role, cluster);
  const metadata = { namespace, name: `rotated-action-${hash}-${role.roleName}` };
  cluster.addManifest(`RotatedAction-${hash}`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata,
    rules: [{ apiGroups: [apiGroup], resources: [resource], resourceNames: [name], verbs: ['patch'] }],
  }, {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: group }],
    roleRef: { apiGroup: RBAC, kind: 'Role', name: metadata.name },
  });
}

/** The group in a cluster of a function's role: an access entry, of which a role has one in a cluster. */
function groupOf(role: IRole, cluster: ICluster): string {
  const groups = onceFor(role, 'groups in clusters', () => new Map<ICluster, string>());
  const known = groups.get(cluster);
  if (known !== undefined) {
    return known;
  }
  const scope = role.node.scope as Construct;
  const group = `rotated-actions-${role.roleName}`;
  // Not by its class: to load that part of the AWS CDK costs every app time.
  new CfnResource(scope, `AccessEntry${shortId(role, cluster)}`, {
    type: 'AWS::EKS::AccessEntry',
    properties: { ClusterName: cluster.clusterName, PrincipalArn: role.roleArn, KubernetesGroups: [group], Type: 'STANDARD' },
  });
  groups.set(cluster, group);
  return group;
}

/** Amazon EKS makes clusters without them unless it is told otherwise. An imported cluster does not say. */
function requireAccessEntries(scope: IConstruct, { action }: Kind, cluster: ICluster): void {
  const { authenticationMode = 'CONFIG_MAP' } = cluster as Partial<Cluster>;
  if ('authenticationMode' in cluster && authenticationMode === 'CONFIG_MAP') {
    throw new ValidationError({
      scope,
      property: `RotatedAction.${action}(cluster)`,
      got: cluster,
      allowed: 'a cluster with access entries',
      remedy: 'give the cluster `authenticationMode: eks.AuthenticationMode.API_AND_CONFIG_MAP`, or `API`, which cannot be taken '
        + 'back',
    });
  }
}
