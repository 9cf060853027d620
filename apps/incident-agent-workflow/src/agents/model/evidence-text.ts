/** One evidence as a model reads it: what it is, what it says, and of its data what the title does not say already. */
import type { Evidence, EvidenceOf } from '../../domain/evidence.ts';
import { oneLine } from '../../lib/clean-text.ts';
import { shortHash } from '../../lib/wording.ts';

const MAX_SAMPLES = 2;
const MAX_CONTEXT_LINES = 4;
const TRACE_LINES_AT_EACH_END = 10;
const MAX_FILES = 4;
const MAX_COMMITS = 8;
const MAX_ALERTS = 6;
const MAX_TARGETS = 5;
const MAX_BODY_CHARACTERS = 400;
const CODE_LINES_AROUND = 10;
/** A share of suspicion below it is noise. */
const LEAST_SUSPICION = 0.05;

/** Bounded; what is left out is said by the title. `elsewhere`: lines that the prompt shows anyway. */
export function evidenceText(item: Evidence, maxCharacters: number, elsewhere: ReadonlySet<string>): string {
  const body = bodyOf(item, maxCharacters, elsewhere);
  return body === '' ? evidenceHead(item) : `${evidenceHead(item)}\n${cut(body, maxCharacters)}`;
}

export function evidenceHead(item: Evidence): string {
  return `${item.id} (${item.kind} of ${item.service}, from ${item.source}): ${item.title}`;
}

/** Of stack traces: the lines around a log line often are the same again. */
export function traceLines(evidence: readonly Evidence[]): ReadonlySet<string> {
  return new Set(
    evidence.flatMap((item) => (item.kind === 'stack-trace' ? item.data.text.map((line) => line.trim()) : [])),
  );
}

function bodyOf(item: Evidence, maxCharacters: number, elsewhere: ReadonlySet<string>): string {
  switch (item.kind) {
    case 'alert':
      return alertText(item.data);
    case 'metric':
      return metricText(item.data);
    case 'logs':
      return logText(item.data, elsewhere);
    case 'stack-trace':
      return bothEnds(item.data.text);
    case 'code':
      return codeText(item.data, maxCharacters);
    case 'commit':
      return item.data.files
        .slice(0, MAX_FILES)
        .map(({ path, patch }) => `${path}\n${cut(patch, maxCharacters)}`)
        .join('\n');
    case 'history':
      return historyText(item.data);
    case 'probe':
      return (item.data.httpStatus ?? 599) < 400 ? '' : cut(item.data.body || item.data.detail, MAX_BODY_CHARACTERS);
    case 'targets':
      return item.data.targets
        .filter(({ health }) => health !== 'up')
        .slice(0, MAX_TARGETS)
        .map(({ url, health, lastError }) => `${url} ${health}: ${lastError}`)
        .join('\n');
    case 'memory':
      return JSON.stringify(item.data);
  }
}

function alertText({ alerts }: EvidenceOf<'alert'>['data']): string {
  return alerts
    .slice(0, MAX_ALERTS)
    .map(({ name, status, startsAt, summary, severity }) =>
      [name, ...(severity ? [severity] : []), status, 'since', startsAt, summary].join(' '),
    )
    .join('\n');
}

/** One that stayed as it was is told by its title. */
function metricText(data: EvidenceOf<'metric'>['data']): string {
  if (data.direction === 'flat') return '';
  const { unit, baselineMedian, incidentMedian, incidentExtreme, lastValue, onset, shape } = data;
  const told = { before: baselineMedian, during: incidentMedian, extreme: incidentExtreme, last: lastValue };
  const figures = Object.entries(told).flatMap(([name, value]) => (value === null ? [] : [`${name} ${short(value)}`]));
  return [`in ${unit}: ${figures.join(', ')}`, ...(onset ? [`from ${onset}`] : []), ...(shape ? [shape] : [])].join(
    '; ',
  );
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function logText({ samples, context, ...data }: EvidenceOf<'logs'>['data'], elsewhere: ReadonlySet<string>): string {
  const shown = samples.slice(0, MAX_SAMPLES).map(({ text }) => text);
  const around = context.filter((line) => !shown.includes(line) && !elsewhere.has(line.trim()));
  const counts = `${data.level}, first ${data.firstAt ?? 'unknown'}, last ${data.lastAt ?? 'unknown'}`;
  return [counts, ...shown, ...around.slice(0, MAX_CONTEXT_LINES)].join('\n');
}

/** Some languages say first what was thrown, some last. */
function bothEnds(lines: readonly string[]): string {
  if (lines.length <= TRACE_LINES_AT_EACH_END * 2) return lines.join('\n');
  return [...lines.slice(0, TRACE_LINES_AT_EACH_END), '…', ...lines.slice(-TRACE_LINES_AT_EACH_END)].join('\n');
}

function historyText({ commits, changes = [], rollouts = [] }: EvidenceOf<'history'>['data']): string {
  return [
    ...commits
      .slice(0, MAX_COMMITS)
      .map(({ hash, committedAt, subject, suspicion }) =>
        [
          shortHash(hash),
          committedAt,
          oneLine(subject, 100),
          ...(suspicion >= LEAST_SUSPICION ? [`(suspicion ${suspicion})`] : []),
        ].join(' '),
      ),
    ...changes.map(({ hash, kind, what, from, to }) =>
      oneLine(`${shortHash(hash)} ${kind} ${what}${(from ?? to) ? ` from ${from ?? '-'} to ${to ?? '-'}` : ''}`, 160),
    ),
    ...rollouts.map(({ at, kind, service, name }) => oneLine(`${at} ${kind} of ${service}: ${name}`, 160)),
  ].join('\n');
}

/** As many lines on each side as there is room for: never without the line itself. */
function codeText(data: EvidenceOf<'code'>['data'], maxCharacters: number): string {
  for (let around = CODE_LINES_AROUND; around > 0; around -= 1) {
    const text = codeAround(data, around);
    if (text.length <= maxCharacters) return text;
  }
  return codeAround(data, 0);
}

function codeAround({ lines, firstLine, highlightedLine, path }: EvidenceOf<'code'>['data'], around: number): string {
  const numbered = lines.map((text, index) => ({ text, line: firstLine + index }));
  return [
    path,
    ...numbered
      .filter(({ line }) => Math.abs(line - highlightedLine) <= around)
      .map(({ text, line }) => `${line === highlightedLine ? '>' : ' '} ${line}  ${text}`),
  ].join('\n');
}

function cut(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters).toWellFormed()} … (cut)`;
}
