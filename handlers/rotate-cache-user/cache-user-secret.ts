import { CACHE_USER_PASSWORD } from '../../src/contract/cache-facts';
import { renewedCopies } from '../core/credential-copies';
import { JsonObject } from '../core/json-object';
import { RotationError } from '../core/rotation-error';

/** The user that the deployment binds to a secret. */
export interface BoundUser {
  readonly arn: string;
  readonly username: string;
}

/** The JSON of a cache user's secret, as AWS's own rotation function has it. Only its password is ever used. */
export class CacheUserSecret {
  /** @param name what to call the version in errors */
  static parse(text: string, name: string): CacheUserSecret {
    return new CacheUserSecret(JsonObject.parse(text, name), name);
  }

  private constructor(private readonly json: JsonObject, private readonly name: string) {}

  get password(): string {
    const password = this.json.field('password');
    if (typeof password !== 'string' || !CACHE_USER_PASSWORD.test(password)) {
      throw new RotationError('configuration', `${this.name} has no password that a user can have: 16 to 128 printable `
        + 'characters, '
        + 'none of them a comma, a quotation mark, a slash or an at sign');
    }
    return password;
  }

  /** The fields that name another user; a missing field does not. */
  contradictions(user: BoundUser): string[] {
    return this.differences(user).filter((field) => this.json.field(field) !== undefined);
  }

  /** Whether it names its user, and correctly. */
  isOf(user: BoundUser): boolean {
    return this.differences(user).length === 0;
  }

  /** The same JSON with another password, wherever it holds the present one, and with the names of its user. */
  withPassword({ arn, username }: BoundUser, password: string): string {
    const copies = renewedCopies(this.json, { username, password: this.password }, { username, password }, this.name);
    return this.json.with({ ...copies, user_arn: arn, username, password });
  }

  private differences({ arn, username }: BoundUser): string[] {
    return Object.entries({ user_arn: arn, username }).filter(([field, value]) => this.json.field(field) !== value)
      .map(([field]) => field);
  }
}
