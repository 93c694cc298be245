import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { pathOf } from './delivered-variables';
import { append } from '../../core/append';
import { onceFor } from '../../core/once';
import { SecretRecord } from '../../secret/private/secret-record';

/** Stable: users acknowledge the warning by this name. */
const INJECTED_ONCE = 'cdk-secretsmanager-patterns:injectedOnce';

/** What a consumer is started with: the fields of each secret, or the whole of it. */
type Injected = Map<ISecret, (string | undefined)[]>;

/** Looks at synthesis whether a value that somebody is started with can work after a rotation: that may be added later. */
export function watchInjected(
  consumer: IConstruct, secret: ISecret, field: string | undefined, warningOf: (secret: ISecret) => string | undefined,
): void {
  const injected = onceFor(consumer, 'injected secrets', () => {
    const all: Injected = new Map();
    consumer.node.addValidation({
      validate: () => [...all].flatMap(([one, fields]) => {
        const warning = warningOf(one);
        if (warning !== undefined) {
          Annotations.of(consumer).addWarningV2(INJECTED_ONCE, warning);
        }
        return complaintsOf(one, fields);
      }),
    });
    return all;
  });
  append(injected, SecretRecord.of(secret).secret, field);
}

function complaintsOf(secret: ISecret, fields: readonly (string | undefined)[]): string[] {
  const names = fields.filter((field) => field !== undefined);
  const { changesName } = SecretRecord.of(secret).rotationEffect;
  if (changesName && names.includes('password') && !names.includes('username') && names.length === fields.length) {
    return [
      `the field 'password' of '${pathOf(secret)}' alone stops working at the next rotation, which changes the user's name as `
        + "well; inject the whole value: leave out `field`, or inject 'username' too",
    ];
  }
  return [];
}
