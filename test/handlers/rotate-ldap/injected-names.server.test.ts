import * as fc from 'fast-check';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { LdapTarget } from '../../../handlers/rotate-ldap/ldap-target';
import { createCertificates } from '../../servers/certificates';
import { Der } from '../../servers/der';
import { HostileLdapServer } from '../../servers/hostile-ldap-server';
import { LdapAnswer } from '../../servers/ldap-answers';
import { LdapServer, SUFFIX } from '../../servers/ldap-server';
import { requireServer } from '../../servers/require-server';

const certificates = createCertificates();
const VICTIM = { username: LdapServer.person('victim'), password: 'the password of the victim' };
/** Pieces of names, filters and BER. */
const pieces = fc.constantFrom(
  VICTIM.username, SUFFIX, 'uid=', ',ou=people,', 'victim', '+', ',', ';', '=', '\\', '\\2c', '\\', '"', '#04', '<', '>', '*',
  ')(uid=*', ' ', '\0', '\n', 'ü', '\ud800', '\x04\x06', '\x80\x00', '0.9.2342.19200300.100.1.1=', '??sub?(uid=*)',
  'ldap://elsewhere.example/',
);
const texts = fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''));

/** Ways to write one character of a value that mean the same. */
const SPELLINGS: readonly ((character: string) => string)[] = [
  (character) => character, (character) => character.toUpperCase(), (character) => `\\${Buffer.from(character).toString('hex')}`,
];

const target = ({ host, port }: { host: string; port: number }): LdapTarget => new LdapTarget({
  region: 'eu-west-1', database: { engine: 'ldap', host, port, certificateAuthorities: certificates.authority.certificate },
});
const deadline = (): Deadline => new Deadline(systemClock, 60_000);
const octets = (text: string): Buffer => Der.octetString(Buffer.from(text));
const retagged = (tag: number, element: Buffer): Buffer => Buffer.concat([Buffer.from([tag]), element.subarray(1)]);
const control = retagged(0xa0, Der.sequence(Der.sequence(octets('1.3.6.1.4.1.42.2.27.8.5.1'))));
const bindOf = (name: string, password: string): Buffer => Der.sequence(
  Der.integer(Buffer.from([1])),
  retagged(0x60, Der.sequence(Der.integer(Buffer.from([3])), octets(name), retagged(0x80, octets(password)))),
  control,
);

test('whatever a user name is, it is the name in the one login that is sent, or nothing is', async () => {
  const names = fc.oneof(texts, texts.map((text) => LdapServer.person(text)), texts.map((text) => `uid=${text},${SUFFIX}`));
  const counts = { sent: 0, refused: 0 };
  const server = await HostileLdapServer.start(certificates.good);
  await fc.assert(fc.asyncProperty(names, texts.filter((text) => !/[\0\p{Cs}]/u.test(text)), async (username, password) => {
    const { connections } = server;
    server.asked.length = 0;
    server.replies = [(id) => LdapAnswer.result(id, LdapAnswer.bind, 0)];
    const outcome = await target(server).signIn({ username, password }, deadline()).catch((thrown: unknown) => thrown);
    if (outcome instanceof Error) {
      counts.refused += 1;
      expect(outcome).toMatchObject({ errorClass: 'configuration' });
      expect([server.connections, server.asked]).toEqual([connections, []]);
    } else {
      counts.sent += 1;
      await (outcome as { close(): Promise<void> }).close();
      expect(server.connections).toBe(connections + 1);
      expect(server.received).toEqual(bindOf(username, password));
    }
  }), { numRuns: 150 });
  await server.stop();
  expect(Math.min(counts.sent, counts.refused)).toBeGreaterThan(10);
});

requireServer('slapd')('names of users in OpenLDAP', () => {
  let directory: LdapServer;

  beforeAll(async () => {
    directory = await LdapServer.start({ certificate: certificates.good, authority: certificates.authority.certificate });
    await directory.createUser(VICTIM);
  });

  afterAll(async () => directory.stop());

  test('whatever a name has in it, the password of its own entry is changed, and of no other', async () => {
    const state = async (name: string): Promise<string> => directory.read(name, '*', '+');
    const [victim, manager] = [await state(VICTIM.username), await state(directory.administrator.username)];
    let serial = 0;
    await fc.assert(fc.asyncProperty(texts.filter((text) => !/\p{Cs}/u.test(text)), async (text) => {
      const user = { username: LdapServer.person(`${serial++}${text}`), password: `former ${serial}` };
      await directory.createUser(user);
      const next = { ...user, password: `next ${serial}`, token: 'token' };
      const session = await target(directory).signIn(directory.administrator, deadline());
      await session.changeUser(next).finally(async () => session.close());
      const itself = await target(directory).signIn(next, deadline());
      await itself.close();
      expect([await state(VICTIM.username), await state(directory.administrator.username)]).toEqual([victim, manager]);
    }), { numRuns: 25 });
    expect(await directory.worksFor(VICTIM)).toBe(true);
  });

  test('the superuser by any spelling is not changed by itself', async () => {
    const { username, password } = directory.administrator;
    const spelled = fc.array(fc.constantFrom(...SPELLINGS), { minLength: username.length, maxLength: username.length })
      .map((ways) => username.replace(/(?<==)[^,]+|,/g, (part, at: number) =>
        part === ',' ? ' ,  ' : [...part].map((character, index) => ways[at + index](character)).join('')));
    await fc.assert(fc.asyncProperty(spelled, async (name) => {
      const session = await target(directory).signIn({ username: name, password }, deadline());
      const change = { username, password: 'taken over', token: 'token' };
      await expect(session.changeUser(change).finally(async () => session.close())).rejects.toMatchObject({
        errorClass: 'configuration', message: expect.stringContaining('the superuser itself') as string,
      });
    }), { numRuns: 25 });
    expect(await directory.worksFor(directory.administrator)).toBe(true);
  });
});
