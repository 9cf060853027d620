/**
 * The rules of monitoring/alert-rules.yml, evaluated over the monitor's own scrapes where no Prometheus is. A test
 * holds names, conditions, `for` and severity against that file. Pure.
 */
import type { Sample } from '../ports.ts';
import { labelKey } from './labels.ts';

/** One scrape of one service: `isUp` false when /metrics did not answer. */
export interface Scrape {
  readonly service: string;
  readonly at: string;
  readonly isUp: boolean;
  readonly failure: string | undefined;
  readonly healthFailure?: string | undefined;
  readonly samples: readonly Sample[];
}

export interface RuleHit {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

export interface Rule {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  /** As in the rule file. */
  readonly expression: string;
  readonly forSeconds: number;
  /** `recent`: this service's scrapes of the rate window, oldest first; the last one is the newest. */
  hits(recent: readonly Scrape[]): RuleHit[];
}

export const RATE_WINDOW_SECONDS = 120;
export const RULE_FOR_SECONDS = 30;

export const rules: readonly Rule[] = [
  {
    name: 'ServiceDown',
    severity: 'critical',
    expression: 'up{job="local-services"} == 0',
    forSeconds: RULE_FOR_SECONDS,
    hits(recent) {
      const last = recent.at(-1);
      if (!last || last.isUp) return [];
      const description = `The metrics of ${last.service} could not be read: ${last.failure ?? 'no answer'}.`;
      return [{ labels: {}, summary: `${last.service} is not responding`, description }];
    },
  },
  {
    name: 'MongoDependencyDown',
    severity: 'critical',
    expression: 'dependency_up{service="mongo-api-service",dependency="mongodb"} == 0',
    forSeconds: RULE_FOR_SECONDS,
    hits(recent) {
      const down = (recent.at(-1)?.samples ?? []).filter(
        ({ metric, labels, value }) =>
          metric === 'dependency_up' &&
          labels.service === 'mongo-api-service' &&
          labels.dependency === 'mongodb' &&
          value === 0,
      );
      return down.map(({ labels }) => ({
        labels,
        summary: 'mongo-api-service cannot reach MongoDB',
        description: 'The last check of the dependency mongodb failed.',
      }));
    },
  },
  {
    name: 'Service5xxErrors',
    severity: 'warning',
    expression: 'sum by (service) (rate(http_requests_total{job="local-services",status="5xx"}[2m])) > 0',
    forSeconds: RULE_FOR_SECONDS,
    hits(recent) {
      const last = recent.at(-1);
      const failed = increase(recent, '5xx');
      if (!last || failed === 0) return [];
      return [
        {
          labels: {},
          summary: `${last.service} answers with 5xx errors`,
          description: `${failed} requests ended in a 5xx status within the last ${RATE_WINDOW_SECONDS} s.`,
        },
      ];
    },
  },
];

/** The monitor's own, beside those of the rule file: Prometheus does not ask health addresses. */
export const healthRule: Rule = {
  name: 'ApiDown',
  severity: 'critical',
  expression: 'the metrics can be read, but the health address does not answer with 2xx',
  forSeconds: RULE_FOR_SECONDS,
  hits(recent) {
    const last = recent.at(-1);
    // One that is gone altogether is ServiceDown; two alerts for one outage would tell nothing more.
    if (!last?.isUp || last.healthFailure === undefined) return [];
    return [
      {
        labels: {},
        summary: `API down: ${last.service} fails its health check`,
        description: `Its metrics can be read, but ${last.healthFailure}.`,
      },
    ];
  },
};

/** Sum over all series of the rises between neighbouring scrapes; a restart (a fall) counts from zero. A series born in the window has no rise yet. */
function increase(recent: readonly Scrape[], statusClass: string): number {
  const before = new Map<string, number>();
  let total = 0;
  for (const { samples } of recent) {
    for (const { metric, labels, value } of samples) {
      if (metric !== 'http_requests_total' || labels.status !== statusClass || value === null) continue;
      const key = labelKey(labels);
      const last = before.get(key);
      if (last !== undefined) total += value >= last ? value - last : value;
      before.set(key, value);
    }
  }
  return total;
}
