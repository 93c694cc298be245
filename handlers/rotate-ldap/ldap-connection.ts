import { NotBer } from './ber';
import { decodeAnswer, type LdapAnswer, type LdapResult } from './ldap-answers';
import { encodeMessage, type LdapRequest } from './ldap-requests';
import { RotationError } from '../core/rotation-error';
import type { ServerSocket, Wait } from '../tls/server-socket';

/** How an operation ended, and of the entry that it found, the values of the attribute that was asked for. */
export interface LdapOutcome extends LdapResult {
  readonly found?: readonly string[];
}

/** What a server tells clients of its own accord, before it goes. */
const UNASKED = 0;

/** A connection to an LDAP server over which one operation is asked for at a time. */
export class LdapConnection {
  private lastId = 0;

  constructor(private readonly server: ServerSocket) {}

  async ask(request: LdapRequest, wait: Wait): Promise<LdapOutcome> {
    const id = ++this.lastId;
    const { stream } = this.server;
    return this.server.answered(wait, async () => new Promise((resolve, reject) => {
      let found: readonly string[] | undefined;
      let received = Buffer.alloc(0);
      const closed = (): void => reject(new RotationError('network', 'the server closed the connection'));
      if (stream.destroyed) {
        // It does not say so again.
        closed();
        return;
      }
      stream.removeAllListeners('data').on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        try {
          for (let next = decodeAnswer(received); next; next = decodeAnswer(received)) {
            received = received.subarray(next.end);
            const { result, values } = answerTo(id, request, next.answer);
            if (found && values) {
              // One is asked for by its name, and a name has one.
              throw brokenProtocol();
            }
            found ??= values;
            if (result) {
              stream.off('close', closed);
              resolve({ ...result, found });
            }
          }
        } catch (thrown) {
          reject(thrown instanceof NotBer ? brokenProtocol() : RotationError.from(thrown));
        }
      });
      stream.once('close', closed);
      stream.write(encodeMessage(id, request));
    }));
  }

  close(): void {
    this.server.destroy();
  }
}

function answerTo(id: number, { answeredBy }: LdapRequest, answer: LdapAnswer): LdapAnswer {
  if (answer.id === UNASKED) {
    throw new RotationError('network', 'the server ends the connection');
  }
  if (answer.id !== id || !answeredBy.includes(answer.operation)) {
    throw brokenProtocol();
  }
  return answer;
}

function brokenProtocol(): RotationError {
  return new RotationError('protocol', 'the server does not answer as LDAP servers do');
}
