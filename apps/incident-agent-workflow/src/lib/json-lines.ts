/** One JSON value a line. */
import type { z } from 'zod';
import { AgentError } from '../domain/error.ts';

export function toJsonLines(values: Iterable<unknown>): string {
  let text = '';
  for (const value of values) text += `${JSON.stringify(value)}\n`;
  return text;
}

/** Throws AgentError('malformed') with the number of the first wrong line. Blank lines are passed over. */
export function parseJsonLines<S extends z.ZodType>(text: string, schema: S): z.infer<S>[] {
  const values: z.infer<S>[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = schema.safeParse(parseJson(line, index + 1));
    if (!parsed.success) throw malformed(index + 1, parsed.error.issues[0]?.message ?? 'has the wrong shape');
    values.push(parsed.data);
  }
  return values;
}

function parseJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw malformed(number, 'is no JSON');
  }
}

function malformed(line: number, what: string): AgentError {
  return new AgentError('malformed', `line ${line}: ${what}`, { retryable: false });
}
