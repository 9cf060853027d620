/** How an exception looks in a log line: what it is in `error`, where it came from in one field `stack`. */

/** Deeper chains are cut: a cause that points back at itself must not cost the line. */
const MAX_CAUSES = 8;
/** One line stays readable for log shippers, which drop very long lines (Loki: 256 kB). */
const MAX_STACK_CHARACTERS = 32_000;

export interface ErrorFields {
  readonly error: { readonly type: string; readonly message: string; readonly code?: string };
  readonly stack: string;
}

/** What a log line says about `error`. The stack holds the causes too, each under `[cause]:` as Node prints them. */
export function errorFields(error: Error): ErrorFields {
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? String(error.code) : undefined;
  return {
    error: { type: error.name, message: messageOf(error), ...(code === undefined ? {} : { code }) },
    stack: stackWithCauses(error, MAX_CAUSES).slice(0, MAX_STACK_CHARACTERS),
  };
}

/** A failed connection to a name with two addresses is an AggregateError without any message of its own. */
function messageOf(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
}

function stackWithCauses(error: Error, causesLeft: number): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  if (causesLeft === 0) return own;
  const deeper: string[] = [];
  if (error.cause !== undefined) deeper.push(`  [cause]: ${indented(error.cause, causesLeft)}`);
  if (error instanceof AggregateError) {
    // Few are enough to see the pattern, and each may have a tree of its own below it.
    for (const each of error.errors.slice(0, 4)) deeper.push(`  [errors]: ${indented(each, Math.min(1, causesLeft))}`);
  }
  return [own, ...deeper].join('\n');
}

function indented(cause: unknown, causesLeft: number): string {
  const text = cause instanceof Error ? stackWithCauses(cause, causesLeft - 1) : describe(cause);
  return text.replaceAll('\n', '\n  ');
}

function describe(cause: unknown): string {
  return typeof cause === 'string' ? cause : `a ${typeof cause} that is no Error`;
}
