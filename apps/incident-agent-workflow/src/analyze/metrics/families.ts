/** What kind of thing a metric measures: which direction is bad, and how small a move means nothing. */

import type { z } from 'zod';
import type { MetricEvidence } from '../../domain/evidence.ts';
import { membersOf } from './platform-metrics.ts';

type Family = z.infer<typeof MetricEvidence>['data']['family'];
type BadDirection = 'up' | 'down' | 'both';

export interface MetricKind {
  readonly family: Family;
  /** '1', 'per second', 's', 'bytes'. */
  readonly unit: string;
  /** A ratio 0–1, shown in percent. */
  readonly isShare: boolean;
  readonly badDirection: BadDirection;
  /** A move smaller than this is noise, whatever the spread of the series says. In the unit. */
  readonly floor: number;
}

const MIB = 1024 * 1024;

/** The floors are those of everyday services: 2 ms, 0.2 %, 16 MiB, 0.05 requests per second, one thing counted. */
export const SHARE_OF_ERRORS: MetricKind = {
  family: 'errors',
  unit: '1',
  isShare: true,
  badDirection: 'up',
  floor: 0.002,
};
export const RATE_OF_ERRORS: MetricKind = {
  family: 'errors',
  unit: 'per second',
  isShare: false,
  badDirection: 'up',
  floor: 0.005,
};
export const REQUEST_RATE: MetricKind = {
  family: 'traffic',
  unit: 'per second',
  isShare: false,
  badDirection: 'both',
  floor: 0.05,
};
export const MEAN_LATENCY: MetricKind = {
  family: 'latency',
  unit: 's',
  isShare: false,
  badDirection: 'up',
  floor: 0.002,
};

/** By the words of its name; `other` with both directions where the name says nothing. */
export function gaugeKind(metric: string): MetricKind {
  const unit = unitOf(metric);
  const isShare = /_(?:ratio|fraction|utilization|utilisation)$/.test(metric);
  const floor = floorOf(metric, unit, isShare);
  // How much there may be is set by somebody: any change of it was made, and less of it is what hurts.
  if (/(?:pool|connections?|fds|workers|threads|memory|heap)\w*_(?:max|limit|size)$|_max_fds$/.test(metric))
    return { family: 'saturation', unit, isShare, badDirection: 'down', floor: floor / 4 };
  if (/(?:_|^)(?:free|available|remaining|idle|headroom)(?:_|$)/.test(metric) || membersOf(metric) === 'there')
    return { family: 'saturation', unit, isShare, badDirection: 'down', floor };
  if (LATENCY.test(metric)) return { family: 'latency', unit, isShare, badDirection: 'up', floor };
  if (SATURATION.test(metric)) return { family: 'saturation', unit, isShare, badDirection: 'up', floor };
  if (/error|fail|exception|timeout|rejected|5xx/.test(metric))
    return { family: 'errors', unit, isShare, badDirection: 'up', floor };
  return { family: 'other', unit, isShare, badDirection: 'both', floor };
}

/** A counter that is shown as its rate. */
export function counterKind(metric: string): MetricKind {
  const base = metric.replace(/_(?:total|count|sum|bucket)$/, '');
  const kind = gaugeKind(base);
  const unit = base.endsWith('_seconds') ? '1' : base.endsWith('_bytes') ? 'bytes per second' : 'per second';
  const floor = unit === 'bytes per second' ? MIB : unit === '1' ? 0.01 : 0.05;
  return { ...kind, unit, isShare: false, floor };
}

/** A quantile or milliseconds of anything is a time that somebody waits. */
const LATENCY =
  /duration|latency|lag_seconds|response_time|(?:^|_)p(?:50|75|9\d{1,2})(?:_|$)|_(?:ms|milliseconds)(?:_|$)/;
const SATURATION =
  /memory|heap|resident|rss|cpu|disk|filesystem|pool|connections|conns|waiters|waiting|queue|backlog|lag|fds|handles|threads|workers|goroutines|gc_|throttl|saturation|utili[sz]ation|in_use|in_?flight|pending|active_requests|busy|deadlock|blocked|unacked|messages_ready|filefd|file_descriptor|files_open|volume_stats|container_fs_|numbackends|pg_stat_activity|connected_clients/;

function unitOf(metric: string): string {
  if (metric.endsWith('_bytes')) return 'bytes';
  if (/_(?:ms|milliseconds)(?:_|$)/.test(metric)) return 'ms';
  if (/_(?:pct|percent|percentage)$/.test(metric)) return '%';
  return metric.endsWith('_seconds') ? 's' : '1';
}

function floorOf(metric: string, unit: string, isShare: boolean): number {
  if (isShare) return 0.005;
  if (unit === 'bytes') return 16 * MIB;
  if (unit === 's') return 0.002;
  if (unit === 'ms') return 2;
  // In percent what the shares above are in ones.
  if (unit === '%') return /error|fail/.test(metric) ? 0.2 : 0.5;
  // A single one is too many.
  if (membersOf(metric) !== undefined || metric.endsWith('_consumers')) return 0.2;
  if (/deadlock|(?:^|_)oom(?:_|$)|(?:pool|connections?)\w*_(?:waiting|waiters|pending)/.test(metric)) return 0.25;
  return /load|cpu/.test(metric) ? 0.01 : 1;
}
