import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  Cluster, type ContainerDefinition, ContainerImage, FargateService, FargateTaskDefinition, Secret as ContainerSecret,
} from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import { ALTERNATING, databaseSecret, SINGLE, stackOf } from './delivery-scenario';
import { HardenedSecret, RotatedAction, Rotation, SecretDelivery } from '../../src';
import { isolatedVpc, messageOf, only } from '../support/scenario';

const containerIn = (stack: Stack): ContainerDefinition =>
  new FargateTaskDefinition(stack, 'Task').addContainer('App', { image: ContainerImage.fromRegistry('app') });
const definitionOf = (template: Template): Record<string, any> =>
  only(template, 'AWS::ECS::TaskDefinition').resource.Properties.ContainerDefinitions[0];
/** What a role of the task may do, by the beginning of the logical id of its policy. */
const allowed = (template: Template, role: 'TaskTaskRole' | 'TaskExecutionRole'): string[] =>
  Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => id.startsWith(role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as { Action: string | string[] }[])
    .flatMap(({ Action }) => Action);
const injectedOnce = (stack: Stack): string[] => Annotations.fromStack(stack)
  .findWarning('*', Match.stringLikeRegexp('\\[ack: cdk-secretsmanager-patterns:injectedOnce\\]'))
  .map(({ entry }) => String(entry.data));

test('toContainer lets the task read at run time, and the execution role nothing', () => {
  const stack = stackOf();
  new HardenedSecret(stack, 'Secret').delivery.toContainer(containerIn(stack), { environmentVariable: 'DATABASE' });
  const template = Template.fromStack(stack);
  expect(definitionOf(template)).toMatchObject({ Environment: [{ Name: 'DATABASE', Value: { Ref: expect.any(String) } }] });
  expect(definitionOf(template).Secrets).toBeUndefined();
  expect(allowed(template, 'TaskTaskRole')).toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
  expect(allowed(template, 'TaskExecutionRole')).toEqual([]);
});

