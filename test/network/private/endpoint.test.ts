import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  type IInterfaceVpcEndpoint,
  InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, IpAddresses, type IVpc, Peer, Subnet, SubnetType, Vpc, type VpcProps,
} from 'aws-cdk-lib/aws-ec2';
import { App, CfnResource, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { rotationEndpoint } from '../../../src/network/private/endpoint';
import { RotationNetwork, type RotationNetworkOptions } from '../../../src/network/rotation-network';
import { SecretsManagerEndpoint } from '../../../src/network/secrets-manager-endpoint';

const isolated: VpcProps = {
  natGateways: 0,
  subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }],
};

function setUp(vpcProps: VpcProps = isolated, stackProps: StackProps = {}) {
  const app = new App();
  const stack = new Stack(app, 'Stack', stackProps);
  const vpc = new Vpc(stack, 'Vpc', vpcProps);
  const platform = new Construct(stack, 'Platform');
  const reach = (endpoint?: SecretsManagerEndpoint, options: Partial<RotationNetworkOptions> = {}, scope = platform) =>
    rotationEndpoint(scope, RotationNetwork.of({ vpc, endpoint, ...options })._facts);
  return { app, stack, vpc, platform, reach };
}

describe('for rotation only', () => {
  test('the endpoint leaves name resolution alone and lets nobody in by itself', () => {
    const { stack, reach } = setUp();
    const { securityGroups } = reach();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      PrivateDnsEnabled: false,
      VpcEndpointType: 'Interface',
      SecurityGroupIds: [stack.resolve(securityGroups[0].securityGroupId)],
      ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.secretsmanager']] },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Secrets Manager endpoint of rotation functions',
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  test.each(['aws', 'aws-cn', 'aws-us-gov'])('its policy allows a rotation on secrets of the account, in %s', (partition) => {
    const region = { 'aws': 'eu-west-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition]!;
    const { stack, reach } = setUp(isolated, { env: { account: '111122223333', region } });
    reach();
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::VPCEndpoint', {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds',
            'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage',
          ],
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:secretsmanager:${region}:111122223333:secret:*`]] },
          Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
        }],
      },
    });
  });

  test('the URL is the endpoint\'s own first name', () => {
    const { stack, reach } = setUp();
    const { url, endpoint } = reach();
    const id = stack.getLogicalId(endpoint!.node.defaultChild as CfnResource);
    expect(stack.resolve(url)).toEqual({
      'Fn::Join': [
        '',
        ['https://', { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Select': [0, { 'Fn::GetAtt': [id, 'DnsEntries'] }] }] }] }],
      ],
    });
  });

  test('one serves all networks of the VPC, and another VPC gets another', () => {
    const { stack, platform, reach } = setUp();
    const other = new Vpc(stack, 'Other', isolated);
    expect(reach()).toBe(reach(SecretsManagerEndpoint.forRotationOnly()));
    expect(rotationEndpoint(platform, RotationNetwork.of({ vpc: other })._facts)).not.toBe(reach());
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  });

  test('each platform has its own', () => {
    const { stack, reach } = setUp();
    expect(reach()).not.toBe(reach(undefined, {}, new Construct(stack, 'Second')));
  });

  test('it takes one subnet of each zone', () => {
    const { stack, reach } = setUp({
      ...isolated, maxAzs: 2, subnetConfiguration: ['A', 'B'].map((name) => ({ name, subnetType: SubnetType.PRIVATE_ISOLATED })),
    });
    reach(undefined, { vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
    const [endpoint] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint'));
    expect(endpoint.Properties.SubnetIds)
      .toEqual([{ Ref: expect.stringContaining('ASubnet1') }, { Ref: expect.stringContaining('ASubnet2') }]);
  });

  test('a single imported subnet needs no zone', () => {
    const { stack, reach } = setUp();
    reach(SecretsManagerEndpoint.forRotationOnly(), {
      vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, 'Subnet', 'subnet-1')] },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::VPCEndpoint', { SubnetIds: ['subnet-1'] });
  });

  test('a schedule can wait for it', () => {
    const { stack, reach } = setUp();
    const { dependencies, endpoint } = reach();
    new CfnResource(stack, 'Schedule', { type: 'Test::Schedule' }).node.addDependency(...dependencies);
    Template.fromStack(stack).hasResource('Test::Schedule', {
      DependsOn: [stack.getLogicalId(endpoint!.node.defaultChild as CfnResource)],
    });
  });
});

describe('for the VPC', () => {
  const forVpc = SecretsManagerEndpoint.forVpc();

  test('the endpoint takes over the Region\'s name, for all of the VPC and all that the account may do with its secrets', () => {
    const { stack, reach } = setUp({ ...isolated, ipAddresses: IpAddresses.cidr('10.1.0.0/16') });
    expect(reach(forVpc).url).toBeUndefined();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      PrivateDnsEnabled: true,
      PolicyDocument: Match.objectLike({
        Statement: [{
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 'secretsmanager:*',
          Resource: '*',
          Condition: {
            StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' }, 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } },
          },
        }],
      }),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Secrets Manager endpoint of the VPC',
      SecurityGroupIngress: [
        { CidrIp: '10.1.0.0/16', Description: 'HTTPS from the VPC', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' },
      ],
    });
  });

  test('the range of a VPC from an address pool is that which it gets', () => {
    const { stack, vpc, reach } = setUp({
      ...isolated,
      ipAddresses: IpAddresses.awsIpamAllocation({
        ipv4IpamPoolId: 'ipam-pool-1',
        ipv4NetmaskLength: 16,
        defaultSubnetIpv4NetmaskLength: 24,
      }),
    });
    reach(forVpc);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: stack.resolve(vpc.vpcCidrBlock) })],
    });
  });

  test('further ranges can be let in', () => {
    const { stack, reach } = setUp();
    reach(forVpc).endpoint!.connections.allowDefaultPortFrom(Peer.ipv4('100.64.0.0/16'));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.arrayWith([Match.objectLike({ CidrIp: '100.64.0.0/16', FromPort: 443 })]),
    });
  });

  test('two platforms of a stack share it', () => {
    const { stack, reach } = setUp();
    expect(reach(forVpc)).toBe(reach(forVpc, {}, new Construct(stack, 'Second')));
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  });

  test('a platform in another stack is refused', () => {
    const { app, reach } = setUp();
    reach(forVpc);
    expect(() => reach(forVpc, {}, new Stack(app, 'Other'))).toThrow(
      '[Other] `SecretsManagerEndpoint.forVpc()`: the VPC \'Stack/Vpc\' has such an endpoint already, made in another stack at '
      + '\'Stack/Platform/Endpoint-');
    expect(() => reach(forVpc, {}, new Stack(app, 'Another'))).toThrow('pass SecretsManagerEndpoint.existing(endpoint)');
  });

  test('two imports of one VPC are one VPC', () => {
    const app = new App();
    const reach = (id: string) => {
      const stack = new Stack(app, id);
      const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1',
        vpcCidrBlock: '10.0.0.0/16',
        availabilityZones: ['a'],
        isolatedSubnetIds: ['subnet-1'],
      });
      return rotationEndpoint(stack, RotationNetwork.of({ vpc, endpoint: forVpc })._facts);
    };
    reach('One');
    expect(() => reach('Two')).toThrow('made in another stack at \'One/Endpoint-vpc-1\'');
  });

  test('lookups that have not run yet are not taken for one VPC', () => {
    const app = new App();
    for (const vpcName of ['one', 'two']) {
      const stack = new Stack(app, vpcName, { env: { account: '111122223333', region: 'eu-west-1' } });
      const vpc = Vpc.fromLookup(stack, 'Vpc', { vpcName });
      expect(rotationEndpoint(stack, RotationNetwork.of({ vpc, endpoint: forVpc })._facts).endpoint).toBeDefined();
    }
  });

  test.each([[forVpc, undefined], [undefined, forVpc]])('beside one for rotation only it is refused', (first, second) => {
    const { reach } = setUp();
    reach(first);
    expect(() => reach(second)).toThrow(
      "[Stack/Platform] the networks of the VPC 'Stack/Vpc' ask for SecretsManagerEndpoint.forRotationOnly() and for .forVpc(); "
        + 'one endpoint');
  });

  test('beside the user\'s own endpoint it is refused', () => {
    const { vpc, reach } = setUp();
    vpc.addInterfaceEndpoint('Mine', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
    expect(() => reach(forVpc))
      .toThrow(/^\[Stack\/Platform\/Endpoint-\w+\] .*with private DNS already at 'Stack\/Vpc\/Mine'; .*existing\(endpoint\)$/);
  });

  test.each<[string, (stack: Stack) => Construct]>([
    ['beside it', (stack) => stack],
    ['in another stack', (stack) => new Stack(stack.node.root as App, 'Other')],
  ])('an endpoint that the user makes %s is found at synthesis', (_, scopeIn) => {
    const { app, stack, vpc, reach } = setUp();
    reach(forVpc);
    const mine = new InterfaceVpcEndpoint(scopeIn(stack), 'Mine', {
      vpc,
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    });
    expect(() => app.synth()).toThrow(`with private DNS already at '${mine.node.path}'`);
  });

  test('an endpoint of another VPC does not matter', () => {
    const { app, stack, reach } = setUp();
    reach(forVpc);
    new InterfaceVpcEndpoint(stack, 'Theirs', {
      vpc: new Vpc(stack, 'Other', isolated),
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    });
    expect(() => app.synth()).not.toThrow();
  });

  test('an endpoint that the user adds later is found at synthesis', () => {
    const { app, vpc, reach } = setUp();
    reach(forVpc);
    vpc.addInterfaceEndpoint('Later', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
    expect(() => app.synth()).toThrow('with private DNS already at \'Stack/Vpc/Later\'');
  });

  test('other endpoints of the VPC do not matter', () => {
    const { app, vpc, reach } = setUp();
    vpc.addInterfaceEndpoint('Kms', { service: InterfaceVpcEndpointAwsService.KMS });
    vpc.addInterfaceEndpoint('Quiet', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER, privateDnsEnabled: false });
    reach(forVpc);
    expect(() => app.synth()).not.toThrow();
  });

  test.each(['enableDnsSupport', 'enableDnsHostnames'])('a VPC without %s is refused', (property) => {
    const { reach } = setUp({ ...isolated, [property]: false });
    expect(() => reach(forVpc)).toThrow(
      new RegExp([
        /^\[Stack\/Platform\/Endpoint-\w+\] .*needs private DNS, but the VPC 'Stack\/Vpc' has no DNS support or no DNS host /,
        /names; set enableDnsSupport and enableDnsHostnames/,
      ].map((part) => part.source).join('')),
    );
  });

  test('an imported VPC without its range is refused', () => {
    const { stack, platform } = setUp();
    const vpc = Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: 'vpc-1',
      availabilityZones: ['a'],
      privateSubnetIds: ['subnet-1'],
    });
    expect(() => rotationEndpoint(platform, RotationNetwork.of({ vpc, endpoint: forVpc })._facts)).toThrow(
      '[Stack/Platform/Endpoint-vpc-1] `SecretsManagerEndpoint.forVpc()` is "for a VPC that is imported without its '
        + 'address range", '
      + "allowed: a VPC of the app, or one imported with vpcCidrBlock; the endpoint lets in the VPC's addresses: give "
      + 'Vpc.fromVpcAttributes the vpcCidrBlock');
  });
});

test('an existing endpoint is used as it is', () => {
  const { stack, vpc, reach } = setUp();
  const endpoint = new InterfaceVpcEndpoint(stack, 'Mine', { vpc, service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
  expect(reach(SecretsManagerEndpoint.existing(endpoint))).toEqual({
    endpoint, securityGroups: endpoint.connections.securityGroups, dependencies: [endpoint],
  });
  Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCEndpoint', 1);
});

test.each<[string, (stack: Stack, vpc: IVpc) => IInterfaceVpcEndpoint, string]>([
  [
    'for another service',
    (stack, vpc) => new InterfaceVpcEndpoint(stack, 'Mine', { vpc, service: InterfaceVpcEndpointAwsService.KMS }),
    'is one for another service; pass an endpoint for InterfaceVpcEndpointAwsService.SECRETS_MANAGER',
  ],
  [
    'without private DNS',
    (stack, vpc) =>
      new InterfaceVpcEndpoint(stack, 'Mine', {
        vpc,
        service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
        privateDnsEnabled: false,
      }),
    "has no private DNS, and the Region's name does not lead to it; give it private DNS, or use "
      + 'SecretsManagerEndpoint.forRotationOnly()',
  ],
  [
    'of another VPC',
    (stack) =>
      new InterfaceVpcEndpoint(stack, 'Mine', {
        vpc: new Vpc(stack, 'Other', isolated),
        service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      }),
    "is in another VPC than 'Stack/Vpc'; pass an endpoint of the VPC of the network",
  ],
])('an existing endpoint %s is refused', (_, make, message) => {
  const { stack, vpc, reach } = setUp();
  expect(() => reach(SecretsManagerEndpoint.existing(make(stack, vpc))))
    .toThrow(`[Stack/Platform] \`SecretsManagerEndpoint.existing(endpoint)\` 'Stack/Mine' ${message}`);
});

describe('an existing endpoint of an imported VPC', () => {
  const reachThrough = (vpcId: string, ofEndpoint: string) => {
    const stack = new Stack(new App(), 'Stack');
    const [vpc, other] = [vpcId, ofEndpoint].map((id, index) => Vpc.fromVpcAttributes(stack, `Vpc${index}`, {
      vpcId: id, vpcCidrBlock: '10.0.0.0/16', availabilityZones: ['a'], isolatedSubnetIds: ['subnet-1'],
    }));
    const endpoint = new InterfaceVpcEndpoint(stack, 'Mine', {
      vpc: other,
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    });
    return () => rotationEndpoint(stack, RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.existing(endpoint) })._facts);
  };

  test('is refused where its id is another', () => {
    expect(reachThrough('vpc-1', 'vpc-2')).toThrow('is in another VPC than \'Stack/Vpc0\'');
  });

  test.each([
    ['is the same', 'vpc-1', 'vpc-1'],
    ['is not known here', 'vpc-1', Fn.importValue('Vpc')],
    ['is known by two names', Fn.importValue('VpcId'), Fn.importValue('Vpc')],
  ])('is taken where its id %s', (_, vpcId, ofEndpoint) => {
    expect(reachThrough(vpcId, ofEndpoint)().endpoint).toBeDefined();
  });
});

test('an imported endpoint may come without its groups', () => {
  const { stack, reach } = setUp();
  const endpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Mine', { vpcEndpointId: 'vpce-1', port: 443 });
  expect(reach(SecretsManagerEndpoint.existing(endpoint)).securityGroups).toEqual([]);
});

test('with a route out nothing is made, and a schedule can wait for the route', () => {
  const { stack, reach } = setUp({ maxAzs: 1 });
  const { url, endpoint, securityGroups, dependencies } = reach();
  expect({ url, endpoint, securityGroups }).toEqual({ url: undefined, endpoint: undefined, securityGroups: [] });
  new CfnResource(stack, 'Schedule', { type: 'Test::Schedule' }).node.addDependency(...dependencies);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  template.hasResource('Test::Schedule', {
    DependsOn: Match.arrayWith([Match.stringLikeRegexp('^VpcPrivateSubnet1DefaultRoute')]),
  });
});
