import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { unpackBindings } from '../../../src/contract/bindings';
import { unpackCertificates } from '../../../src/contract/certificate-authorities';
import type { UserBinding } from '../../../src/contract/database-facts';
import {
  DatabaseEngine, DatabaseTarget, HardenedSecret, LdapDirectory, Rotation, RotationNetwork, SecretContent,
} from '../../../src/index';
import { MAXIMUM_ENVIRONMENT } from '../../../src/rotation-function/private/binding';
import { Bindings } from '../../../src/rotation-function/private/bindings';
import { bindingsIn } from '../../support/bindings-in';
import { isolatedVpc, testApp } from '../../support/scenario';

const PROMISED = 35;
const PEM = resolve(__dirname, '../../../handlers/tls/certificate-authorities/amazon-rds/eu-west-1.pem');
/** Roots of Amazon RDS, which are as long as those of others: of RSA with 2,048 and 4,096 bits and of an elliptic curve. */
const AUTHORITIES = readFileSync(PEM, 'utf8').match(/-----BEGIN[^]+?-----END CERTIFICATE-----/g)!
  .sort((one, other) => one.length - other.length);
const [, RSA_2048, RSA_4096] = AUTHORITIES;
const ARNS = 'arn:aws:secretsmanager:us-east-1:111111111111:secret';

interface Case {
  readonly name: string;
  target(superuser: Secret, network: RotationNetwork, certificateAuthorities: string): DatabaseTarget;
}

const CASES = DatabaseEngine._ALL.map((engine): Case => ({
  name: engine._facts.name,
  target: (superuser, network, certificateAuthorities) => DatabaseTarget.of({
    engine,
    host: 'orders.databases.internal.example.com',
    superuser,
    network,
    certificateAuthorities,
    ...engine._facts.databaseNameRequired && { databaseName: 'orders' },
  }),
}));

/** A stack with many users of one database, and the variables of its functions. */
function withUsers({ target }: Case, users: number, certificateAuthorities: string): Record<string, any>[] {
  const stack = new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const vpc = isolatedVpc(stack);
  const network = RotationNetwork.of({ vpc, securityGroup: new SecurityGroup(stack, 'Functions', { vpc }) });
  const database = target(new Secret(stack, 'Superuser'), network, certificateAuthorities);
  for (let nth = 10; nth < users + 10; nth++) {
    new HardenedSecret(stack, `BillingReader${nth}`, {
      content: SecretContent.databaseCredentials({ username: `billing_reader_${nth}`, database }),
      rotation: Rotation.alternatingUsers(),
    });
  }
  return Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment.Variables);
}

test.each(CASES)('one function has room for 35 users with generated names and an own certificate authority: $name', (one) => {
  const [variables, ...others] = withUsers(one, PROMISED, RSA_2048);
  expect(others).toEqual([]);
  expect(bindingsIn(variables.ROTATION_BINDINGS)).toHaveLength(PROMISED);
  expect(unpackCertificates(JSON.parse(variables.ROTATION_DATABASE).certificateAuthorities)).toBe(`${RSA_2048}\n`);
  const deployed = mapObject(variables, (value) => deployedText(value));
  expect(Buffer.byteLength(JSON.stringify(deployed))).toBeLessThanOrEqual(MAXIMUM_ENVIRONMENT);
});

test('with a certificate authority of 4,096 bits there is room for 25, and what is longer is in another function', () => {
  const functions = withUsers(CASES[0], 26, RSA_4096);
  expect(functions.map(({ ROTATION_BINDINGS: bindings }) => bindingsIn(bindings).length)).toEqual([25, 1]);
  functions.forEach((variables) =>
    expect(Buffer.byteLength(JSON.stringify(mapObject(variables, deployedText)))).toBeLessThanOrEqual(MAXIMUM_ENVIRONMENT));
});

test('as many users of a directory have room, with distinguished names', () => {
  const stack = new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const directory = LdapDirectory.of({ host: 'ldap.example.com', certificateAuthorities: RSA_2048 });
  const superuser = new Secret(stack, 'Superuser');
  for (let nth = 10; nth < PROMISED + 10; nth++) {
    new HardenedSecret(stack, `App${nth}`, {
      content: SecretContent.ldapCredentials({ username: `cn=app ${nth}`, directory }), rotation: Rotation.ldapUser({ superuser }),
    });
  }
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  expect(functions.map(({ Properties }) => bindingsIn(Properties.Environment.Variables.ROTATION_BINDINGS).length))
    .toEqual([PROMISED]);
});

