import type { Services } from './services';
import { parseJsonAnswer } from '../aws/json-answer';
import type { CallLimits } from '../aws/signed-requests';

/** What was last done to a consumer. */
export interface Remembered {
  /** Of the versions that were current then. */
  readonly digest: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How many came shortly after each other before it. */
  readonly row: number;
}

/** What was last done to each consumer, by its id. */
export interface Memory {
  read(limits: CallLimits): Promise<Map<string, Remembered>>;
  write(remembered: ReadonlyMap<string, Remembered>, limits: CallLimits): Promise<void>;
}

/**
 * {@link Memory} in a parameter of AWS Systems Manager, which costs nothing and holds no secret.
 *
 * It forgets consumers that the function is not deployed with: a parameter has 4 KB, which they would fill in time.
 */
export class ParameterMemory implements Memory {
  constructor(
    private readonly services: Services, private readonly name: string, private readonly consumers: ReadonlySet<string>,
  ) {}

  async read(limits: CallLimits): Promise<Map<string, Remembered>> {
    const { Parameter } = await this.services.systemsManager.call('GetParameter', { Name: this.name }, limits);
    const value = (Parameter as { readonly Value?: unknown } | undefined)?.Value;
    const entries = Object.entries(parseJsonAnswer(String(value)) ?? {});
    return new Map(entries.filter((entry): entry is [string, Remembered] =>
      this.consumers.has(entry[0]) && isRemembered(entry[1])));
  }

  async write(remembered: ReadonlyMap<string, Remembered>, limits: CallLimits): Promise<void> {
    const Value = JSON.stringify(Object.fromEntries(remembered));
    await this.services.systemsManager.call('PutParameter', { Name: this.name, Value, Overwrite: true }, limits);
  }
}

/** Whoever may change the parameter can have an action done once more, and nothing else. */
function isRemembered(value: unknown): value is Remembered {
  const { digest, at, row } = (value ?? {}) as Record<string, unknown>;
  return typeof digest === 'string' && Number.isFinite(at) && Number.isInteger(row);
}
