/** Which readings compete: a consequence of another one supports it instead (METHODS §6 precedence, §7 mutual support). */
import type { FaultClass } from '../domain/fault-class.ts';
import { findService } from '../domain/service.ts';
import { logOdds } from './confidence.ts';
import type { Reading } from './fault-classes/rule.ts';
import { namesFault, PROGRAMMING_ERRORS, TEXTS } from './fault-classes/texts.ts';
import type { Scene } from './scene.ts';
import { shortensPatience, surelyAccused } from './suspicion.ts';

/**
 * How much a class says of why. A lower one is what a higher one looks like from outside, and supports it: requests are
 * slow because the pool is empty, the queue grows because nobody takes from it. Those that are not named say why.
 */
const EXPLAINS: Partial<Record<FaultClass, number>> = {
  'process-down': 0,
  'timeout-latency': 1,
  'queue-backlog': 2,
  'cpu-saturation': 2,
  'memory-leak': 3,
  'traffic-spike': 3,
};
const SAYS_WHY = 4;

function explains(faultClass: FaultClass): number {
  return EXPLAINS[faultClass] ?? SAYS_WHY;
}

/** HTTP services of others; what speaks a database's protocol is a dependency of ours. */
const DATASTORES = /mongo|postgres|mysql|redis|kafka|rabbit|elastic|sql/i;

/** In the order of the rules; consequences are gone, what they saw is now said for their cause. */
export function compete(readings: readonly Reading[], scene: Scene): Reading[] {
  const fits = readings.filter((reading) => reading.status === 'fits' && isRightParty(reading, readings, scene));
  const kept: Reading[] = [];
  // What takes no more because it is full, or throws what nobody knows, has a reason that another class may say.
  const effects = fits.filter((reading) => isEffect(reading, fits));
  for (const reading of [...fits.filter((each) => !effects.includes(each)), ...effects]) {
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
  const own = explains(reading.rule.class);
  if (isFull(reading)) return cause.rule.class !== 'process-down';
  if (isOfNoKnownKind(reading) && showsWant(cause)) return true;
  if (isWordless(reading) && SAYS_WHY_NOT_REACHED.has(cause.rule.class))
    return isSaid(cause) && isOfSame(reading, cause);
  if (own < SAYS_WHY) return explains(cause.rule.class) > own && !isApart(reading.rule.class, cause.rule.class);
  if (isUnexplained(reading))
    return cause.signals.some(({ group, weight }) => group === 'logs' || (group === 'metrics' && weight >= 2));
  // Both rest on the same line: the more specific class, which comes first, has it.
  const cites = new Set(cause.signals.filter((signal) => signal.group !== 'metrics').flatMap((signal) => signal.cites));
  const said = reading.signals.filter((signal) => signal.group === 'logs' || signal.group === 'traces');
  return said.length > 0 && said.every((signal) => signal.cites.some((cite) => cites.has(cite)));
}

/** A dependency that is said to be away, by figures alone: why it is not reached, another class may have words for. */
function isWordless({ rule, signals }: Reading): boolean {
  return rule.class === 'dependency-refused' && !signals.some(({ group }) => group === 'logs' || group === 'traces');
}

const SAYS_WHY_NOT_REACHED: ReadonlySet<FaultClass> = new Set(['tls-certificate', 'dns', 'auth-secret', 'rate-limit']);

function isSaid({ signals }: Reading): boolean {
  return signals.some(({ group, weight }) => (group === 'logs' || group === 'traces') && weight >= 1.2);
}

function isOfSame(reading: Reading, cause: Reading): boolean {
  return cause.entity === undefined || reading.entity === undefined || cause.entity === reading.entity;
}

/** An error in the program makes memory grow or callers come as little as the other way round: they compete. */
function isApart(reading: FaultClass, cause: FaultClass): boolean {
  return cause === 'code-error' && (reading === 'memory-leak' || reading === 'traffic-spike');
}

/** Whoever has just shortened its own patience, to the very limit that the error names, cannot put it down to the other side. */
function isOwnLimit(readings: readonly Reading[], scene: Scene): boolean {
  const suspect = surelyAccused(scene.ranking);
  const waited = readings.find(({ rule }) => rule.class === 'timeout-latency');
  return suspect !== undefined && waited?.status === 'fits' && shortensPatience(suspect);
}

/** A program answers otherwise, and no crash of its own shows why: a text that does say it has it. */
function isUnexplained({ rule, signals }: Reading): boolean {
  return rule.class === 'code-error' && !signals.some(({ group }) => group === 'traces');
}

/** A program that throws at nothing but that it has enough to do already. */
function isFull({ rule, signals }: Reading): boolean {
  const thrown = signals.filter(({ group }) => group === 'traces');
  return rule.class === 'code-error' && thrown.length > 0 && thrown.every(({ words }) => TEXTS.capacity.test(words));
}

/** It throws what neither its type nor its words say anything of. */
function isOfNoKnownKind({ rule, signals }: Reading): boolean {
  const thrown = signals.filter(({ group }) => group === 'traces');
  return rule.class === 'code-error' && thrown.length > 0 && thrown.every(({ words }) => !namesKind(words));
}

function namesKind(words: string): boolean {
  return PROGRAMMING_ERRORS.test(words) || namesFault(words);
}

/** Whoever it may follow upon is heard first. */
function isEffect(reading: Reading, fits: readonly Reading[]): boolean {
  if (isFull(reading) || isOfOthers(reading, fits)) return true;
  return isOfNoKnownKind(reading) && fits.some((other) => other !== reading && isConsequence(reading, other));
}

/** It throws at what somebody else answers, who is to blame for that. */
function isOfOthers({ rule, signals }: Reading, fits: readonly Reading[]): boolean {
  const external = fits.find((other) => other.rule.class === 'external-api-down');
  const theirs = external?.signals.filter(({ group }) => group === 'traces').flatMap(({ cites }) => cites) ?? [];
  const thrown = signals.filter(({ group }) => group === 'traces');
  return (
    rule.class === 'code-error' &&
    thrown.length > 0 &&
    thrown.every(({ cites }) => cites.some((cite) => theirs.includes(cite)))
  );
}

/** Whoever asks for what has run out fails, in words of its own. */
const RUNS_OUT: ReadonlySet<FaultClass> = new Set([
  'out-of-memory',
  'disk-full',
  'file-descriptor-limit',
  'pool-exhaustion',
  'deadlock-stall',
  'cpu-saturation',
]);
const SHOWN_FROM = 1.2;

/** Figures show that something has run out. */
function showsWant({ rule, signals }: Reading): boolean {
  return RUNS_OUT.has(rule.class) && signals.some(({ group, weight }) => group === 'metrics' && weight >= SHOWN_FROM);
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
