/** A case in the words of the engine: what its sources would have answered. */
import { createHash } from 'node:crypto';
import { metricQuestion } from '../../../apps/incident-agent-workflow/src/analyze/asking.ts';
import { type AnalysisContext, analysisContext } from '../../../apps/incident-agent-workflow/src/analyze/context.ts';
import type { Registry, Service } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import { unregisteredService } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type {
  ChangeEvent,
  Observation,
  Telemetry,
} from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import type { Case, Span } from './case.ts';
import { commitsOf } from './patches.ts';
import { statusEvents } from './status-feed.ts';

const ROOT = '/repository';
const MAX_LINES = 100_000;

export interface Translated {
  readonly observations: readonly Observation[];
  readonly context: AnalysisContext;
}

export function translate(one: Case): Translated {
  const registry = registryOf(one);
  const context = contextOf(one, registry);
  const observations = [
    ...metricAnswers(one, registry, context),
    ...logAnswers(one, registry, context),
    ...changeAnswers(one, context),
  ];
  return { observations, context };
}

/** Whoever is named; who calls whom is what the spans show. All of them in one repository, in folders that nobody told. */
function registryOf({ alert, samples, logs, spans, deploys }: Case): Registry {
  const names = [alert, ...samples, ...logs, ...spans, ...deploys].map(({ service }) => service);
  const calls = callsIn(spans);
  const services = [...new Set([...names, ...calls.values()].flat())].toSorted().map(
    (name): Service => ({
      ...unregisteredService(name),
      repositoryPath: ROOT,
      dependsOn: calls.get(name) ?? [],
    }),
  );
  return { services };
}

function callsIn(spans: readonly Span[]): Map<string, string[]> {
  const serviceOf = new Map(spans.map((span) => [span.span_id, span.service]));
  const calls = new Map<string, string[]>();
  const note = (caller: string | undefined, callee: unknown): void => {
    if (caller === undefined || typeof callee !== 'string' || callee === caller) return;
    const known = calls.get(caller) ?? [];
    if (!known.includes(callee)) calls.set(caller, [...known, callee].toSorted());
  };
  for (const span of spans) {
    note(span.parent_id === null ? undefined : serviceOf.get(span.parent_id), span.service);
    note(span.service, span['peer.service']);
  }
  return calls;
}

function contextOf({ alert, samples, logs }: Case, registry: Registry): AnalysisContext {
  const times = [...samples, ...logs].map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b);
  const firedAt = new Date(alert.fired_at).toISOString();
  const to = new Date(Math.max(Date.parse(firedAt), times.at(-1) ?? 0)).toISOString();
  const context = analysisContext(
    {
      id: 'INC-1',
      alerts: [
        {
          status: 'firing',
          labels: {
            alertname: alert.monitor,
            service: alert.service,
            metric: alert.metric,
            severity: alert.severity,
          },
          annotations: { summary: alert.summary, ...(alert.detail ? { description: alert.detail } : {}) },
          startsAt: firedAt,
          fingerprint: alert.monitor,
          format: 'alertmanager',
          receivedAt: firedAt,
        },
      ],
      service: alert.service,
      startedAt: firedAt,
      status: 'investigating',
      severity: 'critical',
      title: alert.monitor,
      openedAt: firedAt,
      groupKey: alert.service,
    },
    { createdAt: to },
    { registry, digest: (text) => createHash('sha256').update(text).digest('hex') },
  );
  // All that a case holds was asked for.
  const from = new Date(Math.min(times[0] ?? Number.POSITIVE_INFINITY, Date.parse(context.window.from))).toISOString();
  return { ...context, window: { from, to } };
}

function metricAnswers({ samples }: Case, registry: Registry, context: AnalysisContext): Observation[] {
  return registry.services.flatMap((service) => {
    const own = samples.filter((sample) => sample.service === service.name);
    return [...new Set(own.map(({ metric }) => metric))].toSorted().map((metric) => {
      const name = metric.replace(/[^a-zA-Z0-9_:]/g, '_');
      const points = own
        .filter((sample) => sample.metric === metric)
        .map(({ at, value }) => ({ at: new Date(at).toISOString(), value }));
      const telemetry = { series: [{ metric: name, labels: {}, points }] };
      return answered(metricQuestion(context, service, name), 'metrics.csv', telemetry);
    });
  });
}

/** A span that failed is told as a line of its service, with all that it carries. */
function logAnswers({ logs, spans }: Case, registry: Registry, context: AnalysisContext): Observation[] {
  return registry.services.map((service) => {
    const lines = logs
      .filter((line) => line.service === service.name)
      .map(({ at, text }) => ({ at: new Date(at).toISOString(), stream: 'logs', text }));
    const failed = spans
      .filter((span) => span.service === service.name && span.status === 'ERROR')
      .map((span) => {
        const { trace_id: _trace, span_id: _span, parent_id: _parent, start, ...rest } = span;
        const text = JSON.stringify({ timestamp: start, level: 'error', msg: span.name, ...rest });
        return { at: new Date(start).toISOString(), stream: 'spans', text };
      });
    const question = { kind: 'logs' as const, service, ...context.window, maxLines: MAX_LINES };
    return answered(question, 'logs.ndjson', { logLines: [...lines, ...failed] });
  });
}

function changeAnswers(one: Case, context: AnalysisContext): Observation[] {
  const commits = commitsOf(one.commits);
  const head = commits[0]?.hash ?? '';
  const repository = {
    root: ROOT,
    head,
    deployedRevision: head,
    deployedFrom: 'head' as const,
    servicePath: '',
    shallow: false,
  };
  const since = commits.at(-1)?.committedAt ?? context.window.from;
  const events: ChangeEvent[] = [
    ...one.deploys.map((deploy) => ({
      at: new Date(deploy.timestamp).toISOString(),
      kind: 'deploy' as const,
      service: deploy.service,
      name: deploy.version,
      revision: deploy.commit_sha,
      text: `${deploy.service} ${deploy.version} was deployed`,
    })),
    ...one.flags.map((flag) => ({
      at: new Date(flag.timestamp).toISOString(),
      kind: 'switch' as const,
      service: flag.service,
      name: flag.flag,
      text: `${flag.flag} was turned ${flag.change}`,
    })),
    ...statusEvents(one.statusFeed),
  ];
  const { service, window } = context;
  return [
    answered({ kind: 'history', service, scope: 'repository', since, until: window.to, maxCommits: 100 }, 'git', {
      repository,
      commits,
    }),
    answered({ kind: 'events', service, ...window }, 'events', { events }),
  ];
}

function answered(question: Observation['question'], query: string, telemetry: Partial<Telemetry>): Observation {
  return { question, answer: { source: query, query, telemetry, gaps: [] } };
}
