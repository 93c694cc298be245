import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDBCluster } from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, NestedStack, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  DatabaseEngine, DatabaseTarget, HardenedSecret, type HardenedSecretProps, Rotation, RotationNetwork, SecretContent,
  SecretEncryption, SecretHardening, SecretMonitoring, SecretsPlatform,
} from '../src';
import { circlesIn } from './support/circles';
import { auroraCluster, isolatedVpc, messageOf, personnelDatabase, testApp } from './support/scenario';

type Placement = 'stacks' | 'nested stacks' | 'a nested stack and the one around it';

/** Makes the stacks of an app beside each other, or in one. */
function stacksOf(placement: Placement, names: string[]): { app: App; stacks: Stack[] } {
  const app = testApp();
  const outer = new Stack(app, 'Outer');
  const nested = (name: string) => new NestedStack(outer, name);
  const stacks = names.map((name, index) => {
    switch (placement) {
      case 'stacks': return new Stack(app, name);
      case 'nested stacks': return nested(name);
      default: return index === 0 ? outer : nested(name);
    }
  });
  return { app, stacks };
}

function adminOf(scope: Construct, props: HardenedSecretProps = {}, username = 'pgadmin'): HardenedSecret {
  return new HardenedSecret(scope, 'Admin', { content: SecretContent.databaseCredentials({ username }), ...props });
}

/** The stack, by its construct id, in which each resource of a type is. */
function placesOf(app: App, type: string): string[] {
  return app.node.findAll().filter((node) => (node as { cfnResourceType?: string }).cfnResourceType === type)
    .map((node) => Stack.of(node).node.id).sort();
}

const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';
const ATTACHMENT = 'AWS::SecretsManager::SecretTargetAttachment';
const placements: Placement[] = ['stacks', 'nested stacks', 'a nested stack and the one around it'];

