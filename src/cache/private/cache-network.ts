import { CfnVPCEndpoint, type IInterfaceVpcEndpoint, InterfaceVpcEndpoint, type ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Fn, Stack } from 'aws-cdk-lib/core';
import type { Construct, IConstruct, IDependable } from 'constructs';
import type { CacheUserFacts } from './cache-user-facts';
import { ConflictError, ValidationError } from '../../core/errors';
import { attachToNetwork, type NetworkAttachment } from '../../network/private/attachment';
import type { NetworkFacts } from '../../network/private/network-facts';
import { connect, connectToAnyAddress } from '../../network/private/security-group-rules';

const HTTPS = 443;

/** Refuses what leaves a function without a way to the service or to the cluster. */
export function checkCacheNetwork(scope: IConstruct, user: CacheUserFacts, network: NetworkFacts | undefined): void {
  const { service, cluster, apiEndpoint } = user;
  if (!network) {
    if (cluster || apiEndpoint) {
      throw new ValidationError({
        scope,
        property: 'CacheUser(network)',
        got: undefined,
        allowed: 'RotationNetwork.of({ vpc })',
        remedy: `${cluster ? 'the cluster' : 'the endpoint'} is in a VPC: name the network of the function, or leave `
          + `${cluster ? 'the cluster' : 'the endpoint'} out`,
      });
    }
    return;
  }
  if (cluster && cluster.securityGroups.length === 0 && !network.securityGroup) {
    throw new ValidationError({
      scope,
      property: 'CacheUser(cluster.securityGroups)',
      got: [],
      allowed: 'at least one security group of the cluster',
      remedy: 'without one nothing lets the function in; give the groups of the cluster, or give RotationNetwork.of a '
        + 'securityGroup of yours that may reach it',
    });
  }
  if (!apiEndpoint && network.endpoint.kind !== 'natOrProxy') {
    throw new ValidationError({
      scope,
      property: 'CacheUser(apiEndpoint)',
      got: undefined,
      allowed: `an interface endpoint for com.amazonaws.<region>.${service.endpointName} in the VPC '${network.vpc.node.path}'`,
      remedy: `the function changes the user by the API of ${service.title}, and nothing leads there from a network that has an `
        + 'endpoint for Secrets Manager only; '
        + 'give the apiEndpoint, or a network with SecretsManagerEndpoint.natOrProxy()',
    });
  }
  if (apiEndpoint) {
    refuseOtherService(scope, user, apiEndpoint);
  }
}

/** Makes a place for a function in a network, with its paths to the service and to the cluster. */
export function attachToCache(
  scope: Construct,
  functions: Construct,
  user: CacheUserFacts,
  network: NetworkFacts,
): NetworkAttachment {
  const { service, cluster, apiEndpoint } = user;
  const attachment = attachToNetwork(scope, functions, network);
  const { securityGroup } = attachment;
  const rules = network.securityGroup ? functions : scope;
  const toCluster = cluster
    ? connect(rules, securityGroup, { ...cluster, id: 'cluster', purpose: 'Rotation to the cluster' })
    : [];
  const toService = apiEndpoint ? connectToApi(rules, securityGroup, apiEndpoint, service.title) : [];
  return { ...attachment, dependencies: [...attachment.dependencies, ...toCluster, ...toService] };
}

/** URL of an endpoint that the Region's name does not lead to. */
export function apiUrlOf(endpoint: IInterfaceVpcEndpoint | undefined): string | undefined {
  const resource = endpoint?.node.defaultChild;
  // Documented order: the name for the whole Region comes first, as `<hosted zone>:<name>`.
  return endpoint instanceof InterfaceVpcEndpoint && resource instanceof CfnVPCEndpoint && resource.privateDnsEnabled === false
    ? `https://${Fn.select(1, Fn.split(':', Fn.select(0, endpoint.vpcEndpointDnsEntries)))}` : undefined;
}

function connectToApi(rules: Construct, from: ISecurityGroup, endpoint: IInterfaceVpcEndpoint, title: string): IDependable[] {
  const { securityGroups } = endpoint.connections;
  const purpose = `Rotation to ${title}`;
  const path = securityGroups.length > 0
    ? connect(rules, from, { securityGroups, port: HTTPS, id: 'https', purpose })
    : connectToAnyAddress(rules, from, HTTPS, purpose);
  return [endpoint, ...path];
}

/** An endpoint of the app through which no function would reach the service. */
function refuseOtherService(scope: IConstruct, { service }: CacheUserFacts, endpoint: IInterfaceVpcEndpoint): void {
  const resource = endpoint.node.defaultChild;
  // The Region in the name is a reference where the stack names none.
  if (
    resource instanceof CfnVPCEndpoint
    && !JSON.stringify(Stack.of(resource).resolve(resource.serviceName)).includes(`.${service.endpointName}"`)
  ) {
    throw new ConflictError(
      scope,
      `\`CacheUser(apiEndpoint)\` '${endpoint.node.path}' is one for another service`,
      `pass an endpoint for com.amazonaws.<region>.${service.endpointName}`,
    );
  }
}
