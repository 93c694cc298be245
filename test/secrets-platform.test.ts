import { Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, Aws, Duration, NestedStack, SecretValue, Stack, Stage } from 'aws-cdk-lib/core';
import {
  DatabaseEngine,
  DatabaseTarget,
  HardenedSecret,
  Rotation,
  SecretContent,
  SecretEncryption,
  SecretMonitoring,
  SecretsPlatform,
} from '../src';
import { bindingsIn } from './support/bindings-in';
import { isolatedVpc, messageOf, only, personnelDatabase, testApp } from './support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

/** The application of the basic scenario, spread over five stacks. */
function fiveStacks(scope: App | Stage, env?: typeof ENV) {
  const stack = (name: string) => new Stack(scope, name, { env });
  const vpc = isolatedVpc(stack('Network'));
  const data = stack('Data');
  const admin = new HardenedSecret(data, 'Admin', { content: SecretContent.databaseCredentials({ username: 'postgres' }) });
  const database = DatabaseTarget.fromRdsInstance(personnelDatabase(data, vpc, admin.secret));
  const platform = new SecretsPlatform(stack('Platform'), 'Secrets');
  const secrets = stack('Secrets');
  const creds = new HardenedSecret(secrets, 'Creds', {
    secretName: 'MyCustomAppCreds',
    platform,
    content: SecretContent.databaseCredentials({ username: 'my_custom_app', database }),
    rotation: Rotation.alternatingUsers(),
  });
  const token = new HardenedSecret(secrets, 'Token', { secretName: 'Token', platform, rotation: Rotation.regenerate() });
  admin.addRotation(Rotation.singleUser({ database }));
  const reader = stack('Reader');
  const app = new LambdaFunction(reader, 'MyCustomApp', {
    code: Code.fromInline('x'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
    environment: { SECRET: creds.secret.secretName },
  });
  creds.grants.read(app);
  token.secret.grantRead(app);
  return { data, secrets, reader, creds, token, platform };
}

function names(template: Template): string[] {
  return [
    ...Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties.FunctionName),
    ...Object.values(template.findResources('AWS::KMS::Alias')).map(({ Properties }) => Properties.AliasName),
  ].filter((name) => name !== undefined);
}

describe.each([['of any account', undefined], ['of one account', ENV]])('five stacks %s', (_, env) => {
  const app = testApp();
  const { data, secrets, reader, creds, platform } = fiveStacks(app, env);
  const assembly = app.synth();
  const templates = Object.fromEntries(assembly.stacks.map((stack) => [stack.stackName, Template.fromJSON(stack.template)]));

  test('depend one way: reader, secrets, platform, database, network', () => {
    const dependencies = Object.fromEntries(assembly.stacks.map((stack) => [
      stack.stackName, stack.dependencies.map(({ id }) => id).filter((id) => !id.endsWith('.assets')).sort(),
    ]));
    expect(dependencies).toEqual({
      Network: [],
      Data: ['Network'],
      Platform: ['Data', 'Network'],
      Secrets: expect.arrayContaining(['Platform']),
      Reader: ['Secrets'],
    });
    expect(dependencies.Secrets).not.toContain('Reader');
  });

  test.each(['Platform', 'Secrets', 'Reader'])('%s exports nothing', (name) => {
    expect(templates[name].toJSON().Outputs ?? {}).toEqual({});
  });

  test('the rotation of the platform is known to the secrets by name', () => {
    const functionName = Object.values(templates.Platform.findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => Properties.FunctionName as string).find((name) => name.includes('postgres'));
    const schedules = Object.values(templates.Secrets.findResources('AWS::SecretsManager::RotationSchedule'));
    expect(schedules).toHaveLength(2);
    expect(JSON.stringify(schedules.map(({ Properties }) => Properties.RotationLambdaARN)))
      .toContain(`function:${functionName}"`);
    expect(secrets.resolve(creds.rotationFunction?.functionArn)).toEqual(schedules[0].Properties.RotationLambdaARN);
    expect(platform.rotationFunctions).toHaveLength(2);
  });

  test('the platform knows the secrets by name, and only the alternate user\'s base', () => {
    const bindings = Object.values(templates.Platform.findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => Properties.Environment.Variables.ROTATION_BINDINGS as string)
      .sort();
    expect(bindings).toEqual([
      '{"groups":[{"each":{"secret":"MyCustomAppCreds","username":"my_custom_app"},'
        + '"all":{"strategy":"alternating","createWithRoles":[]}}]}',
      '{"groups":[{"each":{"secret":"Token"},"all":{"password":{"length":32,"excludeCharacters":""}}}]}',
    ]);
  });

  test('the audit expects the secrets by name, with any customer managed key', () => {
    const inputs = Object.values(templates.Platform.findResources('AWS::Scheduler::Schedule'))
      .map(({ Properties }) => Properties.Target.Input);
    expect(inputs).toContain('{"audit":[{"secret":"Token","rotatesWithinHours":768,"key":"customer"}]}');
  });

  test('the reader knows secret and key by name', () => {
    const statements = JSON.stringify(Template.fromStack(reader).findResources('AWS::IAM::Policy'));
    expect(statements).toContain(':secret:MyCustomAppCreds-??????');
    expect(statements).toContain(`alias/${platform.platformName}`);
    expect(statements).not.toContain('Fn::ImportValue');
  });

  test('the admin secret rotates where the database is', () => {
    Template.fromStack(data).resourceCountIs('AWS::SecretsManager::RotationSchedule', 1);
  });
});

