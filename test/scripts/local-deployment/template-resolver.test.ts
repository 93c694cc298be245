import { TemplateResolver } from '../../../scripts/local-deployment/template-resolver';

describe('resolving a template', () => {
  let resolver: TemplateResolver;

  beforeEach(() => {
    resolver = new TemplateResolver({ partition: 'aws-cn', account: '111111111111', region: 'cn-north-1', stackName: 'Stack' });
    resolver.define('Key', { ref: 'key-id', attributes: { 'Arn': 'key-arn', 'Endpoint.Address': 'there' } });
  });

  test.each([
    ['a resource', { Ref: 'Key' }, 'key-id'],
    ['a pseudo parameter', { Ref: 'AWS::Partition' }, 'aws-cn'],
    ['an attribute', { 'Fn::GetAtt': ['Key', 'Arn'] }, 'key-arn'],
    ['an attribute with a point, as a text', { 'Fn::GetAtt': 'Key.Endpoint.Address' }, 'there'],
    [
      'a join of what has to be resolved',
      { 'Fn::Join': [':', ['arn', { Ref: 'AWS::Region' }, { 'Fn::Join': ['', [{ Ref: 'Key' }, 1]] }]] },
      'arn:cn-north-1:key-id1',
    ],
    ['a substitution', { 'Fn::Sub': '${AWS::AccountId}/${Key}/${Key.Arn}/${!Key}' }, '111111111111/key-id/key-arn/${Key}'],
    [
      'a substitution with names of its own',
      { 'Fn::Sub': ['${Key}/${Own}', { Own: { Ref: 'Key' }, Key: 'mine' }] },
      'mine/key-id',
    ],
    [
      'nothing else',
      { Refer: 'Key', list: [true, null, 3], nested: [{ Ref: 'Key' }] },
      { Refer: 'Key', list: [true, null, 3], nested: ['key-id'] },
    ],
    ['no value', { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [{ Ref: 'AWS::NoValue' }, 2] }, { kept: 1, list: [2] }],
  ])('replaces %s', (_, value, resolved) => {
    expect(resolver.resolve({ value })).toEqual({ value: resolved });
  });

  test.each([
    [
      'an intrinsic function that it does not know',
      { 'Fn::ImportValue': 'a' },
      /^Fn::ImportValue is not one of the intrinsic functions that are known here: Ref, .*, Fn::Sub$/,
    ],
    ['one beside other keys', { 'a': 1, 'Fn::If': ['x', 1, 2] }, /^Fn::If is not/],
    ['a resource that does not exist', { Ref: 'Role' }, /^Role is referred to and was not created$/],
    ['the attribute of one', { 'Fn::Sub': '${Role.Arn}' }, /^Role is referred to and was not created$/],
    ['an attribute that a resource does not have', { 'Fn::GetAtt': ['Key', 'Name'] }, /^Key has no attribute Name here$/],
    ['a join of what is no text', { 'Fn::Join': [',', [['a']]] }, /^Fn::Join takes texts, not \["a"\]$/],
  ])('refuses %s', (_, value, message) => {
    expect(() => resolver.resolve([value])).toThrow(message);
  });
});
