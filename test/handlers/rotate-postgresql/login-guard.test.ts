import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { LoginGuard } from '../../../handlers/rotate-postgresql/login-guard';
import { PostgresqlTarget } from '../../../handlers/rotate-postgresql/postgresql-target';
import { createCertificates } from '../../servers/certificates';
import { ClientMessages, ServerMessage } from '../../servers/postgresql-messages';

const OK = 'authenticationOk';
const SASL = ['authenticationSASL', 'authenticationSASLContinue', 'authenticationSASLFinal'];
const CLEARTEXT = 'authenticationCleartextPassword';
const MD5 = 'authenticationMD5Password';

function guarded(events: string[], allowMd5 = false): { guard: LoginGuard; stream: PassThrough } {
  const stream = new PassThrough();
  const connection = Object.assign(new EventEmitter(), { stream });
  const guard = new LoginGuard('the password', allowMd5);
  guard.attach(connection);
  events.forEach((event) => connection.emit(event, { data: 'r=nonce,s=c2FsdA==,i=4096' }));
  return { guard, stream };
}

test.each([
  [[...SASL, OK], false], [[MD5, OK], true],
])('lets %j pass', (events, allowMd5) => {
  const { guard, stream } = guarded(events, allowMd5);
  expect(guard.refusal).toBeUndefined();
  expect(stream.destroyed).toBe(false);
  expect(guard.password()).toBe('the password');
});

test.each([
  [[CLEARTEXT], false], [[CLEARTEXT], true], [[MD5], false], [[OK], true], [[SASL[0], OK], false],
  [[SASL[0], SASL[1], OK], false],
  [[SASL[0], CLEARTEXT], false], [[SASL[0], MD5], true], [[MD5, SASL[0]], true], [[SASL[0], SASL[0]], false],
])('refuses %j, and hands the password out no more', (events, allowMd5) => {
  const { guard, stream } = guarded(events, allowMd5);
  expect(guard.refusal).toMatchObject({ errorClass: 'protocol' });
  expect(stream.destroyed).toBe(true);
  expect(() => guard.password()).toThrow('protocol');
});

test.each([
  ['i=600000', false],
  ['i=600001', true],
  ['i=9999999999999999', true],
])('a server that asks for %s iterations is refused: %s', (iterations, refused) => {
  const stream = new PassThrough();
  const connection = Object.assign(new EventEmitter(), { stream });
  const guard = new LoginGuard('the password', false);
  guard.attach(connection);
  connection.emit('authenticationSASLContinue', { data: `r=nonce,s=c2FsdA==,${iterations}` });
  expect(guard.refusal?.message).toEqual(refused ? expect.stringContaining('scram_iterations') : undefined);
  expect(stream.destroyed).toBe(refused);
});

test('hands out no password that nobody has asked for', () => {
  expect(() => guarded([]).guard.password()).toThrow('protocol');
});

test.each([
  ['r=nonce,s=c2FsdA==,i=4096', 'salt'],
  ['s=c2FsdA==', 'salt'],
  ['r=nonce', undefined],
])('reads the salt of %j', (data, salt) => {
  const connection = Object.assign(new EventEmitter(), { stream: new PassThrough() });
  const guard = new LoginGuard('', false);
  guard.attach(connection);
  connection.emit('authenticationSASLContinue', { data });
  expect(guard.salt?.toString()).toBe(salt);
});

test('a server that begins with SCRAM and then asks for the password itself does not get it from the driver either', async () => {
  const certificates = createCertificates();
  const { certificate: cert, key } = certificates.good;
  const messages: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => {
      socket.write('S');
      const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert, key }) });
      const reader = new ClientMessages();
      secured.on('error', () => undefined).on('data', (chunk) => reader.read(chunk).forEach(({ type, body }) => {
        messages.push(body);
        secured.write(type === undefined ? ServerMessage.sasl('SCRAM-SHA-256') : ServerMessage.cleartextPassword);
      }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const database = { engine: 'postgres', host: 'localhost', port, certificateAuthorities: certificates.authority.certificate };
  const target = new PostgresqlTarget({ region: 'eu-west-1', database });
  await expect(target.signIn({ username: 'app', password: 'the password' }, new Deadline(systemClock, 120_000)))
    .rejects.toMatchObject({ errorClass: 'protocol' });
  await new Promise((resolve) => server.close(resolve));
  expect(messages).toHaveLength(2);
  expect(Buffer.concat(messages).includes('the password')).toBe(false);
});
