import { currentIs, HANDS, pendingIs } from './hands';
import { ARN } from './laboratory';
import type { ProcessStrategy, System } from './system';
import { satisfiesRules } from '../../../handlers/database/generate-password';
import { RegenerateStrategy } from '../../../handlers/regenerate/regenerate-strategy';
import { RotationFailure, type RotationSteps } from '../../../handlers/rotation-runtime/rotation-steps';
import { StepsStrategy } from '../../../handlers/rotation-runtime/steps-strategy';
import type { Gate } from '../support/memory-store';

const RULES = { length: 17, excludeCharacters: '', requireEachIncludedType: false };
const FIRST = 'the-first-value-1';

/** A value that only has to have a form. */
export class ValueSystem implements System {
  readonly name: string = 'generated value';
  readonly first = FIRST;
  readonly keepsCurrent = true;
  readonly refusals: number = 0;
  readonly hands = [
    currentIs('replaced by a value of no form', 'short'),
    pendingIs('filled by somebody', 'a-value-by-a-man!'),
    ...HANDS,
  ];
  readonly others = {};

  process(_gate: Gate): ProcessStrategy {
    return { strategy: new RegenerateStrategy([{ secret: ARN, password: RULES }]), save: () => '', restore: () => undefined };
  }

  save(): { state: unknown; key: string } {
    return { state: undefined, key: '' };
  }

  restore(_state: unknown): void {
    // There is nothing besides the secret.
  }

  works(text: string): boolean {
    return satisfiesRules(text, RULES);
  }
}

/** A value that works in a system of the user's: the last two are valid there. */
export class StepsSystem extends ValueSystem {
  override readonly name: string;
  override readonly refusals = 1;
  private valid: readonly string[] = [FIRST];
  private refused = 0;

  /** @param issues whether the system issues the values, the same as often as it is asked for the same version */
  constructor(private readonly issues: boolean, readonly former?: string) {
    super();
    this.name = `steps of a user${issues ? ' whose values the system issues' : ''}${former === undefined ? '' : ', back'}`;
  }

  override process(gate: Gate): ProcessStrategy {
    const steps: RotationSteps = {
      ...(this.issues && {
        create: async ({ versionId }) => gate('issue', () => `issued-for-${versionId}---`.padEnd(RULES.length, '-')),
      }),
      set: async ({ current, pending }) => {
        const [held, next] = [(await current()).text, (await pending()).text];
        await gate('setValid', () => {
          this.valid = held === next ? this.valid : [next, held].filter((text) => text === next || this.valid.includes(text));
        });
      },
      test: async ({ pending }) => {
        const { text } = await pending();
        await gate('use', () => {
          if (!this.valid.includes(text)) {
            this.refused++;
            throw new RotationFailure('authentication', 'the value is not known');
          }
        });
      },
    };
    const binding = { secret: ARN, ...this.issues ? {} : { password: RULES } };
    return { strategy: new StepsStrategy([binding], steps), save: () => '', restore: () => undefined };
  }

  override save(): { state: unknown; key: string } {
    return { state: this.valid, key: this.valid.join() };
  }

  override restore(state: unknown): void {
    this.valid = state as readonly string[];
  }

  override works(text: string): boolean {
    return this.valid.includes(text);
  }

  takeLogins(): { refused: number; passwords: string[] } {
    const { refused } = this;
    this.refused = 0;
    return { refused, passwords: [] };
  }
}