describe.each(placements)('in %s', (placement) => {
  test('a database and its users\' secrets, and the platform elsewhere', () => {
    const { app, stacks: [data, home] } = stacksOf(placement, ['Data', 'Platform']);
    const platform = new SecretsPlatform(home, 'Secrets', { platformName: 'team' });
    const encryption = SecretEncryption.ownKey();
    const admin = adminOf(data, { platform, encryption }, 'postgres');
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(data, isolatedVpc(data), admin.secret));
    admin.addRotation(Rotation.singleUser({ database }));
    const users = [Rotation.alternatingUsers(), Rotation.singleUserWithSuperuser()].map((rotation, index) =>
      new HardenedSecret(data, `User${index}`, {
        platform, encryption, content: SecretContent.databaseCredentials({ username: `user${index}`, database }), rotation,
      }));
    users[0].grants.read(new Role(data, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(circlesIn(app.synth())).toEqual([]);
    expect(placesOf(app, SCHEDULE)).toEqual(Array(3).fill(home.node.id));
  });

  test('the same, where the secrets have the platform\'s key, is one error', () => {
    const { stacks: [data, home] } = stacksOf(placement, ['Data', 'Platform']);
    const platform = new SecretsPlatform(home, 'Secrets', { platformName: 'team' });
    const database = DatabaseTarget.fromRdsInstance(personnelDatabase(data, isolatedVpc(data)));
    expect(messageOf(() => new HardenedSecret(data, 'User', {
      platform, content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers(),
    }))).toMatch(/^\[[A-Za-z/]+\/User\] the platform depends on what is in the secret's stack, .*SecretEncryption\.ownKey/);
  });

  test('an admin secret in another stack than the cluster', () => {
    const { app, stacks: [secrets, data] } = stacksOf(placement, ['Secrets', 'Data']);
    const admin = adminOf(secrets);
    const cluster = auroraCluster(data, admin.secret);
    cluster.secret!.grantRead(new Role(secrets, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    admin.grants.read(new Role(secrets, 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    expect(circlesIn(app.synth())).toEqual([]);
    expect(placesOf(app, ATTACHMENT)).toEqual(['Data']);
    expect(Stack.of(secrets).resolve(admin.secretArn)).toHaveProperty('Ref');
  });

  test('the same, and it rotates, and so do users whose secrets are beside it', () => {
    const { app, stacks: [secrets, data] } = stacksOf(placement, ['Secrets', 'Data']);
    const admin = adminOf(secrets);
    const database = DatabaseTarget.fromRdsCluster(auroraCluster(data, admin.secret));
    admin.addRotation(Rotation.singleUser({ database }));
    new HardenedSecret(secrets, 'User', {
      content: SecretContent.databaseCredentials({ username: 'app', database }), rotation: Rotation.alternatingUsers(),
    });
    expect(circlesIn(app.synth())).toEqual([]);
    expect(placesOf(app, SCHEDULE)).toEqual(['Data', 'Data']);
    expect(placesOf(app, ATTACHMENT)).toEqual(['Data', 'Data']);
  });

  test('the same of a secret that is only hardened, and of a cluster that is a resource alone', () => {
    const { app, stacks: [secrets, data] } = stacksOf(placement, ['Secrets', 'Data']);
    const admin = new Secret(secrets, 'Admin');
    const cluster = new CfnDBCluster(data, 'Cluster', {
      engine: 'aurora-postgresql',
      masterUserPassword: admin.secretValueFromJson('password').unsafeUnwrap(),
    });
    const vpc = isolatedVpc(data);
    const database = DatabaseTarget.of({
      engine: DatabaseEngine.POSTGRES,
      host: cluster.attrEndpointAddress,
      targetName: 'cluster',
      network: RotationNetwork.of({ vpc }),
      securityGroups: [new SecurityGroup(data, 'Group', { vpc, description: 'cluster' })],
    });
    SecretHardening.fromSecret(admin).addRotation(Rotation.singleUser({ database }));
    expect(circlesIn(app.synth())).toEqual([]);
    expect(placesOf(app, SCHEDULE)).toEqual(['Data']);
  });

  test('the same with a platform of a third', () => {
    const { app, stacks: [secrets, data, home] } = stacksOf(placement, ['Secrets', 'Data', 'Platform']);
    const platform = new SecretsPlatform(home, 'Secrets', { platformName: 'team' });
    const admin = adminOf(secrets, { platform, encryption: SecretEncryption.ownKey() });
    const database = DatabaseTarget.fromRdsCluster(auroraCluster(data, admin.secret));
    admin.addRotation(Rotation.singleUser({ database }));
    expect(circlesIn(app.synth())).toEqual([]);
    expect(placesOf(app, SCHEDULE)).toEqual(['Platform']);
  });

  test('the same with a topic in the stack of the platform', () => {
    const { app, stacks: [secrets, data, home] } = stacksOf(placement, ['Secrets', 'Data', 'Platform']);
    const platform = new SecretsPlatform(home, 'Secrets', { platformName: 'team' });
    const monitoring = SecretMonitoring.rotationFailure({ topic: new Topic(home, 'Topic') });
    const admin = adminOf(secrets, { platform, encryption: SecretEncryption.ownKey(), monitoring });
    const database = DatabaseTarget.fromRdsCluster(auroraCluster(data, admin.secret));
    admin.addRotation(Rotation.singleUser({ database }));
    new HardenedSecret(data, 'User', {
      platform,
      monitoring,
      encryption: SecretEncryption.ownKey(),
      rotation: Rotation.alternatingUsers(),
      content: SecretContent.databaseCredentials({ username: 'app', database }),
    });
    expect(circlesIn(app.synth())).toEqual([]);
    expect(placesOf(app, 'AWS::Events::Rule')).toEqual(['Platform']);
  });

  test('the same with a platform in the stack of the secret is one error', () => {
    const { stacks: [secrets, data] } = stacksOf(placement, ['Secrets', 'Data']);
    const admin = adminOf(secrets, { platform: new SecretsPlatform(secrets, 'Platform', { platformName: 'team' }) });
    const database = DatabaseTarget.fromRdsCluster(auroraCluster(data, admin.secret));
    expect(messageOf(() => admin.addRotation(Rotation.singleUser({ database })))).toMatch(
      /\/Admin\] the database '.*Cluster' has its password from the secret's stack, .* depends on the database; make the /,
    );
  });

  test('readers elsewhere wait for the secret', () => {
    const { app, stacks: [outer, secrets, readers] } = stacksOf(placement, ['Other', 'Secrets', 'Readers']);
    const secret = new HardenedSecret(secrets, 'Token', { secretName: 'token', rotation: Rotation.none('test') });
    secret.grants.read(new Role(readers, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    secret.grants.read(new Role(outer, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const assembly = app.synth();
    expect(circlesIn(assembly)).toEqual([]);
    if (placement !== 'stacks') {
      const { Resources } = assembly.getStackByName('Outer').template;
      const waiting = Object.entries<{ DependsOn?: string[] }>(Resources).find(([id]) => id.startsWith('ReadersNested'))!;
      expect(waiting[1].DependsOn).toEqual([expect.stringMatching(/^SecretsNested/)]);
    }
  });
});

test('readers in a nested stack do not wait for a secret that needs something of theirs', () => {
  const { app, stacks: [readers, secrets] } = stacksOf('nested stacks', ['Readers', 'Secrets']);
  const role = new Role(readers, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const secret = new HardenedSecret(secrets, 'Token', {
    secretName: 'token', description: role.roleArn, rotation: Rotation.none('test'),
  });
  secret.grants.read(role);
  expect(circlesIn(app.synth())).toEqual([]);
});

test('readers in a nested stack wait for a secret of the stack around it', () => {
  const { app, stacks: [outer, readers] } = stacksOf('a nested stack and the one around it', ['Outer', 'Readers']);
  const secret = new HardenedSecret(outer, 'Token', { secretName: 'token', rotation: Rotation.none('test') });
  secret.grants.read(new Role(readers, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
  const { Resources } = app.synth().getStackByName('Outer').template;
  const [, waiting] = Object.entries<{ DependsOn?: string[] }>(Resources).find(([id]) => id.startsWith('ReadersNested'))!;
  expect(waiting.DependsOn).toEqual([expect.stringMatching(/^Token/)]);
});
