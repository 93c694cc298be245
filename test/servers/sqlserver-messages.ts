// Written from Microsoft's description of its protocol, MS-TDS: https://learn.microsoft.com/openspecs/windows_protocols/ms-tds/

export type Value = string | number | null;

export const MessageType = { BATCH: 0x01, ANSWER: 0x04, ATTENTION: 0x06, LOGIN7: 0x10, PRELOGIN: 0x12 } as const;
export const Encryption = { OFF: 0, ON: 1, NOT_SUPPORTED: 2, REQUIRED: 3 } as const;

export interface Message {
  readonly type: number;
  readonly data: Buffer;
}

const HEADER = 8;
const PACKET = 4_096;
const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);
const VERSION = Buffer.from([16, 0, 0x10, 0x06]);
const TDS_7_4 = Buffer.from([0x74, 0, 0, 0x04]);
const NVARCHAR = 0xe7;
const INTN = 0x26;
const NULL_TEXT = 0xffff;
const MAXIMUM_NVARCHAR = 8_000;

const bytes = (value: number, length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  buffer.writeUIntLE(value, 0, length);
  return buffer;
};
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
/** A text after its length in characters, as B_VARCHAR and US_VARCHAR. */
const counted = (text: string, length: 1 | 2): Buffer => Buffer.concat([bytes(text.length, length), utf16(text)]);
const token = (type: number, ...content: Buffer[]): Buffer => {
  const all = Buffer.concat(content);
  return Buffer.concat([Buffer.from([type]), bytes(all.length, 2), all]);
};

/** The packets of a message. */
export function packets(type: number, data: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let offset = 0; offset < data.length || offset === 0; offset += PACKET - HEADER) {
    const part = data.subarray(offset, offset + PACKET - HEADER);
    const header = Buffer.from([type, offset + part.length < data.length ? 0 : 1, 0, 0, 0, 0, 1, 0]);
    header.writeUInt16BE(HEADER + part.length, 2);
    parts.push(header, part);
  }
  return Buffer.concat(parts);
}

/** Cuts a stream into messages. */
export class MessageReader {
  private rest: Buffer = Buffer.alloc(0);
  private begun: Buffer[] = [];

  /** The messages that are complete by now. */
  read(chunk: Buffer): Message[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: Message[] = [];
    while (this.rest.length >= HEADER && this.rest.length >= this.rest.readUInt16BE(2)) {
      const length = this.rest.readUInt16BE(2);
      const [type, status] = this.rest;
      this.begun.push(this.rest.subarray(HEADER, length));
      this.rest = this.rest.subarray(length);
      if (status % 2 === 1) {
        messages.push({ type, data: Buffer.concat(this.begun) });
        this.begun = [];
      }
    }
    return messages;
  }
}

export function preLogin(encryption: number): Buffer {
  const version = Buffer.from([16, 0, 0x10, 0x06, 0, 0]);
  const header = Buffer.from([0, 0, 11, 0, version.length, 1, 0, 11 + version.length, 0, 1, 0xff]);
  return Buffer.concat([header, version, Buffer.from([encryption])]);
}

/** Parts of an answer. */
export const Token = {
  error: (number: number, text: string): Buffer =>
    token(0xaa, bytes(number, 4), Buffer.from([1, 14]), counted(text, 2), counted('PEER', 1), counted('', 1), bytes(1, 4)),
  loginAck: token(0xad, Buffer.from([1]), TDS_7_4, counted('Microsoft SQL Server', 1), VERSION),
  database: (name: string): Buffer => token(0xe3, Buffer.from([1]), counted(name, 1), counted('master', 1)),
  packetSize: (size: number): Buffer => token(0xe3, Buffer.from([4]), counted(String(size), 1), counted('4096', 1)),
  routing: (server: string, port: number): Buffer => {
    const address = Buffer.concat([Buffer.from([0]), bytes(port, 2), counted(server, 2)]);
    return token(0xe3, Buffer.from([20]), bytes(address.length, 2), address, bytes(0, 2));
  },
  sspi: token(0xed, Buffer.from('NTLMSSP\0'), bytes(2, 4), Buffer.alloc(60)),
  fedAuthInfo: (): Buffer => {
    const content = Buffer.concat([bytes(0, 4)]);
    return Buffer.concat([Buffer.from([0xee]), bytes(content.length, 4), content]);
  },
  done: (rows = 0): Buffer =>
    Buffer.concat([Buffer.from([0xfd]), bytes(rows === 0 ? 0 : 0x10, 2), bytes(0, 2), bytes(rows, 4), bytes(0, 4)]),
  failed: Buffer.concat([Buffer.from([0xfd]), bytes(2, 2), bytes(0, 2), bytes(0, 4), bytes(0, 4)]),
};

/** Columns and rows of a result. */
export function resultSet(rows: readonly Record<string, Value>[], columns: readonly string[]): Buffer {
  const isNumber = (column: string): boolean => rows.some((row) => typeof row[column] === 'number');
  const definitions = columns.map((column) => Buffer.concat([
    bytes(0, 4), bytes(1, 2),
    isNumber(column) ? Buffer.from([INTN, 4]) : Buffer.concat([Buffer.from([NVARCHAR]), bytes(MAXIMUM_NVARCHAR, 2), COLLATION]),
    counted(column, 1),
  ]));
  const cell = (column: string, value: Value): Buffer => {
    if (isNumber(column)) {
      return value === null ? Buffer.from([0]) : Buffer.concat([Buffer.from([4]), bytes(Number(value), 4)]);
    }
    return value === null ? bytes(NULL_TEXT, 2) : Buffer.concat([bytes(2 * String(value).length, 2), utf16(String(value))]);
  };
  const lines = rows.map((row) => Buffer.concat([Buffer.from([0xd1]), ...columns.map((column) => cell(column, row[column]))]));
  return Buffer.concat([Buffer.from([0x81]), bytes(columns.length, 2), ...definitions, ...lines]);
}

/** What a client says of itself. */
export interface LoginRequest {
  readonly hostName: string;
  readonly username: string;
  readonly password: string;
  readonly application: string;
  readonly serverName: string;
  readonly database: string;
  /** Whether it wants a login by Windows. */
  readonly integrated: boolean;
}

export function parseLogin7(data: Buffer): LoginRequest {
  const field = (at: number): Buffer => {
    const start = data.readUInt16LE(at);
    return data.subarray(start, start + 2 * data.readUInt16LE(at + 2));
  };
  const text = (at: number): string => field(at).toString('utf16le');
  // Each byte was turned round by half and then exclusive or with 0xa5.
  // eslint-disable-next-line no-bitwise
  const password = Buffer.from(field(44)).map((byte) => ((byte ^ 0xa5) >> 4) | (((byte ^ 0xa5) << 4) & 0xf0));
  return {
    hostName: text(36),
    username: text(40),
    password: Buffer.from(password).toString('utf16le'),
    application: text(48),
    serverName: text(52),
    database: text(68),
    // eslint-disable-next-line no-bitwise
    integrated: (data[25] & 0x80) !== 0,
  };
}

/** The text of a batch, after its headers. */
export function textOfBatch(data: Buffer): string {
  return data.toString('utf16le', data.readUInt32LE(0));
}
