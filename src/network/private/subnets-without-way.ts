import { type CfnVPCEndpoint, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnResource, Resource, Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { OwnEndpoint } from './endpoint';
import { isForSecretsManager } from './endpoint-resource';
import { onceFor } from '../../core/once';
import { referencesIn } from '../../core/references';

/** The resources that lead out of the subnets of a route table, and the property that names the table. */
const ROUTES = [['AWS::EC2::Route', 'routeTableId'], ['AWS::EC2::VPNGatewayRoutePropagation', 'routeTableIds']] as const;

/**
 * The resources of the subnets from which nothing reaches Secrets Manager, as far as the app is certain of it: isolated subnets
 * of a VPC of the app, without a route and without an endpoint that readers can use. One search for a stage.
 */
export function subnetsWithoutWay(scope: IConstruct): ReadonlySet<IConstruct> {
  const stage = Stage.of(scope)!;
  return onceFor(stage, 'subnets without a way', () => {
    const all = stage.node.findAll();
    // Nobody knows which VPC an imported endpoint is in.
    return all.some(isImportedEndpoint) ? new Set() : search(all);
  });
}

function search(all: IConstruct[]): Set<IConstruct> {
  const routed = new Set(ROUTES.flatMap(([type, property]) => all.filter((construct) => isOfType(construct, type))
    .flatMap((route) => referencesIn(route, (route as unknown as Record<string, unknown>)[property]))));
  const reached = new Set(all.filter(isWay).flatMap((endpoint) => referencesIn(endpoint, endpoint.vpcId)));
  const vpcs = all.filter((construct): construct is Vpc => construct instanceof Vpc);
  const subnets = vpcs.filter((vpc) => !reached.has(vpc.node.defaultChild!)).flatMap((vpc) => vpc.isolatedSubnets);
  return new Set(subnets
    .filter((subnet) => !referencesIn(subnet, subnet.routeTable.routeTableId).some((table) => routed.has(table)))
    .map((subnet) => subnet.node.defaultChild!));
}

/** Whether readers can use an endpoint; one for rotation only has no name that they know, and does not let them in. */
function isWay(construct: IConstruct): construct is CfnVPCEndpoint {
  return isOfType(construct, 'AWS::EC2::VPCEndpoint') && isForSecretsManager(construct as CfnVPCEndpoint)
    && !construct.node.scopes.some((scope) => scope instanceof OwnEndpoint && scope.kind === 'rotationOnly');
}

function isOfType(construct: IConstruct, type: string): boolean {
  return CfnResource.isCfnResource(construct) && construct.cfnResourceType === type;
}

function isImportedEndpoint(construct: IConstruct): boolean {
  return 'vpcEndpointId' in construct && Resource.isResource(construct) && !Resource.isOwnedResource(construct);
}
