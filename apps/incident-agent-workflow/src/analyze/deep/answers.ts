/** A service that answers otherwise than before: it runs, it serves, and whoever calls it fails on what it says. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import { millisecondsOf, secondsBetween } from '../../lib/time.ts';
import { counted } from '../../lib/wording.ts';
import { isOwnCrash } from '../crashes.ts';
import { isRaised } from '../fault-classes/predicates.ts';
import type { Predicate } from '../fault-classes/rule.ts';
import { isNew } from '../novelty.ts';
import type { ErrorText, Metric, Scene, Trace } from '../scene.ts';
import { surelyAccused } from '../suspicion.ts';
import { isUnreached } from './heard.ts';

/** What comes of a start is seen at the first requests that follow. */
const FIRST_REQUESTS_SECONDS = 180;
/** What a deploy brought is put down to it so long. */
const DEPLOYED_SECONDS = 600;
/** Clocks of two hosts, and requests that were under way. */
export const EARLY_SECONDS = 15;
/** Failures end with the start where it was the start that they came from. */
const LASTING_SECONDS = 30;

/** It was started anew, and from then on its caller, which was not, fails on its answers. */
export const answersOtherwise: Predicate = (scene) => {
  const { caller } = scene;
  const started = lastStart(scene);
  if (!caller || !started) return 'absent';
  const name = caller.context.service.name;
  const own = lastStart(caller);
  // The caller was changed as late as that: then it is one of the two, and this says nothing of which.
  if (own && secondsBetween(started.at, own.at) > -EARLY_SECONDS) return 'absent';
  const serves = servesAsBefore(scene);
  const since = caller.texts
    .filter((text) => (serves || !isUnreached(text)) && failsSince(text, started))
    .toSorted((a, b) => b.count - a.count);
  const heard = scene.texts.find((text) => text.by !== undefined && failsSince(text, started));
  const failing = since.find(({ cite }) => cite === heard?.cite) ?? since.find(({ group }) => group === 'traces');
  if (!failing) return 'absent';
  return {
    words: `${name} fails on what ${scene.context.service.name} answers since that was started anew`,
    cites: [failing.cite, started.metric.id],
    group: 'topology',
    weight: heard ? 2 : 1.5,
  };
};

/** It was started anew, and from then on a service that it calls, which was not, fails on what it is asked. */
export const asksOtherwise: Predicate = (scene) => {
  const started = lastStart(scene);
  const { service } = scene.context;
  if (!started) return 'absent';
  const failing = evidenceOfKind(scene.evidence, 'stack-trace').find(
    (trace) => service.dependsOn.includes(trace.service) && failsOn(trace, started.at, scene),
  );
  if (!failing) return 'absent';
  const words = `${failing.service} fails on what ${service.name} asks since that was started anew`;
  return { words, cites: [failing.id, started.metric.id], group: 'topology', weight: 2 };
};

/** What was started so long before, and threw nothing, ran well. */
export const RAN_WELL_SECONDS = 60;

/** Whether a change at one service may come of a start of another. */
export function comesOf(at: string, startedAt: string): boolean {
  const after = secondsBetween(startedAt, at);
  return after >= -EARLY_SECONDS && after <= FIRST_REQUESTS_SECONDS;
}

/** It throws since then what it never threw, and ran well before. */
function failsOn({ data, service }: Trace, startedAt: string, { evidence, context }: Scene): boolean {
  const wasStarted = evidenceOfKind(evidence, 'metric').some(
    (metric) =>
      metric.service === service &&
      metric.data.family === 'restart' &&
      metric.data.direction !== 'flat' &&
      secondsBetween(isoOfSeconds(metric.data.lastValue), startedAt) < RAN_WELL_SECONDS,
  );
  const isSince = data.firstAt !== null && comesOf(data.firstAt, startedAt);
  return isSince && !wasStarted && isNew(data, context) && isOwnCrash(data);
}

/** What this service throws comes of what its caller asks, unless a change of its own touched what fails. */
export function isAskedOtherwise(scene: Scene): boolean {
  if (surelyAccused(scene.ranking)) return false;
  const look = scene.caller && asksOtherwise(scene.caller);
  const own = scene.traces.filter(({ data }) => isOwnCrash(data)).map(({ id }) => id);
  return look !== undefined && typeof look !== 'string' && own.includes(look.cites[0] ?? '');
}

/** With that, its share of refused requests rose: callers that did nothing else than before ask wrongly now. */
export const refusesMore: Predicate = (scene) => {
  if (typeof answersOtherwise(scene) === 'string') return 'absent';
  const refused = scene.metrics.find(
    (metric) => metric.data.family === 'errors' && metric.title.startsWith('4xx share') && isRaised(metric),
  );
  return refused
    ? {
        words: `the share of 4xx answers of ${scene.context.service.name} rose`,
        cites: [refused.id],
        group: 'metrics',
        weight: 1.5,
      }
    : 'absent';
};

/** And the start stands at the very beginning of the failure. */
export const beganWithStart: Predicate = (scene) => {
  const started = lastStart(scene);
  if (!started || typeof answersOtherwise(scene) === 'string') return 'absent';
  const words = `${scene.context.service.name} was started anew when the failure began, its caller was not`;
  return { words, cites: [started.metric.id], group: 'change', weight: 1 };
};

