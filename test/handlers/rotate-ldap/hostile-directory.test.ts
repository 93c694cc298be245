import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { CredentialSession } from '../../../handlers/database/credential-target';
import { LdapTarget } from '../../../handlers/rotate-ldap/ldap-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates } from '../../servers/certificates';
import { Der } from '../../servers/der';
import { drip, flood } from '../../servers/flood';
import { HostileLdapServer, type LdapReply } from '../../servers/hostile-ldap-server';
import { LdapAnswer } from '../../servers/ldap-answers';

const certificates = createCertificates();
const ADMIN = { username: 'cn=admin,dc=example', password: 'of the superuser' };
const APP = 'uid=app,dc=example';
const NEXT = { password: 'the next password', token: 'token' };
/** The passwords, and what servers say that nobody should be shown. */
const SECRETS = /of the superuser|the next password|hunter2/;
const { bind, extended, modify, result, search } = LdapAnswer;

const letIn: LdapReply = (id) => result(id, bind, 0);
const nothing: LdapReply = (id) => result(id, search, 0);
const set: LdapReply = (id) => result(id, extended, 0);
const marked: LdapReply = (id) => Buffer.concat([LdapAnswer.entry(id, '1.1'), result(id, search, 0)]);

/** Where in a rotation the server turns hostile: what it says before, and the end that is due from it. */
interface Phase {
  readonly before: readonly LdapReply[];
  readonly due: number;
  readonly engine?: string;
  readonly work: (session: CredentialSession) => Promise<void>;
}

const reset = async (session: CredentialSession): Promise<void> => session.changeUser({ username: APP, ...NEXT });
const own = async (session: CredentialSession): Promise<void> => session.changeOwnPassword(NEXT);
const PHASES: Readonly<Record<string, Phase>> = {
  'the login': { before: [], due: bind, work: own },
  'the own password': { before: [letIn], due: extended, work: own },
  'the groups': {
    before: [letIn], due: search, work: async (session) => session.changeAlternate({ username: 'uid=other', base: APP, ...NEXT }),
  },
  'a lock': { before: [letIn], due: search, work: reset },
  'the password of another': { before: [letIn, nothing], due: extended, work: reset },
  'a mark': { before: [letIn, nothing, set], due: search, work: reset },
  'taking the mark off': { before: [letIn, nothing, set, marked], due: modify, work: reset },
  'unicodePwd': { before: [letIn], due: modify, engine: 'activedirectory', work: own },
};
const phases = Object.keys(PHASES);
const searches = phases.filter((name) => PHASES[name].due === search);

interface Attempt {
  readonly server: HostileLdapServer;
  readonly error: unknown;
  readonly milliseconds: number;
}

/** A piece of a rotation, up to a phase in which the server says something hostile. */
async function attempt(phase: string, hostile: LdapReply | undefined, limit = 60_000): Promise<Attempt> {
  const { before, engine = 'ldap', work } = PHASES[phase];
  const server = await HostileLdapServer.start(certificates.good, ...before, ...hostile ? [hostile] : []);
  const began = Date.now();
  const error = await rotated(server, { engine }, work, limit);
  const milliseconds = Date.now() - began;
  expect(await server.isLeft()).toBe(true);
  await server.stop();
  // Nothing more is sent over it, and nothing over another connection.
  expect([server.connections, server.asked.length]).toEqual([1, before.length + 1]);
  return { server, error, milliseconds };
}

async function rotated(
  { host, port }: HostileLdapServer, changes: Partial<DatabaseFacts>, work: Phase['work'], limit: number,
): Promise<unknown> {
  const database = { engine: 'ldap', host, certificateAuthorities: certificates.authority.certificate, ...changes, port };
  const target = new LdapTarget({ region: 'eu-west-1', database });
  let session: CredentialSession | undefined;
  try {
    session = await target.signIn(ADMIN, new Deadline(systemClock, limit));
    await work(session);
    return undefined;
  } catch (thrown) {
    expect(JSON.stringify([String(thrown), thrown, (thrown as Error).stack])).not.toMatch(SECRETS);
    return thrown;
  } finally {
    await session?.close();
  }
}

