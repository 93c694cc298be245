import { App, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnUser } from 'aws-cdk-lib/aws-elasticache';
import { CfnUser as CfnMemoryDbUser } from 'aws-cdk-lib/aws-memorydb';
import {
  CacheUser,
  HardenedSecret,
  Rotation,
  RotationNetwork,
  RotationTiming,
  SecretContent,
  SecretsManagerEndpoint,
  SecretsPlatform,
} from '../../src';
import { bindingsIn } from '../support/bindings-in';

const ENVIRONMENT = { account: '123456789012', region: 'eu-west-1' };

function stackOf(id = 'Stack', app = new App()): Stack {
  return new Stack(app, id, { env: ENVIRONMENT });
}

function resources(stack: Stack, type: string): Record<string, any>[] {
  return Object.values(Template.fromStack(stack).findResources(type));
}

function idsOf(stack: Stack, type: string): string[] {
  return Object.keys(Template.fromStack(stack).findResources(type));
}

function functionOf(stack: Stack): Record<string, any> {
  return resources(stack, 'AWS::Lambda::Function')[0].Properties as Record<string, any>;
}

/** Variables of the function, joined as CloudFormation would. */
function variable(stack: Stack, name: string): string {
  return joined(functionOf(stack).Environment.Variables[name]);
}

function joined(value: any): string {
  if (typeof value === 'string') {
    return value;
  }
  if (value['Fn::Join']) {
    return value['Fn::Join'][1].map(joined).join('');
  }
  return value.Ref === 'AWS::Partition' ? 'aws' : `<${Object.keys(value)[0]}>`;
}

const orders = CacheUser.elastiCache({ userId: 'orders', username: 'orders-app' });

function secretOf(stack: Stack, user = orders, id = 'Secret'): HardenedSecret {
  return new HardenedSecret(stack, id, { content: SecretContent.cacheUserCredentials(user), rotation: Rotation.cacheUser() });
}

describe('the secret', () => {
  test.each([
    [orders, 'arn:aws:elasticache:eu-west-1:123456789012:user:orders', 'orders-app'],
    [CacheUser.memoryDb({ username: 'carts' }), 'arn:aws:memorydb:eu-west-1:123456789012:user/carts', 'carts'],
  ])('holds what AWS\'s own rotation function and clients read', (user, arn, username) => {
    const stack = stackOf();
    secretOf(stack, user);
    const { GenerateSecretString } = resources(stack, 'AWS::SecretsManager::Secret')[0].Properties;
    expect(GenerateSecretString)
      .toMatchObject({ GenerateStringKey: 'password', PasswordLength: 32, ExcludeCharacters: ',"/@\'\\' });
    expect(JSON.parse(joined(GenerateSecretString.SecretStringTemplate))).toEqual({ user_arn: arn, username });
  });

  test('gives the user its first password by a reference, and rotates after the user is there', () => {
    const stack = stackOf();
    const secret = new HardenedSecret(stack, 'Secret', { content: SecretContent.cacheUserCredentials(orders) });
    const user = new CfnUser(stack, 'User', {
      userId: 'orders',
      userName: 'orders-app',
      engine: 'valkey',
      accessString: 'on ~orders:* +@all',
      passwords: [secret.secret.secretValueFromJson('password').unsafeUnwrap()],
    });
    secret.addRotation(Rotation.cacheUser({ dependencies: [user] }));
    const [{ DependsOn }] = resources(stack, 'AWS::SecretsManager::RotationSchedule');
    expect(DependsOn).toEqual(expect.arrayContaining(['User', expect.stringMatching('UsersPolicy')]));
    expect(JSON.stringify(resources(stack, 'AWS::ElastiCache::User')[0].Properties.Passwords))
      .toMatch(/resolve:secretsmanager:.*:SecretString:password/);
  });
});

