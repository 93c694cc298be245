import { CfnKey, type IKey } from 'aws-cdk-lib/aws-kms';
import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { keyBehind } from './key-reference';
import { ValidationError } from '../../core/errors';
import { otherPart } from '../../core/in-environment';

/** Stable: users acknowledge the warning by this name. */
const KEY_WITHOUT_ROTATION = 'cdk-secretsmanager-patterns:keyWithoutRotation';

/** What a key is needed for, as the messages name it. */
export interface KeyUse {
  readonly scope: IConstruct;
  readonly property: string;
  /** Services that encrypt with it. */
  readonly services: string;
  /** Whose Region it has to be in: `the secret's`. */
  readonly whose: string;
  readonly elsewhere: string;
}

/**
 * Refuses a key that the services cannot encrypt with, as far as the app knows it: an asymmetric or HMAC key, or one of another
 * Region.
 */
export function requireUsableKey(use: KeyUse, key: IKey): void {
  const { scope, property } = use;
  const resource = keyBehind(key)?.node.defaultChild;
  const spec = resource instanceof CfnKey ? resource.keySpec : undefined;
  if (spec !== undefined && !Token.isUnresolved(spec) && spec !== 'SYMMETRIC_DEFAULT') {
    throw new ValidationError({
      scope,
      property,
      got: spec,
      allowed: 'a symmetric encryption key: key specification SYMMETRIC_DEFAULT',
      remedy: `${use.services} cannot encrypt with asymmetric and HMAC keys; use another key`,
    });
  }
  if (resource instanceof CfnKey && (spec ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT'
    && resource.enableKeyRotation !== true) {
    Annotations.of(scope).addWarningV2(KEY_WITHOUT_ROTATION, `the key '${key.node.path}' of \`${property}\` does not rotate; give it `
      + '`enableKeyRotation: true`, or acknowledge the warning');
  }
  const stack = Stack.of(scope);
  if (otherPart(stack, key.env, ['region'])) {
    throw new ValidationError({
      scope,
      property,
      got: key.env.region,
      allowed: `a key in ${use.whose} own Region, ${stack.region}`,
      remedy: `use a key of that Region${use.elsewhere}`,
    });
  }
}

/** The key itself, for services that accept no alias. */
export function requireKeyItself(use: KeyUse, given: IKey): IKey {
  requireUsableKey(use, given);
  const key = keyBehind(given);
  if (!key) {
    throw new ValidationError({
      scope: use.scope,
      property: use.property,
      got: given,
      allowed: 'a key, or an alias whose key is defined in the app',
      remedy: `${use.services} are given a key: import it by its ARN`,
    });
  }
  return key;
}
