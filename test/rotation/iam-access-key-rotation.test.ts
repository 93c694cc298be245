import { Match, Template } from 'aws-cdk-lib/assertions';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type CfnUser, type IUser, User } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnParameter, Duration, Fn, Lazy, Stack } from 'aws-cdk-lib/core';
import {
  CacheUser, HardenedSecret, type IamAccessKeyOptions, Rotation, RotationNetwork, RotationTiming, SecretContent,
  SecretHardening, SecretMonitoring, SecretsPlatform,
} from '../../src';
import { bindingsIn } from '../support/bindings-in';

const ACTIONS = [
  'iam:CreateAccessKey', 'iam:DeleteAccessKey', 'iam:GetAccessKeyLastUsed', 'iam:ListAccessKeys', 'iam:UpdateAccessKey',
];
const env = { account: '123456789012', region: 'eu-west-1' };

function stackOf(id = 'Stack', app = new App()): Stack {
  return new Stack(app, id, { env });
}

function secretOf(scope: Stack, user: IUser, options: Partial<IamAccessKeyOptions> = {}, id = 'Secret'): HardenedSecret {
  return new HardenedSecret(scope, id, {
    content: SecretContent.placeholder(), rotation: Rotation.iamAccessKey({ user, ...options }),
  });
}

function resources(stack: Stack, type: string): [string, Record<string, any>][] {
  return Object.entries(Template.fromStack(stack).findResources(type));
}

/** A text of the template, with what CloudFormation puts into it in angle brackets. */
function joined(value: any): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value['Fn::Join']) {
    return value['Fn::Join'][1].map(joined).join('');
  }
  return value.Ref === 'AWS::Partition' ? 'aws' : `<${JSON.stringify(Object.values(value)[0]).replace(/["\\]/g, '')}>`;
}

function bindings(stack: Stack): Record<string, unknown>[] {
  const [[, { Properties }]] = resources(stack, 'AWS::Lambda::Function');
  return bindingsIn(Properties.Environment.Variables.ROTATION_BINDINGS, joined);
}

/** What a stack's managed policies allow in IAM: actions, and the users. */
function allowed(stack: Stack): [string[], string[]][] {
  return resources(stack, 'AWS::IAM::ManagedPolicy')
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Record<string, any>[])
    .filter(({ Action }) => JSON.stringify(Action).includes('iam:'))
    .map(({ Action, Resource }) => [Action, [Resource].flat().map(joined)]);
}

const network = (stack: Stack, subnetType: SubnetType): RotationNetwork => RotationNetwork.of({
  vpc: new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    subnetConfiguration: [
      { name: 'function', subnetType }, ...subnetType === SubnetType.PRIVATE_WITH_EGRESS
        ? [{ name: 'public', subnetType: SubnetType.PUBLIC }] : [],
    ],
  }),
});

