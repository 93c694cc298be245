import {
  CreateSecretCommand, DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { requireServer } from './require-server';
import { SecretsManagerServer } from './secrets-manager-server';

requireServer('secrets-manager')('Secrets Manager', () => {
  let server: SecretsManagerServer;
  let client: SecretsManagerClient;

  beforeAll(async () => {
    server = await SecretsManagerServer.start();
    client = server.client();
  });

  afterEach(() => server.reset());

  afterAll(() => server.stop());

  test('starts a rotation as AWS does', async () => {
    const arn =
      (await client.send(new CreateSecretCommand({ Name: 'app/database', SecretString: '{"password":"first"}' }))).ARN as string;
    const { token, functionArn } = await server.startRotation(arn);
    const secret = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(secret).toMatchObject({ RotationEnabled: true, RotationLambdaARN: functionArn });
    expect(functionArn).toBe('arn:aws:lambda:eu-west-1:123456789012:function:rotation');
    expect(secret.VersionIdsToStages?.[token]).toEqual(['AWSPENDING']);
    const read = (VersionStage: string) => client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage }));
    await expect(read('AWSPENDING')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(read('AWSCURRENT')).resolves.toMatchObject({ SecretString: '{"password":"first"}' });
  });

  test('starts a rotation with a token, a function and a Region that are given', async () => {
    const elsewhere = server.client({ region: 'eu-central-1' });
    await elsewhere.send(new CreateSecretCommand({ Name: 'there', SecretString: 'x' }));
    const given = '01234567-89ab-cdef-0123-456789abcdef';
    await expect(server.startRotation('there', { region: 'eu-central-1', token: given, functionName: 'mine' })).resolves.toEqual({
      token: given,
      functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:mine',
    });
  });

  test('starts another rotation where the last one left AWSPENDING on the current version', async () => {
    await client.send(new CreateSecretCommand({ Name: 'kept', SecretString: 'x' }));
    const { token: first } = await server.startRotation('kept');
    await client.send(new PutSecretValueCommand({
      SecretId: 'kept', SecretString: 'y', ClientRequestToken: first, VersionStages: ['AWSPENDING', 'AWSCURRENT'],
    }));
    const { token: second } = await server.startRotation('kept');
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'kept' }));
    expect(VersionIdsToStages).toMatchObject({ [first]: ['AWSCURRENT'], [second]: ['AWSPENDING'] });
  });

  test('forgets everything', async () => {
    await client.send(new CreateSecretCommand({ Name: 'gone', SecretString: 'x' }));
    await server.reset();
    await expect(client.send(new DescribeSecretCommand({ SecretId: 'gone' })))
      .rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 'gone', SecretString: 'x' }));
    await expect(server.startRotation(ARN as string)).resolves.toBeDefined();
  });
});
