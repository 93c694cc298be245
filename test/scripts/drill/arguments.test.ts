import { type DrillArguments, HELP, parseArguments } from '../../../scripts/drill/arguments';

const parse = (...args: string[]): DrillArguments => parseArguments(args, { XDG_CACHE_HOME: '/caches' });

test('takes the app of cdk.json, three rotations and the folder for caches where nothing is said', () => {
  const { seed, ...others } = parse('drill');
  expect(others).toEqual({ help: false, app: undefined, rotations: 3, cache: '/caches/cdk-secretsmanager-patterns' });
  expect(Number.isInteger(seed)).toBe(true);
});

test('takes what is said', () => {
  expect(parse('drill', '--app', 'npx tsx app.ts', '--rotations', '100', '--seed', '0', '--cache', '/servers')).toEqual({
    help: false, app: 'npx tsx app.ts', rotations: 100, seed: 0, cache: '/servers',
  });
  expect(parse('drill', '-a', 'cdk.out', '-r', '1', '-s', '4294967295')).toMatchObject({
    app: 'cdk.out', rotations: 1, seed: 4_294_967_295,
  });
});

test('is asked for help without a command', () => {
  expect(parse('--help').help).toBe(true);
  expect(parse('drill', '-h').help).toBe(true);
});

test('the help names every option', () => {
  expect(HELP.match(/--\w+/g)).toEqual(['--app', '--rotations', '--seed', '--cache', '--help']);
});

test.each([
  [[], 'the command is missing, allowed: drill'],
  [['dril'], 'the command is "dril", allowed: drill'],
  [['drill', 'MyStack'], '"MyStack" is one argument too many: drill takes options alone'],
  [['drill', '--app='], '--app is empty, allowed: a command, or the directory of a cloud assembly'],
  [['drill', '--rotations', '0'], '--rotations is "0", allowed: a whole number from 1 to 100'],
  [['drill', '--rotations', '101'], '--rotations is "101", allowed: a whole number from 1 to 100'],
  [['drill', '--rotations', '1.5'], '--rotations is "1.5", allowed: a whole number from 1 to 100'],
  [['drill', '--seed', 'abc'], '--seed is "abc", allowed: a whole number from 0 to 4294967295'],
  [['drill', '--seed=-1'], '--seed is "-1", allowed: a whole number from 0 to 4294967295'],
  [['drill', '--rotation', '3'], "Unknown option '--rotation'"],
  [['drill', '--seed'], "Option '-s, --seed <value>' argument missing"],
])('refuses %j in one line', (args, message) => {
  expect(() => parse(...args)).toThrow(new Error(message));
});
