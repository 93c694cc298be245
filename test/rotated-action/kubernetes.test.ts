import { Template } from 'aws-cdk-lib/assertions';
import { AuthenticationMode, Cluster, type ICluster } from 'aws-cdk-lib/aws-eks';
import { CfnParameter, Stack } from 'aws-cdk-lib/core';
import { allowing, deployedActions, eksCluster, flat, GENERATED } from './support';
import { HardenedSecret, type KubernetesObjectOptions, RotatedAction } from '../../src';
import { testRefused } from '../support/refused';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const ORDERS = { name: 'orders', namespace: 'web' };
const { API, API_AND_CONFIG_MAP, CONFIG_MAP } = AuthenticationMode;

describe('objects of Kubernetes', () => {
  let stack: Stack;
  let cluster: ICluster;

  beforeEach(() => {
    stack = new Stack(testApp(), 'Stack', { env: ENV });
    cluster = eksCluster(stack, API_AND_CONFIG_MAP);
  });

  const secret = (id: string, secretName?: string): HardenedSecret => new HardenedSecret(stack, id, { ...GENERATED, secretName });
  /** The objects of the manifests of ours. */
  const manifests = (): Record<string, any>[][] =>
    Object.entries(Template.fromStack(stack).findResources('Custom::AWSCDK-EKS-KubernetesResource'))
      .filter(([id]) => id.includes('RotatedAction'))
      .map(([, { Properties }]) => JSON.parse(flat(Properties.Manifest)) as Record<string, any>[]);
  const entries = (): Record<string, any>[] =>
    Object.values(Template.fromStack(stack).findResources('AWS::EKS::AccessEntry')).map(({ Properties }) => Properties);

  test('a deployment is restarted: the function knows it by name, and may ask where the cluster is', () => {
    secret('Creds', 'creds').onRotated('Orders', RotatedAction.restartDeployment(cluster, ORDERS));
    const [deployed, ...others] = deployedActions(stack);
    expect(others).toEqual([]);
    expect(deployed.actions).toEqual([{
      id: expect.stringMatching(/^orders-[0-9a-f]{8}$/),
      action: 'restartDeployment',
      target: flat(stack.resolve(cluster.clusterName)),
      object: ORDERS,
      secrets: ['creds'],
    }]);
    expect(allowing(deployed, 'eks:DescribeCluster')).toEqual([{
      Sid: 'FindClusters', Effect: 'Allow', Action: 'eks:DescribeCluster', Resource: flat(stack.resolve(cluster.clusterArn)),
    }]);
    expect(deployed.statements.flatMap(({ Action }) => Action).filter((action) => String(action).startsWith('eks:')))
      .toEqual(['eks:DescribeCluster']);
  });

  test.each([
    ['restartDeployment', 'apps', 'deployments'],
    ['refreshExternalSecret', 'external-secrets.io', 'externalsecrets'],
  ] as const)('%s: a role in Kubernetes that may patch this one object, for the function alone', (action, apiGroup, resource) => {
    secret('Creds').onRotated('Orders', RotatedAction[action](cluster, ORDERS));
    const [[role, binding], ...others] = manifests();
    expect(others).toEqual([]);
    expect(role).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: expect.objectContaining({
        namespace: 'web',
        name: expect.stringMatching(/^rotated-action-[0-9a-f]{8}-<SecretsPlatformRotatedActionsFunctionRole[0-9A-F]{8}>$/),
      }),
      rules: [{ apiGroups: [apiGroup], resources: [resource], resourceNames: ['orders'], verbs: ['patch'] }],
    });
    const { id } = only(Template.fromStack(stack), 'AWS::IAM::Role', 'SecretsPlatformRotatedActionsFunctionRole');
    const [entry] = entries();
    expect(entry).toEqual({
      ClusterName: stack.resolve(cluster.clusterName),
      PrincipalArn: { 'Fn::GetAtt': [id, 'Arn'] },
      KubernetesGroups: [{ 'Fn::Join': ['', ['rotated-actions-', { Ref: id }]] }],
      Type: 'STANDARD',
    });
    expect(binding).toMatchObject({
      kind: 'RoleBinding',
      metadata: { namespace: 'web', name: role.metadata.name },
      subjects: [{ kind: 'Group', name: flat(entry.KubernetesGroups[0]), apiGroup: 'rbac.authorization.k8s.io' }],
      roleRef: { kind: 'Role', name: role.metadata.name, apiGroup: 'rbac.authorization.k8s.io' },
    });
  });

  test('several objects and secrets: one access entry, and a role for each object', () => {
    const [one, two] = [secret('One', 'one'), secret('Two', 'two')];
    one.onRotated('Orders', RotatedAction.restartDeployment(cluster, ORDERS));
    two.onRotated('Orders', RotatedAction.restartDeployment(cluster, ORDERS));
    two.onRotated('Copy', RotatedAction.refreshExternalSecret(cluster, ORDERS));
    two.onRotated('Elsewhere', RotatedAction.restartDeployment(cluster, { name: 'orders' }));
    const [{ actions }] = deployedActions(stack);
    expect(actions.map(({ action, object, secrets }) => [action, object?.namespace, secrets])).toEqual([
      ['restartDeployment', 'web', ['one', 'two']],
      ['refreshExternalSecret', 'web', ['two']],
      ['restartDeployment', 'default', ['two']],
    ]);
    expect(new Set(actions.map(({ id }) => id)).size).toBe(3);
    expect(entries()).toHaveLength(1);
    expect(new Set(manifests().map(([role]) => role.metadata.name)).size).toBe(3);
  });

  test('a name that is known at deployment passes', () => {
    const name = new CfnParameter(stack, 'Name').valueAsString;
    secret('Creds').onRotated('Orders', RotatedAction.restartDeployment(cluster, { name }));
    const [{ actions: [{ id, object }] }] = deployedActions(stack);
    expect(id).toMatch(/^Shop-[0-9a-f]{8}$/);
    expect(object).toEqual({ namespace: 'default', name: '<Name>' });
    expect(manifests()[0][0].rules[0].resourceNames).toEqual(['<Name>']);
  });

  test('two clusters have an entry each', () => {
    const imported = Cluster.fromClusterAttributes(stack, 'Imported', {
      clusterName: 'other',
      kubectlRoleArn: 'arn:aws:iam::111111111111:role/kubectl',
      kubectlLayer: (cluster as Cluster).kubectlLayer,
    });
    const creds = secret('Creds');
    creds.onRotated('One', RotatedAction.restartDeployment(cluster, ORDERS));
    creds.onRotated('Two', RotatedAction.restartDeployment(imported, ORDERS));
    expect(entries().map(({ ClusterName }) => ClusterName as unknown)).toEqual([stack.resolve(cluster.clusterName), 'other']);
  });

  test('stacks that import a cluster share neither a group nor an object in it, whatever their ids', () => {
    const stacks = ['One', 'Two'].map((id) => new Stack(stack.node.root, id, { env: ENV }));
    for (stack of stacks) {
      const shared = Cluster.fromClusterAttributes(stack, 'Shared', {
        clusterName: 'shared',
        kubectlRoleArn: 'arn:aws:iam::111111111111:role/kubectl',
        kubectlLayer: (cluster as Cluster).kubectlLayer,
      });
      secret('Creds').onRotated('Orders', RotatedAction.restartDeployment(shared, ORDERS));
    }
    for (stack of stacks) {
      // CloudFormation calls a role by its stack.
      const { id: role } = only(Template.fromStack(stack), 'AWS::IAM::Role', 'SecretsPlatformRotatedActionsFunctionRole');
      const [[{ metadata }, { subjects }]] = manifests();
      expect([metadata.name, subjects[0].name, flat(entries()[0].KubernetesGroups[0])])
        .toEqual([expect.stringContaining(`-<${role}>`), `rotated-actions-<${role}>`, `rotated-actions-<${role}>`]);
    }
  });

  test('an imported cluster in which nothing can be made is refused', () => {
    const imported = Cluster.fromClusterAttributes(stack, 'Imported', { clusterName: 'other' });
    expect(messageOf(() => secret('Creds').onRotated('One', RotatedAction.restartDeployment(imported, ORDERS))))
      .toContain('[Stack/Imported] the AWS CDK cannot make objects in the imported cluster; import it with its');
  });

  test('access entries alone are enough', () => {
    const other = new Stack(testApp(), 'Stack', { env: ENV });
    const creds = new HardenedSecret(other, 'Creds', GENERATED);
    creds.onRotated('Orders', RotatedAction.restartDeployment(eksCluster(other, API), ORDERS));
    Template.fromStack(other).resourceCountIs('AWS::EKS::AccessEntry', 1);
  });

  test.each([undefined, CONFIG_MAP])('a cluster without access entries (%s) is refused', (mode) => {
    const other = new Stack(testApp(), 'Stack', { env: ENV });
    const creds = new HardenedSecret(other, 'Creds', GENERATED);
    const old = eksCluster(other, mode);
    expect(messageOf(() => creds.onRotated('Orders', RotatedAction.refreshExternalSecret(old, ORDERS)))).toBe(
      "[Stack/Creds/OnRotated/Orders] `RotatedAction.refreshExternalSecret(cluster)` is 'Stack/Shop', allowed: a cluster with "
      + 'access entries; give the cluster `authenticationMode: eks.AuthenticationMode.API_AND_CONFIG_MAP`, or `API`, '
      + 'which cannot be taken back',
    );
  });
});

const act = (object: KubernetesObjectOptions) => (stack: Stack): void =>
  new HardenedSecret(stack, 'Secret', GENERATED)
    .onRotated('Act', RotatedAction.restartDeployment(eksCluster(stack, API), object));

testRefused(4, [
  ...['Orders', '../orders', '', 'x'.repeat(254)].map((name) => ({
    name: `a deployment that is called '${name.slice(0, 20)}'`,
    act: act({ name }),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.restartDeployment(deployment.name)',
    got: JSON.stringify(name),
    allowed: 'lower case letters, digits, - and .',
    remedy: 'give the name that it has',
  })),
  {
    name: 'a namespace with a dot',
    act: act({ name: 'orders', namespace: 'a.b' }),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.restartDeployment(deployment.namespace)',
    got: '"a.b"',
    allowed: 'lower case letters, digits and -',
    remedy: 'give the name that it has',
  },
]);
