import { topicsIn } from '../metrics/topics.ts';
import type { Scene } from '../scene.ts';
import { errorsRose, latencyRose, restarted, trafficRose } from './predicates.ts';
import { collectsAllTheTime, memoryGrows, memoryIsFull } from './resources.ts';
import type { FaultRule, Predicate } from './rule.ts';

/** Half as much again is what a process that warms up may take; from twice as much on it is growth whatever comes of it. */
const DOUBLED = 2;

/**
 * Growth that nobody feels explains no errors: of a process that has room left, is not restarted and not slow, it is half
 * a witness, unless the alert itself speaks of memory.
 */
const growsToHarm: Predicate = (scene) => {
  const grows = memoryGrows(scene);
  return typeof grows === 'string' || !isUnfelt(scene) ? grows : { ...grows, weight: grows.weight / 2 };
};

function isUnfelt(scene: Scene): boolean {
  const grows = memoryGrows(scene);
  if (typeof grows === 'string' || typeof errorsRose(scene) === 'string') return false;
  const isFelt = [memoryIsFull, collectsAllTheTime, restarted, latencyRose].some(
    (look) => typeof look(scene) !== 'string',
  );
  const growing = scene.metrics.find(({ id }) => grows.cites.includes(id));
  const { baselineMedian, incidentMedian } = growing?.data ?? {};
  const isDoubled = (incidentMedian ?? 0) >= DOUBLED * (baselineMedian ?? 0);
  const isMeant = scene.context.alerts.some(({ labels, annotations }) =>
    topicsIn(`${labels.alertname ?? ''} ${annotations.summary ?? ''}`.toLowerCase()).includes('memory'),
  );
  return !isFelt && !isDoubled && !isMeant;
}

/** Memory grows while traffic does not, and nothing that is freed makes up for it. */
export const memoryLeak: FaultRule = {
  class: 'memory-leak',
  kind: 'infrastructure',
  name: 'memory that grows without end',
  required: [[growsToHarm]],
  supporting: [latencyRose, (scene) => (isUnfelt(scene) ? 'absent' : errorsRose(scene))],
  excluded: [trafficRose],
  mayBeCommit: true,
  subject: 'Growing memory',
  mechanism: 'memory use rises while traffic does not',
  actions: () => ['Restart to buy time, then compare heap snapshots'],
};
