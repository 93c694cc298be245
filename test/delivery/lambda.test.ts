import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { ALTERNATING, databaseSecret, environment, SINGLE, stackOf } from './delivery-scenario';
import { CacheUser, HardenedSecret, Rotation, SecretContent, SecretDelivery } from '../../src';
import { messageOf, only, testApp } from '../support/scenario';

const functionIn = (stack: Stack, architecture?: Architecture): LambdaFunction => new LambdaFunction(stack, 'App', {
  runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('0'), architecture,
});
const appOf = (template: Template): Record<string, any> => only(template, 'AWS::Lambda::Function', 'App').resource.Properties;
const variablesOf = (template: Template): Record<string, unknown> => appOf(template).Environment.Variables;
/** What the role of the function may do, and on what. */
const allowed = (template: Template): string[] => Object.entries(template.findResources('AWS::IAM::Policy'))
  .filter(([id]) => id.startsWith('AppServiceRole'))
  .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
  .flatMap(({ Action }) => Action);
const messages = (stack: Stack, kind: 'Info' | 'Warning', id: string): string[] => Annotations.fromStack(stack)[`find${kind}`](
  '*', Match.stringLikeRegexp(`\\[ack: cdk-secretsmanager-patterns:${id}\\]`)).map(({ entry }) => String(entry.data));

describe('toLambda', () => {
  test('grants reading with the key, and gives the ARN', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret').delivery.toLambda(functionIn(stack));
    const template = Template.fromStack(stack);
    expect(variablesOf(template)).toEqual({ SECRET_ID: { Ref: expect.stringMatching(/^Secret/) } });
    expect(allowed(template)).toEqual(
      expect.arrayContaining(['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret', 'kms:Decrypt']),
    );
  });

  test('leaves texts with references in them in other variables as they are', () => {
    const stack = stackOf();
    const fn = functionIn(stack);
    fn.addEnvironment('QUEUE', `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/shop`);
    new HardenedSecret(stack, 'Secret').delivery.toLambda(fn);
    expect(Object.keys(variablesOf(Template.fromStack(stack))).sort()).toEqual(['QUEUE', 'SECRET_ID']);
  });

  test('takes any secret, with its key, under another name', () => {
    const stack = stackOf();
    const secret = new Secret(stack, 'Plain', { encryptionKey: new Key(stack, 'Key') });
    SecretDelivery.fromSecret(secret).toLambda(functionIn(stack), { environmentVariable: 'TOKEN_ARN' });
    const template = Template.fromStack(stack);
    expect(variablesOf(template)).toEqual({ TOKEN_ARN: { Ref: expect.stringMatching(/^Plain/) } });
    expect(allowed(template)).toContain('kms:Decrypt');
  });

  test('gives the fixed name to another stack, which then needs no export', () => {
    const app = testApp();
    const secret = new HardenedSecret(new Stack(app, 'Owner', { env: environment }), 'Secret', { secretName: 'orders/database' });
    const reader = new Stack(app, 'Reader', { env: environment });
    secret.delivery.toLambda(functionIn(reader));
    const template = Template.fromStack(reader);
    expect(variablesOf(template)).toEqual({ SECRET_ID: 'orders/database' });
    expect(JSON.stringify(template)).not.toContain('Fn::ImportValue');
  });

  test('gives two secrets a variable each, and none the variable of another', () => {
    const stack = stackOf();
    const fn = functionIn(stack);
    const [one, other] = ['One', 'Other'].map((id) => new HardenedSecret(stack, id));
    one.delivery.toLambda(fn);
    other.delivery.toLambda(fn, { environmentVariable: 'OTHER' });
    expect(() => other.delivery.toLambda(fn)).toThrow("[Stack/App] its variable 'SECRET_ID' is that of the secret "
      + "'Stack/One' already; give toLambda() another `environmentVariable`");
    expect(Object.keys(variablesOf(Template.fromStack(stack)))).toEqual(['SECRET_ID', 'OTHER']);
  });

  test.each(['', '1', 'A', 'A-B', 'A'.repeat(256)])('refuses %j for a name', (environmentVariable) => {
    const stack = stackOf();
    expect(() => new HardenedSecret(stack, 'Secret').delivery.toLambda(functionIn(stack), { environmentVariable }))
      .toThrow(new RegExp('^\\[Stack/App\\] `toLambda\\(environmentVariable\\)` is ".*", allowed: 2 characters or more: '
        + 'a letter, and then letters, digits and _; '));
  });

  test('replaces no variable that the function has from elsewhere, and takes what says the same', () => {
    const stack = stackOf();
    const { delivery, secret } = new HardenedSecret(stack, 'Secret');
    const fn = functionIn(stack).addEnvironment('SECRET_ID', secret.secretArn).addEnvironment('TABLE', 'orders');
    delivery.toLambda(fn);
    expect(() => delivery.toLambda(fn, { environmentVariable: 'TABLE' })).toThrow("[Stack/App] its variable 'TABLE', with which "
      + "toLambda() tells it of the secret 'Stack/Secret', has another value as well; give toLambda() another "
      + '`environmentVariable`, or leave the other one out');
    expect(variablesOf(Template.fromStack(stack))).toEqual({ SECRET_ID: expect.anything(), TABLE: 'orders' });
  });

  test('refuses at synthesis what replaces its variable later', () => {
    const stack = stackOf();
    const fn = functionIn(stack);
    new HardenedSecret(stack, 'Secret').delivery.toLambda(fn);
    fn.addEnvironment('SECRET_ID', 'orders');
    expect(messageOf(() => Template.fromStack(stack)))
      .toContain("[Stack/App] its variable 'SECRET_ID', with which toLambda() tells it of the secret 'Stack/Secret', has");
  });

  test('refuses a HardenedSecret in the place of its secret', () => {
    const secret = new HardenedSecret(stackOf(), 'Secret');
    expect(() => SecretDelivery.fromSecret(secret as never)).toThrow('pass x.secret: the `secret` of the HardenedSecret');
  });
});

