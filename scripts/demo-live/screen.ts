import { coloured, type MarkedText, plain } from './marked-text';

/** What a line is written to: the process's own output, and in tests a list. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** A line, and milliseconds since the first. */
export interface RecordedLine {
  readonly at: number;
  readonly text: MarkedText;
}

const CLEAR_LINE = '\r\u001b[2K';

/** Writes lines one below the other; on a terminal in colours, and with one more line below that changes. */
export class Screen {
  /** Every line that was written, without the one that changes. */
  readonly recorded: RecordedLine[] = [];
  private readonly startedAt = performance.now();
  private status = '';

  /** NO_COLOR is what people set who want no colours: https://no-color.org */
  constructor(private readonly output: Output, private readonly colours = output.isTTY === true && !process.env.NO_COLOR) {}

  line(text: MarkedText): void {
    for (const one of typeof text === 'string' ? text.split('\n') : [text]) {
      this.recorded.push({ at: performance.now() - this.startedAt, text: one });
      this.output.write(`${this.clear()}${this.shown(one)}\n${this.status}`);
    }
  }

  /** Replaces the line below all others: nothing is shown of it where lines cannot be replaced. */
  below(text: MarkedText): void {
    if (this.output.isTTY) {
      const clear = this.clear();
      this.status = this.shown(text);
      this.output.write(`${clear}${this.status}`);
    }
  }

  private clear(): string {
    return this.status === '' ? '' : CLEAR_LINE;
  }

  private shown(text: MarkedText): string {
    return this.colours ? coloured(text) : plain(text);
  }
}
