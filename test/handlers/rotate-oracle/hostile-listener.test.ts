import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { OracleTarget } from '../../../handlers/rotate-oracle/oracle-target';
import type { DatabaseFacts } from '../../../src/contract/database-facts';
import { createCertificates } from '../../servers/certificates';
import { freePort } from '../../servers/free-port';
import { type ListenerOptions, OracleListener } from '../../servers/oracle-listener';
import { until } from '../../servers/until';

const certificates = createCertificates();
const app = { username: 'appuser', password: 'correct horse battery staple' };

interface Attempt {
  readonly listener: OracleListener;
  readonly error: unknown;
}

async function attempt(options: Partial<ListenerOptions> = {}, changes: Partial<DatabaseFacts> = {}): Promise<Attempt> {
  const listener = await OracleListener.start({ certificate: certificates.good, answer: 12514, ...options });
  const database = {
    engine: 'oracle',
    host: listener.host,
    tlsPort: listener.port,
    databaseName: 'ORCL',
    certificateAuthorities: certificates.authority.certificate,
    ...changes,
    port: 1,
  };
  const target = new OracleTarget({ region: 'eu-west-1', database });
  const error: unknown = await target.signIn(app, new Deadline(systemClock, 1_000)).catch((thrown: unknown) => thrown);
  expect(await until(() => listener.open === 0, 10_000)).toBe(true);
  await listener.stop();
  // Neither goes to whom nobody has asked for them, in any form.
  expect(listener.received.toString('latin1').toLowerCase()).not.toContain(app.username);
  expect(listener.received.includes(app.password)).toBe(false);
  expect(JSON.stringify([String(error), error, (error as Error).stack])).not.toContain(app.password);
  return { listener, error };
}

