import { inspect } from 'node:util';
import { ScriptedSource } from './scripted-source';
import { CachedSecret, type SecretAnswer, type SecretVersion } from '../../../handlers/secret-client';

const CANARY = 'canary-5c1f';

const secretWith = (answer: SecretAnswer): CachedSecret =>
  new CachedSecret({ secretId: 'database', source: new ScriptedSource({ VersionId: 'first', ...answer }) });
const versionWith = async (answer: SecretAnswer): Promise<SecretVersion> => secretWith(answer).current();

test('has the text, its bytes and its fields', async () => {
  const version = await versionWith({ SecretString: '{"username":"müller","port":5432}' });
  expect(version).toMatchObject({ secretId: 'database', versionId: 'first' });
  expect(version.text()).toBe('{"username":"müller","port":5432}');
  expect(Buffer.from(version.bytes()).toString('utf8')).toBe(version.text());
  expect(version.field('username')).toBe('müller');
  expect(version.json<{ port: number }>().port).toBe(5432);
});

test('has the bytes of a binary value, as a copy', async () => {
  const version = await versionWith({ SecretBinary: Uint8Array.of(1, 2, 3) });
  version.bytes()[0] = 9;
  expect([...version.bytes()]).toEqual([1, 2, 3]);
  expect(() => version.text()).toThrow("the value of the secret 'database' is binary: read bytes()");
});

test('an empty text is a value', async () => {
  expect((await versionWith({ SecretString: '' })).text()).toBe('');
});

test.each([`${CANARY}{`, `"${CANARY}"`, `["${CANARY}"]`, 'null'])('is not a JSON object, and says no more of it: %s', async (text) => {
  const version = await versionWith({ SecretString: text });
  expect(() => version.field('password')).toThrow(/^the value of the secret 'database' is not a JSON object$/);
});

test.each(['port', 'missing', 'toString'])('has no text in the field %s', async (field) => {
  const version = await versionWith({ SecretString: `{"port":5432,"password":"${CANARY}"}` });
  expect(() => version.field(field)).toThrow(new RegExp(`^the value of the secret 'database' has no text in the field '${field}'$`));
});

test.each<[string, SecretAnswer]>([
  ['a text', { SecretString: `{"password":"${CANARY}"}` }],
  ['bytes', { SecretBinary: Buffer.from(CANARY) }],
])('does not show: %s', async (_, answer) => {
  const secret = secretWith(answer);
  const version = await secret.current();
  const shown = [secret, version, { secret, version }, [version], new Error('failed', { cause: version })].flatMap((value) => [
    inspect(value, { showHidden: true, depth: Infinity, getters: true, showProxy: true }),
    JSON.stringify(value),
    String(value),
    JSON.stringify({ ...value }),
    JSON.stringify(Object.getOwnPropertyDescriptors(value)),
    inspect(structuredClone({ ...version })),
  ]).join('\n');
  expect(shown).toContain('first');
  expect(shown).not.toContain(CANARY);
  expect(shown).not.toContain(Buffer.from(CANARY).toString('base64'));
  expect(shown).not.toContain(Buffer.from(CANARY).toString('hex').slice(0, 8));
});
