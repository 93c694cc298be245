import { StepsStrategy } from '../../../handlers/rotation-runtime/steps-strategy';
import { FunctionInProcess } from '../support/rotation-function';

test.each([['x'], [{ secret: 7 }], [{ secret: 'x', field: 7 }], [{ secret: 'x', password: 7 }], [{ field: 'x' }]])(
  'bindings that no construct writes are refused: %j',
  async (binding) => {
    const variables = { ROTATION_BINDINGS: JSON.stringify({ groups: [{ each: {}, all: binding }] }) };
    const rotating = new FunctionInProcess({
      strategy: (facts) => new StepsStrategy(facts.stepsBindings, {} as never),
      variables,
    });
    const event = {
      Step: 'createSecret',
      SecretId: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf',
      ClientRequestToken: 'x'.repeat(32),
    };
    await expect(rotating.invoke(event)).rejects.toMatchObject({
      errorClass: 'configuration', message: expect.stringContaining('ROTATION_BINDINGS does not have the form'),
    });
  },
);