describe('a listener that may not be who it says gets nothing', () => {
  test.each([
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'], ['expired', 'CERT_HAS_EXPIRED'], ['notYetValid', 'CERT_NOT_YET_VALID'],
    ['unrelated', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('where its certificate is bad: %s', async (name, code) => {
    const { listener, error } = await attempt({ certificate: certificates[name] });
    expect(error).toMatchObject({ errorClass: 'tls', code });
    expect(listener.received).toHaveLength(0);
    expect(listener.descriptors).toEqual([]);
  });

  test('an IP address needs a TLS server name, with which a certificate for that name is right', async () => {
    const without = await attempt({}, { host: '127.0.0.1' });
    expect(without.error).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('TLS server name') });
    expect(without.listener.connections).toBe(0);
    const withName = await attempt({}, { host: '127.0.0.1', tlsServerName: 'localhost' });
    expect(withName.error).toMatchObject({ code: 'ORA_12514' });
    const wrongName = await attempt({}, { tlsServerName: 'elsewhere.example' });
    expect(wrongName.error).toMatchObject({ errorClass: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(wrongName.listener.received).toHaveLength(0);
  });

  test('the authorities of the web are not trusted, nor are those of Amazon RDS where others are given', async () => {
    const { error } = await attempt({}, { certificateAuthorities: '' });
    expect(error).toMatchObject({ errorClass: 'tls', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test('where the port is that without TLS: the driver never goes on in plaintext', async () => {
    const { listener, error } = await attempt({ plaintext: 'answers' });
    expect(error).toMatchObject({ errorClass: 'tls', message: expect.stringContaining('does not offer TLS at this port') });
    // A ClientHello.
    expect(listener.received.subarray(0, 2)).toEqual(Buffer.from([22, 3]));
    expect(listener.received.includes('ORCL')).toBe(false);
  });

  test('where it says nothing', async () => {
    expect((await attempt({ plaintext: 'silent' })).error)
      .toMatchObject({ errorClass: 'timeout', message: expect.stringContaining('TLS handshake') });
  });
});

describe('what a listener answers', () => {
  test.each<[ListenerOptions['answer'], object]>([
    [12514, { errorClass: 'configuration', code: 'ORA_12514' }],
    [12505, { errorClass: 'configuration', code: 'ORA_12505' }],
    [12516, { errorClass: 'unavailable', code: 'ORA_12516' }],
    [12528, { errorClass: 'unavailable', code: 'ORA_12528' }],
    ['refuse', { errorClass: 'unavailable', code: 'NJS_511' }],
    ['old', { errorClass: 'configuration', code: 'NJS_138' }],
    ['end', { errorClass: 'network' }],
    ['garbage', { errorClass: 'timeout', message: expect.stringContaining('does not finish the login') }],
    ['silent', { errorClass: 'timeout', message: expect.stringContaining('does not finish the login') }],
  ])('%s', async (answer, expected) => {
    const { listener, error } = await attempt({ answer });
    expect(error).toMatchObject({ name: 'RotationError', ...expected });
    expect(listener).toMatchObject({ connections: 1, handshakes: 1 });
    expect(listener.descriptors).toEqual([expect.stringMatching(
      new RegExp([
        /^\(DESCRIPTION=\(ADDRESS=\(PROTOCOL=TCPS\)\(HOST=127\.0\.0\.1\)\(PORT=\d+\)\)\(CONNECT_DATA=\(SERVICE_NAME=ORCL\)\(CID=/,
        /\(PROGRAM=cdk-secretsmanager-patterns\)/,
      ].map((part) => part.source).join('')),
    )]);
  });

  test.each(['TCP', 'TCPS'])('another address is not followed, by %s neither', async (protocol) => {
    const other = await OracleListener.start({
      certificate: certificates.good,
      answer: 'silent',
      plaintext: protocol === 'TCP' ? 'silent' : undefined,
    });
    const { listener, error } = await attempt({
      answer: 'redirect',
      elsewhere: `(ADDRESS=(PROTOCOL=${protocol})(HOST=localhost)(PORT=${other.port}))`,
    });
    expect(error).toMatchObject({
      errorClass: 'protocol',
      code: undefined,
      message: expect.stringContaining('another address, which is not followed'),
    });
    expect([listener.connections, other.connections]).toEqual([1, 0]);
    await other.stop();
  });

  test('nor is a name that files would have to be asked for', async () => {
    const { error } = await attempt({ answer: 'redirect', elsewhere: 'an_alias' });
    expect(error).toMatchObject({ errorClass: 'protocol' });
  });

  test('a new handshake proves the name again', async () => {
    const { listener, error } = await attempt({ answer: 'handshake' });
    expect(error).toMatchObject({ code: 'NJS_511' });
    expect([listener.connections, listener.handshakes, listener.descriptors.length]).toEqual([1, 2, 2]);
  });

  test.each(['wrongHost', 'unrelated', 'expired'] as const)('or whoever takes over gets nothing: %s', async (name) => {
    const { listener, error } = await attempt({ answer: 'handshake', secondCertificate: certificates[name] });
    expect(error).toMatchObject({ errorClass: 'tls' });
    expect(listener.descriptors).toHaveLength(1);
  });
});

test('nobody listens', async () => {
  const { error } = await attempt({}, { tlsPort: await freePort() });
  expect(error).toMatchObject({ errorClass: 'network', code: 'ECONNREFUSED' });
});

test.each(['', 'A)(SERVER=DEDICATED', 'a b', 'X'.repeat(129), 'ORCL=1', "O'RCL", '-x'])(
  'what is no name of a service is not put into a descriptor: %j',
  async (databaseName) => {
    const { listener, error } = await attempt({}, { databaseName });
    expect(error).toMatchObject({ errorClass: 'configuration', message: expect.stringContaining('not a service name') });
    expect(listener.connections).toBe(0);
  },
);

test('variables of the driver decide nothing, and show nothing', async () => {
  const written: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((text) => written.push(String(text)));
  const variables = {
    NODE_ORACLEDB_DEBUG_PACKETS: '1',
    ORA_DEBUG_JDWP: 'host=x;port=1',
    ORA_EDITION: 'X',
    ORA_SDTZ: 'LOCAL',
    TNS_ADMIN: '/nowhere',
    HTTPS_PROXY: 'http://127.0.0.1:1',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  };
  Object.assign(process.env, variables);
  try {
    expect((await attempt({ certificate: certificates.unrelated })).error).toMatchObject({ errorClass: 'tls' });
    expect((await attempt()).error).toMatchObject({ code: 'ORA_12514' });
    expect(written).toEqual([]);
  } finally {
    Object.keys(variables).forEach((name) => delete process.env[name]);
    log.mockRestore();
  }
});

test('the driver opens connections where we have put our own, and nowhere else', () => {
  const thin = path.join(path.dirname(require.resolve('oracledb/package.json')), 'lib', 'thin');
  const opening = readdirSync(thin, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.js')
      && /\b(net|tls|http|https|dgram)\.(connect|createConnection|request|get|createSocket)\(/.test(
        readFileSync(path.join(thin, file), 'utf8'),
      ),
  );
  expect(opening).toEqual([path.join('sqlnet', 'ntTcp.js')]);
  const source = readFileSync(path.join(thin, opening[0]), 'utf8');
  // Each is called by one of the two methods that are replaced.
  expect(source.match(/this\.(ntConnect|tlsConnect)\(/g)).toEqual(['this.ntConnect(', 'this.tlsConnect(', 'this.tlsConnect(']);
  expect(source.match(/^ {2}(async )?\w+\(.*\) \{/gm)!.map((line) => /(\w+)\(/.exec(line)![1]))
    .toEqual(expect.arrayContaining(['connect', 'renegTLS', 'receive', 'setupEventHandlers']));
});
