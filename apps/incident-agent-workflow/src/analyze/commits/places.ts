/** Where a commit's change lies beside the lines that fail. */
import type { BlamedLine, CodeExcerpt, Commit } from '../../domain/telemetry.ts';
import { changedLines } from '../../lib/patches.ts';
import { carryThrough, pathBefore } from './carry.ts';

/** A frame of our own code, the crash frame at depth 0. */
export interface SuspectFrame {
  readonly path: string;
  readonly line: number;
  readonly function: string | null;
  readonly depth: number;
}
interface Blamed {
  readonly frames: readonly SuspectFrame[];
  readonly blame: readonly BlamedLine[];
}

const DEPTH_DECAY = 0.8;
const HUNK_SCALE_LINES = 15;

/** The very line counts full, a neighbour within two lines a little over half: decoys stand beside the guilty too. */
export function blameValue(commit: Commit, { frames, blame }: Blamed): number {
  let best = 0;
  for (const frame of frames) {
    for (const line of blame) {
      if (line.hash !== commit.hash || line.path !== frame.path) continue;
      const distance = Math.abs(line.line - frame.line);
      if (distance <= 2) best = Math.max(best, DEPTH_DECAY ** frame.depth * (distance === 0 ? 1 : 0.55));
    }
  }
  return best;
}

/** Post-image lines of what a commit added, or where it removed, carried to the deployed revision. `path`: of today. */
export function linesNow(commit: Commit, path: string, later: readonly Commit[]): number[] {
  const then = pathBefore(path, later);
  const file = commit.files.find((changed) => changed.path === then);
  if (!file) return [];
  const lines = changedLines(file.patch).map((line) => carryThrough(line.newLine, then, later));
  return [...new Set(lines.filter((line) => line !== undefined))];
}

export function hunkValue(commit: Commit, later: readonly Commit[], frames: readonly SuspectFrame[]): number {
  let best = 0;
  for (const frame of frames) {
    const distances = linesNow(commit, frame.path, later).map((line) => Math.abs(line - frame.line));
    if (distances.length > 0) best = Math.max(best, Math.exp(-Math.min(...distances) / HUNK_SCALE_LINES));
  }
  return best;
}

export function stackValue(commit: Commit, later: readonly Commit[], frames: readonly SuspectFrame[]): number {
  const touched = frames.filter(({ path }) => {
    const then = pathBefore(path, later);
    return commit.files.some((file) => file.path === then);
  });
  return Math.max(0, ...touched.map((frame) => DEPTH_DECAY ** frame.depth));
}

/** As near as two calls out: who only words an error is seldom who causes it. */
const ORIGIN_VALUE = DEPTH_DECAY ** 2;

export function originValue(commit: Commit, origins: readonly { readonly path: string }[]): number {
  return origins.some(({ path }) => commit.files.some((file) => file.path === path)) ? ORIGIN_VALUE : 0;
}

/** How close to a definition the change lies; the body follows its first line. */
export function definitionValue(
  commit: Commit,
  later: readonly Commit[],
  definitions: readonly SuspectFrame[],
): number {
  let best = 0;
  for (const { path, line, depth } of definitions)
    for (const changed of linesNow(commit, path, later)) {
      const distance = changed >= line ? changed - line : 2 * (line - changed);
      best = Math.max(best, DEPTH_DECAY ** depth * Math.exp(-distance / HUNK_SCALE_LINES));
    }
  return best;
}

/** The crash line of every trace, with so many neighbours on each side. */
export function crashLines(
  { frames, code }: { readonly frames: readonly SuspectFrame[]; readonly code: readonly CodeExcerpt[] },
  neighbours: number,
): string[] {
  return frames
    .filter((frame) => frame.depth === 0)
    .flatMap((frame) =>
      code
        .filter((excerpt) => excerpt.path === frame.path)
        .flatMap((excerpt) => {
          const at = frame.line - excerpt.firstLine;
          return at < 0 ? [] : excerpt.lines.slice(Math.max(0, at - neighbours), at + neighbours + 1);
        }),
    );
}
