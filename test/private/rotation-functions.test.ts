import { Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Stack } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, RotationNetwork } from '../../src';
import { RotationFunctions } from '../../src/private/rotation-functions';
import { isolatedVpc, testApp } from '../support/scenario';

function functionsOf(stack: Stack, platformName = 'team') {
  return new RotationFunctions(stack, 'Rotation', { platformName, settings: {} });
}

const target = (databaseName?: string) => DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', targetName: 'personnel', databaseName })._facts;

test('a database has one function for its users, and one for each superuser', () => {
  const stack = new Stack(testApp(), 'Stack');
  const functions = functionsOf(stack);
  const [one, two] = ['One', 'Two'].map((id) => new Secret(stack, id));
  const made = [
    functions.forDatabase(stack, target()), functions.forDatabase(stack, target()),
    functions.forDatabase(stack, target(), one), functions.forDatabase(stack, target(), one), functions.forDatabase(stack, target(), two),
    functions.forDatabase(stack, target('personnel')), functions.forValues(stack), functions.forValues(stack),
  ];
  expect(new Set(made).size).toBe(5);
  expect(made[0]).toBe(made[1]);
  expect(made[2]).toBe(made[3]);
  expect(made[6]).toBe(made[7]);
  expect(functions.all).toEqual([...new Set(made)]);
});

test('names are of 48 characters at most, and differ where they are cut', () => {
  const stack = new Stack(testApp(), 'Stack');
  const functions = functionsOf(stack, 'x'.repeat(32));
  functions.forDatabase(stack, target());
  functions.forDatabase(stack, target(), new Secret(stack, 'Superuser'));
  functions.forValues(stack);
  const names = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.FunctionName as string);
  expect(new Set(names).size).toBe(3);
  expect(names.filter((name) => name.length > 48)).toEqual([]);
  expect(names).toContain(`${'x'.repeat(32)}-values`);
});

test('functions of values run in the network of the platform, where it has one', () => {
  const stack = new Stack(new App(), 'Stack');
  const network = RotationNetwork.of({ vpc: isolatedVpc(stack) })._facts;
  new RotationFunctions(stack, 'Rotation', { platformName: 'team', settings: {}, network }).forValues(stack);
  const template = Template.fromStack(stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(Properties.VpcConfig.SubnetIds).toHaveLength(2);
  expect(Properties.Environment.Variables.SECRETS_MANAGER_ENDPOINT).toBeDefined();
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
});

test('what a function is told of its database', () => {
  const stack = new Stack(testApp(), 'Stack');
  functionsOf(stack).forDatabase(stack, target('personnel'));
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  expect(JSON.parse(Properties.Environment.Variables.ROTATION_DATABASE)).toEqual({ engine: 'postgres', host: 'db.example.com', port: 5432, databaseName: 'personnel' });
  expect(JSON.parse(Properties.Environment.Variables.ROTATION_PASSWORD)).toEqual({ length: 32, excludeCharacters: ':/@"\'\\' });
});
