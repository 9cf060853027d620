/**
 * Which of the services that fail with the alerting one are looked into as it is itself: those that it depends on, directly
 * or through one other, and that the evidence speaks against. What is not registered cannot be looked into.
 */
import type { Observed } from '../../domain/evidence.ts';
import type { Service } from '../../domain/service.ts';
import { calleesOf } from '../candidates.ts';
import type { AnalysisContext } from '../context.ts';
import { spokenText, withoutFrames } from '../crashes.ts';
import { isNamedIn } from '../dependencies.ts';
import { isProgrammingError } from '../fault-classes/texts.ts';
import { isNew } from '../novelty.ts';
import { answerIn } from './heard.ts';

export interface Suspected {
  /** The same incident, seen from that service. */
  readonly context: AnalysisContext;
  /** Who depends on it, on the way from the alerting service. */
  readonly caller: string;
}

const HOPS = 2;
/** Each costs as many questions as the alerting service does. */
const MAX_LOOKED_INTO = 3;
/** Faster than this much of its old time per request, nobody waits for it longer. */
const SLOWER = 2;

/** Nearest first, of equals the one that most speaks against. */
export function suspectedServices(telemetry: readonly Observed[], context: AnalysisContext): Suspected[] {
  const found: Suspected[] = [];
  let callers = [context];
  for (let hop = 0; hop < HOPS; hop += 1) {
    const reached = callers.flatMap((caller) =>
      dependenciesOf(caller, telemetry).map(({ service, weight }) => ({
        caller: caller.service,
        service,
        weight,
      })),
    );
    callers = [];
    for (const { caller, service } of reached.toSorted((a, b) => b.weight - a.weight)) {
      const isKnown = service.name === context.service.name || found.some((one) => one.context.service === service);
      if (isKnown || found.length === MAX_LOOKED_INTO) continue;
      const heard = heardOf(service, telemetry, { ...context, service: caller });
      const seenFrom = { ...context, service, registered: true, heard };
      found.push({ context: seenFrom, caller: caller.name });
      callers.push(seenFrom);
    }
  }
  return found;
}

interface Weighed {
  readonly service: Service;
  readonly weight: number;
}

/** Those of one caller that anything speaks against. What its errors name counts also where the registry does not know of it. */
function dependenciesOf(caller: AnalysisContext, telemetry: readonly Observed[]): Weighed[] {
  const { service, registry } = caller;
  const texts = failingTexts(telemetry, caller);
  const callers = new Set(registry.services.filter((one) => calleesOf(one, registry).includes(service.name)));
  return registry.services.flatMap((other) => {
    if (other.name === service.name) return [];
    const isNamed = texts.some((text) => isNamedIn(text, other));
    if (!service.dependsOn.includes(other.name) && (!isNamed || callers.has(other))) return [];
    const weight = (isNamed ? 2 : 0) + troubleOf(other.name, service.name, telemetry);
    return weight > 0 ? [{ service: other, weight }] : [];
  });
}

function failingTexts(telemetry: readonly Observed[], caller: AnalysisContext): string[] {
  return telemetry.flatMap((item) => {
    if (item.service !== caller.service.name) return [];
    if (item.kind === 'stack-trace') return isNew(item.data, caller) ? [spokenText(item.data)] : [];
    if (item.kind !== 'logs' || item.data.level === 'info' || !isNew(item.data, caller)) return [];
    return item.data.samples.map((sample) => withoutFrames(sample.text));
  });
}

/** The answers that its caller's errors quote; without any what its caller throws: it may be about what it was answered. */
function heardOf(service: Service, telemetry: readonly Observed[], caller: AnalysisContext): string[] {
  const texts = failingTexts(telemetry, caller);
  const answers = texts.flatMap((text) => answerIn(text, service) ?? []);
  const thrown = telemetry.flatMap((item) =>
    item.kind === 'stack-trace' &&
    item.service === caller.service.name &&
    isNew(item.data, caller) &&
    isProgrammingError(item.data.type, spokenText(item.data))
      ? [spokenText(item.data)]
      : [],
  );
  return [...new Set(answers.length > 0 ? answers : thrown)];
}

/** What its caller's own check, its addresses and its figures say. */
function troubleOf(name: string, caller: string, telemetry: readonly Observed[]): number {
  let weight = 0;
  for (const item of telemetry) {
    if (item.kind === 'probe' && item.service === name && item.data.of === 'health')
      weight += (item.data.httpStatus ?? 599) >= 500 ? 2 : 0;
    if (item.kind !== 'metric' || item.data.direction === 'flat') continue;
    const { family, direction, baselineMedian, incidentMedian } = item.data;
    if (item.service === caller && family === 'dependency' && item.title.includes(name)) weight += 2;
    if (item.service !== name) continue;
    if (family === 'availability' && direction === 'down') weight += 2;
    if (family === 'errors' && direction === 'up') weight += item.title.startsWith('4xx') ? 1 : 2;
    if (family === 'latency' && (incidentMedian ?? 0) > SLOWER * (baselineMedian ?? Number.POSITIVE_INFINITY))
      weight += 1;
  }
  return weight;
}
