import { CfnKey, type IKey } from 'aws-cdk-lib/aws-kms';
import { Annotations, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { keyBehind } from './key-reference';
import { ValidationError } from '../../core/errors';
import { otherPart } from '../../core/in-environment';
import { propertyOf } from '../../core/template-property';

/** Stable: users acknowledge the warnings by these names. */
const KEY_WITHOUT_ROTATION = 'cdk-secretsmanager-patterns:keyWithoutRotation';
const KEY_WITHOUT_MATERIAL = 'cdk-secretsmanager-patterns:keyWithoutMaterial';

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
 * Region; at synthesis, one that is turned off.
 */
export function requireUsableKey(use: KeyUse, key: IKey): void {
  const { scope, property } = use;
  requireEncryptingKey(use, key);
  const resource = keyBehind(key)?.node.defaultChild;
  if (resource instanceof CfnKey && (resource.origin ?? 'AWS_KMS') === 'AWS_KMS' && resource.enableKeyRotation !== true) {
    Annotations.of(scope).addWarningV2(KEY_WITHOUT_ROTATION, `the key '${key.node.path}' of \`${property}\` does not rotate; give it `
      + '`enableKeyRotation: true`, or acknowledge the warning');
  }
  if (resource instanceof CfnKey && resource.origin === 'EXTERNAL') {
    Annotations.of(scope).addWarningV2(KEY_WITHOUT_MATERIAL, `the key '${key.node.path}' of \`${property}\` is made without key material, `
      + `and ${use.services} can encrypt with it only once you have imported that; deploy the key by itself, import the material, and `
      + 'acknowledge the warning');
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

/** The same, wherever the key is. */
export function requireEncryptingKey(use: Pick<KeyUse, 'scope' | 'property' | 'services'>, key: IKey): void {
  const { scope, property } = use;
  const resource = keyBehind(key)?.node.defaultChild;
  if (!(resource instanceof CfnKey)) {
    return;
  }
  const { keySpec: spec, keyUsage: usage } = resource;
  if (spec !== undefined && !Token.isUnresolved(spec) && spec !== 'SYMMETRIC_DEFAULT') {
    throw new ValidationError({
      scope,
      property,
      got: spec,
      allowed: 'a symmetric encryption key: key specification SYMMETRIC_DEFAULT',
      remedy: `${use.services} cannot encrypt with asymmetric and HMAC keys; use another key`,
    });
  }
  if (usage !== undefined && !Token.isUnresolved(usage) && usage !== 'ENCRYPT_DECRYPT') {
    throw new ValidationError({
      scope,
      property,
      got: usage,
      allowed: 'a key whose usage is ENCRYPT_DECRYPT',
      remedy: `${use.services} cannot encrypt with others; use another key`,
    });
  }
  scope.node.addValidation({
    // By an override it may still become one.
    validate: () => String(propertyOf(resource, 'enabled') ?? true) !== 'false' ? [] : [
      `the key '${key.node.path}' of \`${property}\` is turned off by \`enabled: false\`, and ${use.services} can neither encrypt nor `
        + 'decrypt with it; turn it on, or use another key',
    ],
  });
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
