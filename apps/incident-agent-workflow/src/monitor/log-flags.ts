/** Which lines of a log are worth a look. Literal words count wherever they stand; softer signs only where the line does not deny them. */
import type { LogGravity } from '../domain/log-finding.ts';

/** In capitals, as loggers write their levels: meant as such whatever else the line says. */
const LITERAL: readonly (readonly [RegExp, LogGravity])[] = [
  [/(?<![A-Za-z])(?:FATAL|CRITICAL)(?![A-Za-z])/, 'critical'],
  [/(?<![A-Za-z])(?:ERROR|EXCEPTION)(?![A-Za-z])|\bTraceback\b/, 'error'],
  [/(?<![A-Za-z])WARN(?:ING)?(?![A-Za-z])/, 'warning'],
];
const LEVEL =
  /(?:"(?:level|severity|lvl|levelname)"\s{0,2}:\s{0,2}"?|\b(?:level|severity|lvl)=["']?|^\S{0,40}\s{0,2}\[)([A-Za-z]{3,9}|[1-6]0)\b/;
const LEVELS: Readonly<Record<string, LogGravity | 'fine'>> = {
  fatal: 'critical',
  critical: 'critical',
  crit: 'critical',
  emerg: 'critical',
  panic: 'critical',
  error: 'error',
  err: 'error',
  severe: 'error',
  exception: 'error',
  warn: 'warning',
  warning: 'warning',
  info: 'fine',
  notice: 'fine',
  debug: 'fine',
  trace: 'fine',
  60: 'critical',
  50: 'error',
  40: 'warning',
  30: 'fine',
  20: 'fine',
  10: 'fine',
};
/** `TypeError: …`, `java.lang.IllegalStateException`, `panic: …`, `fatal: …`, `Error: …`. */
const THROWN = /\b(?:[A-Z]\w{0,80})?(?:Error|Exception)\b(?![=/.])|\bexception\b|^\s{0,4}(?:panic|fatal|error):/i;
const WARNED = /^\s{0,4}warning:/i;
const DENIED =
  /\b(?:0|no|without|zero) (?:errors?|exceptions?)\b|\b(?:errors?|exceptions?)["']?\s?[:=]\s?(?:null|false|0\b|none|""|''|\[\])/i;
/** `-> 502`, `status=502`, `"status": 502`, `HTTP/1.1" 502`. */
const STATUS =
  /(?:->|=>|→) ?([45]\d\d)\b|\bstatus(?:[_ ]?code)?["']?\s{0,2}[=:]\s{0,2}["']?([45]\d\d)\b|\bHTTP\/[\d.]{1,3}" ([45]\d\d)\b/i;
/** A frame or a cause below the line that was flagged: it belongs to it. */
const CONTINUES =
  /^\s+(?:at |File "|\.\.\. \d+ more|from |raise |\^)|^\s{4,}\S|^(?:Caused by:|During handling of|The above exception|goroutine \d+)/;
const READ_CHARACTERS = 16_384;

/** undefined: nothing in the line speaks of trouble. */
export function gravityOf(line: string): LogGravity | undefined {
  const text = line.slice(0, READ_CHARACTERS);
  const level = LEVELS[(LEVEL.exec(text)?.[1] ?? '').toLowerCase()];
  const status = statusIn(text);
  const signs = [
    LITERAL.find(([pattern]) => pattern.test(text))?.[1],
    level === 'fine' ? undefined : level,
    status === undefined ? undefined : status >= 500 ? 'error' : 'warning',
    level === undefined && WARNED.test(text) ? 'warning' : undefined,
    level === undefined && THROWN.test(text) && !DENIED.test(text) ? 'error' : undefined,
  ] as const;
  return (['critical', 'error', 'warning'] as const).find((gravity) => signs.includes(gravity));
}

/** Of a stack trace, the lines below its head. */
export function continues(line: string): boolean {
  return CONTINUES.test(line.slice(0, 200));
}

function statusIn(text: string): number | undefined {
  const found = STATUS.exec(text);
  const status = found?.[1] ?? found?.[2] ?? found?.[3];
  return status === undefined ? undefined : Number(status);
}
