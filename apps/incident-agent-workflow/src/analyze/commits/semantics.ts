/** Whether a change took protection away: a guard, a bound, a clean-up, a time limit. */
import type { Commit } from '../../domain/telemetry.ts';
import { changedLines } from '../../lib/patches.ts';
import { isNotRun } from './inert.ts';

const PROTECTIONS: readonly RegExp[] = [
  /\bif\s*[( ]/g,
  /\?\?|\?\./g,
  /\|\||\bor\b/g,
  /\bcatch\b|\bexcept\b|\brescue\b|\brecover\(/g,
  /\bfinally\b|\bdefer\b|\.close\(|\.release\(|\.end\(|\.unlock\(/gi,
  /\bLIMIT\b|\.limit\(|\bmax[A-Z_]\w*|\.slice\(/g,
  /\bawait\b/g,
  /\btypeof\b|\bisNaN\b|\bisFinite\b|Number\.is\w+|Array\.isArray|\binstanceof\b/g,
  /\bNumber\(|\bString\(|\bparse(?:Int|Float)\(|\.parse\(|\bint\(|\bstr\(/g,
  /\bbackoff\b|\bretry|\bcache\b|\bbatch/gi,
];

/** 0–1: how many kinds of protection the commit holds fewer of than before; two kinds are enough for 1. */
export function protectionRemoved(commit: Commit): number {
  const lines = commit.files.filter((file) => !isNotRun(file.path)).flatMap((file) => changedLines(file.patch));
  const text = (sign: '+' | '-') =>
    lines
      .filter((line) => line.sign === sign)
      .map((line) => line.text)
      .join('\n');
  const [removed, added] = [text('-'), text('+')];
  const fewer = PROTECTIONS.filter((kind) => occurrences(removed, kind) > occurrences(added, kind)).length;
  return Math.min(1, fewer * 0.6 + limitCut(removed, added));
}

/** A time limit, pool or retry budget under the same name, cut to half or less. */
function limitCut(removed: string, added: string): number {
  const after = limits(added);
  return limits(removed).some((old) => after.some((now) => now.name === old.name && now.value * 2 <= old.value))
    ? 1
    : 0;
}

function occurrences(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function limits(text: string): { name: string; value: number }[] {
  return [...text.matchAll(/(\w*(?:timeout|ttl|pool|retries|limit|deadline|max)\w*)["']?\s*[:=,(]\s*(\d[\d_]*)/gi)].map(
    (match) => ({ name: (match[1] ?? '').toLowerCase(), value: Number((match[2] ?? '').replaceAll('_', '')) }),
  );
}
