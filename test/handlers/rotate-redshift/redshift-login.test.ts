import { type AddressInfo, createServer } from 'node:net';
import * as fc from 'fast-check';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { SignInRefused } from '../../../handlers/database/credential-target';
import { digestProof, md5Hash, md5Proof } from '../../../handlers/rotate-redshift/password-proof';
import { RedshiftTarget } from '../../../handlers/rotate-redshift/redshift-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates, type ServerCertificate } from '../../servers/certificates';
import { type HostileBehaviour, HostilePostgreSqlServer } from '../../servers/hostile-postgresql-server';
import { ServerMessage } from '../../servers/postgresql-messages';
import { ScriptedPostgreSqlServer } from '../../servers/scripted-postgresql-server';

const certificates = createCertificates();
const PASSWORD = 'Correct1Horse2Battery';
const app = { username: 'app', password: PASSWORD };
const SALT = Buffer.from([1, 2, 3, 4]);
const { authenticationOk, cleartextPassword, error, ready } = ServerMessage;
const md5Demand = ServerMessage.md5Password(SALT);
const digestDemand = ServerMessage.digest(0, Buffer.alloc(32, 1), Buffer.alloc(16, 2));

const inTime = (milliseconds = 10_000): Deadline => new Deadline(systemClock, milliseconds);
const targetOf = ({ host, port }: { host: string; port: number }, changes: Partial<DatabaseFacts> = {}): RedshiftTarget =>
  new RedshiftTarget({
    region: 'eu-west-1',
    database: { engine: 'redshift', host, certificateAuthorities: certificates.authority.certificate, ...changes, port },
  });

async function attempt(...lines: (Buffer | 'end')[]): Promise<{ server: ScriptedPostgreSqlServer; thrown: unknown }> {
  const server = await ScriptedPostgreSqlServer.start(certificates.good, lines);
  const thrown: unknown = await targetOf(server).signIn(app, inTime()).catch((reason: unknown) => reason);
  await server.stop();
  expect(server.received.includes(PASSWORD)).toBe(false);
  return { server, thrown };
}

describe('a server that asks for what it may not have', () => {
  test.each([
    ['the password itself', cleartextPassword, 'the password itself'],
    ['nothing', authenticationOk, 'without a proof'],
    ['Kerberos', ServerMessage.authentication(7), 'a login method that is not answered'],
    ['SCRAM', ServerMessage.sasl('SCRAM-SHA-256'), 'a login method that is not answered'],
    ['a token of an identity provider', ServerMessage.authentication(14), 'a login method that is not answered'],
    ['another digest', ServerMessage.digest(1, Buffer.alloc(32), Buffer.alloc(16)), 'a digest other than SHA-256'],
    ['a digest without an algorithm', ServerMessage.authentication(13), 'a digest other than SHA-256'],
    [
      'a digest without a nonce',
      ServerMessage.authentication(13, Buffer.alloc(4), Buffer.from([0, 0, 0, 1, 9])),
      'broke its protocol',
    ],
    [
      'a digest with a salt of less than nothing',
      ServerMessage.authentication(13, Buffer.alloc(4), Buffer.alloc(4, 255), Buffer.alloc(4)),
      'broke its protocol',
    ],
    ['MD5 with a salt that is too long', ServerMessage.md5Password(Buffer.alloc(5)), 'broke its protocol'],
    ['something without a number', ServerMessage.of('R', Buffer.alloc(3)), 'broke its protocol'],
    ['a statement first', ready, 'broke its protocol'],
    ['a message of a negative length', Buffer.from([82, 255, 255, 255, 255, 0, 0, 0]), 'broke its protocol'],
    ['a message of any length', Buffer.from([82, 1, 0, 0, 0, 0, 0, 0]), 'broke its protocol'],
  ])('%s', async (_, line, text) => {
    const { server, thrown } = await attempt(line);
    expect(thrown).toMatchObject({ errorClass: 'protocol', message: expect.stringContaining(text) });
    expect(server.types).toEqual([undefined]);
  });

  test.each([
    ['MD5 twice', md5Demand, md5Demand], ['a digest after MD5', md5Demand, digestDemand],
    ['the password itself after a digest', digestDemand, cleartextPassword],
  ])('%s', async (_, first, second) => {
    const { server, thrown } = await attempt(first, second);
    expect(thrown).toMatchObject({ errorClass: 'protocol', message: expect.stringContaining('a second proof') });
    expect(server.types).toHaveLength(2);
  });

  test.each([
    ['the password itself', cleartextPassword],
    ['MD5', md5Demand],
  ])('%s, once the user is in: the driver has no password', async (_, line) => {
    const { server, thrown } = await attempt(md5Demand, Buffer.concat([ServerMessage.authentication(0), line]));
    expect(thrown).toMatchObject({ errorClass: 'protocol', message: expect.stringContaining('a second proof') });
    expect(server.types).toEqual([undefined, 'p']);
  });

  test('what the driver does not know does not end the process', async () => {
    const { thrown } = await attempt(md5Demand, authenticationOk, digestDemand);
    expect(thrown).toMatchObject({ errorClass: 'protocol', message: expect.stringContaining('broke its protocol') });
  });
});

