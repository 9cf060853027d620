/** What the figures of a metric may be called in front of people. Its name says it; the unit alone does not. */
import type { z } from 'zod';
import type { MetricEvidence } from './evidence.ts';

type Metric = Pick<z.infer<typeof MetricEvidence>['data'], 'metric' | 'family' | 'unit'>;

/** `1` is written for shares, states and what is merely counted; a count has no unit: 35 open files are not 3,500 %. */
export function shownUnit({ metric, family, unit }: Metric): string {
  const name = baseName(metric);
  const isShare =
    family === 'availability' ||
    family === 'dependency' ||
    /_(?:ratio|fraction|utilization|utilisation)$/.test(name) ||
    // Errors that are counted have a rate; without one it is their share.
    (family === 'errors' && /_(?:total|count|sum)$/.test(name));
  return unit === '1' && !isShare ? '' : unit;
}

/** Whether it is the time that somebody waits for an answer: the lag of an event loop is none. */
export function isRequestTime({ metric, family }: Pick<Metric, 'metric' | 'family'>): boolean {
  return family === 'latency' && /request|response|latency|http|rpc|call/.test(baseName(metric));
}

/** A high quantile of a histogram, not its mean. */
export function isQuantile({ metric }: Pick<Metric, 'metric'>): boolean {
  return baseName(metric).endsWith('_bucket');
}

function baseName(metric: string): string {
  return metric.replace(/\{.*$/s, '');
}
