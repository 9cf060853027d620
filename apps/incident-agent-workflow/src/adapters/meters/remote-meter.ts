/** A worker's counts, told to the process that serves /metrics. */
import { z } from 'zod';
import type { Meter } from '../../ports.ts';

const Told = z.object({
  meter: z.enum(['count', 'observe']),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  value: z.number(),
});

/** `tell` sends one message to the parent process. */
export function remoteMeter(tell: (message: unknown) => void): Meter {
  return {
    count: (name, labels, value = 1) => tell({ meter: 'count', name, labels, value }),
    observe: (name, labels, value) => tell({ meter: 'observe', name, labels, value }),
  };
}

/** The parent's side; messages of other kinds are passed over. */
export function hearMeter(message: unknown, meter: Meter): void {
  const told = Told.safeParse(message);
  if (told.success) meter[told.data.meter](told.data.name, told.data.labels, told.data.value);
}
