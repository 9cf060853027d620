/**
 * Which services may ask otherwise of the alerting one since they were started anew. It fails on what they send, or on how
 * much of it, and was neither changed nor started itself: the reason is theirs, though they call it and it calls nobody.
 */
import type { Observed } from '../../domain/evidence.ts';
import type { Service } from '../../domain/service.ts';
import { isoOfMilliseconds } from '../../lib/time.ts';
import { calleesOf } from '../candidates.ts';
import type { AnalysisContext } from '../context.ts';
import { spokenText } from '../crashes.ts';
import { isNew } from '../novelty.ts';
import { comesOf } from './answers.ts';

/** Their start is one question each. */
const MAX_ASKED = 6;

/** Registered services that it does not depend on, those that are known to call it first, where it shows what may come of being asked otherwise. */
export function possibleAskers(telemetry: readonly Observed[], context: AnalysisContext): Service[] {
  const { service, registry } = context;
  if (!context.registered || changedAt(telemetry, context).length === 0) return [];
  const callees = calleesOf(service, registry);
  const others = registry.services.filter(({ name }) => name !== service.name && !callees.includes(name));
  return others.toSorted((a, b) => Number(calls(b, context)) - Number(calls(a, context))).slice(0, MAX_ASKED);
}

function calls(other: Service, { service, registry }: AnalysisContext): boolean {
  return calleesOf(other, registry).includes(service.name);
}

/** The one of those that was started anew just before; where several were, that tells nothing of any. */
export function suspectedAskers(telemetry: readonly Observed[], context: AnalysisContext): AnalysisContext[] {
  const changes = changedAt(telemetry, context);
  const started = possibleAskers(telemetry, context).filter((other) =>
    startsOf(telemetry, other.name).some((at) => changes.some((change) => comesOf(change, at))),
  );
  const known = started.filter((other) => calls(other, context));
  const found = known.length > 0 ? known : started;
  // Each that is looked into costs as many questions as the alerting service does.
  if (found.length !== 1) return [];
  const heard = telemetry.flatMap((item) =>
    item.kind === 'stack-trace' && item.service === context.service.name && isNew(item.data, context)
      ? [spokenText(item.data)]
      : [],
  );
  return found.map((service) => ({ ...context, service, registered: true, heard }));
}

const FAMILIES: ReadonlySet<string> = new Set(['errors', 'latency', 'traffic']);

/** When it first threw what it never threw, refused or took longer, or was asked more. */
export function changedAt(telemetry: readonly Observed[], context: AnalysisContext): string[] {
  return telemetry.flatMap((item) => {
    if (item.service !== context.service.name) return [];
    if (item.kind === 'stack-trace') return isNew(item.data, context) && item.data.firstAt ? [item.data.firstAt] : [];
    if (item.kind !== 'metric' || !FAMILIES.has(item.data.family) || item.data.direction !== 'up') return [];
    return item.data.onset === null ? [] : [item.data.onset];
  });
}

function startsOf(telemetry: readonly Observed[], name: string): string[] {
  return telemetry.flatMap((item) => {
    if (item.kind !== 'metric' || item.service !== name) return [];
    const { family, direction, lastValue } = item.data;
    if (family !== 'restart' || direction === 'flat' || lastValue === null) return [];
    return isoOfMilliseconds(lastValue * 1_000) ?? [];
  });
}