describe('the function', () => {
  test('may act on the keys of the bound users and nobody else, and is told of them', () => {
    const stack = stackOf();
    secretOf(stack, new User(stack, 'Deployer', { path: '/apps/' }));
    secretOf(stack, User.fromUserName(stack, 'Named', 'bob'), {
      formerWorksFor: Duration.days(2), accessKeyIdField: 'AWS_ACCESS_KEY_ID', secretAccessKeyField: 'AWS_SECRET_ACCESS_KEY',
    }, 'Other');
    expect(resources(stack, 'AWS::Lambda::Function')).toHaveLength(1);
    const users = [expect.stringMatching(/^<\[Deployer\w+,Arn\]>$/), 'arn:aws:iam::123456789012:user/bob'];
    expect(allowed(stack)).toEqual([[ACTIONS, users]]);
    expect(bindings(stack)).toEqual([
      { secret: expect.stringMatching(/^<Secret/), userArn: users[0], formerWorksForHours: 168 },
      {
        secret: expect.stringMatching(/^<Other/),
        userArn: users[1],
        formerWorksForHours: 48,
        idField: 'AWS_ACCESS_KEY_ID',
        secretField: 'AWS_SECRET_ACCESS_KEY',
      },
    ]);
    const [[, { Properties: { VpcConfig, Description } }]] = resources(stack, 'AWS::Lambda::Function');
    expect([VpcConfig, Description]).toEqual([undefined, 'Rotates access keys of IAM users']);
  });

  test.each<[string, (stack: Stack) => IUser, string]>([
    ['by its ARN, with a path', (stack) => User.fromUserArn(stack, 'User', 'arn:aws:iam::123456789012:user/apps/ci/bob'),
      'arn:aws:iam::123456789012:user/apps/ci/bob'],
    ['by attributes', (stack) => User.fromUserAttributes(stack, 'User', { userArn: 'arn:aws-cn:iam::123456789012:user/bob' }),
      'arn:aws-cn:iam::123456789012:user/bob'],
    ['by an ARN that only the deployment knows', (stack) => User.fromUserArn(stack, 'User', Fn.importValue('user')), '<user>'],
    ['by a name that only the deployment knows',
      (stack) => User.fromUserName(stack, 'User', new CfnParameter(stack, 'Name').valueAsString),
      'arn:aws:iam::123456789012:user/<Name>'],
  ])('knows a user that is imported %s', (_, user, arn) => {
    const stack = stackOf();
    secretOf(stack, user(stack));
    expect(allowed(stack)).toEqual([[ACTIONS, [arn]]]);
    expect(bindings(stack)).toMatchObject([{ userArn: arn }]);
  });

  test('rotates for the first time once the user and its right to change it are there', () => {
    const stack = stackOf();
    const user = new User(stack, 'Deployer');
    secretOf(stack, user);
    const [[, { DependsOn }]] = resources(stack, 'AWS::SecretsManager::RotationSchedule');
    expect(DependsOn).toEqual(expect.arrayContaining([
      stack.getLogicalId(user.node.defaultChild as CfnUser), expect.stringMatching('UsersPolicy'),
    ]));
  });

  test('of a platform knows a user of another stack by a literal ARN, and exports nothing', () => {
    const app = new App();
    const [platformStack, userStack, secretStack] = ['Platform', 'Users', 'Secrets'].map((id) => stackOf(id, app));
    const platform = new SecretsPlatform(platformStack, 'Platform');
    const user = new User(userStack, 'Deployer', { userName: 'deployer', path: '/apps/' });
    new HardenedSecret(secretStack, 'Secret', {
      platform, secretName: 'deployer', content: SecretContent.placeholder(), rotation: Rotation.iamAccessKey({ user }),
    });
    new HardenedSecret(secretStack, 'Other', {
      platform,
      secretName: 'other',
      content: SecretContent.placeholder(),
      rotation: Rotation.iamAccessKey({ user: new User(userStack, 'Other', { userName: 'other' }) }),
    });
    app.synth();
    const users = ['arn:aws:iam::123456789012:user/apps/deployer', 'arn:aws:iam::123456789012:user/other'];
    expect(allowed(platformStack)).toEqual([[ACTIONS, users]]);
    expect(bindings(platformStack)).toMatchObject([{ secret: 'deployer' }, { secret: 'other' }]);
    expect([platformStack, userStack].map((stack) => Template.fromStack(stack).toJSON().Outputs)).toEqual([undefined, undefined]);
    expect(secretStack.dependencies).toEqual(expect.arrayContaining([platformStack, userStack]));
    expect(platformStack.dependencies).toEqual([]);
  });

  test('looks after former keys every day, also where nobody monitors the secret', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret', {
      content: SecretContent.placeholder(),
      rotation: Rotation.iamAccessKey({ user: User.fromUserName(stack, 'User', 'bob') }),
      monitoring: SecretMonitoring.none('test'),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: Match.stringLikeRegexp('^cron\\('), Target: Match.objectLike({ Input: Match.anyValue() }),
    });
  });

  test('runs in a network with a route out of the VPC', () => {
    const stack = stackOf();
    secretOf(stack, User.fromUserName(stack, 'User', 'bob'), { network: network(stack, SubnetType.PRIVATE_WITH_EGRESS) });
    const [[, { Properties: { VpcConfig } }]] = resources(stack, 'AWS::Lambda::Function');
    expect(VpcConfig.SubnetIds).toHaveLength(2);
  });

  test.each<[string, (stack: Stack, isolated: RotationNetwork) => void]>([
    ['of the rotation', (stack, isolated) => secretOf(stack, User.fromUserName(stack, 'User', 'bob'), { network: isolated })],
    ['of the platform', (stack, isolated) => {
      const platform = new SecretsPlatform(stack, 'Platform', { defaults: { network: isolated } });
      new HardenedSecret(stack, 'Secret', {
        platform,
        content: SecretContent.placeholder(),
        rotation: Rotation.iamAccessKey({ user: User.fromUserName(stack, 'User', 'bob') }),
      });
    }],
  ])('is refused an isolated network %s', (_, make) => {
    const stack = stackOf();
    expect(() => make(stack, network(stack, SubnetType.PRIVATE_ISOLATED))).toThrow(
      "[Stack/Secret] `Rotation.iamAccessKey(network)` is 'Stack/Vpc', allowed: a network with "
      + 'SecretsManagerEndpoint.natOrProxy(), or none; the function calls IAM and AWS STS, and nothing leads there',
    );
  });
});

