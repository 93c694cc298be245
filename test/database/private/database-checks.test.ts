import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib/core';
import { DatabaseEngine } from '../../../src/database/database-engine';
import { MySqlPasswordStatement } from '../../../src/database/mysql-password-statement';
import type { PasswordStatement } from '../../../src/database/password-statement';
import { PostgreSqlPasswordStatement } from '../../../src/database/postgresql-password-statement';
import { type CheckedInput, checkHost, checkOptions } from '../../../src/database/private/database-checks';

const stack = new Stack(new App(), 'Stack');
const engine = DatabaseEngine.POSTGRES._facts;
const token = Token.asString(new CfnParameter(stack, 'Text').value);
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBejCCASGgAwIBAgIUQrxYOu/Nb7cZLw3NDC/x/dS4UIIwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjQwMDI4NDdaGA8yMTI2MTAzMTAw
Mjg0N1owEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABECtocaZwuA4dUjBVl1tU1rS7wW7SSsBD3RQrpzNx1VUWCnkU7uxABZCSw3c
eQ381nUyueoO0NrpXvhDaja4+YSjUzBRMB0GA1UdDgQWBBRkpsKXMdvgdLs5oB5A
e/XsYDUqmDAfBgNVHSMEGDAWgBRkpsKXMdvgdLs5oB5Ae/XsYDUqmDAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIC++/MhwJHZsnOMQ0v39E/42/YLb
5FbuVo1eG8JNBRsdAiAbKXHWZQWUujz9ellsywM4jEq+fyXNmydl0Hp7ZlhrZg==
-----END CERTIFICATE-----
`;

const check = (input: Omit<CheckedInput, 'engine'>) => () => checkOptions(stack, 'DatabaseTarget.of', { engine, ...input });

test.each<Omit<CheckedInput, 'engine'>>([
  {},
  { tlsServerName: 'db.example.com', databaseName: 'personnel', certificateAuthorities: CERTIFICATE },
  { tlsServerName: token, databaseName: token, certificateAuthorities: token },
  { databaseName: 'ä'.repeat(31) },
  { certificateAuthorities: CERTIFICATE + CERTIFICATE },
])('%j passes', (input) => {
  expect(check(input)).not.toThrow();
});

const PEM = '[Stack] `DatabaseTarget.of(certificateAuthorities)` is "';
const PEM_ALLOWED = '", allowed: one or more certificates in PEM text, at most 2400 characters; ';

test.each<{ name: string; input: Omit<CheckedInput, 'engine'>; message: string }>([
  {
    name: 'a TLS name with a port',
    input: { tlsServerName: 'db.example.com:5432' },
    message: '[Stack] `DatabaseTarget.of(tlsServerName)` is "db.example.com:5432", allowed: a DNS name; give the name in the '
      + "server's certificate",
  },
  {
    name: 'an empty database name',
    input: { databaseName: '' },
    message: '[Stack] `DatabaseTarget.of(databaseName)` is "", allowed: 1 to 63 bytes; give the name of a database that the user '
      + 'may connect to',
  },
  {
    name: 'a database name of 64 bytes',
    input: { databaseName: 'ä'.repeat(32) },
    message: `is "${'ä'.repeat(32)}", allowed: 1 to 63 bytes`,
  },
  {
    name: 'too long a text',
    input: { certificateAuthorities: CERTIFICATE.repeat(5) },
    message: `${PEM}text of ${CERTIFICATE.length * 5} characters${PEM_ALLOWED}give only the certificate authority that signed`,
  },
  {
    name: 'something that is no certificate',
    input: { certificateAuthorities: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    message: `${PEM}text of 58 characters with 1 certificate(s)${PEM_ALLOWED}give whole certificates`,
  },
  {
    name: 'a path',
    input: { certificateAuthorities: './ca.pem' },
    message: `${PEM}text of 8 characters with 0 certificate(s)${PEM_ALLOWED}`,
  },
  {
    name: 'something beside a certificate',
    input: { certificateAuthorities: `subject=CN\n${CERTIFICATE}` },
    message: 'with 1 certificate(s)',
  },
])('$name is refused', ({ input, message }) => {
  expect(check(input)).toThrow(message);
});

test('a private key is refused, and not repeated', () => {
  const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n';
  expect(check({ certificateAuthorities: CERTIFICATE + key }))
    .toThrow(`${PEM}text with a private key${PEM_ALLOWED}only the public certificates belong here`);
  expect(check({ certificateAuthorities: key })).not.toThrow('MHcCAQEE');
});

test('authentication is for PostgreSQL', () => {
  expect(check({ authentication: {} })).not.toThrow();
  expect(() => checkOptions(stack, 'DatabaseTarget.of', { engine: DatabaseEngine.MYSQL._facts, authentication: {} }))
    .toThrow("[Stack] `DatabaseTarget.of(authentication)` is for PostgreSQL, and the engine is 'mysql'; leave it out");
});

describe('the form in which passwords are sent', () => {
  const [postgres, mysql] = [PostgreSqlPasswordStatement.plainText(), MySqlPasswordStatement.plainText()];
  const of = ({ _facts }: DatabaseEngine, passwordStatement: PasswordStatement) => () =>
    checkOptions(stack, 'DatabaseTarget.of', { engine: _facts, passwordStatement });

  test('is one of the engine', () => {
    expect(of(DatabaseEngine.POSTGRES, postgres)).not.toThrow();
    expect(of(DatabaseEngine.MYSQL, mysql)).not.toThrow();
    expect(of(DatabaseEngine.MARIADB, mysql)).not.toThrow();
  });

  test.each([
    [DatabaseEngine.POSTGRES, mysql, 'MySqlPasswordStatement', "'postgres'; give a PostgreSqlPasswordStatement, or "],
    [DatabaseEngine.MARIADB, postgres, 'PostgreSqlPasswordStatement', "'mariadb'; give a MySqlPasswordStatement, or "],
    [DatabaseEngine.SQLSERVER, mysql, 'MySqlPasswordStatement', "'sqlserver'; "],
  ])('and no other, case %#', (other, passwordStatement, kind, rest) => {
    expect(of(other, passwordStatement))
      .toThrow(`[Stack] \`DatabaseTarget.of(passwordStatement)\` is a ${kind}, and the engine is ${rest}leave it out`);
  });
});