describe('toLambdaExtension', () => {
  test('refuses another setting of its cache than its own, and its own for the secret', () => {
    const stack = stackOf();
    const { delivery } = new HardenedSecret(stack, 'Secret');
    const fn = functionIn(stack).addEnvironment('SECRETS_MANAGER_TTL', '100');
    expect(messageOf(() => delivery.toLambdaExtension(fn))).toBe("[Stack/App] its variable 'SECRETS_MANAGER_TTL' is there "
      + 'already; leave it out, and give toLambdaExtension() the `timeToLive` where another one is needed');
    const other = new Stack(stack.node.root, 'Other', { env: environment });
    new HardenedSecret(other, 'Secret').delivery
      .toLambdaExtension(functionIn(other), { environmentVariable: 'SECRETS_MANAGER_TTL' });
    expect(messageOf(() => Template.fromStack(other)))
      .toContain("its variable 'SECRETS_MANAGER_TTL', with which toLambdaExtension() tells it of the secret 'Other/Secret', has");
  });

  test('refuses a secret of another Region, which the extension does not ask', () => {
    const stack = stackOf();
    const arn = 'arn:aws:secretsmanager:us-east-1:111111111111:secret:orders-AbCdEf';
    const delivery = SecretDelivery.fromSecret(Secret.fromSecretCompleteArn(stack, 'Orders', arn));
    expect(() => delivery.toLambdaExtension(functionIn(stack)))
      .toThrow('[Stack/App] `toLambdaExtension(secret)` is "Stack/Orders in us-east-1", allowed: one in the region eu-west-1; ');
  });

  const TTL = 'SECRETS_MANAGER_TTL';

  test.each([
    [Architecture.X86_64, 'AWS-Parameters-and-Secrets-Lambda-Extension'],
    [Architecture.ARM_64, 'AWS-Parameters-and-Secrets-Lambda-Extension-Arm64'],
  ])('adds the layer for %s of the Region, grants reading and gives the ARN', (architecture, layer) => {
    const stack = stackOf();
    databaseSecret(stack, ALTERNATING).delivery.toLambdaExtension(functionIn(stack, architecture));
    const template = Template.fromStack(stack);
    expect(appOf(template).Layers).toEqual([
      expect.stringMatching(new RegExp(`^arn:aws:lambda:eu-west-1:\\d{12}:layer:${layer}:\\d+$`)),
    ]);
    expect(Object.keys(variablesOf(template)).sort()).toEqual(['SECRETS_MANAGER_TTL', 'SECRET_ID']);
    expect(allowed(template)).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
  });

  test('finds the layer when the stack is deployed, where its Region is not known', () => {
    const stack = new Stack(new App(), 'Stack');
    new HardenedSecret(stack, 'Secret').delivery.toLambdaExtension(functionIn(stack));
    const template = Template.fromStack(stack);
    expect(appOf(template).Layers).toEqual([{
      'Fn::Join': ['', expect.arrayContaining([
        { 'Fn::FindInMap': ['ParametersAndSecretsExtensionLayers', { Ref: 'AWS::Region' }, 'x8664'] },
      ])],
    }]);
    expect(template.toJSON().Mappings.ParametersAndSecretsExtensionLayers['ca-west-1'].account).toMatch(/^\d{12}$/);
  });

  test('says in one line that no layer is known for the Region and the architecture, unless one is given', () => {
    const errorIn = (region: string, architecture: Architecture, layerVersionArn?: string): string => {
      const app = testApp();
      const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region } });
      new HardenedSecret(stack, 'Secret').delivery.toLambdaExtension(functionIn(stack, architecture), { layerVersionArn });
      return messageOf(() => app.synth());
    };
    const eusc = ['eusc-de-east-1', Architecture.ARM_64] as const;
    expect(errorIn(...eusc)).toMatch(/\[Stack\/App\] AWS's list of \d{4}-\d\d-\d\d has no layer of its extension for arm64 in /);
    expect(errorIn(...eusc)).toContain('in eusc-de-east-1: give toLambdaExtension() the `layerVersionArn`, or use toLambda()');
    expect(errorIn('us-iso-east-1', Architecture.X86_64)).toContain('for x86_64 in us-iso-east-1: give');
    expect(errorIn('ca-west-1', Architecture.X86_64)).toBe('');
    expect(errorIn('us-gov-west-1', Architecture.ARM_64)).toBe('');
    expect(errorIn(...eusc, 'arn:aws-eusc:lambda:eusc-de-east-1:111111111111:layer:mine:1')).toBe('');
  });

  test('takes the newest version at each deployment, by the parameter that AWS publishes', () => {
    const stack = new Stack(new App(), 'Stack');
    const layerVersionArn = '{{resolve:ssm:/aws/service/aws-parameters-and-secrets-lambda-extension/x86/latest}}';
    new HardenedSecret(stack, 'Secret').delivery.toLambdaExtension(functionIn(stack), { layerVersionArn });
    const template = Template.fromStack(stack);
    expect(appOf(template).Layers).toEqual([layerVersionArn]);
    expect(template.toJSON().Mappings).toBeUndefined();
  });

  test.each<[string, Rotation | undefined, string]>([
    ['alternating users', ALTERNATING, '300'],
    ['no rotation, said with a reason', Rotation.none('test'), '300'],
    ['a single user', SINGLE, '0'],
    ['a rotation that is not known', undefined, '0'],
  ])('keeps a value for as long as the rotation lets it work: %s', (_, rotation, seconds) => {
    const stack = stackOf();
    databaseSecret(stack, rotation).delivery.toLambdaExtension(functionIn(stack));
    expect(variablesOf(Template.fromStack(stack))[TTL]).toBe(seconds);
  });

  test.each<[string, (stack: Stack) => HardenedSecret, string]>([
    ['cache users', (stack) => new HardenedSecret(stack, 'Secret', {
      content: SecretContent.cacheUserCredentials(CacheUser.elastiCache({ userId: 'orders', username: 'orders' })),
      rotation: Rotation.cacheUser(),
    }), '300'],
    ['access keys', (stack) => new HardenedSecret(stack, 'Secret', {
      content: SecretContent.placeholder(),
      rotation: Rotation.iamAccessKey({ user: User.fromUserName(stack, 'User', 'bob') }),
    }), '300'],
    ['generated values', (stack) => new HardenedSecret(stack, 'Secret', { rotation: Rotation.regenerate() }), '0'],
  ])('and so without a database: %s', (_, secretIn, seconds) => {
    const stack = stackOf();
    secretIn(stack).delivery.toLambdaExtension(functionIn(stack));
    expect(variablesOf(Template.fromStack(stack))[TTL]).toBe(seconds);
  });

  test('says why it keeps no value, and nothing where it does', () => {
    const [single, alternating] = [SINGLE, ALTERNATING].map((rotation) => {
      const stack = stackOf();
      databaseSecret(stack, rotation).delivery.toLambdaExtension(functionIn(stack));
      return messages(stack, 'Info', 'extensionCacheOff');
    });
    expect(single).toEqual([expect.stringContaining('its extension keeps no value (SECRETS_MANAGER_TTL is 0): the former value '
      + "of 'Stack/Secret' is refused as soon as it has rotated; with Rotation.alternatingUsers() it would keep one")]);
    expect(alternating).toEqual([]);
  });

  test('knows a rotation that is added later', () => {
    const stack = stackOf();
    const secret = databaseSecret(stack);
    secret.delivery.toLambdaExtension(functionIn(stack));
    secret.addRotation(ALTERNATING);
    expect(variablesOf(Template.fromStack(stack))[TTL]).toBe('300');
  });

  test('has one layer and one cache for all secrets: the shortest', () => {
    const stack = stackOf();
    const fn = functionIn(stack);
    databaseSecret(stack, ALTERNATING).delivery.toLambdaExtension(fn);
    new HardenedSecret(stack, 'Other').delivery.toLambdaExtension(fn, { environmentVariable: 'OTHER' });
    const template = Template.fromStack(stack);
    expect([appOf(template).Layers.length, variablesOf(template)[TTL]]).toEqual([1, '0']);
  });

  test('takes another layer and time, and warns of a time that outlives the rotation', () => {
    const stack = stackOf();
    databaseSecret(stack, SINGLE).delivery.toLambdaExtension(functionIn(stack), {
      layerVersionArn: 'arn:aws:lambda:eu-west-1:111111111111:layer:mine:1', timeToLive: Duration.seconds(30),
    });
    expect(messages(stack, 'Warning', 'extensionOutlivesRotation')).toEqual([
      expect.stringContaining('its extension keeps a value for 30 seconds, and the former value'),
    ]);
    const template = Template.fromStack(stack);
    expect([appOf(template).Layers, variablesOf(template)[TTL]])
      .toEqual([['arn:aws:lambda:eu-west-1:111111111111:layer:mine:1'], '30']);
  });

  test('refuses times that the extension does not know, and two settings for one function', () => {
    const stack = stackOf();
    const fn = functionIn(stack);
    const [one, other] = ['One', 'Other'].map((id) => new HardenedSecret(stack, id).delivery);
    expect(() => one.toLambdaExtension(fn, { environmentVariable: 'AA', timeToLive: Duration.seconds(301) }))
      .toThrow('`toLambdaExtension(timeToLive)` is "5 minutes 1 second", allowed: 0 to 300 whole seconds');
    one.toLambdaExtension(fn, { timeToLive: Duration.seconds(60), layerVersionArn: 'arn:one' });
    other.toLambdaExtension(fn, { environmentVariable: 'BB', timeToLive: Duration.minutes(1) });
    expect(() => other.toLambdaExtension(fn, { environmentVariable: 'CC', timeToLive: Duration.seconds(61) })).toThrow(
      '[Stack/App] its extension has another `timeToLive` already; give it once: there is one extension',
    );
    expect(() => other.toLambdaExtension(fn, { environmentVariable: 'DD', layerVersionArn: 'arn:other' }))
      .toThrow('its extension has another `layerVersionArn` already');
  });
});
