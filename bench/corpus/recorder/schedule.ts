/** Which case may run beside which: as many as wished, few with a Java machine, one that burns a processor. */
import type { CasePlan } from './plan.ts';

export type Weight = 'light' | 'jvm' | 'cpu';

export interface Weighed {
  readonly plan: CasePlan;
  readonly weights: ReadonlySet<Weight>;
}

/** Removes from the queue and returns the next that fits beside those that run; undefined: none does now. */
export function takeNext(queue: Weighed[], running: readonly Weighed[], atOnce: number): Weighed | undefined {
  if (running.length >= atOnce) return undefined;
  const most: Readonly<Record<Weight, number>> = { light: atOnce, jvm: Math.max(1, Math.floor(atOnce / 2)), cpu: 1 };
  const index = queue.findIndex(({ weights }) =>
    [...weights].every((weight) => running.filter((other) => other.weights.has(weight)).length < most[weight]),
  );
  return index < 0 ? undefined : queue.splice(index, 1)[0];
}
