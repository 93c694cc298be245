import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { requireServer } from './require-server';
import { SecretsManagerServer } from './secrets-manager-server';
import { StrictGuard } from './strict-guard';

requireServer('secrets-manager')('strict guard', () => {
  let server: SecretsManagerServer;
  let guard: StrictGuard;
  let direct: SecretsManagerClient;
  let client: SecretsManagerClient;
  let arn: string;
  let token: string;
  let functionArn: string;
  const put = (value: string, ClientRequestToken: string, VersionStages = ['AWSPENDING']) =>
    client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: value, ClientRequestToken, VersionStages }));
  const pending = () => client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: 'AWSPENDING' }));

  beforeAll(async () => {
    server = await SecretsManagerServer.start();
    guard = await StrictGuard.start(server);
    direct = server.client();
    client = guard.client({ maxAttempts: 1 });
  });

  beforeEach(async () => {
    await server.reset();
    arn = (await direct.send(new CreateSecretCommand({ Name: 'app/database', SecretString: '{"password":"first"}' })))
      .ARN as string;
    ({ token, functionArn } = await server.startRotation(arn));
    guard.reset();
  });

  afterAll(async () => {
    await guard.stop();
    await server.stop();
  });

  test('does not take another value under the same token', async () => {
    await put('second', token);
    await expect(put('third', token)).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await expect(put('second', token)).resolves.toMatchObject({ VersionId: token });
    await expect(pending()).resolves.toMatchObject({ SecretString: 'second' });
  });

  test('limits the size and the labels', async () => {
    await expect(put('ü'.repeat(32_769), token)).rejects.toMatchObject({ name: 'ValidationException' });
    const labels = Array.from({ length: 18 }, (_, index) => `LABEL${index}`);
    await expect(put('x', token, ['AWSPENDING', ...labels])).resolves.toBeDefined();
    await expect(
      client.send(new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: 'ONE_MORE', MoveToVersionId: token })),
    ).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  test('moves labels and does not lose AWSCURRENT', async () => {
    await put('second', token);
    const { VersionId: first } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    const move = (input: object) =>
      client.send(new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: 'AWSCURRENT', ...input }));
    await expect(move({ RemoveFromVersionId: first })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(move({ MoveToVersionId: token })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await move({ MoveToVersionId: token, RemoveFromVersionId: first });
    await move({ MoveToVersionId: token });
    await move({ VersionStage: 'AWSPENDING', RemoveFromVersionId: token });
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(VersionIdsToStages).toEqual({ [first as string]: ['AWSPREVIOUS'], [token]: ['AWSCURRENT'] });
  });

  test('lists versions without a label on demand only', async () => {
    await put('second', token);
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage: 'AWSPENDING', RemoveFromVersionId: token }),
    );
    const list = async (IncludeDeprecated: boolean) =>
      (await client.send(new ListSecretVersionIdsCommand({ SecretId: arn, IncludeDeprecated }))).Versions?.length;
    expect([await list(false), await list(true)]).toEqual([1, 2]);
  });

  test('records calls without values', async () => {
    await put('confidential', token);
    await pending();
    await expect(put('other', token)).rejects.toThrow();
    expect([guard.count(), guard.count('PutSecretValue')]).toEqual([3, 2]);
    expect(guard.calls.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['PutSecretValue', 'ok'], ['GetSecretValue', 'ok'], ['PutSecretValue', 'ResourceExistsException'],
    ]);
    expect(guard.calls[0].input).toEqual({ SecretId: arn, ClientRequestToken: token, VersionStages: ['AWSPENDING'] });
    expect(JSON.stringify(guard.calls)).not.toContain('confidential');
  });

  test('fails the call it is told to', async () => {
    guard.fault({ action: 'PutSecretValue', effect: { kind: 'drop' } });
    guard.fault({ action: 'PutSecretValue', nth: 2, when: 'after', effect: { kind: 'error', name: 'ThrottlingException' } });
    guard.fault({ action: 'GetSecretValue', nth: 2, times: 2, effect: { kind: 'error', name: 'InternalServiceError' } });
    await expect(put('dropped', token)).rejects.toThrow('socket hang up');
    await expect(pending()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(put('arrived', token))
      .rejects.toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
    await expect(pending()).rejects.toMatchObject({ name: 'InternalServiceError', $metadata: { httpStatusCode: 500 } });
    await expect(pending()).rejects.toMatchObject({ name: 'InternalServiceError' });
    await expect(pending()).resolves.toMatchObject({ SecretString: 'arrived' });
    expect(guard.calls[0].outcome).toBe('dropped');
  });

  test('delays and interrupts', async () => {
    let interrupted = false;
    guard.fault({ effect: { kind: 'delay', milliseconds: 100 } });
    guard.fault({ nth: 2, when: 'after', effect: { kind: 'interrupt', callback: () => { interrupted = true; } } });
    const started = Date.now();
    await put('second', token);
    expect(Date.now() - started).toBeGreaterThanOrEqual(99);
    await expect(pending()).rejects.toThrow('socket hang up');
    expect(interrupted).toBe(true);
  });

  test('enforces permissions', async () => {
    const accessKeyId = 'AKIAROTATION';
    const caller = guard.client({ maxAttempts: 1, credentials: { accessKeyId, secretAccessKey: 'none' } });
    const describeSecret = (from: SecretsManagerClient, SecretId = arn) => from.send(new DescribeSecretCommand({ SecretId }));
    guard.enforce([
      {
        accessKeyId,
        actions: ['Describe*'],
        secrets: ['arn:aws:secretsmanager:*:secret:app/*'],
        rotationFunctionArn: functionArn,
      },
    ]);
    await expect(describeSecret(caller)).resolves.toMatchObject({ ARN: arn });
    await expect(describeSecret(caller, 'app/database')).resolves.toMatchObject({ ARN: arn });
    const refused = {
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: secretsmanager:'),
    };
    await expect(caller.send(new GetSecretValueCommand({ SecretId: arn }))).rejects.toMatchObject(refused);
    await expect(describeSecret(client)).rejects.toMatchObject(refused);
    await expect(describeSecret(caller, 'other')).rejects.toMatchObject(refused);
    guard.enforce([{ accessKeyId, actions: ['*'], secrets: ['*'], rotationFunctionArn: `${functionArn}2` }]);
    await expect(describeSecret(caller)).rejects.toMatchObject(refused);
  });
});
