import { GetRandomPasswordCommand } from '@aws-sdk/client-secrets-manager';
import { satisfiesRules } from '../../handlers/database/generate-password';
import type { PasswordRules } from '../../src/contract/password-rules';
import { DatabaseEngine } from '../../src/database/database-engine';
import { generatorOf } from '../../src/password/private/password-checks';
import { requireServer } from '../servers/require-server';
import { SecretsManagerServer } from '../servers/secrets-manager-server';

const RULES: [string, PasswordRules][] = [
  ...DatabaseEngine._ALL.map(({ _facts: { name, password } }): [string, PasswordRules] => [name, password]),
  ['without lower case', { length: 16, excludeCharacters: '', excludeLowercase: true }],
  ['without upper case and digits', { length: 16, excludeCharacters: '"', excludeUppercase: true, excludeNumbers: true }],
  ['without punctuation, with spaces', { length: 40, excludeCharacters: '', excludePunctuation: true, includeSpace: true }],
  ['with what chance brings', { length: 4, excludeCharacters: '', requireEachIncludedType: false }],
];

/** Of an emulator: it shows that the options mean the same to both sides, not what Secrets Manager itself does. */
requireServer('secrets-manager')('what Secrets Manager makes as the template tells it', () => {
  let server: SecretsManagerServer;

  beforeAll(async () => {
    server = await SecretsManagerServer.start();
  });

  afterAll(() => server.stop());

  test.each(RULES)('%s: satisfies the rules of rotations', async (_, rules) => {
    const named = Object.entries(generatorOf(rules))
      .map(([name, value]): [string, unknown] => [name[0].toUpperCase() + name.slice(1), value]);
    const options = Object.fromEntries(named);
    const made = await Promise.all(Array.from({ length: 10 }, () => server.client().send(new GetRandomPasswordCommand(options))));
    const passwords = made.map(({ RandomPassword }) => String(RandomPassword));
    expect(passwords.filter((password) => !satisfiesRules(password, rules))).toEqual([]);
  });
});
