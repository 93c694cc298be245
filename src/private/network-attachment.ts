import { SecurityGroup, type ISecurityGroup, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct, IDependable } from 'constructs';
import type { DatabaseTargetFacts } from './database-facts';
import type { NetworkFacts } from './network-facts';
import { connectToDatabase, connectToSecretsManager } from './network-path';
import { rotationEndpoint } from './rotation-endpoint';

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

/** Makes a place for a function: its security group, the endpoint, the rules that let it through. Endpoints are shared below `functions`. */
export function attachToNetwork(scope: Construct, functions: Construct, network: NetworkFacts, database?: DatabaseTargetFacts): NetworkAttachment {
  const endpoint = rotationEndpoint(functions, network);
  // Rules of a group that several functions share are made once, at a path that no single function decides.
  const rules = network.securityGroup ? functions : scope;
  const securityGroup = network.securityGroup ?? new SecurityGroup(scope, 'SecurityGroup', {
    vpc: network.vpc,
    allowAllOutbound: false,
    description: database ? `Rotation function of ${database.id}` : 'Rotation function',
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
      ...database ? connectToDatabase(rules, securityGroup, database, network) : [],
    ],
  };
}
