/** Ports of one case: below those that outgoing connections take, so that a service that restarts finds its own free. */
import { createServer, type Server } from 'node:net';
import { listen } from '../../../demo/listen.ts';
import { isFree } from '../../../demo/ports.ts';

const LOWEST = 11_000;
const PORTS_A_SLOT = 40;
const SLOTS = 400;

export interface Slot {
  readonly number: number;
  release(): void;
}

/**
 * Ports that no other case takes, of whatever recorder. It is held by listening on the first of them, which the
 * system gives back even where a recorder is killed.
 */
export async function takeSlot(): Promise<Slot> {
  for (let number = 0; number < SLOTS; number += 1) {
    const server = await heldBy(LOWEST + number * PORTS_A_SLOT);
    if (server) return { number, release: () => void server.close() };
  }
  throw new Error('All ports for cases are taken: end the other recorders');
}

async function heldBy(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    await listen(server, port);
    return server.unref();
  } catch {
    server.close();
    return undefined;
  }
}

/** Those of one slot. What somebody holds is passed over. */
export async function portsOf(slot: number, count: number): Promise<number[]> {
  const found: number[] = [];
  const first = LOWEST + slot * PORTS_A_SLOT;
  for (let port = first; found.length < count; port += 1) {
    if (port >= first + PORTS_A_SLOT) throw new Error(`From ${first} on too few ports are free for a case`);
    if (await isFree(port)) found.push(port);
  }
  return found;
}
