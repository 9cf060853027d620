/** Where in the guilty commit's change the fault is, and by which rule that was decided (METHODS §4, faulty lines). */
import type { Commit } from '../../domain/telemetry.ts';
import { changedLines } from '../../lib/patches.ts';
import { carryThrough } from './carry.ts';
import type { CrimeScene } from './features.ts';
import { identifiers, missingNames } from './identifiers.ts';
import { isNotRun } from './inert.ts';
import { crashLines, linesNow } from './places.ts';

export type LineRule = 'crash-line-in-change' | 'change-near-crash' | 'most-telling-change' | 'file-only';
export interface FaultyLine {
  readonly path: string;
  /** At the deployed revision; null: only the file is known. */
  readonly line: number | null;
  readonly rule: LineRule;
}

const NEAR_LINES = 30;
/** So close that the crash line itself is the better place to look at. */
const ADJACENT_LINES = 5;

/** undefined: the commit changed nothing that runs. `later`: the commits after it, oldest first. */
export function faultyLine(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  return inChange(commit, later, scene) ?? nearChange(commit, later, scene) ?? telling(commit, later, scene);
}

function inChange(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  for (const frame of scene.frames) {
    const blamed = scene.blame.some(
      (line) => line.hash === commit.hash && line.path === frame.path && line.line === frame.line,
    );
    if (blamed || linesNow(commit, frame.path, later).includes(frame.line))
      return { path: frame.path, line: frame.line, rule: 'crash-line-in-change' };
  }
  return undefined;
}

function nearChange(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  for (const frame of scene.frames) {
    const near = linesNow(commit, frame.path, later)
      .map((line) => ({ line, distance: Math.abs(line - frame.line) }))
      .filter(({ distance }) => distance <= NEAR_LINES)
      .sort((a, b) => a.distance - b.distance || a.line - b.line)[0];
    if (!near) continue;
    const line = near.distance <= ADJACENT_LINES ? frame.line : near.line;
    return { path: frame.path, line, rule: 'change-near-crash' };
  }
  return undefined;
}

function telling(commit: Commit, later: readonly Commit[], scene: CrimeScene): FaultyLine | undefined {
  const wanted = new Set(scene.messages.flatMap((text) => [...missingNames(text), ...identifiers(text)]));
  const relied = new Set(crashLines(scene, 0).flatMap((text) => identifiers(text)));
  let best: (FaultyLine & { score: number }) | undefined;
  for (const file of commit.files) {
    if (isNotRun(file.path)) continue;
    for (const changed of changedLines(file.patch)) {
      const names = changed.text.match(/[A-Za-z_$][\w$]*/g) ?? [];
      const score =
        names.filter((name) => wanted.has(name)).length * 2 + names.filter((name) => relied.has(name)).length;
      const line = carryThrough(changed.newLine, file.path, later) ?? null;
      if (!best || score > best.score)
        best = { path: file.path, line, rule: line === null ? 'file-only' : 'most-telling-change', score };
    }
    best ??= { path: file.path, line: null, rule: 'file-only', score: 0 };
  }
  return best && { path: best.path, line: best.line, rule: best.rule };
}
