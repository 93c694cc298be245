import { spawnSync } from 'node:child_process';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import {
  AmazonLinuxCpuType, type ILaunchTemplate, Instance, InstanceClass, InstanceSize, InstanceType, LaunchTemplate,
  MachineImage, UserData, type Vpc, WindowsVersion,
} from 'aws-cdk-lib/aws-ec2';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter, Duration, Stack } from 'aws-cdk-lib/core';
import { ALTERNATING, databaseSecret, environment, SINGLE, stackOf } from './delivery-scenario';
import { HardenedSecret, Rotation, SecretDelivery, SecretReplica, type WorkloadCredentialsProviderOptions } from '../../src';
import { isolatedVpc, only } from '../support/scenario';

const machine = {
  instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
  machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
};
const vpcIn = (stack: Stack): Vpc => isolatedVpc(stack, 'InstancesVpc');
const placed = (vpc: Vpc) => ({ ...machine, vpc, vpcSubnets: { subnets: vpc.isolatedSubnets } });
const instanceIn = (stack: Stack): Instance => new Instance(stack, 'App', placed(vpcIn(stack)));
type Options = WorkloadCredentialsProviderOptions;
const optionsIn = (stack: Stack, more: Partial<Options> = {}): Options => ({
  providerPackage: new Asset(stack, 'Provider', { path: __dirname }), applicationUser: 'app', ...more,
});
/** User data as it runs, with the logical ids of what is known at deployment. */
const scriptOf = ({ UserData: { 'Fn::Base64': script } }: Record<string, any>): string => {
  const parts = typeof script === 'string' ? [script] : script['Fn::Join'][1] as (string | { Ref?: string })[];
  return parts.map((part) => typeof part === 'string' ? part : part.Ref ?? '').join('');
};
const scriptIn = (stack: Stack): string => scriptOf(only(Template.fromStack(stack), 'AWS::EC2::Instance').resource.Properties);
const allowed = (stack: Stack): string[] => Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
  .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('AppInstanceRole'))
  .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
  .flatMap(({ Action }) => Action);
const messages = (stack: Stack, kind: 'Info' | 'Warning', id: string): string[] => Annotations.fromStack(stack)[`find${kind}`](
  '*', Match.stringLikeRegexp(`\\[ack: cdk-secretsmanager-patterns:${id}\\]`)).map(({ entry }) => String(entry.data));

