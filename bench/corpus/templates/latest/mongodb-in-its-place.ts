/** At the database's address something answers that has its documents, and is not what it was. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Document, MongoClient } from 'mongodb';
import { runCommand } from '../../../../demo/mongodb-stand-in/commands.ts';
import { createCursors } from '../../../../demo/mongodb-stand-in/cursors.ts';
import { createStorage } from '../../../../demo/mongodb-stand-in/storage.ts';
import { createMessageReader, encodeReply } from '../../../../demo/mongodb-stand-in/wire.ts';
import type { CaseWorld } from '../../template.ts';
import { portOf } from '../later/in-its-place.ts';

const DATABASE = 'servicedb';
const COLLECTION = 'items';
/** Removing is allowed: that is how room is made. */
const WRITES = new Set(['insert', 'update', 'findAndModify']);
/** As far away as the database was before. */
const NETWORK_MILLISECONDS = 16;

interface Changed {
  /** What a command is answered with instead; undefined: what is usual. */
  refusal?(command: Document): Document | undefined;
  /** Larger replies are sent and never arrive. */
  readonly largestBytes?: number;
}

/** A hosted MongoDB whose plan is used up: it reads as before and takes no more writes. */
export function overQuota(world: CaseWorld, megabytes: number): Promise<void> {
  const refusal = {
    ok: 0,
    errmsg: `you are over your space quota, using ${megabytes + 1} MB of ${megabytes} MB`,
    code: 8000,
    codeName: 'AtlasError',
  };
  return mongodbInItsPlace(world, {
    refusal: (command) => (WRITES.has(Object.keys(command)[0] ?? '') ? refusal : undefined),
  });
}

/** A way to MongoDB on which what is larger than one packet gets lost. */
export function behindNarrowWay(world: CaseWorld, largestBytes: number): Promise<void> {
  return mongodbInItsPlace(world, { largestBytes });
}

/** For as long as the case lasts. */
async function mongodbInItsPlace(world: CaseWorld, changed: Changed): Promise<void> {
  const usual = answering(await documentsOf(world));
  const answers = (command: Document) => changed.refusal?.(command) ?? usual(command);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, answers, changed.largestBytes ?? Number.POSITIVE_INFINITY);
  });
  await world.backend('mongodb').stop();
  server.listen(portOf(world, 'mongodb'), '127.0.0.1');
  await once(server, 'listening');
  world.signal.addEventListener(
    'abort',
    () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
    { once: true },
  );
}

async function documentsOf(world: CaseWorld): Promise<Document[]> {
  const client = new MongoClient(`mongodb://127.0.0.1:${portOf(world, 'mongodb')}`, {
    serverSelectionTimeoutMS: 2_000,
  });
  try {
    return await client.db(DATABASE).collection(COLLECTION).find().toArray();
  } finally {
    await client.close();
  }
}

type Answers = (command: Document) => Document;

function answering(documents: readonly Document[]): Answers {
  const storage = createStorage();
  const cursors = createCursors();
  runCommand({ insert: COLLECTION, documents: [...documents], $db: DATABASE }, storage, cursors);
  return (command) => runCommand(command, storage, cursors);
}

function serve(socket: Socket, answers: Answers, largestBytes: number): void {
  const read = createMessageReader();
  let replies = 0;
  socket.on('data', (chunk: Buffer) => {
    for (const request of read(chunk)) {
      replies += 1;
      const reply = encodeReply(request, replies, answers(request.command));
      const isSent = request.wantsReply && reply.length <= largestBytes;
      if (isSent) setTimeout(() => socket.write(reply), NETWORK_MILLISECONDS);
    }
  });
}