describe('the function', () => {
  test('is told of the users, may change these and no others, and has the time that it may take', () => {
    const stack = stackOf();
    secretOf(stack);
    secretOf(
      stack,
      CacheUser.elastiCache({
        userId: 'carts',
        username: 'carts',
        passwordLength: 128,
        excludeCharacters: ',"/@',
        excludeNumbers: true,
      }),
      'Other',
    );
    expect(resources(stack, 'AWS::Lambda::Function')).toHaveLength(1);
    expect(functionOf(stack)).toMatchObject({ Timeout: 900, Description: 'Rotates users of Amazon ElastiCache' });
    expect(functionOf(stack).VpcConfig).toBeUndefined();
    expect(JSON.parse(variable(stack, 'ROTATION_CACHE')))
      .toEqual({ service: 'elasticache', userArnPrefix: 'arn:aws:elasticache:eu-west-1:123456789012:user:' });
    const [first, second] = idsOf(stack, 'AWS::SecretsManager::Secret');
    expect(bindingsIn(functionOf(stack).Environment.Variables.ROTATION_BINDINGS)).toEqual([
      { secret: first, userId: 'orders', username: 'orders-app', password: { length: 32, excludeCharacters: ',"/@\'\\' } },
      {
        secret: second,
        userId: 'carts',
        username: 'carts',
        password: { length: 128, excludeCharacters: ',"/@', excludeNumbers: true },
      },
    ]);
    // A change of the first value's rules would generate another one.
    expect(
      resources(stack, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties.GenerateSecretString.PasswordLength),
    ).toEqual([32, 32]);
    const statements = resources(stack, 'AWS::IAM::ManagedPolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Record<string, any>[]);
    const [{ Action, Resource }, ...more] = statements.filter(({ Action: action }) =>
      JSON.stringify(action).includes('elasticache:'),
    );
    expect([Action, Resource.map(joined), more]).toEqual([
      ['elasticache:DescribeUsers', 'elasticache:ModifyUser'],
      ['arn:aws:elasticache:eu-west-1:123456789012:user:orders', 'arn:aws:elasticache:eu-west-1:123456789012:user:carts'],
      [],
    ]);
  });

  test('of MemoryDB is another one', () => {
    const stack = stackOf();
    secretOf(stack);
    secretOf(stack, CacheUser.memoryDb({ username: 'carts' }), 'Other');
    expect(resources(stack, 'AWS::Lambda::Function').map(({ Properties }) => Properties.Description).sort())
      .toEqual(['Rotates users of Amazon ElastiCache', 'Rotates users of Amazon MemoryDB']);
    expect(JSON.stringify(resources(stack, 'AWS::IAM::ManagedPolicy')))
      .toContain('"memorydb:DescribeUsers","memorydb:UpdateUser"');
  });

  test('has the platform\'s timeout where there is one', () => {
    const stack = stackOf();
    const platform = new SecretsPlatform(stack, 'Platform', { rotationFunctions: { timeout: Duration.minutes(5) } });
    new HardenedSecret(stack, 'Secret', {
      platform,
      content: SecretContent.cacheUserCredentials(orders),
      rotation: Rotation.cacheUser(),
    });
    expect(functionOf(stack).Timeout).toBe(300);
  });

  test('in another stack than the secret knows it by its name, and the user is known in words', () => {
    const app = new App();
    const [platformStack, secretStack] = [stackOf('Platform', app), stackOf('Secrets', app)];
    const platform = new SecretsPlatform(platformStack, 'Platform');
    new HardenedSecret(secretStack, 'Secret', {
      platform,
      secretName: 'orders',
      content: SecretContent.cacheUserCredentials(orders),
      rotation: Rotation.cacheUser(),
    });
    expect(bindingsIn(functionOf(platformStack).Environment.Variables.ROTATION_BINDINGS)[0].secret).toBe('orders');
    expect(Template.fromStack(platformStack).toJSON().Outputs).toBeUndefined();
  });

  test('rotates no more often than the timing says, and a user that the rotation names', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret', {
      content: SecretContent.json({ more: 'x' }, 'password'),
      rotation: Rotation.cacheUser({ user: orders, timing: RotationTiming.every(Duration.days(7)) }),
    });
    expect(resources(stack, 'AWS::SecretsManager::RotationSchedule')[0].Properties.RotationRules.ScheduleExpression)
      .toBe('rate(7 days)');
    expect(bindingsIn(functionOf(stack).Environment.Variables.ROTATION_BINDINGS)[0].userId).toBe('orders');
  });
});

