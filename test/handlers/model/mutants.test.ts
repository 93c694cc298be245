import type { Report } from './explorer';
import { loadModule, type Patch } from './load-module';

interface Mutant extends Patch {
  readonly name: string;
  /** The rotation in which it is to be found. */
  readonly system: string;
  /** Whether it takes a person who writes the secret. */
  readonly hands?: 1;
  /** Whether it takes the daily audit. */
  readonly duty?: boolean;
}

/** Of what the daily audit does about the former credential. */
const DUTIES: Mutant[] = [
  {
    name: 'does not note that a former credential was ended',
    system: 'alternating users',
    file: 'handlers/core/former-credential.ts',
    from: "endFormer?.(rotation) !== 'ended'",
    to: 'endFormer?.(rotation) !== undefined',
  },
  {
    name: 'ends a former credential again and again',
    system: 'alternating users',
    file: 'handlers/core/former-credential.ts',
    from: ' || previousId === endedId',
    to: '',
  },
  {
    name: 'takes a credential for ended that works again',
    system: 'cache user without a cluster',
    hands: 1,
    file: 'handlers/core/run-step.ts',
    from: 'await rotation.moveLabel(ENDED, { from });',
    to: '',
  },
  {
    name: 'does not end the former user',
    system: 'alternating users',
    file: 'handlers/database/superuser-strategy.ts',
    from: "rotation.versionWith(PREVIOUS)!) ?? '', 'AWSPREVIOUS'",
    to: "rotation.versionWith(CURRENT)!) ?? '', 'AWSCURRENT'",
  },
  {
    name: 'ends the credential that clients hold',
    system: 'two passwords',
    file: 'handlers/database/superuser-strategy.ts',
    from: '? changeOf(current, rotation.versionWith(CURRENT)!)',
    to: '? changeOf(former, rotation.versionWith(PREVIOUS)!)',
  },
  {
    name: 'ends the only credential that works',
    system: 'alternating users',
    hands: 1,
    file: 'handlers/database/superuser-strategy.ts',
    from: 'if (!await this.letsClientsIn(rotation, current, current)) {\n      throw',
    to: 'if (false) {\n      throw',
  },
  {
    name: 'ends the credential of a rotation that has begun meanwhile',
    system: 'two passwords',
    file: 'handlers/database/superuser-strategy.ts',
    from: 'if (next.username === former.username) {',
    to: 'if (false) {',
  },
  {
    name: 'leaves the former password of a cache',
    system: 'cache user',
    file: 'handlers/rotate-cache-user/cache-user-strategy.ts',
    from: 'if (passwordCount > 1) {',
    to: 'if (false) {',
  },
  {
    name: 'ends the password of a cache of a rotation that has begun meanwhile',
    system: 'cache user',
    file: 'handlers/rotate-cache-user/cache-user-strategy.ts',
    from: 'setPasswords(user.userId, [next, password], limits)',
    to: 'setPasswords(user.userId, [password], limits)',
  },
];

