/**
 * A name as the server reads it back, whatever characters it has: nothing in brackets has a meaning but the bracket that ends
 * them.
 */
export function quoteIdentifier(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/**
 * A text as the server reads it back.
 *
 * A backslash before the end of a line would take both away: there is no way to quote that, so that such texts are refused
 * before, by the limits of names.
 *
 * @see https://learn.microsoft.com/sql/t-sql/language-elements/sql-server-utilities-statements-backslash
 */
export function quoteLiteral(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}
