import type { ValueBinding } from '../../src/private/handler-contract';
import { generatePassword, satisfiesRules } from '../shared/generate-password';
import { JsonObject } from '../shared/json-object';
import type { Rotation } from '../shared/rotation';
import { bindingOf, type Outcome, type RotationStrategy } from '../shared/rotation-strategy';

/** Makes values anew: the whole string, or one field of a JSON object. */
export class RegenerateStrategy implements RotationStrategy {
  constructor(private readonly bindings: readonly ValueBinding[]) {}

  public async nextValue(rotation: Rotation): Promise<string> {
    const { field, password } = bindingOf(rotation, this.bindings);
    const value = generatePassword(password);
    return field === undefined ? value : JsonObject.parse(await rotation.current(), 'AWSCURRENT').with({ [field]: value });
  }

  public async apply(rotation: Rotation): Promise<Outcome> {
    bindingOf(rotation, this.bindings);
    return 'done';
  }

  public async prove(rotation: Rotation, pending: string): Promise<void> {
    const { field, password } = bindingOf(rotation, this.bindings);
    const value = field === undefined ? pending : fieldOf(pending, field);
    const satisfies = typeof value === 'string' && satisfiesRules(value, password);
    // Secrets Manager tries out a schedule with the value as it is, whoever made it.
    if (!satisfies && pending !== await rotation.current()) {
      throw await rotation.drop('the pending value does not satisfy the rules for it');
    }
  }

  public async rehearse(rotation: Rotation): Promise<void> {
    bindingOf(rotation, this.bindings);
  }
}

/** Nothing where the value has no such field, or is no JSON object. */
function fieldOf(text: string, field: string): unknown {
  try {
    return JsonObject.parse(text, 'AWSPENDING').field(field);
  } catch {
    return undefined;
  }
}
