/** A look at metrics that are told by their own titles. */
import type { Metric } from '../scene.ts';
import type { Look, Signal } from './rule.ts';

/** The first that holds; `absent`: looked at, none does; `unknown`: nothing to look at. */
export function firstOf(
  metrics: readonly Metric[],
  holds: (metric: Metric) => boolean,
  weight: number,
  group: Signal['group'] = 'metrics',
): Look {
  const found = metrics.find(holds);
  if (found) return { words: found.title, cites: [found.id], group, weight };
  return metrics.length > 0 ? 'absent' : 'unknown';
}
