import type { Account } from './account';

/** A name as the server reads it back, whatever characters it has and whatever `sql_mode` says. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** A text as the server reads it back in a session with `NO_BACKSLASH_ESCAPES`, which the connection sets. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `user`@`host`. */
export function quoteAccount({ username, host }: Account): string {
  return `${quoteIdentifier(username)}@${quoteIdentifier(host)}`;
}
