/** What is used against what there is: two metrics that are read together, if a service has both. */
import type { Series } from '../../domain/telemetry.ts';
import { clockTime } from '../../lib/instants.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import type { Frame, MetricFinding, MetricReading } from './finding.ts';
import { ANOMALOUS_SCORE, MAX_SCORE } from './measure.ts';
import { quantity } from './quantity.ts';
import { labelKey, type Sample, samplesOf } from './samples.ts';

export interface Limit {
  readonly metric: string;
  readonly samples: readonly Sample[];
}

interface Pair {
  readonly used: RegExp;
  /** Names of the limit, made from the name of what is used. */
  readonly limits: (used: string) => readonly string[];
  /** What is used, or free, in shares of the limit, where it counts as full. */
  readonly isFull: (share: number) => boolean;
}

const PAIRS: readonly Pair[] = [
  { used: /_open_fds$/, limits: (used) => [used.replace('open', 'max')], isFull: (share) => share >= 0.95 },
  // Of a whole host, and of a container.
  { used: /filefd_allocated$/, limits: () => ['node_filefd_maximum'], isFull: (share) => share >= 0.95 },
  { used: /container_file_descriptors$/, limits: () => ['container_ulimits_soft'], isFull: (share) => share >= 0.95 },
  { used: /process_files_open/, limits: () => ['process_files_max_files'], isFull: (share) => share >= 0.95 },
  {
    used: /(?:workers?|threads|executor)\w*_?(?:busy|active)|(?:busy|active)_(?:workers|threads)/,
    limits: (used) => [
      ...['max', 'limit', 'size', 'total'].map((end) => used.replace(/(?:busy|active|in_use|used)(?=_|$)/, end)),
      used.replace(/busy(?:_threads)?$/, 'config_max_threads'),
      used.replace(/busy(?:_threads)?$/, 'config_max'),
      used.replace(/active_threads$/, 'pool_max_threads'),
    ],
    isFull: (share) => share >= 1,
  },
  {
    // What a database or a broker counts of its own clients. At the limit, a few are kept for those who mend it.
    used: /pg_stat_activity_count|numbackends|threads_connected|connected_clients/,
    limits: () => ['pg_settings_max_connections', 'mysql_global_variables_max_connections', 'redis_config_maxclients'],
    isFull: (share) => share >= 0.97,
  },
  {
    used: /pool|connections?|conns/,
    limits: (used) => [
      ...['max', 'limit', 'size', 'total'].map((end) =>
        used.replace(/(?:in_use|active|busy|used|usage|acquired|checked_?out)(?=_|$)/, end),
      ),
      used.replace('in_use_connections', 'max_open_connections'),
      used.replace('acquired_conns', 'max_conns'),
      used.replace(/connections?_(?:usage|count)$/, (end) => end.replace(/(?:usage|count)$/, 'max')),
    ],
    isFull: (share) => share >= 1,
  },
  {
    used: /memory|heap/,
    limits: (used) => [
      ...['max', 'limit'].map((end) => used.replace(/(?:used|usage|working_set)(?=_|$)/, end)),
      'container_spec_memory_limit_bytes',
      'kube_pod_container_resource_limits',
      'rabbitmq_resident_memory_limit_bytes',
      'redis_total_system_memory_bytes',
    ],
    isFull: (share) => share >= 0.95,
  },
  {
    used: /^kube_horizontalpodautoscaler_status_current_replicas$/,
    limits: () => ['kube_horizontalpodautoscaler_spec_max_replicas'],
    isFull: (share) => share >= 1,
  },
  { used: /^mongodb_(?:ss_)?connections$/, limits: (used) => [used], isFull: (share) => share >= 0.97 },
  // Of a host: what could still be had. A twentieth is what it keeps for itself.
  {
    used: /^node_memory_MemAvailable_bytes$/,
    limits: () => ['node_memory_MemTotal_bytes'],
    isFull: (share) => share <= 0.03,
  },
  { used: /^node_nf_conntrack_entries$/, limits: (used) => [`${used}_limit`], isFull: (share) => share >= 0.95 },
  {
    used: /(?:files|inodes)_free$/,
    limits: (used) => [used.replace(/_free$/, ''), used.replace(/_free$/, '_total')],
    isFull: (share) => share <= 0.02,
  },
  {
    used: /^phpfpm_active_processes$/,
    limits: () => ['phpfpm_total_processes'],
    isFull: (share) => share >= 1,
  },
  {
    used: /^rabbitmq_disk_space_available_bytes$/,
    limits: (used) => [`${used.slice(0, -6)}_limit_bytes`],
    isFull: (share) => share <= 1,
  },
  {
    used: /(?:disk|filesystem|storage|volume)\w*_(?:free|avail)/,
    limits: (used) => ['size', 'total', 'capacity'].map((end) => used.replace(/(?:free|avail(?:able)?)(?=_|$)/, end)),
    isFull: (share) => share <= 0.02,
  },
  {
    used: /(?:disk|filesystem|storage|volume|_fs)\w*_(?:used|usage)(?=_|$)/,
    limits: (used) => ['size', 'total', 'capacity', 'limit'].map((end) => used.replace(/(?:used|usage)(?=_|$)/, end)),
    isFull: (share) => share >= 0.98,
  },
];
/** One reading at the limit is a moment, not a state. */
const MIN_FULL = 2;
/** What is full now and then all the time is sized so. */
const MAX_FULL_BEFORE = 0.1;

