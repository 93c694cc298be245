import { Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import {
  Instance, InstanceType, LaunchTemplate, MachineImage, MultipartBody, MultipartUserData, UserData, type Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { CfnParameter, Fn, type Stack } from 'aws-cdk-lib/core';
import { environment, stackOf } from './delivery-scenario';
import { HardenedSecret } from '../../src';
import { isolatedVpc, only } from '../support/scenario';

const machine = {
  instanceType: new InstanceType('t4g.nano'), machineImage: MachineImage.genericLinux({ [environment.region]: 'ami-1' }),
};
const placed = (vpc: Vpc) => ({ ...machine, vpc, vpcSubnets: { subnets: vpc.isolatedSubnets } });
const LIMIT = 16384;
const REFUSED = new RegExp(`\\[Stack/App\\] its user data has (\\d+) bytes or more, allowed: ${LIMIT}; put what others than this `
  + 'library add to it into a script of its own, which addS3DownloadCommand\\(\\) and addExecuteFileCommand\\(\\)');

type Make = (stack: Stack, userData: UserData) => Instance | AutoScalingGroup;
const instance: Make = (stack, userData) => new Instance(stack, 'App', { ...placed(isolatedVpc(stack)), userData });
const group: Make = (stack, userData) => new AutoScalingGroup(stack, 'App', { ...placed(isolatedVpc(stack)), userData });
const launched: Make = (stack, userData) => new AutoScalingGroup(stack, 'App', {
  vpc: isolatedVpc(stack),
  launchTemplate: new LaunchTemplate(stack, 'Launch', {
    ...machine, userData, role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }),
  }),
});

/** An app whose instances start with user data, and read a secret. */
function readBy(make: Make, userData = UserData.forLinux(), fill?: (stack: Stack) => string): Stack {
  const stack = stackOf();
  const made = make(stack, userData);
  const { delivery } = new HardenedSecret(stack, 'Secret');
  const options = { providerPackage: new Asset(stack, 'Provider', { path: __dirname }), applicationUser: 'app' };
  if (made instanceof Instance) {
    delivery.toInstance(made, options);
  } else {
    delivery.toAutoScalingGroup(made, options);
  }
  if (fill) {
    made.userData.addCommands(fill(stack));
  }
  return stack;
}

/** What the template has of the user data of an instance, without what the deployment fills in. */
function literalLength(stack: Stack): number {
  const { 'Fn::Base64': script } = only(Template.fromStack(stack), 'AWS::EC2::Instance').resource.Properties.UserData;
  return (script['Fn::Join'][1] as unknown[]).filter((part) => typeof part === 'string').join('').length;
}

describe.each<[string, Make]>([
  ['an instance', instance], ['a group', group], ['a group with a launch template', launched],
])('user data of %s', (_, make) => {
  test('is refused where it has more than Amazon EC2 takes, whatever is added last', () => {
    expect(() => Template.fromStack(readBy(make, UserData.forLinux(), () => '#'.repeat(LIMIT)))).toThrow(REFUSED);
    expect(() => Template.fromStack(readBy(make))).not.toThrow();
  });
});

describe('the limit', () => {
  const own = literalLength(readBy(instance));
  const room = LIMIT - own - 1;

  test.each<[string, number, (length: number) => string, boolean]>([
    ['the last byte that fits', room, (length) => '#'.repeat(length), true],
    ['one more', room + 1, (length) => '#'.repeat(length), false],
    ['characters of two bytes', Math.floor(room / 2) + 1, (length) => 'ä'.repeat(length), false],
  ])('%s', (_, length, text, fits) => {
    const synthesise = () => Template.fromStack(readBy(instance, undefined, () => text(length)));
    if (fits) {
      expect(synthesise).not.toThrow();
    } else {
      expect(synthesise).toThrow(REFUSED);
    }
  });

  test('says how many bytes there are', () => {
    expect(() => Template.fromStack(readBy(instance, undefined, () => '#'.repeat(room + 8))))
      .toThrow(`its user data has ${LIMIT + 8} bytes or more`);
  });

  test('counts nothing of what the deployment fills in, and all that is between', () => {
    const filled = (length: number) => () => Template.fromStack(readBy(instance, undefined, (stack) =>
      Fn.join('--', [new CfnParameter(stack, 'Text').valueAsString, Fn.sub('#'.repeat(LIMIT)), '#'.repeat(length)])));
    expect(filled(room - 4)).not.toThrow();
    expect(filled(room - 3)).toThrow(REFUSED);
  });

  test('passes a list that the deployment joins', () => {
    expect(() => Template.fromStack(readBy(instance, undefined, () => Fn.join('\n', Fn.split(',', Fn.importValue('Lines'))))))
      .not.toThrow();
  });

  test('counts a part that is encoded as it is then', () => {
    const parts = (length: number): MultipartUserData => {
      const all = new MultipartUserData();
      all.addUserDataPart(UserData.forLinux(), MultipartBody.SHELL_SCRIPT, true);
      const other = UserData.forLinux();
      other.addCommands('#'.repeat(length));
      all.addUserDataPart(other);
      return all;
    };
    expect(() => Template.fromStack(readBy(instance, parts(LIMIT / 2)))).not.toThrow();
    expect(() => Template.fromStack(readBy(instance, parts(LIMIT * 0.75)))).toThrow(REFUSED);
  });
});
