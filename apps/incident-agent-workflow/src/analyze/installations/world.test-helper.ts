/** Small worlds as exporters show them: real names and labels, none of them the labels of our own services. */
import type { FaultClass } from '../../domain/fault-class.ts';
import type { Registry, Service } from '../../domain/service.ts';
import type { LogLine, Probe, Series } from '../../domain/telemetry.ts';
import { plusSeconds } from '../../lib/time.ts';
import { ALERTED_AT, ONSET, seriesOf, serviceOf } from '../world.test-helper.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Installation {
  readonly says: string;
  readonly alert: Labels;
  readonly summary?: string;
  readonly series: readonly Series[];
  /** `service` → what it logs from the onset on, again and again. */
  readonly logs?: Readonly<Record<string, readonly string[]>>;
  /** `service` → how its health address answers; else it answers 200, where it has one. */
  readonly health?: Readonly<Record<string, Partial<Probe>>>;
  readonly service: string;
  /** Any of these is right: some faults have two names. */
  readonly classes: readonly FaultClass[];
}

export const REFUSED: Partial<Probe> = { failure: 'refused' };

export const REGISTRY: Registry = {
  services: [
    serviceOf('billing', {
      healthUrl: 'http://billing.shop.svc:8080/health',
      dependsOn: ['ledger', 'ledger-db', 'session-cache'],
    }),
    bare('document-store'),
    bare('events-broker'),
    serviceOf('gateway', { healthUrl: 'https://gateway.example.com/health', dependsOn: ['billing', 'search-api'] }),
    serviceOf('ledger', { healthUrl: 'http://ledger.shop.svc:8080/health', dependsOn: ['ledger-db'] }),
    bare('ledger-db'),
    serviceOf('mailer', { healthUrl: 'http://mailer.shop.svc:8080/health', dependsOn: ['events-broker'] }),
    serviceOf('search-api', { healthUrl: 'http://search-1.internal:8000/health' }),
    bare('session-cache'),
  ],
};

function bare(name: string): Service {
  const { healthUrl: _, language: __, ...rest } = serviceOf(name);
  return rest;
}

/** One level before the onset, another from it on. */
export function gauge(metric: string, labels: Labels, before: number, after: number): Series {
  return seriesOf(metric, { ...labels }, (seconds) => (seconds < 0 ? before : after));
}

/** So many each second. */
export function counter(metric: string, labels: Labels, before: number, after: number): Series {
  return seriesOf(metric, { ...labels }, (seconds) =>
    Math.floor(5_000 + (seconds + 7_200) * before + Math.max(0, seconds) * (after - before)),
  );
}

/** Counts up by one every so many seconds from the onset on. */
export function every(metric: string, labels: Labels, seconds: number): Series {
  return seriesOf(metric, { ...labels }, (after) => (after < 0 ? 0 : 1 + Math.floor(after / seconds)));
}

/** From one level to another over the whole hour, with what is collected in between. */
export function growing(metric: string, labels: Labels, from: number, to: number): Series {
  return seriesOf(metric, { ...labels }, (seconds) => {
    const share = (seconds + 3_525) / 3_730;
    return Math.round(from + (to - from) * share + (to - from) * 0.02 * Math.sin(seconds / 40));
  });
}

/** Only there from the onset on, as kube-state-metrics shows the reasons of pods. */
export function since(metric: string, labels: Labels, value = 1): Series {
  const whole = seriesOf(metric, { ...labels }, () => value);
  return { ...whole, points: whole.points.filter(({ at }) => at >= ONSET) };
}

/** Durations: a count and a sum of so many seconds each. */
export function durations(base: string, labels: Labels, perSecond: number, before: number, after: number): Series[] {
  return [
    counter(`${base}_count`, labels, perSecond, perSecond),
    timeUsed(`${base}_sum`, labels, perSecond * before, perSecond * after),
  ];
}

/** Seconds that add up, so many of them each second. */
export function timeUsed(metric: string, labels: Labels, before: number, after: number): Series {
  return seriesOf(
    metric,
    { ...labels },
    (seconds) => 50 + (seconds + 7_200) * before + Math.max(0, seconds) * (after - before),
  );
}

export function linesOf(service: string, texts: readonly string[]): LogLine[] {
  const lines: LogLine[] = [];
  for (let second = 1; second < 200; second += 10)
    for (const text of texts) {
      const at = plusSeconds(ONSET, second);
      lines.push({ at, stream: `{container="${service}"}`, text: `${at} ${text}` });
    }
  return lines;
}

/** As Alertmanager hands them on, with what Prometheus adds. */
export function alertWith({ alert, summary = '' }: Pick<Installation, 'alert' | 'summary'>) {
  return {
    status: 'firing' as const,
    labels: { severity: 'warning', prometheus: 'monitoring/k8s', ...alert },
    annotations: { summary },
    startsAt: ALERTED_AT,
    fingerprint: JSON.stringify(alert),
    format: 'alertmanager',
    receivedAt: ALERTED_AT,
  };
}