describe('injectIntoContainer', () => {
  test('gives the whole value when a task is started, by the execution role', () => {
    const stack = stackOf();
    databaseSecret(stack, ALTERNATING).delivery.injectIntoContainer(containerIn(stack));
    const template = Template.fromStack(stack);
    expect(definitionOf(template).Secrets).toEqual([{ Name: 'SECRET', ValueFrom: { Ref: expect.stringMatching(/^Secret/) } }]);
    expect(allowed(template, 'TaskExecutionRole'))
      .toEqual(expect.arrayContaining(['secretsmanager:GetSecretValue', 'kms:Decrypt']));
    expect(allowed(template, 'TaskTaskRole')).toEqual([]);
  });

  test('takes any secret, with its key, and a field', () => {
    const stack = stackOf();
    const secret = new Secret(stack, 'Plain', { encryptionKey: new Key(stack, 'Key') });
    SecretDelivery.fromSecret(secret).injectIntoContainer(containerIn(stack), { environmentVariable: 'KEY', field: 'key' });
    const template = Template.fromStack(stack);
    expect(definitionOf(template).Secrets).toEqual([
      { Name: 'KEY', ValueFrom: { 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^Plain/) }, ':key::']] } },
    ]);
    expect(allowed(template, 'TaskExecutionRole')).toContain('kms:Decrypt');
  });

  const complaint = (rotation: Rotation | undefined, act?: (secret: HardenedSecret, container: ContainerDefinition) => void) => {
    const stack = stackOf();
    const container = containerIn(stack);
    const secret = databaseSecret(stack, rotation);
    secret.delivery.injectIntoContainer(container);
    act?.(secret, container);
    return injectedOnce(stack);
  };
  const redeploy = (secret: HardenedSecret, container: ContainerDefinition): void => {
    const stack = Stack.of(secret);
    const cluster = new Cluster(stack, 'Cluster', { vpc: isolatedVpc(stack, 'ClusterVpc') });
    const { taskDefinition } = container;
    const service = new FargateService(stack, 'Service', { cluster, taskDefinition });
    secret.onRotated('Redeploy', RotatedAction.forceNewDeployment(service));
  };
  const REDEPLOY = "secret.onRotated('Redeploy', RotatedAction.forceNewDeployment(service))";

  test.each<[string, Rotation | undefined]>([['a single user', SINGLE], ['a rotation that is not known', undefined]])(
    'warns that the value is refused after a rotation, and names the remedies: %s', (_, rotation) => {
      expect(complaint(rotation)).toEqual([expect.stringContaining("it keeps the value of 'Stack/Secret' that it was started "
        + `with, which is refused after the next rotation; have its service redeployed after each rotation, with ${REDEPLOY}, `
        + 'and so that no login fails until then, use Rotation.alternatingUsers(), or let it read the value with '
        + 'delivery.toContainer()')]);
    },
  );

  test('warns with alternating users that the value works until the next rotation but one', () => {
    expect(complaint(ALTERNATING)).toEqual([expect.stringContaining('that it was started with, which is refused after the next '
      + `rotation but one; have its service redeployed after each rotation, with ${REDEPLOY}`)]);
  });

  test('asks for no redeployment where there is one', () => {
    expect(complaint(ALTERNATING, redeploy)).toEqual([]);
    expect(complaint(SINGLE, redeploy)).toEqual([expect.stringContaining('after the next rotation; so that no login fails')]);
  });

  test('says nothing of a value that never changes', () => {
    expect(complaint(Rotation.none('test'))).toEqual([]);
  });

  describe.each(['before', 'after'])('the password alone, injected %s the rotation is known', (when) => {
    const synthesised = (rotation: Rotation, fields: (string | undefined)[]): string => {
      const stack = stackOf();
      const container = containerIn(stack);
      const secret = databaseSecret(stack, when === 'after' ? rotation : undefined);
      fields.forEach((field, index) =>
        secret.delivery.injectIntoContainer(container, { environmentVariable: `FIELD_${index}`, field }));
      if (when === 'before') {
        secret.addRotation(rotation);
      }
      return messageOf(() => Template.fromStack(stack));
    };

    test('is refused with alternating users, whose name changes too', () => {
      expect(synthesised(ALTERNATING, ['password'])).toContain("[Stack/Task/App] the field 'password' of 'Stack/Secret' "
        + "alone stops working at the next rotation, which changes the user's name as well; inject the whole value");
      expect(synthesised(ALTERNATING, ['host', 'password'])).toContain("the field 'password' of");
    });

    test.each<[string, Rotation, (string | undefined)[]]>([
      ['with the name', ALTERNATING, ['username', 'password']],
      ['with the whole value', ALTERNATING, ['password', undefined]],
      ['of a single user', SINGLE, ['password']],
      ['and another field alone', ALTERNATING, ['host']],
    ])('is not refused %s', (_, rotation, fields) => {
      expect(synthesised(rotation, fields)).toBe('');
    });
  });

  test.each(['environment', 'secret'] as const)('takes no variable that the container has, as %s, before or after', (kind) => {
    const stack = stackOf();
    const { delivery } = new HardenedSecret(stack, 'Secret');
    const container = containerIn(stack);
    const other = new Secret(stack, 'Other');
    const add = (name: string): void => kind === 'secret'
      ? container.addSecret(name, ContainerSecret.fromSecretsManager(other))
      : container.addEnvironment(name, 'orders');
    add('SECRET');
    add('SECRET_ID');
    expect(() => delivery.injectIntoContainer(container)).toThrow("[Stack/Task/App] its variable 'SECRET', with which "
      + "injectIntoContainer() tells it of the secret 'Stack/Secret', has another value as well; give injectIntoContainer()");
    expect(() => delivery.toContainer(container)).toThrow("its variable 'SECRET_ID', with which toContainer() tells it of");
    delivery.injectIntoContainer(container, { environmentVariable: 'LATER' });
    add('LATER');
    expect(messageOf(() => Template.fromStack(stack))).toContain("its variable 'LATER', with which injectIntoContainer() tells");
  });

  test('takes no variable of another secret', () => {
    const stack = stackOf();
    const container = containerIn(stack);
    new HardenedSecret(stack, 'One').delivery.injectIntoContainer(container);
    const other = new HardenedSecret(stack, 'Other').delivery;
    expect(() => other.injectIntoContainer(container)).toThrow("its variable 'SECRET' is that of the secret 'Stack/One'");
    expect(() => other.toContainer(container, { environmentVariable: 'SECRET' })).toThrow("its variable 'SECRET' is that of");
    other.toContainer(container);
    expect(definitionOf(Template.fromStack(stack)).Environment).toMatchObject([{ Name: 'SECRET_ID' }]);
  });
});
