import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DatabaseEngine } from '../../../src/database/database-engine';
import { DatabaseTarget } from '../../../src/database/database-target';
import { pathToDatabase } from '../../../src/database/private/database-path';
import { rotationEndpoint } from '../../../src/network/private/endpoint';
import { connect, connectToSecretsManager } from '../../../src/network/private/security-group-rules';
import { RotationNetwork } from '../../../src/network/rotation-network';
import { SecretsManagerEndpoint } from '../../../src/network/secrets-manager-endpoint';

const isolated = { natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] };
const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 });

/** What a platform does for a function. */
function wire(platform: Construct, target: DatabaseTarget) {
  const network = target._facts.network()!;
  const from = new SecurityGroup(platform, 'FunctionGroup', { vpc: network.vpc, allowAllOutbound: false });
  const endpoint = rotationEndpoint(platform, network);
  return [
    ...connect(platform, from, pathToDatabase(platform, target._facts, network)),
    ...connectToSecretsManager(platform, from, endpoint),
    ...endpoint.dependencies,
    ...target._facts.dependencies,
  ];
}

test('VPC, database and platform in three stacks: the platform refers outward and exports nothing', () => {
  const app = new App();
  const vpc = new Vpc(new Stack(app, 'Network'), 'Vpc', isolated);
  const database = new Stack(app, 'Database');
  const instance = new DatabaseInstance(database, 'Personnel', {
    vpc,
    engine,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
  });
  const platform = new Stack(app, 'Platform');
  const before = wire(platform, DatabaseTarget.fromRdsInstance(instance));
  const schedule = new CfnResource(platform, 'Schedule', { type: 'Test::Schedule' });
  schedule.node.addDependency(...before);

  const template = Template.fromStack(platform);
  expect(template.toJSON().Outputs).toBeUndefined();
  expect(platform.dependencies.map((stack) => stack.node.id).sort()).toEqual(['Database', 'Network']);
  expect(database.dependencies.map((stack) => stack.node.id)).toEqual(['Network']);
  const ingress = template.findResources('AWS::EC2::SecurityGroupIngress');
  const egress = template.findResources('AWS::EC2::SecurityGroupEgress');
  expect(Object.keys(ingress)).toHaveLength(2);
  expect(Object.keys(egress)).toHaveLength(2);
  template.hasResource('Test::Schedule', {
    DependsOn: Match.arrayWith([...Object.keys(ingress), ...Object.keys(egress)].sort()),
  });
  Template.fromStack(database).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
});

describe('connect', () => {
  let stack: Stack;
  let vpc: IVpc;
  let database: SecurityGroup;
  beforeEach(() => {
    stack = new Stack();
    vpc = new Vpc(stack, 'Vpc', isolated);
    database = new SecurityGroup(stack, 'Database', { vpc });
  });

  const idOf = (group: SecurityGroup) => stack.resolve(group.securityGroupId);

  test('opens one port in both directions', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    expect(connect(stack, from, { securityGroups: [database], port: 5432, id: 'personnel', purpose: 'Rotation of personnel' }))
      .toHaveLength(2);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: idOf(database),
      SourceSecurityGroupId: idOf(from),
      FromPort: 5432,
      ToPort: 5432,
      IpProtocol: 'tcp',
      Description: 'Rotation of personnel',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: idOf(from),
      DestinationSecurityGroupId: idOf(database),
      FromPort: 5432,
      ToPort: 5432,
      IpProtocol: 'tcp',
      Description: 'Rotation of personnel',
    });
  });

  test('says the port as a literal where there is one, under the id it has without', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    const port = new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber;
    connect(stack, from, { securityGroups: [database], port, literalPort: 6432, id: 'personnel', purpose: 'x' });
    const rules = Object.entries(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(([id, { Properties }]) => [id.startsWith('Ingresspersonnel'), Properties.FromPort, Properties.ToPort]))
      .toEqual([[true, 6432, 6432]]);
  });

  test('adds no egress rule to a group that may connect anywhere', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: true });
    expect(connect(stack, from, { securityGroups: [database], port: 5432, id: 'personnel', purpose: 'x' })).toHaveLength(1);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupEgress', 0);
  });

  test('makes the same path once, and the same group named twice is one', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    const groups = ['A', 'B'].map((id) => SecurityGroup.fromSecurityGroupId(stack, id, 'sg-1'));
    const first = connect(stack, from, { securityGroups: groups, port: 5432, id: 'one', purpose: 'x' });
    const second = connect(stack, from, { securityGroups: groups, port: 5432, id: 'two', purpose: 'x' });
    expect(first).toHaveLength(2);
    expect(second).toEqual(first);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test('the order of the groups changes no logical id', () => {
    const ids = (...order: string[]) => {
      const other = new Stack(new App(), 'Stack');
      const groups = new Map(
        ['From', ...order].map((id) => [
          id,
          SecurityGroup.fromSecurityGroupId(other, id, `sg-${id}`, { allowAllOutbound: false }),
        ]),
      );
      connect(other, groups.get('From')!, { securityGroups: order.map((id) => groups.get(id)!), port: 1, id: 'x', purpose: 'x' });
      return Template.fromStack(other).toJSON().Resources;
    };
    expect(Object.keys(ids('A', 'B'))).toHaveLength(4);
    expect(ids('A', 'B')).toEqual(ids('B', 'A'));
  });

  test('functions of a stack that share a group share its rules', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    const to = { securityGroups: [database], port: 5432, id: 'personnel', purpose: 'x' };
    const [one, two] = ['One', 'Two'].map((id) => connect(new Construct(stack, id), from, to));
    expect(two).toEqual(one);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test('functions of two stacks cannot share a group', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    const to = { securityGroups: [database], port: 5432, id: 'personnel', purpose: 'x' };
    connect(new Construct(stack, 'Functions'), from, to);
    expect(() => connect(new Stack(stack.node.root as App, 'Other'), from, to)).toThrow(
      new RegExp([
        /^\[Other\] the rule of the functions' security group is made already, in another stack at /,
        /'Default\/Functions\/Ingress-5432-[-0-9a-f]+'; .*give each RotationNetwork a securityGroup of its own, or none$/,
      ].map((part) => part.source).join('')),
    );
  });

  test('a port that is a token is named after the destination and not parsed', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    const port = new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber;
    const [ingress] = connect(stack, from, { securityGroups: [database], port, id: 'personnel', purpose: 'x' });
    expect((ingress as CfnResource).node.id).toMatch(/^Ingress-personnel-[0-9a-f]{8}-[0-9a-f]{8}$/);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: { Ref: 'Port' },
      ToPort: { Ref: 'Port' },
    });
  });
});