const NO_LDAP = {
  name: 'RotationError', errorClass: 'protocol', message: 'protocol: the server does not answer as LDAP servers do',
};
/** Less than any wait for a server has: none of this is waited for. */
const AT_ONCE = 5_000;
/** Time that a function has, in which a server that is not silent has long answered. */
const PATIENCE = 2_000;

const integer = (...bytes: number[]): Buffer => Buffer.from([0x02, bytes.length, ...bytes]);
const element = (tag: number, ...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([tag]), Der.octetString(Buffer.concat(parts)).subarray(1)]);
const ended = (due: number, ...more: Buffer[]): Buffer =>
  element(due, Buffer.from([0x0a, 1, 0]), element(0x04), element(0x04), ...more);
const nested = (depth: number): Buffer => {
  let bytes: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) {
    bytes = element(0x30, bytes);
  }
  return bytes;
};
const DEEP = nested(10_000);
const controls = (id: number, due: number, ...content: Buffer[]): Buffer =>
  Der.sequence(integer(id), ended(due), element(0xa0, ...content));
const policy = (value: Buffer): Buffer =>
  Der.sequence(element(0x04, Buffer.from('1.3.6.1.4.1.42.2.27.8.5.1')), element(0x04, value));
/** The header of a message, or of an element in one, that claims a length. */
const claims = (...length: number[]): Buffer => Buffer.from([0x30, ...length, 0x02, 1, 1]);

const BROKEN: readonly [string, (id: number, due: number) => Buffer][] = [
  ['a message of four gigabytes', () => claims(0x84, 0xff, 0xff, 0xff, 0xff)],
  ['one of a negative length', () => claims(0x84, 0x80, 0, 0, 0)],
  ['one that is longer than any', () => claims(0x83, 1, 0, 1)],
  ['one without an end', () => claims(0x80)],
  ['one whose length has more bytes than a number', () => claims(0xff)],
  ['an element that is longer than its message', (id) => Der.sequence(integer(id), Buffer.from([bind, 0x7f, 0x0a, 1, 0]))],
  ['an element of a negative length', (id, due) => Der.sequence(integer(id), Buffer.from([due, 0x84, 0xff, 0xff, 0xff, 0xf0]))],
  ['a message of messages of messages', () => DEEP],
  ['an operation of sequences of sequences', (id, due) => Der.sequence(integer(id), element(due, DEEP))],
  ['an operation that is none', (id) => Der.sequence(integer(id), DEEP)],
  ['controls of sequences of sequences', (id, due) => controls(id, due, DEEP)],
  ['a control that is no sequence', (id, due) => controls(id, due, integer(1))],
  ['a control without a name', (id, due) => controls(id, due, Der.sequence())],
  ['a control that is cut off', (id, due) => controls(id, due, policy(DEEP).subarray(0, 40))],
  ['a policy that is no BER', (id, due) => controls(id, due, policy(Buffer.from([0x30, 0x80, 0, 0])))],
  ['a policy that is a number', (id, due) => controls(id, due, policy(integer(1)))],
  ['a policy with an error of no byte', (id, due) => controls(id, due, policy(element(0x30, Buffer.from([0x81, 0]))))],
  ['a policy with a negative error', (id, due) => controls(id, due, policy(element(0x30, Buffer.from([0x81, 1, 0xff]))))],
  ['an answer to the next question', (id, due) => result(id + 1, due, 0)],
  ['a negative number of a message', (_, due) => Der.sequence(integer(0xff), ended(due))],
  ['a number of no byte', (_, due) => Der.sequence(integer(), ended(due))],
  ['a number of five bytes', (id, due) => Der.sequence(integer(0, 0, 0, 0, id), ended(due))],
  ['a negative result', (id, due) =>
    Der.sequence(integer(id), element(due, Buffer.from([0x0a, 1, 0xff]), element(0x04), element(0x04)))],
  ['what was asked', (id) => Der.sequence(integer(id), element(0x60, integer(3), element(0x04), element(0x80)))],
  ['a part of an answer that nobody has asked for', (id) => Der.sequence(integer(id), element(0x79))],
  ['another protocol', () => Buffer.from('HTTP/1.1 200 OK\r\nWWW-Authenticate: Basic realm="hunter2"\r\n\r\n')],
];

