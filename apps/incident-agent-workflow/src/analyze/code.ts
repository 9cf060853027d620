/** Source lines with who changed them last, as evidence: file-lines and blame of the same place become one item. */
import type { Observed } from '../domain/evidence.ts';
import type { BlamedLine, CodeExcerpt, Observation } from '../domain/telemetry.ts';
import { quoted, shortHash } from '../lib/wording.ts';
import type { AnalysisContext } from './context.ts';

/** Lines shown on each side of the line in question. */
export const LINES_AROUND = 20;

/** One evidence per excerpt that was read, in the order of the questions. */
export function observeCode(observations: readonly Observation[], context: AnalysisContext): Observed[] {
  const blame = allBlame(observations);
  const observed: Observed[] = [];
  for (const { question, answer } of observations) {
    const excerpt = answer.telemetry.code;
    if (question.kind !== 'file-lines' || !excerpt || excerpt.lines.length === 0) continue;
    const lastLine = excerpt.firstLine + excerpt.lines.length - 1;
    // The questions are asked so many lines beyond the line they are about; a file may end before.
    const highlightedLine = Math.max(excerpt.firstLine, Math.min(lastLine, question.toLine - LINES_AROUND));
    const data = {
      ...excerpt,
      highlightedLine,
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
      service: question.service.name,
      data,
    });
  }
  return observed;
}

function titleOf(data: CodeExcerpt & { highlightedLine: number; blame: readonly BlamedLine[] }): string {
  const text = (data.lines[data.highlightedLine - data.firstLine] ?? '').trim();
  const changed = data.blame.find((line) => line.line === data.highlightedLine);
  const place = `${data.path}:${data.highlightedLine}`;
  const by = changed ? `, last changed by ${shortHash(changed.hash)}` : '';
  return `${text ? `${place} reads ${quoted(text, 80)}` : place}${by}`;
}

/** Every line whose last change is known. */
export function allBlame(observations: readonly Observation[]): BlamedLine[] {
  return observations.flatMap(({ answer }) => answer.telemetry.blame ?? []);
}

/** Every excerpt that was read. */
export function allCode(observations: readonly Observation[]): CodeExcerpt[] {
  return observations.flatMap(({ answer }) => (answer.telemetry.code ? [answer.telemetry.code] : []));
}
