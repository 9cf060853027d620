/** MongoDB: the stand-in that drivers take for one, behind a connection that can be slow, silent or cut. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { startMongodbStandIn } from '../../../demo/mongodb-stand-in/stand-in.ts';
import type { BackendMode, RunningBackend } from '../template.ts';

/** As a database in the same data centre; it keeps a request from being faster than any real one. */
const NETWORK_MILLISECONDS = 16;

/** What was stored survives `stop` and `start`, as on a disk. */
export async function startMongodb(port: number): Promise<RunningBackend> {
  const standIn = await startMongodbStandIn();
  const sockets = new Set<Socket>();
  let mode: BackendMode = { mode: 'well' };

  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ port: standIn.port, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => sockets.delete(socket));
    }
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
    if (mode.mode === 'reset') client.resetAndDestroy();
    client.on('data', (chunk) => server.write(chunk));
    let lastDue = 0;
    server.on('data', (chunk) => {
      if (mode.mode === 'hang') return;
      const now = performance.now();
      // Never before what came earlier on this connection, also when it has just become faster.
      lastDue = Math.max(lastDue, now + (mode.mode === 'slow' ? mode.milliseconds : NETWORK_MILLISECONDS));
      setTimeout(() => client.write(chunk), lastDue - now);
    });
  });

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  const backend: RunningBackend = {
    async set(next) {
      if (next.mode === 'status' || next.mode === 'certificate') throw new Error(`MongoDB has no mode ${next.mode}`);
      // An answer that was swallowed leaves its connection out of step.
      if (mode.mode === 'hang' || next.mode === 'reset') cut();
      mode = next;
    },
    async start() {
      if (listener.listening) return;
      listener.listen(port, '127.0.0.1');
      await once(listener, 'listening');
    },
    async stop() {
      cut();
      if (!listener.listening) return;
      listener.close();
      await once(listener, 'close');
    },
    async close() {
      await backend.stop();
      await standIn.close();
    },
  };
  await backend.start();
  return backend;
}
