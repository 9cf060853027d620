/** Callers that connect and then keep still. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { CaseWorld, ServiceName } from '../template.ts';

const A_FEW = 8;
const BETWEEN_SECONDS = 0.3;

/** A few at a time, until so many are open; closed when the case ends. */
export async function holdConnections(world: CaseWorld, service: ServiceName, count: number): Promise<void> {
  const port = Number(new URL(world.addresses[service] ?? '').port);
  for (let opened = 0; opened < count && !world.signal.aborted; opened += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    world.signal.addEventListener('abort', () => socket.destroy(), { once: true });
    await once(socket, 'connect', { signal: world.signal }).catch(() => undefined);
    socket.unref();
    if (opened % A_FEW === 0) await world.pause(BETWEEN_SECONDS);
  }
}