test('an existing secret is adopted with the key that it holds', () => {
  const stack = stackOf();
  const existing = new Secret(stack, 'Existing');
  SecretHardening.fromSecret(existing)
    .addRotation(Rotation.iamAccessKey({ user: User.fromUserName(stack, 'User', 'bob') }));
  Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotateImmediatelyOnUpdate: false });
  expect(bindings(stack)).toMatchObject([{ secret: expect.stringMatching('Existing') }]);
});

describe('how long the former key works', () => {
  const every = (interval: Duration): RotationTiming => RotationTiming.every(interval);

  test.each<[Duration, RotationTiming | undefined, number]>([
    [Duration.days(28), undefined, 672],
    [Duration.hours(25), every(Duration.days(4)), 25],
    [Duration.days(1), every(Duration.days(3)), 24],
    [Duration.days(5), RotationTiming.cron('0 8 ? * MON *'), 120],
    [Duration.days(365), RotationTiming.cron(Lazy.string({ produce: () => '0 8 * * ? *' })), 8760],
  ])('%s is taken', (formerWorksFor, timing, hours) => {
    const stack = stackOf();
    secretOf(stack, User.fromUserName(stack, 'User', 'bob'), { formerWorksFor, timing });
    expect(bindings(stack)).toMatchObject([{ formerWorksForHours: hours }]);
  });

  test.each<[Duration, string]>([
    [Duration.hours(23), '"23 hours"'],
    [Duration.minutes(1501), '"1 day 1 hour"'],
    [Duration.days(366), '"366 days"'],
    [Duration.seconds(Lazy.number({ produce: () => 1 })), '"a token"'],
  ])('%s is refused', (formerWorksFor, got) => {
    const stack = stackOf();
    expect(() => secretOf(stack, User.fromUserName(stack, 'User', 'bob'), { formerWorksFor })).toThrow(
      `[Stack/Secret] \`Rotation.iamAccessKey(formerWorksFor)\` is ${got}, allowed: whole hours from 24 to 8760; give the time`,
    );
  });

  test.each<[Duration | undefined, RotationTiming | undefined, string, string]>([
    [Duration.days(29), undefined, '29 days', '30 days'],
    [undefined, every(Duration.days(8)), '7 days', '8 days'],
    [Duration.days(1), every(Duration.hours(4)), '1 day', '4 hours'],
    [Duration.days(1), every(Duration.days(2)), '1 day', '2 days'],
    [undefined, RotationTiming.cron('0 8 1,8 * ? *'), '7 days', '7 days'],
    [Duration.days(1), RotationTiming.cron('0 2,10 ? * MON *'), '1 day', '8 hours'],
  ])('%s is refused where the next rotation comes too early', (formerWorksFor, timing, got, interval) => {
    const stack = stackOf();
    expect(() => secretOf(stack, User.fromUserName(stack, 'User', 'bob'), { formerWorksFor, timing })).toThrow(
      `\`Rotation.iamAccessKey(formerWorksFor)\` is "${got}", allowed: at most the interval between two rotations, `
      + `here ${interval}, less two days; a user has two access keys, so the former one has to be gone before the next is made; rotate less often`,
    );
  });
});