describe('the host', () => {
  const host = (value: string, tlsServerName?: string) => () => checkHost(stack, 'DatabaseTarget.of(host)', value, tlsServerName);

  test.each([
    'db',
    'db.example.com',
    'DB_1.example.com',
    'mydb.cabc.eu-west-1.rds.amazonaws.com',
    'c.cluster-cabc.us-gov-west-1.rds.amazonaws.com',
    token,
  ])('%s passes', (value) => {
    expect(host(value)).not.toThrow();
  });

  test.each(['10.0.0.5', 'fd00::5'])('the address %s passes with a name for TLS', (value) => {
    expect(host(value, 'db.example.com')).not.toThrow();
    expect(host(value)).toThrow(`[Stack] \`DatabaseTarget.of(host)\` is "${value}", allowed: an IP address together with `
      + 'tlsServerName; a certificate carries a name');
  });

  test.each([
    '',
    'postgres://db.example.com',
    'db.example.com:5432',
    'db.example.com/personnel',
    'db..example.com',
    '-db',
    `${'a'.repeat(64)}.com`,
    'a.'.repeat(127) + 'b',
  ])('%s is refused', (value) => {
    expect(host(value)).toThrow(`[Stack] \`DatabaseTarget.of(host)\` is "${value}", allowed: a DNS name or an IP address; give `
      + 'the host alone, without scheme, port or path');
  });

  test.each([
    [
      'p.proxy-cabc.eu-west-1.rds.amazonaws.com',
      'RDS Proxy keeps its own copy of the credentials: rotate at the database behind it',
    ],
    ['e.endpoint.proxy-cabc.eu-west-1.rds.amazonaws.com', 'RDS Proxy'],
    ['c.cluster-ro-cabc.eu-west-1.rds.amazonaws.com', 'a reader accepts no password change: give the cluster\'s writer endpoint'],
    ['c.cluster-ro-cabc.rds.cn-north-1.amazonaws.com.cn', 'a reader accepts no password change'],
  ])('%s is refused', (value, remedy) => {
    expect(host(value)).toThrow(`[Stack] \`DatabaseTarget.of(host)\` is "${value}", allowed: the endpoint of an instance or the `
      + `writer endpoint of a cluster; ${remedy}`);
  });
});
