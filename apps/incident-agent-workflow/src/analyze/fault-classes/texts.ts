/** How each kind of failure speaks in logs and traces. In one place because what one class claims, another must leave. */
export const TEXTS = {
  outOfMemory:
    /heap out of memory|OutOfMemoryError|OOMKilled|Killed process \d+|Cannot allocate memory|ENOMEM|exit(?:ed with)?(?: code)? 137|MemoryError/,
  dns: /ENOTFOUND|EAI_AGAIN|NXDOMAIN|no such host|Name or service not known|Temporary failure in name resolution|UnknownHostException|could not resolve host/i,
  tls: /certificate has expired|CERT_HAS_EXPIRED|unable to verify the first certificate|UNABLE_TO_VERIFY|self[- ]signed certificate|x509:|certificate verify failed|SSLHandshakeException|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED/i,
  auth: /password authentication failed|Authentication failed|authentication failure|ACCESS_DENIED|Access denied for user|invalid_grant|invalid_client|invalid api key|NOAUTH|WRONGPASS|not authorized on|\b(?:answered|status|->|HTTP(?:\/1\.1)?)[ :=]{1,3}40[13]\b.{0,40}(?:upstream|token|key|credential)|(?:token|key|credential)s? (?:is |was |has )?(?:invalid|expired|revoked)/i,
  refused:
    /ECONNREFUSED|connection refused|ECONNRESET|connection reset by peer|ServerSelection(?:Timeout)?Error|EHOSTUNREACH|ENETUNREACH|broken pipe.*(?:mongo|postgres|redis|mysql)/i,
  pool: /timeout acquiring|acquir\w+ (?:a )?connection|too many (?:clients|connections)|remaining connection slots|pool (?:is )?(?:exhausted|full|timed out)|WaitQueueTimeout|checking out a connection|QueuePool limit|no (?:free|available) connections?/i,
  timeout:
    /ETIMEDOUT|ESOCKETTIMEDOUT|timed? ?out|(?:did not|didn't|no) (?:answer|respon\w+)\b.{0,80}\b(?:within|after|in) \d|TimeoutError|deadline exceeded|UND_ERR_(?:HEADERS|CONNECT|BODY)_TIMEOUT|AbortError.*timeout/i,
  disk: /ENOSPC|No space left on device|disk (?:is )?full|database or disk is full/i,
  descriptors: /EMFILE|ENFILE|too many open files/i,
  config:
    /missing (?:required )?(?:env\w*|environment|config\w*|setting)|\b[Ii]nvalid (?:configuration|config|settings?)\b|required (?:env\w*|environment|setting)|invalid (?:value|configuration|config|setting|env\w*) (?:for|of|in)|(?:env\w*|environment) variable\b.{0,60}\b(?:not set|missing|required|undefined|must)|[A-Z][A-Z0-9_]{3,} (?:is not set|is missing|is required|must be)|Invalid URL|ERR_INVALID_URL|MongoParseError|Invalid (?:scheme|connection string)|could not (?:read|load|parse) (?:the )?config|ERR_SOCKET_BAD_PORT/,
  schema:
    /column .{1,80} does not exist|Unknown column|relation .{1,80} does not exist|no such (?:table|column)|(?:table|collection) .{1,80} (?:doesn't|does not) exist|E11000|Document failed validation|migration (?:failed|\S+ failed)|unknown field .{1,60} in (?:schema|document)/i,
  /** The database refuses what is written: by a rule of its schema. */
  constraint:
    /constraint failed|violates (?:not-null|check|foreign key|unique) constraint|has no column named|cannot be null|Data truncated|null value in column/i,
  rateLimit:
    /(?:status\w*|->|HTTP\S*|answered|code)[^\d\n]{0,6}429\b|rate[- ]?limit|too many requests|quota exceeded|insufficient_quota|RESOURCE_EXHAUSTED|throttl(?:ed|ing)/i,
  /** It refuses work because enough is waiting already. */
  capacity:
    /(?:queue|buffer|backlog|mailbox|bulkhead|executor)\b.{0,40}\bfull\b|too many (?:pending|queued|concurrent|waiting)|\boverload(?:ed)?\b|\b(?:at|over) capacity\b|\bno more \w+ (?:are|is) (?:taken|accepted)|RejectedExecution|back[- ]?pressure|load shed/i,
  deadlock: /deadlock detected|Deadlock found|lock wait timeout|could not obtain lock|all goroutines are asleep/i,
  clock: /token used too early|not yet valid|clock skew|RequestTimeTooSkewed|nbf claim/i,
  external:
    /(?:open-?meteo|upstream|provider|external|third[- ]party|https?:\/\/(?!localhost|127\.|\[?::1)[a-z0-9.-]+\.[a-z]{2,})[^\n]{0,160}?(?:\b50[0-9]\b|unavailable|fetch failed|timed? ?out|timeout|ECONN\w+|ENOTFOUND|socket hang up|failed|unreachable|did not answer)|(?:\b50[0-9]\b|fetch failed|timed? ?out|timeout|ECONN\w+|unavailable)[^\n]{0,80}?(?:open-?meteo|upstream|external)|\b[\w-]+(?:\.[\w-]+)*(?::\d{2,5})? (?:answered|responded|replied|returned)(?: with)?(?: status)?(?: code)?[ :]{1,2}5\d\d\b|\bfetch failed\b|Bad ?Gateway|Gateway ?Time-?out/i,
} as const satisfies Record<string, RegExp>;

/** Types of error that say "the program is wrong", whatever the message. */
export const PROGRAMMING_ERRORS =
  /^(?:Uncaught )?(?:TypeError|ReferenceError|RangeError|SyntaxError|AssertionError|EvalError|AttributeError|KeyError|NameError|IndexError|UnboundLocalError|ZeroDivisionError|ImportError|ModuleNotFoundError|ValueError|UnicodeDecodeError|(?:java\.lang\.)?(?:NullPointer|ArrayIndexOutOfBounds|IndexOutOfBounds|ClassCast|NumberFormat|Arithmetic|IllegalState|IllegalArgument|UnsupportedOperation|NoSuchMethod|StackOverflow)\w*|kotlin\.\w+Exception|NoSuchElementException|ConcurrentModificationException|panic|runtime error|ZodError|ValidationError|BSONError|CastError)/;

const OUTSIDE_REPOSITORY: readonly RegExp[] = [
  TEXTS.dns,
  TEXTS.tls,
  TEXTS.auth,
  TEXTS.refused,
  TEXTS.disk,
  TEXTS.rateLimit,
  TEXTS.clock,
  TEXTS.external,
];
const ENVIRONMENTAL: readonly RegExp[] = [
  ...OUTSIDE_REPOSITORY,
  TEXTS.outOfMemory,
  TEXTS.pool,
  TEXTS.timeout,
  TEXTS.descriptors,
  TEXTS.deadlock,
  TEXTS.capacity,
];

const PLAINLY_OUTSIDE: readonly RegExp[] = [TEXTS.dns, TEXTS.tls, TEXTS.refused, /\bfetch failed\b|Failed to fetch/i];

/** A type of error that only a wrong program throws; `reading 'timeout'` in its message does not make it a time-out. */
export function isProgrammingError(type: string, text: string): boolean {
  return PROGRAMMING_ERRORS.test(type) && !PLAINLY_OUTSIDE.some((pattern) => pattern.test(text));
}

/** Network, provider, disk: no change of ours explains it by itself. */
export function isOutsideRepository(text: string): boolean {
  return OUTSIDE_REPOSITORY.some((pattern) => pattern.test(text));
}

/** Whether a pattern speaks of the environment, so that an error of the program's own logic can't be meant by it. */
export function isOfEnvironment(pattern: RegExp): boolean {
  return ENVIRONMENTAL.includes(pattern);
}

/** That, or a resource that ran out: a crash that says so is not an error of the program's own logic. */
export function isEnvironmental(text: string): boolean {
  return ENVIRONMENTAL.some((pattern) => pattern.test(text));
}
