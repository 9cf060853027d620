/** How every source turns what it saw, and what it could not see, into an Answer. */
import type { Gap } from '../../domain/gap.ts';
import { see } from '../../domain/gap.ts';
import { type Question, type QuestionKind, unknownWithout } from '../../domain/question.ts';
import type { Answer } from '../../domain/telemetry.ts';

export interface Asked {
  readonly source: string;
  readonly query: string;
  readonly unknown: string;
}
export interface Sight {
  readonly telemetry: Answer['telemetry'];
  readonly gaps?: readonly Gap[];
  /** Where it only turned out while looking how the same can be seen by hand. */
  readonly query?: string;
}

export function askedOf(source: string, question: Question, query: string): Asked {
  return { source, query, unknown: unknownWithout(question) };
}

export function gapOf(asked: Asked, reason: Gap['reason'], detail: string): Gap {
  return { ...asked, reason, detail };
}

/** An expected failure becomes the only gap of an answer without telemetry; a bug of ours is thrown on. */
export async function answerAfter(asked: Asked, look: () => Promise<Sight>): Promise<Answer> {
  const seen = await see(asked, look);
  if (!seen.ok) return gapAnswer(asked, seen.gap.reason, seen.gap.detail);
  const { telemetry, gaps = [], query = asked.query } = seen.value;
  return { source: asked.source, query, telemetry, gaps: [...gaps] };
}

export function gapAnswer(asked: Asked, reason: Gap['reason'], detail: string): Answer {
  return { source: asked.source, query: asked.query, telemetry: {}, gaps: [gapOf(asked, reason, detail)] };
}

/** Nothing of it could be seen. */
export function cannot(asked: Asked, reason: Gap['reason'], detail: string): Sight {
  return { telemetry: {}, gaps: [gapOf(asked, reason, detail)], query: asked.query };
}

/** A question of a kind that the source did not offer is a bug of the caller. */
export function wrongKind(source: string, kind: QuestionKind): Error {
  return new Error(`${source} was asked a question of kind ${kind}, which it does not answer`);
}
