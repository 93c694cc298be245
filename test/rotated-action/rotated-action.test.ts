import { Match, Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Cluster, DeploymentControllerType, FargateService } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Alias, Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { type App, Stack } from 'aws-cdk-lib/core';
import { allowing, deployedActions, GENERATED, group, lambda, service, stateMachine } from './support';
import { HardenedSecret, RotatedAction, SecretHardening, SecretMonitoring, SecretsPlatform } from '../../src';
import { testRefused } from '../support/refused';
import { messageOf, only, testApp } from '../support/scenario';

const ENV = { account: '111111111111', region: 'us-east-1' };

describe('RotatedAction', () => {
  let app: App;
  let stack: Stack;

  beforeEach(() => {
    app = testApp();
    stack = new Stack(app, 'Stack', { env: ENV });
  });

  const secret = (id: string, secretName?: string, scope = stack): HardenedSecret =>
    new HardenedSecret(scope, id, { ...GENERATED, secretName });

  test('deploys a service again: the function knows it and its secret, and may do that', () => {
    secret('Creds').onRotated('Orders', RotatedAction.forceNewDeployment(service(stack, 'Orders')));
    const [deployed, ...others] = deployedActions(stack);
    expect(others).toEqual([]);
    expect(deployed.actions).toEqual([{
      id: expect.stringMatching(/^Orders-[0-9a-f]{8}$/),
      action: 'forceNewDeployment',
      target: expect.stringMatching(/^<OrdersService/),
      secrets: [expect.stringMatching(/^<Creds/)],
    }]);
    const [{ target, secrets: [arn] }] = deployed.actions;
    expect(allowing(deployed, 'ecs:UpdateService')).toEqual([expect.objectContaining({ Effect: 'Allow', Resource: target })]);
    expect(allowing(deployed, 'secretsmanager:DescribeSecret')).toEqual([expect.objectContaining({ Resource: arn })]);
  });

  test('may do nothing else', () => {
    secret('Creds').onRotated('Orders', RotatedAction.forceNewDeployment(service(stack, 'Orders')));
    const [{ statements }] = deployedActions(stack);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'ecs:UpdateService', 'logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:DescribeSecret', 'sqs:DeleteMessage',
      'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage', 'ssm:GetParameter', 'ssm:PutParameter',
    ]);
    expect(JSON.stringify(statements)).not.toContain('*');
  });

  test('each kind of consumer has its own right, on itself', () => {
    const creds = secret('Creds', 'creds');
    const orders = lambda(stack, 'Function');
    const machine = stateMachine(stack, 'Machine');
    creds.onRotated('Lambda', RotatedAction.replaceExecutionEnvironments(orders));
    creds.onRotated('Group', RotatedAction.startInstanceRefresh(group(stack, 'Group'), { minHealthyPercentage: 80 }));
    creds.onRotated('Command', RotatedAction.sendCommand('reload-app', {
      instanceTag: { key: 'app', value: 'orders' }, parameters: { SecretId: ['creds'] },
    }));
    creds.onRotated('Machine', RotatedAction.startExecution(machine));
    const [deployed] = deployedActions(stack);
    const named = Object.fromEntries(deployed.actions.map((facts) => [facts.action, facts]));
    expect(named.startInstanceRefresh).toMatchObject({ minHealthyPercentage: 80, secrets: ['creds'] });
    expect(named.sendCommand).toMatchObject({
      target: 'reload-app', instances: { key: 'app', value: 'orders' }, parameters: { SecretId: ['creds'] },
    });
    expect(allowing(deployed, 'lambda:UpdateFunctionConfiguration')).toEqual([expect.objectContaining({
      Action: ['lambda:GetFunctionConfiguration', 'lambda:UpdateFunctionConfiguration'],
      Resource: named.updateFunctionConfiguration.target,
    })]);
    expect(allowing(deployed, 'autoscaling:StartInstanceRefresh')[0].Resource)
      .toBe('arn:<AWS::Partition>:autoscaling:us-east-1:111111111111:autoScalingGroup:*:autoScalingGroupName/'
        + named.startInstanceRefresh.target);
    expect(allowing(deployed, 'states:StartExecution')[0].Resource).toBe(named.startExecution.target);
    expect(allowing(deployed, 'ssm:SendCommand')).toEqual([
      expect.objectContaining({ Resource: 'arn:<AWS::Partition>:ssm:us-east-1:111111111111:document/reload-app' }),
      expect.objectContaining({
        Resource: [
          'arn:<AWS::Partition>:ec2:us-east-1:111111111111:instance/*',
          'arn:<AWS::Partition>:ssm:us-east-1:111111111111:managed-instance/*',
        ],
        Condition: { StringEquals: { 'ssm:resourceTag/app': 'orders' } },
      }),
    ]);
    expect(allowing(deployed, 'secretsmanager:DescribeSecret')[0].Resource)
      .toBe('arn:<AWS::Partition>:secretsmanager:us-east-1:111111111111:secret:creds-??????');
  });

  test('two tags of instances are two statements, which do not open each other', () => {
    const creds = secret('Creds');
    for (const value of ['one', 'two']) {
      creds.onRotated(value, RotatedAction.sendCommand('reload', { instanceTag: { key: 'app', value } }));
    }
    const sent = allowing(deployedActions(stack)[0], 'ssm:SendCommand').filter(({ Condition }) => Condition);
    expect(sent.map(({ Condition }) => Condition.StringEquals['ssm:resourceTag/app'])).toEqual(['one', 'two']);
    expect(new Set(sent.map(({ Sid }) => Sid)).size).toBe(2);
  });

  test('one rule on the events of all secrets and on the hour, to one queue, handled one batch after the other', () => {
    secret('Creds').onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Orders')));
    const template = Template.fromStack(stack);
    const queue = only(template, 'AWS::SQS::Queue', 'SecretsPlatformRotatedActionsFunctionQueue').id;
    const failures = only(template, 'AWS::SQS::Queue', 'SecretsPlatformRotatedActionsFunctionFailures').id;
    const rule = only(template, 'AWS::Events::Rule');
    expect(rule.resource.Properties).toEqual({
      Description: expect.any(String),
      EventPattern: {
        'source': ['aws.secretsmanager'],
        'detail-type': ['Secret Label Updated'],
        'detail': { labelUpdated: ['AWSCURRENT'] },
      },
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [{ Id: 'Queue', Arn: { 'Fn::GetAtt': [queue, 'Arn'] }, SqsParameters: { MessageGroupId: 'all' } }],
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      FifoQueue: true,
      ContentBasedDeduplication: true,
      DelaySeconds: 20,
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 120,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [failures, 'Arn'] }, maxReceiveCount: 5 },
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: 'sqs:SendMessage',
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule.id, 'Arn'] } } },
          Principal: { Service: 'events.amazonaws.com' },
        })]),
      },
      Queues: [{ Ref: queue }],
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10, EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
    });
  });

  test('what fails is in a queue for two weeks, and an alarm of the secret says so to its topic', () => {
    const topic = new Topic(stack, 'Topic');
    const creds = new HardenedSecret(stack, 'Creds', { ...GENERATED, monitoring: SecretMonitoring.rotationFailure({ topic }) });
    creds.onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Orders')));
    const template = Template.fromStack(stack);
    const { id, resource } = only(template, 'AWS::SQS::Queue', 'SecretsPlatformRotatedActionsFunctionFailures');
    expect(resource.Properties).toMatchObject({ FifoQueue: true, MessageRetentionPeriod: 1_209_600 });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
      Threshold: 1,
      AlarmActions: [stack.resolve(topic.topicArn)],
    });
  });

  test('where the hour of the rule does not come through the queue three times, an alarm of the secret says so', () => {
    const topic = new Topic(stack, 'Topic');
    const creds = new HardenedSecret(stack, 'Creds', { ...GENERATED, monitoring: SecretMonitoring.rotationFailure({ topic }) });
    creds.onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Orders')));
    const template = Template.fromStack(stack);
    const { id, resource } = only(template, 'AWS::CloudWatch::Alarm', 'SecretsPlatformRotatedActionsFunctionSilenceAlarm');
    const [{ Arn: target }] = only(template, 'AWS::Events::Rule').resource.Properties.Targets;
    expect(resource.Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'NumberOfMessagesDeleted',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [target['Fn::GetAtt'][0], 'QueueName'] } }],
      Statistic: 'Sum',
      Period: 3600,
      EvaluationPeriods: 3,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
      AlarmActions: [stack.resolve(topic.topicArn)],
    });
    expect(creds.alarms.map((alarm) => stack.resolve(alarm.alarmArn)['Fn::GetAtt'][0]))
      .toEqual([expect.stringContaining('Alarm'), id]);
  });

  test('a topic that comes later is notified as well', () => {
    const existing = new Secret(stack, 'Existing');
    const topic = new Topic(stack, 'Topic');
    const hardening = SecretHardening.fromSecret(existing);
    hardening.onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Orders')));
    hardening._watch(SecretMonitoring.rotationFailure({ topic }));
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties.AlarmActions)).toEqual(Array(2).fill([stack.resolve(topic.topicArn)]));
  });

  test('a consumer of several secrets is acted on once for all of them, and one secret may have several consumers', () => {
    const orders = lambda(stack, 'Orders');
    const [one, two] = [secret('One', 'one'), secret('Two', 'two')];
    one.onRotated('Orders', RotatedAction.replaceExecutionEnvironments(orders));
    two.onRotated('Orders', RotatedAction.replaceExecutionEnvironments(orders));
    two.onRotated('OrdersAgain', RotatedAction.replaceExecutionEnvironments(orders));
    two.onRotated('Invoices', RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Invoices')));
    const [{ actions }, ...others] = deployedActions(stack);
    expect(others).toEqual([]);
    const read = Object.fromEntries(actions.map(({ id, secrets }) => [id.split('-')[0], secrets]));
    expect(read).toEqual({ Orders: ['one', 'two'], Invoices: ['two'] });
    expect(actions).toHaveLength(2);
  });

  test('settings of the platform hold: boundary, key, tracing, tags', () => {
    const platform = new SecretsPlatform(stack, 'Platform', {
      rotationFunctions: {
        permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary'),
        encryptionKey: new Key(stack, 'Logs'),
        tracing: Tracing.ACTIVE,
        reservedConcurrentExecutions: 3,
        tags: { team: 'orders' },
      },
    });
    new HardenedSecret(stack, 'Creds', { ...GENERATED, platform })
      .onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Orders')));
    const template = Template.fromStack(stack);
    const made = only(template, 'AWS::Lambda::Function', 'PlatformRotatedActions').resource.Properties;
    expect(made).toMatchObject({
      TracingConfig: { Mode: 'Active' }, KmsKeyArn: expect.anything(), Timeout: 60, Tags: [{ Key: 'team', Value: 'orders' }],
    });
    expect(made.ReservedConcurrentExecutions).toBeUndefined();
    expect(only(template, 'AWS::IAM::Role', 'PlatformRotatedActions').resource.Properties.PermissionsBoundary).toBeDefined();
    expect(only(template, 'AWS::Logs::LogGroup', 'PlatformRotatedActions').resource.Properties.KmsKeyId).toBeDefined();
    expect(allowing(deployedActions(stack)[0], 'xray:PutTraceSegments')).toHaveLength(1);
  });

  test('a group keeps what it is told once in service, for all its secrets, and is not told two shares', () => {
    const fleet = group(stack, 'Fleet');
    const [one, two, three] = ['one', 'two', 'three'].map((name) => secret(name, name));
    one.onRotated('Fleet', RotatedAction.startInstanceRefresh(fleet, { minHealthyPercentage: 50 }));
    two.onRotated('Fleet', RotatedAction.startInstanceRefresh(fleet));
    expect(messageOf(() => three.onRotated('Fleet', RotatedAction.startInstanceRefresh(fleet, { minHealthyPercentage: 90 }))))
      .toBe("[Stack/three/OnRotated/Fleet] the group 'Stack/Fleet' keeps 50 percent in service already where another secret "
        + 'changes, and 90 percent here; give it one `minHealthyPercentage`, once or each time');
    expect(deployedActions(stack)[0].actions).toMatchObject([{ minHealthyPercentage: 50, secrets: ['one', 'two'] }]);
  });

  test('imported consumers and secrets are known by what their ARNs say', () => {
    const arn = 'arn:aws:ecs:us-east-1:111111111111:service/shop/orders';
    const imported = FargateService.fromFargateServiceAttributes(stack, 'Orders', {
      serviceArn: arn, cluster: Cluster.fromClusterArn(stack, 'Shop', 'arn:aws:ecs:us-east-1:111111111111:cluster/shop'),
    });
    SecretHardening.fromSecret(Secret.fromSecretNameV2(stack, 'ByName', 'legacy/creds'))
      .onRotated('Orders', RotatedAction.forceNewDeployment(imported));
    SecretHardening.fromSecret(Secret.fromSecretNameV2(stack, 'ByNameToo', 'legacy/group'))
      .onRotated('Group', RotatedAction.startInstanceRefresh(AutoScalingGroup.fromAutoScalingGroupName(stack, 'Fleet', 'fleet')));
    const [deployed] = deployedActions(stack);
    const byName = 'arn:<AWS::Partition>:secretsmanager:us-east-1:111111111111:secret:legacy/creds';
    expect(deployed.actions[0]).toMatchObject({ target: arn, secrets: [byName] });
    expect(allowing(deployed, 'secretsmanager:DescribeSecret')[0].Resource).toContain(`${byName}-??????`);
    expect(deployed.actions[1]).toMatchObject({ target: 'fleet' });
  });

  test.each([
    ['account', 'us-east-1:222222222222', '222222222222', '111111111111'],
    ['region', 'eu-west-1:111111111111', 'eu-west-1', 'us-east-1'],
  ])('an imported secret of another %s is refused: no event comes from there', (part, place, got, own) => {
    const arn = `arn:aws:secretsmanager:${place}:secret:creds-AbCdEf`;
    const imported = SecretHardening.fromSecret(Secret.fromSecretCompleteArn(stack, 'Creds', arn));
    const actions = [RotatedAction.replaceExecutionEnvironments(lambda(stack, 'Orders')), tagged('app', 'orders')()];
    for (const [index, action] of actions.entries()) {
      expect(messageOf(() => imported.onRotated(`Act${index}`, action))).toBe(
        `[Stack/Creds/OnRotated/Act${index}] \`secret\` is "Stack/Creds in ${got}", allowed: one in the ${part} ${own}; `
          + 'act in a stack there, or on events that are sent on to here, with RotatedAction.eventTarget(target)',
      );
    }
  });

  test('an unknown action is refused, such as languages without types let through', () => {
    const creds = secret('Creds');
    expect(messageOf(() => creds.onRotated('Orders', 'restart' as unknown as RotatedAction)))
      .toMatch(/^\[Stack\/Creds\] `onRotated\(action\)` is "a text", allowed: a RotatedAction: RotatedAction\.\w+/);
  });

  describe.each(['cn-north-1', 'us-gov-west-1'])('in %s', (region) => {
    test('no ARN names the partition of other Regions', () => {
      const elsewhere = new Stack(app, 'Elsewhere', { env: { ...ENV, region } });
      const creds = secret('Creds', 'creds', elsewhere);
      creds.onRotated('Orders', RotatedAction.replaceExecutionEnvironments(lambda(elsewhere, 'Orders')));
      creds.onRotated('Fleet', RotatedAction.sendCommand('reload', { instanceTag: { key: 'app', value: 'orders' } }));
      expect(JSON.stringify(deployedActions(elsewhere))).not.toMatch(/arn:aws[-:]/);
    });
  });
});

