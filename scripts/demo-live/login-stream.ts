import type { Emphasis, Part } from './marked-text';

/** What a login looks like: that of the first user, of another one, and one that was refused. */
const MARKS = { first: '●', second: '○', bad: '✕' } as const;
/** Marks in a row; where there are more logins, a mark stands for several. */
const WIDTH = 60;

type Kind = keyof typeof MARKS;

/** The logins of an application as they flow: a mark for each, by user. */
export class LoginStream {
  private readonly users: string[] = [];
  private row: Kind[] = [];

  /** @param username `undefined` where the login failed */
  add(username: string | undefined): void {
    if (username !== undefined && !this.users.includes(username)) {
      this.users.push(username);
    }
    this.row.push(username === undefined ? 'bad' : username === this.users[0] ? 'first' : 'second');
  }

  /** The logins since the last row. */
  peek(): Part[] {
    const perMark = Math.max(1, this.row.length / WIDTH);
    const marks = Array.from({ length: Math.min(WIDTH, this.row.length) }, (_, index): Kind => {
      const logins = this.row.slice(Math.floor(index * perMark), Math.floor((index + 1) * perMark));
      // A refused one is never hidden by those beside it.
      return logins.includes('bad') ? 'bad' : logins[0];
    });
    const parts: { kind: Kind; text: string }[] = [];
    for (const kind of marks) {
      const last = parts[parts.length - 1];
      if (last?.kind === kind) {
        last.text += MARKS[kind];
      } else {
        parts.push({ kind, text: MARKS[kind] });
      }
    }
    return parts.map(({ kind, text }) => ({ text, emphasis: kind }));
  }

  /** The logins since the last row, with their number. Another row begins. */
  next(): { marks: Part[]; width: number; logins: number } {
    const [marks, logins] = [this.peek(), this.row.length];
    this.row = [];
    return { marks, width: WIDTH, logins };
  }

  /** What the marks are for. */
  legend(usernames: readonly string[]): Part[] {
    const kinds: Kind[] = ['first', 'second'];
    this.users.push(...usernames.filter((username) => !this.users.includes(username)));
    const known = usernames.map((username): [Kind, string] => [kinds[Math.min(this.users.indexOf(username), 1)], username]);
    return [...known, ['bad', 'refused'] as [Kind, string]].flatMap(([kind, name], index): Part[] => [
      { text: `${index === 0 ? '' : '   '}${MARKS[kind]} `, emphasis: kind satisfies Emphasis }, { text: name },
    ]);
  }
}
