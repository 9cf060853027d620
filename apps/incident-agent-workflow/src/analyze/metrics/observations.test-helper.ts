/** Observations and contexts for tests: a window of 80 minutes in which the alert's cause began at 03:12:05. */
import { type Service, unregisteredService } from '../../domain/service.ts';
import type { LogLine, Observation, Point, Series } from '../../domain/telemetry.ts';
import type { AnalysisContext } from '../context.ts';

export const FROM = '2026-01-01T02:00:05.000Z';
export const TO = '2026-01-01T03:20:05.000Z';
/** Samples 15 s apart; the onset falls on number 288, the end of the window on 320. */
const STEP_SECONDS = 15;
export const ONSET_INDEX = 288;
export const SAMPLES = 321;

export const SERVICE: Service = unregisteredService('weather-app1');

export function instantAt(index: number): string {
  return new Date(Date.parse(FROM) + index * STEP_SECONDS * 1_000).toISOString();
}

export function contextOf(changes: Partial<AnalysisContext> = {}): AnalysisContext {
  return {
    alerts: [],
    service: SERVICE,
    registered: true,
    registry: { services: [SERVICE] },
    window: { from: FROM, to: TO },
    openedAt: TO,
    provisionalOnset: '2026-01-01T03:12:20.000Z',
    digest: textDigest,
    ...changes,
  };
}

export function alertSaying(alertname: string, summary = ''): AnalysisContext['alerts'][number] {
  return {
    status: 'firing',
    labels: { alertname, service: SERVICE.name },
    annotations: { summary },
    startsAt: '2026-01-01T03:13:00.000Z',
    fingerprint: 'f',
    format: 'alertmanager',
    receivedAt: TO,
  };
}

/** 64 bits as hex: enough to tell the texts of a test apart. */
export function textDigest(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x1000193;
  for (let index = 0; index < text.length; index += 1) {
    high = Math.imul(high ^ text.charCodeAt(index), 0x01000193) >>> 0;
    low = (Math.imul(low, 31) + text.charCodeAt(index)) >>> 0;
  }
  return `${high.toString(16).padStart(8, '0')}${low.toString(16).padStart(8, '0')}`;
}

export function metricAnswer(metric: string, series: readonly Series[], service: Service = SERVICE): Observation {
  return {
    question: { kind: 'metric', service, metric, labels: {}, from: FROM, to: TO, stepSeconds: STEP_SECONDS },
    answer: {
      source: 'prometheus',
      query: `${metric}{service="${service.name}"}`,
      telemetry: { series: [...series] },
      gaps: [],
    },
  };
}

export function logAnswer(lines: readonly LogLine[], service: Service = SERVICE, maxLines = 5_000): Observation {
  return {
    question: { kind: 'logs', service, from: FROM, to: TO, maxLines },
    answer: { source: 'loki', query: `{service="${service.name}"}`, telemetry: { logLines: [...lines] }, gaps: [] },
  };
}

/** One series over the whole window; undefined leaves the sample out. */
export function seriesOf(
  metric: string,
  valueAt: (index: number) => number | null | undefined,
  labels: Record<string, string> = {},
): Series {
  const points: Point[] = [];
  for (let index = 0; index < SAMPLES; index += 1) {
    const value = valueAt(index);
    if (value !== undefined) points.push({ at: instantAt(index), value });
  }
  return { metric, labels, points };
}

/** The running total of what is counted at each sample. */
export function counterOf(
  metric: string,
  countAt: (index: number) => number,
  labels: Record<string, string> = {},
): Series {
  let total = 0;
  return seriesOf(
    metric,
    (index) => {
      total += countAt(index);
      return total;
    },
    labels,
  );
}

/** Repeatable noise between 0 and 1. */
export function noise(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
