import { SecurityGroup, Subnet, SubnetType, Vpc, type VpcProps } from 'aws-cdk-lib/aws-ec2';
import { App, Stack } from 'aws-cdk-lib/core';
import { RotationNetwork } from '../../../src/network/rotation-network';
import { SecretsManagerEndpoint } from '../../../src/network/secrets-manager-endpoint';

const kinds = (...types: SubnetType[]): VpcProps => ({
  natGateways: types.includes(SubnetType.PRIVATE_WITH_EGRESS) ? 1 : 0,
  subnetConfiguration: types.map((subnetType) => ({ name: subnetType, subnetType })),
});
const { PUBLIC, PRIVATE_WITH_EGRESS, PRIVATE_ISOLATED } = SubnetType;
const ALL = [PUBLIC, PRIVATE_WITH_EGRESS, PRIVATE_ISOLATED];

const stackOf = () => new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
const imported = (stack: Stack) => Vpc.fromVpcAttributes(stack, 'Imported', {
  vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-1'], isolatedSubnetIds: ['subnet-2'],
});

test.each([
  { has: [PUBLIC, PRIVATE_WITH_EGRESS], gets: 'privateSubnets', egress: 'internet', endpoint: 'natOrProxy' },
  { has: ALL, gets: 'privateSubnets', egress: 'internet', endpoint: 'natOrProxy' },
  { has: [PUBLIC, PRIVATE_ISOLATED], gets: 'isolatedSubnets', egress: 'none', endpoint: 'rotationOnly' },
  { has: [PRIVATE_ISOLATED], gets: 'isolatedSubnets', egress: 'none', endpoint: 'rotationOnly' },
] as const)('a VPC with $has: the functions are in its $gets, $endpoint', ({ has, gets, egress, endpoint }) => {
  const vpc = new Vpc(stackOf(), 'Vpc', kinds(...has));
  expect(RotationNetwork.of({ vpc })._facts).toEqual({
    vpc, subnets: { subnets: vpc[gets] }, egress, endpoint: { kind: endpoint }, securityGroup: undefined,
  });
});

test('subnets may be chosen, and a security group', () => {
  const stack = stackOf();
  const vpc = new Vpc(stack, 'Vpc', kinds(...ALL));
  const securityGroup = new SecurityGroup(stack, 'Group', { vpc });
  const {
    subnets,
    endpoint,
    securityGroup: used,
  } = RotationNetwork.of({ vpc, vpcSubnets: { subnetType: PRIVATE_ISOLATED }, securityGroup })._facts;
  expect(subnets).toEqual({ subnets: vpc.isolatedSubnets });
  expect(endpoint).toEqual({ kind: 'rotationOnly' });
  expect(used).toBe(securityGroup);
});

test('one isolated subnet among others has no way out, so there is an endpoint', () => {
  const vpc = new Vpc(stackOf(), 'Vpc', kinds(...ALL));
  const vpcSubnets = { subnets: [vpc.privateSubnets[0], vpc.isolatedSubnets[0]] };
  expect(RotationNetwork.of({ vpc, vpcSubnets })._facts).toMatchObject({ egress: 'none', endpoint: { kind: 'rotationOnly' } });
});

test('an endpoint may be wanted where there is a way out', () => {
  const vpc = new Vpc(stackOf(), 'Vpc');
  expect(RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.forVpc() })._facts)
    .toMatchObject({ egress: 'internet', endpoint: { kind: 'vpc' } });
});

test('of an imported VPC the user knows best', () => {
  const vpc = imported(stackOf());
  expect(
    RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.natOrProxy(), vpcSubnets: { subnetType: PRIVATE_ISOLATED } })
      ._facts,
  ).toMatchObject({ egress: 'internet', endpoint: { kind: 'natOrProxy' } });
  expect(
    RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.forRotationOnly(), vpcSubnets: { subnetType: PRIVATE_ISOLATED } })
      ._facts,
  ).toMatchObject({ egress: 'none', endpoint: { kind: 'rotationOnly' } });
});