test('two stages have other names and refer to themselves only', () => {
  const app = testApp();
  const stages = ['Test', 'Production'].map((id) => {
    const stage = new Stage(app, id);
    fiveStacks(stage);
    return stage.synth().stacks.map((stack) => Template.fromJSON(stack.template));
  });
  const [test, production] = stages.map((templates) => templates.flatMap(names));
  expect(test.length).toBeGreaterThan(4);
  expect(production).toHaveLength(test.length);
  expect(production.filter((name) => test.includes(name))).toEqual([]);
  expect(JSON.stringify(stages[0].map((template) => template.toJSON()))).not.toContain('Production');
  expect(JSON.stringify(stages[1].map((template) => template.toJSON()))).not.toContain('Test-');
});

test('secrets that name no platform share one for each stack', () => {
  const stack = new Stack(testApp(), 'Stack');
  new HardenedSecret(stack, 'A', { rotation: Rotation.regenerate() });
  new HardenedSecret(stack, 'B', { rotation: Rotation.regenerate() });
  expect(stack.node.findChild('SecretsPlatform')).toBeInstanceOf(SecretsPlatform);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 2);
  expect(Object.keys(template.findResources('AWS::Lambda::Function'))[0]).toMatch(/^SecretsPlatformRotationvaluesFunction/);
});

test('functions are given the key of an alias, which their log groups do not take', () => {
  const stack = new Stack(testApp(), 'Stack');
  const key = new Key(stack, 'Key');
  const encryptionKey = new Alias(stack, 'Alias', { aliasName: 'alias/operations', targetKey: key });
  const platform = new SecretsPlatform(stack, 'Platform', { rotationFunctions: { encryptionKey } });
  new HardenedSecret(stack, 'Token', { platform, rotation: Rotation.regenerate() });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(key.keyArn) });
  template.hasResourceProperties('AWS::Lambda::Function', { KmsKeyArn: stack.resolve(key.keyArn) });
});

describe('the shared key', () => {
  const app = testApp();
  const home = new Stack(app, 'Home');
  const away = new Stack(app, 'Away');
  const platform = new SecretsPlatform(home, 'Platform', { platformName: 'team' });
  const near = new HardenedSecret(home, 'Near', { platform, rotation: Rotation.none('test') });
  new HardenedSecret(away, 'Far', { platform, rotation: Rotation.none('test') });
  app.synth();

  test('is known by its ARN in its own stack and by its alias in others', () => {
    const template = Template.fromStack(home);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: home.resolve(platform.encryptionKey.keyArn) });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/team' });
    Template.fromStack(away).hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: 'alias/team' });
    expect(template.toJSON().Outputs).toBeUndefined();
    expect(near.encryptionKey).toBe(platform.encryptionKey);
  });

  test('is there before the secrets of other stacks', () => {
    expect(away.dependencies).toEqual([home]);
  });
});

test('is not made before it is asked for', () => {
  const stack = new Stack(testApp(), 'Stack');
  new SecretsPlatform(stack, 'Platform');
  Template.fromStack(stack).templateMatches({ Resources: Match.absent() });
});

