/** Asks each service for its health all along, because only later it is known which moment will be "now". */
import { health } from '../../../apps/incident-agent-workflow/src/adapters/sources/health.ts';
import type { Service } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type { Answer } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { pause } from '../../../demo/processes.ts';
import type { ServiceName } from '../template.ts';

export interface RecordedProbe {
  readonly service: ServiceName;
  readonly of: 'health' | 'ready';
  /** When it was sent, milliseconds since 1970. */
  readonly at: number;
  readonly answer: Answer;
}

const EVERY_MILLISECONDS = 1_500;

/** `services`: with the addresses at which they are reached now. Those without a readiness address are not asked for it. */
export function startProbes(services: readonly (Service & { readonly name: ServiceName })[]): {
  finish(): Promise<RecordedProbe[]>;
} {
  const stopping = new AbortController();
  const probes: RecordedProbe[] = [];
  const source = health();

  async function loop(service: Service & { readonly name: ServiceName }, of: RecordedProbe['of']): Promise<void> {
    while (!stopping.signal.aborted) {
      const at = Date.now();
      const answer = await source.ask({ kind: 'probe', service, of }, stopping.signal);
      if (stopping.signal.aborted) return;
      probes.push({ service: service.name, of, at, answer });
      await pause(Math.max(0, EVERY_MILLISECONDS - (Date.now() - at)), stopping.signal).catch(() => undefined);
    }
  }
  const loops = services.flatMap((service) => [
    loop(service, 'health'),
    ...(service.readyUrl === undefined ? [] : [loop(service, 'ready')]),
  ]);
  return {
    async finish() {
      stopping.abort();
      await Promise.all(loops);
      return probes.toSorted((left, right) => left.at - right.at);
    },
  };
}
