import {
  type CfnVPC, type IInterfaceVpcEndpoint,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService, type ISecurityGroup, type ISubnet, type IVpc, Peer,
  Port, SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Fn, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib/core';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { endpointResource, isForSecretsManager, resourceOf } from './endpoint-resource';
import type { EndpointChoice, NetworkFacts } from './network-facts';
import { secretArnPattern } from '../../core/arn';
import { ConflictError, ValidationError } from '../../core/errors';
import { shortId } from '../../core/inner-path';
import { onceFor } from '../../core/once';

/** The way to Secrets Manager, as a rotation function needs to know it. */
export interface RotationEndpoint {
  /** Where the Region's public name does not lead to the endpoint. */
  readonly url?: string;
  readonly endpoint?: IInterfaceVpcEndpoint;
  /** Groups that must let the functions in; none where the way leads out of the VPC, or the groups are not known. */
  readonly securityGroups: ISecurityGroup[];
  /** What must exist before a function is run. */
  readonly dependencies: IDependable[];
}

const ROTATION_ACTIONS = [
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
  'secretsmanager:ListSecretVersionIds',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecretVersionStage',
];

/**
 * The way to Secrets Manager from a network, with an endpoint below the platform where one is to be made: at most one for each
 * VPC.
 */
export function rotationEndpoint(platform: Construct, network: NetworkFacts): RotationEndpoint {
  switch (network.endpoint.kind) {
    case 'existing': {
      const { endpoint } = network.endpoint;
      refuseUnusable(platform, network.vpc, endpoint);
      return { endpoint, securityGroups: endpoint.connections.securityGroups, dependencies: [endpoint] };
    }
    case 'natOrProxy':
      return { securityGroups: [], dependencies: [network.vpc.selectSubnets(network.subnets).internetConnectivityEstablished] };
    default:
      return ownEndpoint(platform, network, network.endpoint.kind);
  }
}

function ownEndpoint(platform: Construct, network: NetworkFacts, kind: OwnKind): OwnEndpoint {
  const { vpc } = network;
  const isKnown = !Token.isUnresolved(vpc.vpcId);
  const id = `Endpoint-${isKnown ? vpc.vpcId : shortId(platform, vpc)}`;
  const key = isKnown ? vpc.vpcId : vpc.node.path;
  // By VPC, which has room for one endpoint with private DNS.
  const inVpc = onceFor(platform.node.root, 'endpoints with private DNS', () => new Map<string, OwnEndpoint>());
  const shared = kind === 'vpc' && !isPending(network) ? inVpc.get(key) : undefined;
  if (shared && Stack.of(shared) !== Stack.of(platform)) {
    throw new ConflictError(platform, `\`SecretsManagerEndpoint.forVpc()\`: the VPC '${vpc.node.path}' has such an endpoint `
      + `already, made in another stack at '${shared.node.path}'`,
    'a VPC has room for one: make it in a stack that both depend on, and pass SecretsManagerEndpoint.existing(endpoint)');
  }
  const existing = shared ?? platform.node.tryFindChild(id) as OwnEndpoint | undefined;
  if (existing && existing.kind !== kind) {
    throw new ConflictError(
      platform,
      `the networks of the VPC '${vpc.node.path}' ask for SecretsManagerEndpoint.forRotationOnly() and for .forVpc()`,
      'one endpoint in a VPC is enough: give all RotationNetworks of the VPC the same endpoint',
    );
  }
  const endpoint = existing ?? new OwnEndpoint(platform, id, network, kind);
  if (kind === 'vpc') {
    inVpc.set(key, endpoint);
  }
  return endpoint;
}

type OwnKind = Extract<EndpointChoice['kind'], 'rotationOnly' | 'vpc'>;

/** An interface endpoint that a platform makes. */
export class OwnEndpoint extends Construct implements RotationEndpoint {
  readonly kind: OwnKind;
  readonly url?: string;
  readonly endpoint: InterfaceVpcEndpoint;
  readonly securityGroups: ISecurityGroup[];
  readonly dependencies: IDependable[];

  constructor(scope: Construct, id: string, network: NetworkFacts, kind: OwnKind) {
    super(scope, id);
    this.kind = kind;
    const { vpc } = network;
    const forAll = kind === 'vpc';
    const securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      allowAllOutbound: false,
      description: forAll ? 'Secrets Manager endpoint of the VPC' : 'Secrets Manager endpoint of rotation functions',
    });
    if (forAll) {
      refuseWithoutDns(this, vpc);
      refuseSecondPrivateDns(this, vpc);
      securityGroup.addIngressRule(Peer.ipv4(rangeOf(this, vpc)), Port.tcp(443), 'HTTPS from the VPC');
    }
    this.endpoint = new InterfaceVpcEndpoint(this, 'Resource', {
      vpc,
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      subnets: { subnets: onePerZone(network.subnets.subnets) },
      privateDnsEnabled: forAll,
      open: false,
      securityGroups: [securityGroup],
    });
    this.endpoint.addToPolicy(new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: forAll ? ['secretsmanager:*'] : ROTATION_ACTIONS,
      resources: [forAll ? '*' : secretArnPattern(this)],
      conditions: {
        StringEquals: {
          'aws:PrincipalAccount': Stack.of(this).account,
          // Rotation is about secrets that the resource says already.
          ...(forAll && { 'aws:ResourceAccount': Stack.of(this).account }),
        },
      },
    }));
    // Documented order: the name for the whole Region comes first, as `<hosted zone>:<name>`.
    this.url = forAll ? undefined : `https://${Fn.select(1, Fn.split(':', Fn.select(0, this.endpoint.vpcEndpointDnsEntries)))}`;
    this.securityGroups = [securityGroup];
    this.dependencies = [this.endpoint];
  }
}

