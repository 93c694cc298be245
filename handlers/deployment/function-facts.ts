import {
  isAccessKeyBinding, isCacheUserBinding, isCount, isOptionalList, isPasswordRules, isRecord, isStepsBinding, isText,
  isUserBinding, isValueBinding,
} from './binding-checks';
import type { AccessKeyBinding } from '../../src/contract/access-key-binding';
import { type PackedBindings, unpackBindings } from '../../src/contract/bindings';
import type { CacheFacts, CacheUserBinding } from '../../src/contract/cache-facts';
import { unpackCertificates } from '../../src/contract/certificate-authorities';
import type { DatabaseFacts, RotationMode, UserBinding } from '../../src/contract/database-facts';
import { Environment } from '../../src/contract/environment';
import type { PasswordRules } from '../../src/contract/password-rules';
import type { StepsBinding } from '../../src/contract/steps-binding';
import type { ValueBinding } from '../../src/contract/value-rules';
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
const HIGHEST_PORT = 65_535;

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
    const { certificateAuthorities: packed } = facts;
    return {
      ...facts,
      port,
      certificateAuthorities: packed ? unpacked(Environment.DATABASE, () => unpackCertificates(packed)) : undefined,
    };
  }

  get password(): PasswordRules {
    return this.json<PasswordRules>(Environment.PASSWORD, isPasswordRules);
  }

  get userBindings(): UserBinding[] {
    return this.bindings<UserBinding>(isUserBinding);
  }

  get valueBindings(): ValueBinding[] {
    return this.bindings<ValueBinding>(isValueBinding);
  }

  get stepsBindings(): StepsBinding[] {
    return this.bindings<StepsBinding>(isStepsBinding);
  }

  get cache(): CheckedCacheFacts {
    const facts = this.json<CacheFacts>(Environment.CACHE, isCacheFacts);
    return { ...facts, cluster: facts.cluster && { ...facts.cluster, port: Number(facts.cluster.port) } };
  }

  get cacheUserBindings(): CacheUserBinding[] {
    return this.bindings<CacheUserBinding>(isCacheUserBinding);
  }

  get accessKeyBindings(): AccessKeyBinding[] {
    return this.bindings<AccessKeyBinding>(isAccessKeyBinding);
  }

  /** For how long a former credential of a secret works, where the deployment says so: a function without bindings has none. */
  formerWorksForHours(...names: string[]): number | undefined {
    if (!this.variables[Environment.BINDINGS]) {
      return undefined;
    }
    const bindings = this.bindings<{ secret?: unknown; formerWorksForHours?: unknown }>(isRecord);
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

  private bindings<T>(fits: (binding: unknown) => boolean): T[] {
    const packed = this.json<PackedBindings>(Environment.BINDINGS, isRecord);
    const bindings = unpacked(Environment.BINDINGS, () => unpackBindings(packed));
    if (!bindings.every(fits)) {
      throw misshapen(Environment.BINDINGS);
    }
    return bindings as T[];
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
      throw misshapen(name);
    }
    return value as T;
  }
}

function misshapen(name: string): RotationError {
  return misconfigured(name, 'does not have the form that the construct gives it');
}

function misconfigured(name: string, what: string): RotationError {
  return new RotationError('configuration', `environment variable ${name} ${what}`);
}

function unpacked<T>(name: string, unpack: () => T): T {
  try {
    return unpack();
  } catch {
    throw misshapen(name);
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= HIGHEST_PORT;
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
