/** "Resolved" is a claim too: whether what was seen just now says that a service is well again. Pure. */
import { serviceFinder } from '../domain/alert-service.ts';
import type { Question } from '../domain/question.ts';
import type { Observation, Series } from '../domain/telemetry.ts';
import type { AnalysisContext } from './context.ts';
import { increasesOf } from './metrics/rates.ts';
import { statusClass } from './metrics/request-labels.ts';

export interface Recovery {
  /** `unknown`: nothing could be seen that says either way. */
  readonly state: 'recovered' | 'broken' | 'unknown';
  /** For people: what was seen. */
  readonly reason: string;
}

const LOOK_BACK_SECONDS = 60;
const STEP_SECONDS = 5;
/** What frameworks call the number of their requests, with what became of them as a label. */
const REQUEST_COUNTERS = [
  'http_requests_total',
  'http_server_requests_seconds_count',
  'http_server_request_duration_seconds_count',
  'http_server_duration_milliseconds_count',
  'grpc_server_handled_total',
];

export function recoveryQuestions(context: AnalysisContext): Question[] {
  const { service, window } = context;
  const from = new Date(Date.parse(window.to) - LOOK_BACK_SECONDS * 1_000).toISOString();
  const recent = { service, labels: {}, from, to: window.to, stepSeconds: STEP_SECONDS };
  return [
    { kind: 'probe', service, of: 'health' },
    ...(service.readyUrl === undefined ? [] : [{ kind: 'probe' as const, service, of: 'ready' as const }]),
    { kind: 'metric', metric: 'up', ...recent },
    { kind: 'metric', metric: 'dependency_up', ...recent },
    ...REQUEST_COUNTERS.map((metric): Question => ({ kind: 'metric', metric, ...recent })),
  ];
}

export function recoveryOf(observations: readonly Observation[], context: AnalysisContext): Recovery {
  const services = new Set(context.alerts.map(serviceFinder(context.registry)));
  if (services.size > 1)
    return {
      state: 'unknown',
      reason: `its alerts name ${services.size} services, which one look does not tell apart`,
    };
  const signs = [...observations.flatMap((observation) => signsOf(observation)), ...requestSigns(observations)];
  const bad = signs.filter((sign) => !sign.isGood);
  if (bad.length > 0) return { state: 'broken', reason: bad.map((sign) => sign.text).join('; ') };
  if (signs.length > 0) return { state: 'recovered', reason: signs.map((sign) => sign.text).join('; ') };
  return { state: 'unknown', reason: `nothing could be seen of ${context.service.name}` };
}

interface Sign {
  readonly isGood: boolean;
  readonly text: string;
}

function signsOf({ answer }: Observation): Sign[] {
  const { probe, series } = answer.telemetry;
  if (probe) {
    const isGood = probe.httpStatus !== undefined && probe.httpStatus < 400;
    return [{ isGood, text: `${probe.of} ${probe.httpStatus ?? probe.failure ?? 'failed'}` }];
  }
  return (series ?? []).flatMap((one) => seriesSign(one) ?? []);
}

function seriesSign(series: Series): Sign | undefined {
  const values = series.points.flatMap(({ value }) => (value === null ? [] : [value]));
  const last = values.at(-1);
  if (last === undefined) return undefined;
  if (series.metric === 'up') return { isGood: last === 1, text: `up ${last}` };
  if (series.metric === 'dependency_up')
    return { isGood: last === 1, text: `dependency ${series.labels.dependency ?? ''} ${last === 1 ? 'up' : 'down'}` };
  return undefined;
}

/** None where no series says how requests ended. One answer is as bad whatever metric counts it. */
function requestSigns(observations: readonly Observation[]): Sign[] {
  const counted = observations
    .flatMap(({ answer }) => answer.telemetry.series ?? [])
    .filter(({ metric, labels, points }) => {
      const isSeen = points.some(({ value }) => value !== null);
      return isSeen && REQUEST_COUNTERS.includes(metric) && statusClass(labels) !== undefined;
    });
  if (counted.length === 0) return [];
  // Each metric by itself: a status that is new beside its siblings began at zero.
  const failed = REQUEST_COUNTERS.flatMap((metric) => increasesOf(counted.filter((one) => one.metric === metric)))
    .filter(({ labels }) => statusClass(labels) === '5')
    .some(({ increases }) => increases.some(({ amount }) => amount > 0));
  return [{ isGood: !failed, text: failed ? '5xx answers in the last minute' : 'no 5xx answers in the last minute' }];
}
