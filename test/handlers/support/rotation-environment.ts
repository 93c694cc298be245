import type { Clock } from '../../../handlers/core/clock';
import type { AccessKeyBinding } from '../../../src/contract/access-key-binding';
import { encodeText, OWN_PROPERTIES, type PackedBindings } from '../../../src/contract/bindings';
import type { CacheUserBinding } from '../../../src/contract/cache-facts';
import type { DatabaseFacts, UserBinding } from '../../../src/contract/database-facts';
import { Environment } from '../../../src/contract/environment';
import type { PasswordRules } from '../../../src/contract/password-rules';
import type { StepsBinding } from '../../../src/contract/steps-binding';
import type { ValueBinding } from '../../../src/contract/value-rules';
import type { StrictGuard } from '../../servers/strict-guard';

export const PASSWORD_RULES: PasswordRules = { length: 32, excludeCharacters: '/@"\'\\' };
export const REGION = 'eu-west-1';
export const ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';

/** What the constructs put into the environment of a function, in their own terms. */
export interface FunctionOptions {
  readonly database?: DatabaseFacts;
  readonly mode?: 'prove' | 'superuser';
  readonly bindings?: readonly (UserBinding | AccessKeyBinding | CacheUserBinding | ValueBinding | StepsBinding)[];
  readonly superuserSecret?: string;
  readonly password?: PasswordRules;
  /** What the strict guard knows the function by. */
  readonly accessKeyId?: string;
  /** @default the system's */
  readonly clock?: Clock;
  /** More variables, such as an attacker would want to set. */
  readonly variables?: Record<string, string>;
}

export function rotationEnvironment(guard: Pick<StrictGuard, 'url'>, options: FunctionOptions): Record<string, string> {
  const variables: Record<string, string | undefined> = {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: options.accessKeyId ?? ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: 'none',
    [Environment.ENDPOINT]: guard.url,
    [Environment.MODE]: options.mode,
    [Environment.DATABASE]: options.database && JSON.stringify(options.database),
    [Environment.PASSWORD]: JSON.stringify(options.password ?? PASSWORD_RULES),
    [Environment.BINDINGS]: options.bindings && JSON.stringify(packed(options.bindings)),
    [Environment.SUPERUSER_SECRET]: options.superuserSecret,
    ...options.variables,
  };
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Bindings as the constructs write them, one group for each. */
export function packed(bindings: readonly object[]): PackedBindings {
  return {
    groups: bindings.map((binding) => {
      const entries = (Object.entries(binding) as [string, unknown][]).filter(([, value]) => value !== undefined);
      const [own, shared] = [true, false].map((isOwn) => entries.filter(([name]) => OWN_PROPERTIES.includes(name) === isOwn));
      const each = Object.fromEntries(own.map(([name, text]) => [name, encodeText(String(text))]));
      return { each, all: Object.fromEntries(shared) };
    }),
  };
}
