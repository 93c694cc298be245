// The public API of the client, packed as a declaration: it imports only what is packed beside it.
import type { SecretAnswer } from './secret-source';

/**
 * A version of the secret. Its value does not show in `console.log()`, `util.inspect()` and `JSON.stringify()`, which read
 * properties: it comes from methods.
 */
export class SecretVersion {
  /**
   * The version that an answer contains.
   *
   * @throws where the answer names no version, or has no value
   */
  static of(secretId: string, answer: SecretAnswer): SecretVersion {
    const value = answer.SecretString ?? answer.SecretBinary;
    if (answer.VersionId === undefined || value === undefined) {
      throw new Error(`the answer for the secret '${secretId}' has no ${value === undefined ? 'value' : 'VersionId'}`);
    }
    return new SecretVersion(secretId, answer.VersionId, value);
  }

  /** ARN or name that the secret was read by. */
  readonly secretId: string;
  /** Id of the version. */
  readonly versionId: string;
  readonly #value: string | Uint8Array;

  private constructor(secretId: string, versionId: string, value: string | Uint8Array) {
    this.secretId = secretId;
    this.versionId = versionId;
    this.#value = value;
  }

  /**
   * The whole value, as it is stored.
   *
   * @throws where it is binary
   */
  text(): string {
    if (typeof this.#value !== 'string') {
      throw this.#wrong('is binary: read bytes()');
    }
    return this.#value;
  }

  /** The whole value, a text as UTF-8: a copy. */
  bytes(): Uint8Array {
    return typeof this.#value === 'string' ? new TextEncoder().encode(this.#value) : Uint8Array.from(this.#value);
  }

  /**
   * The fields of a value that is a JSON object.
   *
   * @throws where it is not one
   */
  json<T extends object = Record<string, unknown>>(): T {
    const value = parsed(this.text());
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#wrong('is not a JSON object');
    }
    return value as T;
  }

  /**
   * A field of a value that is a JSON object.
   *
   * @throws where the value is not a JSON object, or has no such text
   */
  field(name: string): string {
    const fields = this.json();
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof value !== 'string') {
      throw this.#wrong(`has no text in the field '${name}'`);
    }
    return value;
  }

  #wrong(what: string): Error {
    return new Error(`the value of the secret '${this.secretId}' ${what}`);
  }
}

/** What Node.js says of a text that is not JSON quotes the text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
