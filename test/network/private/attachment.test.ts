import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { App, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DatabaseEngine, DatabaseTarget } from '../../../src';
import { pathToDatabase } from '../../../src/database/private/database-path';
import { attachToNetwork } from '../../../src/network/private/attachment';
import { resolveNetwork } from '../../../src/network/private/network-facts';

function setup(subnetType: SubnetType) {
  const stack = new Stack(new App(), 'Stack');
  const vpc = new Vpc(stack, 'Vpc', {
    subnetConfiguration: [
      { name: 'public', subnetType: SubnetType.PUBLIC },
      { name: 'own', subnetType },
    ],
  });
  return { stack, vpc, functions: new Construct(stack, 'Functions'), scope: new Construct(stack, 'Scope') };
}

test('in isolated subnets a function gets a group and an endpoint of its own, by the endpoint\'s own name', () => {
  const { stack, vpc, functions, scope } = setup(SubnetType.PRIVATE_ISOLATED);
  const attachment = attachToNetwork(scope, functions, resolveNetwork(stack, { vpc }));
  expect(attachment.endpointUrl).toMatch(/^https:\/\//);
  expect(attachment.vpcEndpointId).toBeDefined();
  expect(attachment.dependencies).toHaveLength(3);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Rotation function' });
  template.hasResourceProperties('AWS::EC2::VPCEndpoint', { PrivateDnsEnabled: false });
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
});

test('two functions share the endpoint', () => {
  const { stack, vpc, functions, scope } = setup(SubnetType.PRIVATE_ISOLATED);
  const network = resolveNetwork(stack, { vpc });
  const [one, two] = [scope, new Construct(stack, 'Other')].map((each) => attachToNetwork(each, functions, network));
  expect(one.vpcEndpointId).toBe(two.vpcEndpointId);
  expect(one.securityGroup).not.toBe(two.securityGroup);
  Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCEndpoint', 1);
});

test('in subnets with egress there is no endpoint, and the database\'s group lets the function in', () => {
  const { stack, vpc, functions, scope } = setup(SubnetType.PRIVATE_WITH_EGRESS);
  const group = new SecurityGroup(stack, 'Database', { vpc });
  const database = DatabaseTarget.of({
    engine: DatabaseEngine.POSTGRES,
    host: 'db.example.com',
    securityGroups: [group],
    targetName: 'personnel',
  })._facts;
  const network = resolveNetwork(stack, { vpc });
  const attachment = attachToNetwork(scope, functions, network, {
    description: 'Rotation function of postgres-personnel', paths: [pathToDatabase(scope, database, network)],
  });
  expect(attachment).toMatchObject({ endpointUrl: undefined, vpcEndpointId: undefined });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  template.hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Rotation function of postgres-personnel' });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 5432,
    GroupId: stack.resolve(group.securityGroupId),
  });
});

test('a group of the user\'s is used as it is', () => {
  const { stack, vpc, functions, scope } = setup(SubnetType.PRIVATE_WITH_EGRESS);
  const securityGroup = new SecurityGroup(stack, 'Given', { vpc });
  const attachment = attachToNetwork(scope, functions, resolveNetwork(stack, { vpc, securityGroup }));
  expect(attachment.securityGroup).toBe(securityGroup);
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: Match.stringLikeRegexp('Given'),
  });
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroup', 1);
});
