import { IAM_USER_ARN } from '../../src/contract/access-key-binding';
import type { UserBinding } from '../../src/contract/database-facts';
import type { PasswordRules } from '../../src/contract/password-rules';
import { KEY_SPECS, type ValueRules } from '../../src/contract/value-rules';

const STRATEGIES: readonly string[] = ['single', 'alternating', 'dualPassword'] satisfies UserBinding['strategy'][];
const SWITCHES = [
  'excludeLowercase', 'excludeUppercase', 'excludeNumbers', 'excludePunctuation', 'includeSpace', 'requireEachIncludedType',
] satisfies (keyof PasswordRules)[];

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isOptionalList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isText));
}

export function isPasswordRules(value: unknown): boolean {
  return isRecord(value) && typeof value.length === 'number' && typeof value.excludeCharacters === 'string'
    && SWITCHES.every((name) => value[name] === undefined || typeof value[name] === 'boolean');
}

export function isUserBinding(value: unknown): boolean {
  return (
    isRecord(value)
    && isText(value.secret)
    && isText(value.username)
    && isText(value.strategy)
    && STRATEGIES.includes(value.strategy)
    && (value.alternateUsername === undefined || isText(value.alternateUsername))
    && isOptionalList(value.createWithRoles)
    && isOptionalCount(value.formerWorksForHours)
  );
}

export function isValueBinding(value: unknown): boolean {
  return isRecord(value) && isText(value.secret) && (value.field === undefined || isText(value.field)) && isValueRules(value);
}

const VALUE_RULES: Record<keyof ValueRules, (rules: unknown) => boolean> = {
  password: isPasswordRules,
  apiToken: (rules) => isRecord(rules) && typeof rules.prefix === 'string' && isText(rules.alphabet) && isCount(rules.length),
  symmetricKey: (rules) => isRecord(rules) && isCount(rules.bytes),
  uuid: (rules) => rules === true,
  keyPair: isKeyPairRules,
  sshKeyPair: (rules) => isRecord(rules) && isKeyPairRules(rules) && ['string', 'undefined'].includes(typeof rules.comment)
    && ['boolean', 'undefined'].includes(typeof rules.pem),
};

function isValueRules(value: Record<string, unknown>): boolean {
  const given = Object.entries(VALUE_RULES).filter(([name]) => value[name] !== undefined);
  return given.length === 1 && given.every(([name, fits]) => fits(value[name]));
}

function isKeyPairRules(rules: unknown): boolean {
  return isRecord(rules) && KEY_SPECS.some((spec) => spec === rules.spec) && isText(rules.publicKeyField);
}

export function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0;
}

function isOptionalCount(value: unknown): boolean {
  return value === undefined || isCount(value);
}

export function isStepsBinding(value: unknown): boolean {
  return isRecord(value) && isText(value.secret) && (value.field === undefined || isText(value.field))
    && (value.password === undefined || isPasswordRules(value.password));
}

export function isCacheUserBinding(value: unknown): boolean {
  return (
    isRecord(value) && isText(value.secret) && isText(value.userId) && isText(value.username) && isPasswordRules(value.password)
    && isOptionalCount(value.formerWorksForHours)
  );
}

export function isAccessKeyBinding(value: unknown): boolean {
  return isRecord(value) && isText(value.secret) && isText(value.userArn) && IAM_USER_ARN.test(value.userArn)
    && isCount(value.formerWorksForHours)
    && [value.idField, value.secretField].every((field) => field === undefined || isText(field));
}
