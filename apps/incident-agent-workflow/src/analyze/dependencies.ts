/** What is known of the things the service depends on: from its own checks, and from asking them. */
import type { Evidence } from '../domain/evidence.ts';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Registry, Service } from '../domain/service.ts';
import type { Observation } from '../domain/telemetry.ts';
import type { AnalysisContext } from './context.ts';

export interface DependencyState {
  readonly name: string;
  /** As the service itself says (`dependency_up`); undefined: it does not say. */
  readonly isUp: boolean | undefined;
  /** As the neighbour's own health address and `up` say; undefined: not asked, or no answer could be had. */
  readonly answers: boolean | undefined;
  readonly cites: readonly string[];
}

/** Of the alert's service, in the order of their names. */
export function dependencyStates(
  observations: readonly Observation[],
  evidence: readonly Evidence[],
  context: AnalysisContext,
): DependencyState[] {
  const said = saidUp(observations, context.service.name);
  const names = [...new Set([...context.service.dependsOn, ...said.keys()])].sort();
  return names.map((name) => {
    const isUp = said.get(name);
    const own = evidenceOfKind(evidence, 'probe').find(
      (probe) => probe.service === name && probe.service !== context.service.name,
    );
    const answers = own && own.data.httpStatus !== undefined ? own.data.httpStatus < 500 : own ? false : undefined;
    const cites = [...citesOfMetric(evidence, context.service.name, name), ...(own ? [own.id] : [])];
    return { name, isUp, answers, cites };
  });
}

function saidUp(observations: readonly Observation[], service: string): Map<string, boolean> {
  const said = new Map<string, boolean>();
  for (const { question, answer } of observations) {
    if (question.kind !== 'metric' || question.metric !== 'dependency_up' || question.service.name !== service)
      continue;
    for (const series of answer.telemetry.series ?? []) {
      const last = series.points.findLast((point) => point.value !== null)?.value;
      const name = series.labels.dependency;
      if (name && typeof last === 'number') said.set(name, last > 0 && (said.get(name) ?? true));
    }
  }
  return said;
}

function citesOfMetric(evidence: readonly Evidence[], service: string, dependency: string): string[] {
  const metrics = evidenceOfKind(evidence, 'metric').filter(
    (metric) => metric.service === service && metric.data.family === 'dependency',
  );
  const named = metrics.filter((metric) =>
    `${metric.title} ${metric.data.metric} ${metric.query}`.toLowerCase().includes(dependency.toLowerCase()),
  );
  return (named.length > 0 ? named : metrics.length === 1 ? metrics : []).map((metric) => metric.id);
}

const PORTS: Readonly<Record<string, string>> = {
  27017: 'mongodb',
  5432: 'postgres',
  3306: 'mysql',
  6379: 'redis',
  9092: 'kafka',
  5672: 'rabbitmq',
  9200: 'elasticsearch',
};
const PRODUCTS: readonly (readonly [RegExp, string])[] = [
  [/mongo/i, 'mongodb'],
  [/postgres|\bpg_|PostgresError/i, 'postgres'],
  [/mysql|mariadb/i, 'mysql'],
  [/redis/i, 'redis'],
  [/kafka/i, 'kafka'],
  [/amqp|rabbit/i, 'rabbitmq'],
  [/open-?meteo/i, 'open-meteo'],
];

/**
 * Which dependency an error text speaks of: a name the service depends on, a registered service's address, a product,
 * a well-known port, the host of a URL. undefined: the text names none.
 */
export function dependencyNamedIn(text: string, service: Service, registry: Registry): string | undefined {
  const lower = text.toLowerCase();
  const declared = service.dependsOn.find((name) => lower.includes(name.toLowerCase()));
  if (declared) return declared;
  const neighbour = neighbourNamedIn(text, service, registry);
  if (neighbour) return neighbour.name;
  const product = PRODUCTS.find(([pattern]) => pattern.test(text))?.[1];
  if (product) return service.dependsOn.find((name) => name.toLowerCase().includes(product)) ?? product;
  const port = /(?:ECONNREFUSED|ETIMEDOUT|ECONNRESET)\D{0,3}[\w.:[\]-]*?:(\d{2,5})\b/.exec(text)?.[1];
  if (port && PORTS[port]) return PORTS[port];
  return /\b[a-z]+:\/\/(?:[^@/\s"']+@)?([a-z0-9][a-z0-9.-]*\.[a-z]{2,})/i.exec(text)?.[1]?.toLowerCase();
}

/** A registered service that the text names, or whose address it names. Never the service itself. */
export function neighbourNamedIn(text: string, service: Service, registry: Registry): Service | undefined {
  return registry.services.find((other) => other.name !== service.name && isNamedIn(text, other));
}

/** Whether a text names a service, or connects to the port of its address. */
export function isNamedIn(text: string, service: Service): boolean {
  if (text.toLowerCase().includes(service.name.toLowerCase())) return true;
  const port = service.healthUrl ? portOf(service.healthUrl) : undefined;
  return (
    port !== undefined && new RegExp(`(?:ECONN\\w+|ETIMEDOUT|connect)\\D{0,20}[\\w.:[\\]-]*:${port}\\b`).test(text)
  );
}

function portOf(url: string): string | undefined {
  return /^https?:\/\/[^/:]+:(\d+)/.exec(url)?.[1];
}