const act = (stack: Stack, action: (scope: Stack) => RotatedAction): void =>
  new HardenedSecret(stack, 'Secret', GENERATED).onRotated('Act', action(stack));
const tagged = (key: string, value: string, name = 'reload') => () =>
  RotatedAction.sendCommand(name, { instanceTag: { key, value } });

testRefused(12, [
  ...[DeploymentControllerType.CODE_DEPLOY, DeploymentControllerType.EXTERNAL].map((type) => ({
    name: `a service that ${type} deploys`,
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.forceNewDeployment(
      service(scope, 'Orders', { deploymentController: { type } }),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.forceNewDeployment(service)',
    got: `"${type}"`,
    allowed: 'a service with the deployment controller ECS',
    remedy: 'RotatedAction.startExecution(stateMachine)',
  })),
  {
    name: 'a service without its cluster',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.forceNewDeployment(
      FargateService.fromFargateServiceArn(scope, 'Orders', 'arn:aws:ecs:us-east-1:111111111111:service/orders'),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.forceNewDeployment(service)',
    got: '"arn:aws:ecs:us-east-1:111111111111:service/orders"',
    allowed: 'a service whose ARN names its cluster',
    remedy: 'import it with its cluster',
  },
  {
    name: 'a service that is imported by its name, in the partition of the stack',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.forceNewDeployment(
      FargateService.fromFargateServiceArn(scope, 'Orders', scope.formatArn({
        service: 'ecs', resource: 'service', resourceName: 'orders',
      })),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.forceNewDeployment(service)',
    got: '{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":ecs:us-east-1:111111111111:service/orders"]]}',
    allowed: 'a service whose ARN names its cluster',
    remedy: 'import it with its cluster',
  },
  {
    name: 'a service in another Region, by its ARN',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.forceNewDeployment(
      FargateService.fromFargateServiceArn(scope, 'Orders', 'arn:aws:ecs:us-west-2:111111111111:service/shop/orders'),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'onRotated(action)',
    got: '"Stack/Orders in us-west-2"',
    allowed: "a consumer in the secret's region, us-east-1",
    remedy: 'RotatedAction.eventTarget(target)',
  },
  {
    name: 'an imported alias, by its name',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.replaceExecutionEnvironments(
      LambdaFunction.fromFunctionName(scope, 'Orders', 'orders:live'),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.replaceExecutionEnvironments(function)',
    got: "'Stack/Orders'",
    allowed: 'a function that is called without a version or an alias',
    remedy: 'read the secret again when a login is refused',
  },
  {
    name: 'an alias',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.replaceExecutionEnvironments(
      new Alias(scope, 'Live', { aliasName: 'live', version: lambda(scope, 'Orders').currentVersion }),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.replaceExecutionEnvironments(function)',
    got: "'Stack/Live'",
    allowed: 'a function that is called without a version or an alias',
    remedy: 'read the secret again when a login is refused',
  },
  {
    name: 'an imported version',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.replaceExecutionEnvironments(
      LambdaFunction.fromFunctionArn(scope, 'Orders', 'arn:aws:lambda:us-east-1:111111111111:function:orders:7'),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.replaceExecutionEnvironments(function)',
    got: "'Stack/Orders'",
    allowed: 'a function that is called without a version or an alias',
    remedy: 'read the secret again when a login is refused',
  },
  {
    name: 'a share of more than all',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.startInstanceRefresh(
      AutoScalingGroup.fromAutoScalingGroupName(scope, 'Fleet', 'fleet'), { minHealthyPercentage: 101 },
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.startInstanceRefresh(minHealthyPercentage)',
    got: '101',
    allowed: 'a whole number from 0 to 100 percent',
    remedy: 'choose another share',
  },
  ...[
    ['that runs any command', 'AWS-RunShellScript'], ['that runs any playbook', 'AWS-ApplyAnsiblePlaybooks'],
    ['that installs anything', 'AWS-ConfigureAWSPackage'], ['of AWS Support', 'AWSSupport-RunEC2RescueForWindowsTool'],
    ['of Amazon CloudWatch', 'AmazonCloudWatch-ManageAgent'], ['of AWS in small letters', 'aws-runShellScript'],
    ['with a reserved beginning', 'amzn-reload'],
  ].map(([what, document]) => ({
    name: `a document ${what}`,
    act: (stack: Stack) => act(stack, tagged('app', 'orders', document)),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.sendCommand(documentName)',
    got: JSON.stringify(document),
    allowed: 'the name of a document that does one thing',
    remedy: 'make a document of your own',
  })),
  {
    name: 'an empty tag',
    act: (stack: Stack) => act(stack, tagged('', 'orders')),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.sendCommand(instanceTag.key)',
    got: '""',
    allowed: 'a text of 1 to 128 characters',
    remedy: 'give another one',
  },
  {
    name: 'an empty value of a tag',
    act: (stack: Stack) => act(stack, tagged('app', '')),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'RotatedAction.sendCommand(instanceTag.value)',
    got: '""',
    allowed: 'a text of 1 to 256 characters',
    remedy: 'give another one',
  },
  {
    name: 'a consumer of another Region',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.replaceExecutionEnvironments(
      LambdaFunction.fromFunctionArn(scope, 'Orders', 'arn:aws:lambda:eu-west-1:111111111111:function:orders'),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'onRotated(action)',
    got: '"Stack/Orders in eu-west-1"',
    allowed: "a consumer in the secret's region, us-east-1",
    remedy: 'RotatedAction.eventTarget(target)',
  },
  {
    name: 'a consumer of another account',
    act: (stack: Stack) => act(stack, (scope) => RotatedAction.replaceExecutionEnvironments(
      LambdaFunction.fromFunctionArn(scope, 'Orders', 'arn:aws:lambda:us-east-1:222222222222:function:orders'),
    )),
    path: 'Stack/Secret/OnRotated/Act',
    property: 'onRotated(action)',
    got: '"Stack/Orders in 222222222222"',
    allowed: "a consumer in the secret's account, 111111111111",
    remedy: 'RotatedAction.eventTarget(target)',
  },
]);
