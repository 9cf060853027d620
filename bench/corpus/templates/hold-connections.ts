/** Callers that connect and then keep still. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { readPrometheusText } from '../../../apps/incident-agent-workflow/src/monitor/prometheus-text.ts';
import type { CaseWorld, ServiceName } from '../template.ts';

const ROUNDS = 25;
const BETWEEN_SECONDS = 0.6;
const MOST_AT_ONCE = 20;

/** More and more of them, until the service may open only `left` more files; closed when the case ends. */
export async function holdConnections(world: CaseWorld, service: ServiceName, left: number): Promise<void> {
  const address = world.addresses[service] ?? '';
  for (let round = 0; round < ROUNDS && !world.signal.aborted; round += 1) {
    const more = Math.min(MOST_AT_ONCE, (await filesLeft(address)) - left);
    for (let opened = 0; opened < more; opened += 1) await hold(address, world.signal);
    await world.pause(BETWEEN_SECONDS);
  }
}

async function hold(address: string, signal: AbortSignal): Promise<void> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  await once(socket, 'connect', { signal }).catch(() => undefined);
  socket.unref();
}

/** 0 where it cannot be asked: then there is none left for the asking. */
async function filesLeft(address: string): Promise<number> {
  try {
    const response = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(900) });
    const samples = readPrometheusText(await response.text());
    const sampleOf = (name: string) => samples.find(({ metric }) => metric === name)?.value ?? 0;
    return sampleOf('process_max_fds') - sampleOf('process_open_fds');
  } catch {
    return 0;
  }
}
