/** Traces of the same failure counted together, and which of them are worth showing. */
import { millisecondsOf } from '../../lib/time.ts';
import type { ReadLine } from '../logs/read-log-line.ts';
import type { ExtractedTrace } from './extract.ts';
import { fingerprintOf } from './fingerprint.ts';

export interface TraceGroup {
  readonly fingerprint: string;
  /** In the order of the lines. */
  readonly traces: readonly ExtractedTrace[];
  readonly baselineCount: number;
  readonly incidentCount: number;
  /** Never before the incident, although there are lines from before it. */
  readonly isNovel: boolean;
}

const MAX_GROUPS = 4;
/** Per minute, compared with the time before. */
const MIN_RISE = 2;

export interface Windows {
  /** What was logged before it is the baseline. */
  readonly splitMilliseconds: number;
  readonly baselineMinutes: number;
  readonly incidentMinutes: number;
}

interface LogWithTraces {
  readonly lines: readonly ReadLine[];
  /** All that are in the lines. */
  readonly traces: readonly ExtractedTrace[];
  readonly windows: Windows;
}

/**
 * At most four groups, new ones first, then the most frequent. A failure that was there before and did not become more
 * frequent is left out, unless it is all there is.
 */
export function traceGroups(log: LogWithTraces, digest: (text: string) => string): TraceGroup[] {
  const { windows } = log;
  const groups = groupTraces(log, digest);
  const telling = groups.filter((group) => group.isNovel || isRisen(group, windows));
  const shown = telling.length > 0 ? telling : groups.slice(0, 1);
  return shown.slice(0, MAX_GROUPS);
}

function groupTraces(
  { lines, traces: all, windows: { splitMilliseconds } }: LogWithTraces,
  digest: (text: string) => string,
): TraceGroup[] {
  const byFingerprint = new Map<string, ExtractedTrace[]>();
  for (const trace of all) {
    const fingerprint = fingerprintOf(trace, digest);
    const known = byFingerprint.get(fingerprint);
    if (known) known.push(trace);
    else byFingerprint.set(fingerprint, [trace]);
  }
  const groups = [...byFingerprint].map(([fingerprint, traces]) => {
    const baselineCount = traces.filter((trace) => isBefore(lines, trace, splitMilliseconds)).length;
    const incidentCount = traces.length - baselineCount;
    return { fingerprint, traces, baselineCount, incidentCount, isNovel: baselineCount === 0 };
  });
  // Ties end with what came first in the log.
  return groups.sort(
    (a, b) =>
      Number(b.isNovel) - Number(a.isNovel) ||
      Number(hasOwnFrame(b)) - Number(hasOwnFrame(a)) ||
      b.incidentCount - a.incidentCount ||
      firstIndex(a) - firstIndex(b),
  );
}

function isRisen({ baselineCount, incidentCount }: TraceGroup, { baselineMinutes, incidentMinutes }: Windows): boolean {
  const before = (baselineCount + 0.5) / Math.max(1, baselineMinutes);
  return incidentCount >= 2 && (incidentCount + 0.5) / Math.max(1, incidentMinutes) >= MIN_RISE * before;
}

function isBefore(lines: readonly ReadLine[], trace: ExtractedTrace, splitMilliseconds: number): boolean {
  const at = timeOfTrace(lines, trace);
  return at !== undefined && (millisecondsOf(at) ?? splitMilliseconds) < splitMilliseconds;
}

/** Of its first line that has one: the frames of a plain trace often have none. */
export function timeOfTrace(lines: readonly ReadLine[], { lineIndexes }: ExtractedTrace): string | undefined {
  for (const index of lineIndexes) {
    const at = lines[index]?.at;
    if (at !== undefined) return at;
  }
  return undefined;
}

function hasOwnFrame({ traces }: TraceGroup): boolean {
  return traces[0]?.crashFrame !== undefined;
}

function firstIndex({ traces }: TraceGroup): number {
  return traces[0]?.lineIndexes[0] ?? 0;
}
