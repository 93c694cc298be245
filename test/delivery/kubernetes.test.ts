import { Match, Template } from 'aws-cdk-lib/assertions';
import { Cluster, KubernetesVersion, type ServiceAccount } from 'aws-cdk-lib/aws-eks';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { CfnParameter, Duration, type Stack } from 'aws-cdk-lib/core';
import { ALTERNATING, databaseSecret, SINGLE, stackOf } from './delivery-scenario';
import { HardenedSecret, KubernetesIdentity, type Rotation, SecretContent } from '../../src';

/** A value that both take. */
const content = SecretContent.json({ user: 'app' }, 'password');
const clusterIn = (stack: Stack): Cluster => new Cluster(stack, 'Cluster', {
  version: KubernetesVersion.V1_32,
  kubectlLayer: LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:eu-west-1:111111111111:layer:kubectl:1'),
});
const accountIn = (cluster: Cluster): ServiceAccount => cluster.addServiceAccount('Account', { name: 'app', namespace: 'shop' });
/** The objects of a manifest, with references in place of what is known at deployment. */
const objectsOf = (stack: Stack, id: string): Record<string, any>[] => {
  const [manifest] = Object.entries(Template.fromStack(stack).findResources('Custom::AWSCDK-EKS-KubernetesResource'))
    .filter(([logicalId]) => logicalId.includes(id)).map(([, { Properties }]) => Properties.Manifest as unknown);
  const parts = (manifest as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  return JSON.parse(parts.map((part) => typeof part === 'string' ? part : 'REFERENCE').join('')) as Record<string, any>[];
};
const namesOf = (name: string): { name: string; namespace: string } => ({ name, namespace: 'shop' });
const granted = (stack: Stack): void => Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
  PolicyDocument: {
    Statement: Match.arrayWith([
      Match.objectLike({ Action: Match.arrayWith(['secretsmanager:GetSecretValue']) }),
      Match.objectLike({ Action: 'kms:Decrypt' }),
    ]),
  },
  Roles: [{ Ref: Match.stringLikeRegexp('ClusterAccount') }],
});

describe('toCsiDriver', () => {
  test('makes a SecretProviderClass, and lets the service account read', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    new HardenedSecret(stack, 'Secret').delivery.toCsiDriver(cluster, { name: 'database', serviceAccount: accountIn(cluster) });
    const [object] = objectsOf(stack, 'SecretProviderClass');
    expect(object).toMatchObject({
      apiVersion: 'secrets-store.csi.x-k8s.io/v1', kind: 'SecretProviderClass', metadata: namesOf('database'),
    });
    expect(object.spec).toEqual({ provider: 'aws', parameters: { region: 'eu-west-1', objects: expect.any(String) } });
    expect(JSON.parse(object.spec.parameters.objects as string))
      .toEqual([{ objectName: 'REFERENCE', objectType: 'secretsmanager', objectAlias: 'secret.json' }]);
    granted(stack);
  });

  test('says that pods have their own identity, and names the file', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    new HardenedSecret(stack, 'Secret').delivery.toCsiDriver(cluster, {
      name: 'database', serviceAccount: accountIn(cluster), identity: KubernetesIdentity.POD_IDENTITY, fileName: 'database.json',
    });
    const [{ spec: { parameters } }] = objectsOf(stack, 'SecretProviderClass');
    expect(parameters.usePodIdentity).toBe('true');
    expect(parameters.objects).toContain('"objectAlias":"database.json"');
  });

  test.each<[object, string]>([
    [{ name: 'Database' }, '[Stack/Cluster] `toCsiDriver(name)` is "Database", allowed: lower case letters, digits and -'],
    [{ fileName: '../x' }, '[Stack/Cluster] `toCsiDriver(fileName)` is "../x", allowed: letters, digits, -, . and _'],
    [{ fileName: '.' }, '`toCsiDriver(fileName)` is ".", allowed: letters, digits, -, . and _, not `.` or `..`'],
    [{ fileName: '..' }, '`toCsiDriver(fileName)` is "..", allowed: letters, digits, -, . and _, not `.` or `..`'],
  ])('refuses %j', (options, message) => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    const { delivery } = new HardenedSecret(stack, 'Secret');
    expect(() => delivery.toCsiDriver(cluster, { name: 'database', serviceAccount: accountIn(cluster), ...options }))
      .toThrow(message);
  });
});

