import { HostileLdapServer } from '../../servers/hostile-ldap-server';
import { LdapAnswer } from '../../servers/ldap-answers';
import { requireServer } from '../../servers/require-server';
import { RotationBench } from '../support/rotation-bench';

const APP = { username: 'CN=App,OU=Services,DC=corp,DC=example', password: 'the first password' };
const ADMIN = { username: 'CN=Admin,OU=Services,DC=corp,DC=example', password: 'of the superuser' };
const { bind, extended, modify, result, search } = LdapAnswer;
/** What a server says to one message, by its number on the connection. */
type Answer = (id: number) => Buffer;
const LET_IN: Answer = (id) => result(id, bind, 0);
const sub = (data: string): Answer => (id) => result(id, bind, 49, `80090308: LdapErr: DSID-0C09044E, error, data ${data}, v4563\0`);

requireServer('secrets-manager')('what LDAP servers answer', () => {
  let bench: RotationBench;
  let server: HostileLdapServer;

  beforeAll(async () => {
    bench = await RotationBench.start();
  });

  beforeEach(async () => {
    server = await HostileLdapServer.start(bench.certificates.good);
  });

  afterEach(async () => server.stop());

  afterAll(() => bench.stop());

  const setSecret = async (mode: 'prove' | 'superuser', engine: string, answers: Answer[]): Promise<string> => {
    server.replies = answers;
    const { port } = server;
    const database = { engine, host: 'localhost', port, certificateAuthorities: bench.certificates.authority.certificate };
    const arn = await bench.createSecret({ engine, host: 'localhost', port, ...APP });
    const rotating = bench.inProcess('rotate-ldap', {
      mode, database, superuserSecret: await bench.createSecret(ADMIN), bindings: [{ secret: arn, strategy: 'single', ...APP }],
    }, 3_000);
    const rotation = await bench.begin(arn);
    await bench.step(rotating, rotation, 'createSecret');
    const error = await bench.step(rotating, rotation, 'setSecret').then(() => undefined, (thrown: Error) => thrown);
    const { password } = await bench.credentials(arn, 'AWSPENDING');
    expect([APP.password, ADMIN.password, password, 'hunter2'].filter((text) => rotating.output().includes(text))).toEqual([]);
    return error?.message ?? 'done';
  };

  test.each([
    ['strongerAuthRequired', 8, 'configuration', 'by other methods than a password (8)'],
    ['referral', 10, 'configuration', 'name the one that takes them (10)'],
    ['confidentialityRequired', 13, 'tls', 'a stronger TLS connection than it offers (13)'],
    ['noSuchObject', 32, 'authentication', "none of the secret's versions signs in"],
    ['invalidDNSyntax', 34, 'configuration', 'for a distinguished name (34)'],
    ['inappropriateAuthentication', 48, 'authentication', "none of the secret's versions signs in"],
    ['insufficientAccessRights', 50, 'permission', 'does not let the user sign in (50)'],
    ['unwillingToPerform', 53, 'configuration', 'refuses logins'],
    ['other', 80, 'conflict', 'look the code up (80)'],
  ])('to a login: %s', async (_, code, errorClass, message) => {
    const refuse: Answer = (id) => result(id, bind, code, 'hunter2');
    const error = await setSecret('prove', 'ldap', [refuse, refuse]);
    expect(error).toMatch(new RegExp(`^${errorClass}: `));
    expect(error).toContain(message);
  });

  test.each([
    ['530', 'configuration', 'at this time of day (49.530)'],
    ['531', 'configuration', 'userWorkstations says from which (49.531)'],
    ['532', 'authentication', 'the password has expired: rotate it with a superuser (49.532)'],
    ['533', 'configuration', 'the user is disabled in the directory (49.533)'],
    ['701', 'configuration', 'the account of the user has expired (49.701)'],
    ['773', 'authentication', 'has to be changed before the user may sign in: rotate it with a superuser (49.773)'],
    ['775', 'configuration', 'has locked the user after too many wrong passwords'],
    ['52e', 'authentication', "none of the secret's versions signs in"],
    ['525', 'authentication', "none of the secret's versions signs in"], ['568', 'conflict', 'look the code up (49.568)'],
    ['hunter2', 'authentication', "none of the secret's versions signs in, 2 tried (49)"],
  ])('of Active Directory, to a login: data %s', async (data, errorClass, message) => {
    const error = await setSecret('prove', 'activedirectory', [sub(data), sub(data)]);
    expect(error).toMatch(new RegExp(`^${errorClass}: `));
    expect(error).toContain(message);
  });

  test.each([
    ['protocolError', 2, 'configuration', '1.3.6.1.4.1.4203.1.11.1'],
    ['referral', 10, 'configuration', 'name the one that takes them'],
    ['noSuchAttribute', 16, 'conflict', 'holds another password than the one that has just signed in'],
    ['constraintViolation', 19, 'configuration', 'the password policy of the directory'],
    ['insufficientAccessRights', 50, 'permission', 'write access to its own userPassword'],
    ['unwillingToPerform', 53, 'configuration', 'its policy does not take the new one'],
    ['other', 80, 'conflict', 'look the code up'],
  ])('to a new password: %s', async (_, code, errorClass, message) => {
    const refuse: Answer = (id) => result(id, extended, code, 'hunter2');
    const error = await setSecret('prove', 'ldap', [LET_IN, refuse, (id) => result(id, bind, 49)]);
    expect(error).toMatch(new RegExp(`^${errorClass}: `));
    expect(error).toContain(message);
  });

  test('a password that was set all the same is one', async () => {
    expect(await setSecret('prove', 'ldap', [LET_IN, (id) => result(id, extended, 80), LET_IN])).toBe('done');
  });

  test.each(['prove', 'superuser'] as const)('Active Directory is asked to change unicodePwd alone: %s', async (mode) => {
    const changed: Answer = (id) => result(id, modify, 0);
    expect(await setSecret(mode, 'activedirectory', [LET_IN, ...mode === 'prove' ? [] : [LET_IN], changed])).toBe('done');
    const change = server.asked.at(-1)!.toString('latin1');
    expect([change.includes(APP.username), change.split('unicodePwd').length - 1]).toEqual([true, mode === 'prove' ? 2 : 1]);
    expect(change.includes(Buffer.from(`"${APP.password}"`, 'utf16le').toString('latin1'))).toBe(mode === 'prove');
  });

  test('what an administrator is not let do is said with what it needs', async () => {
    const refused: Answer = (id) => result(id, modify, 50);
    expect(await setSecret('superuser', 'activedirectory', [LET_IN, LET_IN, refused]))
      .toContain('in Active Directory the right Reset Password');
    expect(await setSecret('superuser', 'ldap', [
      LET_IN, LET_IN, (id) => result(id, search, 0), (id) => result(id, extended, 0),
      (id) => Buffer.concat([LdapAnswer.reference(id), LdapAnswer.entry(id, '1.1'), result(id, search, 0)]),
      (id) => result(id, modify, 50),
    ])).toContain("it needs write access to the user's userPassword");
  });

  test.each<[string, Answer, string]>([
    ['no LDAP', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 'protocol: the server does not answer as LDAP servers do'],
    ['an answer to another question', (id) => result(id + 1, bind, 0), 'protocol: the server does not answer as LDAP servers do'],
    ['what nobody has asked', () => result(0, extended, 52), 'network: the server ends the connection'],
  ])('a server that says %s', async (_, answer, message) => {
    // A server that cannot be reached is tried again.
    expect(await setSecret('prove', 'ldap', Array.from({ length: 20 }, () => answer))).toContain(message);
  });

  test('a server that goes without an answer', async () => {
    expect(await setSecret('prove', 'ldap', [LET_IN])).toContain('network: the server closed the connection');
  });
});
