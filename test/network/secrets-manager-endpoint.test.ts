import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Stack } from 'aws-cdk-lib/core';
import { SecretsManagerEndpoint } from '../../src/network/secrets-manager-endpoint';

test('each factory is a choice of its own', () => {
  const endpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(new Stack(), 'Endpoint', {
    vpcEndpointId: 'vpce-1',
    port: 443,
  });
  expect(SecretsManagerEndpoint.forRotationOnly()._choice).toEqual({ kind: 'rotationOnly' });
  expect(SecretsManagerEndpoint.forVpc()._choice).toEqual({ kind: 'vpc' });
  expect(SecretsManagerEndpoint.existing(endpoint)._choice).toEqual({ kind: 'existing', endpoint });
  expect(SecretsManagerEndpoint.natOrProxy()._choice).toEqual({ kind: 'natOrProxy' });
});
