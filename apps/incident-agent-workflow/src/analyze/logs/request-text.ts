/** The HTTP request that a line is about. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** null: the line does not say. */
  readonly status: number | null;
}

const METHODS = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS';
const MAX_PATH = 500;
/** `GET /items/ -> 502 (12 ms)` */
const ARROW = new RegExp(`\\b(${METHODS}) (/\\S{0,${MAX_PATH}}) ?(?:->|=>|→) ?(\\d{3})\\b`);
/** `"GET /items/ HTTP/1.1" 502` */
const ACCESS = new RegExp(`"(${METHODS}) (/\\S{0,${MAX_PATH}}) HTTP/[\\d.]{1,3}"(?: (\\d{3})\\b)?`);
/** `GET /items/ failed: …` */
const FAILED = new RegExp(`\\b(${METHODS}) (/\\S{0,${MAX_PATH}}) (?:failed|threw|aborted|timed out|rejected)\\b`);

/** From the text of a line; undefined: it speaks of no request. The query string is left out, it may hold secrets. */
export function requestInText(text: string): LoggedRequest | undefined {
  if (!text.includes('/')) return undefined;
  const found = ARROW.exec(text) ?? ACCESS.exec(text) ?? FAILED.exec(text);
  return found ? requestOf(found[1], found[2], found[3]) : undefined;
}

/** From the fields of a structured line; undefined unless there is a method and a path. */
export function requestOf(method: unknown, path: unknown, status: unknown): LoggedRequest | undefined {
  if (typeof method !== 'string' || typeof path !== 'string') return undefined;
  if (!new RegExp(`^(?:${METHODS})$`, 'i').test(method)) return undefined;
  const withoutOrigin = path.replace(/^https?:\/\/[^/?#\s]{1,200}/i, '') || '/';
  if (!withoutOrigin.startsWith('/')) return undefined;
  return {
    method: method.toUpperCase(),
    path: (/^[^?#\s]*/.exec(withoutOrigin)?.[0] ?? '/').slice(0, MAX_PATH).toWellFormed(),
    status: statusOf(status),
  };
}

function statusOf(value: unknown): number | null {
  const status =
    typeof value === 'number' ? value : typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : 0;
  return Number.isInteger(status) && status >= 100 && status <= 599 ? status : null;
}
