import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  EcsEc2ContainerDefinition, EcsFargateContainerDefinition, type EcsFargateContainerDefinitionProps, EcsJobDefinition,
  Secret as JobSecret,
} from 'aws-cdk-lib/aws-batch';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, Size, Stack } from 'aws-cdk-lib/core';
import { ALTERNATING, databaseSecret, environment, SINGLE, stackOf } from './delivery-scenario';
import { HardenedSecret, Rotation, SecretDelivery } from '../../src';
import { messageOf, only } from '../support/scenario';

const CONTAINER = { image: ContainerImage.fromRegistry('app'), cpu: 1, memory: Size.mebibytes(2048) };
const ECS = new ServicePrincipal('ecs-tasks.amazonaws.com');

function jobIn(stack: Stack, props: Partial<EcsFargateContainerDefinitionProps> = {}): EcsJobDefinition {
  const container = new EcsFargateContainerDefinition(stack, 'Container', { ...CONTAINER, ...props });
  return new EcsJobDefinition(stack, 'Job', { container });
}

/** With a role that its programs run as. */
const jobWithRole = (stack: Stack, props: Partial<EcsFargateContainerDefinitionProps> = {}): EcsJobDefinition =>
  jobIn(stack, { ...props, jobRole: new Role(stack, 'JobRole', { assumedBy: ECS }) });
const containerOf = (template: Template): Record<string, any> =>
  only(template, 'AWS::Batch::JobDefinition').resource.Properties.ContainerProperties;
/** What a role may do, by the beginning of the logical id of its policy. */
const allowed = (template: Template, role: 'JobRole' | 'ContainerExecutionRole'): string[] =>
  Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
    .flatMap(({ Action }) => Action);

describe('toBatchJobDefinition', () => {
  test('lets the job role read at run time, and the execution role nothing', () => {
    const stack = stackOf();
    const job = jobWithRole(stack, { environment: { STAGE: 'test' } });
    new HardenedSecret(stack, 'Secret').delivery.toBatchJobDefinition(job);
    const template = Template.fromStack(stack);
    expect(containerOf(template)).toMatchObject({
      Environment: [{ Name: 'STAGE', Value: 'test' }, { Name: 'SECRET_ID', Value: { Ref: expect.stringMatching(/^Secret/) } }],
      Image: 'app',
      JobRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^JobRole/), 'Arn'] },
    });
    expect(containerOf(template).Secrets).toBeUndefined();
    expect(allowed(template, 'JobRole')).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
    expect(allowed(template, 'ContainerExecutionRole')).not.toContain('secretsmanager:GetSecretValue');
  });

  test('gives the fixed name of a secret in another stack', () => {
    const app = new App({ analyticsReporting: false });
    const { delivery } = new HardenedSecret(new Stack(app, 'Owner', { env: environment }), 'Secret', { secretName: 'orders' });
    const stack = new Stack(app, 'Jobs', { env: environment });
    delivery.toBatchJobDefinition(jobWithRole(stack), { environmentVariable: 'ORDERS' });
    expect(containerOf(Template.fromStack(stack)).Environment).toEqual([{ Name: 'ORDERS', Value: 'orders' }]);
  });

  test('needs a job role, and changes nothing without one', () => {
    const stack = stackOf();
    const job = jobIn(stack);
    const { delivery } = new HardenedSecret(stack, 'Secret');
    expect(() => delivery.toBatchJobDefinition(job)).toThrow('[Stack/Job] its jobs have no role to read a secret with; give the '
      + 'container a `jobRole`, or inject the value with injectIntoBatchJobDefinition()');
    expect(containerOf(Template.fromStack(stack)).Environment).toEqual([]);
  });
});

