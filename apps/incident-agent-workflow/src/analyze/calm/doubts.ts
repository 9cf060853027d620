/** What keeps "nothing is wrong" from being sure: what else is high still, a change that would explain all, what was not seen. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import type { Hypothesis } from '../../domain/hypothesis.ts';
import { LIKELY_FROM } from '../../domain/hypothesis.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { shortHash } from '../../lib/wording.ts';
import { CAP_NOT_REPRODUCED } from '../confidence.ts';
import type { Signal } from '../fault-classes/rule.ts';
import { topicOf } from '../metrics/topics.ts';
import type { Metric, Scene } from '../scene.ts';
import { isHighStill } from './levels.ts';

/** What piles up where something is not given back; busier it may be for as long as there is more to do. */
const PILES_UP: ReadonlySet<string> = new Set(['threads', 'handles', 'open files', 'pool', 'locks', 'queue']);
/** More than a rush leaves open. */
const PILED_UP_RATIO = 3;
/** For each of them that is missing. */
const UNSEEN_COSTS = 0.12;

/** Each takes from the confidence, and is told. */
export function doubtsOf(best: Hypothesis | undefined, scene: Scene): Signal[] {
  return [...pilesUp(scene), ...explainedBy(best, scene)];
}

/** The most that may be said, by what was looked at: whether it answers, what it logs, how its requests fare. */
export function mostCalm(scene: Scene): number {
  const looks = [
    scene.health !== undefined || scene.ready !== undefined,
    scene.logsSeen,
    scene.metrics.some(({ data }) => data.family !== 'availability' && data.family !== 'restart'),
  ];
  return CAP_NOT_REPRODUCED - UNSEEN_COSTS * looks.filter((isSeen) => !isSeen).length;
}

function pilesUp(scene: Scene): Signal[] {
  const found = scene.metrics.find((metric) => isPiledUp(metric, scene));
  if (!found) return [];
  return [{ words: `${found.data.metric} is high still`, cites: [found.id], group: 'metrics', weight: 1 }];
}

function isPiledUp(metric: Metric, scene: Scene): boolean {
  const { family, direction, baselineMedian, lastValue, metric: name, onset } = metric.data;
  if (family !== 'saturation' || direction !== 'up' || !PILES_UP.has(topicOf(name) ?? '')) return false;
  if ((lastValue ?? 0) < PILED_UP_RATIO * Math.max(1, baselineMedian ?? 0)) return false;
  return isHighStill(metric, millisecondsOf(onset ?? scene.onset) ?? 0);
}

/** What would be blamed if the alert stood. */
function explainedBy(best: Hypothesis | undefined, scene: Scene): Signal[] {
  const hash = best?.cause.commit;
  if (!hash || best.confidence < LIKELY_FROM) return [];
  const commit = evidenceOfKind(scene.evidence, 'commit').find(({ data }) => data.hash === hash);
  if (!commit) return [];
  const words = `commit ${shortHash(hash)} would explain what was seen`;
  return [{ words, cites: [commit.id], group: 'change', weight: 1 }];
}
