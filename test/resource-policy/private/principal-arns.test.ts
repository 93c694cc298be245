import {
  AccountPrincipal,
  AccountRootPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  FederatedPrincipal,
  Group,
  type IPrincipal,
  OrganizationPrincipal,
  PrincipalWithConditions,
  Role,
  ServicePrincipal,
  StarPrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import { App, Stack, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { exactPrincipalArns, principalArns } from '../../../src/resource-policy/private/principal-arns';

const READER = 'arn:aws:iam::111111111111:role/reader';
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

function setUp() {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const other = new Stack(app, 'Other', { env: { account: '222222222222', region: 'eu-west-1' } });
  const arnsOf = (principal: IPrincipal) =>
    stack.resolve(principalArns({ scope: new Construct(stack, 'Secret'), property: 'readers', principal }));
  return { stack, other, arnsOf };
}

describe('principalArns', () => {
  test.each<[string, (stack: Stack, other: Stack) => IPrincipal, unknown[]]>([
    ['a role', (stack) => new Role(stack, 'Role', { assumedBy: LAMBDA }), [{ 'Fn::GetAtt': ['Role1ABCC5F0', 'Arn'] }]],
    ['a user', (stack) => new User(stack, 'User'), [{ 'Fn::GetAtt': ['User00B015A1', 'Arn'] }]],
    ['an imported role', (_, other) => Role.fromRoleArn(other, 'Role', READER), [READER]],
    ['an ARN', () => new ArnPrincipal(READER), [READER]],
    ['an ARN with a wildcard', () => new ArnPrincipal('arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*'),
      ['arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*']],
    [
      'an ARN as a token',
      () => new ArnPrincipal(Token.asString({ 'Fn::ImportValue': 'Reader' })),
      [{ 'Fn::ImportValue': 'Reader' }],
    ],
    ['several', () => new CompositePrincipal(new ArnPrincipal(READER), new ArnPrincipal(`${READER}2`)), [READER, `${READER}2`]],
    ['a named role of another stack', (_, other) => new Role(other, 'Role', { assumedBy: LAMBDA, roleName: 'reader' }),
      [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:role/reader']] }]],
    [
      'a named role of another stack, with a path',
      (_, other) => new Role(other, 'Role', { assumedBy: LAMBDA, roleName: 'reader', path: '/team/' }),
      [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:role/team/reader']] }],
    ],
    ['a named user of another stack', (_, other) => new User(other, 'User', { userName: 'alice' }),
      [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:user/alice']] }]],
    [
      'a named user of another stack, with a path',
      (_, other) => new User(other, 'User', { userName: 'alice', path: '/team/' }),
      [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:user/team/alice']] }],
    ],
  ])('of %s', (_, principalOf, expected) => {
    const { stack, other, arnsOf } = setUp();
    expect(arnsOf(principalOf(stack, other))).toEqual(expected);
  });

  test.each<[string, IPrincipal]>([
    ['an account', new AccountPrincipal('111111111111')],
    ['the account itself', new AccountRootPrincipal()],
    ['an account number', new ArnPrincipal('111111111111')],
    ['a session', new ArnPrincipal('arn:aws:sts::111111111111:assumed-role/reader/session')],
    ['every role there is', new ArnPrincipal('*')],
    ['everybody', new AnyPrincipal()],
    ['anybody', new StarPrincipal()],
    ['a service', LAMBDA],
    ['an organization', new OrganizationPrincipal('o-abcdefghij')],
    ['a federation', new FederatedPrincipal('arn:aws:iam::111111111111:saml-provider/idp', {}, 'sts:AssumeRoleWithSAML')],
    ['a condition', new PrincipalWithConditions(new ArnPrincipal(READER), { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })],
    ['a group', new Group(new Stack(new App(), 'Groups'), 'Readers')],
    ['a role and an account', new CompositePrincipal(new ArnPrincipal(READER), new AccountPrincipal('222222222222'))],
    ['a role and a service', new CompositePrincipal(new ArnPrincipal(READER), LAMBDA)],
  ])('refuses %s', (_, principal) => {
    expect(() => setUp().arnsOf(principal))
      .toThrow(/^\[Stack\/Secret\] `readers` is ".+", allowed: roles and users, each with one ARN; name the roles themselves/);
  });

  test.each(['user/*', 'role/team-?'])('refuses %s where AWS takes no pattern', (name) => {
    const arn = `arn:aws:iam::111111111111:${name}`;
    const scope = new Stack(new App(), 'Stack');
    expect(() => exactPrincipalArns({ scope, property: 'users', principal: new ArnPrincipal(arn) }))
      .toThrow(`[Stack] \`users\` is "ArnPrincipal(${arn})", allowed: whole names: here AWS takes no pattern; name each`);
  });

  test.each<[string, string, string]>([
    ['us-east-1', 'aws', 'aws-cn'], ['cn-north-1', 'aws-cn', 'aws'], ['us-gov-west-1', 'aws-us-gov', 'aws'],
  ])('in %s takes names of the partition %s, and refuses one of %s', (region, own, foreign) => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region } });
    const arnsOf = (partition: string) => principalArns({
      scope: stack, property: 'readers', principal: new ArnPrincipal(`arn:${partition}:iam::111111111111:role/reader`),
    });
    expect(arnsOf(own)).toHaveLength(1);
    expect(() => arnsOf(foreign)).toThrow(`[Stack] \`readers\` is "ArnPrincipal(arn:${foreign}:iam::111111111111:role/reader)", `
      + `allowed: roles and users of the partition '${own}', in which ${region} is; name who is known there`);
  });

  test('names of any partition pass where the Region is not known yet', () => {
    const principal = new ArnPrincipal('arn:aws-cn:iam::111111111111:role/reader');
    expect(principalArns({ scope: new Stack(new App(), 'Stack'), property: 'readers', principal })).toEqual([principal.arn]);
  });

  test.each<[string, string, (other: Stack) => IPrincipal]>([
    ['an unnamed role', 'role', (other) => new Role(other, 'Reader', { assumedBy: LAMBDA })],
    [
      'a role whose name is a token',
      'role',
      (other) => new Role(other, 'Reader', { assumedBy: LAMBDA, roleName: Token.asString({ Ref: 'Name' }) }),
    ],
    ['a role imported by a token', 'role', (other) => Role.fromRoleArn(other, 'Reader', Token.asString({ Ref: 'Arn' }))],
    ['an unnamed user', 'user', (other) => new User(other, 'Reader')],
  ])('refuses %s of another stack', (_, kind, principalOf) => {
    const { other, arnsOf } = setUp();
    const principal = principalOf(other);
    expect(() => arnsOf(principal)).toThrow("[Stack/Secret] `readers` 'Other/Reader' is in another stack, and this one "
      + `would depend on it; give the ${kind} a \`${kind}Name\`, or name it by its ARN: new ArnPrincipal(arn)`);
  });
});
