import { SignatureV4 } from '@smithy/signature-v4';
import { CacheUsersApi } from './cache-users-api';
import { elastiCacheProtocol, memoryDbProtocol } from './cache-users-protocols';
import { createCertificates } from './certificates';
import { RedisServer } from './redis-server';
import { requireServer } from './require-server';
import { until } from './until';
import { NodeSha256 } from '../../handlers/aws/node-sha256';

requireServer('redis')('the users of caches', () => {
  let redis: RedisServer;
  let api: CacheUsersApi;
  let jsonApi: CacheUsersApi;

  beforeAll(async () => {
    redis = await RedisServer.start({ certificate: createCertificates().good });
    [api, jsonApi] = [await CacheUsersApi.start(elastiCacheProtocol, redis), await CacheUsersApi.start(memoryDbProtocol, redis)];
    await api.createUser('app', 'app', ['the first password']);
    await jsonApi.createUser('app', 'app', ['the first password']);
  });

  afterAll(async () => {
    await Promise.all([api.stop(), jsonApi.stop()]);
    await redis.stop();
  });

  /** A request as a client signs it; `sent` is what arrives instead of what was signed. */
  const ask = async (
    to: CacheUsersApi,
    service: string,
    headers: Record<string, string>,
    body: string,
    { region = 'eu-west-1', sent = body } = {},
  ): Promise<string> => {
    const { host, hostname } = new URL(to.url);
    const signer = new SignatureV4({
      service,
      region,
      credentials: { accessKeyId: 'id', secretAccessKey: 'none' },
      sha256: NodeSha256,
    });
    const signed = await signer.sign({
      method: 'POST',
      protocol: 'http:',
      hostname,
      path: '/',
      query: {},
      headers: { host, ...headers },
      body,
    });
    const { host: _, ...rest } = signed.headers;
    return (await fetch(to.url, { method: 'POST', headers: rest, body: sent })).text();
  };
  const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const form = async (parameters: Record<string, string>, options?: object): Promise<string> =>
    ask(
      api,
      'elasticache',
      FORM,
      new URLSearchParams({ Version: '2015-02-02', UserId: 'app', ...parameters }).toString(),
      options,
    );

  test('are told to whoever signs rightly, and to nobody else', async () => {
    expect(await form({ Action: 'DescribeUsers' })).toContain('<Status>active</Status>');
    expect(await form({ Action: 'DescribeUsers' }, { sent: 'Action=DescribeUsers' })).toContain('SignatureDoesNotMatch');
    expect(await form({ Action: 'DescribeUsers' }, { region: 'eu-west-2' })).toContain('SignatureDoesNotMatch');
    expect(await ask(api, 'memorydb', FORM, 'Action=DescribeUsers')).toContain('SignatureDoesNotMatch');
    expect(await (await fetch(api.url, { method: 'POST', body: 'x' })).text()).toContain('SignatureDoesNotMatch');
  });

  test('have the passwords that they were given once they are active again', async () => {
    const passwords = {
      'Action': 'ModifyUser',
      'Passwords.member.1': 'a second password',
      'Passwords.member.2': 'the first password',
    };
    expect(await form(passwords)).toContain('<Status>modifying</Status>');
    expect(await form(passwords)).toContain('<Code>InvalidUserState</Code>');
    await until(async () => (await form({ Action: 'DescribeUsers' })).includes('<Status>active</Status>'), 5_000);
    expect(await redis.worksFor({ username: 'app', password: 'a second password' })).toBe(true);
    expect(await form({ Action: 'DescribeUsers' })).toContain('<PasswordCount>2</PasswordCount>');
  });

  test.each<Record<string, string>>([
    { 'Passwords.member.1': 'too short' }, { 'Passwords.member.1': 'with a, comma in it' }, {},
    { 'Passwords.member.1': 'the same password', 'Passwords.member.2': 'the same password' },
    {
      'Passwords.member.1': 'the first password',
      'Passwords.member.2': 'another password',
      'Passwords.member.3': 'one too many of them',
    },
  ])('do not get %j', async (passwords) => {
    expect(await form({ Action: 'ModifyUser', ...passwords })).toContain('<Code>InvalidParameterValue</Code>');
  });

  test('are not found, nor is an action, where there is none', async () => {
    expect(await form({ Action: 'DescribeUsers', UserId: 'other' })).toContain('<Code>UserNotFound</Code>');
    expect(await form({ Action: 'DeleteUser' })).toContain('<Code>InvalidAction</Code>');
    expect(await form({ Action: 'DescribeUsers', Version: '2012-01-01' })).toContain('<Code>InvalidAction</Code>');
  });

  test('of MemoryDB speak JSON', async () => {
    const json = async (action: string, input: object): Promise<unknown> => JSON.parse(
      await ask(
        jsonApi,
        'memorydb',
        { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonMemoryDB.${action}` },
        JSON.stringify(input),
      ));
    expect(await json('DescribeUsers', { UserName: 'app' })).toEqual({
      Users: [
        expect.objectContaining({
          Name: 'app',
          Status: 'active',
          ARN: 'arn:aws:memorydb:eu-west-1:123456789012:user/app',
          Authentication: { Type: 'password', PasswordCount: 1 },
        }),
      ],
    });
    expect(
      await json('UpdateUser', {
        UserName: 'other',
        AuthenticationMode: { Type: 'password', Passwords: ['the first password'] },
      }),
    ).toMatchObject({ __type: 'UserNotFoundFault' });
    expect(await json('UpdateUser', { UserName: 'app', AuthenticationMode: { Type: 'iam' } }))
      .toMatchObject({ __type: 'InvalidActionException' });
  });
});