test.each(['a lock', 'a mark'].flatMap((phase) => [[phase, 51], [phase, 52]] as const))(
  'of %s that cannot be read for the moment (%d) it is not said that there is none', async (phase, code) => {
    expect((await attempt(phase, (id) => result(id, search, code))).error)
      .toMatchObject({ errorClass: 'unavailable', code: String(code) });
  },
);

describe.each(phases)('in place of an answer to %s', (phase) => {
  const { due } = PHASES[phase];

  test.each(BROKEN)('%s', async (_, bytes) => {
    const { error, milliseconds } = await attempt(phase, (id) => bytes(id, due));
    expect(error).toMatchObject(NO_LDAP);
    expect(milliseconds).toBeLessThan(AT_ONCE);
  });

  test.each(Object.entries({ bind, search, modify, extended }).filter(([, operation]) => operation !== due))(
    'the end of another operation: %s',
    async (_, operation) => {
      expect((await attempt(phase, (id) => result(id, operation, 0))).error).toMatchObject(NO_LDAP);
    },
  );

  test('the notice that it goes', async () => {
    expect((await attempt(phase, () => result(0, extended, 52, 'hunter2'))).error)
      .toMatchObject({ errorClass: 'network', message: 'network: the server ends the connection' });
  });

  test('the end of the connection', async () => {
    expect((await attempt(phase, undefined)).error)
      .toMatchObject({ errorClass: 'network', message: 'network: the server closed the connection' });
  });
});

const FOUND: [string, (id: number) => Buffer][] = [
  ['an entry', (id) => LdapAnswer.entry(id, '1.1', 'hunter2')], ['a reference', LdapAnswer.reference],
];
test.each(FOUND)('what only a search finds is no part of another answer: %s', async (_, bytes) => {
  for (const phase of phases.filter((name) => !searches.includes(name))) {
    const { due } = PHASES[phase];
    expect((await attempt(phase, (id) => Buffer.concat([bytes(id), result(id, due, 0)]))).error).toMatchObject(NO_LDAP);
  }
});

const SLOW: [string, (due: number) => LdapReply][] = [
  ['nothing', () => () => undefined],
  ['half an answer', (due) => (id) => result(id, due, 0).subarray(0, 5)],
  ['one byte at a time', (due) => (id, socket) => void drip(socket, result(id, due, 0, 'x'.repeat(100)))],
];
test.each(SLOW)('a server that says %s is waited for as long as the function has time, at each question', async (_, say) => {
  await Promise.all(phases.map(async (phase) => {
    const { error, milliseconds } = await attempt(phase, say(PHASES[phase].due), PATIENCE);
    expect(error).toMatchObject({
      errorClass: 'timeout',
      message: expect.stringMatching(phase === 'the login' ? /does not finish the login/ : /does not answer a statement/),
    });
    expect(milliseconds).toBeLessThan(PATIENCE + AT_ONCE);
  }));
});

