import { Template } from 'aws-cdk-lib/assertions';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, CfnResource, DefaultTokenResolver, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import {
  DatabaseTarget, GuardRail, HardenedSecret, Rotation, SecretContent, SecretEncryption, SecretMonitoring, SecretReplica,
  SecretsPlatform,
} from '../src';
import { isolatedVpc, personnelDatabase, testApp } from './support/scenario';

/** Tokens that the AWS CDK resolves for one secret more, with all that this library can do for it but a database. */
const MOST_TOKENS = 118;

interface Cost {
  readonly tokens: number;
  readonly stack: Stack;
  readonly secrets: HardenedSecret[];
}

/** The tokens that are resolved while an app is made and synthesised, of all constructs or of some. */
function tokensOf(make: () => Stack, counts: (scope: IConstruct) => boolean = () => true): number {
  const resolveToken = jest.spyOn(DefaultTokenResolver.prototype, 'resolveToken');
  try {
    Template.fromStack(make());
    return resolveToken.mock.calls.filter(([, { scope }]) => counts(scope)).length;
  } finally {
    resolveToken.mockRestore();
  }
}

/** Secrets of one stack, with all parts that the benchmark has. */
function withSecrets(count: number, names = false): Cost {
  const app = new App({ context: { '@aws-cdk/core:stackResourceLimit': 0, '@aws-cdk/core:validateAgainstDefaultRules': false } });
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'us-east-1' } });
  const secrets: HardenedSecret[] = [];
  const tokens = tokensOf(() => {
    const platform = new SecretsPlatform(stack, 'Secrets', {
      defaults: {
        monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(stack, 'Topic') }),
        guardRails: [GuardRail.tlsOnly(), GuardRail.organization('o-a1b2c3d4e5')],
        replicas: [SecretReplica.inRegion('eu-west-1', { encryption: SecretEncryption.awsManagedKey() })],
      },
    });
    for (let nth = 0; nth < count; nth++) {
      secrets.push(new HardenedSecret(stack, `Secret${nth}`, {
        platform, rotation: Rotation.regenerate(), secretName: names ? `team/${'x'.repeat(24)}-${nth}`.slice(0, 32) : undefined,
      }));
    }
    return stack;
  });
  return { tokens, stack, secrets };
}

const typesBelow = (construct: IConstruct): string[] => construct.node.findAll()
  .filter((child) => CfnResource.isCfnResource(child)).map(({ cfnResourceType }) => cfnResourceType).sort();

test('a secret is four resources', () => {
  const { stack, secrets } = withSecrets(3);
  const types = [
    'AWS::Lambda::Permission', 'AWS::SecretsManager::ResourcePolicy', 'AWS::SecretsManager::RotationSchedule',
    'AWS::SecretsManager::Secret',
  ];
  expect(secrets.map(typesBelow)).toEqual(secrets.map(() => types));
  const resources = (of: Stack): number => Object.keys(Template.fromStack(of).toJSON().Resources).length;
  expect(resources(withSecrets(4).stack) - resources(stack)).toBe(4);
});

test('one that CloudFormation attaches to a database is five', () => {
  const stack = new Stack(testApp(), 'Stack');
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(stack, isolatedVpc(stack)));
  const secret = new HardenedSecret(stack, 'Creds', {
    content: SecretContent.databaseCredentials({ username: 'app', database }),
    encryption: SecretEncryption.awsManagedKey(),
    rotation: Rotation.alternatingUsers(),
  });
  expect(typesBelow(secret)).toEqual([
    'AWS::Lambda::Permission',
    ...['ResourcePolicy', 'RotationSchedule', 'Secret', 'SecretTargetAttachment'].map((of) => `AWS::SecretsManager::${of}`),
  ]);
});

test.each([
  [40, 1, false], [41, 2, false], [80, 2, false], [40, 1, true], [80, 2, true],
])('%i secrets make %i functions, each with an alarm; with names of 32 characters: %s', (secrets, functions, names) => {
  const template = Template.fromStack(withSecrets(secrets, names).stack);
  const rotating = Object.values(template.findResources('AWS::Lambda::Function'))
    .filter(({ Properties }) => 'ROTATION_BINDINGS' in (Properties.Environment?.Variables ?? {}));
  expect(rotating).toHaveLength(functions);
  template.resourceCountIs('AWS::CloudWatch::Alarm', functions);
});

test('each secret more costs the same, and no more than is known', () => {
  const [ten, twenty, thirty] = [10, 20, 30].map((count) => withSecrets(count).tokens);
  // A rule of events holds a number of secrets.
  expect((thirty - twenty) / (twenty - ten)).toBeLessThanOrEqual(1.05);
  expect((thirty - twenty) / 10).toBeLessThanOrEqual(MOST_TOKENS);
});

test('resource policies that say the same are rendered once for a stack', () => {
  const rendered = [2, 4].map((count) => {
    const resolve = jest.spyOn(PolicyDocument.prototype, 'resolve');
    withSecrets(count);
    const { length } = resolve.mock.calls;
    resolve.mockRestore();
    return length;
  });
  expect(rendered[1]).toBe(rendered[0]);
});

test('the statements of a reader are looked through once, however many keys of secrets it may use', () => {
  const withReader = (count: number): number => {
    const stack = new Stack(testApp(), 'Stack');
    const role = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    return tokensOf(() => {
      for (let nth = 0; nth < count; nth++) {
        const { secretArn, encryptionKey } = new HardenedSecret(stack, `Secret${nth}`, { rotation: Rotation.none('test') });
        role.addToPrincipalPolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }));
        role.addToPrincipalPolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [encryptionKey!.keyArn] }));
      }
      return stack;
    }, (scope) => scope === role.node.defaultChild);
  };
  const [five, ten, fifteen] = [5, 10, 15].map(withReader);
  expect(ten).toBeGreaterThan(five);
  expect(fifteen - ten).toBe(ten - five);
});
