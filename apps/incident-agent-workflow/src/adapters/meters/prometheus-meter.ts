/** Our own counters, in the registry that /metrics shows. Every series that an alert may want exists at 0 from the start. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { ErrorCode } from '../../domain/error.ts';
import type { Incident } from '../../domain/incident.ts';
import { millisecondsOf } from '../../lib/time.ts';
import type { Meter } from '../../ports.ts';

export interface Levels {
  openIncidents(): Promise<number>;
  /** Newest first. */
  listOpenIncidents(limit: number): Promise<readonly Incident[]>;
  incidentUrl(id: string): string;
  queueDepth(): Promise<number>;
}

/** Those of which a gap is to be expected. A gap of another source is counted too, but its first one has no rate. */
const SOURCES = ['prometheus', 'samples', 'loki', 'log-files', 'health', 'git', 'memory'] as const;
const STAGES = [
  'look',
  'quick',
  'route',
  'TriageAgent',
  'InvestigationAgent',
  'CodeAnalysisAgent',
  'report v1',
  'InvestigationAgent with the model',
  'remediate',
  'report v2',
  'report v3',
] as const;

const COUNTERS: Readonly<
  Record<
    string,
    { readonly help: string; readonly labels: readonly string[]; readonly atZero: readonly Record<string, string>[] }
  >
> = {
  alerts_total: {
    help: 'Alerts received, by status and what became of them.',
    labels: ['status', 'result'],
    atZero: ['opened', 'joined', 'ignored'].flatMap((result) =>
      ['firing', 'resolved'].map((status) => ({ status, result })),
    ),
  },
  shed_total: {
    help: 'Webhooks answered 503 because the store was away or too much was waiting.',
    labels: [],
    atZero: [{}],
  },
  runs_total: {
    help: 'Investigations that ended, by route and verdict.',
    labels: ['route', 'outcome'],
    atZero: ['established', 'unknown', 'not-confirmed'].flatMap((outcome) =>
      ['quick', 'full'].map((route) => ({ route, outcome })),
    ),
  },
  deliveries_total: {
    help: 'Tries to deliver, by destination and result.',
    labels: ['destination', 'result'],
    atZero: ['email', 'local', 'github', 'gitlab'].flatMap((destination) =>
      ['sent', 'retried', 'failed', 'unknown'].map((result) => ({ destination, result })),
    ),
  },
  gaps_total: {
    help: 'What could not be seen, by source and reason.',
    labels: ['source', 'reason'],
    atZero: SOURCES.flatMap((source) => ErrorCode.options.map((reason) => ({ source, reason }))),
  },
  claims_total: {
    help: 'Sentences checked against their evidence.',
    labels: ['result'],
    atZero: [{ result: 'supported' }, { result: 'refused' }],
  },
  llm_tokens_total: {
    help: 'Tokens sent to and received from the model.',
    labels: ['direction'],
    atZero: [{ direction: 'prompt' }, { direction: 'reply' }],
  },
};

/** Each is a series of its own, so a storm must not decide how many there are. */
const MAX_INCIDENTS_NAMED = 50;

const HISTOGRAMS: Readonly<
  Record<
    string,
    { readonly help: string; readonly labels: readonly string[]; readonly atZero: readonly Record<string, string>[] }
  >
> = {
  stage_duration_seconds: {
    help: 'How long a stage of a run took, in seconds.',
    labels: ['stage'],
    atZero: STAGES.map((stage) => ({ stage })),
  },
};

export function prometheusMeter(registry: Registry, levels: Levels): Meter {
  const counters = new Map(
    Object.entries(COUNTERS).map(([name, { help, labels, atZero }]) => {
      const counter = new Counter({
        name: `incident_agent_${name}`,
        help,
        labelNames: [...labels],
        registers: [registry],
      });
      for (const one of atZero) counter.inc(one, 0);
      return [name, counter] as const;
    }),
  );
  const histograms = new Map(
    Object.entries(HISTOGRAMS).map(([name, { help, labels, atZero }]) => {
      const histogram = new Histogram({
        name: `incident_agent_${name}`,
        help,
        labelNames: [...labels],
        registers: [registry],
      });
      for (const one of atZero) histogram.zero(one);
      return [name, histogram] as const;
    }),
  );
  declareLevel(registry, 'incidents_open', 'Incidents that are not resolved or closed.', () => levels.openIncidents());
  declareOpenIncidents(registry, levels);
  declareLevel(registry, 'queue_depth', 'Runs that wait for a worker.', () => levels.queueDepth());
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
  };
}

/** Asked when /metrics is read; while the store is away the series is missing, which is not zero. */
function declareLevel(registry: Registry, name: string, help: string, read: () => Promise<number>): void {
  const gauge = new Gauge({
    name: `incident_agent_${name}`,
    help,
    async collect() {
      try {
        this.set(await read());
      } catch {
        this.remove();
      }
    },
    registers: [],
  });
  registry.registerMetric(gauge);
}

/**
 * One series for each open incident: what dashboards draw as annotations and link from. The label is not `service`:
 * the series belongs to the agent, and must not be taken for something that the failing service shows.
 */
function declareOpenIncidents(registry: Registry, levels: Levels): void {
  const gauge = new Gauge({
    name: 'incident_agent_incident_opened_timestamp_seconds',
    help: `When an incident that is open now was opened, in seconds since 1970; the ${MAX_INCIDENTS_NAMED} newest.`,
    labelNames: ['incident', 'affected_service', 'severity', 'url'],
    async collect() {
      const incidents = await levels.listOpenIncidents(MAX_INCIDENTS_NAMED).catch(() => []);
      this.reset();
      for (const { id, service, severity, openedAt } of incidents) {
        const labels = { incident: id, affected_service: service ?? 'unknown', severity, url: levels.incidentUrl(id) };
        this.set(labels, (millisecondsOf(openedAt) ?? Number.NaN) / 1000);
      }
    },
    registers: [],
  });
  registry.registerMetric(gauge);
}