const MUTANTS: Mutant[] = [
  ...DUTIES.map((mutant) => ({ ...mutant, duty: true })),
  {
    name: 'promotes what nobody has tested',
    system: 'own login',
    file: 'handlers/core/run-step.ts',
    from: 'if (!rotation.isTested) {',
    to: 'if (false) {',
  },
  {
    name: 'notes a test that it has not made',
    system: 'single user',
    file: 'handlers/core/run-step.ts',
    from: 'await prove(rotation, strategy, pending);',
    to: '',
  },
  {
    name: 'leaves AWSPENDING',
    system: 'generated value',
    file: 'handlers/core/run-step.ts',
    from: 'if (rotation.labels().includes(PENDING)) {',
    to: 'if (false) {',
  },
  {
    name: 'does not finish what another process has begun to finish',
    system: 'steps',
    file: 'handlers/core/run-step.ts',
    from: "event.step === 'finishSecret' ? finishMoved(rotation) : 'already done'",
    to: "'already done'",
  },
  {
    name: 'goes on with a rotation that was cancelled',
    system: 'single user',
    file: 'handlers/core/run-step.ts',
    from: 'if (!labels.includes(PENDING)) {',
    to: 'if (false) {',
  },
  {
    name: 'takes a label that has not moved for one that has',
    system: 'generated value',
    file: 'handlers/core/run-step.ts',
    from: "if (error.errorClass !== 'conflict' || !reached(await rotation.refreshed().catch(() => rotation))) {",
    to: 'if (false) {',
  },
  {
    name: 'keeps a value that was not stored',
    system: 'own login',
    file: 'handlers/core/secret-rotation.ts',
    from: "if (outcome === 'stored') {",
    to: 'if (true) {',
  },
  {
    name: 'keeps a pending version that can never be finished',
    system: 'own login',
    hands: 1,
    file: 'handlers/core/secret-rotation.ts',
    from: 'await this.moveLabel(PENDING, { from: this.token });',
    to: '',
  },
  {
    name: 'proves nothing where AWSCURRENT was moved to the former value',
    system: 'alternating users, back',
    hands: 1,
    file: 'handlers/core/former-value.ts',
    from: 'if (rotation.versionWith(rollBackLabel(rotation)) !== undefined && pending',
    to: 'if (false && pending',
  },
  {
    name: 'does not look for abandoned versions',
    system: 'own login',
    file: 'handlers/database/sign-in-as-any.ts',
    from: 'const abandoned = await newestOf(left, other) ?? origin;',
    to: 'const abandoned = origin;',
  },
  {
    name: 'does not try AWSPREVIOUS',
    system: 'own login',
    hands: 1,
    file: 'handlers/database/sign-in-as-any.ts',
    from: 'const previousId = rotation.versionWith(PREVIOUS);',
    to: 'const previousId = undefined as string | undefined;',
  },
  {
    name: 'changes the user that clients use',
    system: 'alternating users',
    file: 'handlers/database/superuser-strategy.ts',
    from: "binding.strategy === 'alternating' && current === binding.username ? alternateOf(binding) : binding.username",
    to: 'binding.username',
  },
  {
    name: 'takes away the password that clients hold',
    system: 'two passwords',
    file: 'handlers/database/superuser-strategy.ts',
    from: "strategy === 'dualPassword' ? { retain: current.password } : {}",
    to: '{}',
  },
  {
    name: 'leaves a user with a password that does not work',
    system: 'single user',
    hands: 1,
    file: 'handlers/database/superuser-strategy.ts',
    from: "binding.strategy === 'single' && !PASSING.includes(error.errorClass)",
    to: 'false',
  },
  {
    name: 'takes away the password that clients of a cache hold',
    system: 'cache user',
    file: 'handlers/rotate-cache-user/cache-user-strategy.ts',
    from: '[password, held], limits',
    to: '[password], limits',
  },
  {
    name: 'believes that a password was set',
    system: 'cache user without a cluster',
    file: 'handlers/rotate-cache-user/cache-user-strategy.ts',
    from: 'if (!this.options.login && this.applied !== versionOf(rotation)) {',
    to: 'if (false) {',
  },
  {
    name: 'deletes an access key that another attempt has made current',
    system: 'access key',
    file: 'handlers/rotate-iam-access-key/key-history.ts',
    from: 'labels.includes(CURRENT) || labels.includes(PENDING)',
    to: 'labels.includes(PENDING)',
  },
  {
    name: 'promotes a value of no form',
    system: 'generated value',
    hands: 1,
    file: 'handlers/regenerate/regenerate-strategy.ts',
    from: '.couldHaveMade(values)) && pending',
    to: '.couldHaveMade(values)) && false && pending',
  },
];

test.each(MUTANTS)('the check finds code that $name', async ({ system, hands = 0, duty, ...patch }) => {
  const { check } = loadModule<{ check: (name: string, bounds: object) => Promise<Report> }>('test/handlers/model/check.ts', [
    patch,
  ]);
  const { violation } = await check(system, { rotations: 2, hands, duty, worlds: 5_000 });
  expect(violation?.trace[0]).toBe('the beginning');
}, 600_000);

test('a mutant that is not there any more is no mutant', () => {
  const patch = { file: 'handlers/core/run-step.ts', from: 'nothing like it', to: '' };
  expect(() => loadModule('test/handlers/model/check.ts', [patch])).toThrow('has no such text');
});
