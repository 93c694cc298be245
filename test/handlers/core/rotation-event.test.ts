import * as fc from 'fast-check';
import { RotationError } from '../../../handlers/core/rotation-error';
import { parseRotationEvent } from '../../../handlers/core/rotation-event';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/database-AbCdEf';
const TOKEN = '3b9e7c9a-1f2d-4b6a-9c8e-0123456789ab';
const event = { Step: 'createSecret', SecretId: ARN, ClientRequestToken: TOKEN };

test.each([
  ['createSecret', 'createSecret'], ['setSecret', 'setSecret'], ['testSecret', 'testSecret'], ['finishSecret', 'finishSecret'],
  ['create_secret', 'createSecret'], ['set_secret', 'setSecret'], ['test_secret', 'testSecret'],
  ['finish_secret', 'finishSecret'],
])('the step %s is %s', (Step, step) => {
  expect(parseRotationEvent({ ...event, Step })).toEqual({ step, secretArn: ARN, token: TOKEN, rotationToken: undefined });
});

test.each([
  'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:x-AbCdEf',
  'arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:a/b_+=.@!-AbCdEf',
  `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${'n'.repeat(512)}-AbCdEf`,
])('takes the ARN of every partition and name: %s', (SecretId) => {
  expect(parseRotationEvent({ ...event, SecretId }).secretArn).toBe(SecretId);
});

test('passes the rotation token on', () => {
  const RotationToken = 'r'.repeat(40);
  expect(parseRotationEvent({ ...event, RotationToken }).rotationToken).toBe(RotationToken);
});

test.each([
  ['Step', ['', 'deleteSecret', 'constructor', '__proto__', 'CreateSecret', ['createSecret'], null, 1]],
  [
    'SecretId',
    [
      '',
      'app/database',
      'arn:aws:s3:::bucket',
      `${ARN}\n`,
      `${ARN} x`,
      `x${ARN}`,
      'arn:aws:secretsmanager:eu-west-1:1:secret:x-AbCdEf',
      [ARN],
      7,
      null,
    ],
  ],
  ['ClientRequestToken', ['', 'x'.repeat(31), 'x'.repeat(65), `${TOKEN}\n`, 'ü'.repeat(36), null, {}]],
  ['RotationToken', ['', 'x'.repeat(35), 'x'.repeat(257), `${'x'.repeat(40)}\r`, null, 5]],
] as const)('refuses a wrong %s and quotes nothing of it', (field, values) => {
  for (const value of values) {
    const error = thrownBy({ ...event, [field]: value });
    expect(error).toMatchObject({ errorClass: 'request', message: expect.stringContaining(field) });
  }
});

test.each([
  ['SecretId', 'the ARN of a secret'],
  ['ClientRequestToken', '32 to 64 printable characters'],
  ['RotationToken', '36 to 256 printable characters'],
])('says what a %s is', (field, form) => {
  expect(thrownBy({ ...event, [field]: 'x' })).toMatchObject({ message: expect.stringContaining(form) });
});

test('refuses whatever is not an event with an error of its own', () => {
  fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (anything) => {
    expect(thrownBy(anything)).toBeInstanceOf(RotationError);
  }));
});

test('takes tokens and rotation tokens of every length that the service may send', () => {
  const printable = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), minLength, maxLength });
  fc.assert(fc.property(printable(32, 64), printable(36, 256), (ClientRequestToken, RotationToken) => {
    const parsed = parseRotationEvent({ ...event, ClientRequestToken, RotationToken });
    expect(parsed).toMatchObject({ token: ClientRequestToken, rotationToken: RotationToken });
  }));
});

function thrownBy(value: unknown): unknown {
  try {
    return parseRotationEvent(value);
  } catch (thrown) {
    return thrown;
  }
}