describe('in a network', () => {
  const isolated = { subnetConfiguration: [{ name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] };
  const inVpc = (props: object, more: (vpc: Vpc) => Partial<Parameters<typeof CacheUser.elastiCache>[0]>): Stack => {
    const stack = stackOf();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, ...props });
    secretOf(
      stack,
      CacheUser.elastiCache({ userId: 'orders', username: 'orders', network: RotationNetwork.of({ vpc }), ...more(vpc) }),
    );
    return stack;
  };
  const rules = (stack: Stack): Record<string, any>[] =>
    ['Egress', 'Ingress']
      .flatMap((direction) => resources(stack, `AWS::EC2::SecurityGroup${direction}`))
      .map(({ Properties: { Description, FromPort, CidrIp } }) => ({ Description, FromPort, ...(CidrIp && { CidrIp }) }));

  test('signs in to the cluster, and reaches the service by NAT', () => {
    const stack = inVpc({}, (vpc) => ({
      cluster: {
        host: 'master.orders.abc.euw1.cache.amazonaws.com',
        port: 6380,
        securityGroups: [new SecurityGroup(vpc, 'Cluster', { vpc })],
      },
    }));
    expect(JSON.parse(variable(stack, 'ROTATION_CACHE')).cluster)
      .toEqual({ host: 'master.orders.abc.euw1.cache.amazonaws.com', port: 6380 });
    expect(rules(stack)).toEqual(expect.arrayContaining([
      { Description: 'Rotation to Secrets Manager', FromPort: 443, CidrIp: '0.0.0.0/0' },
      { Description: 'Rotation to the cluster', FromPort: 6380 },
    ]));
    expect(functionOf(stack).VpcConfig.SubnetIds).toHaveLength(2);
  });

  test('with an endpoint of the service that has private DNS, and the port that Redis has', () => {
    const stack = inVpc(isolated, (vpc) => ({
      cluster: { host: 'orders.abc.euw1.cache.amazonaws.com', securityGroups: [new SecurityGroup(vpc, 'Cluster', { vpc })] },
      apiEndpoint: new InterfaceVpcEndpoint(vpc, 'Api', { vpc, service: InterfaceVpcEndpointAwsService.ELASTICACHE }),
    }));
    expect(JSON.parse(variable(stack, 'ROTATION_CACHE'))).toEqual({
      service: 'elasticache',
      userArnPrefix: expect.any(String),
      cluster: { host: 'orders.abc.euw1.cache.amazonaws.com', port: 6379 },
    });
    expect(rules(stack)).toEqual(expect.arrayContaining([{ Description: 'Rotation to Amazon ElastiCache', FromPort: 443 }]));
    expect(rules(stack).filter(({ CidrIp }) => CidrIp)).toEqual([]);
    const waitsFor = resources(stack, 'AWS::Lambda::Function')[0].DependsOn as string[];
    expect(waitsFor.filter((id) => /Api|Ingress6379|Egress6379/.test(id)).length).toBeGreaterThanOrEqual(3);
  });

  test('with an endpoint without private DNS, by its own name', () => {
    const stack = inVpc(isolated, (vpc) => ({
      apiEndpoint: new InterfaceVpcEndpoint(vpc, 'Api', {
        vpc,
        service: InterfaceVpcEndpointAwsService.ELASTICACHE,
        privateDnsEnabled: false,
      }),
    }));
    expect(JSON.parse(variable(stack, 'ROTATION_CACHE')).endpoint).toBe('https://<Fn::Select>');
  });

  test('with an imported endpoint whose groups are not known', () => {
    const stack = inVpc(isolated, (vpc) => ({
      apiEndpoint: InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(vpc, 'Api', { vpcEndpointId: 'vpce-1', port: 443 }),
    }));
    expect(rules(stack))
      .toEqual(expect.arrayContaining([{ Description: 'Rotation to Amazon ElastiCache', FromPort: 443, CidrIp: '0.0.0.0/0' }]));
  });

  test('of a group of the user\'s, which may reach the cluster', () => {
    const stack = stackOf();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    const network = RotationNetwork.of({
      vpc,
      securityGroup: new SecurityGroup(stack, 'Mine', { vpc }),
      endpoint: SecretsManagerEndpoint.natOrProxy(),
    });
    secretOf(
      stack,
      CacheUser.elastiCache({ userId: 'orders', username: 'orders', network, cluster: { host: 'orders.example.com' } }),
    );
    expect(functionOf(stack).VpcConfig.SecurityGroupIds).toHaveLength(1);
  });

  test.each<[string, object, (vpc: Vpc) => Partial<Parameters<typeof CacheUser.elastiCache>[0]>, string]>([
    ['a cluster that nothing leads to', {}, () => ({ cluster: { host: 'orders.example.com' } }),
      '`CacheUser(cluster.securityGroups)` is [], allowed: at least one security group of the cluster; without one nothing lets '
        + 'the function in'],
    ['a service that nothing leads to', isolated, () => ({}),
      '`CacheUser(apiEndpoint)` is not given, allowed: an interface endpoint for com.amazonaws.<region>.elasticache in the '
        + "VPC 'Stack/Vpc'"],
    ['an endpoint for another service', isolated,
      (vpc) => ({
        apiEndpoint: new InterfaceVpcEndpoint(vpc, 'Api', { vpc, service: InterfaceVpcEndpointAwsService.MEMORY_DB }),
      }),
      "`CacheUser(apiEndpoint)` 'Stack/Vpc/Api' is one for another service; pass an endpoint for "
        + 'com.amazonaws.<region>.elasticache'],
    ['a cluster without a network', {}, () => ({ network: undefined, cluster: { host: 'orders.example.com' } }),
      '`CacheUser(network)` is not given, allowed: RotationNetwork.of({ vpc }); the cluster is in a VPC'],
    ['an endpoint without a network', {},
      (vpc) => ({
        network: undefined,
        apiEndpoint: new InterfaceVpcEndpoint(vpc, 'Api', { vpc, service: InterfaceVpcEndpointAwsService.ELASTICACHE }),
      }),
      '`CacheUser(network)` is not given, allowed: RotationNetwork.of({ vpc }); the endpoint is in a VPC'],
  ])('%s is refused', (_, props, more, message) => {
    expect(() => inVpc(props, more)).toThrow(`[Stack/Secret] ${message}`);
  });
});

