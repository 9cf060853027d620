/** An alert that is right about a figure while nothing suffers from it: a report was drawn up, a cache was filled. */
import { millisecondsOf } from '../../lib/time.ts';
import { FAULT_RULES } from '../fault-classes/all.ts';
import { readRule, type Signal } from '../fault-classes/rule.ts';
import { median } from '../metrics/statistics.ts';
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
const LEAST_SAMPLES = 9;

/** What says that all is well; undefined: something suffers, or may. */
export function nobodySuffers(subject: Subject, meant: readonly Metric[], scene: Scene): Signal[] | undefined {
  if (!BEARABLE.has(subject) || scene.caller || scene.texts.some(isTrouble)) return undefined;
  const errors = serverErrors(scene);
  const latency = requestLatency(scene);
  // What did not change is not among the evidence unless it was asked for.
  if (errors && errors.data.direction !== 'flat') return undefined;
  if (latency?.data.direction === 'up' && (latency.data.incidentExtreme ?? 1) >= NOTICED_SECONDS) return undefined;
  if (subject === 'memory' && !meant.every((metric) => isLevel(metric, scene))) return undefined;
  if (FAULT_RULES.some((rule) => readRule(rule, scene).status === 'fits')) return undefined;
  // That it is high is known: whether anything else is off is the question.
  return wellNow({ ...scene, metrics: scene.metrics.filter((metric) => !meant.includes(metric)) }, undefined);
}

/** It has found its new level: a leak has none. */
function isLevel(metric: Metric, scene: Scene): boolean {
  if (metric.data.shape !== undefined) return false;
  if (metric.data.direction !== 'up') return true;
  const since = millisecondsOf(metric.data.onset ?? scene.onset) ?? 0;
  const values = levelsOf(metric)
    .filter(({ atMilliseconds }) => atMilliseconds >= since)
    .map(({ value }) => value);
  const third = Math.floor(values.length / 3);
  const [middle, last] = [median(values.slice(third, 2 * third)), median(values.slice(2 * third))];
  if (values.length < LEAST_SAMPLES || middle === undefined || last === undefined) return false;
  return last <= middle * (1 + LEVEL_SHARE);
}
