/** What rules may ask of the scene: each answers with a signal that can be cited, `absent`, or `unknown`. */
import { evidenceOfKind, hasEnded } from '../../domain/evidence.ts';
import { clockTime } from '../../lib/instants.ts';
import { secondsBetween } from '../../lib/time.ts';
import { counted, displayName, percent, quoted } from '../../lib/wording.ts';
import { dependencyNamedIn } from '../dependencies.ts';
import { endedAlone, upStayedInWords } from '../metrics/coverage.ts';
import { ANOMALOUS_SCORE } from '../metrics/measure.ts';
import { probeWords } from '../probes.ts';
import type { ErrorText, Metric, ProbeSeen, Scene } from '../scene.ts';
import { metricOf, requestLatency, serverErrors } from '../scene.ts';
import type { Look, Predicate, Signal } from './rule.ts';
import { isOfEnvironment } from './texts.ts';

/** An error text that began or grew with the incident and matches. `but`: texts that are of another class. */
export function textSays(pattern: RegExp, options: { weight?: number; but?: RegExp } = {}): Predicate {
  return (scene) => {
    const matching = scene.texts.filter(
      (text) =>
        pattern.test(text.text) && !options.but?.test(text.text) && !(text.isProgramming && isOfEnvironment(pattern)),
    );
    // A trace owns the line it was logged with: two views of one line are one witness.
    const best = matching.find((text) => text.group === 'traces') ?? matching[0];
    if (!best) return scene.logsSeen ? 'absent' : 'unknown';
    const weight = isLone(best, scene) ? LONE_WEIGHT : best.isNovel ? 2 : 1.2;
    return textSignal(best, pattern, scene, options.weight ?? weight);
  };
}

const LONE_WEIGHT = 0.4;
const MANY_CRASHES = 3;

/**
 * One line, said once, of a service that runs on and again and again throws what only wrong code throws: whatever the line
 * speaks of is not what those requests fail on.
 */
function isLone(text: ErrorText, scene: Scene): boolean {
  if (text.group !== 'logs' || text.count > 1) return false;
  const isGone = [upIsZero, healthDoesNotAnswer, restarted].some((look) => typeof look(scene) !== 'string');
  return (
    !isGone &&
    scene.texts.some(({ isProgramming, isNovel, count }) => isProgramming && isNovel && count >= MANY_CRASHES)
  );
}

export function textSignal(text: ErrorText, pattern: RegExp, scene: Scene, weight: number): Signal {
  const times = text.count === 1 ? 'once' : counted(text.count, 'time');
  const since = text.firstAt ? `, first at ${clockTime(text.firstAt)}` : '';
  const heard = text.by === undefined ? 'was logged' : `was answered to ${text.by}`;
  return {
    words: `${quoted(phraseAround(text.text, pattern))} ${heard} ${times}${since}`,
    cites: [text.cite],
    group: 'logs',
    weight,
    entity: dependencyNamedIn(text.text, scene.context.service, scene.context.registry),
  };
}

/** The part of the line that matched, cut where a JSON string or a line ends. Verbatim. */
export function phraseAround(text: string, pattern: RegExp): string {
  const match = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(text);
  const at = match?.index ?? 0;
  const end = at + (match?.[0].length ?? 0);
  const left = Math.max(...['"', '\n', '\\n', '”'].map((mark) => lastEnd(text, mark, at)), at - 70, 0);
  const right = Math.min(...['"', '\n', '\\n', '”'].map((mark) => firstStart(text, mark, end)), end + 70, text.length);
  return text.slice(left, right).trim();
}
function lastEnd(text: string, mark: string, before: number): number {
  const at = text.lastIndexOf(mark, before - 1);
  return at === -1 || before === 0 ? 0 : at + mark.length;
}
function firstStart(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at;
}

/** The service's own check of a dependency says 0. */
export const dependencySaidDown: Predicate = (scene) => {
  const known = scene.dependencies.filter((dependency) => dependency.isUp !== undefined);
  const down = known.find((dependency) => dependency.isUp === false && dependency.cites.length > 0);
  if (!down) return known.length > 0 ? 'absent' : 'unknown';
  return {
    words: `the service's own check reports ${displayName(down.name)} as down (dependency_up is 0)`,
    cites: down.cites.slice(0, 1),
    group: 'metrics',
    weight: 2,
    entity: down.name,
  };
};

/** A dependency's own health address does not answer, or answers with an error. */
export const dependencyDoesNotAnswer: Predicate = (scene) => {
  const asked = scene.dependencies.filter((dependency) => dependency.answers !== undefined);
  const silent = asked.find((dependency) => dependency.answers === false);
  const probe = silent && probeOf(scene, silent.name);
  if (!silent || !probe) return asked.length > 0 ? 'absent' : 'unknown';
  return {
    words: probeWords(probe.data, silent.name),
    cites: [probe.id],
    group: 'topology',
    weight: 1.5,
    entity: silent.name,
  };
};

/** Of all that is measured, a dependency explains best what the service shows, by its own answers being slow. */
export const dependencyIsSlow: Predicate = (scene) => {
  const { topology } = scene;
  if (!topology) return 'unknown';
  if (topology.kind !== 'dependency' || topology.family !== 'latency') return 'absent';
  return { words: topology.words, cites: topology.cites, group: 'topology', weight: 1.5, entity: topology.node };
};

function probeOf(scene: Scene, service: string): ProbeSeen | undefined {
  return scene.evidence.find((item): item is ProbeSeen => item.kind === 'probe' && item.service === service);
}

export const readinessFails: Predicate = (scene) =>
  probeSignal(scene.ready, scene, ({ httpStatus }) => httpStatus === undefined || httpStatus >= 500, 1.2);

