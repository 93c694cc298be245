import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib/core';
import { DatabaseEngine, DatabaseTarget, RotationNetwork } from '../../../src';
import { RotationFunctions } from '../../../src/rotation-function/private/function-pool';
import { isolatedVpc, only, testApp } from '../../support/scenario';

function functionsOf(stack: Stack, platformName = 'team') {
  return new RotationFunctions(stack, 'Rotation', { platformName, settings: {} });
}

function requestOf(stack: Stack) {
  const secret = stack.node.tryFindChild('Given') as ISecret | undefined;
  return { scope: stack, secret: secret ?? Secret.fromSecretNameV2(stack, 'Given', 'given') };
}

const PEM = '../../../handlers/tls/certificate-authorities/amazon-rds/eu-west-1.pem';
const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws', 'AWS::Region': 'ap-southeast-1', 'AWS::AccountId': '111111111111',
};
/** Of 4,096 bits. */
const AUTHORITY = readFileSync(resolve(__dirname, PEM), 'utf8')
  .split(/(?<=-----END CERTIFICATE-----)/).find((pem) => pem.length > 2000)!;
const target = (databaseName?: string) =>
  DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', targetName: 'personnel', databaseName })._facts;

test('a database has one function for its users, and one for each superuser', () => {
  const stack = new Stack(testApp(), 'Stack');
  const functions = functionsOf(stack);
  const [one, two] = ['One', 'Two'].map((id) => new Secret(stack, id));
  const made = [
    functions.forDatabase(requestOf(stack), target()), functions.forDatabase(requestOf(stack), target()),
    functions.forDatabase(requestOf(stack), target(), one), functions.forDatabase(requestOf(stack), target(), one),
    functions.forDatabase(requestOf(stack), target(), two),
    functions.forDatabase(requestOf(stack), target('personnel')), functions.forValues(requestOf(stack)),
    functions.forValues(requestOf(stack)),
  ];
  expect(new Set(made).size).toBe(5);
  expect(made[0]).toBe(made[1]);
  expect(made[2]).toBe(made[3]);
  expect(made[6]).toBe(made[7]);
  expect(functions.all).toEqual([...new Set(made)]);
});

test('names are of 48 characters at most, and differ where they are cut', () => {
  const stack = new Stack(testApp(), 'Stack');
  const functions = functionsOf(stack, 'x'.repeat(32));
  functions.forDatabase(requestOf(stack), target());
  functions.forDatabase(requestOf(stack), target(), new Secret(stack, 'Superuser'));
  functions.forValues(requestOf(stack));
  const names = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.FunctionName as string);
  expect(new Set(names).size).toBe(3);
  expect(names.filter((name) => name.length > 48)).toEqual([]);
  expect(names).toContain(`${'x'.repeat(32)}-values`);
});

test.each(['', 'orders-of-the-team-'])('names after %p and what the deployment knows do not depend on other tokens', (before) => {
  const [few, more] = [0, 1000].map((others) => {
    const stack = new Stack(testApp(), 'Stack');
    const name = new CfnParameter(stack, 'Name');
    Array.from({ length: others }, () => Token.asString({ Ref: 'Other' }));
    const functions = functionsOf(stack, `${before}${name.valueAsString}`);
    functions.forDatabase(requestOf(stack), target(), new Secret(stack, 'Superuser'));
    functions.forValues(requestOf(stack));
    return Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => JSON.stringify(Properties.FunctionName));
  });
  expect(few).toEqual(more);
  few.forEach((name) => expect(name).toMatch(/\{"Ref":"Name"\},"-[\w-]{1,15}"/));
});

test('functions of values run in the network of the platform, where it has one', () => {
  const stack = new Stack(new App(), 'Stack');
  const network = RotationNetwork.of({ vpc: isolatedVpc(stack) })._facts;
  new RotationFunctions(stack, 'Rotation', { platformName: 'team', settings: {}, network }).forValues(requestOf(stack));
  const template = Template.fromStack(stack);
  const [{ Properties }] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(Properties.VpcConfig.SubnetIds).toHaveLength(2);
  expect(Properties.Environment.Variables.SECRETS_MANAGER_ENDPOINT).toBeDefined();
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
});

test('what a function is told of its database', () => {
  const stack = new Stack(testApp(), 'Stack');
  functionsOf(stack).forDatabase(requestOf(stack), target('personnel'));
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  expect(JSON.parse(Properties.Environment.Variables.ROTATION_DATABASE))
    .toEqual({ engine: 'postgres', host: 'db.example.com', port: 5432, databaseName: 'personnel' });
  expect(JSON.parse(Properties.Environment.Variables.ROTATION_PASSWORD)).toEqual({ length: 32, excludeCharacters: ':/@"\'\\' });
});

