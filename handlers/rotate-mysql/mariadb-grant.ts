import type { Account } from './account';
import { quoteAccount } from './quoting';
import { RotationError } from '../core/rotation-error';

/** Quoted texts, brackets, commas, words, spaces: none of them contains another one. */
const TOKEN = /`(?:[^`]|``)*`|'(?:[^']|'')*'|[(),]|[^\s`'(),]+|\s+/gy;

/** One row of `SHOW GRANTS`. */
export class MariadbGrant {
  /** `undefined` where the row is about the role that a session begins with, not about rights. */
  static parse(row: string, account: Account): MariadbGrant | undefined {
    const tokens: string[] = row.match(TOKEN) ?? [];
    if (tokens.join('') !== row) {
      throw unintelligible();
    }
    if (row.startsWith('SET DEFAULT ROLE ')) {
      return undefined;
    }
    const on = tokens.indexOf('ON');
    const to = tokens.indexOf('TO');
    const whose = tokens.slice(to + 1).join('').trimStart();
    const name = quoteAccount(account);
    if (tokens[0] !== 'GRANT' || to < 0 || !(whose === name || whose.startsWith(`${name} `))) {
      throw unintelligible();
    }
    const what = textOf(tokens.slice(1, on < 0 ? to : on));
    const words = textOf(tokens.slice(to + 1).filter((token) => !token.startsWith("'")));
    return on < 0
      ? new MariadbGrant(what, undefined, words.includes('WITH ADMIN OPTION'))
      : new MariadbGrant(what, textOf(tokens.slice(on + 1, to)), words.includes(' GRANT OPTION'));
  }

  private constructor(
    /** Privileges as the row lists them; of a role its name. */
    private readonly what: string,
    /** Level or object; absent for a role. */
    private readonly on: string | undefined,
    private readonly mayPassOn: boolean,
  ) {}

  /** The statement that gives another user the same; none where there is nothing to give. */
  statementsFor(account: Account): string[] {
    const name = quoteAccount(account);
    if (this.on === undefined) {
      return [`GRANT ${this.what} TO ${name}${this.mayPassOn ? ' WITH ADMIN OPTION' : ''}`];
    }
    return this.what === 'USAGE' && !this.mayPassOn
      ? []
      : [`GRANT ${this.what} ON ${this.on} TO ${name}${this.mayPassOn ? ' WITH GRANT OPTION' : ''}`];
  }

  /** Whether everything that this gives is in what others give. */
  isWithin(others: readonly MariadbGrant[]): boolean {
    const sameObject = others.filter(({ on }) => on === this.on);
    const given = new Set(sameObject.flatMap((other) => other.privileges));
    return (
      this.privileges.every(
        (privilege) => privilege === 'USAGE' || given.has(privilege) || (this.on !== undefined && given.has('ALL PRIVILEGES')),
      )
      && (!this.mayPassOn || sameObject.some((other) => other.mayPassOn && (this.on !== undefined || other.what === this.what)))
    );
  }

  /** One for each column where there are columns. */
  private get privileges(): string[] {
    if (this.on === undefined) {
      return [this.what];
    }
    const found: string[] = [];
    let privilege = '';
    let columns: string[] | undefined;
    for (const token of [...this.what.match(TOKEN)!, ',']) {
      if (token === '(') {
        columns = [];
      } else if (token === ')') {
        found.push(...columns!.map((column) => `${privilege.trim()} (${column})`));
        columns = undefined;
        privilege = '';
      } else if (columns) {
        columns.push(...token.startsWith('`') ? [token] : []);
      } else if (token === ',') {
        found.push(...privilege.trim() === '' ? [] : [privilege.trim()]);
        privilege = '';
      } else {
        privilege += token;
      }
    }
    return found;
  }
}

function textOf(tokens: readonly string[]): string {
  return tokens.join('').trim();
}

function unintelligible(): RotationError {
  return new RotationError('protocol', 'the server describes the rights of a user in a form that this function does not know');
}