describe('toInstance', () => {
  test('installs the provider for a user, says which secret, and grants reading both', () => {
    const stack = stackOf();
    databaseSecret(stack, ALTERNATING).delivery.toInstance(instanceIn(stack), optionsIn(stack));
    const lines = scriptIn(stack).split('\n');
    expect(lines.filter((line) => line.startsWith('aws s3 cp '))).toEqual([
      expect.stringMatching(/^aws s3 cp 's3:\/\/.*\.zip' '\/opt\/workload-credentials-provider\.zip' --region eu-west-1$/),
    ]);
    expect(lines.slice(lines.findIndex((line) => line.startsWith('unzip')))).toEqual([
      'unzip -q -o /opt/workload-credentials-provider.zip -d /opt/workload-credentials-provider &&',
      "printf '%s\\n' '[capabilities.secrets_manager.cache]' 'ttl_seconds = 300' "
        + '> /opt/workload-credentials-provider/config.toml &&',
      '(cd /opt/workload-credentials-provider/aws_workload_credentials_provider_common/configuration '
        + '&& ./install --config /opt/workload-credentials-provider/config.toml) &&',
      expect.stringMatching(/^printf '%s\\n' 'SECRET_ID=Secret\w+' > \/etc\/aws-workload-credentials-provider\/secrets\.env &&$/),
      'for user in \'app\'; do { id -u -- "$user" || useradd --system --shell /sbin/nologin -- "$user"; } > /dev/null'
        + ' && usermod -aG aws-wcp-token -- "$user" || exit 1; done ||',
      'exit 1',
    ]);
    expect(allowed(stack)).toEqual(expect.arrayContaining([
      'secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret', 'kms:Decrypt', 's3:GetObject*',
    ]));
  });

  test('has one provider for all secrets and users, in a script that a shell takes', () => {
    const stack = stackOf();
    const instance = instanceIn(stack);
    const options = optionsIn(stack);
    databaseSecret(stack, ALTERNATING).delivery.toInstance(instance, options);
    new HardenedSecret(stack, 'Other').delivery
      .toInstance(instance, { ...options, environmentVariable: 'OTHER', applicationUser: 'reports' });
    const script = scriptIn(stack);
    expect(script.match(/\.\/install/g)).toHaveLength(1);
    expect(script).toMatch(/'SECRET_ID=Secret\w+' 'OTHER=Other\w+' > /);
    expect(script).toContain("'ttl_seconds = 0'");
    expect(script).toContain("for user in 'app' 'reports'; do");
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test.each<[string, Rotation | undefined, Duration | undefined, number]>([
    ['alternating users', ALTERNATING, undefined, 300],
    ['no rotation, said with a reason', Rotation.none('test'), undefined, 300],
    ['a single user', SINGLE, undefined, 0],
    ['a rotation that is not known', undefined, undefined, 0],
    ['an hour with alternating users', ALTERNATING, Duration.hours(1), 3600],
  ])('keeps a value for as long as the rotation lets it work: %s', (_, rotation, timeToLive, seconds) => {
    const stack = stackOf();
    databaseSecret(stack, rotation).delivery.toInstance(instanceIn(stack), optionsIn(stack, { timeToLive }));
    expect(scriptIn(stack)).toContain(`'ttl_seconds = ${seconds}'`);
    expect(messages(stack, 'Info', 'providerCacheOff')).toHaveLength(seconds === 0 ? 1 : 0);
  });

  test('warns of a time that outlives the rotation, and says what a program does about it', () => {
    const stack = stackOf();
    databaseSecret(stack, SINGLE).delivery
      .toInstance(instanceIn(stack), optionsIn(stack, { timeToLive: Duration.minutes(2) }));
    expect(messages(stack, 'Warning', 'providerOutlivesRotation')).toEqual([
      expect.stringContaining('its Workload Credentials Provider keeps a value for 120 seconds, and the former value of '
        + "'Stack/Secret' is refused as soon as it has rotated: for so long logins fail after each rotation; have programs ask "
        + 'once more with `refreshNow=true` when a login is refused, leave out `timeToLive`, or use Rotation.alternatingUsers()'),
    ]);
  });

  test('warns of an instance without a way to Secrets Manager', () => {
    const stack = stackOf();
    new HardenedSecret(stack, 'Secret').delivery.toInstance(instanceIn(stack), optionsIn(stack));
    expect(messages(stack, 'Warning', 'readerWithoutWay')).toEqual([expect.stringContaining("'Stack/App' reads the secret")]);
  });

  test('gives the fixed name in another stack, which then needs no export', () => {
    const stack = stackOf();
    const reader = new Stack(stack.node.root as never, 'Reader', { env: environment });
    new HardenedSecret(stack, 'Secret', { secretName: 'orders/database' }).delivery
      .toInstance(instanceIn(reader), optionsIn(reader));
    expect(scriptIn(reader)).toContain("'SECRET_ID=orders/database'");
    expect(JSON.stringify(Template.fromStack(reader))).not.toContain('Fn::ImportValue');
  });

  test.each(['', 'App', 'app;reboot', '1app', 'a'.repeat(33)])('refuses %j for a user', (applicationUser) => {
    const stack = stackOf();
    const { delivery } = new HardenedSecret(stack, 'Secret');
    expect(() => delivery.toInstance(instanceIn(stack), optionsIn(stack, { applicationUser }))).toThrow(
      /^\[Stack\/App\] `toInstance\(applicationUser\)` is ".*", allowed: a user of Linux: lower case letters, digits/,
    );
  });

  test('quotes a user that the deployment knows', () => {
    const stack = stackOf();
    const applicationUser = new CfnParameter(stack, 'User').valueAsString;
    new HardenedSecret(stack, 'Secret').delivery.toInstance(instanceIn(stack), optionsIn(stack, { applicationUser }));
    expect(scriptIn(stack)).toContain("for user in 'User'; do");
  });

  const HOSTILE = ["a'; touch reached; '", '$(touch reached)', '`touch reached`', 'a b', '"a"'];
  test.each(HOSTILE)('a shell takes the name %j as it is', (name) => {
    const stack = stackOf();
    SecretDelivery.fromSecret(Secret.fromSecretNameV2(stack, 'Secret', name)).toInstance(instanceIn(stack), optionsIn(stack));
    const line = scriptIn(stack).split('\n').find((one) => one.includes('SECRET_ID='))!.split(' > ')[0];
    const { stdout, stderr } = spawnSync('bash', ['-c', line.replaceAll('AWS::Partition', 'aws')], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual([`SECRET_ID=arn:aws:secretsmanager:eu-west-1:111111111111:secret:${name}\n`, '']);
  });

  test('refuses a secret of another Region, which the provider does not ask, and takes its replica', () => {
    const stack = stackOf();
    const other = new Stack(stack.node.root as never, 'Other', { env: { ...environment, region: 'us-east-1' } });
    const secret = new HardenedSecret(other, 'Secret', { secretName: 'orders', replicas: [SecretReplica.inRegion('eu-west-1')] });
    const [instance, options] = [instanceIn(stack), optionsIn(stack)];
    expect(() => secret.delivery.toInstance(instance, options)).toThrow('[Stack/App] `toInstance(secret)` is "Other/Secret in '
      + 'us-east-1", allowed: one in the region eu-west-1; replicate the secret to that Region with SecretReplica');
    expect(() => SecretDelivery.fromSecret(secret.replica('eu-west-1')).toInstance(instance, options)).not.toThrow();
  });

  test('refuses Windows, times that the provider does not know, two packages, and the variable of another secret', () => {
    const stack = stackOf();
    const vpc = vpcIn(stack);
    const windows = new Instance(stack, 'Windows', {
      ...placed(vpc), machineImage: MachineImage.latestWindows(WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE),
    });
    const instance = new Instance(stack, 'App', placed(vpc));
    const [one, other] = ['One', 'Other'].map((id) => new HardenedSecret(stack, id).delivery);
    const options = optionsIn(stack);
    expect(() => one.toInstance(windows, options))
      .toThrow('[Stack/Windows] `machineImage` is "WINDOWS", allowed: an image of Linux; grant reading with');
    expect(() => one.toInstance(instance, { ...options, timeToLive: Duration.seconds(3601) }))
      .toThrow('`toInstance(timeToLive)` is "1 hour 1 second", allowed: 0 to 3600 whole seconds');
    one.toInstance(instance, options);
    expect(() => other.toInstance(instance, options)).toThrow("its variable 'SECRET_ID' is that of the secret 'Stack/One'");
    const another = new Asset(stack, 'Another', { path: __dirname });
    expect(() => other.toInstance(instance, { ...options, environmentVariable: 'OTHER', providerPackage: another }))
      .toThrow('its Workload Credentials Provider has another `providerPackage` already; give it once: there is one');
  });
});

describe('toAutoScalingGroup', () => {
  test('does the same on each instance, after what its user data does already', () => {
    const stack = stackOf();
    const userData = UserData.forLinux();
    userData.addCommands('echo first');
    const group = new AutoScalingGroup(stack, 'App', { ...placed(vpcIn(stack)), userData });
    databaseSecret(stack, ALTERNATING).delivery
      .toAutoScalingGroup(group, optionsIn(stack, { environmentVariable: 'DATABASE', timeToLive: Duration.minutes(1) }));
    const [launch] = ['AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::LaunchTemplate']
      .flatMap((type) => Object.values(Template.fromStack(stack).findResources(type)));
    const script = scriptOf(launch.Properties.LaunchTemplateData ?? launch.Properties);
    expect(script.indexOf('echo first')).toBeLessThan(script.indexOf('./install'));
    expect(script).toMatch(/'DATABASE=Secret\w+'/);
    expect(script).toContain("'ttl_seconds = 60'");
    expect(allowed(stack)).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt', 's3:GetObject*']));
  });

  test('refuses instances without a role, and of a launch template that another app makes', () => {
    const stack = stackOf();
    const [vpc, options] = [vpcIn(stack), optionsIn(stack)];
    const { delivery } = new HardenedSecret(stack, 'Secret');
    const startedBy = (id: string, launchTemplate: ILaunchTemplate) => () =>
      delivery.toAutoScalingGroup(new AutoScalingGroup(stack, id, { vpc, launchTemplate }), options);
    expect(startedBy('Own', new LaunchTemplate(stack, 'Launch', machine))).toThrow('[Stack/Own] its instances have no role to '
      + 'read a secret with, or none that is known; give the launch template a `role`');
    const imported = LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Imported', { launchTemplateId: 'lt-1' });
    expect(startedBy('Other', imported)).toThrow('[Stack/Other] `machineImage` is "UNKNOWN", allowed: an image of Linux');
  });

  test('names its own method in messages', () => {
    const stack = stackOf();
    const group = new AutoScalingGroup(stack, 'App', placed(vpcIn(stack)));
    expect(() => new HardenedSecret(stack, 'Secret').delivery
      .toAutoScalingGroup(group, optionsIn(stack, { applicationUser: '' }))).toThrow('`toAutoScalingGroup(applicationUser)`');
  });
});