test.each(['toCsiDriver', 'toExternalSecrets'] as const)('%s refuses a name that another secret has in the cluster', (method) => {
  const stack = stackOf();
  const cluster = clusterIn(stack);
  const serviceAccount = accountIn(cluster);
  const [one, other] = ['One', 'Other'].map((id) => new HardenedSecret(stack, id, { content }).delivery);
  one[method](cluster, { name: 'database', serviceAccount });
  expect(() => other[method](cluster, { name: 'database', serviceAccount })).toThrow("[Stack/Cluster] the objects 'database' of "
    + `another secret are in it already, in the namespace 'shop'; give ${method}() another \`name\``);
  expect(() => other[method](cluster, { name: 'reports', serviceAccount })).not.toThrow();
});

test.each([
  ['toCsiDriver', 'SecretProviderClass'], ['toExternalSecrets', 'ExternalSecret'],
] as const)('%s refuses the name of a manifest that is there, and one that the deployment knows', (method, kind) => {
  const stack = stackOf();
  const cluster = clusterIn(stack);
  const serviceAccount = accountIn(cluster);
  const { delivery } = new HardenedSecret(stack, 'Secret', { content });
  cluster.addManifest(`${kind}-database`, {});
  expect(() => delivery[method](cluster, { name: 'database', serviceAccount })).toThrow('[Stack/Cluster] its manifest '
    + `'${kind}-database' is another one; give ${method}() another \`name\`, in another namespace too: the resources of the stack`);
  const name = new CfnParameter(stack, 'Name').valueAsString;
  expect(() => delivery[method](cluster, { name, serviceAccount })).toThrow(
    new RegExp(`^\\[Stack/Cluster\\] \`${method}\\(name\\)\` is "\\$\\{Token.*", allowed: a name that is known at synthesis; give`),
  );
});

describe('toExternalSecrets', () => {
  test('makes a store that signs in as the service account, and a copy of all fields', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    databaseSecret(stack, ALTERNATING).delivery
      .toExternalSecrets(cluster, { name: 'database', serviceAccount: accountIn(cluster) });
    expect(objectsOf(stack, 'ExternalSecret')).toMatchObject([
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'SecretStore',
        metadata: namesOf('database'),
        spec: {
          provider: {
            aws: {
              service: 'SecretsManager', region: 'eu-west-1', auth: { jwt: { serviceAccountRef: { name: 'app' } } },
            },
          },
        },
      },
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: namesOf('database'),
        spec: {
          refreshInterval: '3600s',
          secretStoreRef: { kind: 'SecretStore', name: 'database' },
          target: { name: 'database', creationPolicy: 'Owner' },
          dataFrom: [{ extract: { key: 'REFERENCE' } }],
        },
      },
    ]);
    granted(stack);
  });

  test.each<[string, Rotation | undefined, Duration | undefined, string]>([
    ['a single user', SINGLE, undefined, '60s'],
    ['a rotation that is not known', undefined, undefined, '60s'],
    ['a time of the user', SINGLE, Duration.minutes(5), '300s'],
  ])('reads often where the former value is refused: %s', (_, rotation, refreshInterval, expected) => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    databaseSecret(stack, rotation).delivery
      .toExternalSecrets(cluster, { name: 'database', serviceAccount: accountIn(cluster), refreshInterval });
    expect(objectsOf(stack, 'ExternalSecret')[1].spec.refreshInterval).toBe(expected);
  });

  test('leaves signing in to the operator, where pods have their own identity', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    new HardenedSecret(stack, 'Secret', { content }).delivery.toExternalSecrets(cluster, {
      name: 'database', serviceAccount: accountIn(cluster), identity: KubernetesIdentity.POD_IDENTITY,
    });
    expect(objectsOf(stack, 'ExternalSecret')[0].spec.provider.aws).toEqual({ service: 'SecretsManager', region: 'eu-west-1' });
  });

  test('refuses a text, which has no fields to copy', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    const { delivery } = new HardenedSecret(stack, 'Secret', { content: SecretContent.generated() });
    expect(() => delivery.toExternalSecrets(cluster, { name: 'database', serviceAccount: accountIn(cluster) })).toThrow(
      "[Stack/Secret] `content` is \"a text\", allowed: a JSON object, for External Secrets and 'Stack/Cluster'; use",
    );
  });

  test('refuses an interval under ten seconds', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    const { delivery } = new HardenedSecret(stack, 'Secret', { content });
    expect(() => delivery.toExternalSecrets(cluster, {
      name: 'database', serviceAccount: accountIn(cluster), refreshInterval: Duration.seconds(9),
    })).toThrow('[Stack/Cluster] `toExternalSecrets(refreshInterval)` is "9 seconds", allowed: 10 seconds or more');
  });
});
