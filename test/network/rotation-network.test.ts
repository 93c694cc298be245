import { InterfaceVpcEndpoint, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { App, Stack } from 'aws-cdk-lib/core';
import { RotationNetwork } from '../../src/network/rotation-network';
import { SecretsManagerEndpoint } from '../../src/network/secrets-manager-endpoint';

test('a network is what the user said', () => {
  const stack = new Stack(new App(), 'Stack');
  const vpc = new Vpc(stack, 'Vpc');
  const securityGroup = new SecurityGroup(stack, 'Group', { vpc });
  const endpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', {
    vpcEndpointId: 'vpce-1',
    port: 443,
  });
  const network = RotationNetwork.of({
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    endpoint: SecretsManagerEndpoint.existing(endpoint),
    securityGroup,
  });
  expect(network._facts).toEqual({
    vpc, subnets: { subnets: vpc.privateSubnets }, egress: 'internet', endpoint: { kind: 'existing', endpoint }, securityGroup,
  });
});

test('a refusal carries the path of the VPC', () => {
  const vpc = Vpc.fromVpcAttributes(new Stack(new App(), 'Stack'), 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['a'],
    privateSubnetIds: ['subnet-1'],
  });
  expect(() => RotationNetwork.of({ vpc })).toThrow('[Stack/Vpc] `RotationNetwork.of(endpoint)` is not given');
});