describe('many secrets', () => {
  /** 50 to a stack: CloudFormation takes 500 resources. */
  function withSecrets(count: number): Template {
    const app = testApp();
    const platform = new SecretsPlatform(new Stack(app, 'Platform'), 'Platform', { platformName: 'team' });
    const stacks = Array.from({ length: Math.ceil(count / 50) }, (_, i) => new Stack(app, `Stack${i}`));
    for (let i = 0; i < count; i++) {
      new HardenedSecret(stacks[Math.floor(i / 50)], `Secret${i}`, {
        platform,
        secretName: `S${i}`,
        rotation: Rotation.regenerate(),
      });
    }
    return Template.fromJSON(app.synth().getStackByName('Platform').template);
  }

  /** The policies of the functions, without the names that differ. */
  function policies(template: Template): string[] {
    return Object.entries(template.findResources('AWS::IAM::ManagedPolicy'))
      .filter(([id]) => !id.includes('Audit'))
      .map(([, { Properties }]) =>
        JSON.stringify(Properties.PolicyDocument.Statement).replace(/values(-?\d+)?[A-Za-z0-9]*/g, 'values'),
      );
  }

  test('synthesise, with the same policy for each function', () => {
    const template = withSecrets(200);
    const functions = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties);
    const bound = functions.map(({ Environment }) => bindingsIn(Environment.Variables.ROTATION_BINDINGS).length);
    expect(bound.reduce((sum, count) => sum + count)).toBe(200);
    expect(Math.max(...bound)).toBeLessThanOrEqual(40);
    expect(functions.map(({ FunctionName }) => FunctionName).slice(0, 3))
      .toEqual(['team-values', 'team-values-2', 'team-values-3']);
    const [first, ...others] = policies(template);
    expect(others).toEqual(others.map(() => first));
    expect(policies(withSecrets(1))).toEqual([first]);
  });

  test('make one audit for each function, and one alarm', () => {
    const template = withSecrets(60);
    const count = Object.keys(template.findResources('AWS::Lambda::Function')).length;
    expect(count).toBeGreaterThan(1);
    template.resourceCountIs('AWS::CloudWatch::Alarm', count);
    template.resourceCountIs('AWS::Scheduler::Schedule', count);
  });

  // The longer the names that CloudFormation makes, the longer a permission in the policy of a function.
  test.each([
    ['User', 40, 1], ['User', 41, 2], ['X'.repeat(100), 33, 1], ['X'.repeat(100), 34, 2],
  ])('users of one database: %s, %i of them need %i function(s)', (id, users, functions) => {
    const stack = new Stack(testApp(), 'Stack');
    const database = DatabaseTarget.of({ engine: DatabaseEngine.POSTGRES, host: 'db.example.com' });
    for (let i = 0; i < users; i++) {
      new HardenedSecret(stack, `${id}${i}`, {
        content: SecretContent.fromSecretValue(SecretValue.secretsManager('given')),
        encryption: SecretEncryption.awsManagedKey(),
        rotation: Rotation.singleUser({ database }),
      });
    }
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', functions);
  });
});

describe('a platform in another stack', () => {
  function apart(home = new Stack(testApp(), 'Home')) {
    const platform = new SecretsPlatform(home, 'Platform', { platformName: 'team' });
    return { home, platform, away: new Stack(home.node.root as App, 'Away') };
  }

  test('refuses a secret without a fixed name', () => {
    const { platform, away } = apart();
    expect(() => new HardenedSecret(away, 'Token', { platform, rotation: Rotation.regenerate() }))
      .toThrow('[Away/Token] the secret is in another stack than its platform and has no fixed name, so the rotation function '
        + 'cannot refer to it; give the secret a `secretName`');
  });

  test('refuses a secret of another stage', () => {
    const { home, platform } = apart();
    const stack = new Stack(new Stage(home.node.root as App, 'Prod'), 'Away');
    const message = messageOf(
      () =>
        new HardenedSecret(stack, 'Token', {
          platform,
          secretName: 'Token',
          rotation: Rotation.regenerate(),
          encryption: SecretEncryption.ownKey(),
        }),
    );
    expect(message)
      .toMatch(/^\[Prod\/Away\/Token\] the secret is in another stage than its platform '.*'; make a platform in each stage$/);
  });

  test('is let in by the key of the secret, by the ARN of its role in words', () => {
    const { platform, away } = apart();
    new HardenedSecret(away, 'Token', {
      platform,
      secretName: 'Token',
      rotation: Rotation.regenerate(),
      encryption: SecretEncryption.ownKey(),
    });
    (away.node.root as App).synth();
    Template.fromStack(away).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([{
          Effect: 'Allow',
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Principal: {
            AWS: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':iam::',
                  { Ref: 'AWS::AccountId' },
                  ':role/team-values-',
                  { Ref: 'AWS::Region' },
                ],
              ],
            },
          },
          Resource: '*',
          Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } },
        }]),
      },
    });
    expect(JSON.stringify(Template.fromStack(Stack.of(platform)).toJSON())).not.toContain('ImportValue');
  });

  test('is not named by the key of a third stack, which may be deployed before the role exists', () => {
    const { platform, home, away } = apart();
    const keys = new Stack(home.node.root as App, 'Keys');
    const key = new Key(keys, 'Key');
    new HardenedSecret(away, 'Token', {
      platform,
      secretName: 'Token',
      rotation: Rotation.regenerate(),
      encryption: SecretEncryption.key(key),
    });
    (away.node.root as App).synth();
    expect(JSON.stringify(Template.fromStack(keys).findResources('AWS::KMS::Key'))).not.toContain('role/');
    expect(JSON.stringify(Template.fromStack(home).findResources('AWS::IAM::ManagedPolicy')))
      .toContain('"Action":["kms:Decrypt","kms:GenerateDataKey"]');
    expect(home.dependencies).toContain(keys);
  });

  test('refers to an imported key by its ARN', () => {
    const { platform, home, away } = apart();
    const key = Key.fromKeyArn(away, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/1234');
    new HardenedSecret(away, 'Token', {
      platform,
      secretName: 'Token',
      rotation: Rotation.regenerate(),
      encryption: SecretEncryption.key(key),
    });
    expect(JSON.stringify(Template.fromStack(home).findResources('AWS::IAM::ManagedPolicy')))
      .toContain('"arn:aws:kms:us-east-1:111111111111:key/1234"');
  });

  test('refuses a topic that would make the stacks depend on each other, and takes one of its own stack', () => {
    const { platform, home, away } = apart();
    const topic = new Topic(away, 'Topic');
    const secret = (id: string, of: Topic) => new HardenedSecret(away, id, {
      platform, secretName: id, rotation: Rotation.regenerate(), monitoring: SecretMonitoring.rotationFailure({ topic: of }),
    });
    expect(() => secret('Token', topic)).toThrow("[Away/Token] the topic 'Away/Topic' is in the secret's stack, which depends on "
      + 'the stack of the platform, '
      + 'which has the alarm that notifies it; put the topic into the platform\'s stack, or into a stack of its own');
    expect(() => secret('Other', new Topic(home, 'Topic'))).not.toThrow();
  });
});

