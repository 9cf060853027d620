/** The spell of trouble that an alert may speak of: when it was first and last seen, by every sign of it. */
import { millisecondsOf } from '../../lib/time.ts';
import { isRaised } from '../fault-classes/predicates.ts';
import { topicOf } from '../metrics/topics.ts';
import type { ErrorText, Metric, Scene } from '../scene.ts';
import { metricOf, requestLatency, serverErrors } from '../scene.ts';
import { type Level, levelsOf, offSince } from './levels.ts';

export interface Spell {
  readonly fromMilliseconds: number;
  readonly toMilliseconds: number;
  readonly seconds: number;
  /** From its last sign until the look. */
  readonly quietSeconds: number;
  /** Of the signs that it was seen by, the plainest first. */
  readonly cites: readonly string[];
}

/** An alert fires minutes after what it is about; a deploy of an hour ago is another story. */
const EARLIEST_BEFORE_ONSET_MILLISECONDS = 600_000;

/** `meant`: what the alert itself speaks of. undefined: no sign of trouble around the alert. */
export function spellOf(scene: Scene, meant: readonly Metric[] = []): Spell | undefined {
  const { context } = scene;
  const provisional = millisecondsOf(context.provisionalOnset) ?? 0;
  const began = Math.min(millisecondsOf(scene.onset) ?? provisional, provisional);
  const since = Math.max(began - EARLIEST_BEFORE_ONSET_MILLISECONDS, provisional - EARLIEST_BEFORE_ONSET_MILLISECONDS);
  const signs = lastOf([...metricSigns(scene, since, meant), ...textSigns(scene, since)], provisional);
  if (signs.length === 0) return undefined;
  const fromMilliseconds = Math.min(...signs.map(({ from }) => from));
  const toMilliseconds = Math.max(...signs.map(({ to }) => to));
  const now = millisecondsOf(context.window.to) ?? toMilliseconds;
  return {
    fromMilliseconds,
    toMilliseconds,
    seconds: (Math.max(...signs.map(({ to, grewTo }) => grewTo ?? to)) - fromMilliseconds) / 1_000,
    quietSeconds: (now - toMilliseconds) / 1_000,
    cites: signs.map(({ cite }) => cite),
  };
}

interface Sign {
  readonly cite: string;
  readonly from: number;
  readonly to: number;
  /** Of what waits in a queue: from then on it was worked off. */
  readonly grewTo?: number;
}

/** What was over so long before the alert is another story: a restart minutes before the trouble is no part of it. */
const APART_MILLISECONDS = 150_000;

/** Without those that ended long before the others began, and before the alert. */
function lastOf(signs: readonly Sign[], provisional: number): Sign[] {
  const [earlier, ...rest] = signs.toSorted((a, b) => a.to - b.to);
  if (!earlier || rest.length === 0) return [...signs];
  const began = Math.min(...rest.map(({ from }) => from));
  const isApart = earlier.to + APART_MILLISECONDS < Math.min(began, provisional);
  return isApart ? lastOf(rest, provisional) : [earlier, ...rest];
}

function metricSigns(scene: Scene, since: number, meant: readonly Metric[]): Sign[] {
  const { metrics } = scene;
  const dependencies = metrics.filter(({ data }) => data.family === 'dependency');
  const latency = requestLatency(scene);
  const told = [
    metricOf(scene, 'availability'),
    serverErrors(scene),
    ...dependencies,
    latency && isRaised(latency) ? latency : undefined,
    ...meant.filter((metric) => metric.id !== latency?.id && isRaised(metric)),
  ];
  return told.flatMap((metric) => (metric ? signOf(metric, since, meant.includes(metric)) : []));
}

function signOf(metric: Metric, since: number, isMeant: boolean): Sign[] {
  const all = offSince(metric, since);
  const off = metric.data.family === 'latency' && !isMeant ? withoutLone(all, metric) : all;
  const [first] = off;
  const last = off.at(-1);
  if (!first || !last) return [];
  const sign = { cite: metric.id, from: first.atMilliseconds, to: last.atMilliseconds };
  if (topicOf(metric.data.metric) !== 'queue') return [sign];
  const most = off.toSorted((a, b) => b.value - a.value)[0] ?? last;
  return [{ ...sign, grewTo: most.atMilliseconds }];
}

/** From then on even a single sample is plain. */
const PLAIN_SECONDS = 0.5;

/** A mean over a request or two leaps with what was asked for: one such sample between others as before says nothing, unless that is what the alert is about. */
function withoutLone(off: readonly Level[], metric: Metric): Level[] {
  const levels = levelsOf(metric);
  const isOff = new Set(off.map(({ atMilliseconds }) => atMilliseconds));
  return off.filter(({ atMilliseconds, value }) => {
    const index = levels.findIndex((level) => level.atMilliseconds === atMilliseconds);
    const beside = [levels[index - 1], levels[index + 1]];
    return value >= PLAIN_SECONDS || beside.some((level) => level && isOff.has(level.atMilliseconds));
  });
}

function textSigns({ texts }: Scene, since: number): Sign[] {
  return texts.filter(isTrouble).flatMap(({ cite, firstAt, lastAt }) => {
    const from = millisecondsOf(firstAt ?? '');
    const to = millisecondsOf(lastAt ?? firstAt ?? '');
    return from === undefined || to === undefined || to < since ? [] : [{ cite, from: Math.max(from, since), to }];
  });
}

/** What the callers did wrong is logged too, as a warning with its 4xx. */
export function isTrouble({ level, text }: ErrorText): boolean {
  return level === 'fatal' || level === 'error' || (level === 'warning' && !/\b4\d\d\b/.test(text));
}

/** Longer trouble is an incident, even if it ended by itself. */
const BRIEF_SECONDS = 300;
/** Six readings at the usual scrape interval; and half as long as the trouble was. */
const MIN_QUIET_SECONDS = 90;

/** It was brief, and has stayed away long enough to say so. */
export function isOver({ seconds, quietSeconds }: Spell): boolean {
  return seconds <= BRIEF_SECONDS && quietSeconds >= Math.max(MIN_QUIET_SECONDS, seconds / 2);
}
