import type { IInterfaceVpcEndpoint, ISecurityGroup, ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Resource } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ValidationError } from '../../core/errors';

/** How a function in a VPC reaches Secrets Manager. */
export type EndpointChoice =
  | { readonly kind: 'rotationOnly' }
  | { readonly kind: 'vpc' }
  | { readonly kind: 'existing'; readonly endpoint: IInterfaceVpcEndpoint }
  | { readonly kind: 'natOrProxy' };

/** Where a rotation function runs. */
export interface NetworkFacts {
  readonly vpc: IVpc;
  /** Resolved: the subnets themselves. */
  readonly subnets: { readonly subnets: ISubnet[] };
  /** Whether the subnets have a way out of the VPC. */
  readonly egress: 'none' | 'internet';
  readonly endpoint: EndpointChoice;
  /** A group of the user's for the function; its rules are the user's too. */
  readonly securityGroup?: ISecurityGroup;
}

/** What the user said about a network. */
export interface NetworkInput {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly endpoint?: EndpointChoice;
  readonly securityGroup?: ISecurityGroup;
}

const CHOICES = 'SecretsManagerEndpoint.forRotationOnly(), .forVpc(), .existing(endpoint) or .natOrProxy()';

/** Resolves subnets and endpoint, and refuses networks in which a function reaches nothing. */
export function resolveNetwork(scope: IConstruct, input: NetworkInput): NetworkFacts {
  const { vpc, endpoint, securityGroup } = input;
  const selected = vpc.selectSubnets(input.vpcSubnets);
  const subnets = { subnets: selected.subnets };
  if (selected.isPendingLookup) {
    return { vpc, subnets, egress: 'internet', endpoint: endpoint ?? { kind: 'natOrProxy' }, securityGroup };
  }
  if (selected.subnets.length === 0 || selected.hasPublic) {
    throw new ValidationError({
      scope,
      property: 'RotationNetwork.of(vpcSubnets)',
      got: selected.hasPublic ? 'a selection with public subnets' : 'a selection without subnets',
      allowed: 'private subnets, with egress or isolated',
      remedy:
        'a function in a public subnet gets no public address and reaches nothing outside the VPC, Secrets Manager included; '
        + 'select private subnets, and add some where the VPC has none',
    });
  }
  const isolated = new Set(vpc.isolatedSubnets);
  const routed = new Set(vpc.privateSubnets);
  const known = selected.subnets.every((subnet) => isolated.has(subnet) || routed.has(subnet));
  const noEgress = selected.subnets.some((subnet) => isolated.has(subnet));
  const owned = Resource.isOwnedResource(vpc);
  if (!endpoint && !(owned && known)) {
    throw new ValidationError({
      scope,
      property: 'RotationNetwork.of(endpoint)',
      got: undefined,
      allowed: CHOICES,
      remedy: `${owned ? 'the subnets' : 'the VPC'} of the network ${owned ? 'are' : 'is'} imported, so routes, endpoints and `
        + 'sharing with other accounts cannot be seen; '
        + 'say how Secrets Manager is reached: pass network: RotationNetwork.of({ vpc, endpoint })',
    });
  }
  if (endpoint?.kind === 'natOrProxy' && owned && noEgress) {
    throw new ValidationError({
      scope,
      property: 'RotationNetwork.of(endpoint)',
      got: 'SecretsManagerEndpoint.natOrProxy()',
      allowed: 'SecretsManagerEndpoint.forRotationOnly(), .forVpc() or .existing(endpoint) in isolated subnets',
      remedy: 'isolated subnets have no route out of the VPC, so nothing there reaches Secrets Manager; make an endpoint, or '
        + 'select subnets with egress',
    });
  }
  const egress = endpoint?.kind === 'natOrProxy' || (known && !noEgress) ? 'internet' : 'none';
  return {
    vpc,
    subnets,
    egress,
    endpoint: endpoint ?? { kind: egress === 'none' ? 'rotationOnly' : 'natOrProxy' },
    securityGroup,
  };
}
