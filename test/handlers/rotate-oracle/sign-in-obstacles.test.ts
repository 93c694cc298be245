import { systemClock } from '../../../handlers/core/clock';
import { Deadline } from '../../../handlers/core/deadline';
import type { Credentials } from '../../../handlers/database/credential-target';
import { PerhapsSet } from '../../../handlers/database/error-phases';
import { OracleSession } from '../../../handlers/rotate-oracle/oracle-session';
import { type CatalogueUser, OracleCatalogue } from '../support/oracle-catalogue';

const ADMIN = { username: 'admin', password: 'of the administrator' };
const CHANGE = { username: 'app', password: 'new', token: 't' };
const ALTERNATE = { ...CHANGE, username: 'app_clone', base: 'app' };

let catalogue: OracleCatalogue;

beforeEach(() => {
  catalogue = new OracleCatalogue(true);
  catalogue.add('ADMIN', ADMIN.password, { administrator: true });
  catalogue.add('APP', 'first');
});

async function signIn(credentials: Credentials = ADMIN): Promise<OracleSession> {
  const login = { ...credentials, username: credentials.username.toUpperCase() } as never;
  return OracleSession.begin(await catalogue.logInto(login, new Deadline(systemClock, 120_000)), credentials, signIn);
}
const works = async (username: string, password: string): Promise<boolean> =>
  signIn({ username, password }).then(async (session) => session.close().then(() => true), () => false);
const single = async (more = {}): Promise<void> => (await signIn()).changeUser({ ...CHANGE, ...more });
const alternating = async (more = {}): Promise<void> => (await signIn()).changeAlternate({ ...ALTERNATE, ...more });

describe('what would keep a user out is told before anything is changed, and the advice helps', () => {
  const OPEN = { status: 'OPEN' };

  test.each<[string, Partial<CatalogueUser>, string, Partial<CatalogueUser>]>([
    ['LOCKED', { status: 'LOCKED' }, 'ACCOUNT UNLOCK', OPEN],
    ['EXPIRED & LOCKED', { status: 'EXPIRED & LOCKED' }, 'ACCOUNT UNLOCK', OPEN],
    ['LOCKED & IN ROLLOVER', { status: 'LOCKED & IN ROLLOVER' }, 'ACCOUNT UNLOCK', OPEN],
    ['only through others', { proxyOnly: 'Y' }, 'CANCEL PROXY ONLY CONNECT', { proxyOnly: 'N' }],
    ['without CREATE SESSION', { rights: [] }, 'GRANT CREATE SESSION TO …', { rights: [{ role: 'CONNECT' }] }],
  ])('%s', async (_, traits, says, advice) => {
    const app = Object.assign(catalogue.users.get('APP')!, traits);
    for (const attempt of [single, alternating]) {
      await expect(attempt()).rejects.toMatchObject({ errorClass: 'configuration', message: expect.stringContaining(says) });
    }
    expect([catalogue.statements, app.password]).toEqual([[], 'first']);
    Object.assign(app, advice);
    await single();
    await alternating();
    expect([await works('app', 'new'), await works('app_clone', 'new')]).toEqual([true, true]);
  });

  test('an alternate user that was locked by itself', async () => {
    await alternating();
    Object.assign(catalogue.users.get('APP_CLONE')!, { status: 'LOCKED' });
    await expect(alternating({ password: 'next' })).rejects.toThrow('the alternate user is locked: ALTER USER … ACCOUNT UNLOCK');
    expect(catalogue.users.get('APP_CLONE')!.password).toBe('new');
  });
});

test.each(['EXPIRED', 'EXPIRED(GRACE)', 'LOCKED(TIMED)', 'EXPIRED & LOCKED(TIMED)', 'OPEN & IN ROLLOVER'])(
  'what ends by the statement that sets the password is no reason to refuse: %s',
  async (status) => {
    catalogue.users.get('APP')!.status = status;
    await single();
    await alternating();
    catalogue.users.get('APP_CLONE')!.status = status;
    await alternating({ password: 'next' });
    expect([await works('app', 'new'), await works('app_clone', 'next')]).toEqual([true, true]);
    const unlocks = catalogue.statements.filter((statement) => statement.endsWith('UNLOCK'));
    expect(unlocks).toHaveLength(status.includes('LOCKED') ? 2 : 0);
  },
);

describe('a statement that fails and has set the password all the same', () => {
  const own = async (): Promise<void> => (await signIn({ username: 'app', password: 'first' })).changeOwnPassword(CHANGE);
  const ways: [string, () => Promise<void>][] = [['the user itself', own], ['the superuser', single]];
  const refuse = (number: number): void => void catalogue.failures.push({ statement: /IDENTIFIED BY/, number });

  test.each(ways)('is no failure: %s, and one login tells', async (_, way) => {
    catalogue.failAfter = () => {
      throw new PerhapsSet('conflict', 'canary');
    };
    await way();
    expect([catalogue.users.get('APP')!.password, catalogue.refused]).toEqual(['new', 0]);
  });

  test.each(ways)('is one where the password does not sign in: %s, after one login', async (_, way) => {
    refuse(99_999);
    await expect(way()).rejects.toMatchObject({ errorClass: 'conflict', code: 'ORA_99999' });
    expect([catalogue.users.get('APP')!.password, catalogue.refused]).toEqual(['first', 1]);
  });

  test('a profile that forbids former passwords lets a step be repeated, and keeps others out', async () => {
    await single();
    await single();
    expect(catalogue.statements).toHaveLength(2);
    await single({ password: 'other' });
    await expect(single()).rejects.toMatchObject({ errorClass: 'configuration', code: 'ORA_28007' });
    expect(catalogue.users.get('APP')!.password).toBe('other');
  });

  test.each([28_003, 20_001])('what is known to have changed nothing costs no login: %d', async (number) => {
    refuse(number);
    await expect(single()).rejects.toMatchObject({ errorClass: 'configuration', code: `ORA_${number}` });
    expect(catalogue.refused).toBe(0);
  });
});
