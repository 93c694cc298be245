import { ActionsFacts } from '../../../handlers/on-rotated/actions-facts';
import { handler } from '../../../handlers/on-rotated/index';
import { ActionsEnvironment } from '../../../src/contract/rotated-action';

const ACTION = { id: 'Orders-1', action: 'startExecution', target: 'arn', secrets: ['creds'] };
const actionsOf = (value: unknown): unknown => new ActionsFacts({ [ActionsEnvironment.ACTIONS]: JSON.stringify(value) }).actions;

test('takes what the construct writes', () => {
  const command = { ...ACTION, action: 'sendCommand', instances: { key: 'app', value: 'orders' } };
  const object = { namespace: 'web', name: 'orders.v1' };
  const restart = { ...ACTION, action: 'restartDeployment', target: 'my_shop-1', object };
  expect(actionsOf([ACTION, command, restart])).toEqual([ACTION, command, restart]);
});

test.each([
  ['no list', {}],
  ['no action', [null]],
  ['an id that is none', [{ ...ACTION, id: 'a/b' }]],
  ['an unknown action', [{ ...ACTION, action: 'deleteEverything' }]],
  ['no target', [{ ...ACTION, target: '' }]],
  ['no secrets', [{ ...ACTION, secrets: [] }]],
  ['secrets that are none', [{ ...ACTION, secrets: [1] }]],
  ['a command for no instances', [{ ...ACTION, action: 'sendCommand' }]],
  ['a command for a tag without a value', [{ ...ACTION, action: 'sendCommand', instances: { key: 'app' } }]],
  ['no object of a cluster', [{ ...ACTION, action: 'restartDeployment' }]],
  ['an object that is a path', [{ ...ACTION, action: 'restartDeployment', object: { namespace: 'web', name: '../x' } }]],
  ['a namespace that is one', [{ ...ACTION, action: 'refreshExternalSecret', object: { namespace: '..', name: 'x' } }]],
  ['a cluster that is none', [{ ...ACTION, action: 'restartDeployment', target: 'a/b', object: { namespace: 'a', name: 'b' } }]],
])('refuses %s', (_, value) => {
  expect(() => actionsOf(value)).toThrow(`configuration: environment variable ${ActionsEnvironment.ACTIONS} is not what`);
});

test('says which variable is missing, whatever it is asked for', async () => {
  const facts = new ActionsFacts({ [ActionsEnvironment.ACTIONS]: 'junk' });
  expect(() => facts.actions).toThrow(ActionsEnvironment.ACTIONS);
  expect(() => facts.memory).toThrow(ActionsEnvironment.MEMORY);
  expect(() => facts.queue).toThrow(ActionsEnvironment.QUEUE);
  expect(() => facts.failures).toThrow(ActionsEnvironment.FAILURES);
});

test('a function that was deployed without its variables says so in its log, in our own words', async () => {
  const written = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await expect(handler({}, { getRemainingTimeInMillis: () => 60_000 })).rejects.toThrow('AWS_REGION is missing');
    expect(JSON.parse(String(written.mock.calls[0][0]))).toMatchObject({ level: 'ERROR', errorClass: 'configuration' });
  } finally {
    written.mockRestore();
  }
});
