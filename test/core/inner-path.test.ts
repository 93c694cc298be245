import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { innerPath, pathFrom, shortId } from '../../src/core/inner-path';

const inStack = (scope: Construct, stackName: string, id = stackName) =>
  new Construct(new Construct(new Stack(scope, id, { stackName }), 'Group'), 'Thing');

test('a path inside the stack has nothing of what is above it', () => {
  const app = new App();
  expect(innerPath(inStack(app, 'data'))).toBe('Group/Thing');
  expect(innerPath(inStack(new Construct(new Stage(app, 'Prod'), 'Team'), 'data'))).toBe('Group/Thing');
  expect(innerPath(new Construct(new NestedStack(new Stack(app, 'Outer'), 'Nested'), 'Thing'))).toBe('Nested/Thing');
});

test('in one stack that path is all', () => {
  const thing = inStack(new App(), 'data');
  expect(pathFrom(Stack.of(thing), thing)).toBe('Group/Thing');
});

test.each([
  ['prod-platform', 'prod-data', 'platform>data>'],
  ['platform-prod', 'data-prod', 'platform>data>'],
  ['Team-platform-prod', 'Team-data-eu-prod', 'platform>data-eu>'],
  ['platform', 'data', 'platform>data>'],
  ['app', 'app-data', '>data>true-false'],
  ['app', 'data-app', '>data>false-true'],
  ['app-data', 'app', 'data>>true-false'],
  ['a-b', 'a-b-b', '>b>true-false'],
])('from the stack %s to %s it says what differs in their names', (own, other, expected) => {
  const app = new App();
  expect(pathFrom(inStack(app, own), inStack(app, other))).toBe(`${expected}:Group/Thing`);
});

test('things at the same place in many stacks are told apart', () => {
  const app = new App();
  const home = inStack(app, 'a-b');
  const names = ['a', 'b', 'c', 'a-c', 'c-b', 'a-b-c', 'c-a-b', 'a-c-b', 'b-a', 'a-b-a-b', 'ab'];
  const ids = names.map((name) => shortId(home, inStack(app, name)));
  expect(new Set(ids).size).toBe(names.length);
  expect(ids.every((id) => /^[0-9a-f]{8}$/.test(id))).toBe(true);
});
