/** Time and chance as they are. Tests hand in others. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Chance, Clock } from '../../ports.ts';

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  milliseconds: () => performance.now(),
  async sleep(milliseconds, signal) {
    try {
      await setTimeout(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      if (!signal?.aborted) throw error; // woken early is what the signal is for
    }
  },
};

export const systemChance: Chance = {
  uuid: () => randomUUID(),
  pipelineId: () => randomBytes(4).toString('hex').toUpperCase(),
};

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