describe('a server that says no more', () => {
  test.each([['at once', ['end']], ['after the proof', [md5Demand, 'end']]] as const)('%s', async (_, lines) => {
    const { thrown } = await attempt(...lines);
    expect(thrown).toMatchObject({ errorClass: 'network', message: expect.stringContaining('closed the connection') });
  });

  test.concurrent.each([
    ['at once', []],
    ['in the middle of a message', [md5Demand.subarray(0, 7)]],
    ['after the proof', [md5Demand]],
  ])('and keeps the connection: %s', async (_, lines) => {
    const { thrown } = await attempt(...lines);
    expect(thrown).toMatchObject({ errorClass: 'timeout', message: expect.stringContaining('does not finish the login') });
  });
});

describe('a login', () => {
  test('may be preceded by notices', async () => {
    const { server } = await attempt(Buffer.concat([ServerMessage.notice, md5Demand]), 'end');
    expect(server.types).toEqual([undefined, 'p']);
  });

  test.each(['28000', '28P01'])('that is refused tells so, so that other credentials are tried: %s', async (code) => {
    const { thrown } = await attempt(md5Demand, error(code, `password authentication failed for user "app" with ${PASSWORD}`));
    expect(thrown).toBeInstanceOf(SignInRefused);
    expect(thrown).toMatchObject({ errorClass: 'authentication', code, message: expect.not.stringContaining(PASSWORD) });
  });

  test.each([
    ['3D000', 'configuration'],
    ['53300', 'unavailable'],
    ['57P03', 'unavailable'],
  ])('that fails otherwise does not: %s', async (code, errorClass) => {
    const { thrown } = await attempt(error(code, 'no'));
    expect(thrown).not.toBeInstanceOf(SignInRefused);
    expect(thrown).toMatchObject({ errorClass, code });
  });

  test('that fails without a code', async () => {
    const { thrown } = await attempt(ServerMessage.of('E', Buffer.from('\0')));
    expect(thrown).toMatchObject({ errorClass: 'protocol' });
  });

  test('is no login where the server is another one', async () => {
    const rows = Buffer.concat([
      ServerMessage.of('1', Buffer.alloc(0)), ServerMessage.of('2', Buffer.alloc(0)),
      rowDescription('username', 'version'), dataRow('app', 'PostgreSQL 15.0'), ServerMessage.of('C', Buffer.from('SELECT 1\0')),
      ready,
    ]);
    const { thrown } = await attempt(md5Demand, authenticationOk, ServerMessage.emptyResult, rows);
    expect(thrown).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('not Amazon Redshift') });
  });
});

describe('a hostile server gets nothing', () => {
  const against = async (
    behaviour: HostileBehaviour,
    certificate: ServerCertificate = certificates.good,
    changes: Partial<DatabaseFacts> = {},
  ) => {
    const server = await HostilePostgreSqlServer.start(behaviour, certificate);
    const thrown: unknown = await targetOf(server, changes)
      .signIn(app, inTime(behaviour.startsWith('silent') ? 2_000 : undefined))
      .catch((reason: unknown) => reason);
    await server.stop();
    expect(server.received.includes(PASSWORD)).toBe(false);
    return { server, thrown };
  };

  test.each([
    ['refuse-tls', 'tls'], ['silent', 'timeout'], ['silent-after-tls', 'timeout'], ['no-authentication', 'protocol'],
    ['unknown-sasl', 'protocol'],
  ] as const)('%s', async (behaviour, errorClass) => {
    const { server, thrown } = await against(behaviour);
    expect(thrown).toMatchObject({ errorClass });
    expect(server.passwordMessages).toEqual([]);
  });

  test.each(['wrongHost', 'expired', 'unrelated'] as const)(
    'not even a user name where its certificate is bad: %s',
    async (name) => {
      const { server, thrown } = await against('md5', certificates[name]);
      expect(thrown).toMatchObject({ errorClass: 'tls' });
      expect(server.received).toHaveLength(0);
    },
  );

  test('nor where its certificate comes from nobody whom Amazon Redshift comes from', async () => {
    const { server, thrown } = await against('md5', certificates.good, { certificateAuthorities: undefined });
    expect(thrown).toMatchObject({ errorClass: 'tls' });
    expect(server.received).toHaveLength(0);
  });
});