describe('injectIntoBatchJobDefinition', () => {
  test('gives the whole value when a container is started, by the execution role', () => {
    const stack = stackOf();
    databaseSecret(stack, ALTERNATING).delivery.injectIntoBatchJobDefinition(jobWithRole(stack));
    const template = Template.fromStack(stack);
    expect(containerOf(template).Secrets).toEqual([{ Name: 'SECRET', ValueFrom: { Ref: expect.stringMatching(/^Secret/) } }]);
    expect(containerOf(template).Environment).toEqual([]);
    expect(allowed(template, 'ContainerExecutionRole'))
      .toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
    expect(allowed(template, 'JobRole')).toEqual([]);
  });

  test('takes any secret, with its key, and a field, on EC2, beside what the AWS CDK has put there', () => {
    const stack = stackOf();
    const secret = new Secret(stack, 'Plain', { encryptionKey: new Key(stack, 'Key') });
    const container = new EcsEc2ContainerDefinition(stack, 'Container', {
      ...CONTAINER, secrets: { OTHER: JobSecret.fromSecretsManager(new Secret(stack, 'Other')) },
    });
    const job = new EcsJobDefinition(stack, 'Job', { container });
    SecretDelivery.fromSecret(secret).injectIntoBatchJobDefinition(job, { environmentVariable: 'KEY', field: 'key' });
    const template = Template.fromStack(stack);
    expect(containerOf(template).Secrets).toEqual([
      { Name: 'OTHER', ValueFrom: { Ref: expect.stringMatching(/^Other/) } },
      { Name: 'KEY', ValueFrom: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^Plain/) }, ':key::']] } },
    ]);
    expect(allowed(template, 'ContainerExecutionRole')).toContain('kms:Decrypt');
  });

  const warnings = (rotation: Rotation | undefined): string[] => {
    const stack = stackOf();
    databaseSecret(stack, rotation).delivery.injectIntoBatchJobDefinition(jobIn(stack));
    return Annotations.fromStack(stack)
      .findWarning('/Stack/Job', Match.stringLikeRegexp('\\[ack: cdk-secretsmanager-patterns:injectedOnce\\]'))
      .map(({ entry }) => String(entry.data));
  };

  test.each<[string, Rotation | undefined]>([['a single user', SINGLE], ['a rotation that is not known', undefined]])(
    'warns that a running job is refused after a rotation: %s', (_, rotation) => {
      expect(warnings(rotation)).toEqual([expect.stringContaining("a job that runs while 'Stack/Secret' rotates keeps the value "
        + 'that it was started with, which is refused from then on; use Rotation.alternatingUsers(), or let jobs read the value '
        + 'with delivery.toBatchJobDefinition()')]);
    },
  );

  test.each<[string, Rotation]>([['alternating users', ALTERNATING], ['no rotation', Rotation.none('test')]])(
    'says nothing where the former value works on: %s', (_, rotation) => {
      expect(warnings(rotation)).toEqual([]);
    },
  );

  test.each<[string, (string | undefined)[], string]>([
    ['alone', ['password'], "[Stack/Job] the field 'password' of 'Stack/Secret' alone stops working at the next rotation"],
    ['with the name', ['username', 'password'], ''],
    ['with the whole value', ['password', undefined], ''],
  ])('refuses the password %s only, where users alternate', (_, fields, message) => {
    const stack = stackOf();
    const job = jobIn(stack);
    const { delivery } = databaseSecret(stack, ALTERNATING);
    fields.forEach((field, index) =>
      delivery.injectIntoBatchJobDefinition(job, { environmentVariable: `FIELD_${index}`, field }));
    const said = messageOf(() => Template.fromStack(stack));
    expect(message === '' ? said === '' : said.includes(message)).toBe(true);
  });
});

describe('variables of jobs', () => {
  test('one is of one secret', () => {
    const stack = stackOf();
    const job = jobWithRole(stack);
    new HardenedSecret(stack, 'One').delivery.injectIntoBatchJobDefinition(job);
    const other = new HardenedSecret(stack, 'Other').delivery;
    expect(() => other.injectIntoBatchJobDefinition(job)).toThrow("its variable 'SECRET' is that of the secret 'Stack/One'");
    expect(() => other.toBatchJobDefinition(job, { environmentVariable: 'SECRET' })).toThrow("its variable 'SECRET' is that of");
  });

  test('one of the container is not replaced', () => {
    const stack = stackOf();
    const secrets = { TOKEN: JobSecret.fromSecretsManager(new Secret(stack, 'Other')) };
    const job = jobWithRole(stack, { environment: { STAGE: 'test' }, secrets });
    const { delivery } = new HardenedSecret(stack, 'Secret');
    expect(() => delivery.toBatchJobDefinition(job, { environmentVariable: 'STAGE' }))
      .toThrow("[Stack/Job] its container has a variable 'STAGE' already; give toBatchJobDefinition() another");
    expect(() => delivery.injectIntoBatchJobDefinition(job, { environmentVariable: 'TOKEN' }))
      .toThrow("[Stack/Job] its container has a variable 'TOKEN' already; give injectIntoBatchJobDefinition() another");
  });

  test.each(['AWS_BATCH', 'AWS_BATCH_JOB_ID', '1ST', 'A B'])('%s is no name for one', (environmentVariable) => {
    const stack = stackOf();
    const job = jobWithRole(stack);
    expect(() => new HardenedSecret(stack, 'Secret').delivery.toBatchJobDefinition(job, { environmentVariable }))
      .toThrow(`[Stack/Job] \`toBatchJobDefinition(environmentVariable)\` is "${environmentVariable}", allowed: `);
  });
});

