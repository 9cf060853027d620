/** From the start of the process to its first 200 on /health/ready: with a new database, and with one that is there. */
import { join } from 'node:path';
import { startAgent } from './agent.ts';
import { type Bench, figure, percentile } from './figures.ts';

const COLD_STARTS = 3;
const WARM_STARTS = 5;

export const start: Bench = async ({ scratch, say, signal, repeats }) => {
  const cold: number[] = [];
  for (let round = 0; round < COLD_STARTS; round += 1)
    cold.push(await readySeconds(join(scratch, `cold-${round}`), signal));
  say(`cold: ${cold.map((seconds) => seconds.toFixed(2)).join(', ')} s`);
  const warm: number[] = [];
  for (let round = 0; round < (repeats ?? WARM_STARTS); round += 1)
    warm.push(await readySeconds(join(scratch, 'cold-0'), signal));
  say(`warm: ${warm.map((seconds) => seconds.toFixed(2)).join(', ')} s`);
  return [
    figure('serve_ready_warm_s', percentile(warm, 0.5), 's', { below: 2 }),
    figure('serve_ready_cold_s', percentile(cold, 0.5), 's'),
  ];
};

async function readySeconds(scratch: string, signal: AbortSignal): Promise<number> {
  const agent = await startAgent({ scratch, withWorker: true, signal });
  await agent.stop();
  return agent.readySeconds;
}
