/** Everything that could be seen of a case, as answers to questions: the stuff of a bundle that is a recording. */
import type { Gap } from '../../../apps/incident-agent-workflow/src/domain/gap.ts';
import { type Question, unknownWithout } from '../../../apps/incident-agent-workflow/src/domain/question.ts';
import type { Service } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type { LogLine, Observation, Series } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import type { ServiceName } from '../template.ts';
import { hostOf, type Retelling } from './places.ts';
import type { EvidenceTrait, Setting } from './plan.ts';
import type { RecordedProbe } from './probes.ts';
import { isoAt, TIME_SCALE } from './stretch.ts';
import { newestLines, timesOf } from './told-logs.ts';

const NAMES_SOURCE = 'prometheus';
const LOGS_SOURCE = 'loki';
const LOKI = 'http://loki:3100';
/** Of all services of a case together. */
const MAX_LOG_LINES = 6_000;

/** One service as it was seen. */
export interface Seen {
  readonly service: Service & { readonly name: ServiceName };
  readonly series: readonly Series[];
  readonly logLines: readonly LogLine[];
  readonly probes: readonly (Omit<RecordedProbe, 'at'> & { readonly toldAt: number })[];
  readonly retell: Retelling;
  /** Of the last scrape up to now: when, and why it failed. */
  readonly lastScrape: { readonly at: number; readonly failure: string | undefined };
}
export interface SeenWindow {
  readonly from: number;
  /** What came later could not be seen. */
  readonly now: number;
  readonly onset: number;
}

export function observationsOf(
  seen: readonly Seen[],
  window: SeenWindow,
  {
    missing,
    setting,
    cutAfterSeconds,
  }: { readonly missing: EvidenceTrait | undefined; readonly setting: Setting; readonly cutAfterSeconds: number },
): Observation[] {
  const begin = window.onset + cutAfterSeconds * 1_000;
  const seriesFrom = missing === 'no-baseline' ? begin : window.from;
  const logsFrom = missing === 'rotated-logs' ? begin : window.from;
  const share = Math.floor(MAX_LOG_LINES / Math.max(1, seen.length));
  const spare = seen.reduce((sum, { logLines }) => sum + Math.max(0, share - logLines.length), 0);
  const hungry = seen.filter(({ logLines }) => logLines.length > share).length;
  const most = share + (hungry === 0 ? 0 : Math.floor(spare / hungry));
  return seen.flatMap((one) => [
    ...metricObservations(one, seriesFrom, window),
    targets(one, setting),
    ...probes(one, window.now),
    missing === 'no-logs' ? noLogs(one, window) : logs(one, logsFrom, window, most),
  ]);
}

function metricObservations({ service, series }: Seen, from: number, { now }: SeenWindow): Observation[] {
  const begin = isoAt(from);
  const end = isoAt(now);
  const asked = { service, from: begin, to: end };
  const byMetric = new Map<string, Series[]>();
  for (const one of series) {
    const points = one.points.filter(({ at }) => at >= begin && at <= end);
    if (points.length === 0) continue;
    byMetric.set(one.metric, [...(byMetric.get(one.metric) ?? []), { ...one, points }]);
  }
  const names = [...byMetric.keys()].toSorted((left, right) => (left < right ? -1 : 1));
  const discovery = {
    question: { kind: 'metric-names' as const, ...asked },
    answer: {
      source: NAMES_SOURCE,
      query: `group by (__name__) ({service="${service.name}"})`,
      telemetry: { metricNames: names },
      gaps: [],
    },
  };
  return [
    discovery,
    ...names.map((metric) => ({
      question: { kind: 'metric' as const, metric, labels: {}, stepSeconds: TIME_SCALE, ...asked },
      answer: {
        source: NAMES_SOURCE,
        query: `${metric}{service="${service.name}"}`,
        telemetry: { series: (byMetric.get(metric) ?? []).toSorted(byLabels) },
        gaps: [],
      },
    })),
  ];
}

function byLabels(left: Series, right: Series): number {
  const [a, b] = [JSON.stringify(left.labels), JSON.stringify(right.labels)];
  return a < b ? -1 : Number(a > b);
}

function targets({ service, lastScrape }: Seen, setting: Setting): Observation {
  const host = hostOf(service.name, setting);
  const url = `http://${host}/metrics`;
  const { failure, at } = lastScrape;
  const lastError = failure === undefined ? '' : errorWords(url, host, failure);
  const target = {
    url,
    health: failure === undefined ? ('up' as const) : ('down' as const),
    lastError,
    lastScrapeAt: isoAt(at),
  };
  return {
    question: { kind: 'targets', service },
    answer: {
      source: NAMES_SOURCE,
      query: `up{service="${service.name}"}`,
      telemetry: { targets: [target] },
      gaps: [],
    },
  };
}

/** In Prometheus's words. */
function errorWords(url: string, host: string, failure: string): string {
  if (failure.startsWith('server returned')) return failure;
  return failure.startsWith('connect') ? `Get "${url}": dial tcp ${host}: ${failure}` : `Get "${url}": ${failure}`;
}

/** The last of each kind that was sent up to now. */
function probes({ service, probes: all, retell }: Seen, now: number): Observation[] {
  return (['health', 'ready'] as const).flatMap((of) => {
    const last = all.findLast((probe) => probe.of === of && probe.toldAt <= now);
    const { probe } = last?.answer.telemetry ?? {};
    const url = of === 'health' ? service.healthUrl : service.readyUrl;
    if (last === undefined || probe === undefined || url === undefined) return [];
    const told = { ...probe, url, at: isoAt(last.toldAt), detail: retell(probe.detail), body: retell(probe.body) };
    return [
      {
        question: { kind: 'probe' as const, service, of },
        answer: { source: 'health', query: `curl -i --max-time 5 ${url}`, telemetry: { probe: told }, gaps: [] },
      },
    ];
  });
}

function logs({ service, logLines }: Seen, from: number, { now }: SeenWindow, most: number): Observation {
  const question = { kind: 'logs' as const, service, from: isoAt(from), to: isoAt(now), maxLines: most };
  const query = `{service="${service.name}"}`;
  const times = timesOf(logLines);
  const inWindow = logLines.filter((_line, index) => isWithin(times[index] ?? from, from, now));
  const kept = newestLines(inWindow, most);
  const gaps: Gap[] =
    kept.length === inWindow.length
      ? []
      : [
          {
            source: LOGS_SOURCE,
            query,
            reason: 'too-large',
            detail: `read only the newest ${kept.length} of ${inWindow.length} lines`,
            unknown: unknownWithout(question),
          },
        ];
  return { question, answer: { source: LOGS_SOURCE, query, telemetry: { logLines: [...kept] }, gaps } };
}

function isWithin(at: number, from: number, to: number): boolean {
  return at >= from && at <= to;
}

function noLogs({ service }: Seen, { from, now }: SeenWindow): Observation {
  const question: Question = { kind: 'logs', service, from: isoAt(from), to: isoAt(now), maxLines: MAX_LOG_LINES };
  const query = `{service="${service.name}"}`;
  const gap: Gap = {
    source: LOGS_SOURCE,
    query,
    reason: 'unreachable',
    detail: `Loki at ${LOKI} cannot be reached: the connection was refused`,
    unknown: unknownWithout(question),
  };
  return { question, answer: { source: LOGS_SOURCE, query, telemetry: {}, gaps: [gap] } };
}
