import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import * as core from 'aws-cdk-lib/core';
import { auroraCluster } from './support/scenario';
import { HttpApiKeyStack } from '../examples/http-api-key/http-api-key-stack';
import { MyCustomAppStack } from '../examples/my-custom-app/my-custom-app-stack';
import { OnEksStack } from '../examples/on-eks/on-eks-stack';
import { TEAM_CLUSTER } from '../examples/on-eks/team-cluster';
import { OnFargateStack } from '../examples/on-fargate/on-fargate-stack';
import { addRotations } from '../examples/rotations/add-rotations';
import {
  DatabaseTarget, HardenedSecret, Rotation, SecretContent, SecretEncryption, SecretMonitoring, SecretsPlatform,
} from '../src';

const APPLICATION = join(__dirname, '../examples/on-fargate/application');
const ENV = { account: '111111111111', region: 'us-east-1' };

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>;
}

/** Properties whose change replaces the resource, of the services that this library has resources of. */
const CREATE_ONLY: Record<string, string[]> = {
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SecretsManager::RotationSchedule': ['SecretId'],
  'AWS::SecretsManager::ResourcePolicy': ['SecretId'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Lambda::Permission': ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::IAM::ManagedPolicy': ['Description', 'ManagedPolicyName', 'Path'],
  'AWS::KMS::Alias': ['AliasName'],
};

/** An admin secret in a stack before its database, whose schedule has to be in a third. */
function adminElsewhere(app: core.App): void {
  const [secrets, data, home] = ['Secrets', 'Data', 'Home'].map((id) => new core.Stack(app, id));
  const platform = new SecretsPlatform(home, 'Secrets', { platformName: 'team' });
  const admin = new HardenedSecret(secrets, 'Admin', {
    platform,
    encryption: SecretEncryption.ownKey(),
    content: SecretContent.databaseCredentials({ username: 'pgadmin' }),
    monitoring: SecretMonitoring.rotationFailure({ topic: new Topic(home, 'Topic') }),
  });
  const database = DatabaseTarget.fromRdsCluster(auroraCluster(data, admin.secret));
  admin.addRotation(Rotation.singleUser({ database }));
  new HardenedSecret(data, 'User', {
    platform,
    encryption: SecretEncryption.ownKey(),
    content: SecretContent.databaseCredentials({ username: 'app', database }),
    rotation: Rotation.alternatingUsers(),
  });
  const values = new core.Stack(app, 'Values');
  const rotation = Rotation.regenerate();
  new HardenedSecret(values, 'Token', { platform, secretName: 'token', rotation });
}

const apps: Record<string, (app: core.App) => void> = {
  'my-custom-app': (app) => new MyCustomAppStack(app, 'MyCustomApp', { env: ENV }),
  'rotations': (app) => addRotations(app, ENV),
  'http-api-key': (app) => new HttpApiKeyStack(app, 'HttpApiKey', { env: ENV, rotatorCode: Code.fromAsset(__dirname) }),
  'on-fargate': (app) => new OnFargateStack(app, 'OnFargate', { env: ENV, applicationFolder: APPLICATION }),
  'on-eks': (app) => new OnEksStack(app, 'OnEks', { env: ENV, teamCluster: TEAM_CLUSTER, applicationFolder: APPLICATION }),
  'an admin secret before its database': adminElsewhere,
};
const WEAK = 'Fn::GetStackOutput';

function synthesise(name: string, strength?: string): Template[] {
  const preference = strength && { '@aws-cdk/core:defaultCrossStackReferences': strength };
  const app = new core.App({ context: { 'aws:cdk:disable-asset-staging': true, ...preference } });
  apps[name](app);
  return app.synth().stacks.map(({ template }) => template as Template);
}

describe.each(Object.keys(apps))('%s', (name) => {
  test.each([undefined, 'both', 'weak'])('no create-only property has a weak reference where the app prefers %s', (strength) => {
    const resources = synthesise(name, strength).flatMap(({ Resources }) => Object.entries(Resources));
    const weak = resources.flatMap(([id, { Type, Properties = {} }]) =>
      (CREATE_ONLY[Type] ?? []).filter((property) => JSON.stringify(Properties[property] ?? '').includes(WEAK))
        .map((property) => `${id}.${property}`));
    expect(weak).toEqual([]);
  });
});

test('the newest AWS CDK refers weakly elsewhere, so that the tests above can fail', () => {
  const templates = JSON.stringify(synthesise('an admin secret before its database', 'weak'));
  expect(templates.includes(WEAK)).toBe('CrossStackReferences' in core);
});
