/** What rules ask of a process that is started and does not come up, or comes up where nobody looks for it. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import { isoOfMilliseconds, secondsBetween } from '../../lib/time.ts';
import { quoted } from '../../lib/wording.ts';
import { dependencyNamedIn } from '../dependencies.ts';
import type { Metric, Scene, Trace } from '../scene.ts';
import { putDownTo } from '../suspicion.ts';
import { endedText, hasItsReason } from './endings.ts';
import { upIsZero } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { isAway } from './standing-still.ts';

/** `listening on :8080`, `listens on port 8102`, `Uvicorn running on http://0.0.0.0:8000`, `"msg":"listening","port":9000`. */
const LISTENS =
  /\b(?:listen(?:s|ing)?|running|started|serving|bound|accepting connections)\b[^\n]{0,60}?(?:\bport\b\W{0,6}(?:\(s\)\W{0,3})?|(?:\d|localhost|\*|\]|\s):)(\d{2,5})\b/i;
/** The clocks of a scraper and of a log. */
const EARLY_SECONDS = 60;

/** It says that it listens, at none of the ports where it is looked for, and there nobody does. */
export const listensElsewhere: Predicate = (scene) => {
  const { service, provisionalOnset } = scene.context;
  const isRefused = scene.health?.data.failure === 'refused' || typeof upIsZero(scene) !== 'string';
  const known = [service.healthUrl, service.readyUrl, service.metricsUrl].flatMap((url) => portOf(url) ?? []);
  if (!isRefused || known.length === 0) return 'absent';
  const said = evidenceOfKind(scene.evidence, 'logs')
    .filter((logs) => logs.service === service.name)
    .flatMap(({ id, data }) =>
      data.samples.map(({ at, text }) => {
        const found = LISTENS.exec(text);
        return { at, port: Number(found?.[1]), phrase: found?.[0] ?? '', cite: id };
      }),
    )
    .filter(({ port }) => !Number.isNaN(port));
  const since = said.filter(
    ({ at }) => at !== null && secondsBetween(provisionalOnset, at) >= -ONSET_SECONDS - EARLY_SECONDS,
  );
  const [last] = since.slice(-1);
  if (!last || since.some(({ port }) => known.includes(port))) return scene.logsSeen ? 'absent' : 'unknown';
  // Where it said the same when all was well, a proxy or a container stands between.
  if (said.some((each) => !since.includes(each) && each.port === last.port)) return 'absent';
  const words = `${quoted(last.phrase)} was logged, and it is looked for elsewhere`;
  return { words, cites: [last.cite], group: 'logs', weight: 2.5 };
};
/** An alert waits before it fires. */
const ONSET_SECONDS = 300;

function portOf(url: string | undefined): number | undefined {
  const found = /^(https?):\/\/[^/]*?(?::(\d+))?(?:\/|$)/.exec(url ?? '');
  if (!found) return undefined;
  return found[2] === undefined ? (found[1] === 'https' ? 443 : 80) : Number(found[2]);
}

/** The first requests after a start. */
const FIRST_SECONDS = 180;
const CLOCKS_SECONDS = 15;

/**
 * It was started anew, and from then on fails on answers of another service, which ended none of those requests: somebody
 * else answers. Where a change stands out it may ask for something else instead.
 */
export const asksElsewhere: Predicate = (scene) => {
  const { service, registry } = scene.context;
  if (!scene.ranking || putDownTo(scene.ranking)) return 'absent';
  const restart = scene.metrics.find(({ data }) => data.family === 'restart' && data.direction !== 'flat');
  const startedAt = startOf(restart);
  if (!restart || startedAt === undefined) return 'absent';
  for (const { text, cite, isNovel, firstAt } of scene.texts) {
    const name = isNovel && ANSWERED.test(text) ? dependencyNamedIn(text, service, registry) : undefined;
    const after = firstAt === null ? Number.NaN : secondsBetween(startedAt, firstAt);
    if (name === undefined || !(after >= -CLOCKS_SECONDS && after <= FIRST_SECONDS)) continue;
    const theirs = evidenceOfKind(scene.evidence, 'metric').filter((metric) => metric.service === name);
    const stopped = theirs.find(({ data }) => data.shape === 'stopped' && data.metric.includes('{route='));
    const wasStarted = theirs.some(({ data }) => data.family === 'restart' && data.direction !== 'flat');
    if (!stopped || wasStarted) continue;
    const words = `${service.name} was started anew and fails on answers since, while ${stopped.title}`;
    return { words, cites: [cite, restart.id, stopped.id], group: 'topology', weight: 2 };
  }
  return scene.logsSeen ? 'absent' : 'unknown';
};

/** A refusal is an answer; a broken connection is none. */
const ANSWERED =
  /\b(?:answered|responded|returned|replied|status(?: code)?|HTTP\S*|code)[^\n\d]{0,16}\b(?:4\d\d|30[1278])\b|\b(?:4\d\d Client Error|404 Not Found|405 Method Not Allowed)\b/i;

function startOf(metric: Metric | undefined): string | undefined {
  const seconds = metric?.data.lastValue;
  return typeof seconds === 'number' ? isoOfMilliseconds(seconds * 1_000) : undefined;
}

/** The frame that a program begins with. */
const BEGINS = /(?:^|[.:])(?:main|Main|<main>|<module>|bootstrap|Object\.<anonymous>)$/;

/** What it throws ends it at its start, and no change of late fits that: it is what it reads there that is another now. */
export const endsOnWhatItReads: Predicate = (scene) => {
  if (!scene.ranking || putDownTo(scene.ranking)) return 'absent';
  const thrown = isAway(scene) ? scene.traces.find(isAtStart) : undefined;
  if (!thrown) return 'absent';
  const { type, message } = thrown.data;
  const words = `${type} ${quoted(message, 100)} ends it at its start, and no change of late fits`;
  return { words, cites: [thrown.id], group: 'traces', weight: 2 };
};

/** It ends with an error, and why is not known: no words of its own say it, or those of a reader of something else. */
export function endsUnexplained(scene: Scene): boolean {
  const isSilent = endedText(scene) !== undefined && !hasItsReason(scene);
  return isSilent || typeof endsOnWhatItReads(scene) !== 'string';
}

function isAtStart({ data: { crashFrame, frames, request } }: Trace): boolean {
  return crashFrame !== null && !request && frames.some((frame) => BEGINS.test(frame.function ?? ''));
}