test('imported subnets of an own VPC are taken with an endpoint', () => {
  const stack = stackOf();
  const vpc = new Vpc(stack, 'Vpc');
  const vpcSubnets = { subnets: [Subnet.fromSubnetId(stack, 'Subnet', 'subnet-1')] };
  expect(RotationNetwork.of({ vpc, vpcSubnets, endpoint: SecretsManagerEndpoint.forRotationOnly() })._facts.egress).toBe('none');
  expect(RotationNetwork.of({ vpc, vpcSubnets, endpoint: SecretsManagerEndpoint.natOrProxy() })._facts.egress).toBe('internet');
});

test('a lookup that has not run yet is not judged', () => {
  const vpc = Vpc.fromLookup(stackOf(), 'Vpc', { vpcName: 'main' });
  expect(RotationNetwork.of({ vpc })._facts.endpoint).toEqual({ kind: 'natOrProxy' });
  expect(RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.forVpc() })._facts.endpoint).toEqual({ kind: 'vpc' });
});

const CHOICES = 'SecretsManagerEndpoint.forRotationOnly(), .forVpc(), .existing(endpoint) or .natOrProxy()';

test.each<{ name: string; make: (stack: Stack) => unknown; message: string }>([
  {
    name: 'a VPC with public subnets only',
    make: (stack) => RotationNetwork.of({ vpc: new Vpc(stack, 'Vpc', kinds(PUBLIC)) }),
    message: '[Stack/Vpc] `RotationNetwork.of(vpcSubnets)` is "a selection with public subnets", allowed: private subnets, with '
      + 'egress or isolated; '
      + 'a function in a public subnet gets no public address and reaches nothing outside the VPC, Secrets Manager included; '
      + 'select private subnets, and add some',
  },
  {
    name: 'public subnets chosen',
    make: (stack) => RotationNetwork.of({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnetType: PUBLIC } }),
    message: 'is "a selection with public subnets"',
  },
  {
    name: 'no subnets',
    make: (stack) => RotationNetwork.of({ vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnets: [] } }),
    message: '[Stack/Vpc] `RotationNetwork.of(vpcSubnets)` is "a selection without subnets", allowed: private subnets',
  },
  {
    name: 'an imported VPC without a choice',
    make: (stack) => RotationNetwork.of({ vpc: imported(stack) }),
    message: `[Stack/Imported] \`RotationNetwork.of(endpoint)\` is not given, allowed: ${CHOICES}; the VPC of the network is `
      + 'imported, so routes, endpoints and sharing',
  },
  {
    name: 'imported subnets without a choice',
    make: (stack) =>
      RotationNetwork.of({
        vpc: new Vpc(stack, 'Vpc'),
        vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, 'Subnet', 'subnet-1')] },
      }),
    message: `[Stack/Vpc] \`RotationNetwork.of(endpoint)\` is not given, allowed: ${CHOICES}; the subnets of the network are `
      + 'imported, so',
  },
  {
    name: 'isolated subnets without an endpoint',
    make: (stack) =>
      RotationNetwork.of({ vpc: new Vpc(stack, 'Vpc', kinds(PRIVATE_ISOLATED)), endpoint: SecretsManagerEndpoint.natOrProxy() }),
    message: '[Stack/Vpc] `RotationNetwork.of(endpoint)` is "SecretsManagerEndpoint.natOrProxy()", allowed: '
      + 'SecretsManagerEndpoint.forRotationOnly(), .forVpc() or '
      + '.existing(endpoint) in isolated subnets; isolated subnets have no route out of the VPC, so nothing there reaches '
      + 'Secrets Manager; make an endpoint',
  },
])('$name is refused', ({ make, message }) => {
  expect(() => make(stackOf())).toThrow(message);
});
