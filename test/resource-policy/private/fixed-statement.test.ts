import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib/core';
import { fixedText } from '../../../src/resource-policy/private/fixed-statement';

function statement(organization: unknown): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new StarPrincipal()],
    actions: ['secretsmanager:GetSecretValue'],
    resources: ['*'],
    conditions: { StringNotEquals: { 'aws:PrincipalOrgID': organization } },
  });
}

test('a statement that nobody can change any more has a text, which is made once', () => {
  const fixed = statement('o-a1b2c3d4e5').freeze();
  const written = jest.spyOn(fixed, 'toJSON');
  expect(JSON.parse(fixedText(fixed)!)).toEqual(statement('o-a1b2c3d4e5').toJSON());
  expect(fixedText(fixed)).toBe(fixedText(fixed));
  expect(written).toHaveBeenCalledTimes(1);
});

test('one that may change has none', () => {
  expect(fixedText(statement('o-a1b2c3d4e5'))).toBeUndefined();
});

test.each<[string, (stack: Stack) => unknown]>([
  ['a parameter', (stack) => new CfnParameter(stack, 'Organization').valueAsString],
  ['what is known later', () => Lazy.any({ produce: () => 'o-a1b2c3d4e5' })],
])('one that has %s in it has none', (_, organization) => {
  expect(fixedText(statement(organization(new Stack())).freeze())).toBeUndefined();
});
