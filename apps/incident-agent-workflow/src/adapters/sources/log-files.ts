/** The service's own log files. Their paths come from the registry, never from an alert or a log line. */
import type { Gap } from '../../domain/gap.ts';
import type { LogsQuestion } from '../../domain/question.ts';
import type { LogLine } from '../../domain/telemetry.ts';
import { cleanText, cutText } from '../../lib/clean-text.ts';
import { shellCommand } from '../../lib/escape.ts';
import { clockTime } from '../../lib/instants.ts';
import { lineTime } from '../../lib/line-time.ts';
import { rotatedLogs } from '../../lib/log-file.ts';
import { redactLines } from '../../lib/redact.ts';
import { millisecondsOf } from '../../lib/time.ts';
import { thousands } from '../../lib/wording.ts';
import type { Source } from '../../ports.ts';
import { readHead } from './log-head.ts';
import { readTail, type Tail } from './log-tail.ts';
import { type Asked, answerAfter, askedOf, gapAnswer, gapOf, type Sight, wrongKind } from './looking.ts';

const NAME = 'log-files';
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;
const MAX_LINE_CHARACTERS = 65_536;

export interface LogFilesOptions {
  /** Read of one log, rotated files included; default 8 MB. */
  readonly maxBytes?: number;
}

export function logFiles({ maxBytes = DEFAULT_MAX_BYTES }: LogFilesOptions = {}): Source {
  return {
    name: NAME,
    kinds: ['logs'],
    async ask(question, signal) {
      if (question.kind !== 'logs') throw wrongKind(NAME, question.kind);
      const paths = [...new Set(Object.values(question.service.logPaths))].sort();
      const commands = paths.map((path) => shellCommand(['tail', '-n', String(question.maxLines), path]));
      const asked = askedOf(NAME, question, commands.join('; '));
      if (paths.length === 0) {
        const detail = `the service registry names no log_paths for ${question.service.name}`;
        return gapAnswer(asked, 'not-configured', detail);
      }
      const seen = [];
      for (const path of paths) {
        const own = askedOf(NAME, question, shellCommand(['tail', '-n', String(question.maxLines), path]));
        const read = question.keep
          ? () => readOldest(own, path, question, signal)
          : () => readLog(own, path, question, maxBytes, signal);
        seen.push(await answerAfter(own, read));
      }
      return {
        source: NAME,
        query: seen.map(({ query }) => query).join('; '),
        telemetry: merged(seen.flatMap(({ telemetry }) => (telemetry.logLines ? [telemetry.logLines] : []))),
        gaps: seen.flatMap(({ gaps }) => gaps),
      };
    },
  };
}

/** Files one after the other, each in its own order. No file could be read: nothing is claimed. */
function merged(logs: readonly LogLine[][]): Sight['telemetry'] {
  return logs.length === 0 ? {} : { logLines: logs.flat() };
}

