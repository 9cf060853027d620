/** A backend that speaks HTTP: its modes, and being stopped and started again on the same port. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { BackendMode, RunningBackend } from '../template.ts';
import type { Moods } from './moods.ts';

export interface HttpBackendOptions {
  readonly port: number;
  readonly moods: Moods;
  /** Who serves a connection. */
  readonly accept: (socket: Socket) => void;
  /** Before the first connection, and again at each change of mode. */
  prepare?(mode: BackendMode): Promise<void>;
  /** At the very end. */
  close?(): Promise<void>;
}

export async function startHttpBackend(options: HttpBackendOptions): Promise<RunningBackend> {
  const sockets = new Set<Socket>();
  const listener = listenerOf(sockets, options.accept);
  await options.prepare?.({ mode: 'well' });

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }
  const backend: RunningBackend = {
    async set(mode) {
      await options.prepare?.(mode);
      options.moods.set(mode);
      // What is kept alive would outlive a change that only new connections meet.
      if (mode.mode === 'reset' || mode.mode === 'certificate') cut();
    },
    async start() {
      if (listener.listening) return;
      listener.listen(options.port, '127.0.0.1');
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
      await options.close?.();
    },
  };
  await backend.start();
  return backend;
}

function listenerOf(sockets: Set<Socket>, accept: (socket: Socket) => void): Server {
  return createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
}
