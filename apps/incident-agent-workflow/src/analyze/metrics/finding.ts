/** A metric finding before it is evidence, and how one becomes the other. */

import type { z } from 'zod';
import type { MetricEvidence, Observed } from '../../domain/evidence.ts';
import type { MetricQuestion } from '../../domain/question.ts';
import type { Observation, Series } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { clockTime } from '../../lib/instants.ts';
import { isoOfMilliseconds, millisecondsOf } from '../../lib/time.ts';
import type { AnalysisContext } from '../context.ts';
import type { MetricKind } from './families.ts';
import type { Measured } from './measure.ts';
import { quantity } from './quantity.ts';
import { pointsOf, type Sample } from './samples.ts';

export type MetricValues = z.infer<typeof MetricEvidence>['data'];

export interface MetricFinding {
  readonly title: string;
  readonly values: MetricValues;
  /** False: shown only when an alert speaks of it, or another finding needs it beside it. */
  readonly isTelling: boolean;
}

/** The raw series of one metric of one service, as answered. */
export interface MetricReading {
  readonly question: MetricQuestion;
  readonly source: string;
  readonly query: string;
  readonly series: readonly Series[];
}

/** What a finding needs to know besides the series. */
export interface Frame {
  readonly service: string;
  readonly provisionalMilliseconds: number;
  /** Of what was asked for. */
  readonly startMilliseconds: number;
  readonly endMilliseconds: number;
}

export function frameOf(reading: MetricReading, context: AnalysisContext): Frame {
  const endMilliseconds = millisecondsOf(reading.question.to) ?? millisecondsOf(context.window.to) ?? 0;
  return {
    service: oneLine(reading.question.service.name, 80),
    startMilliseconds: millisecondsOf(reading.question.from) ?? 0,
    provisionalMilliseconds: millisecondsOf(context.provisionalOnset) ?? endMilliseconds,
    endMilliseconds,
  };
}

/** undefined: no metric question, or nobody could look. */
export function readingOf({ question, answer }: Observation): MetricReading | undefined {
  const { series } = answer.telemetry;
  if (question.kind !== 'metric' || !series) return undefined;
  return { question, source: answer.source, query: answer.query, series };
}

export function metricEvidence(reading: MetricReading, finding: MetricFinding, digest: string): Observed {
  const { question, source, query } = reading;
  return {
    kind: 'metric',
    title: finding.title,
    source,
    query,
    window: { from: question.from, to: question.to },
    digest,
    service: question.service.name,
    data: finding.values,
  };
}

/** The fields of the evidence from the samples shown and what was measured on them. */
export function valuesOf(
  metric: string,
  { family, unit }: MetricKind,
  samples: readonly Sample[],
  measured: Measured,
): MetricValues {
  const { onsetMilliseconds } = measured;
  return {
    metric,
    family,
    unit,
    points: pointsOf(samples),
    baselineMedian: measured.baselineMedian ?? null,
    incidentMedian: measured.incidentMedian ?? null,
    incidentExtreme: measured.incidentExtreme ?? null,
    score: measured.score ?? null,
    direction: measured.direction,
    onset: (onsetMilliseconds === undefined ? undefined : isoOfMilliseconds(onsetMilliseconds)) ?? null,
    lastValue: samples.at(-1)?.value ?? null,
  };
}

/** `rose from 40 ms to 310 ms at 03:12:05`; `stayed near 40 ms`. Everything in it stands in the values. */
export function changeInWords(values: MetricValues, kind: MetricKind): string {
  const { baselineMedian: before, incidentMedian: after, incidentExtreme: extreme, direction, onset } = values;
  const say = (value: number) => quantity(value, kind.unit, kind.isShare);
  if (direction === 'flat' || after === null || extreme === null) {
    const level = before ?? after;
    return level === null ? 'has no samples to compare' : `stayed near ${say(level)}`;
  }
  const at = onset === null ? '' : ` at ${clockTime(onset)}`;
  const verb = direction === 'up' ? 'rose' : 'fell';
  if (before === null) return `is ${say(after)}${at.replace(' at ', ' since ')}`;
  // A short peak leaves the median where it was, or on the other side.
  const hasMoved = (after - before) * Math.sign(extreme - before) >= Math.abs(extreme - before) / 4;
  return hasMoved
    ? `${verb} from ${say(before)} to ${say(after)}${at}`
    : `${verb} from ${say(before)} to at ${direction === 'up' ? 'most' : 'least'} ${say(extreme)}${at}`;
}
