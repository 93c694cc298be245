import { type CallLimits, SecretsManagerClient } from './aws/secrets-manager-client';
import { SecretsManagerStore } from './aws/secrets-manager-store';
import { isAuditEvent, runAudit } from './core/audit';
import { type Clock, systemClock } from './core/clock';
import { Deadline } from './core/deadline';
import { endFormerCredential } from './core/former-credential';
import { RotationError } from './core/rotation-error';
import { parseRotationEvent } from './core/rotation-event';
import type { RotationStrategy } from './core/rotation-strategy';
import { runStep } from './core/run-step';
import type { SecretDescription, SecretStore } from './core/secret-store';
import { StepLog, type StepReport } from './core/step-log';
import { VersionMemory } from './core/version-memory';
import { FunctionFacts, type Variables } from './deployment/function-facts';

/** Kept for the last line of the log and for the answer to Lambda. */
const RESERVE = 750;

/** What a handler uses of the Lambda context. */
export interface FunctionContext {
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

export type RotationHandler = (event: unknown, context: FunctionContext) => Promise<void>;

/** What a function does once a day for a secret, without a rotation; what it finds. */
export type DailyDuty = (secret: SecretDescription, ports: DutyPorts) => Promise<string[]>;

/** What a daily duty works with besides the secret. */
export interface DutyPorts {
  readonly store: SecretStore;
  readonly deadline: Deadline;
}

export interface HandlerOptions {
  /** Called once for each process. */
  readonly strategy: (facts: FunctionFacts) => RotationStrategy;
  /**
   * What the daily audit does for each secret that the function rotates.
   *
   * @default - ends former credentials where the deployment asks for it
   */
  readonly duty?: (facts: FunctionFacts) => DailyDuty;
  /** @default the process's own */
  readonly variables?: Variables;
  /** Where the secrets are. @default AWS Secrets Manager */
  readonly store?: (limits: CallLimits) => SecretStore;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default the console */
  readonly write?: (line: string) => void;
}

/** Makes the function that Lambda calls, for the steps of rotations and for the audit. */
export function makeHandler(options: HandlerOptions): RotationHandler {
  const clock = options.clock ?? systemClock;
  const facts = new FunctionFacts(options.variables ?? process.env);
  const memory = new VersionMemory(clock);
  const log = new StepLog(options.write ?? ((line) => console.log(line)));
  const storeOf = options.store ?? secretsManager(facts, clock);
  let strategy: RotationStrategy | undefined;

  return async (event, context) => {
    const startedAt = clock.now();
    const deadline = new Deadline(clock, context.getRemainingTimeInMillis() - RESERVE);
    let about: Pick<StepReport, 'secret' | 'step'> = {};
    try {
      if (isAuditEvent(event)) {
        about = { step: 'audit' };
        const store = storeOf({ deadline, patient: false });
        const dutyOf = options.duty?.(facts) ?? (async (secret, ports) => endFormerCredential(secret, {
          ...ports,
          clock,
          worksForHours: ({ arn, name }) => facts.formerWorksForHours(arn, name),
          strategy: () => strategy ??= options.strategy(facts),
        }));
        const duty = async (secret: SecretDescription): Promise<string[]> => dutyOf(secret, { store, deadline });
        await runAudit(event, { store, clock, functionArn: context.invokedFunctionArn, duty });
        log.report({ ...about, outcome: 'done', milliseconds: clock.now() - startedAt });
        return;
      }
      const rotationEvent = parseRotationEvent(event);
      about = { secret: rotationEvent.secretArn, step: rotationEvent.step };
      strategy ??= options.strategy(facts);
      const ports = { store: storeOf({ deadline, patient: true }), memory, clock, deadline };
      const outcome = await runStep(rotationEvent, strategy, context.invokedFunctionArn, ports);
      log.report({ ...about, outcome, milliseconds: clock.now() - startedAt });
    } catch (thrown) {
      const error = RotationError.from(thrown);
      if (about.secret !== undefined) {
        memory.forget(about.secret);
      }
      log.report({ ...about, outcome: 'failed', milliseconds: clock.now() - startedAt, error });
      throw error;
    }
  };
}

function secretsManager(facts: FunctionFacts, clock: Clock): (limits: CallLimits) => SecretStore {
  let client: SecretsManagerClient | undefined;
  return (limits) => {
    client ??= new SecretsManagerClient({
      region: facts.region,
      endpoint: facts.endpoint,
      credentials: facts.credentials,
      clock,
    });
    return new SecretsManagerStore(client, limits);
  };
}
