/** A stack trace as it is printed: every frame of our own, and of each run of a library's the ends. */
import type { Frame } from '../../domain/evidence.ts';

export type TraceEntry =
  | { readonly frame: Frame; readonly index: number }
  /** So many frames of libraries stand here. */
  | { readonly folded: number };

/** A run shorter than this is shown whole: the fold would take as much room. */
const LEAST_RUN = 4;

export function foldedFrames(frames: readonly Frame[]): TraceEntry[] {
  const entries: TraceEntry[] = [];
  let run: TraceEntry[] = [];
  const close = (): void => {
    const [first, last] = [run[0], run.at(-1)];
    if (run.length < LEAST_RUN || !first || !last) entries.push(...run);
    else entries.push(first, { folded: run.length - 2 }, last);
    run = [];
  };
  for (const [index, frame] of frames.entries()) {
    if (!frame.inApp) {
      run.push({ frame, index });
      continue;
    }
    close();
    entries.push({ frame, index });
  }
  close();
  return entries;
}

export function placeOf(frame: Frame): string {
  const parts = [frame.repositoryPath ?? frame.file, frame.line, frame.column];
  const place = parts.filter((part) => part !== null).join(':');
  return frame.function === null ? place : `${frame.function} (${place})`;
}
