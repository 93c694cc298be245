import { RotationError } from './rotation-error';

type Fields = Readonly<Record<string, unknown>>;

/** A JSON object in a secret, of which only some fields are known. */
export class JsonObject {
  /** @param name what to call the version in errors */
  static parse(text: string, name: string): JsonObject {
    let fields: unknown;
    try {
      fields = JSON.parse(text, keepNumbers);
    } catch {
      fields = undefined;
    }
    // Nor is a number that is kept as it was written, although it is an object in JavaScript.
    if (fields === undefined || !text.trimStart().startsWith('{')) {
      throw new RotationError('configuration', `${name} is not a JSON object`);
    }
    return new JsonObject(fields as Fields);
  }

  private constructor(private readonly fields: Fields) {}

  field(name: string): unknown {
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  /** Whether a field is missing, or has nothing in it, as an unset variable leaves it. */
  lacks(name: string): boolean {
    return [undefined, null, ''].includes(this.field(name) as null);
  }

  entries(): [name: string, value: unknown][] {
    return Object.entries(this.fields);
  }

  /** The same JSON with other values for some fields. */
  with(changes: Fields): string {
    return JSON.stringify({ ...this.fields, ...changes });
  }

  /** The same JSON with values for fields that it lacks. */
  withDefaults(defaults: Fields): JsonObject {
    const lacking = Object.entries(defaults).filter(([name]) => this.lacks(name));
    return new JsonObject({ ...defaults, ...this.fields, ...Object.fromEntries(lacking) });
  }

  /** This object with the fields of another one in place of its own. */
  overlaidWith(other: JsonObject): JsonObject {
    return new JsonObject({ ...this.fields, ...other.fields });
  }
}

interface RawJson {
  rawJSON?(source: string): unknown;
}

/** Numbers that JavaScript cannot hold stay as they are written; Node.js 20 does not say how that was. */
export function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  const { rawJSON } = JSON as RawJson;
  return typeof value === 'number' && source !== undefined && rawJSON && String(value) !== source ? rawJSON(source) : value;
}
