import { DescribeKeyCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import { DescribeSecretCommand, GetResourcePolicyCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { SynthesisedStack, TemplateResource } from '../../../scripts/local-deployment/cloud-assembly';
import { Emulator } from '../../../scripts/local-deployment/emulator';
import { type DatabaseDeclaration, TemplateApplier } from '../../../scripts/local-deployment/template-applier';
import { TemplateResolver } from '../../../scripts/local-deployment/template-resolver';
import { requireServer } from '../../servers/require-server';

const ACCOUNT = '111111111111';
const ADMINISTRATOR = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${ACCOUNT}:root`]] };

function stackOf(name: string, region: string, resources: Record<string, TemplateResource>): SynthesisedStack {
  return { name, account: ACCOUNT, region, resources, assetOf: (key) => `/assets/${key}` };
}

function keyWithAlias(alias: string): Record<string, TemplateResource> {
  const statement = { Effect: 'Allow', Principal: { AWS: ADMINISTRATOR }, Action: 'kms:*', Resource: '*' };
  return {
    Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: alias, TargetKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: { EnableKeyRotation: true, KeyPolicy: { Version: '2012-10-17', Statement: [statement] } },
    },
  };
}

const SECRET: TemplateResource = {
  Type: 'AWS::SecretsManager::Secret',
  Properties: {
    Name: 'creds',
    Description: 'a description',
    KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
    GenerateSecretString: {
      SecretStringTemplate: '{"username":"admin"}',
      GenerateStringKey: 'password',
      PasswordLength: 40,
      ExcludeCharacters: '"\\',
    },
    ReplicaRegions: [{ Region: 'eu-west-1', KmsKeyId: 'alias/replicas' }],
    Tags: [{ Key: 'tag', Value: 'on' }],
  },
};

requireServer('secrets-manager')('applying templates', () => {
  let emulator: Emulator;
  let applier: TemplateApplier;
  const databases: DatabaseDeclaration[] = [];

  beforeAll(async () => {
    emulator = await Emulator.start(ACCOUNT);
    applier = new TemplateApplier(emulator, async (declaration) => {
      databases.push(declaration);
      return { host: 'localhost', port: 1234 };
    });
    await applier.apply(stackOf('Support', 'eu-west-1', keyWithAlias('alias/replicas')));
    await applier.apply(stackOf('Main', 'us-east-1', {
      ...keyWithAlias('alias/main'),
      Schedule: {
        Type: 'AWS::SecretsManager::RotationSchedule',
        Properties: {
          SecretId: { Ref: 'Attachment' },
          RotationLambdaARN: { 'Fn::GetAtt': ['Function', 'Arn'] },
          RotationRules: {},
          RotateImmediatelyOnUpdate: false,
        },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'rotates',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { S3Bucket: 'bucket', S3Key: 'code.zip' },
          Environment: { Variables: { PLACE: { 'Fn::Sub': '${Database.Endpoint.Address}:${Database.Endpoint.Port}' } } },
        },
      },
      Role: { Type: 'AWS::IAM::Role' },
      Attachment: {
        Type: 'AWS::SecretsManager::SecretTargetAttachment',
        Properties: { SecretId: { Ref: 'Secret' }, TargetId: { Ref: 'Database' }, TargetType: 'AWS::RDS::DBInstance' },
      },
      Policy: {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: {
          SecretId: { Ref: 'Secret' },
          BlockPublicPolicy: true,
          ResourcePolicy: { Version: '2012-10-17', Statement: [] },
        },
      },
      Database: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          Engine: 'postgres',
          EngineVersion: '16',
          MasterUsername: 'admin',
          MasterUserPassword: {
            'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:password::}}']],
          },
          VPCSecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }],
        },
      },
      Secret: SECRET,
    }));
  });

  afterAll(() => emulator.stop());

  test.each([
    ['eu-west-1', 'alias/replicas'],
    ['us-east-1', 'alias/main'],
  ])('creates the key of %s, its policy and its alias', async (region, alias) => {
    const kms = emulator.kms(region);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
    expect(KeyMetadata!.Arn).toMatch(new RegExp(`^arn:aws:kms:${region}:${ACCOUNT}:key/`));
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId: KeyMetadata!.KeyId, PolicyName: 'default' }));
    expect(JSON.parse(Policy!).Statement[0].Principal).toEqual({ AWS: `arn:aws:iam::${ACCOUNT}:root` });
    await expect(kms.send(new GetKeyRotationStatusCommand({ KeyId: KeyMetadata!.KeyId })))
      .resolves.toMatchObject({ KeyRotationEnabled: true });
  });

  test('creates the secret under its key, with a generated password and its policy', async () => {
    const client = emulator.secretsManager('us-east-1');
    const described = await client.send(new DescribeSecretCommand({ SecretId: 'creds' }));
    const { KeyMetadata } = await emulator.kms('us-east-1').send(new DescribeKeyCommand({ KeyId: 'alias/main' }));
    expect(described)
      .toMatchObject({ Description: 'a description', KmsKeyId: KeyMetadata!.Arn, Tags: [{ Key: 'tag', Value: 'on' }] });
    const [password, ...others] = databases.map((declaration) => declaration.password);
    expect([password.length, /["\\]/.test(password), others]).toEqual([40, false, []]);
    const { ResourcePolicy } = await client.send(new GetResourcePolicyCommand({ SecretId: 'creds' }));
    expect(JSON.parse(ResourcePolicy!)).toEqual({ Version: '2012-10-17', Statement: [] });
  });

  test('gives the database the password of the secret, and the secret and its replica the place of the database', async () => {
    expect(databases).toMatchObject([{ engine: 'postgres', version: '16', username: 'admin' }]);
    const values = await Promise.all(['us-east-1', 'eu-west-1'].map(async (region) =>
      (await emulator.secretsManager(region).send(new GetSecretValueCommand({ SecretId: 'creds' }))).SecretString));
    expect(values[1]).toBe(values[0]);
    expect(JSON.parse(values[0]!)).toEqual({
      username: 'admin',
      password: databases[0].password,
      engine: 'postgres',
      host: 'localhost',
      port: 1234,
      dbInstanceIdentifier: expect.stringMatching(/^main-database-/),
    });
  });

  test('says which functions there are, what they are told, and which secrets they rotate', async () => {
    const arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:rotates`;
    expect(applier.functions).toEqual([{
      logicalId: 'Function',
      name: 'rotates',
      arn,
      region: 'us-east-1',
      handler: 'index.handler',
      timeout: undefined,
      environment: { PLACE: 'localhost:1234' },
      asset: '/assets/code.zip',
    }]);
    const { ARN } = await emulator.secretsManager('us-east-1').send(new DescribeSecretCommand({ SecretId: 'creds' }));
    expect(applier.schedules).toEqual([
      { stackName: 'Main', logicalId: 'Schedule', secretArn: ARN, functionArn: arn, rotatesImmediately: false },
    ]);
    expect([...applier.leftOut]).toEqual([['IAM', 1]]);
    const secret = applier.resources.find(({ logicalId }) => logicalId === 'Secret');
    expect(secret).toMatchObject({ physicalId: ARN, note: 'replica in eu-west-1 under alias/replicas' });
  });

  test('a cluster whose password Amazon RDS manages has a secret that the cluster names', async () => {
    const clusters = new TemplateApplier(emulator, async (declaration) => {
      databases.push(declaration);
      return { host: 'localhost', port: 1234 };
    });
    await clusters.apply(stackOf('Clusters', 'us-east-1', {
      Cluster: {
        Type: 'AWS::RDS::DBCluster',
        Properties: { Engine: 'aurora-postgresql', MasterUsername: 'root', ManageMasterUserPassword: true, DatabaseName: 'shop' },
      },
      Copy: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { Name: 'of-the-user', SecretString: '{"username":"user"}' },
      },
      Attachment: {
        Type: 'AWS::SecretsManager::SecretTargetAttachment',
        Properties: { SecretId: { Ref: 'Copy' }, TargetId: { Ref: 'Cluster' }, TargetType: 'AWS::RDS::DBCluster' },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Handler: 'index.handler',
          Code: { S3Bucket: 'bucket', S3Key: 'code.zip' },
          Environment: { Variables: { SUPERUSER: { 'Fn::GetAtt': ['Cluster', 'MasterUserSecret.SecretArn'] } } },
        },
      },
    }));
    const { username, password, name } = databases.at(-1)!;
    expect({ username, name }).toEqual({ username: 'root', name: 'shop' });
    const client = emulator.secretsManager('us-east-1');
    const valueOf = async (SecretId: string): Promise<unknown> =>
      JSON.parse((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString!);
    expect(await valueOf(clusters.functions[0].environment.SUPERUSER)).toEqual({ username: 'root', password });
    expect(await valueOf('of-the-user')).toMatchObject({
      username: 'user', engine: 'aurora-postgresql', dbClusterIdentifier: expect.stringMatching(/^clusters-cluster-/),
    });
  });

  test('where a part of an app is asked for, all else is left out, and so are properties that nothing is done with', async () => {
    const part = {
      includes: (_: SynthesisedStack, logicalId: string) => logicalId === 'Wanted',
      resolverOf: (stack: SynthesisedStack) => new TemplateResolver({ partition: 'aws', stackName: stack.name, ...stack }),
    };
    const applied = new TemplateApplier(emulator, async () => Promise.reject(new Error('no database is wanted')), part);
    await applied.apply(stackOf('Part', 'us-east-1', {
      Wanted: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'wanted', Type: 'x' } },
      Other: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'other' } },
    }));
    expect(applied.resources.map(({ logicalId }) => logicalId)).toEqual(['Wanted']);
  });

  test.each<[string, string, TemplateResource]>([
    ['a property that would be lost', 'the demonstration does not know what to do with Type',
      { Type: 'AWS::SecretsManager::Secret', Properties: { Type: 'x' } }],
    ['a reference to what is left out', 'Role is referred to and was not created',
      { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Principal: { Ref: 'Role' } } } }],
    ['a database whose password stands in the template', 'a password does not stand in a template as such',
      { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', MasterUserPassword: 'x' } }],
    ['an attachment to something else', 'other is not a database that was created',
      {
        Type: 'AWS::SecretsManager::SecretTargetAttachment',
        Properties: { SecretId: 'creds', TargetId: 'other', TargetType: 'AWS::RDS::DBCluster' },
      }],
  ])('refuses %s, and says where it stands', async (_, message, resource) => {
    const applied = applier.apply(stackOf('Refused', 'us-east-1', { Wrong: resource }));
    await expect(applied).rejects.toThrow(`Wrong (${resource.Type}) of stack Refused was not created: `);
    await expect(applied).rejects.toThrow(message);
  });
});
