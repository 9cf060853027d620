/** How much a line speaks of a failure, 0–1. */
import type { Level } from './levels.ts';
import type { ReadLine } from './read-log-line.ts';

const BY_LEVEL: Readonly<Record<Level, number>> = { fatal: 1, error: 0.9, warning: 0.4, info: 0.1, unknown: 0 };
const KEYWORDS =
  /exception|panic|fatal|refused|time(?:d|s)?[ -]?out|denied|unavailable|\bOOM|out of memory|\bkilled\b|no space|deadlock|ECONN|ENOSPC|EMFILE|ENOTFOUND|EAI_AGAIN|EACCES|EADDRINUSE|traceback|segmentation fault|cannot|failed|failure|error/i;
/** `0 errors`, `error=null`, `no error`: the word is there, the failure is not. */
const NEGATED =
  /\b(?:0|no|without|zero) (?:errors?|failures?|exceptions?)\b|\b(?:errors?|failures?|failed)["']?\s?[:=]\s?(?:null|false|0\b|none|""|''|\[\]|nil|undefined)/i;
const KEYWORD_WEIGHT = 0.7;
const STATUS_WEIGHT = 0.8;
const NEGATION_WEIGHT = 0.5;

/** From here on a line counts as an error. */
export const ERROR_LIKE = 0.7;
export const WARNING_LIKE = 0.4;

/** A line of level info that only mentions an error word is no error: somebody chose the level. */
export function errorLikeness({ level, message, request }: Pick<ReadLine, 'level' | 'message' | 'request'>): number {
  const text = message.slice(0, 1_000);
  const byKeyword =
    level !== 'info' && KEYWORDS.test(text) ? (level === 'warning' ? WARNING_LIKE + 0.1 : KEYWORD_WEIGHT) : 0;
  const status = request?.status ?? 0;
  const likeness = Math.max(BY_LEVEL[level], byKeyword, status >= 500 ? STATUS_WEIGHT : 0);
  return Math.max(0, likeness - (NEGATED.test(text) ? NEGATION_WEIGHT : 0));
}

const LIFECYCLE =
  /\bSIG(?:TERM|KILL|INT|HUP|SEGV|ABRT)\b|shutting down|shut ?down|stopped|stopping|\bexit(?:ed|ing)?\b|restart|\bstart(?:ed|ing)\b|\blisten(?:s|ing)\b|reload|\bdeploy|configuration|out of memory|\bheap\b|\bdebugger\b|\bjdwp\b|pause during start/i;

/** Starts, stops and reloads: no errors, and often the reason for them. */
export function isLifecycle({ level, message }: ReadLine): boolean {
  return level !== 'error' && level !== 'fatal' && LIFECYCLE.test(message.slice(0, 300));
}
