import { LenientResolver, parseUnknown, unknownsIn } from '../../../scripts/drill/lenient-resolver';
import type { SynthesisedStack } from '../../../scripts/local-deployment/cloud-assembly';

const STACK: SynthesisedStack = {
  name: 'Shop',
  account: '111111111111',
  region: 'us-east-1',
  resources: {},
  parameters: { Size: { Default: 3 }, Name: {} },
  outputs: {
    Place: { Value: { Ref: 'Known' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Place' } } },
    Other: { Value: 'other' },
  },
  assetOf: (key) => key,
};

test('what is known is what it is', () => {
  const resolver = new LenientResolver(STACK, new Map());
  resolver.define('Known', { ref: 'known', attributes: { Arn: 'arn' } });
  expect(resolver.resolve({ a: { Ref: 'Known' }, b: { 'Fn::GetAtt': ['Known', 'Arn'] }, c: { Ref: 'Size' } })).toEqual({
    a: 'known', b: 'arn', c: '3',
  });
});

test.each([
  [{ Ref: 'Vpc' }, { stackName: 'Shop', logicalId: 'Vpc', attribute: undefined }],
  [{ 'Fn::GetAtt': ['Data', 'Endpoint.Address'] }, { stackName: 'Shop', logicalId: 'Data', attribute: 'Endpoint.Address' }],
  [{ Ref: 'Name' }, { stackName: 'Shop', logicalId: 'Name', attribute: undefined }],
])('what is not known names itself: %j', (value, unknown) => {
  expect(parseUnknown(new LenientResolver(STACK, new Map()).resolve<string>(value))).toEqual(unknown);
});

test('nothing is refused that cannot be made out', () => {
  const resolver = new LenientResolver(STACK, new Map());
  const dns = { 'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Select': [0, { 'Fn::GetAtt': ['Endpoint', 'DnsEntries'] }] }] }] };
  expect(resolver.resolve({ 'Fn::Join': ['', ['https://', dns]] })).toMatch(/^https:\/\//);
  expect(resolver.resolve({ 'Fn::FindInMap': ['Map', 'a', 'b'] })).toBe('unknown:Shop/Fn::FindInMap');
  expect(resolver.resolve({ 'Fn::If': ['Condition', { Ref: 'Size' }, 'no'] })).toBe('3');
});

test('exports of stacks before it are known, and those of others name themselves', () => {
  const exported = new Map<string, unknown>();
  const first = new LenientResolver(STACK, exported);
  first.define('Known', { ref: 'known' });
  first.export();
  const second = new LenientResolver({ ...STACK, name: 'Users' }, exported);
  expect(second.resolve({ 'Fn::ImportValue': 'Shop:Place' })).toBe('known');
  expect(second.resolve({ 'Fn::ImportValue': 'elsewhere' })).toBe('unknown:Users/elsewhere');
});

test('finds all that is not known in a text, and a text that is something else is known', () => {
  expect(unknownsIn('{"host":"unknown:Shop/Database.Endpoint.Address","port":"unknown:Shop/Database.Endpoint.Port"}'))
    .toMatchObject([{ attribute: 'Endpoint.Address' }, { attribute: 'Endpoint.Port' }]);
  expect(parseUnknown('db.example.com')).toBeUndefined();
});

const PLACES = [['us-east-1', 'aws'], ['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov']] as const;
test.each(PLACES)('%s is in %s', (region, partition) => {
  expect(new LenientResolver({ ...STACK, region }, new Map()).resolve({ Ref: 'AWS::Partition' })).toBe(partition);
});
