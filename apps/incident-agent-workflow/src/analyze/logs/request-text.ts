/** The HTTP request that a line is about. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** null: the line does not say. */
  readonly status: number | null;
}

const METHODS = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS';
const MAX_PATH = 500;
const PATH = `(?:https?://[^\\s/"]{1,200})?/[^\\s"\\]}]{0,${MAX_PATH}}`;
const METHOD = new RegExp(`\\b(?:${METHODS})\\b`);

interface Form {
  readonly pattern: RegExp;
  /** Which groups hold method, path and status; 0: none does. */
  readonly groups: readonly [method: number, path: number, status: number];
}

function form(pattern: string, ...groups: [number, number, number] | []): Form {
  const [method = 1, path = 2, status = 3] = groups;
  return { pattern: new RegExp(pattern), groups: [method, path, status] };
}

/** As servers and frameworks print them, the most particular first. */
const FORMS: readonly Form[] = [
  // `GET /items/ -> 502 (12 ms)`
  form(`\\b(${METHODS}) (/\\S{0,${MAX_PATH}}) ?(?:->|=>|→) ?(\\d{3})\\b`),
  // `"GET /items/ HTTP/1.1" 502`; chi: `"GET http://host/items HTTP/1.1" from 10.0.0.1:5 - 502`
  form(`"(${METHODS}) (${PATH}) HTTP/[\\d.]{1,3}"(?:(?: from \\S{1,60} -)? (\\d{3})\\b)?`),
  // `GET /items/ failed: …`
  form(`\\b(${METHODS}) (/\\S{0,${MAX_PATH}}) (?:failed|threw|aborted|timed out|rejected)\\b`, 1, 2, 0),
  // morgan: `GET /items 502 12.3 ms - 13`
  form(`\\b(${METHODS}) (${PATH}) (\\d{3}) [\\d.]{1,12} ?(?:ms|µs|us|s)\\b`),
  // Serilog and others: `HTTP GET /items responded 502 in 12 ms`, `GET /items returned status 502`
  form(
    `\\b(${METHODS}) (${PATH}) (?:responded|returned|answered|completed|finished)(?: with)?(?: an?)?(?: HTTP)?(?: status)?(?: code)?:? (\\d{3})\\b`,
  ),
  // ASP.NET: `Request finished HTTP/1.1 GET http://host/items - 502 0 - 12ms`
  form(`\\bRequest (?:starting|finished) HTTP/[\\d.]{1,3} (${METHODS}) (${PATH})(?:[^\\d]{1,80}?- (\\d{3})\\b)?`),
  // gin: `[GIN] … | 502 | 1.2ms | 10.0.0.1 | GET "/items"`
  form(`\\| {0,4}(\\d{3}) {0,4}\\|.{1,120}\\| {0,4}(${METHODS}) {1,8}"?(${PATH})`, 2, 3, 1),
  // Flask: `Exception on /items [GET]`
  form(`\\b[Ee]xception on (${PATH}) \\[(${METHODS})\\]`, 2, 1, 0),
  // Rails: `Started GET "/items" for 10.0.0.1`
  form(`\\bStarted (${METHODS}) "(${PATH})"`, 1, 2, 0),
  // tracing of Rust: `request{method=GET uri=/items version=HTTP/1.1}: … Status code: 502`
  form(
    `\\bmethod="?(${METHODS})\\b.{1,80}?\\b(?:uri|path|route|target)="?(${PATH})(?:.{0,300}?\\b[Ss]tatus(?:[ _]code)?[=:] ?"?(\\d{3})\\b)?`,
  ),
];

/** From the text of a line; undefined: it speaks of no request. The query string is left out, it may hold secrets. */
export function requestInText(text: string): LoggedRequest | undefined {
  if (!text.includes('/') || !METHOD.test(text)) return undefined;
  for (const { pattern, groups } of FORMS) {
    const found = pattern.exec(text);
    if (found) return requestOf(found[groups[0]], found[groups[1]], groups[2] === 0 ? undefined : found[groups[2]]);
  }
  return undefined;
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
