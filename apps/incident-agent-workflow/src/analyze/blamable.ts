/** The stack traces that a change might explain, and their frames as the ranking of commits takes them. */
import type { Observed } from '../domain/evidence.ts';
import type { SuspectFrame } from './commits/places.ts';
import type { AnalysisContext } from './context.ts';
import { byRelevance, isBlamable, isOwnCrash, type ObservedTrace, suspectFrames } from './crashes.ts';

const MAX_TRACES = 3;

/** Traces of the service that a change might explain, most telling first. */
export function blamableTraces(observed: readonly Observed[], context: AnalysisContext): ObservedTrace[] {
  const traces = observed.filter((item): item is ObservedTrace => item.kind === 'stack-trace');
  const own = traces.filter((trace) => trace.service === context.service.name && isBlamable(trace.data, context));
  const crashes = own.filter((trace) => isOwnCrash(trace.data));
  return byRelevance(crashes.length > 0 ? crashes : own, context).slice(0, MAX_TRACES);
}

/** The first trace's frames count full; those of the next ones as if they were a call further out. */
export function framesOf(traces: readonly ObservedTrace[]): SuspectFrame[] {
  const frames: SuspectFrame[] = [];
  for (const [index, trace] of traces.entries())
    for (const frame of suspectFrames(trace.data)) {
      if (frames.some((seen) => seen.path === frame.path && seen.line === frame.line)) continue;
      frames.push({ ...frame, depth: frame.depth + index });
    }
  return frames;
}
