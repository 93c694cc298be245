import { type ContainerDefinition, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { claimVariable, pathOf } from './delivered-variables';
import { watchInjected } from './injected-values';
import { requireField } from './required-fields';
import { containerConsumer } from './variables-of';
import { NOTHING_CHANGES } from '../../secret/private/rotation-effect';
import { SecretRecord } from '../../secret/private/secret-record';
import type { ContainerInjectionOptions } from '../delivery-options';

const REDEPLOY = 'have its service redeployed after each rotation, with '
  + "secret.onRotated('Redeploy', RotatedAction.forceNewDeployment(service))";

/** Gives a container the value when it is started. */
export function injectInto(
  container: ContainerDefinition, secret: ISecret, { environmentVariable = 'SECRET', field }: ContainerInjectionOptions,
): void {
  const consumer = containerConsumer(container, 'injectIntoContainer');
  requireField(consumer, secret, field);
  const value = ContainerSecret.fromSecretsManager(secret, field);
  claimVariable(consumer, environmentVariable, secret, value.arn);
  container.addSecret(environmentVariable, value);
  watchInjected(container, secret, field, warningOf);
}

function warningOf(secret: ISecret): string | undefined {
  const { rotationEffect, isActedOn } = SecretRecord.of(secret);
  const kept = `it keeps the value of '${pathOf(secret)}' that it was started with, which is refused after the next rotation`;
  if (!rotationEffect.formerWorks) {
    return `${kept}; ${isActedOn ? '' : `${REDEPLOY}, and `}so that no login fails until then, use Rotation.alternatingUsers(), `
      + 'or let it read the value with delivery.toContainer()';
  }
  return rotationEffect !== NOTHING_CHANGES && !isActedOn ? `${kept} but one; ${REDEPLOY}` : undefined;
}
