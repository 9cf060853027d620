/** How grave a line says it is. */
export type Level = 'fatal' | 'error' | 'warning' | 'info' | 'unknown';

const WORDS: Readonly<Record<string, Level>> = {
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  alert: 'fatal',
  panic: 'fatal',
  error: 'error',
  err: 'error',
  severe: 'error',
  failure: 'error',
  warning: 'warning',
  warn: 'warning',
  info: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  debug: 'info',
  verbose: 'info',
  trace: 'info',
  silly: 'info',
};

/** A word in any case, or the number of pino and bunyan (10 trace … 60 fatal). */
export function levelOf(value: unknown): Level {
  if (typeof value === 'number') return levelOfNumber(value);
  if (typeof value !== 'string' || value.length > 20) return 'unknown';
  const word = value.trim().toLowerCase();
  if (/^\d{2}$/.test(word)) return levelOfNumber(Number(word));
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? 'unknown') : 'unknown';
}

function levelOfNumber(value: number): Level {
  if (value < 10 || value > 69) return 'unknown';
  if (value >= 60) return 'fatal';
  if (value >= 50) return 'error';
  return value >= 40 ? 'warning' : 'info';
}

/** Access logs have no level: the status is what tells. */
export function levelOfStatus(status: number | null): Level {
  if (status === null) return 'unknown';
  if (status >= 500) return 'error';
  return status >= 400 ? 'warning' : 'info';
}
