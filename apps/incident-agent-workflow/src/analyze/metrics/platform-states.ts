/** What a cluster says of the state of containers, pods and deployments: a reason in a label, and 1 while it holds. */
import type { Series } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { compareText } from '../../lib/compare-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import type { MetricKind } from './families.ts';
import { type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { inLabelOrder, type Sample, samplesOf, thinned } from './samples.ts';

const STATE: MetricKind = { family: 'other', unit: '1', isShare: false, badDirection: 'up', floor: 0.25 };
const MAX_STATES = 3;
/** An alert waits for minutes before it fires: what held in this time before it is what it is about. */
const AROUND_MILLISECONDS = 1_200_000;
/** Strong enough to stand before figures that moved. */
const SCORE = 100;
/** What holds from so early on may have held long before. */
const START_MILLISECONDS = 120_000;

interface States {
  readonly metric: RegExp;
  /** How a reason is told, in the words of the platform; undefined: it is none of trouble. */
  readonly stateOf: (labels: Readonly<Record<string, string>>) => string | undefined;
  /** It stays after what it tells of is over: then only its beginning says something. */
  readonly stays?: true;
}

const TROUBLE_IN_WAITING = /BackOff|Err|Invalid|Crash|Fail|CannotRun|NeverPull/;
const ALL: readonly States[] = [
  {
    metric: /^kube_pod_(?:init_)?container_status_waiting_reason$/,
    stateOf: ({ reason = '' }) => (TROUBLE_IN_WAITING.test(reason) ? reason : undefined),
  },
  {
    metric: /^kube_pod_(?:init_)?container_status_(?:last_)?terminated_reason$/,
    stateOf: ({ reason = '' }) => (reason === '' || reason === 'Completed' ? undefined : reason),
    stays: true,
  },
  {
    metric: /^kube_pod_status_reason$/,
    stateOf: ({ reason = '' }) => (reason === '' ? undefined : reason),
    stays: true,
  },
  { metric: /^node_systemd_unit_state$/, stateOf: ({ state }) => (state === 'failed' ? state : undefined) },
  { metric: /^kube_pod_status_unschedulable$/, stateOf: () => 'Unschedulable' },
  {
    metric: /^kube_(?:deployment|statefulset)_status_condition$/,
    stateOf: ({ condition = '', status = '' }) =>
      (condition === 'Progressing' || condition === 'Available') && status === 'false' ? `not ${condition}` : undefined,
  },
  {
    metric: /^kube_node_status_condition$/,
    stateOf: ({ condition = '', status = '' }) => {
      if (condition === 'Ready') return status === 'true' ? undefined : 'not Ready';
      return status === 'true' ? condition : undefined;
    },
  },
];

/** Whether its series say by a label what state holds. */
export function isStateMetric(metric: string): boolean {
  return ALL.some((states) => states.metric.test(metric));
}

/** One finding for each state of trouble that holds around the alert, or began then. */
export function stateFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const states = ALL.find(({ metric }) => metric.test(question.metric));
  if (!states) return [];
  const byState = Map.groupBy(inLabelOrder(series), ({ labels }) => states.stateOf(labels) ?? '');
  byState.delete('');
  return [...byState]
    .flatMap(([state, of]) => findingOf({ metric: question.metric, state, stays: states.stays ?? false }, of, frame))
    .toSorted((a, b) => compareText(a.values.metric, b.values.metric))
    .slice(0, MAX_STATES);
}

function findingOf(
  { metric, state, stays }: { readonly metric: string; readonly state: string; readonly stays: boolean },
  of: readonly Series[],
  frame: Frame,
): MetricFinding[] {
  const around = frame.provisionalMilliseconds - AROUND_MILLISECONDS;
  const held = of
    .map(({ points }) => thinned(samplesOf(points)))
    .filter((samples) => holds(samples, stays, around))
    .toSorted((a, b) => (beginOf(a) ?? 0) - (beginOf(b) ?? 0));
  const [samples] = held;
  if (!samples) return [];
  const began = beginOf(samples);
  // At the very beginning of what was recorded nobody knows since when.
  const onset =
    began !== undefined && began > frame.startMilliseconds + START_MILLISECONDS ? isoOfMilliseconds(began) : undefined;
  const name = oneLine(state, 60);
  const values = valuesOf(`${metric}{state="${name}"}`, STATE, samples, {
    onsetMilliseconds: undefined,
    baselineMedian: 0,
    incidentMedian: 1,
    incidentExtreme: 1,
    score: SCORE,
    direction: 'up',
    isAnomalous: true,
  });
  return [
    {
      title: `${subjectOf(metric)} of ${frame.service} is told as ${name}${onset ? ` since ${clockTime(onset)}` : ''} (${metric})`,
      values: { ...values, onset: onset ?? null },
      isTelling: true,
    },
  ];
}

function holds(samples: readonly Sample[], stays: boolean, around: number): boolean {
  const since = samples.filter(({ atMilliseconds, value }) => value === 1 && atMilliseconds >= around);
  if (since.length === 0) return false;
  const began = beginOf(samples);
  return !stays || (began !== undefined && began >= around);
}

/** When it last became so. */
function beginOf(samples: readonly Sample[]): number | undefined {
  const last = samples.findLastIndex(({ value }) => value === 1);
  if (last < 0) return undefined;
  let first = last;
  while (first > 0 && samples[first - 1]?.value === 1) first -= 1;
  return samples[first]?.atMilliseconds;
}

function subjectOf(metric: string): string {
  if (metric.includes('container')) return 'a container';
  if (metric.includes('systemd')) return 'a unit';
  if (metric.includes('node')) return 'a node';
  return metric.includes('pod') ? 'a pod' : 'the deployment';
}
