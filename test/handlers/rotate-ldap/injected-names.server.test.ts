import * as fc from 'fast-check';
import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import { LdapTarget } from '../../../handlers/rotate-ldap/ldap-target';
import { entryKey } from '../../../src/contract/distinguished-name';
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
  // As wide as a Chinese character, which names of domains do not have.
  (character) => /[!-~]/.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character,
];

/** What attributes of the names here are called as well. */
const TYPE_SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  cn: ['cn', 'CN', 'commonName', '2.5.4.3'],
  ou: ['ou', 'organizationalUnitName', '2.5.4.11'],
  uid: ['uid', 'userid', '0.9.2342.19200300.100.1.1'],
  dc: ['dc', 'domainComponent', '0.9.2342.19200300.100.1.25'],
};

/** Another way to write a name without escapes in it. */
function respelled(name: string): fc.Arbitrary<string> {
  const parts = name.split(',').map((part) => part.split('=') as [string, string]);
  return fc.tuple(...parts.map(([type, value]) => fc.tuple(
    fc.constantFrom(...TYPE_SPELLINGS[type]), fc.constantFrom('=', ' = '),
    fc.tuple(...[...value].map((character) =>
      fc.constantFrom(...type === 'dc' ? SPELLINGS.slice(0, 3) : SPELLINGS).map((spell) => spell(character)))),
  ).map(([spelledType, equals, characters]) => `${spelledType}${equals}${characters.join('')}`)))
    .chain((spelled) => fc.constantFrom(',', ' ,  ').map((comma) => spelled.join(comma)));
}

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

  test('whoever the server lets in is the entry that the name is for, and has its key', async () => {
    const user = { username: `cn=Smith\\, J+uid=js,ou=people,${SUFFIX}`, password: 'let in' };
    await directory.add(user.username, [
      'objectClass: person', 'objectClass: uidObject', 'sn: Smith', `userPassword: ${user.password}`,
    ]);
    const counts = { letIn: 0, kept: 0 };
    const characters = fc.constantFrom(
      ...'Smith, J', '\\,', '\\ ', '\\2c', '\\20', 'ſ', 'İ', 'ı', 'ｊ', 'Ｊ', '\u00a0', '\u00ad', '\u3000', '  ', '#', '\\53',
    );
    const values = fc.oneof(
      fc.array(characters, { minLength: 1, maxLength: 9 }).map((all) => all.join('')),
      fc.tuple(...[...'Smith', '\\,', ' ', 'J'].map((character) => fc.oneof(
        { weight: 5, arbitrary: fc.constant(character) }, { weight: 1, arbitrary: characters },
      ))).map((all) => all.join('')),
    );
    const types = fc.constantFrom('cn', 'commonname', '2.5.4.3', 'sn', 'surname', 'uid');
    const names = fc.tuple(types, values, fc.boolean()).map(([type, value, uidFirst]) =>
      `${(uidFirst ? ['userid=JS', `${type}=${value}`] : [`${type}=${value}`, 'uid=js']).join('+')},ou=people,${SUFFIX}`);
    await fc.assert(fc.asyncProperty(names, async (username) => {
      try {
        await (await target(directory).signIn({ ...user, username }, deadline())).close();
        counts.letIn += 1;
        expect(entryKey(username)).toBe(entryKey(user.username));
      } catch (thrown) {
        expect(thrown).toMatchObject({ errorClass: expect.stringMatching(/^(?:authentication|configuration)$/) as string });
        counts.kept += 1;
      }
    }), {
      numRuns: 150,
      // Chance may find few that are let in.
      examples: ['cn=Smith\\, J+uid=js', 'uid=JS+CN=smith\\2c j', '2.5.4.3=Smith\\2C  J+userid=js', 'cn=Smith+uid=js']
        .map((name): [string] => [`${name},ou=people,${SUFFIX}`]),
    });
    expect(counts.letIn).toBeGreaterThanOrEqual(3);
    expect(counts.kept).toBeGreaterThan(5);
  });

  test('the superuser by any spelling is not changed by itself', async () => {
    const { username, password } = directory.administrator;
    await fc.assert(fc.asyncProperty(respelled(username), async (name) => {
      const session = await target(directory).signIn({ username: name, password }, deadline());
      const change = { username, password: 'taken over', token: 'token' };
      await expect(session.changeUser(change).finally(async () => session.close())).rejects.toMatchObject({
        errorClass: 'configuration', message: expect.stringContaining('the superuser itself') as string,
      });
    }), { numRuns: 25 });
    expect(await directory.worksFor(directory.administrator)).toBe(true);
  });
});
