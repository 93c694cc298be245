import { type AccessKeyBinding, IAM_USER_ARN } from '../../src/contract/access-key-binding';
import type { CacheFacts, CacheUserBinding } from '../../src/contract/cache-facts';
import type { DatabaseFacts, RotationMode, UserBinding } from '../../src/contract/database-facts';
import { Environment } from '../../src/contract/environment';
import type { PasswordRules } from '../../src/contract/password-rules';
import type { StepsBinding } from '../../src/contract/steps-binding';
import { KEY_SPECS, type ValueBinding, type ValueRules } from '../../src/contract/value-rules';
import { RotationError } from '../core/rotation-error';

/** Environment variables as Lambda gives them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The facts about caches, checked. */
export interface CheckedCacheFacts extends CacheFacts {
  readonly cluster?: { readonly host: string; readonly port: number };
}

/** The facts about a database, checked. */
export interface CheckedDatabaseFacts extends DatabaseFacts {
  readonly port: number;
}

const REGION = /^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$/;
const STRATEGIES: readonly string[] = ['single', 'alternating', 'dualPassword'] satisfies UserBinding['strategy'][];
const HIGHEST_PORT = 65_535;
const SWITCHES = [
  'excludeLowercase', 'excludeUppercase', 'excludeNumbers', 'excludePunctuation', 'includeSpace', 'requireEachIncludedType',
] satisfies (keyof PasswordRules)[];

/** What the function was deployed with. Apart from the credentials of its role, nothing else in the environment has an effect. */
export class FunctionFacts {
  constructor(private readonly variables: Variables) {}

  get region(): string {
    const region = this.required('AWS_REGION');
    if (!REGION.test(region)) {
      throw misconfigured('AWS_REGION', 'is not the name of a Region');
    }
    return region;
  }

  get endpoint(): string | undefined {
    return this.variables[Environment.ENDPOINT] || undefined;
  }

  get mode(): RotationMode {
    const mode = this.required(Environment.MODE);
    if (mode !== 'prove' && mode !== 'superuser') {
      throw misconfigured(Environment.MODE, "is neither 'prove' nor 'superuser'");
    }
    return mode;
  }

  get database(): CheckedDatabaseFacts {
    const facts = this.json<DatabaseFacts>(Environment.DATABASE, isRecord);
    const port = Number(facts.port);
    if (!isText(facts.engine) || !isText(facts.host) || !isPort(port) || !isOptionalList(facts.furtherHosts)) {
      throw misconfigured(Environment.DATABASE, 'has to name engine, host and port');
    }
    return { ...facts, port };
  }

  get password(): PasswordRules {
    return this.json<PasswordRules>(Environment.PASSWORD, isPasswordRules);
  }

  get userBindings(): UserBinding[] {
    return this.json<UserBinding[]>(Environment.BINDINGS, (value) => Array.isArray(value) && value.every(isUserBinding));
  }

  get valueBindings(): ValueBinding[] {
    return this.json<ValueBinding[]>(Environment.BINDINGS, (value) => Array.isArray(value) && value.every(isValueBinding));
  }

  get stepsBindings(): StepsBinding[] {
    return this.json<StepsBinding[]>(Environment.BINDINGS, (value) => Array.isArray(value) && value.every(isStepsBinding));
  }

  get cache(): CheckedCacheFacts {
    const facts = this.json<CacheFacts>(Environment.CACHE, isCacheFacts);
    return { ...facts, cluster: facts.cluster && { ...facts.cluster, port: Number(facts.cluster.port) } };
  }

  get cacheUserBindings(): CacheUserBinding[] {
    return this.json<CacheUserBinding[]>(
      Environment.BINDINGS,
      (value) => Array.isArray(value) && value.every(isCacheUserBinding),
    );
  }

  get accessKeyBindings(): AccessKeyBinding[] {
    return this.json<AccessKeyBinding[]>(
      Environment.BINDINGS,
      (value) => Array.isArray(value) && value.every(isAccessKeyBinding),
    );
  }

  /** For how long a former credential of a secret works, where the deployment says so: a function without bindings has none. */
  formerWorksForHours(...names: string[]): number | undefined {
    if (!this.variables[Environment.BINDINGS]) {
      return undefined;
    }
    const bindings = this.json<{ secret?: unknown; formerWorksForHours?: unknown }[]>(
      Environment.BINDINGS,
      (value) => Array.isArray(value) && value.every(isRecord),
    );
    const hours = bindings.find(({ secret }) => names.some((name) => name === secret))?.formerWorksForHours;
    return isCount(hours) ? Number(hours) : undefined;
  }

  get superuserSecret(): string {
    return this.required(Environment.SUPERUSER_SECRET);
  }

  /** The credentials of the function's role. */
  get credentials(): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } {
    return {
      accessKeyId: this.required('AWS_ACCESS_KEY_ID'),
      secretAccessKey: this.required('AWS_SECRET_ACCESS_KEY'),
      sessionToken: this.variables.AWS_SESSION_TOKEN || undefined,
    };
  }

  private required(name: string): string {
    const value = this.variables[name];
    if (!value) {
      throw misconfigured(name, 'is missing');
    }
    return value;
  }

  private json<T>(name: string, fits: (value: unknown) => boolean): T {
    let value: unknown;
    try {
      value = JSON.parse(this.required(name));
    } catch (thrown) {
      throw thrown instanceof RotationError ? thrown : misconfigured(name, 'is not JSON');
    }
    if (!fits(value)) {
      throw misconfigured(name, 'does not have the form that the construct gives it');
    }
    return value as T;
  }
}

function misconfigured(name: string, what: string): RotationError {
  return new RotationError('configuration', `environment variable ${name} ${what}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= HIGHEST_PORT;
}

function isOptionalList(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every(isText));
}

function isCacheFacts(value: unknown): boolean {
  return (
    isRecord(value)
    && (value.service === 'elasticache' || value.service === 'memorydb')
    && isText(value.userArnPrefix)
    && (value.endpoint === undefined || isText(value.endpoint))
    && (value.cluster === undefined
      || (isRecord(value.cluster) && isText(value.cluster.host) && isPort(Number(value.cluster.port))))
  );
}

function isPasswordRules(value: unknown): boolean {
  return isRecord(value) && typeof value.length === 'number' && typeof value.excludeCharacters === 'string'
    && SWITCHES.every((name) => value[name] === undefined || typeof value[name] === 'boolean');
}

function isUserBinding(value: unknown): boolean {
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

function isValueBinding(value: unknown): boolean {
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

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0;
}

function isOptionalCount(value: unknown): boolean {
  return value === undefined || isCount(value);
}

function isStepsBinding(value: unknown): boolean {
  return isRecord(value) && isText(value.secret) && (value.field === undefined || isText(value.field))
    && (value.password === undefined || isPasswordRules(value.password));
}

function isCacheUserBinding(value: unknown): boolean {
  return (
    isRecord(value) && isText(value.secret) && isText(value.userId) && isText(value.username) && isPasswordRules(value.password)
    && isOptionalCount(value.formerWorksForHours)
  );
}

function isAccessKeyBinding(value: unknown): boolean {
  return isRecord(value) && isText(value.secret) && isText(value.userArn) && IAM_USER_ARN.test(value.userArn)
    && isCount(value.formerWorksForHours)
    && [value.idField, value.secretField].every((field) => field === undefined || isText(field));
}
