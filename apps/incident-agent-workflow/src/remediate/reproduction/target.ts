/** What a reproduction must fail with: the error of the incident, thrown at the same place. */
import { type EvidenceOf, evidenceOfKind, type Frame } from '../../domain/evidence.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Cause } from '../../domain/hypothesis.ts';

export interface Target {
  /** Of the stack trace. */
  readonly evidence: string;
  readonly language: string;
  readonly type: string;
  readonly message: string;
  readonly path: string;
  readonly line: number;
  /** Frames of our own code that lie in the repository, the crash frame first, then outwards. */
  readonly frames: readonly { readonly path: string; readonly line: number; readonly function: string | null }[];
}

/** Lines may shift by what a runner adds; the function stays the same. */
const LINES_NEAR = 5;

/** undefined: no failure was seen that has a place in the code. Traces that grew with the incident and touch the cause come first. */
export function targetOf(facts: Facts, cause: Pick<Cause, 'file' | 'service'>): Target | undefined {
  const traces = evidenceOfKind(facts.evidence, 'stack-trace')
    .filter(({ service, data }) => service === cause.service && data.count > 0)
    .flatMap((item) => targetOfTrace(item) ?? []);
  const touches = (target: Target): boolean => target.frames.some(({ path }) => path === cause.file);
  return traces.find(touches) ?? traces[0];
}

function targetOfTrace({ id, data }: EvidenceOf<'stack-trace'>): Target | undefined {
  const at = data.crashFrame;
  if (at === null) return undefined;
  const placed = data.frames.slice(at).flatMap((frame) => placeOf(frame) ?? []);
  const [crash] = placed;
  if (!crash) return undefined;
  const { language, type } = data;
  // A logger that writes `key="value"` leaves its next field behind the message.
  const message = data.message.split(/"\s+\w+=/)[0] ?? '';
  return { evidence: id, language, type, message, path: crash.path, line: crash.line, frames: placed.slice(0, 6) };
}

function placeOf({ inApp, repositoryPath, line, function: name }: Frame) {
  return inApp && repositoryPath !== null && line !== null ? { path: repositoryPath, line, function: name } : undefined;
}

/** What the output of a test runner says of a failing reproduction. */
export function failsAsSeen(output: string, target: Target): boolean {
  const shown = output.replaceAll('\\', '/');
  return shown.includes(lastWord(target.type)) && saysMessage(shown, target.message) && namesPlace(shown, target);
}

export function lastWord(type: string): string {
  return type.split('.').at(-1) ?? type;
}

/** Values in a message may be other ones; its words may not. */
function saysMessage(output: string, message: string): boolean {
  const first = message.split('\n')[0]?.trim() ?? '';
  return first === '' || output.includes(first) || masked(output).includes(masked(first));
}

function masked(text: string): string {
  return text.replaceAll(/"[^"\n]*"|'[^'\n]*'|\d+(?:\.\d+)?/g, '~');
}

function namesPlace(output: string, { path, line }: Target): boolean {
  const file = path.split('/').at(-1) ?? path;
  const places = output.matchAll(new RegExp(`${RegExp.escape(file)}(?:", line |:|\\()(\\d+)`, 'g'));
  return [...places].some(([, found]) => Math.abs(Number(found) - line) <= LINES_NEAR);
}
