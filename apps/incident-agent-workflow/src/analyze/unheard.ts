/** Sources that answered and still tell nothing: they hold nothing of the service at all, or nothing of the last minutes. */
import type { Gap } from '../domain/gap.ts';
import type { Service } from '../domain/service.ts';
import type { Observation } from '../domain/telemetry.ts';
import { oneLine } from '../lib/clean-text.ts';
import { clockTime } from '../lib/instants.ts';
import { millisecondsOf } from '../lib/time.ts';
import { duration } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';
import { namesNoService } from './gaps.ts';
import { logReadings } from './logs/log-reading.ts';

const MAX_NAME_CHARACTERS = 120;
/** Longer than any scrape interval, and than Prometheus goes on showing a series that ended. */
const STALE_MILLISECONDS = 6 * 60_000;

/**
 * `looked`: the services that are looked into, the alerting one among them. Of other neighbours it is not said: a database
 * may well have neither metrics nor a log of its own.
 */
export function unheard(
  observations: readonly Observation[],
  context: AnalysisContext,
  looked: readonly Service[] = [context.service],
): Gap[] {
  const named = namesNoService(context) ? [] : looked;
  return [
    ...named.flatMap((service) => noMetric(observations, service)),
    ...named.flatMap((service) => noLine(observations, service, context)),
    ...stopped(observations, context),
  ];
}

function noMetric(observations: readonly Observation[], service: Service): Gap[] {
  const answers = observations
    .filter(({ question }) => question.kind === 'metric' && question.service.name === service.name)
    .map(({ answer }) => answer)
    .filter(({ telemetry }) => telemetry.series !== undefined);
  const [first] = answers;
  if (!first || answers.some(({ telemetry }) => telemetry.series?.length !== 0)) return [];
  const of = oneLine(service.name, MAX_NAME_CHARACTERS);
  const { source, query } = first;
  return [
    {
      source,
      query,
      reason: 'not-found',
      detail: `no metric of ${of} in the window, not even up: it is not scraped, or its labels name the service otherwise`,
      unknown: `what the metrics of ${of} did`,
    },
  ];
}

function noLine(observations: readonly Observation[], service: Service, context: AnalysisContext): Gap[] {
  const own = logReadings(observations, context).filter(({ question }) => question.service.name === service.name);
  if (own.some(({ lines }) => lines.length > 0)) return [];
  const of = oneLine(service.name, MAX_NAME_CHARACTERS);
  return own.slice(0, 1).map(({ source, query }) => ({
    source,
    query,
    reason: 'not-found',
    detail: `no log line of ${of} in the window: it wrote none, or they are kept under another name`,
    unknown: `what ${of} logged`,
  }));
}

/** Not of one service alone: that one may be gone. Where nothing at all is newer, it is the source that is behind. */
function stopped(observations: readonly Observation[], { window }: AnalysisContext): Gap[] {
  const newest = new Map<string, number>();
  for (const { question, answer } of observations)
    if (question.kind === 'metric')
      for (const { points } of answer.telemetry.series ?? []) {
        const at = millisecondsOf(points.at(-1)?.at ?? '') ?? Number.NEGATIVE_INFINITY;
        if (at > (newest.get(answer.source) ?? Number.NEGATIVE_INFINITY)) newest.set(answer.source, at);
      }
  const end = millisecondsOf(window.to) ?? Number.NEGATIVE_INFINITY;
  return [...newest].flatMap(([source, at]): Gap[] => {
    if (end - at < STALE_MILLISECONDS) return [];
    const last = clockTime(new Date(at).toISOString());
    const detail = `the newest sample that ${source} holds is from ${last}, ${duration((end - at) / 1_000)} before this look: it has stopped taking samples, or its clock is behind`;
    return [{ source, query: '', reason: 'not-found', detail, unknown: `what every metric did after ${last}` }];
  });
}
