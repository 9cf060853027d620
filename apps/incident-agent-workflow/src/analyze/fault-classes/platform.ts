/** What rules ask of what a cluster, a host, a probe or a server says of itself. */
import { millisecondsOf } from '../../lib/time.ts';
import { levelsOf } from '../calm/levels.ts';
import { membersOf } from '../metrics/platform-metrics.ts';
import { type Topic, topicsIn } from '../metrics/topics.ts';
import type { Metric, Scene } from '../scene.ts';
import { firstOf as firstMetric } from './metric-looks.ts';
import { isRaised } from './predicates.ts';
import type { Look, Predicate } from './rule.ts';

function firstOf(metrics: readonly Metric[], holds: (metric: Metric) => boolean, weight: number): Look {
  return firstMetric(metrics, holds, weight, 'direct state');
}

/** The cluster gives a reason for a container, a pod, a deployment or a node. */
function isToldAs(state: RegExp, weight: number): Predicate {
  return (scene) =>
    firstOf(
      scene.metrics.filter(({ data }) => data.metric.includes('{state="')),
      ({ data }) => state.test(/\{state="([^"]*)"\}$/.exec(data.metric)?.[1] ?? ''),
      weight,
    );
}

/** Killed by the kernel at the limit of the container. */
export const killedForMemory = isToldAs(/^OOMKilled$/, 2.5);
/** It cannot be started as it is described: a secret, a setting, an image or a command that is not there. */
export const cannotBeStarted = isToldAs(
  /^(?:CreateContainer(?:Config)?Error|RunContainerError|ContainerCannotRun|ImagePullBackOff|ErrImage\w*|InvalidImageName|StartError)$/,
  2.5,
);
/** It ends as often as it is started. */
export const endsAgainAndAgain = isToldAs(/^CrashLoopBackOff$|^failed$/, 2);
export const isDrivenOut = isToldAs(/^(?:Evicted|NodeLost|Unschedulable)$/, 1);
export const nodeIsOff = isToldAs(/^not Ready$|^NetworkUnavailable$/, 2);
export const nodeDiskIsFull = isToldAs(/^DiskPressure$/, 2);
export const nodeMemoryIsFull = isToldAs(/^MemoryPressure$/, 1.5);

const AGAIN_MILLISECONDS = 900_000;
const LEAST_RESTARTS = 2;

/** The platform counted it started anew more than once around the alert. */
export const containerRestartsAgain: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => data.metric.includes('_restarts_total')),
    (metric) => restartsAround(metric, scene) >= LEAST_RESTARTS,
    1.5,
  );

function restartsAround(metric: Metric, scene: Scene): number {
  const earliest = (millisecondsOf(scene.context.provisionalOnset) ?? 0) - AGAIN_MILLISECONDS;
  const levels = levelsOf(metric);
  const before = levels.findLast(({ atMilliseconds }) => atMilliseconds < earliest) ?? levels[0];
  return (levels.at(-1)?.value ?? 0) - (before?.value ?? 0);
}

/** Of several of its kind some are away, or all. */
export const membersAreAway: Predicate = (scene) => {
  const members = scene.metrics.filter((metric) => membersCountedBy(metric) !== undefined);
  return firstOf(
    members,
    (metric) => {
      const { direction, lastValue, baselineMedian } = metric.data;
      return membersCountedBy(metric) === 'there'
        ? direction === 'down' && (lastValue ?? 1) < (baselineMedian ?? 0)
        : direction === 'up' && (lastValue ?? 0) > 0;
    },
    2,
  );
};

function membersCountedBy({ data }: Metric): ReturnType<typeof membersOf> {
  return membersOf(data.metric.replace(/\{.*$/, ''));
}

/** Whoever asks it from outside gets no good answer. */
export const probeFails: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => data.metric.startsWith('probe_success')),
    ({ data }) => data.lastValue === 0,
    1.5,
  );

