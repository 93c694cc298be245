import { Transform } from 'node:stream';

/** Type and length of a message; after them its body. */
const HEADER = 5;
const READY_FOR_QUERY = 'Z';
const AUTHENTICATION = 'R';
/** AuthenticationSASL and AuthenticationSASLContinue: the other messages of a login come in one piece with ReadyForQuery. */
const SASL_TURNS = [10, 11];

/** Counts the answers of a PostgreSQL server on their way to the client, one for each thing that it was asked, and stops at one of them. */
export class AnswerGate {
  /** Answers since the last `reset()`, over all connections. */
  public count = 0;
  private interruption?: { readonly nth: number; readonly callback: () => Promise<void> };

  /** Runs something when the server has given an answer and the client has not got it. The client never gets it. */
  public interrupt(nth: number, callback: () => Promise<void>): void {
    this.interruption = { nth, callback };
  }

  public reset(): void {
    this.count = 0;
    this.interruption = undefined;
  }

  /** What the answers of one connection pass through. */
  public passage(): Transform {
    let rest: Buffer = Buffer.alloc(0);
    const pass = async (passage: Transform, chunk: Buffer): Promise<void> => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= HEADER && rest.length > rest.readInt32BE(1)) {
        const message = rest.subarray(0, 1 + rest.readInt32BE(1));
        if (isAnswer(message)) {
          await this.answer();
        }
        passage.push(message);
        rest = rest.subarray(message.length);
      }
    };
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        pass(this, chunk).then(() => done(), () => this.destroy());
      },
    });
  }

  private async answer(): Promise<void> {
    this.count += 1;
    if (this.count === this.interruption?.nth) {
      await this.interruption.callback();
      throw new Error('withheld');
    }
  }
}

function isAnswer(message: Buffer): boolean {
  const type = String.fromCharCode(message[0]);
  return type === READY_FOR_QUERY || (type === AUTHENTICATION && SASL_TURNS.includes(message.readInt32BE(HEADER)));
}
