import { Template } from 'aws-cdk-lib/assertions';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { GuardRail, HardenedSecret, Rotation, RotationNetwork, SecretEncryption, SecretReplica, SecretsPlatform } from '../src';
import { isolatedVpc, only, testApp } from './support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

test('a secret says what differs from its platform, and takes the rest from there', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const platform = new SecretsPlatform(stack, 'Platform', {
    platformName: 'team',
    defaults: {
      encryption: SecretEncryption.awsManagedKey(),
      guardRails: [GuardRail.tlsOnly(), GuardRail.organization('o-abcdefghij')],
      replicas: [SecretReplica.inRegion('eu-west-1')],
      removalPolicy: RemovalPolicy.DESTROY,
    },
  });
  new HardenedSecret(stack, 'Same', { platform, rotation: Rotation.none('test') });
  new HardenedSecret(stack, 'Other', {
    platform,
    rotation: Rotation.none('test'),
    encryption: SecretEncryption.sharedKey(),
    guardRails: [],
    replicas: [],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const template = Template.fromStack(stack);
  expect(only(template, 'AWS::SecretsManager::Secret', 'Same').resource)
    .toMatchObject({ DeletionPolicy: 'Delete', Properties: { ReplicaRegions: [{ Region: 'eu-west-1' }] } });
  expect(only(template, 'AWS::SecretsManager::Secret', 'Same').resource.Properties.KmsKeyId).toBeUndefined();
  expect(only(template, 'AWS::SecretsManager::ResourcePolicy').resource.Properties.ResourcePolicy.Statement).toHaveLength(2);
  const other = only(template, 'AWS::SecretsManager::Secret', 'Other').resource;
  expect(other.DeletionPolicy).toBe('Retain');
  expect(other.Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [only(template, 'AWS::KMS::Key').id, 'Arn'] });
  expect(other.Properties.ReplicaRegions).toBeUndefined();
});

test('the functions run in the network of the platform', () => {
  const stack = new Stack(testApp(), 'Stack', { env: ENV });
  const vpc = isolatedVpc(stack);
  const platform = new SecretsPlatform(stack, 'Platform', { defaults: { network: RotationNetwork.of({ vpc }) } });
  new HardenedSecret(stack, 'Token', { platform, rotation: Rotation.regenerate() });
  expect(only(Template.fromStack(stack), 'AWS::Lambda::Function').resource.Properties.VpcConfig.SubnetIds)
    .toEqual(vpc.isolatedSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
});