test('certificate authorities that only the deployment knows are not packed', () => {
  const stack = new Stack(testApp(), 'Stack');
  const certificateAuthorities = new CfnParameter(stack, 'Authorities').valueAsString;
  functionsOf(stack).forDatabase(requestOf(stack), { ...target(), certificateAuthorities });
  const { Properties } = only(Template.fromStack(stack), 'AWS::Lambda::Function').resource;
  expect(Properties.Environment.Variables.ROTATION_DATABASE)
    .toEqual({ 'Fn::Join': ['', [expect.stringMatching(/"certificateAuthorities":"$/), { Ref: 'Authorities' }, '"}']] });
});

describe('the network of a secret', () => {
  function networks() {
    const stack = new Stack(testApp(), 'Stack');
    const [of, another] = ['Vpc', 'Other'].map((id) => RotationNetwork.of({ vpc: isolatedVpc(stack, id) })._facts);
    const subnetsOf = (id: string) =>
      JSON.stringify(
        Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).find(({ Properties }) =>
          (Properties.FunctionName as string).startsWith(id),
        )?.Properties.VpcConfig.SubnetIds,
      );
    return { stack, of, another, subnetsOf };
  }

  test('comes before the platform\'s, in functions of its own', () => {
    const { stack, of, another, subnetsOf } = networks();
    const functions = new RotationFunctions(stack, 'Rotation', { platformName: 'team', settings: {}, network: of });
    const platforms = functions.forValues(requestOf(stack));
    const own = functions.forValues({ ...requestOf(stack), network: another });
    expect(own).not.toBe(platforms);
    expect(functions.forValues({ ...requestOf(stack), network: { ...another } })).toBe(own);
    expect(functions.forValues({ ...requestOf(stack), network: of })).toBe(platforms);
    const securityGroup = new SecurityGroup(stack, 'Group', { vpc: another.vpc });
    expect([platforms, own]).not.toContain(functions.forValues({ ...requestOf(stack), network: { ...another, securityGroup } }));
    expect(subnetsOf('team-values-')).toContain('Otherisolated');
  });

  test('comes before that of the database, and after that which the target names', () => {
    const { stack, of, another, subnetsOf } = networks();
    const group = new SecurityGroup(stack, 'Group', { vpc: of.vpc });
    const functions = new RotationFunctions(stack, 'Rotation', { platformName: 'team', settings: {}, network: of });
    const database = (targetName: string, network?: RotationNetwork) =>
      DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com', targetName, securityGroups: [group], network })
        ._facts;
    const shared = functions.forDatabase(requestOf(stack), database('plain'));
    expect(functions.forDatabase({ ...requestOf(stack), network: another }, database('plain'))).not.toBe(shared);
    functions.forDatabase({ ...requestOf(stack), network: another }, database('moved'));
    const named = database('named', RotationNetwork.of({ vpc: of.vpc }));
    const ofTarget = functions.forDatabase(requestOf(stack), named);
    expect(functions.forDatabase({ ...requestOf(stack), network: another }, named)).toBe(ofTarget);
    expect(subnetsOf('team-postgres-moved-prove')).toContain('Otherisolated');
    expect(subnetsOf('team-postgres-named-prove')).not.toContain('Otherisolated');
  });
});

describe('what a function has to know fits into its environment', () => {
  /** As AWS Lambda counts, with the ARNs that CloudFormation fills in. */
  function sizes(stack: Stack): number[] {
    const text = (value: unknown): string =>
      typeof value === 'string'
        ? value
        : ((value as Record<'Fn::Join', [string, unknown[]]>)['Fn::Join']?.[1].map(text).join('')
          ?? ('Fn::Select' in (value as object) ? `${'n'.repeat(60)}-abcdef`
            : PSEUDO[(value as { Ref: string }).Ref]
              ?? `arn:aws:secretsmanager:ap-southeast-1:111111111111:secret:${(value as { Ref: string }).Ref}-0123456789ab-abcdef`));
    return Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(({ Properties }) =>
      Buffer.byteLength(
        JSON.stringify(
          Object.fromEntries(Object.entries(Properties.Environment.Variables).map(([name, value]) => [name, text(value)])),
        ),
      ),
    );
  }

  test.each([['certificates', { certificateAuthorities: AUTHORITY }], ['nothing else', {}]])('beside %s', (_, facts) => {
    const stack = new Stack(testApp(), 'Stack');
    const functions = functionsOf(stack);
    const superuser = new Secret(stack, 'Superuser');
    for (let i = 0; i < 60; i++) {
      const { secretArn } = new Secret(stack, `User${i}`, { secretName: `${'n'.repeat(58)}${i}` });
      const binding = {
        secret: secretArn,
        username: `orders_service_${i}`,
        strategy: 'alternating' as const,
        createWithRoles: ['reader'],
      };
      functions.forDatabase({ ...requestOf(stack), fixedName: 'n'.repeat(60), binding }, { ...target(), ...facts }, superuser);
    }
    expect(sizes(stack).length).toBeGreaterThan(1);
    expect(Math.max(...sizes(stack))).toBeLessThanOrEqual(4096);
    expect(Math.max(...sizes(stack))).toBeGreaterThan(3600);
  });

  test('a secret that does not fit beside another gets another function', () => {
    const stack = new Stack(testApp(), 'Stack');
    const functions = functionsOf(stack);
    const long = { secret: 'Token', password: { length: 32, excludeCharacters: 'x'.repeat(3000) } };
    const other = { secret: 'Other', password: { length: 32, excludeCharacters: 'y'.repeat(3000) } };
    const made = [long, other, { ...long, password: { length: 32, excludeCharacters: '' } }].map((binding) =>
      functions.forValues({ ...requestOf(stack), binding }),
    );
    expect(made[1]).not.toBe(made[0]);
    expect(made[2]).toBe(made[1]);
  });

  test('or is refused', () => {
    const stack = new Stack(testApp(), 'Stack');
    const binding = { secret: 'Token', password: { length: 32, excludeCharacters: 'x'.repeat(4096) } };
    expect(() => functionsOf(stack).forValues({ ...requestOf(stack), binding })).toThrow('[Stack] the environment variables that '
      + 'the rotation function needs for the secret and its database exceed the limit of AWS Lambda, 4096 bytes; '
      + 'give fewer or shorter roles, excluded characters or certificates');
  });
});
