export interface ClientMessage {
  /** Absent for the first messages of a connection, which have no type. */
  readonly type?: string;
  readonly body: Buffer;
}

/** Cuts what a client sends into the messages of protocol version 3. */
export class ClientMessages {
  private rest: Buffer = Buffer.alloc(0);
  private started = false;

  read(chunk: Buffer): ClientMessage[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: ClientMessage[] = [];
    for (;;) {
      const typeLength = this.started ? 1 : 0;
      if (this.rest.length < typeLength + 4) {
        return messages;
      }
      const end = typeLength + this.rest.readInt32BE(typeLength);
      if (this.rest.length < end) {
        return messages;
      }
      messages.push({
        type: this.started ? String.fromCharCode(this.rest[0]) : undefined,
        body: this.rest.subarray(typeLength + 4, end),
      });
      this.rest = this.rest.subarray(end);
      this.started = true;
    }
  }
}

function message(type: string, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

const readyForQuery = message('Z', 'I');
const done = message('C', 'SELECT 0\0');

/** What a server says. */
export const ServerMessage = {
  authenticationOk: Buffer.concat([message('R', int32(0)), readyForQuery]),
  cleartextPassword: message('R', int32(3)),
  md5Password: (salt: Buffer): Buffer => message('R', int32(5), salt),
  sasl: (mechanism: string): Buffer => message('R', int32(10), `${mechanism}\0\0`),
  saslContinue: (data: string): Buffer => message('R', int32(11), data),
  /** Amazon Redshift's own: the number of the algorithm, the salt of the stored password and a nonce. */
  digest: (algorithm: number, salt: Buffer, nonce: Buffer): Buffer =>
    message('R', int32(13), int32(algorithm), int32(salt.length), salt, int32(nonce.length), nonce),
  /** A demand of any number. */
  authentication: (code: number, ...more: Buffer[]): Buffer => message('R', int32(code), ...more),
  error: (sqlState: string, text: string): Buffer => message('E', `SFATAL\0C${sqlState}\0M${text}\0\0`),
  notice: message('N', 'SNOTICE\0C00000\0Mhello\0\0'),
  ready: readyForQuery,
  /** Any message; the first of a client has no type. */
  of: (type: string | undefined, body: Buffer): Buffer => message(type ?? '', body),
  saslFinal: (data: string): Buffer => message('R', int32(12), data),
  /** For the simple protocol. */
  emptyResult: Buffer.concat([done, readyForQuery]),
  /** For one Parse, Bind, Describe, Execute, Sync. */
  emptyExtendedResult: Buffer.concat([message('1'), message('2'), message('n'), done, readyForQuery]),
};
