/** Words of what services do to each other: they wait, ask, lock, prove who they are. */
import type { WordRule } from './word-rules.ts';

const RESTS =
  /(?<![\w.])(?:sleep|wait|delay|pause)\w*\(|\bThread\.sleep\(|\btime\.[sS]leep\(|asyncio\.sleep\(|TimeUnit\.\w+\.sleep\(|\bsetTimeout\w*\(\s*(?:resolve|r|done)\b|\bparkNanos\(|gevent\.sleep|timers?\.setTimeout\(/;
const DETACHED = /(?<![.\w])(?:void|go)\s|\bsubmit\(|\bexecute\(|create_task\(|setImmediate\(|\.enqueue\(|\.delay\(|runAsync\(|\.then\(/;
const TRUST =
  /\bca\s*[:=]|ca_?file|ca_?path|ca_?certs?\b|ca_?bundle|authorit|trust_?(?:store|manager|anchor|ed)|key_?store|rejectUnauthorized|\bverify(?:_?(?:ssl|tls|peer|mode|certs?|host\w*))?\s*[:=]|check_?host_?name|server_?(?:host)?name|RootCAs|ClientCAs|InsecureSkipVerify|MinVersion|minVersion|TLSv1|TLS1|VersionTLS|ssl_?context|create_default_context|SSLContext|certifi|load_verify_locations|HostnameVerifier|\bcert(?:ificate)?s?\b|\.pem\b|\.crt\b|\.p12\b|\.jks\b|\.cer\b|ca-certificates|EXTRA_CA|SSL_CERT|CA_BUNDLE|\bciphers?\b|pinn(?:ed|ing)|fingerprint|ssl_?mode|sslrootcert|\.load\(.*newInputStream/i;
const SIGNS =
  /digest|hmac|\bmac\b|\bsign(?:ed|ing|ature)\b|b64|base64|\bjwt|Bearer|Basic\b|authorization|[aA]pi[-_]?[kK]ey|x-[\w-]*(?:key|token|auth)|audience|issuer|credential|set(?:Audience|Issuer|Subject)/i;
const LOCKS =
  /\.R?Lock\(\)|\.lock\(\)|\block\(|\bsynchronized\b|\bwith\s+(?:self\.)?_?\w*(?:lock|mutex|semaphore)\w*|FOR UPDATE|LOCK TABLE|ACCESS EXCLUSIVE|\.acquire\(|[mM]utex\w*\.(?:run\w*|lock|acquire)\(|runExclusive\(|SERIALIZABLE|writeLock\(|readLock\(|pg_advisory_lock|new (?:Mutex|Semaphore|CountDownLatch|CyclicBarrier)|\.Wait\(\)/;
export const ENV =
  /process\.env|\benv\.|\benviron\b|getenv|\brequired\(|config\.get|getProperty|@Value|parser\.get|settings\.|viper\.|LookupEnv|\bz\.(?:string|number|coerce|url|enum|object)|Environment|@ConfigProperty|envconfig|cfg\.get|configparser/i;

export const BETWEEN_WORDS: readonly WordRule[] = [
  { deed: 'waits-longer', value: 0.95, when: 'comes', is: RESTS, where: 'function', unless: /=>\s*$|function|\bdef\b|\bimport\b|waitGroup|until/i },
  { deed: 'waits-for-another', value: 1, when: 'comes', where: 'function', is: /\.(?:wait|await|join|block|settled|confirm)\w*\(|\bwait_?[fF]or\w*\(|\bwaitUntil\w*\(|\.get\(\)\s*;|\.result\(\)|\bblockingGet\(|toBlocking\(|\bwait_until\w*\(/, unless: /strings\.|path\.|\.join\(["'`(]|os\.path|sleep|Array|\.join\(\w/ },
  { deed: 'waits-for-another', value: 0.85, when: 'comes', where: 'function', is: /\bawait\s+(?!Promise\.all|Promise\.race|sleep|wait\b|delay|pool|client\.query|store|fs\.|readFile|writeFile|db\.|import)[\w.]+\(/, unless: /\bvoid\b/ },
  { deed: 'waits-for-another', value: 0.85, when: 'comes', where: 'function', is: /\b(?:requests|httpx|session|http|https|axios|restTemplate|webClient|urllib\.request|http_client|httpClient)\.(?:get|post|put|patch|delete|request|send|exchange|getForObject|postForObject|Do|Get|Post|urlopen)\w*\(|\burlopen\(|\bfetch\(/, unless: DETACHED },
  { deed: 'waits-for-another', value: 0.8, when: 'comes', where: 'function', is: /,\s*err\s*:?=\s*[\w.]+\.\w+\((?:ctx|r\.Context\(\)|context\.\w+\(\))/, paths: /\.go$/ },
  { deed: 'waits-for-another', value: 0.9, when: 'edited', is: /\(/, out: /^(?:go|void)$/ },
  { deed: 'waits-for-another', value: 0.9, when: 'edited', is: /\(/, out: /\b(?:submit|execute|create_task|enqueue|delay|runAsync|setImmediate|sendLater)\b/ },
  { deed: 'one-by-one', value: 1, when: 'goes', is: /Promise\.all\(|\bgather\(|errgroup|parallelStream\(|invokeAll\(|CompletableFuture\.allOf|\bWaitGroup\b|\.map\(\w*[pP]ool|concurrent\.futures|executor\.map\(/ },
  { deed: 'one-by-one', value: 1, when: 'goes', is: /\w+_(?:many|all|batch|bulk)\(|\w+(?:Many|Batch|Bulk|InBatches)\(|\bIN \(|= ANY\(|prefetch_related|select_related|joinedload|JOIN FETCH|@BatchSize|DataLoader|\.mget\(|MGET|executemany\(/ },
  { deed: 'one-by-one', value: 0.9, when: 'comes', is: /FetchType\.EAGER|lazy\s*=\s*["']joined|lazy=False/ },
  { deed: 'query-slower', value: 0.95, when: 'comes', is: /\b(?:lower|upper|trim|coalesce|date|date_trunc|cast|substr\w*|extract|to_char)\(\s*\w+[^)]*\)\s*(?:=|LIKE|<|>|BETWEEN)|LIKE\s+["']%|LIKE\s+\?\s*\|\||ILIKE|ORDER BY random|\bOFFSET\b|\$where|\$regex|NOT IN \(\s*SELECT|CROSS JOIN/i },
  { deed: 'query-slower', value: 1, when: 'comes', is: /\bDROP\s+INDEX\b|dropIndex\(|drop_index\(|remove_index/i },
  { deed: 'query-slower', value: 1, when: 'goes', is: /\bCREATE\s+(?:UNIQUE\s+)?INDEX\b|createIndex\(|ensureIndex\(|@Index\b|index\s*=\s*True/i },
  { deed: 'retries-more', value: 0.9, when: 'comes', is: /\bfor\b.*\b(?:attempt|tries|retr|try)\w*|\bwhile\b.*\b(?:attempt|tries|retr)\w*|@retry|@Retryable|retry\(|Retry\(|withRetry|\bpRetry\(|backoff\.(?:Retry|on_exception)/i },
  { deed: 'asks-more-often', value: 0.95, when: 'edited', is: /\b429\b|[rR]etry-?[aA]fter|sleep|back_?off/i, in: /\bcontinue\b|\bretry\b/ },
  { deed: 'asks-more-often', value: 0.9, when: 'comes', is: /[pP]ool\.(?:map|imap\w*)\(|max_workers\s*=|newFixedThreadPool\(|parallelStream|executor\.map\(/, against: /^\s*for\b/ },
  { deed: 'asks-more-often', value: 0.9, when: 'goes', is: /\bif\b.*\b429\b|Retry-After/i },
  { deed: 'limits-added', value: 0.95, when: 'comes', is: /\b429\b|\breply\(429|status\(429|TooManyRequests|HTTP_429|[rR]ateLimiter|rate_?limit\(|express-rate-limit|Bucket4j|@RateLimit\w*|limiter\.(?:Allow|Wait|consume)|tryAcquire\(|StatusTooManyRequests|new Semaphore\(/, unless: /import|===? ?429|case 429|status_?[cC]ode|\.status\b/ },
  { deed: 'trusts-otherwise', value: 1, when: 'edited', is: TRUST, unless: /^\s*(?:import|from)\b/ },
  { deed: 'trusts-otherwise', value: 1, when: 'comes', is: TRUST, unless: /^\s*(?:import|from)\b|\bauthor\b/ },
  { deed: 'trusts-otherwise', value: 1, when: 'goes', is: TRUST, unless: /^\s*(?:import|from)\b|\bauthor\b/ },
  { deed: 'authenticates-otherwise', value: 1, when: 'edited', is: SIGNS, out: /['"`]|[bB]ase64|[bB]64|hex|sha|md5|UTF_?8|HS\d|RS\d|urlsafe|decode|encode|strip|Std|URLEncoding|Raw/ },
  { deed: 'authenticates-otherwise', value: 1, when: 'edited', is: SIGNS, in: /['"`].*['"`]|[bB]ase64|[bB]64|hex\b|Hex|sha\d|md5|UTF_?(?:8|16)|HS\d|RS\d|urlsafe|strip|Std|URLEncoding|Raw|lower|upper|trim/ },
  { deed: 'authenticates-otherwise', value: 0.95, when: 'edited', is: /(?:environ|getenv|process\.env|secret|config).*|.*/, out: /\w*(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL)\w*/, in: /\w*(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL|PASS)\w*/ },
  { deed: 'authenticates-otherwise', value: 0.9, when: 'edited', is: /(?:setAudience|audience|issuer|setIssuer|setSubject|scope|realm|kid|algorithm|\balg\b)/i },
  { deed: 'authenticates-otherwise', value: 1, when: 'goes', is: /[aA]uthorization|[aA]pi[-_]?[kK]ey|x-[\w-]*(?:key|token|auth)|\.auth\(|auth\s*=|setBasicAuth|SetBasicAuth|setBearerAuth|withCredentials|credentials:/, unless: /log/i },
  { deed: 'authenticates-otherwise', value: 1, when: 'comes', is: /\bREVOKE\b|\bALTER (?:USER|ROLE)\b|\bDROP (?:USER|ROLE|POLICY)\b|ROW LEVEL SECURITY|CREATE POLICY/i },
  { deed: 'takes-lock', value: 0.85, when: 'comes', is: LOCKS, unless: /\bimport\b|\.RLock\(\)|=\s*(?:new|threading|asyncio|sync)\b/ },
  { deed: 'lock-kept', value: 1, when: 'goes', is: /\.R?[uU]nlock\(|\.release\(\)|\bfinally\b.*unlock|mutex\.unlock/ },
  { deed: 'lock-kept', value: 0.9, when: 'goes', is: /tryLock\([^)]*\d|acquire\([^)]*timeout|lock_timeout|statement_timeout|WithTimeout\(/ },
  { deed: 'lock-otherwise', value: 1, when: 'edited', is: /[lL]ock/, out: /\b(?:RLock|ReentrantLock|RWMutex|ReadWriteLock|StampedLock|ReentrantReadWriteLock)\b/, in: /\b(?:Lock|Mutex|Semaphore|StampedLock)\b/ },
  { deed: 'lock-otherwise', value: 1, when: 'edited', is: /\bsynchronized\b/ },
  { deed: 'lock-otherwise', value: 0.95, when: 'edited', is: /make\(chan\b|ArrayBlockingQueue|LinkedBlockingQueue|Queue\(|SynchronousQueue|Channel\(/, out: /\d+|\w+/, in: /^$|SynchronousQueue|\b[01]\b/ },
  { deed: 'blocks-thread', value: 1, when: 'comes', is: /\b(?:exec|spawn|execFile|gzip|gunzip|deflate|inflate|readdir|pbkdf2|scrypt|brotliCompress)Sync\(|Atomics\.wait\(/, where: 'function' },
  { deed: 'blocks-thread', value: 0.9, when: 'comes', is: /\b(?:submit|supplyAsync|runAsync)\(.*\)\.(?:get|join)\(|\.(?:get|join)\(\)\s*;|\.result\(\)|runBlocking|\.block\(\)|async_to_sync|run_until_complete|\.Result\b|\.Wait\(\)/ },
  { deed: 'blocks-thread', value: 1, when: 'edited', is: /sleep|requests\.|urlopen/, out: /\b(?:await|asyncio|httpx|aiohttp)\b/ },
  { deed: 'consumes-less', value: 1, when: 'goes', is: /\.(?:ack|acknowledge|commit|commitSync|commitAsync|basicAck|Ack|CommitMessages|task_done|complete|delete_message|deleteMessage)\(/ },
  { deed: 'consumes-less', value: 1, when: 'edited', is: /\.(?:nack|reject|basicNack|basicReject|Nack)\(/ },
  { deed: 'consumes-less', value: 1, when: 'goes', is: /\b(?:consumer|worker|listener|processor|scheduler|subscriber|runner|queue)\w*\.(?:run|start|listen|subscribe|consume|process|Start|Run)\(|@(?:KafkaListener|RabbitListener|Scheduled|JmsListener|SqsListener)|\bgo \w*(?:consume|work|drain|process)\w*\(/ },
  { deed: 'consumes-less', value: 1, when: 'goes', is: /\b(?:for|while|repeat|range)\b.*\b\w*(?:workers|consumers|threads|concurrency|parallelism|listeners)\b/i },
  { deed: 'consumes-less', value: 0.95, when: 'edited', is: /Executor|ThreadPool|concurrency|workers/i, in: /newSingleThreadExecutor|SingleThread/ },
  { deed: 'clock-shifted', value: 1, when: 'edited', is: /Date\.now\(|\bnow\(|\btime\(\)|currentTimeMillis|Instant\.now|time\.Now|utcnow|datetime\.|LocalDateTime|NotBefore|IssuedAt|\biat\b|\bnbf\b/, in: /[+-]|\bAdd\b|plus\w*|minus\w*|timedelta|LocalDateTime|localtime|astimezone|replace|ZoneId/ },
  { deed: 'clock-shifted', value: 1, when: 'edited', is: /\bnow\b|utc|UTC|fromtimestamp|mktime|gmtime|localtime|timezone|ZoneId|ZoneOffset|\bTZ\b|time_?zone/, out: /\bu?t?c?now\b|\bUTC\b|\butc\b|timezone|gmtime|ZoneOffset|utcfromtimestamp|timegm/i },
  { deed: 'clock-shifted', value: 1, when: 'goes', is: /leeway|clock_?skew|clock_?tolerance|ClockSkew|ClockTolerance/i },
  { deed: 'ends-process', value: 1, when: 'comes', is: /process\.(?:exit|abort|kill)\(|\bsys\.exit\(|os\._exit\(|System\.exit\(|Runtime\.getRuntime\(\)\.halt|log\.Fatal\w*\(|\bpanic\(|\bos\.Exit\(|\babort\(\)|SIGKILL/ },
  { deed: 'ends-process', value: 0.95, when: 'goes', is: /\.catch\(|unhandledRejection|uncaughtException|\brecover\(\)|setDefaultUncaughtExceptionHandler|\.on\(["']error["']/ },
  { deed: 'starts-otherwise', value: 0.9, when: 'edited', is: /^\s*(?:CMD|ENTRYPOINT|FROM|USER|WORKDIR|COPY|ADD|RUN|EXPOSE|SHELL)\b|^\s*(?:command|entrypoint|args|image|user)\s*:|healthcheck|livenessProbe|readinessProbe|^\s*path\s*:|["']start["']\s*:/, kinds: ['build', 'config', 'dependencies'] },
  { deed: 'setting-demanded', value: 0.95, when: 'edited', is: ENV, out: /\?\?|\|\||\boptional\b|\bdefault\w*\b|\bget\b|\bfallback\b|^.*\bgetenv\b.*$|getOrDefault|orElse/ },
  { deed: 'setting-demanded', value: 0.95, when: 'edited', is: /@Value|\$\{\w/, out: /:[^}]*\}/, in: /\$\{[^:}]*\}/ },
  { deed: 'setting-demanded', value: 0.85, when: 'comes', is: /\b(?:required|must\w*|mandatory|getOrThrow|requireEnv)\(|os\.environ\[|process\.env\.\w+!|getenv\([^,]*\)\s*$/i , against: /./ },
];

