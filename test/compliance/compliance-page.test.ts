import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { type App, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { ACKNOWLEDGEMENTS } from './acknowledged';
import { findingsOf, rulePack } from './rule-packs';
import {
  DatabaseTarget, HardenedSecret, Rotation, type RotationFunctionOptions, SecretContent, SecretEncryption, SecretsPlatform,
} from '../../src';
import { isolatedVpc, messageOf, personnelDatabase, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };
const page = readFileSync(join(__dirname, '../../docs/compliance.md'), 'utf8');

/** What the newest AWS CDK has and the oldest has not. */
interface Validations {
  addPlugins(plugin: object): void;
  acknowledge(acknowledgement: { id: string; reason: string }): void;
}
const validationsOf = (construct: IConstruct) =>
  jest.requireActual<{ Validations: { of(construct: IConstruct): Validations } }>('aws-cdk-lib/core').Validations.of(construct);

function appWithPlatform(rotationFunctions?: RotationFunctionOptions): { app: App; platform: SecretsPlatform } {
  const app = testApp();
  const stack = new Stack(app, 'Stack', { env: ENV });
  const platform = new SecretsPlatform(stack, 'Platform', { rotationFunctions });
  new HardenedSecret(stack, 'SigningKey', { platform, rotation: Rotation.regenerate() });
  return { app, platform };
}

test('the page gives the reason of every acknowledgement, in the same words', () => {
  expect(ACKNOWLEDGEMENTS.map(({ reason }) => reason).filter((reason) => !page.includes(`| ${reason} |`))).toEqual([]);
});

test('the packs fail the synthesis until what they find is acknowledged at the platform, with the page\'s id', () => {
  const [, id] = /id: '(AwsSolutions-IAM5.*)',/.exec(page)!;
  const messages = [false, true].map((isAcknowledged) => {
    const { app, platform } = appWithPlatform();
    validationsOf(app).addPlugins(rulePack('AwsSolutionsChecks', app));
    if (isAcknowledged) {
      validationsOf(platform).acknowledge({ id, reason: 'a condition narrows it to secrets whose rotation function this is' });
    }
    return messageOf(() => app.synth());
  });
  expect(messages).toEqual([expect.stringContaining(id), '']);
});

test.each<[string, RotationFunctionOptions]>([
  ['LambdaConcurrency', { reservedConcurrentExecutions: 2 }], ['LambdaTracing', { tracing: Tracing.ACTIVE }],
])('%s goes away with what the platform is told', (rule, options) => {
  const reports = (given?: RotationFunctionOptions) =>
    findingsOf(appWithPlatform(given).app).filter((finding) => finding.includes(rule)).length;
  expect(reports()).toBeGreaterThan(0);
  expect(reports(options)).toBe(0);
});

describe('a database whose platform is in another stack', () => {
  const app = testApp();
  const data = new Stack(app, 'Data', { env: ENV });
  const vpc = isolatedVpc(data);
  const platform = new SecretsPlatform(new Stack(app, 'Home', { env: ENV }), 'Platform');
  const admin = new HardenedSecret(data, 'Admin', {
    platform, encryption: SecretEncryption.ownKey(), content: SecretContent.databaseCredentials({ username: 'postgres' }),
  });
  admin.addRotation(
    Rotation.singleUser({ database: DatabaseTarget.fromRdsInstance(personnelDatabase(data, vpc, admin.secret)) }),
  );
  const findings = findingsOf(app);

  test('rotates its admin secret where the rules do not look', () => {
    expect(findings).toContain('AwsSolutions-SMG4 at Data/Admin/Default/Resource');
  });

  test('has rules for ports that cannot be judged, since it does not say its own', () => {
    expect(findings.filter((finding) => finding.startsWith('NIST.800.53.R5-EC2Restricted'))).toEqual([
      expect.stringContaining('NIST.800.53.R5-EC2RestrictedCommonPorts at Home/Platform/Rotation'),
      expect.stringContaining('NIST.800.53.R5-EC2RestrictedSSH at Home/Platform/Rotation'),
    ]);
  });
});
