/**
 * Logs whose failures are told in words that nobody knows: letters of what a class has words for are turned by thirteen
 * places. Levels, times, figures, status codes, frames of stack traces and how often a line comes stay.
 */
import { TEXTS } from '../../../apps/incident-agent-workflow/src/analyze/fault-classes/texts.ts';
import type { Ablation } from './ablation.ts';

/** What a line is built of, rather than what it says: calls, keys of JSON and of key=value, levels, escapes, status codes. */
const STRUCTURE =
  /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \S*|\b[\w.-]+:\d{2,5}\b|"[\w.@-]+"\s*:|\b[\w.-]+=|\\[nrt"\\/]|\b(?:debug|info|warn(?:ing)?|error|err|fatal|critical|severe)\b(?=["\]\s:])|\b(?:HTTP|status|code)\b(?=[\s:=/]*\d)|[^a-z]+/gi;

export const words: Ablation = {
  name: 'words',
  change: ({ question, answer }) => {
    const { logLines } = answer.telemetry;
    if (!logLines) return answer;
    const names = [question.service.name, ...question.service.dependsOn];
    const unknown = logLines.map((line) => ({ ...line, text: inUnknownWords(line.text, names) }));
    return { ...answer, telemetry: { ...answer.telemetry, logLines: unknown } };
  },
};

/** Only what one of the patterns matches is changed, and of that no name of a service. */
export function inUnknownWords(text: string, names: readonly string[] = []): string {
  return Object.values(TEXTS).reduce(
    (told, pattern) =>
      told.replace(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`), (phrase) => turned(phrase, names)),
    text,
  );
}

function turned(phrase: string, names: readonly string[]): string {
  let told = '';
  let from = 0;
  for (const { index, 0: kept } of phrase.matchAll(STRUCTURE)) {
    told += turnedWords(phrase.slice(from, index), names) + kept;
    from = index + kept.length;
  }
  return told + turnedWords(phrase.slice(from), names);
}

function turnedWords(text: string, names: readonly string[]): string {
  return text.replace(/[a-z]+/gi, (word) => (names.includes(word) ? word : turnedLetters(word)));
}

function turnedLetters(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const first = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
  });
}