async function readLog(
  asked: Asked,
  path: string,
  question: LogsQuestion,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Sight> {
  const { tails, isCut } = await readTails(path, millisecondsOf(question.from) ?? 0, maxBytes, signal);
  if (tails.length === 0) {
    const detail = `there is no ${path}: does the service write it, and is it where the registry says?`;
    return { telemetry: {}, gaps: [gapOf(asked, 'not-found', detail)] };
  }
  const inWindow = tails.flatMap((tail) => linesInWindow(tail, question));
  const logLines = inWindow.slice(-question.maxLines);
  const gaps: Gap[] = [];
  if (isCut)
    gaps.push(gapOf(asked, 'too-large', `read only the last ${Math.floor(maxBytes / 1024 / 1024)} MB of ${path}`));
  if (inWindow.length > logLines.length) {
    const lines = `${thousands(logLines.length)} of ${thousands(inWindow.length)} lines of ${path}`;
    gaps.push(gapOf(asked, 'too-large', `read only the newest ${lines}${fromFirst(logLines)}`));
  }
  return { telemetry: { logLines }, gaps, query: queryFor(tails, logLines, path, question.maxLines) };
}

/** A few thousand lines, however long they are. */
const HEAD_BYTES = 2 * 1024 * 1024;

/** From the beginning of the window on, in the oldest file that reaches into it. */
async function readOldest(asked: Asked, path: string, question: LogsQuestion, signal: AbortSignal): Promise<Sight> {
  const from = millisecondsOf(question.from) ?? 0;
  const older = (await rotatedLogs(path)).filter(({ writtenAt }) => writtenAt >= from);
  const logLines: LogLine[] = [];
  const files: string[] = [];
  let isCut = false;
  for (const candidate of [...older.map((log) => log.path), path]) {
    const head = await readHead(candidate, { from, maxBytes: HEAD_BYTES }, signal);
    if (!head) continue;
    const inWindow = linesInWindow(head, question);
    if (inWindow.length > 0) files.push(candidate);
    logLines.push(...inWindow);
    isCut = !head.isWhole || logLines.length > question.maxLines;
    if (isCut) break;
  }
  const kept = logLines.slice(0, question.maxLines);
  const last = kept.findLast(({ at }) => at !== undefined)?.at;
  const until = last === undefined ? '' : `, until ${clockTime(last)}`;
  const found = { ...asked, query: headOf(files, kept, path) };
  const detail = `read only the oldest ${thousands(kept.length)} lines of ${path} in the window${until}`;
  return { telemetry: { logLines: kept }, gaps: isCut ? [gapOf(found, 'too-large', detail)] : [], query: found.query };
}

/** So many lines from the first that was kept. */
function headOf(files: readonly string[], kept: readonly LogLine[], path: string): string {
  const from = `+${kept[0]?.line ?? 1}`;
  const [only = path] = files;
  const first = files.length > 1 ? shellCommand(['cat', ...files]) : shellCommand(['tail', '-n', from, only]);
  const rest = files.length > 1 ? ` | ${shellCommand(['tail', '-n', from])}` : '';
  return `${first}${rest} | ${shellCommand(['head', '-n', String(kept.length)])}`;
}

/** undefined stays unsaid: no line names its time. */
function fromFirst(lines: readonly LogLine[]): string {
  const at = lines.find((line) => line.at !== undefined)?.at;
  return at === undefined ? '' : `, from ${clockTime(at)} on`;
}

/** Oldest file first. Older files are opened only while the window reaches back beyond what was read. */
async function readTails(path: string, from: number, maxBytes: number, signal: AbortSignal) {
  const tails: Tail[] = [];
  let bytesLeft = maxBytes;
  let isCut = false;
  const older = (await rotatedLogs(path)).filter(({ writtenAt }) => writtenAt >= from).toReversed();
  const candidates = [path, ...older.map((log) => log.path)];
  for (const candidate of candidates) {
    const tail = await readTail(candidate, bytesLeft, signal);
    // Rotated while we read: the same file stands there under its new name.
    if (tail === undefined || tails.some(({ inode }) => inode === tail.inode)) continue;
    tails.unshift(tail);
    bytesLeft -= tail.bytes;
    if (beginsBefore(tail, from)) break;
    isCut = !tail.isWhole || (bytesLeft <= 0 && candidate !== candidates.at(-1));
    if (isCut) break;
  }
  return { tails, isCut };
}

function beginsBefore({ lines }: Tail, from: number): boolean {
  const first = firstTime(lines);
  return first !== undefined && first < from;
}

/** In milliseconds; undefined: no line names its time. */
function firstTime(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const at = lineTime(line);
    if (at !== undefined) return millisecondsOf(at);
  }
  return undefined;
}

/** A line without a time of its own belongs to the one above it. Without any time the whole tail is taken. */
function linesInWindow(
  { path, lines, firstLine }: Pick<Tail, 'path' | 'lines' | 'firstLine'>,
  { from, to }: LogsQuestion,
): LogLine[] {
  const start = millisecondsOf(from) ?? Number.NEGATIVE_INFINITY;
  const end = millisecondsOf(to) ?? Number.POSITIVE_INFINITY;
  const texts = redactLines(lines.map((line) => cleanText(cutText(line.replace(/\r$/, ''), MAX_LINE_CHARACTERS))));
  const kept: LogLine[] = [];
  const first = firstTime(lines);
  let isInside = first === undefined || (first >= start && first <= end);
  for (const [index, text] of texts.entries()) {
    const at = lineTime(lines[index] ?? '');
    const milliseconds = at === undefined ? undefined : millisecondsOf(at);
    if (milliseconds !== undefined) isInside = milliseconds >= start && milliseconds <= end;
    if (!isInside) continue;
    const line = firstLine === undefined ? {} : { line: firstLine + index };
    kept.push({ ...(at === undefined ? {} : { at }), stream: path, ...line, text });
  }
  return kept;
}

/** As many lines from the end as reach back to the first that was kept. */
function queryFor(tails: readonly Tail[], logLines: readonly LogLine[], path: string, maxLines: number): string {
  const first = logLines[0];
  const streams = new Set(logLines.map(({ stream }) => stream));
  const files = tails.filter((tail) => streams.has(tail.path));
  const read = files.reduce((sum, { lines }) => sum + lines.length, 0);
  const skipped = first?.line === undefined ? 0 : first.line - (files[0]?.firstLine ?? first.line);
  const count = String(first === undefined ? maxLines : read - skipped);
  if (files.length <= 1) return shellCommand(['tail', '-n', count, files[0]?.path ?? path]);
  return `${shellCommand(['cat', ...files.map((file) => file.path)])} | tail -n ${count}`;
}
