import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { RotationError } from '../../../handlers/core/rotation-error';
import { type GuardedConnection, LoginGuard } from '../../../handlers/rotate-sqlserver/login-guard';

interface Held {
  readonly userName?: string;
  readonly password?: string;
}

function guarded(stream?: PassThrough) {
  const guard = new LoginGuard({ username: 'app', password: 'the password' }, 'localhost');
  const options: Held = {};
  const reader = Object.assign(new EventEmitter(), { parser: new PassThrough() });
  const handled: unknown[] = [];
  const connection: GuardedConnection = {
    config: { authentication: { options } },
    messageIo: stream && { securePair: { cleartext: stream } },
    createTokenStreamParser: (_, handlers) => {
      handled.push(handlers);
      return reader;
    },
  };
  const abandoned: RotationError[] = [];
  guard.attach(connection, (error) => abandoned.push(error));
  return { guard, options, connection, reader, abandoned, handlers: () => handled[0] as Record<string, (part: unknown) => void> };
}

test.each([
  [undefined, 'does not offer TLS'],
  [new PassThrough(), 'has not proved its name'],
])('without TLS, or on a stream that is none, there is neither name nor password', (stream, text) => {
  const { guard, options } = guarded(stream);
  expect(() => options.userName).toThrow(text);
  expect(() => options.password).toThrow(text);
  expect(guard.hasAsked).toBe(false);
  expect(guard.refusal).toMatchObject({ errorClass: 'tls' });
  expect(() => guard.finish()).toThrow(text);
});

test('after the login there is neither', () => {
  const { guard, options } = guarded();
  guard.finish();
  expect([options.userName, options.password]).toEqual([undefined, undefined]);
  expect(guard.hasAsked).toBe(false);
});

test('what the driver would end the process with ends the connection', () => {
  const { guard, connection, handlers, abandoned, reader } = guarded();
  const throwing = { onDone: () => JSON.parse('canary') };
  const ended = new Promise((resolve) => reader.once('error', resolve));
  connection.createTokenStreamParser(undefined, throwing);
  handlers().onDone({});
  expect(abandoned)
    .toEqual([expect.objectContaining({ errorClass: 'protocol', message: 'protocol: the server broke its protocol' })]);
  reader.parser.emit('error', new Error('canary'));
  expect(abandoned[1]).toBe(abandoned[0]);
  expect(guard.refusal).toBe(abandoned[0]);
  return expect(ended).resolves.toMatchObject({ errorClass: 'protocol' });
});

test.each([
  ['onRoutingChange', 'another server'],
  ['onSSPI', 'Windows'],
  ['onFedAuthInfo', 'Entra'],
])('%s is refused, and does not reach the driver', (part, text) => {
  const { guard, connection, handlers } = guarded();
  const reached = jest.fn();
  connection.createTokenStreamParser(undefined, { [part]: reached });
  handlers()[part]({});
  expect(guard.refusal).toMatchObject({ errorClass: 'protocol', message: expect.stringContaining(text) });
  expect(reached).not.toHaveBeenCalled();
});

test.each([
  ['nothing', 8], ['less than nothing', 0], ['more than the protocol allows', 32_768], ['no number', NaN],
])('packets of %s do not reach it', (_, newValue) => {
  const { guard, connection, handlers } = guarded();
  const onPacketSizeChange = jest.fn();
  connection.createTokenStreamParser(undefined, { onPacketSizeChange });
  handlers().onPacketSizeChange({ newValue });
  expect(guard.refusal).toMatchObject({ errorClass: 'protocol' });
  expect(onPacketSizeChange).not.toHaveBeenCalled();
});

test('packets of a size that the protocol allows do, and as many values as a rotation may ask for', () => {
  const { guard, connection, handlers } = guarded();
  const reached = { onPacketSizeChange: jest.fn(), onColMetadata: jest.fn(), onRow: jest.fn() };
  connection.createTokenStreamParser(undefined, reached);
  handlers().onPacketSizeChange({ newValue: 512 });
  handlers().onPacketSizeChange({ newValue: 32_767 });
  handlers().onColMetadata({ columns: Array(9) });
  for (let row = 0; row < 50_000; row++) {
    handlers().onRow({});
  }
  expect(guard.refusal).toBeUndefined();
  expect([reached.onPacketSizeChange.mock.calls.length, reached.onRow.mock.calls.length]).toEqual([2, 50_000]);
  handlers().onRow({});
  expect(guard.refusal).toMatchObject({ errorClass: 'protocol', message: expect.stringContaining('more than any rotation') });
  expect(reached.onRow).toHaveBeenCalledTimes(50_000);
});

test('what is as it should be reaches it', () => {
  const { guard, connection, handlers } = guarded();
  const reached = jest.fn();
  connection.createTokenStreamParser(undefined, { onDone: reached });
  handlers().onDone('part');
  expect(reached).toHaveBeenCalledWith('part');
  expect(guard.refusal).toBeUndefined();
  expect(() => guard.interrupt()).not.toThrow();
});
