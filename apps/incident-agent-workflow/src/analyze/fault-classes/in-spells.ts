/** What figures show of a service that is slow now and then, and of one that asks others far more than before. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { displayName } from '../../lib/wording.ts';
import { offSince } from '../calm/levels.ts';
import { isServed } from '../metrics/latency.ts';
import type { Metric, Scene } from '../scene.ts';
import { isRaised, trafficRose } from './predicates.ts';
import type { Predicate } from './rule.ts';

/** A minute of samples at the usual interval: a request or two that took long make fewer. */
const LEAST_SAMPLES = 4;
/** Where it is seen besides what such a request does. */
const LEAST_EXPLAINED = 2;

/**
 * Most requests are as fast as ever, so that the middle of all times stays: one route is slow that few ask for, or what is
 * not kept yet. The samples in which such requests were told of lie far above all that was usual.
 */
export const slowInSpells: Predicate = (scene) => {
  const served = scene.metrics.filter(({ data }) => data.family === 'latency' && isServed(data.metric));
  if (served.length === 0) return 'unknown';
  const from = millisecondsOf(scene.onset);
  if (from === undefined) return 'unknown';
  const least = typeof asksFarMore(scene) === 'string' ? LEAST_SAMPLES : LEAST_EXPLAINED;
  const metric = served.find((one) => one.data.unit === 's' && isRaised(one) && offSince(one, from).length >= least);
  if (!metric) return 'absent';
  const words = 'the time per request lies far above what was usual in several samples';
  return { words, cites: [metric.id], group: 'metrics', weight: 1.2 };
};

const FAR_MORE = 5;

/** How often what the service depends on is asked. */
export function trafficOfOthers({ context, evidence }: Scene): Metric[] {
  const { dependsOn } = context.service;
  return evidenceOfKind(evidence, 'metric').filter(
    (metric) => metric.data.family === 'traffic' && dependsOn.includes(metric.service),
  );
}

/** So many times as often as before. */
export function isAskedMore(metric: Metric, times: number): boolean {
  const { baselineMedian, incidentMedian } = metric.data;
  return isRaised(metric) && (incidentMedian ?? 0) >= times * (baselineMedian ?? Number.POSITIVE_INFINITY);
}

/** A service that it calls is asked many times as often as before, while it is asked no more itself: one request makes many. */
export const asksFarMore: Predicate = (scene) => {
  const { service, registry } = scene.context;
  if (typeof trafficRose(scene) !== 'string') return 'absent';
  const asked = trafficOfOthers(scene);
  if (asked.length === 0) return 'unknown';
  const found = asked.find((metric) => {
    const isOther = registry.services.some(
      (other) => other.name !== service.name && other.dependsOn.includes(metric.service),
    );
    return !isOther && (metric.data.baselineMedian ?? 0) > 0 && isAskedMore(metric, FAR_MORE);
  });
  if (!found) return 'absent';
  const words = `${displayName(found.service)} is asked many times as often as before, ${displayName(service.name)} is not`;
  return { words, cites: [found.id], group: 'topology', weight: 1.5 };
};
