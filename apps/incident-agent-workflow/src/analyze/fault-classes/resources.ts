/** What rules ask of resources: memory, processor, pools, queues, files, disk. Each answer is a signal that can be cited. */
import { millisecondsOf } from '../../lib/time.ts';
import { isBack, levelsOf, NOTICED_SECONDS } from '../calm/levels.ts';
import { isCollecting } from '../metrics/collections.ts';
import { isExpiry } from '../metrics/expiry.ts';
import { median } from '../metrics/statistics.ts';
import { type Topic, topicOf } from '../metrics/topics.ts';
import type { Metric, Scene } from '../scene.ts';
import { metricOf } from '../scene.ts';
import { firstOf } from './metric-looks.ts';
import { isRaised } from './predicates.ts';
import type { Predicate } from './rule.ts';

/** One processor in four fifths is what a service with one thread can take at most, less what the sampling hides. */
const BUSY_PROCESSORS = 0.7;
const BUSY_SHARE = 0.85;
const MIN_QUEUED = 10;
const MIN_OLDEST_SECONDS = 30;
/** Samples that say one thing: fewer may be chance. */
const MIN_SAMPLES = 3;

function ofTopic(scene: Scene, topic: Topic): Metric[] {
  return scene.metrics.filter((metric) => topicOf(metric.data.metric) === topic && isOwnWork(metric));
}

/** What is left after each collection rises without levelling off. */
export const memoryGrows: Predicate = (scene) =>
  firstOf(ofTopic(scene, 'memory'), ({ data }) => data.shape === 'grows', 2);

/** All the memory that may be used is used. */
export const memoryIsFull: Predicate = (scene) =>
  firstOf(ofTopic(scene, 'memory'), ({ data }) => data.shape === 'full', 1.5);

/** A runtime that collects garbage so much of its time has no room left to work in. */
const COLLECTING_SHARE = 0.3;

export const collectsAllTheTime: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => isCollecting(data.metric) && data.unit === '1'),
    (metric) => isRaised(metric) && (metric.data.incidentMedian ?? 0) >= COLLECTING_SHARE,
    1.5,
  );

/** The processor is used up, and was not before: in processors, or as a share of what is allowed. */
export const processorIsBusy: Predicate = (scene) => {
  const isSilent = scene.health?.data.failure === 'timeout' || metricOf(scene, 'availability')?.data.lastValue === 0;
  return firstOf(ofTopic(scene, 'cpu'), (metric) => isBusy(metric) || (isSilent && wasBusyAtLast(metric)), 2);
};

/** A processor that waits for a disk, or is lent to others, does no work. */
function isOwnWork({ data }: Metric): boolean {
  return !/\{mode="(?:steal|iowait)"\}/.test(data.metric);
}

function isBusy({ data }: Metric): boolean {
  const { incidentMedian: now, baselineMedian: before, metric, direction } = data;
  if (direction !== 'up' || now === null || before === null || now < 1.5 * before) return false;
  return now >= (isInProcessors(metric) ? BUSY_PROCESSORS : BUSY_SHARE);
}

