import { Template } from 'aws-cdk-lib/assertions';
import { type CfnElement, CfnResource, Stack } from 'aws-cdk-lib/core';
import { rememberLogicalIds } from '../../src/core/logical-ids';
import { testApp } from '../support/scenario';

function twoResources(stack: Stack): [CfnResource, CfnResource] {
  const type = 'AWS::CloudFormation::WaitConditionHandle';
  const first = new CfnResource(stack, 'First', { type });
  return [first, new CfnResource(stack, 'Second', { type, properties: { First: first.ref } })];
}

const idsIn = (stack: Stack) => Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, any>)
  .map(([id, { Properties }]) => [id, Properties?.First.Ref as string | undefined]);

test('a logical id is made once, however often it is asked for', () => {
  const allocate = jest.spyOn(Stack.prototype as any, 'allocateLogicalId');
  const stack = new Stack(testApp(), 'Stack');
  rememberLogicalIds(stack);
  rememberLogicalIds(stack);
  const resources = twoResources(stack);
  expect(idsIn(stack)).toEqual([['First', undefined], ['Second', 'First']]);
  expect(allocate.mock.calls.filter(([element]) => element === resources[0])).toHaveLength(1);
  allocate.mockRestore();
});

test('it can be overridden and renamed after it was asked for', () => {
  const stack = new Stack(testApp(), 'Stack');
  rememberLogicalIds(stack);
  const [first] = twoResources(stack);
  expect(stack.getLogicalId(first)).toBe('First');
  first.overrideLogicalId('Overridden');
  expect(idsIn(stack)).toEqual([['Overridden', undefined], ['Second', 'Overridden']]);

  const renaming = new Stack(testApp(), 'Stack');
  rememberLogicalIds(renaming);
  twoResources(renaming);
  renaming.renameLogicalId('First', 'Renamed');
  expect(idsIn(renaming)).toEqual([['Renamed', undefined], ['Second', 'Renamed']]);
});

test('a stack that makes logical ids in its own way makes them as often as it likes', () => {
  class Counting extends Stack {
    prefix = 'Early';
    protected override allocateLogicalId(element: CfnElement): string {
      return `${this.prefix}${super.allocateLogicalId(element)}`;
    }
  }
  const stack = new Counting(testApp(), 'Stack');
  rememberLogicalIds(stack);
  const [first] = twoResources(stack);
  expect(stack.getLogicalId(first)).toBe('EarlyFirst');
  stack.prefix = 'Late';
  expect(idsIn(stack)).toEqual([['LateFirst', undefined], ['LateSecond', 'LateFirst']]);
});
