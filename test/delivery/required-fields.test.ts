import { EcsFargateContainerDefinition, EcsJobDefinition } from 'aws-cdk-lib/aws-batch';
import { BuildSpec, Project } from 'aws-cdk-lib/aws-codebuild';
import { ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Fn, Size, type Stack } from 'aws-cdk-lib/core';
import { stackOf } from './delivery-scenario';
import { HardenedSecret, SecretContent, type SecretDelivery } from '../../src';
import { messageOf } from '../support/scenario';

const image = ContainerImage.fromRegistry('app');

/** Whoever is given a field when it starts. */
const METHODS: Record<string, (delivery: SecretDelivery, stack: Stack, field: string) => void> = {
  injectIntoContainer: (delivery, stack, field) =>
    delivery.injectIntoContainer(new FargateTaskDefinition(stack, 'App').addContainer('Main', { image }), { field }),
  injectIntoBatchJobDefinition: (delivery, stack, field) => {
    const container = new EcsFargateContainerDefinition(stack, 'Main', { image, cpu: 1, memory: Size.gibibytes(2) });
    delivery.injectIntoBatchJobDefinition(new EcsJobDefinition(stack, 'App', { container }), { field });
  },
  toCodeBuildProject: (delivery, stack, field) => delivery.toCodeBuildProject(
    new Project(stack, 'App', { buildSpec: BuildSpec.fromObject({ version: '0.2' }) }), { field }),
};
const JSON_CONTENT = SecretContent.json({ 'user': 'orders', 'a:b': 'c' }, 'token');
const NO_COLON = 'a name without `:`, which separates the parts of a reference; name a field of the value, or leave it out';

describe.each(Object.keys(METHODS))('the field of %s', (method) => {
  const deliver = (content: SecretContent, field: string): string => {
    const stack = stackOf();
    const { delivery } = new HardenedSecret(stack, 'Secret', { content });
    return messageOf(() => METHODS[method](delivery, stack, field));
  };

  test.each<[what: string, content: SecretContent, field: string, allowed: string]>([
    ['one that the value has not', JSON_CONTENT, 'tokn', "one of 'Stack/Secret': user, a:b, token; give the name that it has"],
    ['one of a text', SecretContent.generated(), 'token',
      "none: the value of 'Stack/Secret' is a text; leave it out, or give the secret SecretContent.json()"],
    ['one with a colon', JSON_CONTENT, 'a:b', NO_COLON],
    ['an empty one', JSON_CONTENT, '', NO_COLON],
  ])('is refused: %s', (_, content, field, allowed) => {
    expect(deliver(content, field)).toContain(`\`${method}(field)\` is ${JSON.stringify(field)}, allowed: ${allowed}`);
  });

  test.each<[what: string, content: SecretContent, field: string]>([
    ['one that the value has', JSON_CONTENT, 'token'],
    ['one of a value that somebody puts', SecretContent.placeholder({ fields: ['key'] }), 'other'],
    ['one that is known at deployment', JSON_CONTENT, Fn.importValue('field')],
  ])('is taken: %s', (_, content, field) => {
    expect(deliver(content, field)).toBe('');
  });
});
