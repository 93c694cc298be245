import { App, Aws, CfnParameter, Fn, Lazy, NestedStack, ScopedAws, Stack, Stage } from 'aws-cdk-lib/core';
import { requireSameIn, saysTheSameIn } from '../../src/core/names-elsewhere';
import { messageOf } from '../support/scenario';

const env = { account: '111111111111', region: 'us-east-1' };

function setUp() {
  const app = new App();
  const scope = new Stack(app, 'Own', { env });
  return {
    scope,
    nested: new NestedStack(scope, 'Nested'),
    beside: new Stack(app, 'Beside', { env }),
    elsewhere: new Stack(app, 'Elsewhere', { env: { ...env, region: 'eu-west-1' } }),
    ofAccount: new Stack(app, 'OfAccount', { env: { ...env, account: '222222222222' } }),
    inStage: new Stack(new Stage(app, 'Stage'), 'InStage', { env }),
  };
}

type Stacks = ReturnType<typeof setUp>;

const STACK_NAME = (): string => `${Aws.STACK_NAME}-db`;
const PARAMETER = ({ scope }: Stacks): string => new CfnParameter(scope, 'Name').valueAsString;

test.each<[string, (stacks: Stacks) => string, (keyof Stacks)[], (keyof Stacks)[]]>([
  ['text', () => 'db', ['beside', 'elsewhere', 'ofAccount', 'inStage', 'nested'], []],
  ['text that is a token', () => Lazy.string({ produce: () => 'db' }), ['beside', 'elsewhere', 'ofAccount', 'inStage'], []],
  ['text with a token in it', () => `${Lazy.string({ produce: () => 'db' })}-1`, ['beside', 'elsewhere', 'inStage'], []],
  ['the name of whatever stack it is in', STACK_NAME, ['scope'], ['beside', 'nested', 'elsewhere', 'ofAccount', 'inStage']],
  ['the same inside of a function', () => Fn.join('-', [Aws.STACK_NAME, 'db']), ['scope'], ['beside', 'nested', 'elsewhere']],
  ['a part of the id of the stack', () => Fn.select(2, Fn.split('/', Aws.STACK_ID)), ['scope'], ['beside', 'nested']],
  ['the name of a certain stack', ({ scope }) => `${Stack.of(scope).stackName}-db`, ['beside', 'nested', 'elsewhere'], []],
  ['a reference to the id of a stack', ({ scope }) => new ScopedAws(scope).stackId, ['scope', 'beside', 'nested'], ['elsewhere']],
  ['the name of a nested stack', ({ nested }) => nested.stackName, ['scope', 'beside'], ['elsewhere']],
  ['the Region and the account', () => `${Aws.REGION}-${Aws.ACCOUNT_ID}`, ['beside', 'nested'], ['elsewhere', 'ofAccount']],
  ['a parameter', PARAMETER, ['scope', 'beside', 'nested'], ['elsewhere', 'ofAccount', 'inStage']],
])('%s says the same where it may be used', (_, nameOf, same, other) => {
  const stacks = setUp();
  const name = nameOf(stacks);
  const says = (stack: keyof Stacks): boolean => saysTheSameIn(stacks[stack], { scope: stacks.scope, name });
  expect(same.filter((stack) => !says(stack))).toEqual([]);
  expect(other.filter(says)).toEqual([]);
});

test('a name that says something else is refused with what to write instead', () => {
  const { scope, beside } = setUp();
  expect(messageOf(() => requireSameIn(beside, { scope, property: 'secretName', name: STACK_NAME() }))).toBe(
    "[Own] `secretName` is known at deployment only, and says something else, or nothing, in another stack: 'Beside'; "
      + 'give it as text; the name of a stack is Stack.of(this).stackName');
});