test('functions are made as the platform says', () => {
  const stack = new Stack(testApp(), 'Stack');
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const platform = new SecretsPlatform(stack, 'Platform', {
    platformName: 'team',
    rotationFunctions: { role, timeout: Duration.seconds(30), memorySize: 512, runtime: Runtime.NODEJS_22_X, logRetention: 7 },
  });
  new HardenedSecret(stack, 'Token', { platform, rotation: Rotation.regenerate() });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'team-values', Timeout: 30, MemorySize: 512, Runtime: 'nodejs22.x', Role: stack.resolve(role.roleArn),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});

test('a permissions boundary bounds each role that is made', () => {
  const stack = new Stack(testApp(), 'Stack');
  const permissionsBoundary = ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess');
  new HardenedSecret(stack, 'Token', {
    platform: new SecretsPlatform(stack, 'Platform', { rotationFunctions: { permissionsBoundary } }),
    rotation: Rotation.regenerate(),
  });
  const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const boundary = stack.resolve(permissionsBoundary.managedPolicyArn);
  expect(roles.map(({ Properties }) => Properties.PermissionsBoundary)).toEqual([boundary, boundary]);
});

test('a secret in a nested stack is made after the functions of the stack around it', () => {
  const app = testApp();
  const stack = new Stack(app, 'Stack');
  const platform = new SecretsPlatform(stack, 'Platform', { platformName: 'team' });
  new HardenedSecret(new NestedStack(stack, 'Nested'), 'Token', {
    platform,
    secretName: 'Token',
    rotation: Rotation.regenerate(),
  });
  app.synth();
  const template = Template.fromStack(stack);
  expect(only(template, 'AWS::CloudFormation::Stack').resource.DependsOn).toEqual(
    expect.arrayContaining(
      ['AWS::Lambda::Function', 'AWS::IAM::ManagedPolicy', 'AWS::KMS::Alias'].flatMap((type) =>
        Object.keys(template.findResources(type)),
      ),
    ),
  );
});

test('platforms and secrets whose names only the deployment knows may be equal in words', () => {
  const app = testApp();
  const made = ['One', 'Two'].map((id) => {
    const stack = new Stack(app, id, { env: ENV });
    const platform = new SecretsPlatform(stack, 'Platform', { platformName: Aws.STACK_NAME });
    return new HardenedSecret(stack, 'Token', {
      platform,
      secretName: `${Aws.STACK_NAME}/token`,
      rotation: Rotation.none('test'),
    });
  });
  expect(made.map(({ secret }) => Stack.of(secret).resolve(secret.secretName)))
    .toEqual(Array(2).fill({ 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '/token']] }));
});