describe('refused', () => {
  test.each<[Partial<Parameters<typeof CacheUser.elastiCache>[0]>, string]>([
    [{ userId: 'default' }, '`CacheUser.elastiCache(userId)` is "default", allowed: a letter and up to 39'],
    [{ userId: 'Orders' }, '`CacheUser.elastiCache(userId)` is "Orders"'],
    [{ userId: 'a'.repeat(41) }, '`CacheUser.elastiCache(userId)` is "aaaa'],
    [{ userId: '' }, '`CacheUser.elastiCache(userId)` is ""'],
    [{ username: '' }, '`CacheUser.elastiCache(username)` is "", allowed: 1 to 120 characters without spaces'],
    [{ username: 'a b' }, '`CacheUser.elastiCache(username)` is "a b"'],
    [{ passwordLength: 15 }, '`CacheUser.elastiCache(passwordLength)` is 15, allowed: a whole number from 16 to 128 characters'],
    [{ passwordLength: 129 }, '`CacheUser.elastiCache(passwordLength)` is 129'],
    [{ excludeCharacters: 'x' }, '`CacheUser.elastiCache(excludeCharacters)` is "x", allowed: characters with ,"/@ among them'],
    [
      { cluster: { host: 'https://orders.example.com' } },
      '`CacheUser.elastiCache(cluster.host)` is "https://orders.example.com", allowed: a DNS name',
    ],
    [{ cluster: { host: '10.0.0.1' } }, '`CacheUser.elastiCache(cluster.host)` is "10.0.0.1"'],
    [
      { cluster: { host: 'orders.example.com', port: 0 } },
      '`CacheUser.elastiCache(cluster.port)` is 0, allowed: a whole number from 1 to 65535',
    ],
  ])('%j', (options, message) => {
    expect(() => secretOf(stackOf(), CacheUser.elastiCache({ userId: 'orders', username: 'orders', ...options })))
      .toThrow(`[Stack/Secret] ${message}`);
  });

  test('a name of a MemoryDB user', () => {
    expect(() => secretOf(stackOf(), CacheUser.memoryDb({ username: 'default' })))
      .toThrow('`CacheUser.memoryDb(username)` is "default"');
  });

  test('a secret without a user', () => {
    expect(() => new HardenedSecret(stackOf(), 'Secret', { content: SecretContent.generated(), rotation: Rotation.cacheUser() }))
      .toThrow('[Stack/Secret] a rotation of a cache user needs to know the user; use SecretContent.cacheUserCredentials(user), '
        + 'or give the rotation its `user`');
  });

  test.each([
    CacheUser.elastiCache({ userId: 'carts', username: 'orders-app' }),
    CacheUser.elastiCache({ userId: 'orders', username: 'carts' }),
    CacheUser.memoryDb({ username: 'orders' }),
  ])("another user than the content's", (user) => {
    expect(
      () =>
        new HardenedSecret(stackOf(), 'Secret', {
          content: SecretContent.cacheUserCredentials(orders),
          rotation: Rotation.cacheUser({ user }),
        }),
    ).toThrow("and the content of the secret of 'orders'; leave out the `user` of the rotation");
  });

  test('two secrets of one user', () => {
    const stack = stackOf();
    secretOf(stack);
    expect(() => secretOf(stack, orders, 'Other')).toThrow("'Stack/Secret' already is the secret of the Amazon ElastiCache user "
      + "'orders' of this account and Region; use one secret for each user");
    secretOf(stack, CacheUser.memoryDb({ username: 'orders' }), 'OfMemoryDb');
  });
});

