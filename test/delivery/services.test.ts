import { Template } from 'aws-cdk-lib/assertions';
import { BuildSpec, Project } from 'aws-cdk-lib/aws-codebuild';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Fn, Stack } from 'aws-cdk-lib/core';
import { stackOf } from './delivery-scenario';
import { HardenedSecret, SecretDelivery, SecretEncryption } from '../../src';
import { messageOf, only } from '../support/scenario';

describe('toCodeBuildProject', () => {
  const projectIn = (stack: Stack, environmentVariables = {}): Project =>
    new Project(stack, 'Build', { buildSpec: BuildSpec.fromObject({ version: '0.2' }), environmentVariables });
  const variablesOf = (stack: Stack): unknown =>
    only(Template.fromStack(stack), 'AWS::CodeBuild::Project').resource.Properties.Environment.EnvironmentVariables;

  test('adds the variable and grants reading with the key', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret').delivery.toCodeBuildProject(projectIn(stack));
    expect(variablesOf(stack))
      .toEqual([{ Name: 'SECRET', Type: 'SECRETS_MANAGER', Value: { Ref: expect.stringMatching(/^Secret/) } }]);
    const actions = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
      .flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
  });

  test('leaves the variables that are there, and takes a field', () => {
    const stack = stackOf();
    const project = projectIn(stack, { STAGE: { value: 'test' } });
    const { delivery } = new HardenedSecret(stack, 'Secret');
    delivery.toCodeBuildProject(project, { environmentVariable: 'TOKEN', field: 'token' });
    expect(variablesOf(stack)).toEqual([
      { Name: 'STAGE', Type: 'PLAINTEXT', Value: 'test' },
      { Name: 'TOKEN', Type: 'SECRETS_MANAGER', Value: { 'Fn::Join': ['', [{ Ref: expect.anything() }, ':token']] } },
    ]);
    expect(() => delivery.toCodeBuildProject(project, { environmentVariable: 'TOKEN' }))
      .toThrow("[Stack/Build] its variable 'TOKEN' is that of the secret 'Stack/Secret' already");
  });
});

describe('toMskCluster', () => {
  const clusterIn = (stack: Stack): CfnCluster => new CfnCluster(stack, 'Cluster', {
    clusterName: 'orders',
    kafkaVersion: '3.8.x',
    numberOfBrokerNodes: 2,
    brokerNodeGroupInfo: { clientSubnets: ['subnet-1', 'subnet-2'], instanceType: 'kafka.m7g.large' },
  });
  const associated = (stack: Stack): { ids: unknown[]; dependsOn: string[] } => {
    const { resource } = only(Template.fromStack(stack), 'AWS::MSK::BatchScramSecret');
    expect(resource.Properties.ClusterArn).toEqual({ 'Fn::GetAtt': ['Cluster', 'Arn'] });
    return { ids: resource.Properties.SecretArnList, dependsOn: resource.DependsOn };
  };

  test('associates all secrets of a cluster in one list, after their policies', () => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    ['One', 'Other'].forEach((id) =>
      new HardenedSecret(stack, id, { secretName: `AmazonMSK_${id}` }).delivery.toMskCluster(cluster));
    const { ids, dependsOn } = associated(stack);
    expect(ids).toEqual([{ Ref: expect.stringMatching(/^One/) }, { Ref: expect.stringMatching(/^Other/) }]);
    expect(dependsOn).toEqual([expect.stringMatching(/^OnePolicy/), expect.stringMatching(/^OtherPolicy/)]);
  });

  test('lets Amazon MSK read, beside the guard rails', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret', { secretName: 'AmazonMSK_orders' }).delivery.toMskCluster(clusterIn(stack));
    const { resource } = only(Template.fromStack(stack), 'AWS::SecretsManager::ResourcePolicy');
    const { Statement } = resource.Properties.ResourcePolicy;
    expect(Statement).toContainEqual({
      Sid: 'AWSKafkaResourcePolicy',
      Effect: 'Allow',
      Principal: { Service: 'kafka.amazonaws.com' },
      Action: 'secretsmanager:GetSecretValue',
      Resource: '*',
    });
    expect((Statement as { Effect: string }[]).filter(({ Effect }) => Effect === 'Deny').length).toBeGreaterThan(0);
  });

  test('takes a secret of the AWS CDK with a key, and a name that is known at deployment', () => {
    const stack = new Stack(new App(), 'Stack');
    const secret = new Secret(stack, 'Plain', { encryptionKey: new Key(stack, 'Key'), secretName: Fn.importValue('name') });
    SecretDelivery.fromSecret(secret).toMskCluster(clusterIn(stack));
    expect(associated(stack).ids).toEqual([{ Ref: expect.stringMatching(/^Plain/) }]);
  });

  test.each<[string, (stack: Stack) => SecretDelivery, string]>([
    [
      'no name', (stack) => new HardenedSecret(stack, 'Secret').delivery,
      "[Stack/Secret] `secretName` is not given, allowed: a name that begins with AmazonMSK_, for 'Stack/Cluster'; give",
    ],
    [
      'another name', (stack) => new HardenedSecret(stack, 'Secret', { secretName: 'orders' }).delivery,
      '[Stack/Secret] `secretName` is "orders", allowed: a name that begins with AmazonMSK_',
    ],
    [
      'the key of Secrets Manager',
      (stack) => new HardenedSecret(stack, 'Secret', {
        secretName: 'AmazonMSK_orders', encryption: SecretEncryption.awsManagedKey(),
      }).delivery,
      "[Stack/Cluster] the secret 'Stack/Secret' is encrypted with the key of Secrets Manager, which Amazon MSK cannot use",
    ],
    [
      'another Region',
      (stack) => new HardenedSecret(
        new Stack(stack.node.root as App, 'Elsewhere', { env: { account: '111111111111', region: 'us-east-1' } }),
        'Secret', { secretName: 'AmazonMSK_orders' },
      ).delivery,
      "[Stack/Cluster] the secret 'Elsewhere/Secret' is in another account or Region",
    ],
    [
      'an imported secret',
      (stack) => SecretDelivery.fromSecret(Secret.fromSecretAttributes(stack, 'Imported', {
        secretCompleteArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:AmazonMSK_orders-AbCdEf',
        encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1234'),
      })),
      "[Stack/Cluster] the resource policy of the imported secret 'Stack/Imported' cannot be changed",
    ],
  ])('refuses %s', (_, deliveryIn, message) => {
    const stack = stackOf();
    const cluster = clusterIn(stack);
    expect(messageOf(() => deliveryIn(stack).toMskCluster(cluster))).toContain(message);
  });
});
