/**
 * The data types of SSH.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4251#section-5
 */
export function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A positive number: without leading zeros, but for one where the first bit would say that it is negative. */
export function sshNumber(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
  return sshString(digits[0] >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Reads such data in the order in which it was written; what is too short is an error. */
export class SshReader {
  private position = 0;

  constructor(private readonly bytes: Buffer) {}

  take(length: number): Buffer {
    const end = this.position + length;
    if (end > this.bytes.length) {
      throw new RangeError('too short');
    }
    const taken = this.bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }

  string(): Buffer {
    return this.take(this.take(4).readUInt32BE());
  }
}
