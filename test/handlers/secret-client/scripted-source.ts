import type { SecretAnswer, SecretRequest, SecretSource } from '../../../handlers/secret-client';

type Answering = (signal: AbortSignal) => Promise<SecretAnswer>;

/** Secrets Manager as a test wants it: it answers with what it holds, unless it is told to do something else first. */
export class ScriptedSource implements SecretSource {
  readonly requests: SecretRequest[] = [];
  /** What the next reads do, in their order. */
  readonly next: Answering[] = [];

  constructor(public holds: SecretAnswer) {}

  get reads(): number {
    return this.requests.length;
  }

  async getSecretValue(input: SecretRequest, { abortSignal }: { readonly abortSignal: AbortSignal }): Promise<SecretAnswer> {
    this.requests.push(input);
    const answering = this.next.shift();
    return answering === undefined ? this.holds : answering(abortSignal);
  }

  /** The next reads fail. */
  fail(times: number, error = new Error('out of order')): void {
    for (let read = 0; read < times; read++) {
      this.next.push(() => Promise.reject(error));
    }
  }

  /** The next read never ends. */
  hang(onAbort: () => void = () => undefined): void {
    this.next.push((signal) => new Promise(() => signal.addEventListener('abort', onAbort)));
  }
}
