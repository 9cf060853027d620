/** Templates held against the time before the incident: which are new, which rose, which are worth showing. */
import { namesFault } from '../fault-classes/texts.ts';
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
/** The reason of a failure stands at the beginning of its line, or in the first of its fields. */
const MAX_CHARACTERS = 2_000;
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
  const saying = warnings.filter((pattern) => saysWhy(pattern, lines));
  const ranked = [
    ...byWeight([...errors, ...saying], lines),
    ...byWeight(
      warnings.filter((pattern) => !saying.includes(pattern)),
      lines,
    ),
  ];
  // A stop or a reload tells more than the sixth kind of error.
  const room = MAX_PATTERNS - Math.min(MAX_LIFECYCLE, lifecycle.length);
  return [...ranked.slice(0, Math.max(room, 4)), ...byWeight(lifecycle, lines).slice(0, MAX_LIFECYCLE)].slice(
    0,
    MAX_PATTERNS,
  );
}

/** What says why weighs more than the many lines that only say that something failed. */
const SAYS_WHY = 3;

/** Those that say why first, then graver, more frequent, earlier. */
function byWeight(patterns: readonly LogPattern[], lines: LogReading['lines']): LogPattern[] {
  const weights = new Map(
    patterns.map((pattern) => {
      const { incidentCount, isNovel, likeness } = pattern;
      const reason = saysWhy(pattern, lines) ? SAYS_WHY : 0;
      return [pattern, Math.log1p(incidentCount) + likeness + (isNovel ? 1 : 0) + reason];
    }),
  );
  const weight = (pattern: LogPattern) => weights.get(pattern) ?? 0;
  return [...patterns].sort((a, b) => weight(b) - weight(a) || (a.lineIndexes[0] ?? 0) - (b.lineIndexes[0] ?? 0));
}

/** It names a kind of fault, by its newest line. */
function saysWhy({ lineIndexes }: LogPattern, lines: LogReading['lines']): boolean {
  const text = lines[lineIndexes.at(-1) ?? 0]?.text.slice(0, MAX_CHARACTERS) ?? '';
  return namesFault(text);
}
