/** Ports of one case: below those that outgoing connections take, so that a service that restarts finds its own free. */
import { isFree } from '../../../demo/ports.ts';

const LOWEST = 11_000;
const PORTS_A_SLOT = 40;
const SLOTS = 400;

/** `slot`: different for all cases that run at once. Ports that somebody holds are passed over. */
export async function portsOf(slot: number, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let port = LOWEST + (slot % SLOTS) * PORTS_A_SLOT; found.length < count; port += 1) {
    if (port >= LOWEST + SLOTS * PORTS_A_SLOT) throw new Error('No ports are free for a case');
    if (await isFree(port)) found.push(port);
  }
  return found;
}
