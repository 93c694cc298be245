import { Template } from 'aws-cdk-lib/assertions';
import { EcsFargateContainerDefinition, EcsJobDefinition } from 'aws-cdk-lib/aws-batch';
import { CfnEndpoint } from 'aws-cdk-lib/aws-dms';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { App, PhysicalName, Size, Stack } from 'aws-cdk-lib/core';
import { environment } from './delivery-scenario';
import { HardenedSecret, SecretContent, type SecretDelivery } from '../../src';
import { messageOf } from '../support/scenario';

const OTHER_ACCOUNT = { account: '222222222222', region: 'eu-west-1' };
const OTHER_REGION = { account: '111111111111', region: 'eu-central-1' };
const ARN = 'secretsmanager:eu-west-1:111111111111:secret:orders';

interface Scenario {
  readonly stack: Stack;
  readonly delivery: SecretDelivery;
  readonly owner: Stack;
}

/** A consumer's stack, somewhere else than the secret's. */
function scenario(env: typeof environment, secretName?: string): Scenario {
  const app = new App({ analyticsReporting: false });
  const owner = new Stack(app, 'Owner', { env: environment });
  const { delivery } = new HardenedSecret(owner, 'Secret', {
    secretName, content: SecretContent.json({ username: 'app', host: 'a.example', port: '5432' }, 'password'),
  });
  return { owner, stack: new Stack(app, 'Stack', { env }), delivery };
}

const image = ContainerImage.fromRegistry('app');
const roleIn = (stack: Stack, roleName?: string) =>
  new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'), roleName });
const consumers: Record<string, (scenario: Scenario, roleName?: string) => void> = {
  toLambda: ({ stack, delivery }, roleName) => delivery.toLambda(new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('x'), role: roleIn(stack, roleName),
  })),
  toContainer: ({ stack, delivery }, roleName) => delivery.toContainer(
    new FargateTaskDefinition(stack, 'Task', { taskRole: roleIn(stack, roleName) }).addContainer('Container', { image }),
  ),
  toBatchJobDefinition: ({ stack, delivery }, roleName) => delivery.toBatchJobDefinition(new EcsJobDefinition(stack, 'Job', {
    container: new EcsFargateContainerDefinition(stack, 'Container', {
      image, cpu: 1, memory: Size.mebibytes(2048), jobRole: roleIn(stack, roleName),
    }),
  })),
};

test.each(Object.keys(consumers))('%s says what a role of another account lacks', (method) => {
  expect(messageOf(() => consumers[method](scenario(OTHER_ACCOUNT, 'orders')))).toBe("[Owner/Secret/Default] 'Stack/Role' is of "
    + 'another account and has no name of its own, by which the policies of the secret and of its key could let it in; make the '
    + 'reader with a role that has a `roleName`, which PhysicalName.GENERATE_IF_NEEDED makes up');
});

test.each(Object.keys(consumers).flatMap((method) => [[method, OTHER_ACCOUNT], [method, OTHER_REGION]] as const))(
  '%s says what a secret of another account or Region lacks: %j', (method, env) => {
    expect(messageOf(() => consumers[method](scenario(env), PhysicalName.GENERATE_IF_NEEDED))).toBe(
      "[Owner/Secret/Default] 'Stack/Role' is in another account or Region, and the secret has no name of its own, by which a "
      + 'policy there could name it; give the secret a `secretName`',
    );
  },
);

test.each(Object.keys(consumers).flatMap((method) => [[method, OTHER_ACCOUNT], [method, OTHER_REGION]] as const))(
  '%s gives the ARN, where the name alone would be that of another secret: %j', (method, env) => {
    const given = scenario(env, 'orders');
    consumers[method](given, PhysicalName.GENERATE_IF_NEEDED);
    const template = JSON.stringify(Template.fromStack(given.stack).toJSON());
    expect(template).toContain(`:${ARN}"`);
    expect(template).not.toContain('"orders"');
    expect(template).toContain('secretsmanager:GetSecretValue');
    const policies = Template.fromStack(given.owner).findResources('AWS::SecretsManager::ResourcePolicy');
    expect(JSON.stringify(policies).includes('secretsmanager:GetSecretValue')).toBe(env === OTHER_ACCOUNT);
  },
);

test('AWS DMS reads a secret of another account, with a role that its policies name', () => {
  const { stack, owner, delivery } = scenario(OTHER_ACCOUNT, 'orders');
  delivery.toDmsEndpoint(new CfnEndpoint(stack, 'Endpoint', { endpointType: 'source', engineName: 'postgres' }));
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  expect(JSON.stringify(Template.fromStack(owner).findResources('AWS::SecretsManager::ResourcePolicy')))
    .toContain(`role/${Properties.RoleName}`);
  const [endpoint] = Object.values(Template.fromStack(stack).findResources('AWS::DMS::Endpoint'));
  expect(JSON.stringify(endpoint.Properties.PostgreSqlSettings.SecretsManagerSecretId)).toContain(`:${ARN}"`);
});
