import { Match, Template } from 'aws-cdk-lib/assertions';
import { CodeSigningConfig, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import { HardenedSecret, Rotation, type RotationFunctionOptions, RotationNetwork, SecretsPlatform } from '../../src';
import { isolatedVpc, only, testApp } from '../support/scenario';

const CONFIGURATION = 'arn:aws:lambda:us-east-1:111111111111:code-signing-config:csc-0123456789abcdef0';

/** The template of a secret whose values a function in a VPC makes. */
function templateWith(options: (stack: Stack) => RotationFunctionOptions): Template {
  const stack = new Stack(testApp(), 'Stack');
  const platform = new SecretsPlatform(stack, 'Platform', {
    rotationFunctions: options(stack), defaults: { network: RotationNetwork.of({ vpc: isolatedVpc(stack) }) },
  });
  new HardenedSecret(stack, 'Token', { platform, rotation: Rotation.regenerate() });
  return Template.fromStack(stack);
}

const sidsOf = (template: Template) => Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
  .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Sid?: string }[]).map(({ Sid }) => Sid);

test('ask for nothing by themselves', () => {
  const template = templateWith(() => ({}));
  template.hasResourceProperties('AWS::Lambda::Function', {
    CodeSigningConfigArn: Match.absent(),
    ReservedConcurrentExecutions: Match.absent(),
    TracingConfig: Match.absent(),
    Tags: Match.absent(),
  });
  expect(sidsOf(template)).not.toContain('SendTraces');
});

test('have the code signed, and executions reserved', () => {
  templateWith((stack) => ({
    codeSigningConfig: CodeSigningConfig.fromCodeSigningConfigArn(stack, 'Signing', CONFIGURATION),
    reservedConcurrentExecutions: 5,
  })).hasResourceProperties('AWS::Lambda::Function', { CodeSigningConfigArn: CONFIGURATION, ReservedConcurrentExecutions: 5 });
});

test.each([Tracing.ACTIVE, Tracing.PASS_THROUGH])('send traces (%s), which the role may and no inline policy says', (tracing) => {
  const template = templateWith(() => ({ tracing }));
  template.hasResourceProperties('AWS::Lambda::Function', { TracingConfig: { Mode: tracing } });
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: Match.objectLike({
      Statement: Match.arrayWith([{
        Sid: 'SendTraces', Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*',
      }]),
    }),
  });
  template.resourceCountIs('AWS::IAM::Policy', 0);
});

test('send no traces where that is said', () => {
  const template = templateWith(() => ({ tracing: Tracing.DISABLED }));
  template.hasResourceProperties('AWS::Lambda::Function', { TracingConfig: Match.absent() });
  expect(sidsOf(template)).not.toContain('SendTraces');
});

test('tag the functions and what is made for them, and nothing else', () => {
  const template = templateWith(() => ({ tags: { owner: 'security', stage: 'test' } }));
  const tagged = Object.entries(template.toJSON().Resources as Record<string, { Type: string; Properties?: { Tags?: unknown } }>)
    .filter(([, { Properties }]) => JSON.stringify(Properties?.Tags ?? []).includes('{"Key":"owner","Value":"security"}'))
    .map(([id, { Type }]) => ({ id, type: Type }));
  expect(tagged.map(({ type }) => type)).toEqual(expect.arrayContaining([
    'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup', 'AWS::CloudWatch::Alarm', 'AWS::EC2::SecurityGroup',
  ]));
  expect(tagged.filter(({ id }) => !id.startsWith('PlatformRotation'))).toEqual([]);
  const { resource } = only(template, 'AWS::Lambda::Function');
  expect(resource.Properties.Tags).toEqual([{ Key: 'owner', Value: 'security' }, { Key: 'stage', Value: 'test' }]);
});
