import {
  type PendingRotationContext,
  type RotationContext,
  RotationFailure,
  type RotationSteps,
  type SecretVersion,
} from './rotation-steps';
import type { PasswordRules } from '../../src/contract/password-rules';
import type { StepsBinding } from '../../src/contract/steps-binding';
import { inTime } from '../core/deadline';
import { JsonObject } from '../core/json-object';
import { RotationError } from '../core/rotation-error';
import { bindingOf, type Outcome, type RotationStrategy } from '../core/rotation-strategy';
import type { SecretRotation } from '../core/secret-rotation';
import { PREVIOUS } from '../core/secret-store';
import { printable } from '../core/step-log';
import { generatePassword, satisfiesRules } from '../database/generate-password';

const LONGEST_TEXT = 500;

/** The rotation of a secret whose value works in a system that only the user's code knows. */
export class StepsStrategy implements RotationStrategy {
  constructor(private readonly bindings: readonly StepsBinding[], private readonly steps: RotationSteps) {}

  async nextValue(rotation: SecretRotation): Promise<string> {
    const binding = bindingOf(rotation, this.bindings);
    if (!this.steps.create) {
      return withField(rotation, binding.field, generatePassword(rulesOf(binding)));
    }
    // What the other system has issued for this version is not asked for again.
    const stored = await rotation.pending();
    if (stored !== undefined) {
      return stored;
    }
    const made: unknown = await this.inStep(rotation, 'create', async (signal) =>
      this.steps.create!(contextOf(rotation, binding, signal)),
    );
    if (typeof made === 'string' && made !== '') {
      return made;
    }
    if (typeof made === 'object' && made !== null && !Array.isArray(made)) {
      return JsonObject.parse(await rotation.current(), 'AWSCURRENT').with(made as Record<string, unknown>);
    }
    throw new RotationError('configuration', 'create() has returned neither a text nor fields of a JSON object');
  }

  async formerValue(rotation: SecretRotation, former: string): Promise<string> {
    await this.checkOwn(rotation, bindingOf(rotation, this.bindings), former);
    return former;
  }

  async apply(rotation: SecretRotation, pending: string): Promise<Outcome> {
    const binding = bindingOf(rotation, this.bindings);
    await this.checkOwn(rotation, binding, pending);
    await this.inStep(rotation, 'set', async (signal) => this.steps.set(pendingContextOf(rotation, binding, signal, pending)));
    return 'done';
  }

  async prove(rotation: SecretRotation, pending: string): Promise<void> {
    const binding = bindingOf(rotation, this.bindings);
    await this.checkOwn(rotation, binding, pending);
    await this.inStep(rotation, 'test', async (signal) => this.steps.test(pendingContextOf(rotation, binding, signal, pending)));
  }

  async rehearse(rotation: SecretRotation): Promise<void> {
    const binding = bindingOf(rotation, this.bindings);
    const current = await rotation.current();
    await this.inStep(rotation, 'test', async (signal) => this.steps.test(pendingContextOf(rotation, binding, signal, current)));
  }

  /** Throws for a pending value that the function cannot have made itself. What the user's code makes is not checked. */
  private async checkOwn(rotation: SecretRotation, { field, password }: StepsBinding, pending: string): Promise<void> {
    if (this.steps.create || password === undefined) {
      return;
    }
    const value = field === undefined ? pending : fieldOf(pending, field);
    const satisfies = typeof value === 'string' && satisfiesRules(value, password);
    // Secrets Manager tries out a schedule with the value as it is, whoever made it.
    if (!satisfies && pending !== await rotation.current()) {
      throw await rotation.drop('the pending value does not satisfy the rules for it');
    }
  }

  /** Runs the user's code: within the time that is left, and nothing that it throws leaves but what it vouches for. */
  private async inStep<T>(
    rotation: SecretRotation,
    step: keyof RotationSteps,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    try {
      return await inTime({
        deadline: rotation.deadline,
        milliseconds: rotation.deadline.remaining(),
        text: `${step}() has not ended in time`,
        abandon: () => controller.abort(),
      }, async () => work(controller.signal));
    } catch (thrown) {
      throw await errorOf(rotation, thrown);
    }
  }
}

async function errorOf(rotation: SecretRotation, thrown: unknown): Promise<RotationError> {
  if (!(thrown instanceof RotationFailure)) {
    return RotationError.from(thrown);
  }
  const text = printable(thrown.message).slice(0, LONGEST_TEXT);
  return thrown.failureClass === 'stale' ? rotation.drop(text) : new RotationError(thrown.failureClass, text, thrown.code);
}

function contextOf(rotation: SecretRotation, binding: StepsBinding, signal: AbortSignal): RotationContext {
  return {
    secretArn: rotation.secretArn,
    versionId: rotation.token,
    signal,
    remainingMilliseconds: () => rotation.deadline.remaining(),
    current: async () => versionOf(await rotation.current(), 'AWSCURRENT'),
    previous: async () => {
      const versionId = rotation.versionWith(PREVIOUS);
      const text = versionId === undefined ? undefined : await rotation.value(versionId);
      return text === undefined ? undefined : versionOf(text, PREVIOUS);
    },
    randomValue: () => generatePassword(rulesOf(binding)),
  };
}

function pendingContextOf(
  rotation: SecretRotation,
  binding: StepsBinding,
  signal: AbortSignal,
  pending: string,
): PendingRotationContext {
  return { ...contextOf(rotation, binding, signal), pending: async () => versionOf(pending, 'AWSPENDING') };
}

function versionOf(text: string, name: string): SecretVersion {
  return {
    text,
    field: (field) => {
      const value = JsonObject.parse(text, name).field(field);
      if (typeof value !== 'string') {
        throw new RotationError('configuration', `${name} has no text in the field '${printable(field)}'`);
      }
      return value;
    },
  };
}

async function withField(rotation: SecretRotation, field: string | undefined, value: string): Promise<string> {
  return field === undefined ? value : JsonObject.parse(await rotation.current(), 'AWSCURRENT').with({ [field]: value });
}

function rulesOf({ password }: StepsBinding): PasswordRules {
  if (password === undefined) {
    throw new RotationError(
      'configuration',
      'the secret has no generated content whose rules a random value could follow: make the value in create()',
    );
  }
  return password;
}

/** `undefined` where the value has no such field, or is not a JSON object. */
function fieldOf(text: string, field: string): unknown {
  try {
    return JsonObject.parse(text, 'AWSPENDING').field(field);
  } catch {
    return undefined;
  }
}
