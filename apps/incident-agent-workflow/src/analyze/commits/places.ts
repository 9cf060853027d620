/** Where a commit's change lies beside the lines that fail. */
import type { BlamedLine, CodeExcerpt, Commit } from '../../domain/telemetry.ts';
import { readHunks } from '../../lib/patches.ts';
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
  return [...new Set(placesNow(commit, path, later).map(({ line }) => line))];
}

interface PlaceNow {
  readonly line: number;
  /** The function around it, as far as the hunk shows; undefined: not known. */
  readonly holder: string | undefined;
}

function placesNow(commit: Commit, path: string, later: readonly Commit[]): PlaceNow[] {
  const then = pathBefore(path, later);
  const file = commit.files.find((changed) => changed.path === then);
  if (!file) return [];
  return readHunks(file.patch).flatMap(({ section, lines }) => {
    let holder = functionIn(section);
    return lines.flatMap(({ sign, text, newLine }) => {
      holder = functionIn(text) ?? holder;
      const line = sign === ' ' ? undefined : carryThrough(newLine, then, later);
      return line === undefined ? [] : [{ line, holder }];
    });
  });
}

const FUNCTION_LINE =
  /\b(?:function|def|func|fn|fun)\s+(?:\([^)]*\)\s*)?(\w+)|^\s*(?:(?:public|private|protected|static|final|async|override|export|synchronized)\s+)+(?:[\w<>[\],.?]+\s+)?(\w+)\s*\(/;

function functionIn(text: string): string | undefined {
  const match = FUNCTION_LINE.exec(text);
  return match ? (match[1] ?? match[2]) : undefined;
}

/** Another function than the one that failed, however near. */
const OTHER_FUNCTION = 0.4;

export function hunkValue(commit: Commit, later: readonly Commit[], frames: readonly SuspectFrame[]): number {
  let best = 0;
  for (const frame of frames)
    for (const { line, holder } of placesNow(commit, frame.path, later)) {
      const within = isOther(holder, frame.function) ? OTHER_FUNCTION : 1;
      const distance = Math.abs(line - frame.line);
      best = Math.max(best, within * DEPTH_DECAY ** frame.depth * Math.exp(-distance / HUNK_SCALE_LINES));
    }
  return best;
}

/** True if both are known and differ. */
function isOther(holder: string | undefined, name: string | null): boolean {
  const own = name?.split(/[.:#$\s]+/).at(-1) ?? '';
  return holder !== undefined && /^\w+$/.test(own) && own !== holder;
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
