import * as fc from 'fast-check';
import { preparePassword } from '../../../handlers/rotate-postgresql/prepare-password';
import { saltFor, scramVerifier } from '../../../handlers/rotate-postgresql/scram-verifier';
import { createCertificates } from '../../servers/certificates';
import { logIn } from '../../servers/log-in';
import { PostgreSqlServer } from '../../servers/postgresql-server';
import { requireServer } from '../../servers/require-server';

test('is the verifier of RFC 7677 for its example', () => {
  expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')))
    .toBe('SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=');
});

test('the salt is the same for the same version of a user, and for no other', () => {
  fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (username, token, other) => {
    expect(saltFor(username, token)).toEqual(saltFor(username, token));
    expect(saltFor(username, token)).toHaveLength(16);
    fc.pre(token !== other);
    expect(saltFor(username, token).equals(saltFor(username, other))).toBe(false);
    expect(saltFor(token, username).equals(saltFor(other, username))).toBe(false);
  }));
});

test.each([
  ['plain', 'plain'], ['no\u00a0break', 'no break'], ['soft\u00adhyphen', 'softhyphen'], ['\u2168', 'IX'], ['\u00aa', 'a'], ['e\u0301', '\u00e9'],
])('%j is prepared as %j', (password, prepared) => {
  expect(preparePassword(password)).toBe(prepared);
});

test.each(['', '\u00ad', 'a\u0007', '\u0627\u0031', '\u05d0', 'a\ue000', 'a\ufffd', 'a\u2ff0', '\ud800', '\u0378'])('%j is refused: clients would not treat it alike', (password) => {
  expect(() => preparePassword(password)).toThrow('configuration');
});

requireServer('postgresql-18')('PostgreSQL', () => {
  const certificates = createCertificates();
  let server: PostgreSqlServer;

  beforeAll(async () => {
    server = await PostgreSqlServer.start({ version: 18, certificate: certificates.good });
    await server.query('CREATE ROLE app LOGIN');
  }, 30_000);

  afterAll(() => server.stop());

  test.each(['plain', "quote ' and \\", 'no\u00a0break', 'soft\u00adhyphen', '\u2168 roman', 'café', '漢字'])('lets %j in, as it would with a verifier of its own', async (password) => {
    await server.query(`ALTER ROLE app PASSWORD '${scramVerifier(password, saltFor('app', 'token'))}'`);
    const login = { host: server.host, port: server.port, user: 'app', password, ssl: { ca: certificates.authority.certificate } };
    await expect(logIn(login)).resolves.toMatchObject({ user: 'app' });
    await expect(logIn({ ...login, password: `${password}x` })).rejects.toMatchObject({ code: '28P01' });
  });
});
