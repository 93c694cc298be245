import { deflateSync } from 'node:zlib';
import { BSON, type Document } from 'mongodb';

const HEADER_LENGTH = 16;
const MAX_MESSAGE = 48_000_000;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;
const OP_MSG = 2013;
const ZLIB = 2;
/** Flags, and the kind of the one section. */
const OP_MSG_PREFIX = 5;
/** Of OP_QUERY, after the name of the collection. */
const SKIP_AND_LIMIT = 8;

/** A command, however it was wrapped. */
export interface MongodbRequest {
  readonly id: number;
  readonly operation: number;
  readonly command: Document;
}

/** Cuts what arrives into messages of the MongoDB wire protocol. */
export class MongodbStream {
  private rest: Buffer = Buffer.alloc(0);

  read(chunk: Buffer): MongodbRequest[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const requests: MongodbRequest[] = [];
    while (this.rest.length >= HEADER_LENGTH && this.rest.length >= this.rest.readInt32LE(0)) {
      const length = this.rest.readInt32LE(0);
      if (length < HEADER_LENGTH || length > MAX_MESSAGE) {
        throw new Error('not a message');
      }
      requests.push(parse(this.rest.subarray(0, length)));
      this.rest = this.rest.subarray(length);
    }
    return requests;
  }
}

/** An answer in the form of the request: OP_MSG, or OP_REPLY for the legacy greeting. */
export function answerTo({ id, operation }: MongodbRequest, document: Document): Buffer {
  const body = Buffer.from(BSON.serialize(document));
  const flagsAndKind = Buffer.alloc(OP_MSG_PREFIX);
  if (operation === OP_MSG) {
    return message(id, OP_MSG, Buffer.concat([flagsAndKind, body]));
  }
  const prefix = Buffer.alloc(20);
  prefix.writeInt32LE(1, 16);
  return message(id, OP_REPLY, Buffer.concat([prefix, body]));
}

/** The same, compressed, whether the client has asked for that or not. */
export function compressed(request: MongodbRequest, document: Document): Buffer {
  const answer = answerTo(request, document);
  const prefix = Buffer.alloc(9);
  prefix.writeInt32LE(answer.readInt32LE(12), 0);
  prefix.writeInt32LE(answer.length - HEADER_LENGTH, 4);
  prefix.writeUInt8(ZLIB, 8);
  return message(request.id, OP_COMPRESSED, Buffer.concat([prefix, deflateSync(answer.subarray(HEADER_LENGTH))]));
}

function message(responseTo: number, operation: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeInt32LE(HEADER_LENGTH + body.length, 0);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(operation, 12);
  return Buffer.concat([header, body]);
}

function parse(text: Buffer): MongodbRequest {
  const id = text.readInt32LE(4);
  const operation = text.readInt32LE(12);
  const body = text.subarray(HEADER_LENGTH);
  switch (operation) {
    case OP_MSG:
      return { id, operation, command: documentAt(body.subarray(OP_MSG_PREFIX)) };
    case OP_QUERY:
      return { id, operation, command: documentAt(body.subarray(body.indexOf(0, 4) + 1 + SKIP_AND_LIMIT)) };
    default:
      throw new Error(`operation ${operation}`);
  }
}

function documentAt(body: Buffer): Document {
  return BSON.deserialize(body, { promoteBuffers: true, allowObjectSmallerThanBufferSize: true });
}