export const readinessAnswers: Predicate = (scene) =>
  probeSignal(scene.ready, scene, ({ httpStatus }) => httpStatus !== undefined && httpStatus < 400, 1.2);

export const healthAnswers: Predicate = (scene) =>
  probeSignal(scene.health, scene, ({ httpStatus }) => httpStatus !== undefined && httpStatus < 400, 1.5);

/** Nobody listens there: refused, reset, no name. A 5xx is an answer. */
export const healthDoesNotAnswer: Predicate = (scene) =>
  probeSignal(scene.health, scene, ({ httpStatus }) => httpStatus === undefined, 2);

function probeSignal(
  probe: ProbeSeen | undefined,
  scene: Scene,
  holds: (probe: ProbeSeen['data']) => boolean,
  weight: number,
): Look {
  if (!probe) return 'unknown';
  if (!holds(probe.data)) return 'absent';
  const words = `${probeWords(probe.data, scene.context.service.name)} at ${clockTime(probe.data.at)}`;
  return { words, cites: [probe.id], group: 'direct state', weight };
}

/** The scraper could not reach the service, and cannot now. */
export const upIsZero: Predicate = (scene) => {
  const up = metricOf(scene, 'availability');
  if (!up || up.data.lastValue === null) return 'unknown';
  if (up.data.lastValue !== 0) return 'absent';
  const since = up.data.onset ? ` since ${clockTime(up.data.onset)}` : '';
  return { words: `the scrape metric up is 0${since}`, cites: [up.id], group: 'metrics', weight: 2 };
};

/**
 * Its samples ended while those of others went on: whatever found it finds it no more. So a container that is gone looks
 * where targets are discovered. Where all ended at once, it is the scraper that stopped.
 */
export const upEnded: Predicate = (scene) => {
  const up = metricOf(scene, 'availability');
  const last = up?.data.points.at(-1)?.at;
  if (!up || last === undefined) return 'unknown';
  if (!hasEnded(up.data)) return 'absent';
  if (
    !endedAlone(
      up.data,
      evidenceOfKind(scene.evidence, 'metric').map(({ data }) => data),
    )
  )
    return 'unknown';
  const words = `the scrape metric up has no sample after ${clockTime(last)}, while others are scraped`;
  return { words, cites: [up.id], group: 'metrics', weight: 1.2 };
};

export const upStayedOne: Predicate = (scene) => {
  const up = metricOf(scene, 'availability');
  if (!up || up.data.lastValue === null) return 'unknown';
  if (hasEnded(up.data)) return 'absent';
  const values = up.data.points.map((point) => point.value).filter((value) => value !== null);
  if (up.data.lastValue !== 1 || values.some((value) => value === 0)) return 'absent';
  // One sample shows that it is up, not that it was.
  if (values.length < 2) return 'unknown';
  return { words: upStayedInWords(up), cites: [up.id], group: 'metrics', weight: 2 };
};

/** 5xx answers rose, as a share or a rate. */
export const errorsRose: Predicate = (scene) => {
  const errors = serverErrors(scene);
  if (!errors) return 'unknown';
  if (!isRaised(errors)) return 'absent';
  const at = errors.data.onset ? ` at ${clockTime(errors.data.onset)}` : '';
  const to = errors.data.incidentMedian;
  const isShare = errors.data.unit === '1';
  const figure = to !== null && isShare && to > 0 ? ` to ${percent(to)}` : '';
  return {
    words: `the ${isShare ? 'share' : 'rate'} of 5xx answers rose${figure}${at}`,
    cites: [errors.id],
    group: 'metrics',
    weight: 1.2,
  };
};

/** The level of the time per request rose; a moment after a start is no level. */
export const latencyRose: Predicate = (scene) => {
  const latency = requestLatency(scene);
  if (!latency) return 'unknown';
  if (!isRaised(latency) || !isLevel(latency, 1.5)) return 'absent';
  const at = latency.data.onset ? ` at ${clockTime(latency.data.onset)}` : '';
  const weight = isLevel(latency, 5) ? 2 : 1.5;
  return { words: `the time per request rose${at}`, cites: [latency.id], group: 'metrics', weight };
};

/** At least twice as many requests, and not because what failed is tried again: then the errors came first. */
export const trafficRose: Predicate = (scene) => {
  const traffic = metricOf(scene, 'traffic');
  if (!traffic) return 'unknown';
  if (!isRaised(traffic) || !isLevel(traffic, 2)) return 'absent';
  const errors = serverErrors(scene);
  const [from, failing] = [traffic.data.onset, errors && isRaised(errors) ? errors.data.onset : null];
  if (from !== null && failing !== null && secondsBetween(failing, from) > RETRIES_AFTER_SECONDS) return 'absent';
  return { words: traffic.title, cites: [traffic.id], group: 'metrics', weight: 2 };
};

/** Two readings at the usual interval. */
const RETRIES_AFTER_SECONDS = 30;

/** Half of the incident's samples are that much above the old level. */
function isLevel({ data: { baselineMedian, incidentMedian } }: Metric, factor: number): boolean {
  if (incidentMedian === null) return false;
  return baselineMedian === null || incidentMedian >= factor * baselineMedian;
}

/** The process was started again inside the window, shortly before or after the onset. */
export const restarted: Predicate = (scene) => {
  const restart = scene.metrics.find((metric) => metric.data.family === 'restart' && metric.data.direction !== 'flat');
  if (!restart) return scene.metrics.some((metric) => metric.data.family === 'restart') ? 'absent' : 'unknown';
  return { words: 'the process was restarted in the window', cites: [restart.id], group: 'metrics', weight: 0.6 };
};

export function isRaised(metric: Metric): boolean {
  return metric.data.direction === 'up' && (metric.data.score ?? 0) >= ANOMALOUS_SCORE;
}
