import type { AccessKeyPair } from './user-access-keys';
import type { AccessKeyBinding } from '../../src/contract/access-key-binding';
import { JsonObject } from '../core/json-object';
import { RotationError } from '../core/rotation-error';

const KEY_ID = /^\w{16,128}$/;

/** The JSON of a secret with an access key, or what holds its place until the first rotation. */
export class AccessKeySecret {
  /** @param name what to call the version in errors */
  static parse(text: string, binding: AccessKeyBinding, name: string): AccessKeySecret {
    return new AccessKeySecret(binding, name, objectIn(text, name));
  }

  /** The access key ID in a version, whatever else is in it. */
  static idIn(text: string, binding: AccessKeyBinding): string | undefined {
    try {
      return AccessKeySecret.parse(text, binding, 'a version').pair?.id;
    } catch {
      return undefined;
    }
  }

  private constructor(
    private readonly binding: AccessKeyBinding,
    private readonly name: string,
    private readonly json?: JsonObject,
  ) {}

  /** `undefined` where there is no access key ID: the secret waits for its first key. */
  get pair(): AccessKeyPair | undefined {
    const [idField, secretField] = this.fields;
    const [id, secret] = [idField, secretField].map((field) => this.json?.field(field));
    if (id === undefined || id === null || id === '') {
      return undefined;
    }
    if (typeof id !== 'string' || !KEY_ID.test(id) || typeof secret !== 'string' || secret === '') {
      throw new RotationError(
        'configuration',
        `${this.name} has no access key in its fields ${idField} and ${secretField}: both are texts, as IAM gives them`,
      );
    }
    return { id, secret };
  }

  /** The same JSON with another access key. */
  with({ id, secret }: AccessKeyPair): string {
    const [idField, secretField] = this.fields;
    const changes = { [idField]: id, [secretField]: secret };
    return this.json ? this.json.with(changes) : JSON.stringify(changes);
  }

  private get fields(): [string, string] {
    const { idField = 'accessKeyId', secretField = 'secretAccessKey' } = this.binding;
    return [idField, secretField];
  }
}

/** A random text that holds the place of a value may be anything, and may look like the beginning of JSON. */
function objectIn(text: string, name: string): JsonObject | undefined {
  try {
    return JsonObject.parse(text, name);
  } catch {
    return undefined;
  }
}
