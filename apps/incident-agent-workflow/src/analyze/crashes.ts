/** Which stack traces are the program's own fault, and which only show where the outside world failed it. */
import type { Observed } from '../domain/evidence.ts';
import type { SuspectFrame } from './commits/places.ts';
import type { AnalysisContext } from './context.ts';
import { isThrownOutside } from './fault-classes/calls.ts';
import { isEnvironmental, isOutsideRepository, isProgrammingError, PROGRAMMING_ERRORS } from './fault-classes/texts.ts';
import { isNew } from './novelty.ts';
import { byBlame } from './stack-traces/blame-of-error.ts';

export type ObservedTrace = Extract<Observed, { kind: 'stack-trace' }>;
type TraceData = ObservedTrace['data'];

const MAX_FRAMES = 6;
const FRAME_LINE = /^\s*(?:at |File "|from |#\d+ |\.\.\. \d+ more|goroutine )/;

/** Type, message and causes, without the frames: `listOnTimeout` in a frame says nothing about a time-out. */
export function spokenText(data: Pick<TraceData, 'type' | 'message' | 'text'>): string {
  return [`${data.type}: ${data.message}`, ...withoutFrameLines(data.text)].join('\n');
}

/** Python prints the source line under its frame, and marks under that: code, which nobody said. */
function withoutFrameLines(lines: readonly string[]): string[] {
  let isUnderFrame = false;
  return lines.filter((line) => {
    const isFrame = FRAME_LINE.test(line);
    const isSource = isUnderFrame && /^\s{4}|^\s*[\^~]+\s*$/.test(line);
    isUnderFrame = isFrame ? /^\s*File "/.test(line) : isSource;
    return !isFrame && !isSource;
  });
}

/** The same for a log line, whose stack may be one JSON string. A cut leaves the mark of a line end. */
export function withoutFrames(text: string): string {
  const lines = text.replace(/(?:\\n\s*(?:at |File )[^"\\]*(?:\\"[^"\\]*)*)+/g, '\\n').split('\n');
  return withoutFrameLines(lines).join('\n');
}

/** The file that it was thrown in, in the repository if that is known; undefined: no frame is the program's own. */
export function crashPath({ frames, crashFrame }: Pick<TraceData, 'frames' | 'crashFrame'>): string | undefined {
  const frame = frames[crashFrame ?? -1];
  return frame?.repositoryPath ?? frame?.file;
}

/** A frame of our own code on top, no word of network, disk or time, and no call that the outside failed. */
export function isOwnCrash(data: TraceData): boolean {
  const text = spokenText(data);
  if (data.crashFrame === null) return false;
  return isProgrammingError(data.type, text) || !(isEnvironmental(text) || isThrownOutside(data, text));
}

/** A trace that a change in the repository might explain, if only by what it asks of the outside. */
export function isBlamable(data: TraceData, context: AnalysisContext): boolean {
  const isActive = data.count > data.baselineCount || isNew(data, context);
  return data.crashFrame !== null && isActive && (isOwnCrash(data) || !isOutsideRepository(spokenText(data)));
}

/** Newest programming errors first. */
export function byRelevance<T extends { readonly data: TraceData }>(
  traces: readonly T[],
  context: AnalysisContext,
): T[] {
  const rank = ({ data }: T) =>
    (isNew(data, context) ? 4 : 0) + (PROGRAMMING_ERRORS.test(data.type) ? 2 : 0) + (isOwnCrash(data) ? 1 : 0);
  return [...traces].sort((a, b) => rank(b) - rank(a) || b.data.count - a.data.count);
}

/** Frames of our own code that lie in the repository, the crash frame at depth 0, of one trace. */
export function suspectFrames(
  data: Pick<TraceData, 'language' | 'type' | 'message' | 'frames' | 'crashFrame'>,
): SuspectFrame[] {
  const frames: SuspectFrame[] = [];
  const ordered =
    data.crashFrame === null || data.language !== 'python'
      ? data.frames
      : data.frames.slice(0, data.crashFrame + 1).reverse();
  const start = data.language === 'python' ? 0 : (data.crashFrame ?? 0);
  const own = ordered.slice(start).filter(({ inApp, repositoryPath }) => inApp && repositoryPath !== null);
  for (const frame of byBlame(own, data)) {
    if (frame.repositoryPath === null || frame.line === null) continue;
    const { repositoryPath: path, line, function: name } = frame;
    if (frames.some((seen) => seen.path === path && seen.line === line)) continue;
    frames.push({ path, line, function: name, depth: frames.length });
    if (frames.length === MAX_FRAMES) break;
  }
  return frames;
}
