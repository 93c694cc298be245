import { NotBer } from './ber';
import { decodeAnswer, type LdapAnswer, type LdapResult } from './ldap-answers';
import { encodeMessage, type LdapRequest } from './ldap-requests';
import { RotationError } from '../core/rotation-error';
import type { ServerSocket, Wait } from '../tls/server-socket';

/** How an operation ended, and the entries that it found: of each, the values of the attribute that was asked for. */
export interface LdapOutcome extends LdapResult {
  readonly entries: readonly (readonly string[])[];
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
      const entries: (readonly string[])[] = [];
      let received = Buffer.alloc(0);
      const closed = (): void => reject(new RotationError('network', 'the server closed the connection'));
      stream.removeAllListeners('data').on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        try {
          for (let next = decodeAnswer(received); next; next = decodeAnswer(received)) {
            received = received.subarray(next.end);
            const { result, values } = answerTo(id, request, next.answer);
            if (values) {
              entries.push(values);
            }
            if (result) {
              stream.off('close', closed);
              resolve({ ...result, entries });
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
