import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { LoginGuard } from '../../../handlers/rotate-mysql/login-guard';

function guarded() {
  const guard = new LoginGuard('the password', 'localhost');
  const connection = { stream: new PassThrough(), config: {} as { password?: string }, startTLS: jest.fn() };
  guard.attach(connection, () => undefined);
  return { guard, connection };
}

test('over a connection that is not encrypted there is no password, and no connection any more', () => {
  const { guard, connection } = guarded();
  expect(connection.config.password).toBeUndefined();
  expect(connection.stream.destroyed).toBe(true);
  expect(guard.refusal).toMatchObject({ errorClass: 'tls' });
  expect(guard.hasAsked).toBe(false);
  expect(() => guard.finish()).toThrow('the server has not proved its name');
});

test('the driver keeps no session, for one that is resumed shows no certificate', () => {
  const guard = new LoginGuard('the password', 'localhost');
  const stream = new PassThrough();
  const startTLS = (): void => void stream.on('session', () => undefined).on('error', () => undefined);
  const connection = { stream, config: {}, startTLS };
  guard.attach(connection, () => undefined);
  connection.startTLS();
  expect([stream.listenerCount('session'), stream.listenerCount('error')]).toEqual([0, 1]);
});

test('a certificate is looked at once for each connection', () => {
  const certificates: string[] = [];
  const proved = (name: string): TLSSocket => Object.assign(new TLSSocket(new Socket()), {
    authorized: true,
    getPeerCertificate: () => {
      certificates.push(name);
      return { subject: { CN: name }, subjectaltname: `DNS:${name}` };
    },
  });
  const guard = new LoginGuard('the password', 'localhost');
  const connection = { stream: proved('localhost'), config: {} as { password?: string }, startTLS: jest.fn() };
  guard.attach(connection, () => undefined);
  expect([connection.config.password, connection.config.password]).toEqual(['the password', 'the password']);
  expect(certificates).toEqual(['localhost']);
  connection.stream = proved('another');
  expect(connection.config.password).toBeUndefined();
  expect(certificates).toEqual(['localhost', 'another']);
});

test('a driver that writes another password finds its own nowhere', () => {
  const { connection } = guarded();
  connection.config.password = 'a second factor';
  expect(connection.config.password).toBeUndefined();
});

test('who was let in without a question is not in', () => {
  const { guard, connection } = guarded();
  expect(() => guard.finish()).toThrow('before it had proved who it is');
  expect(connection.config.password).toBeUndefined();
  expect(connection.stream.destroyed).toBe(false);
});

test.each(['mysql_clear_password', 'sha256_password'])('%s is refused, and that is what is said', (method) => {
  const { guard } = guarded();
  const answer = guard.refusals[method];
  expect(() => answer()()).toThrow('by a method that is not answered');
  expect(() => answer()()).toThrow(guard.refusal);
  expect(guard.refusal).toMatchObject({ errorClass: 'protocol' });
});