function isInProcessors(metric: string): boolean {
  return /_seconds_total|_cores|_usage$/.test(metric) && !/ratio|percent|\{mode=/.test(metric);
}

/** Who is too busy to be scraped is seen for a few samples only: many times as busy as ever is busy enough. */
const BUSIER = 5;
const BUSIER_PROCESSORS = 0.5;
const LAST_SAMPLES = 4;

function wasBusyAtLast(metric: Metric): boolean {
  const { baselineMedian: before, metric: name, direction } = metric.data;
  const last = levelsOf(metric).slice(-LAST_SAMPLES);
  const now = median(last.map(({ value }) => value)) ?? 0;
  return direction === 'up' && isInProcessors(name) && now >= Math.max(BUSIER_PROCESSORS, BUSIER * (before ?? now));
}

/** The event loop comes late most of the time, not now and then. */
export const loopIsBlocked: Predicate = (scene) =>
  firstOf(
    ofTopic(scene, 'event loop').filter(({ data }) => !/max|min|stddev/.test(data.metric)),
    (metric) => isRaised(metric) && (metric.data.incidentMedian ?? 0) >= NOTICED_SECONDS,
    1.5,
  );

/** Much more work for the same requests: the processor is busier by a multiple. */
export const processorWorksMore: Predicate = (scene) =>
  firstOf(
    ofTopic(scene, 'cpu'),
    ({ data }) =>
      data.direction === 'up' && (data.incidentMedian ?? 0) >= Math.max(0.1, 4 * (data.baselineMedian ?? 0)),
    1,
  );

/** As many connections are out as there are. */
export const poolIsFull: Predicate = (scene) =>
  firstOf(ofTopic(scene, 'pool'), ({ data }) => data.shape === 'full', 1.2);

const WAITS = /wait|pending|acquir/;

/** Requests wait for a connection. */
export const poolIsWaitedFor: Predicate = (scene) =>
  firstOf(
    ofTopic(scene, 'pool').filter(({ data }) => WAITS.test(data.metric)),
    isRaised,
    1.2,
  );

/** Fewer connections are allowed than before. */
export const poolShrank: Predicate = (scene) =>
  firstOf(
    ofTopic(scene, 'pool').filter(({ data }) => /max|limit|size/.test(data.metric)),
    ({ data }) => data.direction === 'down',
    2,
  );

/** They wait although connections are free: what takes long is not the pool but what lies behind it. */
export const poolWaitsUnfilled: Predicate = (scene) => {
  const pool = ofTopic(scene, 'pool');
  const waiting = pool.find((metric) => WAITS.test(metric.data.metric) && isRaised(metric));
  const used = pool.find(({ data }) => /in_use|active|busy|used/.test(data.metric));
  if (!waiting || !used) return 'unknown';
  const most = Math.max(...levelsOf(used).map(({ value }) => value));
  const since = millisecondsOf(waiting.data.onset ?? scene.onset) ?? 0;
  const inUse = new Map(levelsOf(used).map(({ atMilliseconds, value }) => [atMilliseconds, value]));
  const unfilled = levelsOf(waiting).filter(
    ({ atMilliseconds, value }) =>
      atMilliseconds >= since && value > 0 && (inUse.get(atMilliseconds) ?? most) < 0.8 * most,
  );
  if (unfilled.length < MIN_SAMPLES) return 'absent';
  const words = `requests wait for a connection (${waiting.data.metric}) while not all are in use (${used.data.metric})`;
  return { words, cites: [waiting.id, used.id], group: 'metrics', weight: 1.5 };
};

/** More waits in a queue than before, and still does. */
export const queueGrows: Predicate = (scene) => firstOf(ofTopic(scene, 'queue'), (metric) => isLong(metric, scene), 2);

function isLong(metric: Metric, scene: Scene): boolean {
  const { unit, incidentExtreme, onset } = metric.data;
  const least = unit === 's' ? MIN_OLDEST_SECONDS : MIN_QUEUED;
  const since = millisecondsOf(onset ?? scene.onset) ?? 0;
  return isRaised(metric) && (incidentExtreme ?? 0) >= least && !isBack(metric, since);
}

const WORKED_OFF = /done|processed|consumed|completed|handled|acked|delivered|sent|jobs|tasks|messages/;

/** What worked it off has stopped. */
export const consumerStopped: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => WORKED_OFF.test(data.metric)),
    ({ data }) => data.shape === 'stopped',
    1.5,
  );

/** As many files are open as may be. */
export const filesAreFull: Predicate = (scene) =>
  firstOf(ofTopic(scene, 'open files'), ({ data }) => data.shape === 'full', 2);

/** Many more files are open than before. */
export const filesGrow: Predicate = (scene) =>
  firstOf(
    ofTopic(scene, 'open files'),
    (metric) => isRaised(metric) && (metric.data.incidentMedian ?? 0) >= 2 * (metric.data.baselineMedian ?? 0),
    0.8,
  );

/** Hardly anything is free. */
export const diskIsFull: Predicate = (scene) => firstOf(ofTopic(scene, 'disk'), ({ data }) => data.shape === 'full', 2);

/** The kernel or the platform killed for want of memory. */
export const memoryKilled: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => /(?:^|_)oom(?:_|$)/.test(data.metric)),
    ({ data }) => data.direction === 'up' && (data.incidentExtreme ?? 0) > 0,
    2,
  );

/** The end of a certificate has passed. */
export const certificateIsOver: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) => isExpiry(data.metric)),
    ({ title }) => title.endsWith(' has passed'),
    2,
  );

/** A second is more than any time service leaves. */
const CLOCK_OFF_SECONDS = 1;

/** The host's clock is off, as its own time service says. */
export const clockIsOff: Predicate = (scene) =>
  firstOf(
    scene.metrics.filter(({ data }) =>
      /(?:timex|ntp|chrony|clock)\w*_offset(?:_|$)|time_drift|clock_skew/.test(data.metric),
    ),
    (metric) => metric.data.direction !== 'flat' && Math.abs(metric.data.lastValue ?? 0) >= CLOCK_OFF_SECONDS,
    2,
  );
