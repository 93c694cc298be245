import { type ContainerDefinition, Secret as ContainerSecret } from 'aws-cdk-lib/aws-ecs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations } from 'aws-cdk-lib/core';
import { pathOf } from './delivered-variables';
import { append } from '../../core/append';
import { onceFor } from '../../core/once';
import { NOTHING_CHANGES } from '../../secret/private/rotation-effect';
import { SecretRecord } from '../../secret/private/secret-record';

/** Stable: users acknowledge the warning by this name. */
const INJECTED_ONCE = 'cdk-secretsmanager-patterns:injectedOnce';

const REDEPLOY = 'have its service redeployed after each rotation, with '
  + "secret.onRotated('Redeploy', RotatedAction.forceNewDeployment(service))";

/** What a container is started with: the fields of each secret, or the whole of it. */
type Injected = Map<ISecret, (string | undefined)[]>;

/** Gives a container the value when it is started, and looks at synthesis whether that can work after a rotation. */
export function injectInto(container: ContainerDefinition, secret: ISecret, variable: string, field: string | undefined): void {
  container.addSecret(variable, ContainerSecret.fromSecretsManager(secret, field));
  const injected = onceFor(container, 'injected secrets', () => {
    const all: Injected = new Map();
    container.node.addValidation({ validate: () => [...all].flatMap(([one, fields]) => complaintsOf(container, one, fields)) });
    return all;
  });
  append(injected, SecretRecord.of(secret).secret, field);
}

function complaintsOf(container: ContainerDefinition, secret: ISecret, fields: readonly (string | undefined)[]): string[] {
  const { rotationEffect, isActedOn } = SecretRecord.of(secret);
  const { formerWorks, changesName } = rotationEffect;
  const kept = `it keeps the value of '${pathOf(secret)}' that it was started with, which is refused after the next rotation`;
  if (!formerWorks) {
    Annotations.of(container).addWarningV2(INJECTED_ONCE, `${kept}; ${isActedOn ? '' : `${REDEPLOY}, and `}so that no login fails `
      + 'until then, use Rotation.alternatingUsers(), or let it read the value with delivery.toContainer()');
  } else if (rotationEffect !== NOTHING_CHANGES && !isActedOn) {
    Annotations.of(container).addWarningV2(INJECTED_ONCE, `${kept} but one; ${REDEPLOY}`);
  }
  const names = fields.filter((field) => field !== undefined);
  if (changesName && names.includes('password') && !names.includes('username') && names.length === fields.length) {
    return [
      `the field 'password' of '${pathOf(secret)}' alone stops working at the next rotation, which changes the user's name as `
        + "well; inject the whole value: leave out `field`, or inject 'username' too",
    ];
  }
  return [];
}
