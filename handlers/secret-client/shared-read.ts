import { Moment } from './moment';

/** A read that is under way. */
interface UnderWay<T> {
  readonly answer: Promise<T>;
  readonly started: Moment;
}

/** One read for all who ask while it is under way, and for no longer than its time. */
export class SharedRead<T> {
  readonly #read: (signal: AbortSignal) => Promise<T>;
  readonly #keep: (answer: T) => void;
  readonly #milliseconds: number;
  #underWay?: UnderWay<T>;

  /** @param keep gets each answer before those who asked for it */
  constructor(read: (signal: AbortSignal) => Promise<T>, keep: (answer: T) => void, milliseconds: number) {
    this.#read = read;
    this.#keep = keep;
    this.#milliseconds = milliseconds;
  }

  async run(): Promise<T> {
    // What Lambda has frozen finds, when it goes on, a read of long ago of which nothing will come.
    if (this.#underWay === undefined || this.#underWay.started.age > this.#milliseconds) {
      this.#underWay = this.#start();
    }
    return this.#underWay.answer;
  }

  #start(): UnderWay<T> {
    const started: UnderWay<T> = {
      started: new Moment(),
      answer: this.#inTime().then((answer) => {
        // One that was given up changes nothing that came after it.
        if (this.#underWay === started) {
          this.#keep(answer);
        }
        return answer;
      }).finally(() => {
        if (this.#underWay === started) {
          this.#underWay = undefined;
        }
      }),
    };
    return started;
  }

  async #inTime(): Promise<T> {
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`Secrets Manager has not answered within ${this.#milliseconds} ms`));
        controller.abort();
      }, this.#milliseconds);
    });
    try {
      return await Promise.race([this.#read(controller.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