function failsSince({ firstAt, lastAt, isNovel }: ErrorText, started: Start): boolean {
  if (!isNovel || firstAt === null || lastAt === null) return false;
  const after = secondsBetween(started.at, firstAt);
  return (
    after >= -EARLY_SECONDS - started.awaySeconds &&
    after <= FIRST_REQUESTS_SECONDS &&
    secondsBetween(started.at, lastAt) >= LASTING_SECONDS
  );
}

/**
 * It is asked as often as before, and answers: whoever says that it cannot be reached has reached it, and cannot use what
 * came. A client often has one name for both.
 */
function servesAsBefore({ health, metrics }: Scene): boolean {
  const { httpStatus } = health?.data ?? {};
  if (httpStatus === undefined || httpStatus >= 400) return false;
  const served = metrics.filter(({ data }) => data.family === 'traffic');
  return served.length > 0 && served.every(({ data }) => data.direction === 'flat');
}

/** Whether the process that runs was started not long before. */
export function startedBefore(scene: Scene, at: string): boolean {
  const started = lastStart(scene);
  const after = started ? secondsBetween(started.at, at) : Number.NaN;
  return after >= -EARLY_SECONDS && after <= DEPLOYED_SECONDS;
}

interface Start {
  readonly at: string;
  readonly metric: Metric;
  /** Since the process before it was gone: until then its callers fail because nobody is there. */
  readonly awaySeconds: number;
}

/** When the process that runs was started, if that was in the window. */
export function lastStart(scene: Scene): Start | undefined {
  const metric = scene.metrics.find(({ data }) => data.family === 'restart' && data.direction !== 'flat');
  const seconds = metric?.data.lastValue;
  if (!metric || typeof seconds !== 'number') return undefined;
  const at = isoOfSeconds(seconds);
  return { at, metric, awaySeconds: awayBefore(at, scene) };
}

/** Whoever takes longer to come up than this was not merely deployed. */
const MOST_AWAY_SECONDS = 120;

function awayBefore(startedAt: string, { metrics }: Scene): number {
  const gone = metrics.flatMap(({ data }) =>
    data.family === 'availability' && data.onset !== null ? [secondsBetween(data.onset, startedAt)] : [],
  );
  return Math.max(0, ...gone.filter((seconds) => seconds <= MOST_AWAY_SECONDS));
}

function isoOfSeconds(seconds: number | null): string {
  return new Date((seconds ?? 0) * 1_000).toISOString();
}

/** As it says itself in an answer: `issued at …, now 13:00:11`. */
const ITS_NOW = /\bnow(?: is)?[ :=]{1,3}"?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))/i;
/** METHODS §6: clocks that differ by less are told apart by nobody. */
const SKEW_SECONDS = 30;

/** `token has expired at …`, `expired since …`, `exp=…`, `notAfter: …`: what is over by the clock of who says so. */
const OVER_AT =
  /(?:expired|\bexp|not[ _]?after|valid (?:un)?til|no longer valid|is over)\b[^\n]{0,24}?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)/gi;
/** A refusal that says so: `valid until` alone is said of what is well. */
const REFUSES = /expired|no longer valid|is over|\b40[13]\b|refused|rejected|denied/i;

/** Something is refused as over whose end has not come: of the two clocks one runs ahead. */
export const isOverBeforeItsEnd: Predicate = (scene) => {
  for (const { text, lastAt, cite, count } of scene.texts) {
    if (lastAt === null || !REFUSES.test(text)) continue;
    const ends = [...text.matchAll(OVER_AT)].flatMap(([, at]) => millisecondsOf((at ?? '').replace(' ', 'T')) ?? []);
    const first = Math.min(...ends);
    if (ends.length === 0 || first - (millisecondsOf(lastAt) ?? first) < SKEW_SECONDS * 1_000) continue;
    const often = count === 1 ? 'once' : counted(count, 'time');
    const words = `what was to last until later is refused as expired ${often}`;
    return { words, cites: [cite], group: 'logs', weight: 2 };
  }
  return scene.logsSeen ? 'absent' : 'unknown';
};

/** Its answers name another time than the one at which its caller logged them: of the two clocks its own is the wrong one. */
export const tellsWrongTime: Predicate = (scene) => {
  const over = isOverBeforeItsEnd({ ...scene, texts: scene.texts.filter(({ by }) => by !== undefined) });
  if (typeof over !== 'string')
    return {
      ...over,
      words: `${scene.context.service.name} refuses as expired what is not`,
      group: 'topology',
      weight: 1.5,
    };
  for (const { by, text, firstAt, lastAt, cite } of scene.texts) {
    const now = by === undefined ? undefined : ITS_NOW.exec(text)?.[1];
    if (now === undefined || firstAt === null || lastAt === null) continue;
    // One sample stands for lines from the first to the last.
    if (secondsBetween(firstAt, now) >= -SKEW_SECONDS && secondsBetween(now, lastAt) >= -SKEW_SECONDS) continue;
    const { name } = scene.context.service;
    return {
      words: `${name} answers with a time that is not that of ${by}`,
      cites: [cite],
      group: 'topology',
      weight: 1.5,
    };
  }
  return 'absent';
};
