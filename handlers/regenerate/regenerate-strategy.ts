import { generatorOf } from './generator-of';
import type { ValueBinding } from '../../src/contract/value-rules';
import { JsonObject } from '../core/json-object';
import { bindingOf, type Outcome, type RotationStrategy } from '../core/rotation-strategy';
import type { SecretRotation } from '../core/secret-rotation';

/** Makes values anew: the whole string, or fields of a JSON object. */
export class RegenerateStrategy implements RotationStrategy {
  constructor(private readonly bindings: readonly ValueBinding[]) {}

  async nextValue(rotation: SecretRotation): Promise<string> {
    const binding = bindingOf(rotation, this.bindings);
    const fields = fieldsOf(binding);
    // Before the keys are made, which may take seconds: what is not a JSON object is refused at once.
    const current = fields && JsonObject.parse(await rotation.current(), 'AWSCURRENT');
    const values = await generatorOf(binding).generate(rotation.deadline);
    return current ? current.with(Object.fromEntries(fields.map((field, index) => [field, values[index]]))) : values[0];
  }

  async formerValue(rotation: SecretRotation, former: string): Promise<string> {
    await this.prove(rotation, former);
    return former;
  }

  async apply(rotation: SecretRotation): Promise<Outcome> {
    bindingOf(rotation, this.bindings);
    return 'done';
  }

  async prove(rotation: SecretRotation, pending: string): Promise<void> {
    const binding = bindingOf(rotation, this.bindings);
    const values = valuesOf(pending, fieldsOf(binding));
    // Secrets Manager tries out a schedule with the value as it is, whoever made it.
    if (!(values && generatorOf(binding).couldHaveMade(values)) && pending !== await rotation.current()) {
      throw await rotation.drop('the pending value does not satisfy the rules for it');
    }
  }

  async rehearse(rotation: SecretRotation): Promise<void> {
    bindingOf(rotation, this.bindings);
  }
}

/** The fields that are replaced, in the order of the generator's values; none where the value is the whole string. */
function fieldsOf({ field, keyPair, sshKeyPair }: ValueBinding): string[] | undefined {
  const pair = keyPair ?? sshKeyPair;
  return field === undefined ? undefined : [field, ...pair ? [pair.publicKeyField] : []];
}

/** `undefined` where a field is missing or not a text, or the value is not a JSON object. */
function valuesOf(text: string, fields: string[] | undefined): string[] | undefined {
  if (!fields) {
    return [text];
  }
  try {
    const json = JsonObject.parse(text, 'AWSPENDING');
    const values = fields.map((field) => json.field(field)).filter((value) => typeof value === 'string');
    return values.length === fields.length ? values : undefined;
  } catch {
    return undefined;
  }
}
