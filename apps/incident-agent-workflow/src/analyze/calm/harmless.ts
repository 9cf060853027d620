/** An alert that is right about a figure while nothing suffers from it: a report was drawn up, a cache was filled. */
import { millisecondsOf } from '../../lib/time.ts';
import { FAULT_RULES } from '../fault-classes/all.ts';
import { trafficRose } from '../fault-classes/predicates.ts';
import { readRule, type Signal } from '../fault-classes/rule.ts';
import { median, quantile } from '../metrics/statistics.ts';
import type { Metric, Scene } from '../scene.ts';
import { requestLatency, serverErrors } from '../scene.ts';
import type { Subject } from './alert-subject.ts';
import { levelsOf, NOTICED_SECONDS } from './levels.ts';
import { isTrouble } from './spell.ts';
import { wellNow } from './well-now.ts';

/** What may be higher than before for as long as it likes, if it costs nobody anything. */
const BEARABLE: ReadonlySet<Subject> = new Set(['latency', 'cpu', 'memory']);
/** Of its level, from the middle of the time since to its end: more is no level. */
const LEVEL_SHARE = 0.05;
/** And of what it rose by just before. */
const LEVEL_SHARE_OF_RISE = 0.1;
const LEAST_SAMPLES = 9;
const NEARLY_ALL = 0.9;

/** What says that all is well; undefined: something suffers, or may. */
export function nobodySuffers(subject: Subject, meant: readonly Metric[], scene: Scene): Signal[] | undefined {
  if (!BEARABLE.has(subject) || scene.caller || scene.texts.some(isTrouble)) return undefined;
  const errors = serverErrors(scene);
  const latency = requestLatency(scene);
  // What did not change is not among the evidence unless it was asked for.
  if (errors && errors.data.direction !== 'flat') return undefined;
  if (latency && isNoticed(latency, scene)) return undefined;
  if (subject === 'memory' && !holdsItsLevel(meant, scene)) return undefined;
  // A time per request that nobody notices is no sign of a fault: after a quiet night all is a little slower.
  const felt = { ...scene, metrics: scene.metrics.filter((metric) => metric.id !== latency?.id) };
  if (FAULT_RULES.some((rule) => readRule(rule, felt).status === 'fits')) return undefined;
  // That it is high is known: whether anything else is off is the question.
  return wellNow({ ...scene, metrics: scene.metrics.filter((metric) => !meant.includes(metric)) }, undefined);
}

/** By more than a leap now and then. */
function isNoticed(latency: Metric, scene: Scene): boolean {
  if (latency.data.direction !== 'up') return false;
  const began = millisecondsOf(scene.onset) ?? 0;
  const since = Math.min(millisecondsOf(latency.data.onset ?? scene.onset) ?? 0, began);
  return (quantile(valuesSince(latency, since), NEARLY_ALL) ?? 1) >= NOTICED_SECONDS;
}

/** What the process holds. With more requests what lies in its heap swings more, and may take long to find its level. */
function holdsItsLevel(meant: readonly Metric[], scene: Scene): boolean {
  const resident = meant.filter(({ data }) => /resident|(?:^|_)rss(?:_|$)|working_set/.test(data.metric));
  const isBusier = resident.length > 0 && typeof trafficRose(scene) !== 'string';
  return (isBusier ? resident : meant).every((metric) => isLevel(metric, scene));
}

/** It has found its new level: a leak has none. With more to do, what grew slowly before rises at once, and then stays. */
function isLevel(metric: Metric, scene: Scene): boolean {
  if (metric.data.direction !== 'up') return true;
  const began = millisecondsOf(scene.onset) ?? 0;
  const since = Math.max(millisecondsOf(metric.data.onset ?? scene.onset) ?? 0, began);
  const values = valuesSince(metric, since);
  const third = Math.floor(values.length / 3);
  const [middle, last] = [median(values.slice(third, 2 * third)), median(values.slice(2 * third))];
  if (values.length < LEAST_SAMPLES || middle === undefined || last === undefined) return false;
  const before = median(valuesBefore(metric, since).slice(-LEAST_SAMPLES)) ?? 0;
  return last <= middle * (1 + LEVEL_SHARE) && last - middle <= LEVEL_SHARE_OF_RISE * (middle - before);
}

function valuesBefore(metric: Metric, since: number): number[] {
  return levelsOf(metric)
    .filter(({ atMilliseconds }) => atMilliseconds < since)
    .map(({ value }) => value);
}

function valuesSince(metric: Metric, since: number): number[] {
  return levelsOf(metric)
    .filter(({ atMilliseconds }) => atMilliseconds >= since)
    .map(({ value }) => value);
}