/** One with private DNS that the user gave to the VPC, before or later, wherever in the app, would make the deployment fail. */
function refuseSecondPrivateDns(endpoint: OwnEndpoint, vpc: IVpc): void {
  const conflict = (candidates: IConstruct[]) => {
    const other = candidates.find((candidate) => {
      const resource = endpointResource(candidate);
      return (
        candidate !== endpoint.endpoint
        && resource?.vpcId === vpc.vpcId
        && resource.privateDnsEnabled === true
        && isForSecretsManager(resource)
      );
    });
    return other && new ConflictError(endpoint, '`SecretsManagerEndpoint.forVpc()`: the VPC has an endpoint for Secrets Manager '
      + `with private DNS already at '${other.node.path}'`,
    'a VPC has room for one: pass SecretsManagerEndpoint.existing(endpoint)');
  };
  const now = conflict(vpc.node.children);
  if (now) {
    throw now;
  }
  // A search of the app for each endpoint, of which a VPC has one.
  endpoint.node.addValidation({
    validate: () => [conflict(endpoint.node.root.node.findAll())].flatMap((error) => error?.message ?? []),
  });
}

/** An endpoint of the app through which no function would reach Secrets Manager. */
function refuseUnusable(platform: Construct, vpc: IVpc, endpoint: IInterfaceVpcEndpoint): void {
  const resource = endpointResource(endpoint);
  if (!resource) {
    return;
  }
  const property = `\`SecretsManagerEndpoint.existing(endpoint)\` '${endpoint.node.path}'`;
  if (!isForSecretsManager(resource)) {
    throw new ConflictError(
      platform,
      `${property} is one for another service`,
      'pass an endpoint for InterfaceVpcEndpointAwsService.SECRETS_MANAGER',
    );
  }
  if (resource.privateDnsEnabled === false) {
    throw new ConflictError(platform, `${property} has no private DNS, and the Region's name does not lead to it`,
      'give it private DNS, or use SecretsManagerEndpoint.forRotationOnly()');
  }
  if (isAnother(vpc.vpcId, resource.vpcId)) {
    throw new ConflictError(
      platform,
      `${property} is in another VPC than '${vpc.node.path}'`,
      'pass an endpoint of the VPC of the network',
    );
  }
}

/** Whether two ids are known to be of two VPCs: as text, or as two VPCs of the app. */
function isAnother(one: string, other: string): boolean {
  const [mine, its] = [one, other].map((id) => Token.isUnresolved(id) ? vpcBehind(id) : id);
  return mine !== undefined && its !== undefined && typeof mine === typeof its && mine !== its;
}

function vpcBehind(vpcId: string): IConstruct | undefined {
  const token = Tokenization.reverseString(vpcId).firstToken;
  const target = Reference.isReference(token) ? token.target : undefined;
  return target && (target as Partial<CfnVPC>).cfnResourceType === 'AWS::EC2::VPC' ? target : undefined;
}

/** CloudFormation would find out only while it deploys. */
function refuseWithoutDns(endpoint: OwnEndpoint, vpc: IVpc): void {
  const resource = resourceOf(vpc, 'AWS::EC2::VPC') as CfnVPC | undefined;
  if (resource?.enableDnsSupport === false || resource?.enableDnsHostnames === false) {
    throw new ConflictError(endpoint, `\`SecretsManagerEndpoint.forVpc()\` needs private DNS, but the VPC '${vpc.node.path}' has `
      + 'no DNS support or no DNS host names',
    'set enableDnsSupport and enableDnsHostnames of the VPC, or use SecretsManagerEndpoint.forRotationOnly()');
  }
}

/** The literal range where there is one: rule checkers cannot judge an attribute. */
function rangeOf(scope: IConstruct, vpc: IVpc): string {
  const literal = (resourceOf(vpc, 'AWS::EC2::VPC') as CfnVPC | undefined)?.cidrBlock;
  if (literal !== undefined) {
    return literal;
  }
  try {
    return vpc.vpcCidrBlock;
  } catch {
    throw new ValidationError({
      scope,
      property: 'SecretsManagerEndpoint.forVpc()',
      got: 'for a VPC that is imported without its address range',
      allowed: 'a VPC of the app, or one imported with vpcCidrBlock',
      remedy: "the endpoint lets in the VPC's addresses: give Vpc.fromVpcAttributes the vpcCidrBlock, or use "
        + 'SecretsManagerEndpoint.forRotationOnly()',
    });
  }
}

/** An endpoint takes one subnet of a zone. */
function onePerZone(subnets: ISubnet[]): ISubnet[] {
  const zones = new Map(
    subnets.map((subnet) => [subnets.length === 1 ? '' : subnet.availabilityZone, subnet] as const).reverse(),
  );
  return subnets.filter((subnet) => [...zones.values()].includes(subnet));
}

/** A lookup that has not run yet gives every VPC the same id. */
function isPending(network: NetworkFacts): boolean {
  return network.vpc.selectSubnets(network.subnets).isPendingLookup === true;
}
