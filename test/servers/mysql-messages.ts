/* eslint-disable no-bitwise */
// Written from MySQL's description of its protocol: https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html

export const Capability = {
  LONG_PASSWORD: 0x1,
  CONNECT_WITH_DB: 0x8,
  PROTOCOL_41: 0x200,
  SSL: 0x800,
  TRANSACTIONS: 0x2000,
  SECURE_CONNECTION: 0x8000,
  PLUGIN_AUTH: 0x80000,
  CONNECT_ATTRS: 0x100000,
  PLUGIN_AUTH_LENENC_CLIENT_DATA: 0x200000,
} as const;

export type Value = string | number | null;

const UTF8MB4 = 255;
const AUTOCOMMIT = 2;
const VARIABLE_TEXT = 0xfd;
const LONG_NUMBER = 0x08;
const STATUS = Buffer.from([0, 0, AUTOCOMMIT, 0]);

const withNul = (text: string): Buffer => Buffer.from(`${text}\0`);
const bytes = (value: number, length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  buffer.writeUIntLE(value, 0, length);
  return buffer;
};

/** Length and text, as the protocol's `string<lenenc>`. */
function lengthEncoded(text: string): Buffer {
  const content = Buffer.from(text);
  const length = content.length < 251 ? bytes(content.length, 1) : Buffer.concat([Buffer.from([0xfc]), bytes(content.length, 2)]);
  return Buffer.concat([length, content]);
}

/** Payloads of packets that servers send. */
export const Payload = {
  greeting: (options: { version: string; plugin: string; salt: Buffer; tls: boolean }): Buffer => {
    const all = Object.values(Capability).reduce((sum, flag) => sum | flag, 0);
    const capabilities = bytes(options.tls ? all : all & ~Capability.SSL, 4);
    return Buffer.concat([
      Buffer.from([10]), withNul(options.version), bytes(7, 4), options.salt.subarray(0, 8), Buffer.alloc(1),
      capabilities.subarray(0, 2), Buffer.from([UTF8MB4]), bytes(AUTOCOMMIT, 2), capabilities.subarray(2),
      Buffer.from([options.salt.length + 1]),
      Buffer.alloc(10), options.salt.subarray(8), Buffer.alloc(1), withNul(options.plugin),
    ]);
  },
  ok: Buffer.concat([Buffer.from([0, 0, 0]), bytes(AUTOCOMMIT, 2), bytes(0, 2)]),
  error: (code: number, state: string, text: string): Buffer =>
    Buffer.concat([Buffer.from([0xff]), bytes(code, 2), Buffer.from(`#${state}${text}`)]),
  authSwitch: (plugin: string, salt: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0xfe]), withNul(plugin), salt, Buffer.alloc(1)]),
  authMoreData: (data: Buffer): Buffer => Buffer.concat([Buffer.from([1]), data]),
  localInfile: (file: string): Buffer => Buffer.concat([Buffer.from([0xfb]), Buffer.from(file)]),
};

/** The payloads of a result: the number of columns, their definitions, the rows. */
export function resultSet(rows: readonly Record<string, Value>[], columns = Object.keys(rows[0] ?? {})): Buffer[] {
  const end = Buffer.concat([Buffer.from([0xfe]), STATUS]);
  const definitions = columns.map((column) => {
    const type = typeof rows[0]?.[column] === 'number' ? LONG_NUMBER : VARIABLE_TEXT;
    return Buffer.concat([
      ...['def', '', '', '', column, ''].map(lengthEncoded), Buffer.from([0x0c]), bytes(UTF8MB4, 2), bytes(1024, 4),
      Buffer.from([type]), Buffer.alloc(5),
    ]);
  });
  const cell = (value: Value): Buffer => value === null ? Buffer.from([0xfb]) : lengthEncoded(String(value));
  const lines = rows.map((row) => Buffer.concat(columns.map((column) => cell(row[column]))));
  return [bytes(columns.length, 1), ...definitions, end, ...lines, end];
}

/** What a client says of itself. */
export interface LoginRequest {
  readonly capabilities: number;
  readonly username: string;
  readonly proof: Buffer;
  readonly database?: string;
  readonly plugin: string;
  /** Names and values in turn. */
  readonly attributes: readonly string[];
}

export function parseLoginRequest(payload: Buffer): LoginRequest {
  const capabilities = payload.readUInt32LE(0);
  let offset = 32;
  const untilNul = (): string => {
    const end = payload.indexOf(0, offset);
    const text = payload.toString('utf8', offset, end);
    offset = end + 1;
    return text;
  };
  const counted = (): Buffer => {
    const length = payload[offset];
    const content = payload.subarray(offset + 1, offset + 1 + length);
    offset += 1 + length;
    return content;
  };
  const username = untilNul();
  const proof = counted();
  const database = capabilities & Capability.CONNECT_WITH_DB ? untilNul() : undefined;
  const plugin = untilNul();
  const attributes: string[] = [];
  if (capabilities & Capability.CONNECT_ATTRS) {
    offset += 1;
    while (offset < payload.length) {
      attributes.push(counted().toString());
    }
  }
  return { capabilities, username, proof, database, plugin, attributes };
}

/** Cuts a stream into packets and numbers those that are sent. */
export class PacketStream {
  private rest: Buffer = Buffer.alloc(0);
  private sequence = 0;

  /** The packets that are complete by now. */
  read(chunk: Buffer): Buffer[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const payloads: Buffer[] = [];
    while (this.rest.length >= 4 && this.rest.length >= 4 + this.rest.readUIntLE(0, 3)) {
      const length = this.rest.readUIntLE(0, 3);
      this.sequence = (this.rest[3] + 1) % 256;
      payloads.push(this.rest.subarray(4, 4 + length));
      this.rest = this.rest.subarray(4 + length);
    }
    return payloads;
  }

  write(...payloads: Buffer[]): Buffer {
    return Buffer.concat(payloads.flatMap((payload) => {
      const header = Buffer.concat([bytes(payload.length, 3), Buffer.from([this.sequence])]);
      this.sequence = (this.sequence + 1) % 256;
      return [header, payload];
    }));
  }
}
