/** Templates held against the time before the incident: which are new, which rose, which are worth showing. */
import { ERROR_LIKE, errorLikeness, isLifecycle, WARNING_LIKE } from './error-likeness.ts';
import type { LogReading } from './log-reading.ts';
import { binCounts, binMilliseconds, risen, riseOf } from './rise.ts';
import { mineTemplates, type Template } from './templates.ts';

export interface LogPattern extends Template {
  readonly baselineCount: number;
  readonly incidentCount: number;
  /** Not once in a baseline that is long enough to say so. */
  readonly isNovel: boolean;
  readonly isRisen: boolean;
  /** 0–1. */
  readonly likeness: number;
}

const MAX_PATTERNS = 6;
const MAX_LIFECYCLE = 2;
/** A shorter baseline can't call anything new. */
const MIN_BASELINE_MINUTES = 10;

/** All patterns of the lines that no trace owns, in the order of their first lines. */
export function logPatterns({ lines, milliseconds, windows }: LogReading, owned: ReadonlySet<number>): LogPattern[] {
  const { splitMilliseconds: split, baselineMinutes, incidentMinutes } = windows;
  const bin = binMilliseconds(incidentMinutes);
  const templates = mineTemplates(lines, owned);
  const times = templates.map(({ lineIndexes }) => lineIndexes.map((index) => timeOf(milliseconds[index], split)));
  const rises = times.map((events) =>
    riseOf(
      binCounts(events, split - baselineMinutes * 60_000, split, bin),
      binCounts(events, split, split + incidentMinutes * 60_000, bin),
    ),
  );
  const hasRisen = risen(rises);
  return templates.map((template, index) => {
    const baselineCount = (times[index] ?? []).filter((at) => at < split).length;
    const first = lines[template.lineIndexes[0] ?? 0];
    return {
      ...template,
      baselineCount,
      incidentCount: template.lineIndexes.length - baselineCount,
      isNovel: baselineCount === 0 && baselineMinutes >= MIN_BASELINE_MINUTES,
      isRisen: baselineCount > 0 && (hasRisen[index] ?? false),
      likeness: first ? errorLikeness(first) : 0,
    };
  });
}

/** A line without any time counts as part of the incident. */
function timeOf(at: number | undefined, split: number): number {
  return at === undefined || Number.isNaN(at) ? split : at;
}

/**
 * At most six: errors that are new or rose, then warnings, then starts and stops. What was logged before just as often
 * is noise; with too short a baseline to tell, all errors of the incident are shown.
 */
export function tellingPatterns(patterns: readonly LogPattern[], { lines, windows }: LogReading): LogPattern[] {
  const canTell = windows.baselineMinutes >= MIN_BASELINE_MINUTES;
  const changed = patterns.filter(
    (pattern) => pattern.incidentCount > 0 && (pattern.isNovel || pattern.isRisen || !canTell),
  );
  const errors = changed.filter(({ likeness }) => likeness >= ERROR_LIKE);
  const warnings = changed.filter(({ likeness }) => likeness < ERROR_LIKE && likeness >= WARNING_LIKE);
  const lifecycle = changed.filter((pattern) => {
    const line = lines[pattern.lineIndexes[0] ?? 0];
    return canTell && pattern.likeness < WARNING_LIKE && line !== undefined && isLifecycle(line);
  });
  const ranked = [...byWeight(errors), ...byWeight(warnings)];
  // A stop or a reload tells more than the sixth kind of error.
  const room = MAX_PATTERNS - Math.min(MAX_LIFECYCLE, lifecycle.length);
  return [...ranked.slice(0, Math.max(room, 4)), ...byWeight(lifecycle).slice(0, MAX_LIFECYCLE)].slice(0, MAX_PATTERNS);
}

/** Graver first, then more frequent, then earlier. */
function byWeight(patterns: readonly LogPattern[]): LogPattern[] {
  const weight = ({ incidentCount, isNovel, likeness }: LogPattern) =>
    Math.log1p(incidentCount) + likeness + (isNovel ? 1 : 0);
  return [...patterns].sort((a, b) => weight(b) - weight(a) || (a.lineIndexes[0] ?? 0) - (b.lineIndexes[0] ?? 0));
}