describe('to a database without security groups', () => {
  const setUp = (withGroup: boolean) => {
    const stack = new Stack(new App(), 'Stack');
    const vpc = new Vpc(stack, 'Vpc', isolated);
    const securityGroup = new SecurityGroup(stack, 'Mine', { vpc });
    const network = RotationNetwork.of({ vpc, ...(withGroup && { securityGroup }) });
    const { _facts } = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', network });
    return () => connect(stack, securityGroup, pathToDatabase(stack, _facts, network._facts));
  };

  test('there is no path, and the message says what is missing', () => {
    expect(setUp(false)).toThrow(
      new RegExp([
        /^\[Stack\] `securityGroups` is \[\], allowed: at least one security group of the database; /,
        /.*'postgres-db-example-com-[0-9a-f]{8}' as `securityGroups: \[group\]`, or, for one outside AWS, /,
        /.*`network: RotationNetwork\.of\(\{ vpc, securityGroup \}\)`$/,
      ].map((part) => part.source).join('')),
    );
  });

  test('the user\'s own group is the path', () => {
    expect(setUp(true)()).toEqual([]);
  });

  test('the message carries the path of the database\'s construct where it has one', () => {
    const stack = new Stack(new App(), 'Stack');
    const vpc = new Vpc(stack, 'Vpc', isolated);
    const instance = DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
      instanceIdentifier: 'personnel', instanceEndpointAddress: 'personnel.example.com', port: 5432, securityGroups: [], engine,
    });
    const network = RotationNetwork.of({ vpc });
    expect(() => pathToDatabase(stack, DatabaseTarget.fromRdsInstance(instance, { network })._facts, network._facts))
      .toThrow('[Stack/Imported]');
  });
});

describe('to Secrets Manager', () => {
  let stack: Stack;
  let vpc: IVpc;
  beforeEach(() => {
    stack = new Stack();
    vpc = new Vpc(stack, 'Vpc');
  });

  test('without an endpoint HTTPS may go anywhere', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    const endpoint = rotationEndpoint(stack, RotationNetwork.of({ vpc })._facts);
    expect(connectToSecretsManager(stack, from, endpoint)).toHaveLength(1);
    expect(connectToSecretsManager(stack, from, endpoint)).toHaveLength(1);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      CidrIp: '0.0.0.0/0',
      FromPort: 443,
      ToPort: 443,
      IpProtocol: 'tcp',
    });
  });

  test('a group that may connect anywhere needs no rule', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: true });
    expect(connectToSecretsManager(stack, from, rotationEndpoint(stack, RotationNetwork.of({ vpc })._facts))).toEqual([]);
  });

  test('with an existing endpoint HTTPS goes to its groups only', () => {
    const from = new SecurityGroup(stack, 'From', { vpc, allowAllOutbound: false });
    const endpoint = new InterfaceVpcEndpoint(stack, 'Endpoint', {
      vpc,
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      open: false,
    });
    const network = RotationNetwork.of({ vpc, endpoint: SecretsManagerEndpoint.existing(endpoint) });
    expect(connectToSecretsManager(stack, from, rotationEndpoint(stack, network._facts))).toHaveLength(2);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      DestinationSecurityGroupId: stack.resolve(endpoint.connections.securityGroups[0].securityGroupId), FromPort: 443,
    });
  });
});
