import { type Duplex, Transform } from 'node:stream';

/** Counts the answers of a server on their way to the client, one for each thing that it was asked, and stops at one of them. */
export class AnswerGate {
  /** Answers since the last `reset()`, over all connections. */
  count = 0;
  private interruption?: { readonly nth: number; readonly callback: () => Promise<void> };

  /** Runs something when the server has given an answer and the client has not got it. The client never gets it. */
  interrupt(nth: number, callback: () => Promise<void>): void {
    this.interruption = { nth, callback };
  }

  reset(): void {
    this.count = 0;
    this.interruption = undefined;
  }

  /**
   * What the answers to a client pass through. Whatever the protocol, the first thing that comes after a question is its answer.
   */
  passage(client: Duplex): Transform {
    let isAsked = false;
    client.on('data', () => isAsked = true);
    const pass = async (): Promise<void> => {
      if (isAsked) {
        isAsked = false;
        await this.answer();
      }
    };
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        pass().then(() => done(null, chunk), () => this.destroy());
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
