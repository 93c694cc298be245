import { isSameFunction, unqualified } from '../../../handlers/core/function-arn';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:rotation';

test('versions and aliases are the same function', () => {
  expect(unqualified(`${ARN}:live`)).toBe(ARN);
  expect(isSameFunction(`${ARN}:7`, ARN)).toBe(true);
});

test.each([`${ARN}2`, ARN.replace('eu-west-1', 'us-east-1'), ARN.replace('123456789012', '210987654321'), ''])(
  '%s is another',
  (other) => {
    expect(isSameFunction(ARN, other)).toBe(false);
  },
);
