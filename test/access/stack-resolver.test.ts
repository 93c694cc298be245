import { StackResolver } from './stack-resolver';

const resolver = new StackResolver({ partition: 'aws', account: '1', region: 'us-east-1', stackName: 'Stack' },
  new Map([['Other:Name', 'value']]));

test('what another stack exports is what an import is', () => {
  expect(resolver.resolve({ 'Fn::ImportValue': { 'Fn::Join': [':', ['Other', 'Name']] } })).toBe('value');
});

test('what no stack exports is an error', () => {
  expect(() => resolver.resolve({ 'Fn::ImportValue': 'Nothing' })).toThrow('no stack that is deployed before exports Nothing');
});

test('a part of a text is selected', () => {
  expect(resolver.resolve({ 'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::Sub': '${AWS::Region}/x' }] }] })).toBe('x');
});