describe.each(searches)('in place of one entry, to a search for %s', (phase) => {
  test('a second one of the same user is none', async () => {
    const { error } = await attempt(phase, (id) => Buffer.concat([
      LdapAnswer.entry(id, 'memberOf', 'cn=a'), LdapAnswer.entry(id, 'memberOf', 'cn=b'), result(id, search, 0),
    ]));
    expect(error).toMatchObject(NO_LDAP);
  });

  test('entries without end', async () => {
    const floods: LdapReply = (id, socket) => void flood(socket, LdapAnswer.entry(id, 'memberOf', 'cn=a'));
    const { error, milliseconds } = await attempt(phase, floods);
    expect(error).toMatchObject(NO_LDAP);
    expect(milliseconds).toBeLessThan(AT_ONCE);
  });

  test('references without end', async () => {
    const { error } = await attempt(phase, (id, socket) => void flood(socket, LdapAnswer.reference(id)));
    expect(error).toMatchObject({ errorClass: 'protocol', message: expect.stringContaining('more than any rotation asks for') });
  });

  test.each<[string, Buffer]>([
    ['of sequences of sequences', DEEP], ['without attributes', element(0x04)],
    ['with an attribute that is none', Buffer.concat([element(0x04), Der.sequence(integer(1))])],
    ['with values that are none', Buffer.concat([element(0x04), Der.sequence(Der.sequence(element(0x04), element(0x30)))])],
    ['with an attribute that is longer than it', Buffer.concat([element(0x04), Der.sequence(Buffer.from([0x30, 0x7f]))])],
  ])('one %s is none', async (_, content) => {
    expect((await attempt(phase, (id) => Der.sequence(integer(id), element(0x64, content)))).error).toMatchObject(NO_LDAP);
  });
});

test('as many groups as fit into an answer are compared at once', async () => {
  const groups = (name: string): LdapReply => (id) => Buffer.concat([
    LdapAnswer.entry(id, 'memberOf', ...Array.from({ length: 3_000 }, (_, index) => `cn=\\2c\\2c${name}${index}`)),
    result(id, search, 0),
  ]);
  const server = await HostileLdapServer.start(certificates.good, letIn, groups('a'), groups('b'));
  const began = Date.now();
  expect(await rotated(server, {}, PHASES['the groups'].work, 60_000)).toMatchObject({ errorClass: 'conflict' });
  expect(Date.now() - began).toBeLessThan(AT_ONCE);
  expect([server.connections, server.asked.length]).toEqual([1, 3]);
  await server.stop();
});

describe('a server that hangs up', () => {
  test.each([['user', own], ['superuser', reset]] as const)('after the login of a %s is not waited for', async (_, work) => {
    const goes: LdapReply = (id, socket) => void socket.end(result(id, bind, 0));
    const server = await HostileLdapServer.start(certificates.good, goes);
    const began = Date.now();
    const error = await rotated(server, {}, async (session) => {
      expect(await server.isLeft()).toBe(true);
      await work(session);
    }, 60_000);
    expect(error).toMatchObject({ errorClass: 'network', message: 'network: the server closed the connection' });
    expect(Date.now() - began).toBeLessThan(AT_ONCE);
    expect(server.asked).toHaveLength(1);
    await server.stop();
  });
});

describe('a server that names another', () => {
  let other: HostileLdapServer;

  beforeEach(async () => {
    other = await HostileLdapServer.start(certificates.good, letIn);
  });

  afterEach(async () => {
    expect([other.connections, other.received.length]).toEqual([0, 0]);
    await other.stop();
  });

  const at = (scheme: string): string => `${scheme}://localhost:${other.port}/${APP}`;
  const refers = (scheme: string, due: number): LdapReply => (id) => LdapAnswer.referral(id, due, at(scheme));
  const REPLICA = { errorClass: 'configuration', code: '10', message: expect.stringContaining('name the one that takes them') };

  test.each(phases.filter((name) => !['a lock', 'a mark'].includes(name)))('is not followed, in place of %s', async (phase) => {
    for (const scheme of ['ldap', 'ldaps']) {
      expect((await attempt(phase, refers(scheme, PHASES[phase].due))).error).toMatchObject(REPLICA);
    }
  });

  test.each([
    ['a referral', (scheme: string): LdapReply => refers(scheme, search)],
    ['a reference', (scheme: string): LdapReply => (id) =>
      Buffer.concat([Der.sequence(integer(id), element(0x73, element(0x04, Buffer.from(at(scheme))))), result(id, search, 0)])],
  ])('is asked itself for the rest, after %s for a lock and a mark', async (_, says) => {
    for (const scheme of ['ldap', 'ldaps']) {
      const server = await HostileLdapServer.start(certificates.good, letIn, says(scheme), set, says(scheme));
      expect(await rotated(server, {}, reset, 60_000)).toBeUndefined();
      expect([server.connections, server.asked.length]).toEqual([1, 4]);
      await server.stop();
    }
  });
});