/** Of a host or the network between: what no program on it can help. */
const STOLEN = 0.1;
const WAITED = 0.3;
export const hostIsOff: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => data.metric.startsWith('node_')),
    (metric) => isOfHost(metric),
    2,
  );

function isOfHost(metric: Metric): boolean {
  const { metric: name, incidentMedian: now, shape } = metric.data;
  if (name.startsWith('node_nf_conntrack_entries')) return shape === 'full';
  if (!isRaised(metric)) return false;
  if (name.includes('{mode="steal"}')) return (now ?? 0) >= STOLEN;
  if (name.includes('{mode="iowait"}')) return (now ?? 0) >= WAITED;
  if (name.startsWith('node_pressure_io_')) return (now ?? 0) >= WAITED;
  return /^node_network_\w+_(?:errs|drop)_total/.test(name) && (now ?? 0) >= 1;
}

const OF_SERVERS =
  /^(?:pg_stat_|mysql_global_status_threads_connected|redis_connected_clients|mongodb_|rabbitmq_connections|phpfpm_active_processes)/;

/** A server has as many clients as it takes: whoever comes now is refused. */
export const serverTakesNoMore: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => OF_SERVERS.test(data.metric)),
    ({ data }) => data.shape === 'full',
    2,
  );

/** More is asked through it than it may hold at once, and the rest is turned away. */
export const overflows: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) =>
      /_(?:pending_overflow|cx_overflow|rejected_connections_total|client_waiting_connections)$/.test(data.metric),
    ),
    isRaised,
    2,
  );

/** A database finds that transactions wait for each other, or counts those that wait. */
export const locksAreCounted: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) =>
      /row_lock_(?:current_)?waits|lock_waits?(?:_total)?$|blocked_(?:queries|sessions)/.test(data.metric),
    ),
    isRaised,
    2,
  );

const MANY_BLOCKED = 10;

/** Threads wait for a lock that another one holds. */
export const threadsAreBlocked: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => /^jvm_thread\w*\{.*state="blocked"/i.test(data.metric)),
    (metric) => isRaised(metric) && (metric.data.incidentMedian ?? 0) >= MANY_BLOCKED,
    2,
  );

const MANY_LOCKS = 10;

/** Far more locks are held than before, and it is they that the alert is about. */
export const locksPileUp: Predicate = (scene) =>
  typeof alertMeans('locks')(scene) === 'string'
    ? 'absent'
    : firstOf(
        scene.metrics.filter(({ data }) => /(?:^|_)locks_count/.test(data.metric)),
        (metric) =>
          isRaised(metric) &&
          (metric.data.incidentMedian ?? 0) >= MANY_LOCKS * Math.max(1, metric.data.baselineMedian ?? 0),
        2,
      );

/** A database counts queries that take longer than its limit for that. */
export const queriesAreSlow: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => /slow_(?:queries|requests)/.test(data.metric)),
    isRaised,
    1.8,
  );

/** As many replicas as its autoscaler may start. */
export const isAtItsMost: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => data.metric.startsWith('kube_horizontalpodautoscaler_status_current_replicas')),
    ({ data }) => data.shape === 'full',
    1,
  );

/** A probe from outside waits long. */
export const probeIsSlow: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => data.metric.startsWith('probe_duration_seconds')),
    (metric) => isRaised(metric) && (metric.data.incidentMedian ?? 0) >= 0.5,
    1.8,
  );

/** The alert is about just that: whoever wrote its rule watches the same figure for a reason. */
export function alertMeans(topic: Topic): Predicate {
  return (scene) => {
    const alert = scene.evidence.find(({ kind }) => kind === 'alert');
    const [first] = scene.context.alerts;
    if (!alert || !first || !topicsIn((first.labels.alertname ?? '').toLowerCase()).includes(topic)) return 'absent';
    return { words: `the alert itself is about that (${topic})`, cites: [alert.id], group: 'metrics', weight: 0.6 };
  };
}
