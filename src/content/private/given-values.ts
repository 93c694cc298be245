import { SecretValue, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ContentFacts } from './content-facts';
import { ValidationError } from '../../core/errors';
import { requireText } from '../../core/validate';
import { generatorOf } from '../../password/private/password-checks';
import type { PlaceholderOptions } from '../secret-content-options';

const RANDOM = { length: 32, excludeCharacters: '' };

/** What holds the place of a value that somebody puts. */
export function placeholder(scope: IConstruct, { fields }: PlaceholderOptions): ContentFacts {
  if (!fields) {
    return { placeholder: true, generate: generatorOf(RANDOM) };
  }
  requireNames(scope, 'SecretContent.placeholder(fields)', fields);
  return {
    placeholder: true,
    generate: {
      ...generatorOf(RANDOM),
      secretStringTemplate: Stack.of(scope).toJsonString(Object.fromEntries(fields.slice(0, -1).map((name) => [name, '']))),
      generateStringKey: fields.at(-1),
    },
  };
}

/** Values from elsewhere, and fields whose values somebody puts. */
export function secretValues(
  scope: IConstruct,
  values: { [name: string]: SecretValue },
  placeholders: string[],
): ContentFacts {
  const given = Object.keys(values);
  requireNames(scope, 'SecretContent.fromSecretValues(fields)', given);
  if (placeholders.length > 0) {
    requireNames(scope, 'SecretContent.fromSecretValues(placeholders)', [...given, ...placeholders], given.length);
  }
  const document = Object.fromEntries([
    ...Object.entries(values).map(([name, value]) => [name, value.unsafeUnwrap()]),
    ...placeholders.map((name) => [name, '']),
  ]) as object;
  return {
    value: SecretValue.unsafePlainText(Stack.of(scope).toJsonString(document)),
    ...placeholders.length > 0 && { placeholder: true },
  };
}

/** Refuses names that no field can have, and a second field of a name; those before `first` have been looked at. */
function requireNames(scope: IConstruct, property: string, names: string[], first = 0): void {
  const remedy = 'name each field once';
  if (names.length === 0) {
    throw new ValidationError({ scope, property, got: names, allowed: 'at least one field', remedy });
  }
  names.slice(first).forEach((name, index) => {
    requireText({ scope, property, remedy }, name, { minimum: 1, maximum: 256, allowed: 'names of 1 to 256 characters' });
    if (names.indexOf(name) !== first + index) {
      throw new ValidationError({ scope, property, got: name, allowed: 'different names', remedy });
    }
  });
}