/** Say who was asked, not what: a limit may be told by another exporter. */
const OF_EXPORTERS = new Set([
  'job',
  'service',
  'instance',
  'endpoint',
  'uid',
  'node',
  'image',
  'id',
  'metrics_path',
  'prometheus',
]);

/**
 * Of one series the only one there is; of several (a mount point, a pool each) the one with the same labels, or the only
 * one that agrees in all that both are told apart by.
 */
export function limitBeside(
  one: Series,
  among: number,
  { question, series }: Pick<MetricReading, 'question' | 'series'>,
): Limit | undefined {
  const isOfMemory = /memory|heap/.test(one.metric);
  const told = series.filter(
    ({ labels: { resource } }) => resource === undefined || resource.startsWith('memory') === isOfMemory,
  );
  const same = told.find(({ labels }) => labelKey(labels) === labelKey(one.labels));
  const agreeing = told.filter(({ labels }) => agree(labels, one.labels));
  const limit =
    same ??
    (agreeing.length === 1 ? agreeing[0] : undefined) ??
    (told.length === 1 && among === 1 ? told[0] : undefined);
  return limit && { metric: question.metric, samples: samplesOf(limit.points) };
}

function agree(a: Series['labels'], b: Series['labels']): boolean {
  const shared = Object.keys(a).filter((name) => name in b && !OF_EXPORTERS.has(name));
  return shared.length > 0 && shared.every((name) => a[name] === b[name]);
}

/** Metrics that may say how much there is of what this one counts. */
export function limitNames(metric: string): string[] {
  return PAIRS.filter(({ used }) => used.test(metric)).flatMap(({ limits }) =>
    limits(metric).filter((name) => name !== metric),
  );
}

/** undefined: it is not at its limit since the onset, or always was, or no limit is known. */
export function fullFinding(
  { values }: MetricFinding,
  samples: readonly Sample[],
  { service, provisionalMilliseconds }: Frame,
  limit: Limit | undefined,
): MetricFinding | undefined {
  if (!limit) return undefined;
  const name = values.metric.replace(/\{.*$/, '');
  const pair = PAIRS.find(({ used, limits }) => used.test(name) && limits(name).includes(limit.metric));
  if (!pair) return undefined;
  const shares = samples.map((sample) => ({ ...sample, limit: limitAt(limit, sample.atMilliseconds) }));
  const full = shares.filter(({ value, limit: most }) => most !== undefined && most > 0 && pair.isFull(value / most));
  const around = provisionalMilliseconds - 300_000;
  const before = full.filter(({ atMilliseconds }) => atMilliseconds < around);
  const since = full.filter(({ atMilliseconds }) => atMilliseconds >= around);
  const beforeAll = shares.filter(({ atMilliseconds }) => atMilliseconds < around).length;
  const [first] = since;
  if (!first || since.length < MIN_FULL || before.length > MAX_FULL_BEFORE * beforeAll) return undefined;
  const at = isoOfMilliseconds(first.atMilliseconds);
  const of = `${quantity(first.value, values.unit, false)} of ${quantity(first.limit ?? 0, values.unit, false)}`;
  return {
    title: `${values.metric} of ${service} is at its limit${at ? ` since ${clockTime(at)}` : ''} (${of})`,
    values: {
      ...values,
      incidentExtreme: first.value,
      score: Math.max(values.score ?? 0, Math.min(MAX_SCORE, ANOMALOUS_SCORE * since.length)),
      direction: values.direction === 'flat' ? 'up' : values.direction,
      onset: at ?? null,
      shape: 'full',
    },
    isTelling: true,
  };
}

/** The last one that was read before; the first one where it is read later. */
function limitAt({ samples }: Limit, atMilliseconds: number): number | undefined {
  return (samples.findLast((sample) => sample.atMilliseconds <= atMilliseconds) ?? samples[0])?.value;
}