describe('a deployment that cannot work', () => {
  const target = targetOf({ host: 'localhost', port: 1 });

  test('another engine', () => {
    expect(() => targetOf({ host: 'localhost', port: 1 }, { engine: 'postgres' })).toThrow('another engine');
  });

  test('nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(targetOf({ host: 'localhost', port }).signIn(app, inTime()))
      .rejects.toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
  });

  test.each(['rdsdb', 'IAM:x', 'IAMR:x', 'public'])('%s is reserved', (name) => {
    expect(() => target.checkUsername(name)).toThrow('reserved');
  });

  test.each(['a\0b', 'x'.repeat(128), '\ud800'])('a name that Amazon Redshift cannot have: %j', async (name) => {
    expect(() => target.checkUsername(name)).toThrow('user name');
    await expect(target.signIn({ username: name, password: 'x' }, inTime()))
      .rejects.toMatchObject({ errorClass: 'configuration' });
    await expect(target.signIn({ ...app, databaseName: name }, inTime())).rejects.toMatchObject({ errorClass: 'configuration' });
  });

  test('every other name is one', () => {
    expect(() => target.checkUsername('x'.repeat(127))).not.toThrow();
  });

  test('a password is one exactly where it has what Amazon Redshift asks for', () => {
    const fits = (password: string): boolean =>
      /[a-z]/.test(password)
      && /[A-Z]/.test(password)
      && /[0-9]/.test(password)
      && password.length >= 8
      && password.length <= 64
      && [...password].every((character) => character > ' ' && character < '\x7f' && !'\'"\\/@'.includes(character));
    const passes = (password: string): boolean => {
      try {
        target.checkPassword(password);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(fc.property(fc.string({ minLength: 5, maxLength: 70 }), (text) => passes(text) === fits(text)));
    fc.assert(
      fc.property(fc.constantFrom(...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))), (character) => {
        const password = `Abcdef1${character}`;
        return passes(password) === fits(password);
      }),
    );
  });
});

describe('what is shown of a password', () => {
  test('MD5 as CREATE USER documents it', () => {
    expect(md5Hash('user1', 'ez')).toBe('md5153c434b4b77c89e6b94f12c5393af5b');
    expect(md5Hash('slashpass', '\\')).toBe('md50c983d1a624280812631c5389e60d48c');
  });

  test('an MD5 proof depends on the salt', () => {
    expect(md5Proof('app', PASSWORD, SALT)).toMatch(/^md5[0-9a-f]{32}$/);
    expect(md5Proof('app', PASSWORD, SALT)).not.toBe(md5Proof('app', PASSWORD, Buffer.from([1, 2, 3, 5])));
  });

  test('a digest depends on the salt and on both nonces', () => {
    const demand = { salt: Buffer.alloc(32, 1), serverNonce: Buffer.alloc(16, 2) };
    const proofs = [
      digestProof(PASSWORD, demand, Buffer.from('a')), digestProof(PASSWORD, demand, Buffer.from('b')),
      digestProof(PASSWORD, { ...demand, salt: Buffer.alloc(32, 3) }, Buffer.from('a')),
      digestProof(PASSWORD, { ...demand, serverNonce: Buffer.alloc(16) }, Buffer.from('a')),
    ].map((proof) => proof.toString('hex'));
    expect(new Set(proofs).size).toBe(4);
    expect(proofs.every((proof) => /^[0-9a-f]{64}$/.test(proof))).toBe(true);
  });
});

function rowDescription(...names: string[]): Buffer {
  const fields = names.map((name) => {
    const numbers = Buffer.alloc(18);
    numbers.writeInt32BE(25, 6);
    return Buffer.concat([Buffer.from(`${name}\0`), numbers]);
  });
  return ServerMessage.of('T', Buffer.concat([Buffer.from([0, names.length]), ...fields]));
}

function dataRow(...values: string[]): Buffer {
  const fields = values.map((value) => Buffer.concat([Buffer.from([0, 0, 0, value.length]), Buffer.from(value)]));
  return ServerMessage.of('D', Buffer.concat([Buffer.from([0, values.length]), ...fields]));
}
