/** Counts error lines of a kind that the baseline did not know, as `incident-agent watch-logs` would. */

const ERROR = /\b(?:ERROR|CRITICAL|FATAL|SEVERE)\b|^Traceback|^\w*(?:Error|Exception)\b|Exception in thread/;
const KIND_CHARACTERS = 120;

export interface TimedLine {
  /** Told, in milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** In the two minutes up to each of the told times. `onset`: what was logged before it is known. */
export function newErrorsBefore(lines: readonly TimedLine[], toldAt: readonly number[], onset: number): number[] {
  const errors = lines.filter(({ text }) => ERROR.test(text));
  const known = new Set(errors.filter(({ at }) => at < onset).map(({ text }) => kindOf(text)));
  const fresh = errors.filter(({ at, text }) => at >= onset && !known.has(kindOf(text)));
  return toldAt.map((now) => fresh.filter(({ at }) => at <= now && at > now - 120_000).length);
}

/** The line without what differs from one to the next. */
function kindOf(text: string): string {
  return text
    .replaceAll(/"time":"[^"]*"|\d{4}-\d\d-\d\d[T ][\d:.,]+Z?/g, '')
    .replaceAll(/[0-9a-f]{8,}|\d+(?:\.\d+)?/g, '#')
    .slice(0, KIND_CHARACTERS);
}
