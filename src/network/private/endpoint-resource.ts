import type { CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The resource of a construct, where it is of a type. */
export function resourceOf(construct: IConstruct, type: string): CfnResource | undefined {
  const resource = construct.node.defaultChild;
  return resource && CfnResource.isCfnResource(resource) && resource.cfnResourceType === type ? resource : undefined;
}

/** The resource of an endpoint of the app. */
export function endpointResource(construct: IConstruct): CfnVPCEndpoint | undefined {
  return resourceOf(construct, 'AWS::EC2::VPCEndpoint') as CfnVPCEndpoint | undefined;
}

/** Whether an endpoint leads to Secrets Manager. */
export function isForSecretsManager(endpoint: CfnVPCEndpoint): boolean {
  // The Region in the name is a reference where the stack names none.
  return `${JSON.stringify(Stack.of(endpoint).resolve(endpoint.serviceName))}`.includes('.secretsmanager"');
}
