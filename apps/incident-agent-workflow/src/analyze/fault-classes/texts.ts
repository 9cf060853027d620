/** One pattern of many: each stands on its own line, so that it can be told what it is for. */
function anyOf(flags: 'i' | '', ...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), flags);
}

/**
 * How each kind of failure speaks in logs and traces. In one place because what one class claims, another must leave.
 * The words are those of runtimes, drivers, databases, brokers and clouds; messages.test.ts holds each to its message.
 */
export const TEXTS = {
  outOfMemory: anyOf(
    '',
    /heap out of memory|OutOfMemory(?:Error|Exception)|NoMemoryError|MemoryError|[Oo]ut of memory\b/,
    /OOMKilled|Killed process \d+|OOM command not allowed|exit(?:ed with)?(?: code)? 137/,
    /[Cc]annot allocate memory|ENOMEM|memory allocation of \d+ bytes failed|Allowed memory size of \d+ bytes exhausted/,
  ),
  dns: anyOf(
    'i',
    /ENOTFOUND|EAI_AGAIN|NXDOMAIN|no such host|UnknownHostException|could not resolve host/,
    /Name or service not known|nodename nor servname|Temporary failure in name resolution|failed to lookup address/,
    /\blookup \S+(?: on \S+)?: (?:server misbehaving|i\/o timeout)|No address associated with hostname/,
  ),
  tls: anyOf(
    'i',
    /certificate has expired|CERT_HAS_EXPIRED|self[- ]signed certificate|DEPTH_ZERO_SELF_SIGNED|certificate verify failed/,
    /unable to verify the first certificate|UNABLE_TO_VERIFY|x509:|ERR_TLS_CERT|certificate's altnames|remote certificate is invalid/,
    /SSLHandshakeException|PKIX path|tls: handshake|handshake failure|SSL routines|tlsv1 alert|wrong version number|\bEPROTO\b/,
  ),
  auth: anyOf(
    'i',
    /password authentication failed|Authentication failed|authentication failure|Authentication credentials invalid|invalid credentials/,
    /ACCESS_DENIED|Access denied for user|permission denied for (?:table|schema|relation|database|sequence)|NOAUTH|WRONGPASS|not authorized on/,
    /invalid_grant|invalid_client|(?:invalid|incorrect) api key|jwt expired|JsonWebTokenError|(?:invalid|bad) signature\b|signature does not match/,
    /Access Key Id you provided does not exist|security token included in the request is (?:expired|invalid)/,
    /\b(?:answered|status|->|HTTP(?:\/1\.1)?)[ :=]{1,3}40[13]\b.{0,60}(?:upstream|token|key|credential|signature|secret)/,
    /(?:token|key|credential|secret)s? (?:is |was |has |have )?(?:been )?(?:invalid|expired|revoked|rejected)/,
  ),
  refused: anyOf(
    'i',
    /ECONNREFUSED|connection (?:to \S+ )?refused|ECONNRESET|connection reset by peer|EHOSTUNREACH|ENETUNREACH|no route to host/,
    /ServerSelection(?:Timeout)?Error|broken pipe.*(?:mongo|postgres|redis|mysql)|has gone away|Lost connection to MySQL/,
    /server closed the connection unexpectedly|terminating connection due to administrator|database system is (?:shutting down|starting up|in recovery)/,
    /Communications link failure|connection closed by broker|run out of available brokers|broker(?:s are| is)? (?:not available|down)/,
  ),
  pool: anyOf(
    'i',
    /timeout acquiring|acquir\w+ (?:a )?(?:\w+ )?connection|checking out a connection|obtain(?:ing)? a connection from the pool/,
    /too many (?:clients|connections)|max number of clients reached|remaining connection slots|no (?:free|available) connections?/,
    /pool (?:is )?(?:exhausted|full|timed out|timeout)|PoolTimeout|pool error|WaitQueueTimeout|QueuePool limit|Pool-\d+ - Connection is not available/,
  ),
  timeout: anyOf(
    'i',
    /ETIMEDOUT|ESOCKETTIMEDOUT|timed out|TimeoutError|Timeout(?:Exception|Expired)\b|UND_ERR_(?:HEADERS|CONNECT|BODY)_TIMEOUT|AbortError.*timeout/,
    /(?:did not|didn't|no) (?:answer|respon\w+)\b.{0,80}\b(?:within|after|in) \d|deadline exceeded|DEADLINE_EXCEEDED/,
    /time[- ]?out of \d+ ?m?s exceeded|Client\.Timeout|(?:due to|request|read|connect(?:ion)?|statement|query|gateway|idle|socket|upstream) time-?out\b/,
    /time-?out\b[^\n]{0,40}\b(?:exceeded|expired|reached|elapsed|while|waiting|calling|reading|connecting)|exceeded time limit|execution time exceeded/,
    /\btime-?out (?:after|in) \d/,
  ),
  disk: anyOf(
    'i',
    /ENOSPC|No space left on device|not enough space on the disk|disk (?:is )?full|database or disk is full|EDQUOT|disk quota exceeded/,
    /flood[- ]stage watermark|read-only-allow-delete|not able to persist on disk/,
  ),
  descriptors: /EMFILE|ENFILE|too many open files|file table overflow|limit for number of file watchers/i,
  config: anyOf(
    '',
    /missing (?:required )?(?:env\w*|environment|config\w*|setting)|\b[Ii]nvalid (?:configuration|config|settings?)\b/,
    /required (?:env\w*|environment|setting)|required key [A-Z][A-Z0-9_]{2,} missing|[Uu]nknown (?:configuration|config) (?:option|key|setting)/,
    /invalid (?:value|configuration|config|setting|env\w*) (?:for|of|in)|[A-Z][A-Z0-9_]{3,} (?:is not set|is missing|is required|must be)/,
    /(?:env\w*|environment) variable\b.{0,60}\b(?:not set|missing|required|undefined|must)/,
    /Invalid URL|ERR_INVALID_URL|MongoParseError|Invalid (?:scheme|connection string)|ERR_SOCKET_BAD_PORT/,
    /(?:[Cc]ould not|[Cc]annot|[Ff]ailed to|unable to) (?:read|load|parse) (?:the )?config|[Ff]ailed to bind properties under|Could not resolve placeholder/,
    /configparser\.|\bNoOptionError|\bNoSectionError|yaml: (?:line \d+|unmarshal)|toml: (?:line \d+|cannot)|YAML(?:Parse|Semantic|Syntax)?(?:Error|Exception)/,
  ),
  schema: anyOf(
    'i',
    /column .{1,80} does not exist|Unknown column|relation .{1,80} does not exist|no such (?:table|column)|undefined (?:column|table)\b/,
    /(?:table|collection)(?: or view)? .{0,80}(?:doesn't|does not) exist|Invalid (?:object|column) name|ORA-009(?:04|42)|SQLSTATE 42(?:703|P01)/,
    /E11000|Document failed validation|migration (?:failed|\S+ failed)|unknown field .{1,60} in (?:schema|document)/,
  ),
  /** The database refuses what is written: by a rule of its schema. */
  constraint: anyOf(
    'i',
    /constraint failed|violates (?:not-null|check|foreign key|unique) constraint|has no column named|cannot be null|null value in column/,
    /Data truncated|Data too long for column|value too long for type|Duplicate entry|out of range for (?:column|type)/,
  ),
  rateLimit: anyOf(
    'i',
    /(?:status\w*|->|HTTP\S*|answered|code)[^\d\n]{0,6}429\b|rate[- ]?limit|too many requests|Rate exceeded|RequestLimitExceeded/,
    /quota exceeded|exceeded your (?:current )?quota|insufficient_quota|RESOURCE_EXHAUSTED|throttl(?:ed|ing)/,
  ),
  /** It refuses work because enough is waiting already. */
  capacity:
    /(?:queue|buffer|backlog|mailbox|bulkhead|executor)\b.{0,40}\bfull\b|too many (?:pending|queued|concurrent|waiting)|\boverload(?:ed)?\b|\b(?:at|over) capacity\b|\bno more \w+ (?:are|is) (?:taken|accepted)|RejectedExecution|back[- ]?pressure|load shed/i,
  deadlock: anyOf(
    'i',
    /deadlock detected|Deadlock found|\bdeadlocked on\b|deadlock victim|Java-level deadlock|all goroutines are asleep/,
    /lock wait timeout|due to lock timeout|could not obtain lock|database is locked/,
  ),
  clock: anyOf(
    'i',
    /token used (?:too early|before issued)|not yet valid|not yet current|JWT not active|nbf (?:claim|is in the future)/,
    /clock (?:skew|is (?:ahead|behind)|drift)|RequestTimeTooSkewed|difference between the request time and the current time/,
  ),
  external:
    /(?:open-?meteo|upstream|provider|external|third[- ]party|https?:\/\/(?!localhost|127\.|\[?::1)[a-z0-9.-]+\.[a-z]{2,})[^\n]{0,160}?(?:\b50[0-9]\b|unavailable|fetch failed|timed? ?out|timeout|ECONN\w+|ENOTFOUND|socket hang up|failed|unreachable|did not answer)|(?:\b50[0-9]\b|fetch failed|timed? ?out|timeout|ECONN\w+|unavailable)[^\n]{0,80}?(?:open-?meteo|upstream|external)|\b[\w-]+(?:\.[\w-]+)*(?::\d{2,5})? (?:answered|responded|replied|returned)(?: with)?(?: status)?(?: code)?[ :]{1,2}5\d\d\b|\bfetch failed\b|Bad ?Gateway|Gateway ?Time-?out/i,
} as const satisfies Record<string, RegExp>;

/** Types of error that say "the program is wrong", whatever the message; by language. */
export const PROGRAMMING_ERRORS = new RegExp(
  [
    /^(?:Uncaught )?(?:TypeError|ReferenceError|RangeError|SyntaxError|AssertionError|EvalError|URIError|InternalError)/,
    /^(?:ZodError|ValidationError|BSONError|CastError)/,
    /^(?:AttributeError|KeyError|NameError|IndexError|LookupError|UnboundLocalError|ZeroDivisionError|OverflowError|FloatingPointError)/,
    /^(?:ImportError|ModuleNotFoundError|ValueError|Unicode\w*Error|(?:json\.(?:decoder\.)?)?JSONDecodeError|RecursionError|NotImplementedError|(?:decimal\.)?InvalidOperation$)/,
    /^(?:java\.\w+\.)?(?:NullPointer|ArrayIndexOutOfBounds|StringIndexOutOfBounds|IndexOutOfBounds|ClassCast|ClassNotFound|NoClassDefFound|NumberFormat|Arithmetic|IllegalState|IllegalArgument|UnsupportedOperation|NoSuchMethod|NoSuchField|NegativeArraySize|StackOverflow|InputMismatch|EmptyStack|UncheckedIO)\w*/,
    /^(?:java\.(?:util|time)\.(?:\w+\.)?)?(?:NoSuchElementException|ConcurrentModificationException|MissingResourceException|DateTime\w*Exception|UnsupportedTemporalTypeException|IllegalFormat\w*)/,
    /^kotlin\.\w+Exception/,
    /^(?:panic|runtime error)/,
    /^(?:NoMethodError|ArgumentError|FrozenError|FloatDomainError|JSON::ParserError)/,
    /^(?:DivisionByZeroError|ArgumentCountError|UnhandledMatchError|ArithmeticError|JsonException)/,
    /^(?:System\.)?(?:NullReference|InvalidCast|ArgumentNull|ArgumentOutOfRange|Argument|KeyNotFound|IndexOutOfRange|InvalidOperation|NotImplemented|NotSupported|DivideByZero|Format|Overflow|MissingMethod)Exception/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

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
