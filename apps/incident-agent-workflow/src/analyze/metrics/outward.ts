/** Calls that a service makes: how others answered them, apart from what it answers itself. */
import { oneLine } from '../../lib/clean-text.ts';
import { compareText } from '../../lib/compare-text.ts';
import type { MetricKind } from './families.ts';
import { changeInWords, type Frame, type MetricFinding, type MetricReading, valuesOf } from './finding.ts';
import { measure } from './measure.ts';
import { type CountedSeries, increasesOf, readingTimes, summed } from './rates.ts';
import { exactStatus, GRPC_LABELS } from './request-labels.ts';
import { inLabelOrder, stepOf } from './samples.ts';

/** None of the families of the service's own answers. */
const FAILED_CALLS: MetricKind = {
  family: 'other',
  unit: 'per second',
  isShare: false,
  badDirection: 'up',
  floor: 0.02,
};
const MAX_FINDINGS = 3;

/** `http_client_requests_seconds_count`, `upstream_requests_total`: counts what is asked of others. */
export function countsCalls(metric: string): boolean {
  return (
    !metric.startsWith('envoy_cluster_upstream_') &&
    /(?:^|_)(?:client|upstream|outbound|outgoing|external|downstream|egress)(?:_|$)/.test(metric) &&
    /(?:request|response|call|handled)/.test(metric) &&
    /_(?:total|count)$/.test(metric)
  );
}

type Labels = Readonly<Record<string, string>>;

const ERROR_LABELS = ['error_type', 'exception', 'error', 'error_code', 'reason'];
const NO_ERROR = /^(?:none|null|false|ok|success|-)?$/i;
const TARGET_LABELS = [
  'server_address',
  'net_peer_name',
  'client_name',
  'upstream',
  'target',
  'peer',
  'host',
  'remote',
];

/** `429` or `ConnectException`; undefined: it ended well, or nothing is told of its end. */
export function failureOf(labels: Labels): string | undefined {
  const status = exactStatus(labels);
  if (status !== undefined && /^[45]/.test(status)) return status;
  const word = GRPC_LABELS.map((name) => labels[name]).find((value) => value !== undefined);
  if (word !== undefined) return /^(?:ok|0)$/i.test(word) ? undefined : word;
  return ERROR_LABELS.map((name) => labels[name]).find((value) => value !== undefined && !NO_ERROR.test(value));
}

/** One finding for each way in which calls fail more often than before, the worst first. */
export function callFindings({ question, series }: MetricReading, frame: Frame): MetricFinding[] {
  const counted = increasesOf(inLabelOrder(series));
  const readings = readingTimes(counted);
  const failed = Map.groupBy(counted, ({ labels }) => failureOf(labels) ?? '');
  failed.delete('');
  const findings = [...failed].map(([failure, of]) => findingOf(question.metric, { failure, of }, readings, frame));
  return findings
    .filter(({ values }) => values.direction === 'up')
    .toSorted((a, b) => (b.values.score ?? 0) - (a.values.score ?? 0) || compareText(a.title, b.title))
    .slice(0, MAX_FINDINGS);
}

function findingOf(
  metric: string,
  { failure, of }: { readonly failure: string; readonly of: readonly CountedSeries[] },
  readings: readonly number[],
  frame: Frame,
): MetricFinding {
  const samples = summed(of, readings).map(({ atMilliseconds, perSecond }) => ({ atMilliseconds, value: perSecond }));
  const measured = measure(samples, FAILED_CALLS, frame.provisionalMilliseconds, stepOf([samples]) ?? 0);
  const name = oneLine(failure, 60);
  const values = valuesOf(`${metric}{failure="${name}"}`, FAILED_CALLS, samples, measured);
  const targets = [...new Set(of.flatMap(({ labels }) => targetOf(labels) ?? []))];
  const to = targets.length === 1 ? ` to ${oneLine(targets[0] ?? '', 80)}` : '';
  return {
    title: `calls of ${frame.service}${to} that end with ${name} ${changeInWords(values, FAILED_CALLS)}`,
    values,
    isTelling: measured.isAnomalous,
  };
}

function targetOf(labels: Labels): string | undefined {
  return TARGET_LABELS.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
}

/** Of a metric in evidence: how its calls fail; undefined: it counts none. */
export function failureIn(metric: string): string | undefined {
  return /\{failure="([^"]*)"\}$/.exec(metric)?.[1];
}
