import { ArnPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Deployment } from './deployment';
import { isAllowed, simulationOf } from './evaluation';
import {
  ADMINISTRATOR, ASSUME, DATA_KEY, DECRYPT, DELETE, DESCRIBE, INSECURE, INVOKE, LABEL, POLICY, PUBLISH, PUT, READ, ROTATE, UPDATE,
  type Verdict,
} from './row';
import { GuardRail, HardenedSecret, Rotation, RotationRunbook, SecretsPlatform } from '../../src';
import { testApp } from '../support/scenario';

const ROLE = 'App/Runbook/Role';
const OPERATOR = 'App/Operator';
const STAGE = 'secretsmanager:VersionStage';
const START = 'ssm:StartAutomationExecution';
const PASS = 'iam:PassRole';
const DOCUMENT = 'arn:{partition}:ssm:{region}:111111111111:document/RotationRunbook-orders';
const OTHER_DOCUMENT = 'arn:{partition}:ssm:{region}:111111111111:document/other';
const EXECUTION = {
  'aws:SourceAccount': '111111111111',
  'aws:SourceArn': 'arn:{partition}:ssm:{region}:111111111111:automation-execution/x',
};
const REGIONS = { 'aws': 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' } as const;

/** Two secrets that functions of two platforms rotate, under every rail that does not need a network, and the runbook of one. */
function deployment(region: string, partition: string): Deployment {
  const app = testApp();
  const stack = new Stack(app, 'App', { env: { account: '111111111111', region } });
  const reader = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const guardRails = [GuardRail.tlsOnly(), GuardRail.onlyReaders([reader])];
  const platform = new SecretsPlatform(stack, 'Platform', { platformName: 'orders' });
  new HardenedSecret(stack, 'Orders', { platform, rotation: Rotation.regenerate(), guardRails });
  new HardenedSecret(stack, 'Invoices', {
    platform: new SecretsPlatform(stack, 'Other'), rotation: Rotation.regenerate(), guardRails,
  });
  const runbook = new RotationRunbook(stack, 'Runbook', {
    platform,
    approval: {
      topic: new Topic(stack, 'Topic', { topicName: 'AutomationRequests' }),
      approvers: [new ArnPrincipal(`arn:${partition}:iam::111111111111:user/alice`)],
    },
  });
  const handler = new LambdaFunction(stack, 'Rotator', {
    code: Code.fromInline('x'), handler: 'index.handler', runtime: Runtime.NODEJS_22_X, timeout: Duration.minutes(1),
  });
  new HardenedSecret(stack, 'ApiKey', { rotation: Rotation.steps({ handler }) });
  runbook.addStepsFunction(handler);
  runbook.grantStart(new Role(stack, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  return new Deployment(app);
}

describe.each(Object.entries(REGIONS))('the runbook in %s', (partition, region) => {
  const deployed = deployment(region, partition);
  const inPlace = (text: string): string => text.replace('{partition}', partition).replace('{region}', region);
  const VALUES = 'App/Platform/Rotation/values/Default/Function';

  test.each<[string, string, string, Record<string, string | undefined>, Verdict]>([
    [ROLE, DESCRIBE, 'App/Orders', {}, 'allowed'],
    [ROLE, DESCRIBE, 'App/Orders', INSECURE, 'refused'],
    [ROLE, DESCRIBE, 'App/Invoices', {}, 'refused'],
    [ROLE, ROTATE, 'App/Orders', {}, 'allowed'],
    [ROLE, ROTATE, 'App/Orders', { 'secretsmanager:RotationLambdaARN': `@${VALUES}` }, 'refused'],
    [ROLE, ROTATE, 'App/Orders', { 'secretsmanager:ModifyRotationRules': 'true' }, 'refused'],
    [ROLE, ROTATE, 'App/Invoices', {}, 'refused'],
    [ROLE, LABEL, 'App/Orders', { [STAGE]: 'AWSPENDING' }, 'allowed'],
    [ROLE, LABEL, 'App/Orders', { [STAGE]: 'ROLL_BACK_5c1d' }, 'allowed'],
    [ROLE, LABEL, 'App/Orders', { [STAGE]: 'AWSCURRENT' }, 'refused'],
    [ROLE, LABEL, 'App/Orders', { [STAGE]: 'AWSPREVIOUS' }, 'refused'],
    [ROLE, LABEL, 'App/Orders', { [STAGE]: 'CREDENTIAL_ENDED' }, 'refused'],
    [ROLE, LABEL, 'App/Orders', {}, 'refused'],
    [ROLE, LABEL, 'App/Invoices', { [STAGE]: 'AWSPENDING' }, 'refused'],
    [ROLE, DESCRIBE, 'App/ApiKey', {}, 'allowed'],
    [ROLE, ROTATE, 'App/ApiKey', {}, 'allowed'],
    [ROLE, ROTATE, 'App/ApiKey', { 'secretsmanager:ModifyRotationRules': 'true' }, 'refused'],
    [ROLE, LABEL, 'App/ApiKey', { [STAGE]: 'AWSPENDING' }, 'allowed'],
    [ROLE, LABEL, 'App/ApiKey', { [STAGE]: 'ROLL_BACK_5c1d' }, 'refused'],
    [ROLE, LABEL, 'App/ApiKey', { [STAGE]: 'AWSCURRENT' }, 'refused'],
    [ROLE, READ, 'App/ApiKey', {}, 'refused'],
    [ROLE, INVOKE, 'App/Rotator', {}, 'allowed'],
    [ROLE, READ, 'App/Orders', {}, 'refused'],
    [ROLE, PUT, 'App/Orders', {}, 'refused'],
    [ROLE, UPDATE, 'App/Orders', {}, 'refused'],
    [ROLE, DELETE, 'App/Orders', {}, 'refused'],
    [ROLE, POLICY, 'App/Orders', {}, 'refused'],
    [ROLE, 'secretsmanager:CancelRotateSecret', 'App/Orders', {}, 'refused'],
    [ROLE, DECRYPT, 'App/Platform/Key', { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` }, 'refused'],
    [ROLE, DATA_KEY, 'App/Platform/Key', { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` }, 'refused'],
    [ROLE, INVOKE, VALUES, {}, 'allowed'],
    [ROLE, INVOKE, 'App/Other/Rotation/values/Default/Function', {}, 'refused'],
    [ROLE, PUBLISH, 'App/Topic', {}, 'allowed'],
    ['ssm.amazonaws.com', ASSUME, ROLE, EXECUTION, 'allowed'],
    ['ssm.amazonaws.com', ASSUME, ROLE, { ...EXECUTION, 'aws:SourceAccount': '999999999999' }, 'refused'],
    ['ssm.amazonaws.com', ASSUME, ROLE, { ...EXECUTION, 'aws:SourceArn': OTHER_DOCUMENT }, 'refused'],
    ['ssm.amazonaws.com', ASSUME, ROLE, {}, 'refused'],
    ['lambda.amazonaws.com', ASSUME, ROLE, EXECUTION, 'refused'],
    [ADMINISTRATOR, ASSUME, ROLE, {}, 'refused'],
    [OPERATOR, START, DOCUMENT, {}, 'allowed'],
    [OPERATOR, START, OTHER_DOCUMENT, {}, 'refused'],
    [OPERATOR, PASS, ROLE, { 'iam:PassedToService': 'ssm.amazonaws.com' }, 'allowed'],
    [OPERATOR, PASS, ROLE, { 'iam:PassedToService': 'lambda.amazonaws.com' }, 'refused'],
    [OPERATOR, PASS, 'App/Reader', { 'iam:PassedToService': 'ssm.amazonaws.com' }, 'refused'],
    [OPERATOR, ROTATE, 'App/Orders', {}, 'refused'],
    [OPERATOR, LABEL, 'App/Orders', { [STAGE]: 'AWSPENDING' }, 'refused'],
    [OPERATOR, INVOKE, VALUES, {}, 'refused'],
    [OPERATOR, READ, 'App/Orders', {}, 'refused'],
  ])('%s: %s of %s with %j is %s', async (principal, action, resource, context, verdict) => {
    const placed = Object.fromEntries(Object.entries(context).map(([key, value]) => [key, value && inPlace(value)]));
    const simulation = simulationOf(deployed, { principal, action, resource: inPlace(resource), context: placed });
    expect(await isAllowed(simulation) ? 'allowed' : 'refused').toBe(verdict);
  });
});
