/** All commands the stand-in knows; any other is refused as a real server refuses it. */
import type { Document } from 'bson';
import { CommandError } from './command-error.ts';
import type { Cursors } from './cursors.ts';
import { aggregate, count, find, getMore, killCursors, listCollections } from './read-commands.ts';
import type { Storage } from './storage.ts';
import { MAX_MESSAGE_BYTES } from './wire.ts';
import { findAndModify, insert, remove, update } from './write-commands.ts';

type Command = (command: Document, storage: Storage, cursors: Cursors) => Document;

/** The version whose answers are imitated, and the protocol version that belongs to it. */
const VERSION = '7.0.0';
const WIRE_VERSION = 21;

const COMMANDS: Readonly<Record<string, Command>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: () => ({ ok: 1 }),
  buildInfo,
  buildinfo: buildInfo, // the driver's spelling
  endSessions: () => ({ ok: 1 }),
  find,
  getMore,
  killCursors,
  count,
  aggregate,
  listCollections,
  insert,
  update,
  delete: remove,
  findAndModify,
  drop,
  dropDatabase,
};

/** Never throws for what the client did: a refusal is an answer with `ok: 0`. */
export function runCommand(command: Document, storage: Storage, cursors: Cursors): Document {
  const name = Object.keys(command)[0] ?? '';
  try {
    const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!run) throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
    return run(command, storage, cursors);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName };
  }
}

function hello(): Document {
  return {
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    maxBsonObjectSize: 16_777_216,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    minWireVersion: 0,
    maxWireVersion: WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

function buildInfo(): Document {
  return { version: VERSION, versionArray: [7, 0, 0, 0], modules: [], maxBsonObjectSize: 16_777_216, ok: 1 };
}

function drop(command: Document, storage: Storage): Document {
  storage.drop(String(command.$db), String(command.drop));
  return { ok: 1 };
}

function dropDatabase(command: Document, storage: Storage): Document {
  storage.dropDatabase(String(command.$db));
  return { ok: 1 };
}
