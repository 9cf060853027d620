/** A server that official MongoDB drivers take for a MongoDB: real TCP, real protocol, documents in memory only. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { runCommand } from './commands.ts';
import { createCursors } from './cursors.ts';
import { createStorage } from './storage.ts';
import { createMessageReader, encodeReply } from './wire.ts';

export interface MongodbStandIn {
  readonly uri: string;
  readonly port: number;
  /** Cuts all connections, as a killed server does; the documents are gone. */
  close(): Promise<void>;
}

export interface StandInOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** Rejects when the port is taken. */
export async function startMongodbStandIn({
  port = 0,
  host = '127.0.0.1',
}: StandInOptions = {}): Promise<MongodbStandIn> {
  const storage = createStorage();
  const cursors = createCursors();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, (command) => runCommand(command, storage, cursors));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const boundPort = portOf(server);
  return {
    uri: `mongodb://${host}:${boundPort}`,
    port: boundPort,
    async close() {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

type Run = (command: Parameters<typeof runCommand>[0]) => ReturnType<typeof runCommand>;

function serve(socket: Socket, run: Run): void {
  const read = createMessageReader();
  let replies = 0;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const request of read(chunk)) {
        const body = run(request.command);
        replies += 1;
        if (request.wantsReply) socket.write(encodeReply(request, replies, body));
      }
    } catch {
      socket.destroy(); // not our protocol: a real server hangs up too
    }
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in is not listening on a port');
  return address.port;
}