describe('refused', () => {
  test.each<[Partial<IamAccessKeyOptions>, string]>([
    [{ accessKeyIdField: '' }, '`Rotation.iamAccessKey(accessKeyIdField)` is "", allowed: 1 to 128 characters'],
    [{ secretAccessKeyField: 'x'.repeat(129) }, '`Rotation.iamAccessKey(secretAccessKeyField)` is "xxx'],
    [{ secretAccessKeyField: 'accessKeyId' },
      '`Rotation.iamAccessKey(secretAccessKeyField)` is "accessKeyId", allowed: another field than that of the access key ID'],
    [{ accessKeyIdField: 'secretAccessKey' }, '`Rotation.iamAccessKey(secretAccessKeyField)` is not given'],
  ])('%j', (options, message) => {
    const stack = stackOf();
    expect(() => secretOf(stack, User.fromUserName(stack, 'User', 'bob'), options)).toThrow(`[Stack/Secret] ${message}`);
  });

  test.each([
    SecretContent.databaseCredentials({ username: 'app' }),
    SecretContent.cacheUserCredentials(CacheUser.memoryDb({ username: 'app' })),
  ])('content that is a user name with a password', (content) => {
    const stack = stackOf();
    const user = User.fromUserName(stack, 'User', 'bob');
    expect(() => new HardenedSecret(stack, 'Secret', { content, rotation: Rotation.iamAccessKey({ user }) }))
      .toThrow('[Stack/Secret] the content of the secret is a user name with a password, and the rotation makes access keys; '
        + 'use SecretContent.placeholder()');
  });

  test.each<[string, (stack: Stack, id: string) => IUser, (stack: Stack, id: string) => IUser, string]>([
    ['by name', (stack, id) => User.fromUserName(stack, id, 'bob'),
      (stack, id) => User.fromUserArn(stack, id, 'arn:aws:iam::123456789012:user/apps/bob'), 'bob'],
    ['as a resource with a name', (stack, id) => new User(stack, id, { userName: 'bob' }),
      (stack, id) => User.fromUserName(stack, id, 'bob'), 'bob'],
    ['as a resource', (stack, id) => new User(stack, id),
      (stack) => stack.node.findChild('User') as IUser, 'Stack/User'],
  ])('two secrets of one user: %s', (_, one, other, identity) => {
    const stack = stackOf();
    secretOf(stack, one(stack, 'User'));
    expect(() => secretOf(stack, other(stack, 'Same'), {}, 'Second')).toThrow("'Stack/Secret' already is the secret of the "
      + `access keys of the IAM user '${identity}' of this account; use one secret for each user`);
  });

  test('a user of another account, imported or defined', () => {
    const app = new App();
    const stack = stackOf('Stack', app);
    const theirs = new Stack(app, 'Theirs', { env: { ...env, account: '999999999999' } });
    const message = (id: string): string => `the IAM user '${id}' is in the account 999999999999, and the rotation function in `
      + "123456789012; rotate its access keys by a secret of the user's account";
    const imported = User.fromUserArn(stack, 'Imported', 'arn:aws:iam::999999999999:user/bob');
    expect(() => secretOf(stack, imported)).toThrow(message('Stack/Imported'));
    expect(() => secretOf(stack, User.fromUserName(theirs, 'Named', 'bob'), {}, 'Named')).toThrow(message('Theirs/Named'));
    expect(() => secretOf(stack, new User(theirs, 'User', { userName: 'bob' }), {}, 'Other')).toThrow(message('Theirs/User'));
  });

  test('an ARN that is none of a user', () => {
    const stack = stackOf();
    expect(() => secretOf(stack, User.fromUserArn(stack, 'User', 'arn:aws:iam::1234:user/bob')))
      .toThrow('`Rotation.iamAccessKey(user)` is "arn:aws:iam::1234:user/bob", allowed: a user with an ARN');
  });

  test('a user of another stack without a name', () => {
    const app = new App();
    const user = new User(stackOf('Users', app), 'User');
    expect(() => secretOf(stackOf('Stack', app), user)).toThrow("[Stack/Secret] the IAM user 'Users/User' is in another stack "
      + 'than the rotation function and has no fixed name; give it a `userName`');
  });
});
