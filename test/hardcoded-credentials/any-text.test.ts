import * as fc from 'fast-check';
import { HardcodedCredentialCheck } from '../../src';

const check = new HardcodedCredentialCheck();
const inUserData = (UserData: unknown) =>
  check.findInTemplate(JSON.stringify({ Resources: { Host: { Type: 'AWS::EC2::Instance', Properties: { UserData } } } }));

/** What rules look for, so that random texts meet them. */
const PIECES = [
  'password', 'PASSWORD=', 'secret: ', 'token', 'key', ' -p', '--password ', 'curl -u ', 'postgres://', '@', ':', '=', '"',
  "'", '\\', '\n', ' ', '<', '>',
  '{{resolve:', '}}', '${', '}', 'Basic ', 'Bearer ', 'Authorization', 'eyJ', '.eyJ', '.', 'AKIA', 'ghp_', '-----BEGIN ',
  'PRIVATE KEY-----', '{"', '[', ']',
  'mysql ', 'docker login', 'IDENTIFIED BY', 'echo ', '|', 'chpasswd', 'name="', 'value="', 'A', '0', '-', '_', '/', '$',
  '%', '\uE000',
];
const text = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 8 })),
  { maxLength: 60 }).map((parts) => parts.join(''));

test('no text and no value makes it throw', () => {
  fc.assert(fc.property(fc.oneof(text, fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<unknown>), (value) => {
    expect(Array.isArray(inUserData(value))).toBe(true);
  }), { numRuns: 1000 });
});

test('no template makes it throw', () => {
  const sections = fc.constantFrom('Resources', 'Outputs', 'Parameters', 'Mappings', 'Metadata', 'Properties', 'Type',
    'Fn::Join', 'Fn::Sub', 'Fn::If', 'Fn::Select', 'Fn::GetAtt', 'Ref', 'Name', 'Value', 'Default', 'kind', 'apiVersion',
    'AWS::CloudFormation::Init', 'cdk-secretsmanager-patterns:hardcoded-credentials', 'aws:cdk:path',
    'toString', '__proto__', 'x');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 6 }, text, fc.integer(), fc.constant(null), fc.dictionary(sections, tie('tree')),
      fc.array(tie('tree'), { maxLength: 4 })),
  }));
  fc.assert(fc.property(fc.dictionary(sections, tree), (template) => {
    expect(Array.isArray(check.findInTemplate(JSON.stringify(template)))).toBe(true);
  }), { numRuns: 1000 });
});

test('no value shows in what is said of it', () => {
  fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), (value) => {
    const template = { Resources: { Db: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: value } } } };
    expect(JSON.stringify(check.findInTemplate(JSON.stringify(template)))).not.toContain(value);
  }), { numRuns: 200 });
});

/** Below this a clock's noise is all that is seen, in milliseconds. */
const NOISE = 200;

/** Processor time of the fastest of three, in milliseconds; of fewer where one takes next to nothing. */
function timeOf(value: string, next = 0): number {
  let fastest = Infinity;
  for (let times = 0; times < 3 && fastest >= next; times++) {
    const before = process.cpuUsage();
    inUserData(value);
    const { user, system } = process.cpuUsage(before);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  return fastest;
}

const REPEATED = [
  ...PIECES, ...PIECES.map((piece) => `${piece} `), 'password=', 'key=', 'key: ', '"key": "', 'token ', 'curl -u a',
  'a://b:', 'login a password ', 'eyJ-', 'a.', 'a/',
  'https://hooks.slack.com/', 'googleapis.com/v1/spaces/', 'PuTTY-User-Key-File-2: ', 'name="key" value=', 'net user ',
  '-----BEGIN PRIVATE KEY-----', 'passwd <<< ',
  'docker login ', 'az acr login -n a ', 'openssl passwd ', 'set password ', 'net use /user:a ', 'on ~a >',
  'put-parameter SecureString ', 'a:b@c.',
  'jwt.sign(', 'getConnection(a, ', 'auth=("a", ', 'fill("passw', '${a:', 'a password b\n', 'chpasswd:\nlist:\n', '[a] ',
  'eyJaaaaaaaaaaa.',
  'A'.repeat(32) + ' ', 'a || ', 'password: a || ', 'open a\nuser b ', 'arn:password:',
  'password for a is ', 'user `a`, password ', 'password `', 'name: password\n value ', 'ParameterKey=password,',
  '--name key --value', 'key = "aaaaaaaa" ', '<name>key</name> ', '<password> ', 'echo aaaa > ', 'sed s/key/',
  'sed s/PASSWORD_', 'nmcli ', 'radius-server ', 'username a privilege 1 ', 'пароль', 'motdepasse ', '${key',
  'eyJhbGciaaaaa.', '+password ', 'login a / ',
  'password: "; ', 'password || "', 'reg add /v password ', '-Name password ', 'login <<< "a:',
  'abandon ', '##', 'set-header key ', 'https://0123456789abcdef0123456789abcdef@', 'login=', '-Da.password=b.',
];

test.each([...new Set(REPEATED)])('time grows with the length of %j again and again, and no faster', (piece) => {
  const repeated = (length: number): string => piece.repeat(Math.ceil(length / piece.length));
  const long = timeOf(repeated(160_000), NOISE);
  // Eight times the text. The time of the shorter one says nothing where the longer one takes next to none.
  const allowed = long < NOISE ? NOISE : 30 * timeOf(repeated(20_000));
  expect(long).toBeLessThan(allowed);
});