test('names that only the deployment knows', () => {
  const stack = stackOf();
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
  const [userId, host, port] = [Fn.importValue('user'), Fn.importValue('host'), Fn.importValue('port')];
  secretOf(stack, CacheUser.elastiCache({
    userId,
    username: userId,
    network: RotationNetwork.of({ vpc }),
    cluster: { host, port: Number(port) || 6379, securityGroups: [new SecurityGroup(stack, 'Cluster', { vpc })] },
  }));
  expect(JSON.parse(variable(stack, 'ROTATION_CACHE')).cluster).toEqual({ host: '<Fn::ImportValue>', port: 6379 });
  expect(bindingsIn(functionOf(stack).Environment.Variables.ROTATION_BINDINGS)[0].userId).toBe('<Fn::ImportValue>');
});

test('a user of MemoryDB with the recipe of its resource', () => {
  const stack = stackOf();
  const secret = new HardenedSecret(stack, 'Secret', {
    content: SecretContent.cacheUserCredentials(CacheUser.memoryDb({ username: 'carts' })),
  });
  const user = new CfnMemoryDbUser(stack, 'User', {
    userName: 'carts',
    accessString: 'on ~carts:* +@all',
    authenticationMode: { Type: 'password', Passwords: [secret.secret.secretValueFromJson('password').unsafeUnwrap()] },
  });
  secret.addRotation(Rotation.cacheUser({ dependencies: [user] }));
  const { AuthenticationMode } = resources(stack, 'AWS::MemoryDB::User')[0].Properties;
  expect(AuthenticationMode).toEqual({ Type: 'password', Passwords: [expect.anything()] });
});
