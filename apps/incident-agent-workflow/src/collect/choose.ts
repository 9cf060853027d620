/** Which of several sources' answers to one question is taken, and what becomes of the others' gaps. */
import type { Gap } from '../domain/gap.ts';
import { type Question, unknownWithout } from '../domain/question.ts';
import type { Answer } from '../domain/telemetry.ts';

/** `answers` in order of preference. Without any the kind is one that nothing is configured for. */
export function choose(question: Question, answers: readonly Answer[]): Answer {
  const full = answers.find(({ telemetry }) => holdsSomething(telemetry));
  const taken = full ?? answers.find(({ telemetry }) => hasLooked(telemetry)) ?? answers[0];
  if (taken === undefined) return nobody(question);
  const takenAt = answers.indexOf(taken);
  const gaps = answers.flatMap((answer, index) =>
    answer === taken ? answer.gaps : gapsBeside(question, answer, { taken, full }, index < takenAt),
  );
  return { ...taken, gaps };
}

interface Taken {
  readonly taken: Answer;
  /** `taken`, if it holds something. */
  readonly full: Answer | undefined;
}

function gapsBeside(question: Question, answer: Answer, { taken, full }: Taken, isPreferred: boolean): Gap[] {
  if (full === undefined)
    return hasLooked(taken.telemetry) ? answer.gaps.map((gap) => covered(gap, taken)) : answer.gaps;
  const gaps = answer.gaps.map((gap) => ({ ...gap, coveredBy: full.source }));
  return isPreferred && isEmpty(answer) ? [...gaps, disagreement(question, answer, full)] : gaps;
}

/** A source that is not set up is no loss where another looked and found that there is nothing. One that failed might have had it. */
function covered(gap: Gap, by: Answer): Gap {
  return gap.reason === 'not-configured' ? { ...gap, coveredBy: by.source } : gap;
}

/** Looked everywhere it could, and found nothing. */
function isEmpty({ telemetry, gaps }: Answer): boolean {
  return gaps.length === 0 && hasLooked(telemetry) && !holdsSomething(telemetry);
}

/** Mostly labels that do not agree: the alert arrives, the logs are missing. */
function disagreement(question: Question, empty: Answer, full: Answer): Gap {
  const what = question.kind === 'logs' ? 'lines' : 'data';
  return {
    source: empty.source,
    query: empty.query,
    reason: 'not-found',
    detail: `${empty.source} has no ${what} for service ${question.service.name} although ${full.source} has: check that its labels name the service so`,
    unknown: unknownWithout(question),
    coveredBy: full.source,
  };
}

function nobody(question: Question): Answer {
  const source = question.kind;
  const detail = `no source for ${question.kind} is configured`;
  const gap: Gap = { source, query: '', reason: 'not-configured', detail, unknown: unknownWithout(question) };
  return { source, query: '', telemetry: {}, gaps: [gap] };
}

/** A present but empty field means: looked, there was none. */
function hasLooked(telemetry: Answer['telemetry']): boolean {
  return Object.values(telemetry).some((field) => field !== undefined);
}

function holdsSomething({ series, ...others }: Answer['telemetry']): boolean {
  if (series?.some(({ points }) => points.length > 0)) return true;
  return Object.values(others).some((field) => (Array.isArray(field) ? field.length > 0 : field !== undefined));
}
