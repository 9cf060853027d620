/** Which readings compete: a consequence of another one supports it instead (METHODS §6 precedence, §7 mutual support). */
import type { FaultClass } from '../domain/fault-class.ts';
import { findService } from '../domain/service.ts';
import { logOdds } from './confidence.ts';
import type { Reading } from './fault-classes/rule.ts';
import type { Scene } from './scene.ts';
import { accused, isStrong, shortensPatience } from './suspicion.ts';

/** Say that something is broken, not why: any class that says why takes them over. */
const GENERIC: readonly FaultClass[] = [
  'process-down',
  'timeout-latency',
  'traffic-spike',
  'cpu-saturation',
  'memory-leak',
];
/** HTTP services of others; what speaks a database's protocol is a dependency of ours. */
const DATASTORES = /mongo|postgres|mysql|redis|kafka|rabbit|elastic|sql/i;

/** In the order of the rules; consequences are gone, what they saw is now said for their cause. */
export function compete(readings: readonly Reading[], scene: Scene): Reading[] {
  const fits = readings.filter((reading) => reading.status === 'fits' && isRightParty(reading, readings, scene));
  const kept: Reading[] = [];
  for (const reading of fits) {
    const index = kept.findIndex((cause) => isConsequence(reading, cause));
    const cause = kept[index];
    if (!cause) {
      kept.push(reading);
      continue;
    }
    const seen = new Set(cause.signals.map((signal) => signal.words));
    const added = reading.signals.filter((signal) => !seen.has(signal.words) && signal.group !== 'logs');
    kept[index] = { ...cause, signals: [...cause.signals, ...added], entity: cause.entity ?? reading.entity };
  }
  return kept;
}

function isConsequence(reading: Reading, cause: Reading): boolean {
  if (logOdds(cause.signals, cause.against) < logOdds([], []) + 1) return false;
  if (GENERIC.includes(reading.rule.class)) return !GENERIC.includes(cause.rule.class);
  // Both rest on the same line: the more specific class, which comes first, has it.
  const cites = new Set(cause.signals.filter((signal) => signal.group !== 'metrics').flatMap((signal) => signal.cites));
  const own = reading.signals.filter((signal) => signal.group === 'logs' || signal.group === 'traces');
  return own.length > 0 && own.every((signal) => signal.cites.some((cite) => cites.has(cite)));
}

/** Whoever has just shortened its own patience, to the very limit that the error names, cannot put it down to the other side. */
function isOwnLimit(readings: readonly Reading[], scene: Scene): boolean {
  const suspect = scene.ranking && accused(scene.ranking);
  const waited = readings.find(({ rule }) => rule.class === 'timeout-latency');
  return suspect !== undefined && waited?.status === 'fits' && isStrong(suspect) && shortensPatience(suspect);
}

/** A refused connection to somebody else's API is that API's class, not a dependency of ours, and the other way round. */
function isRightParty(reading: Reading, readings: readonly Reading[], scene: Scene): boolean {
  const { entity, rule } = reading;
  const isOurs =
    entity !== undefined && (DATASTORES.test(entity) || findService(scene.context.registry, entity) !== undefined);
  if (rule.class === 'external-api-down') return !isOurs && !isOwnLimit(readings, scene);
  if (rule.class !== 'dependency-refused' || isOurs) return true;
  const external = readings.find((other) => other.rule.class === 'external-api-down');
  return external?.status !== 'fits' || reading.signals.some((signal) => signal.group !== 'logs');
}
