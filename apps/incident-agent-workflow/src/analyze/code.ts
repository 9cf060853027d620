/** Source lines with who changed them last, as evidence: file-lines and blame of the same place become one item. */
import type { Observed } from '../domain/evidence.ts';
import type { BlamedLine, CodeExcerpt, Observation } from '../domain/telemetry.ts';
import { carryLine } from '../lib/patches.ts';
import { quoted, shortHash } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';
import { origins } from './origins.ts';
import { isWhole } from './reach/sources.ts';

/** Lines shown on each side of the line in question. */
export const LINES_AROUND = 20;

/** One evidence per excerpt that was read, in the order of the questions. */
export function observeCode(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  const observed: Observed[] = [];
  for (const { question, answer } of observations) {
    const excerpt = answer.telemetry.code;
    if (question.kind !== 'file-lines' || isWhole(question) || !excerpt || excerpt.lines.length === 0) continue;
    const { name } = question.service;
    const blame = allBlame(observations, name);
    const lastLine = excerpt.firstLine + excerpt.lines.length - 1;
    // The questions are asked so many lines beyond the line they are about; a file may end before.
    const highlightedLine = Math.max(excerpt.firstLine, Math.min(lastLine, question.toLine - LINES_AROUND));
    const origin = origins(observations, name).find(
      (place) => place.path === excerpt.path && place.line === highlightedLine,
    );
    const lineAtHead = lineNow(observations, name, excerpt.path, highlightedLine);
    const data = {
      ...excerpt,
      highlightedLine,
      ...(lineAtHead === undefined ? {} : { lineAtHead }),
      ...(origin === undefined ? {} : { origin: origin.text }),
      blame: blame.filter(
        (line) => line.path === excerpt.path && line.line >= excerpt.firstLine && line.line <= lastLine,
      ),
    };
    observed.push({
      kind: 'code',
      title: titleOf(data),
      source: answer.source,
      query: answer.query,
      window: context.window,
      digest: context.digest(JSON.stringify(data)),
      service: name,
      data,
    });
  }
  return observed;
}

/** Where a line of what runs stands in the newest revision; null: it was changed since; undefined: nobody asked. */
function lineNow(
  observations: readonly Observation[],
  service: string,
  path: string,
  line: number,
): number | null | undefined {
  const difference = observations
    .filter(({ question }) => question.service.name === service)
    .map(({ answer }) => answer.telemetry.diff)
    .find((diff) => diff?.files.some((file) => file.path === path) || diff?.files.length === 0);
  if (!difference) return undefined;
  const file = difference.files.find((changed) => changed.path === path);
  return file ? (carryLine(line, file.patch) ?? null) : line;
}

interface Shown extends CodeExcerpt {
  readonly highlightedLine: number;
  readonly blame: readonly BlamedLine[];
  readonly lineAtHead?: number | null;
  readonly origin?: string;
}

function titleOf(data: Shown): string {
  const text = (data.lines[data.highlightedLine - data.firstLine] ?? '').trim();
  const changed = data.blame.find((line) => line.line === data.highlightedLine);
  const place = `${data.path}:${data.highlightedLine}`;
  const by = changed ? `, last changed by ${shortHash(changed.hash)}` : '';
  const drift =
    data.lineAtHead === null
      ? '; the line was changed since'
      : data.lineAtHead !== undefined && data.lineAtHead !== data.highlightedLine
        ? `; at the newest revision it is line ${data.lineAtHead}`
        : '';
  const origin = data.origin === undefined ? '' : `; here ${quoted(data.origin, 60)} is written`;
  return `${text ? `${place} reads ${quoted(text, 80)}` : place}${by}${drift}${origin}`;
}

/** Every line whose last change is known; paths of two services may lie in two repositories. */
export function allBlame(observations: readonly Observation[], service: string): BlamedLine[] {
  return observations.flatMap(({ question, answer }) =>
    question.service.name === service ? (answer.telemetry.blame ?? []) : [],
  );
}

/** Every excerpt that was read of a service. */
export function allCode(observations: readonly Observation[], service: string): CodeExcerpt[] {
  return observations.flatMap(({ question, answer }) =>
    question.service.name === service && answer.telemetry.code && !isWhole(question) ? [answer.telemetry.code] : [],
  );
}
