/** What rules ask of processes that are there and do nothing, and of outages that several services share. */

import { evidenceOfKind } from '../../domain/evidence.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { displayName, listed } from '../../lib/wording.ts';
import { levelsOf } from '../calm/levels.ts';
import { topicOf } from '../metrics/topics.ts';
import { probeWords } from '../probes.ts';
import type { Metric, Scene } from '../scene.ts';
import { metricOf, serverErrors } from '../scene.ts';
import { isAskedMore, trafficOfOthers } from './in-spells.ts';
import { healthDoesNotAnswer, isRaised, textSays, upIsZero } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { TEXTS } from './texts.ts';

/** An outage of this length is an incident, even if it has ended. */
const LONG_OUTAGE_MILLISECONDS = 300_000;
/** Two readings at the usual interval: what lies closer together began together. */
const TOGETHER_MILLISECONDS = 45_000;

interface Outage {
  readonly from: number;
  readonly to: number;
  readonly isOver: boolean;
}

/** The longest stretch in which `up` was 0, that ended after the alert's onset less ten minutes. */
function outageOf(metric: Metric, scene: Scene): Outage | undefined {
  const levels = levelsOf(metric);
  const earliest = (millisecondsOf(scene.context.provisionalOnset) ?? 0) - 600_000;
  let longest: Outage | undefined;
  let from: number | undefined;
  for (const [index, { atMilliseconds, value }] of levels.entries()) {
    if (value === 0) from ??= atMilliseconds;
    const isLast = index === levels.length - 1;
    if (from === undefined || (value === 0 && !isLast)) continue;
    const outage = { from, to: atMilliseconds, isOver: value !== 0 };
    if (outage.to >= earliest && (!longest || outage.to - outage.from > longest.to - longest.from)) longest = outage;
    from = undefined;
  }
  return longest;
}

/** It could not be scraped for minutes, whatever it is now. */
export const wasDownLong: Predicate = (scene) => {
  const up = metricOf(scene, 'availability');
  if (!up) return 'unknown';
  const outage = outageOf(up, scene);
  if (!outage || outage.to - outage.from < LONG_OUTAGE_MILLISECONDS) return 'absent';
  return { words: up.title, cites: [up.id], group: 'metrics', weight: 2 };
};

/** It does not answer, or could not be scraped just now or for minutes. */
export function isAway(scene: Scene): boolean {
  return [upIsZero, healthDoesNotAnswer, wasDownLong].some((look) => typeof look(scene) !== 'string');
}

/** Something takes the connection and gives no answer. */
export const acceptsAndIsSilent: Predicate = (scene) => {
  const { health, context } = scene;
  if (!health) return 'unknown';
  if (health.data.failure !== 'timeout') return 'absent';
  const words = probeWords(health.data, context.service.name);
  // Where its log was not seen it may as well have said what it waits for.
  return { words, cites: [health.id], group: 'direct state', weight: scene.logsSeen ? 2.2 : 1.4 };
};

/** So many times as often as a pool that is empty. */
const FAR_MORE = 3;

/** Far more requests fail for a lock than for want of a connection: who waits for the lock holds a connection meanwhile. */
export const locksAreWaitedFor: Predicate = (scene) => {
  const countOf = (pattern: RegExp) =>
    scene.texts.filter(({ text }) => pattern.test(text)).reduce((most, { count }) => Math.max(most, count), 0);
  const locks = countOf(TEXTS.deadlock);
  if (locks === 0 || locks < FAR_MORE * countOf(TEXTS.pool)) return scene.logsSeen ? 'absent' : 'unknown';
  return textSays(TEXTS.deadlock)(scene);
};

/** So little of what was served before is served still. */
const STILL_SERVED = 1 / 3;
/** More than that are not under way by chance. */
const MIN_UNDER_WAY = 3;

/** Requests are under way, and hardly any ends well, while the processor has little to do. Refused at once is not served. */
export const workStandsStill: Predicate = (scene) => {
  const counted = scene.metrics.filter(({ data }) => topicOf(data.metric) === 'under way');
  const underWay = counted.find(({ data }) => data.direction === 'up' && (data.incidentMedian ?? 0) >= MIN_UNDER_WAY);
  const traffic = metricOf(scene, 'traffic');
  if (counted.length === 0 || !traffic) return 'unknown';
  const { baselineMedian, incidentMedian } = traffic.data;
  const errors = serverErrors(scene);
  const failing = errors && isRaised(errors) && errors.data.unit === '1' ? (errors.data.incidentMedian ?? 0) : 0;
  if (!underWay || baselineMedian === null || incidentMedian === null) return 'absent';
  if (incidentMedian * (1 - failing) > baselineMedian * STILL_SERVED) return 'absent';
  const words = `requests stay under way (${underWay.data.metric}) and hardly any is answered well`;
  const cites = [underWay.id, traffic.id, ...(errors && failing > 0 ? [errors.id] : [])];
  return { words, cites, group: 'metrics', weight: 2 };
};

