import { type ISecurityGroup, type IVpc, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct, IDependable } from 'constructs';
import { rotationEndpoint } from './endpoint';
import type { NetworkFacts } from './network-facts';
import { connect, connectToSecretsManager, type Destination } from './security-group-rules';

/** A rotation function's place in a network, with the paths that lead from it. */
export interface NetworkAttachment {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  /** URL of the Secrets Manager endpoint, where it is not the Region's public one. */
  readonly endpointUrl?: string;
  readonly vpcEndpointId?: string;
  /** Rules and endpoint: what must exist before the first rotation. */
  readonly dependencies: IDependable[];
}

/** What a function is attached for, beside Secrets Manager. */
export interface AttachmentOptions {
  /** @default 'Rotation function' */
  readonly description?: string;
  /** What the function has to reach. */
  readonly paths?: Destination[];
}

/**
 * Makes a place for a function: its security group, the endpoint, the rules that let it through. Endpoints are shared below
 * `functions`.
 */
export function attachToNetwork(
  scope: Construct, functions: Construct, network: NetworkFacts,
  { description = 'Rotation function', paths = [] }: AttachmentOptions = {},
): NetworkAttachment {
  const endpoint = rotationEndpoint(functions, network);
  // Rules of a group that several functions share are made once, at a path that no single function decides.
  const rules = network.securityGroup ? functions : scope;
  const securityGroup = network.securityGroup ?? new SecurityGroup(scope, 'SecurityGroup', {
    vpc: network.vpc,
    allowAllOutbound: false,
    description,
  });
  return {
    vpc: network.vpc,
    vpcSubnets: network.subnets,
    securityGroup,
    endpointUrl: endpoint.url,
    vpcEndpointId: endpoint.endpoint?.vpcEndpointId,
    dependencies: [
      ...endpoint.dependencies,
      ...connectToSecretsManager(rules, securityGroup, endpoint),
      ...paths.flatMap((path) => connect(rules, securityGroup, path)),
    ],
  };
}
