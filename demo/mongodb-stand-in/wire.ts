/** The MongoDB wire protocol: OP_MSG, and OP_QUERY for the first hello of a driver that does not know us yet. */
import { type Document, deserialize, serialize } from 'bson';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const HEADER_BYTES = 16;
export const MAX_MESSAGE_BYTES = 48_000_000;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;

export interface WireRequest {
  readonly requestId: number;
  readonly opCode: number;
  /** Its first key is the command's name; payloads sent beside it (`documents`, `updates`, `deletes`) are put in. */
  readonly command: Document;
  /** False: the sender will not wait for an answer. */
  readonly wantsReply: boolean;
}

/** Cuts a byte stream into requests. What it returns throws when the bytes are no MongoDB protocol. */
export function createMessageReader(): (chunk: Buffer) => WireRequest[] {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let neededBytes = HEADER_BYTES;
  return (chunk) => {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    if (waitingBytes < neededBytes) return []; // not joined for each chunk: that would be quadratic for a large insert
    let bytes = Buffer.concat(waiting);
    const requests: WireRequest[] = [];
    for (;;) {
      neededBytes = bytes.length < 4 ? HEADER_BYTES : messageBytes(bytes);
      if (bytes.length < neededBytes) break;
      requests.push(parseMessage(bytes.subarray(0, neededBytes)));
      bytes = bytes.subarray(neededBytes);
    }
    waiting = [bytes];
    waitingBytes = bytes.length;
    return requests;
  };
}

export function encodeReply(request: WireRequest, requestId: number, body: Document): Buffer {
  const document = Buffer.from(serialize(body, { ignoreUndefined: true }));
  if (request.opCode === OP_QUERY) {
    const prefix = Buffer.alloc(20);
    prefix.writeInt32LE(8, 0); // the server can await
    prefix.writeInt32LE(1, 16); // one document
    return withHeader(OP_REPLY, requestId, request.requestId, Buffer.concat([prefix, document]));
  }
  return withHeader(OP_MSG, requestId, request.requestId, Buffer.concat([Buffer.alloc(5), document]));
}

function messageBytes(bytes: Buffer): number {
  const length = bytes.readInt32LE(0);
  if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) throw new Error(`A message of ${length} bytes`);
  return length;
}

function parseMessage(message: Buffer): WireRequest {
  const requestId = message.readInt32LE(4);
  const opCode = message.readInt32LE(12);
  const body = message.subarray(HEADER_BYTES);
  if (opCode === OP_MSG) return { requestId, opCode, ...parseSections(body) };
  if (opCode === OP_QUERY) return { requestId, opCode, command: parseQuery(body), wantsReply: true };
  throw new Error(`Operation ${opCode} is not spoken here`);
}

function parseSections(body: Buffer): Pick<WireRequest, 'command' | 'wantsReply'> {
  const flags = body.readUInt32LE(0);
  const sections = body.subarray(4, (flags & CHECKSUM_PRESENT) === 0 ? body.length : body.length - 4);
  const payloads: Document = {};
  let command: Document = {};
  for (let at = 0; at < sections.length; ) {
    const kind = sections.readUInt8(at);
    const size = sections.readInt32LE(at + 1);
    if (size < 5 || at + 1 + size > sections.length) throw new Error('A section that is longer than its message');
    const section = sections.subarray(at + 1, at + 1 + size);
    if (kind === 0) command = deserialize(section);
    else if (kind === 1) Object.assign(payloads, parseDocumentSequence(section));
    else throw new Error(`A section of kind ${kind}`);
    at += 1 + size;
  }
  const $db: unknown = command.$db;
  return { command: { ...command, ...payloads, $db }, wantsReply: (flags & MORE_TO_COME) === 0 };
}

function parseDocumentSequence(section: Buffer): Document {
  const nameEnd = section.indexOf(0, 4);
  if (nameEnd < 0) throw new Error('A document sequence without a name');
  const documents: Document[] = [];
  for (let at = nameEnd + 1; at < section.length; ) {
    const size = section.readInt32LE(at);
    if (size < 5) throw new Error(`A document of ${size} bytes`);
    documents.push(deserialize(section.subarray(at, at + size)));
    at += size;
  }
  return { [section.toString('utf8', 4, nameEnd)]: documents };
}

function parseQuery(body: Buffer): Document {
  const nameEnd = body.indexOf(0, 4);
  const [database] = body.toString('utf8', 4, nameEnd).split('.', 1);
  return { ...deserialize(body.subarray(nameEnd + 9)), $db: database };
}

function withHeader(opCode: number, requestId: number, responseTo: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + body.length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, body]);
}