/** So many times as much. */
const ASKS_MORE = 2;

/** It asks more of what it depends on than before, though no more is asked of it: that is work, and no waiting. */
export const asksMoreOfOthers: Predicate = (scene) => {
  const { service } = scene.context;
  const own = metricOf(scene, 'traffic');
  if (!own) return 'unknown';
  if (isRaised(own)) return 'absent';
  const asked = trafficOfOthers(scene).find((metric) => isAskedMore(metric, ASKS_MORE));
  if (!asked) return 'absent';
  const words = `${asked.title}, and no more was asked of ${service.name}`;
  return { words, cites: [asked.id, own.id], group: 'metrics', weight: 1.5 };
};

/** Sockets and files are opened for other reasons too. */
const MIN_OPENED = 8;
const MIN_OPENED_RATIO = 1.4;

function countsWhatHangs({ data }: Metric): boolean {
  const topic = topicOf(data.metric);
  const [before, now] = [data.baselineMedian ?? 0, data.incidentMedian ?? 0];
  if (data.direction !== 'up') return false;
  if (topic === 'under way') return now - before >= MIN_UNDER_WAY;
  return (
    (topic === 'handles' || topic === 'open files') && now - before >= MIN_OPENED && now >= MIN_OPENED_RATIO * before
  );
}

/** No request to one of its routes ends any more, and more and more are under way: as such, as sockets, or as open files. */
export const routeStandsStill: Predicate = (scene) => {
  const stopped = scene.metrics.find(({ data }) => data.shape === 'stopped' && data.metric.includes('{route='));
  if (!stopped) return scene.metrics.some(({ data }) => data.family === 'traffic') ? 'absent' : 'unknown';
  const growing = scene.metrics.find(countsWhatHangs);
  if (!growing) return 'absent';
  const words = `${stopped.title}, while more are under way (${growing.data.metric})`;
  return { words, cites: [stopped.id, growing.id], group: 'metrics', weight: 2 };
};

/** The runtime says itself that threads wait for each other. */
export const threadsAreDeadlocked: Predicate = (scene) => {
  const counted = scene.metrics.filter(({ data }) => /deadlock/.test(data.metric));
  const found = counted.find(({ data }) => data.direction === 'up' && (data.lastValue ?? 0) > 0);
  if (!found) return counted.length > 0 ? 'absent' : 'unknown';
  return { words: found.title, cites: [found.id], group: 'metrics', weight: 2 };
};

/** Other services could not be scraped at the same time, and their processes were not restarted: what they share was away. */
export const othersWereDownToo: Predicate = (scene) => {
  const own = metricOf(scene, 'availability');
  const outage = own && outageOf(own, scene);
  const { service } = scene.context;
  const others = evidenceOfKind(scene.evidence, 'metric').filter(
    (metric) => metric.data.family === 'availability' && metric.service !== service.name,
  );
  if (!own || others.length === 0) return 'unknown';
  if (!outage || wasRestarted(scene, service.name, outage)) return 'absent';
  const together = others.filter((metric) => {
    const theirs = outageOf(metric, scene);
    return theirs !== undefined && isTogether(outage, theirs) && !wasRestarted(scene, metric.service, theirs);
  });
  if (together.length === 0) return 'absent';
  const names = listed(together.map((metric) => displayName(metric.service)));
  return {
    words: `${names} could not be scraped at the same time as ${service.name}`,
    cites: [own.id, ...together.map(({ id }) => id)].slice(0, 4),
    group: 'topology',
    weight: 2,
  };
};

function isTogether(a: Outage, b: Outage): boolean {
  if (Math.abs(a.from - b.from) > TOGETHER_MILLISECONDS) return false;
  return a.isOver !== b.isOver ? false : !a.isOver || Math.abs(a.to - b.to) <= TOGETHER_MILLISECONDS;
}

/** Its process began anew while it was away. */
function wasRestarted(scene: Scene, service: string, { from, to }: Outage): boolean {
  return evidenceOfKind(scene.evidence, 'metric').some((metric) => {
    if (metric.service !== service || metric.data.family !== 'restart' || metric.data.direction === 'flat')
      return false;
    const at = (metric.data.lastValue ?? 0) * 1_000;
    return at >= from - TOGETHER_MILLISECONDS && at <= to + TOGETHER_MILLISECONDS;
  });
}
