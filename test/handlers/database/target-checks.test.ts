import { beginOrClose, checkEngine, checkText, onePassword } from '../../../handlers/database/target-checks';

const RULE = { unfit: /\0/, maximum: 3, server: 'the server' };

test.each([['', RULE], ['abc', RULE], ['üöä', RULE], ['üa', { ...RULE, inBytes: true as const }]])('%j is kept', (text, rule) => {
  expect(() => checkText(text, 'user name', rule)).not.toThrow();
});

test.each([['abcd', RULE], ['a\0', RULE], ['üü', { ...RULE, inBytes: true as const }]])('%j is refused', (text, rule) => {
  expect(() => checkText(text, 'user name', rule))
    .toThrow(/^configuration: the user name is longer than the 3 (characters|bytes) that the server keeps/);
});

test('a function is for some engines', () => {
  const facts = { engine: 'mysql', host: 'localhost', port: 3306 };
  expect(() => checkEngine(facts, ['mariadb', 'mysql'], 'MySQL')).not.toThrow();
  expect(() => checkEngine(facts, ['postgres'], 'PostgreSQL'))
    .toThrow('configuration: this function is for PostgreSQL, and the deployment names another engine');
});

test('where users have one password, another strategy is the remedy', () => {
  expect(onePassword('Oracle Database'))
    .toMatchObject({ errorClass: 'configuration', text: 'users of Oracle Database have one password: choose another strategy' });
});

describe('a connection', () => {
  const close = jest.fn(async () => undefined);

  beforeEach(() => close.mockClear());

  test('stays open for the session that has begun on it', async () => {
    await expect(beginOrClose({ close }, async () => 'session')).resolves.toBe('session');
    expect(close).not.toHaveBeenCalled();
  });

  test('is closed where none begins', async () => {
    await expect(beginOrClose({ close }, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(close).toHaveBeenCalledTimes(1);
  });
});
