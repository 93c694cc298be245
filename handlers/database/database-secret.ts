import type { Credentials } from './credential-target';
import { type CredentialPair, renewedCopies } from '../core/credential-copies';
import { JsonObject } from '../core/json-object';
import { RotationError } from '../core/rotation-error';
import type { CheckedDatabaseFacts } from '../deployment/function-facts';

/** The JSON of a database secret. Its fields are claims: only its credentials are ever used. */
export class DatabaseSecret {
  /** @param name what to call the version in errors */
  static parse(text: string, name: string): DatabaseSecret {
    return new DatabaseSecret(JsonObject.parse(text, name), name);
  }

  private constructor(private readonly json: JsonObject, private readonly name: string) {}

  get username(): string {
    return this.text('username');
  }

  get password(): string {
    return this.text('password');
  }

  /** Whether it holds a password: that of a user that does not exist yet need not. */
  get hasPassword(): boolean {
    return !this.json.lacks('password');
  }

  get databaseName(): string | undefined {
    return this.json.lacks('dbname') ? undefined : this.text('dbname');
  }

  get credentials(): Credentials {
    const { username, password, databaseName } = this;
    return { username, password, databaseName };
  }

  /** Whether it says which engine and host it is for. */
  get isLocated(): boolean {
    return !this.json.lacks('engine') && !this.json.lacks('host');
  }

  /** The fields that contradict where the function's database is. */
  contradictions(facts: CheckedDatabaseFacts, engines: readonly string[]): string[] {
    const [engine, host, port] = ['engine', 'host', 'port']
      .map((field) => this.json.lacks(field) ? undefined : this.json.field(field));
    return [
      engine === undefined || (typeof engine === 'string' && engines.includes(engine)) ? [] : ['engine'],
      host === undefined || (typeof host === 'string' && host.toLowerCase() === facts.host.toLowerCase()) ? [] : ['host'],
      port === undefined || port === facts.port || port === String(facts.port) ? [] : ['port'],
    ].flat();
  }

  /** The JSON with another password, wherever it holds the present one. */
  withPassword(password: string): string {
    return this.json.with(this.renewed({ username: this.username, password }));
  }

  /** The JSON for a user, completed with the location of the database. */
  locatedAt(facts: CheckedDatabaseFacts, credentials: CredentialPair): string {
    const { engine, host, port, databaseName: dbname } = facts;
    return this.json
      .withDefaults({ engine, host, port, ...(dbname === undefined ? {} : { dbname }) })
      .with(this.renewed(credentials));
  }

  /** This secret with the fields of another one in place of its own. */
  overlaidWith(other: DatabaseSecret): DatabaseSecret {
    const own = JsonObject.parse(this.json.with(this.renewed(other)), this.name);
    return new DatabaseSecret(own.overlaidWith(other.json), other.name);
  }

  private renewed({ username, password }: CredentialPair): Readonly<Record<string, unknown>> {
    const copies = this.hasPassword ? renewedCopies(this.json, this, { username, password }, this.name) : {};
    return { ...copies, username, password };
  }

  private text(field: string): string {
    const value = this.json.field(field);
    if (typeof value !== 'string' || value === '') {
      throw new RotationError('configuration', `${this.name} has no ${field}, or it is not a text`);
    }
    return value;
  }
}