describe('a server that has not proved its name', () => {
  /** What it hears: at most the beginning of TLS, and nothing of a user. */
  const heard = async (server: HostileLdapServer, changes: Partial<DatabaseFacts> = {}): Promise<unknown> => {
    const error = await rotated(server, changes, own, PATIENCE);
    expect(await server.isLeft()).toBe(true);
    await server.stop();
    expect(server.received.toString('latin1')).not.toMatch(/admin|example|of the superuser|the next password/);
    expect(server.connections).toBeLessThanOrEqual(1);
    return error;
  };

  test.each([
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'], ['expired', 'CERT_HAS_EXPIRED'], ['notYetValid', 'CERT_NOT_YET_VALID'],
    ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('by its certificate hears nothing: %s', async (name, code) => {
    const server = await HostileLdapServer.start(certificates[name], letIn);
    expect(await heard(server)).toMatchObject({ errorClass: 'tls', code });
    expect(server.asked).toEqual([]);
  });

  test('nor one that has a certificate for another name than the deployment says', async () => {
    const server = await HostileLdapServer.start(certificates.good, letIn);
    expect(await heard(server, { tlsServerName: 'elsewhere.example' })).toMatchObject({ errorClass: 'tls' });
    expect(server.asked).toEqual([]);
  });

  test('nor one at an address, for which the deployment has given no name', async () => {
    const server = await HostileLdapServer.start(certificates.good, letIn);
    expect(await heard(server, { host: '127.0.0.1' }))
      .toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('TLS server name') });
    expect(server.connections).toBe(0);
  });

  test.each<[string, LdapReply, string?]>([
    ['lets everybody in', letIn], ['refuses StartTLS', (id) => result(id, extended, 2)],
    ['asks for plaintext', (id) => result(id, bind, 8, 'use ldap:// without TLS')], ['offers StartTLS', (id) => result(id, extended, 0)],
    ['says that it goes', () => result(0, extended, 52)], ['hangs up', (_, socket) => void socket.destroy(), 'network'],
  ])('by TLS gets no login in plaintext: it %s', async (_, says, errorClass = 'tls') => {
    const server = await HostileLdapServer.start(undefined, says, letIn, letIn);
    expect(await heard(server)).toMatchObject({ errorClass });
    // A ClientHello, and after it at most an alert.
    expect(server.received.subarray(0, 2)).toEqual(Buffer.from([22, 3]));
  });

  test('by TLS, and says nothing, is given up', async () => {
    const server = await HostileLdapServer.start(undefined, () => undefined, () => undefined);
    expect(await heard(server)).toMatchObject({ errorClass: 'timeout', message: expect.stringContaining('TLS handshake') });
  });

  test('that asks for stronger TLS once it has the login gets no other one', async () => {
    expect((await attempt('the login', (id) => result(id, bind, 13))).error).toMatchObject({ errorClass: 'tls', code: '13' });
  });

  test('that shows neither of two users shows no groups of them, and the password is changed', async () => {
    const server = await HostileLdapServer.start(certificates.good, letIn, nothing, nothing, nothing, set, nothing);
    expect(await rotated(server, {}, PHASES['the groups'].work, 60_000)).toBeUndefined();
    expect(await server.isLeft()).toBe(true);
    expect(server.replies).toEqual([]);
    await server.stop();
  });
});