describe('what is written is read again', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
  const shared = fc.record({
    strategy: fc.constantFrom('single', 'alternating', 'dualPassword'),
    createWithRoles: fc.array(name, { maxLength: 2 }),
    formerWorksForHours: fc.integer({ min: 1, max: 99 }),
  }, { requiredKeys: ['strategy'] });
  const user = fc.record({
    secret: fc.oneof(name, name.map((text) => `${ARNS}:${text.replaceAll(':', '')}-AbCdEf`)), username: name, alternateUsername: name,
  }, { requiredKeys: ['secret', 'username'] });

  test('whatever the names are, in no more bytes than were counted', () => {
    fc.assert(fc.property(fc.array(fc.tuple(user, shared), { maxLength: 12 }), (all) => {
      const bindings = all.map((parts) => Object.assign({}, ...parts) as UserBinding);
      const stack = new Stack(testApp(), 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
      jest.spyOn(stack, 'partition', 'get').mockReturnValue('aws');
      const made = new Bindings(stack);
      const counted = bindings.map((binding) => [made.sizeOf(binding), made.add(binding)]);
      const text = JSON.stringify(made.packed);
      const byText = (list: object[]): string[] => list.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
      expect(byText(unpackBindings(JSON.parse(text)))).toEqual(byText(bindings));
      counted.forEach(([size, added]) => expect(added).toBe(size));
      const sum = counted.reduce((total, [size]) => total + size, Buffer.byteLength(JSON.stringify('{"groups":[]}')));
      expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(sum);
    }));
  });

  test('a name that only the deployment knows may have a space in it', () => {
    const stack = new Stack(testApp(), 'Stack');
    const [secret, username] = ['Secret', 'User'].map((id) => new CfnParameter(stack, id).valueAsString);
    const made = new Bindings(stack);
    made.add({ secret, username, strategy: 'single' });
    expect(made.packed).toEqual({ groups: [{ each: {}, all: { secret, username, strategy: 'single' } }] });
    expect(unpackBindings(made.packed)).toEqual([{ secret, username, strategy: 'single' }]);
    expect(JSON.stringify(stack.resolve(made.text))).toContain('{"Ref":"User"}');
  });

  test('a text that is known when the template is made may need escapes', () => {
    const stack = new Stack(testApp(), 'Stack');
    const made = new Bindings(stack);
    made.add({ secret: 's', username: Lazy.string({ produce: () => 'a"b' }), strategy: 'single' });
    expect(unpackBindings(JSON.parse(stack.resolve(made.text)))).toEqual([{ secret: 's', username: 'a"b', strategy: 'single' }]);
  });

  test('what is not given is not written', () => {
    const made = new Bindings(new Stack(testApp(), 'Stack'));
    made.add({ secret: 's', username: 'app', alternateUsername: undefined, strategy: 'alternating' });
    expect(unpackBindings(made.packed)).toEqual([{ secret: 's', username: 'app', strategy: 'alternating' }]);
    expect(Object.keys(made.packed.groups[0].each)).toEqual(['secret', 'username']);
  });

  test('a secret of another account is known by its whole ARN', () => {
    const stack = new Stack(testApp(), 'Stack', { env: { account: '222222222222', region: 'us-east-1' } });
    const made = new Bindings(stack);
    made.add({ secret: `${ARNS}:other-AbCdEf`, username: 'app', strategy: 'single' });
    expect(unpackBindings(made.packed)).toMatchObject([{ secret: `${ARNS}:other-AbCdEf` }]);
    expect(made.packed.arns).toBeUndefined();
  });
});

/** A text as long as CloudFormation may make it. */
function deployedText(value: any): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value['Fn::Join']) {
    return value['Fn::Join'][1].map(deployedText).join('');
  }
  const [, of] = value['Fn::Select'] ?? [];
  const name = `${value.Ref ?? of?.['Fn::Split'][1].Ref}-${'x'.repeat(12)}-${'x'.repeat(6)}`;
  if (of?.['Fn::Split'][1].Ref) {
    return name;
  }
  return of ? 'vpce-0123456789abcdef0-01234567.secretsmanager.us-east-1.vpce.amazonaws.com'
    : value.Ref === 'AWS::Partition' ? 'aws' : `${ARNS}:${name}`;
}

function mapObject<T>(object: Record<string, T>, change: (value: T) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
