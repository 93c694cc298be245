/** A user of MySQL or MariaDB: the same name for another host is another user. */
export interface Account {
  readonly username: string;
  readonly host: string;
}

/** From what `CURRENT_USER()` says. A user name may have an at sign, a host cannot. */
export function parseAccount(text: string): Account {
  const at = text.lastIndexOf('@');
  return { username: text.slice(0, at), host: text.slice(at + 1) };
}
