/** Words of what uses up memory, processor, descriptors, disk. Of the libraries of several languages, none of any one program. */
import type { WordRule } from './word-rules.ts';

const WHOLE =
  /\breadFile(?:Sync)?\(|readAllBytes|readAllLines|readString\(|\bReadAll\(|\bReadFile\(|\.fetchall\(|\.toArray\(|\.findAll\(|\.find\(\{?\}?\)\s*;?$|\.all\(\)|\.read\(\)|\.readlines\(|\bgetAll\w*\(|\.toList\(|\.collect\(|Buffer\.concat|\blist\(|\b(?:get|load|fetch|read|list|query)?_?[aA]ll[A-Z_]\w*\(|\.arrayBuffer\(|\.text\(\)|\bio\.ReadAll|\bread_(?:csv|json|sql|excel|parquet|table)\(|np\.load\(|json\.load\(|minidom|DocumentBuilder/;
const BY_PIECES =
  /createReadStream|\bpipeline\(|\.pipe\(|[sS]tream\w*\(|\bcursor\b|\biter\w*\(|\byield\b|copyfileobj|copyTo\(|\bchunk\w*|batch\w*|\blimit\w*|\btake\(|LimitReader|paginate|\bpage\w*|for await|\bio\.Copy|fetchmany|Scanner|\.lines\(/i;
const CLEANS =
  /\.(?:delete|remove\w*|evict\w*|clear|unsubscribe|off|removeListener|removeAllListeners|stop|Stop|pop\w*|shift|splice|invalidate\w*|discard|popitem|Delete|unregister\w*|cancel|trim\w*|prune\w*|expire\w*|flush|drain\w*)\(|^\s*(?:defer\s+)?delete\(|^\s*del\s|\bclear(?:Interval|Timeout)\(/;
const HEAVY = /pbkdf2|scrypt|bcrypt|argon2|hashpw|gensalt|KeySpec\b|deriveKey|PBEKey/i;
const DIGEST =
  /createHash|hashlib\.|MessageDigest|sha\d{1,3}\b|\bmd5\b|\bhmac\b|createHmac|gzip|deflate|brotli|\bCipher\b|encrypt\(|decrypt\(/i;
const OPENS =
  /(?<![\w.])open\(|\bfs\.\w*open\w*\(|create(?:Read|Write)Stream\(|new File(?:Input|Output|Reader|Writer)\w*\(|Files\.(?:newBufferedReader|newBufferedWriter|lines|list|walk|newInputStream|newOutputStream|newByteChannel)\(|\bos\.(?:Open|OpenFile|Create)\(|net\.Dial\w*\(|(?<![\w.])socket(?:\.socket)?\(|new Socket\(|(?<![\w.])watch\(|fs\.watch\w*\(|urlopen\(|RandomAccessFile\(|FileChannel\.open\(|FileHandler\(|\.open\((?:["'][rwa]|mode|\))|subprocess\.Popen\(|\bos\.pipe\(|new ProcessBuilder\(|Runtime\.getRuntime\(\)\.exec/;
const CLOSED = /^\s*with\b|\btry\s*\(|\busing\b|\bdefer\b|\.close\(|^\s*async with\b/;
const CLOSES =
  /\bdefer\b.*\b(?:Close|Release|Stop|cancel|Rollback)\w*\(|\.(?:close|Close|release|putconn|end|destroy|dispose|giveBack|shutdown|disconnect|Rollback|rollback|returnObject|quit|kill|terminate|abort)\w*\(|\bwith\s+[\w.]+\(.*\bas\b|\btry\s*\(\s*[\w<>]+\s+\w+\s*=|\busing\b|\bcancel\(\)|\bcloseQuietly\b/;
/** What is made once and shared by all calls. */
export const SHARED =
  /new\s+(?:\w+\.)?(?:\w*Pool|\w*HttpClient|\w*Client|\w*DataSource|\w*ConnectionFactory|Agent|\w*Dispatcher|\w*Session|Sequelize|PrismaClient|Redis|Kafka|\w*Producer|Worker|\w*Executor\w*|Thread|Timer|Connection)\(|\bnew\w*(?:Client|Pool)\(|\bcreate(?:Pool|Client|Connection|Agent|_engine|_pool|Engine)\(|\b(?:requests|aiohttp|httpx|boto3)\.(?:Session|ClientSession|Client|AsyncClient|client|resource)\(|(?:ThreadPool|ProcessPool)\w*\(|\b\w*(?:ConnectionPool|MongoClient|Redis|SimpleConnectionPool|ThreadedConnectionPool)\(|psycopg2?\.connect\(|sqlite3\.connect\(|\bsql\.Open\(|\bpgxpool\.New\w*\(|\bredis\.New\w*\(|&?http\.(?:Client|Transport)\{|Executors\.new\w+\(|DriverManager\.getConnection\(|HttpClients\.create\w*\(|\b(?:net|tls)\.(?:connect|createConnection|Dial\w*)\(|new WebSocket\(|create_connection\(|new Socket\(|\bgrpc\.(?:Dial|NewClient|insecure_channel)\(|sessionmaker\(/;
export const COMPILES =
  /\bre\.compile\(|new RegExp\(|Pattern\.compile\(|regexp\.(?:Must)?Compile\(|new ObjectMapper\(|new Gson\(|new Intl\.|new SecureRandom\(|\b[A-Z]?\w*\.compile\(|get_template\(|JAXBContext\.newInstance|new Ajv\(|template\.(?:Must|New|Parse)\w*\(|Environment\(loader/;
const RESTS =
  /(?<![\w.])(?:await\s+)?(?:sleep|wait|delay|pause|setTimeout)\w*\(|Thread\.sleep|time\.[sS]leep|asyncio\.sleep|TimeUnit\.\w+\.sleep|\bparkNanos\(|\.await\(/;
const WRITES =
  /\b(?:writeFile|appendFile)(?:Sync)?\(|createWriteStream\(|(?<![\w.])open\([^)]*["'](?:w|a|x|wb|ab|w\+|a\+)["']|\.write_(?:text|bytes)\(|\b(?:pickle|json)\.dump\(|shutil\.(?:copy\w*|move)\(|Files\.(?:write\w*|copy|createTempFile|newBufferedWriter|newOutputStream)\(|new File(?:Writer|OutputStream)\(|\bos\.(?:WriteFile|Create|OpenFile|CreateTemp|MkdirTemp)\(|ioutil\.WriteFile|copyFile(?:Sync)?\(|writeHeapSnapshot|\.to_csv\(|mkdtemp\(|mkstemp\(|NamedTemporaryFile\([^)]*delete\s*=\s*False|createTempFile\(|\.save\([^)]*(?:path|file|folder|dir|\.\w{3}["'])|\.toFile\(|imwrite\(|savefig\(|transferTo\(|\.to_(?:parquet|json|excel)\(/;
const REMOVES =
  /\b(?:unlink|rm|rmdir|rmSync|unlinkSync)\(|\bos\.(?:remove|unlink|Remove|RemoveAll)\(|Files\.delete\w*\(|deleteOnExit|rmtree|\.truncate\(|RotatingFileHandler|TimedRotating|RollingFile|TemporaryDirectory|\bVACUUM\b|\bDELETE FROM\b|logrotate|maxBytes|backupCount|[mM]axHistory|[mM]axFileSize|totalSizeCap|max-size|max-file|\.unlink\(/;

export const RESOURCE_WORDS: readonly WordRule[] = [
  { deed: 'grows-for-good', value: 0.95, when: 'goes', is: CLEANS, unless: /\.(?:pop|shift)\(\)\s*(?:!==|===|\?)/ },
  { deed: 'grows-for-good', value: 1, when: 'edited', is: /\bnew Map\b|\bnew Set\b/, out: /\bWeak(?:Map|Set|Ref)\b/ },
  {
    deed: 'grows-for-good',
    value: 1,
    when: 'edited',
    is: /WeakHashMap|SoftReference|WeakReference|WeakValueDictionary|WeakKeyDictionary/,
    out: /Weak|Soft/,
  },
  {
    deed: 'grows-for-good',
    value: 1,
    when: 'comes',
    is: /new (?:Map|Set|HashMap|ConcurrentHashMap|Array|ArrayList)\b|=\s*(?:\{\}|\[\]|dict\(|deque\(\)|map\[)|make\(map/,
    unless: /maxlen|bounded/i,
    against:
      /LRU|lru|maxsize|maxlen|\bttl\b|Caffeine|CacheBuilder|BoundedQueue|EvictingQueue|expir|NodeCache|QuickLRU/i,
  },
  {
    deed: 'grows-for-good',
    value: 1,
    when: 'goes',
    is: /maximumSize|maximumWeight|expireAfter\w*|\bmaxSize\b|\bmaxlen\b|\bmaxEntries\b|removeEldestEntry|setMaximumSize|\bmaxKeys\b/,
  },
  {
    deed: 'grows-for-good',
    value: 1,
    when: 'comes',
    is: /lru_cache\(\s*maxsize\s*=\s*None|lru_cache\(None\)|@(?:functools\.)?cache\b|\bmemoize\(/,
  },
  {
    deed: 'grows-for-good',
    value: 1,
    when: 'comes',
    is: /^\s*(?:async\s+)?def\s+\w+\(.*=\s*(?:\[\]|\{\}|set\(\)|dict\(\)|list\(\))/,
  },
  {
    deed: 'grows-for-good',
    value: 0.85,
    when: 'comes',
    where: 'function',
    is: /(?<![.\w])setInterval\(|threading\.Timer\(|\bcall_later\(|\.schedule\w*\([^)]*\d|time\.AfterFunc\(|(?<![.\w])setTimeout\([^)]*(?:\d{5,}|HOUR|MINUTE|hour|minute|\*\s*60)/,
  },
  {
    deed: 'grows-for-good',
    value: 0.75,
    when: 'comes',
    where: 'function',
    is: /\.(?:on|addListener|addEventListener|subscribe|add_listener|addObserver|connect_signal|register\w*Listener)\(/,
    unless:
      /\b(?:req|request|res|response|reply|socket|stream|child|ws|conn|reader|writer|signal|worker)\.(?:on|addEventListener)\(|\bonce\b/,
  },
  {
    deed: 'grows-for-good',
    value: 0.7,
    when: 'comes',
    where: 'function',
    is: /\bgo func\b|\bgo \w[\w.]*\(|new Thread\(|threading\.Thread\(|asyncio\.create_task\(|CompletableFuture\.runAsync\(/,
  },
  { deed: 'loads-all', value: 1, when: 'comes', is: WHOLE, unless: /chunksize|iterator\s*=/, against: BY_PIECES },
  {
    deed: 'loads-all',
    value: 0.9,
    when: 'goes',
    is: /\.(?:limit|take|first|top|skip|offset|paginate|slice)\(|\bLIMIT \b|LimitReader|MaxBytesReader|batch_?[sS]ize|fetch_?[sS]ize|\bmaxBody\w*|setMaxResults|PageRequest|Pageable/,
  },
  {
    deed: 'grows-for-good',
    value: 0.9,
    when: 'comes',
    where: 'function',
    // It fires at the end only, and holds what it closes over until then.
    is: /\b(?:process|window|document|globalThis|shutdown\w*|lifecycle|app)\.(?:once|on|addListener|addEventListener)\(|\batexit\.register\(|addShutdownHook\(|signal\.Notify\(/,
  },
  {
    deed: 'loads-all',
    value: 0.95,
    when: 'edited',
    is: /./,
    from: /\b(?:dest|disk\w*|files?|temp\w*|tmp|path|spool\w*|stream\w*)\b|['"]\/tmp/i,
    in: /[mM]emory|BytesIO|StringIO|ByteArray|bytes\.Buffer/,
  },
  {
    deed: 'memory-less',
    value: 0.8,
    when: 'edited',
    // A share became a size, or the other way round.
    is: /RAMPercentage|\d ?%/,
    from: /Xm[xs]|RAMPercentage|max-old-space|memory/i,
    in: /Xm[xs]|max-old-space|RAMPercentage|%|\d[KMGkmg]i?/,
  },
  {
    deed: 'grows-for-good',
    value: 0.9,
    when: 'edited',
    is: /label|\btags?\b|attribute|dimension/i,
    in: /'(?:\w*(?:[iI]d|ID|url|uri|path|email|user|ip|session|token|query|name))'/,
  },
  {
    deed: 'all-at-once',
    value: 0.9,
    when: 'comes',
    is: /Promise\.(?:all|allSettled)\(|asyncio\.gather\(|\bgather\(\*|parallelStream\(|invokeAll\(|pool\.map\(|\.imap\w*\(|max_workers\s*=\s*\d{2,}/,
    against: /\bfor\b|\bp(?:Limit|Map)\b|limit\(|[sS]emaphore|chunk|batch/,
  },
  {
    deed: 'bulk',
    value: 0.85,
    when: 'comes',
    is: /Buffer\.alloc\(|\.repeat\(|toString\(["']base64["']\)|b64encode\(|\brandomBytes\(\d{4,}|new byte\[|make\(\[\]byte|["']\s*\*\s*\d{3,}|readFileSync\([^)]*["']\)\.toString|encodeToString\(|data:image/,
    unless: /hmac|digest|signature|sign\(|secret|token|authorization|mac\.|password/i,
  },
  { deed: 'works-more', value: 1, when: 'comes', where: 'function', is: HEAVY, unless: /import|require\(/ },
  { deed: 'works-more', value: 1, when: 'comes', where: 'loop', is: DIGEST },
  {
    deed: 'works-more',
    value: 0.9,
    when: 'comes',
    is: /\b(?:gzip|deflate|brotli\w*)Sync\(|BestCompression|Z_BEST_COMPRESSION|BROTLI_MAX|compresslevel\s*=\s*9|BEST_COMPRESSION/,
  },
  {
    deed: 'works-more',
    value: 1,
    when: 'comes',
    is: /\((?:[^()]*[+*]\)|[^()]*\.\*[^()]*\))[+*{]|(?:\.\*){2,}|\(\.\*\).*\(\.\*\)|\([^()|]*[+*][^()]*\)\+|\(\w+\|\w+\)\*\w*\$/,
    unless: /^\s*(?:for|while|if|return [\w(]+ [+*])|[+*] \d|\w\) \*/,
  },
  {
    deed: 'works-more',
    value: 1,
    when: 'comes',
    where: 'loop',
    is: /JSON\.parse\(JSON\.stringify|structuredClone\(|deepcopy\(|cloneDeep\(|SerializationUtils\.clone|\bsorted\(|\.sort\(|Collections\.sort|sort\.(?:Slice|Sort)\w*\(|ImmutableList\.copyOf|List\.copyOf\(|\[\s*\.\.\.\w+[^\]]*\]|\{\s*\.\.\.\w+,/,
  },
  {
    deed: 'copies-in-loop',
    value: 0.95,
    when: 'comes',
    where: 'loop',
    is: /new (?:ArrayList|LinkedList|HashMap|HashSet|TreeMap|String)<?[\w<>, ]*>?\(\s*\w|\.slice\(|\[\s*\.\.\.|\.concat\(|\.copy\(|(?<![\w.])(?:list|dict|copy|deepcopy|bytes)\(\w|append\(\[\]\w+\(nil\)|\.clone\(\)|subList\(|structuredClone|cloneDeep|Arrays\.copyOf|\{\s*\.\.\./,
  },
  {
    deed: 'works-more',
    value: 0.75,
    when: 'comes',
    where: 'function',
    is: /JSON\.parse\(JSON\.stringify|structuredClone\(|deepcopy\(|cloneDeep\(/,
  },
  {
    deed: 'works-more',
    value: 1,
    when: 'comes',
    is: /\.(?:map|filter|forEach|reduce|flatMap|some|every)\(.*\.(?:find|findIndex|indexOf|includes|filter|some)\(|\bfor\b.*\bin\b.*\bfor\b.*\bin\b|\bif \w+ (?:not )?in \[/,
  },
  {
    deed: 'works-more',
    value: 0.9,
    when: 'comes',
    where: 'loop',
    is: /\.(?:find|findIndex|indexOf|includes|contains|index|count)\(|\.stream\(\)\.(?:filter|anyMatch)/,
    against: /\bMap\b|\bSet\b|\bdict\b|[bB]y\w+|\.get\(|\bset\(/,
  },
  { deed: 'works-more', value: 0.9, when: 'comes', is: COMPILES, where: 'loop' },
  { deed: 'works-more', value: 0.95, when: 'comes', where: 'loop', is: /^\s*default:/, paths: /\.go$/ },
  { deed: 'works-more', value: 1, when: 'comes', where: 'within', is: /^\s*(?:for|while|do)\b.*[:{]$|^\s*for\b.*\)\s/ },
  { deed: 'works-more', value: 0.9, when: 'comes', is: /range\(\d[\d_]{4,}\)|<\s*\d[\d_]{4,}\s*;/ },
  { deed: 'asks-more-often', value: 1, when: 'goes', is: RESTS, where: 'loop' },
  { deed: 'asks-more-often', value: 0.8, when: 'goes', is: /back_?off|jitter|throttle|debounce|rate_?limiter?\b/i },
  {
    deed: 'asks-more-often',
    value: 0.8,
    when: 'comes',
    is: /while\s*\(?\s*(?:true|1|True)\s*\)?\s*[:{]?$|for\s*\(;;\)|onSpinWait|Gosched|(?<![.\w])setImmediate\(/,
  },
  {
    deed: 'no-cache',
    value: 0.95,
    when: 'goes',
    is: /@(?:functools\.)?(?:lru_)?cache\b|@[Cc]ache(?:able|d|Result|_page)\b|@memoi[sz]e|\bmemoi[sz]e\(|useMemo\(|singleflight|\b\w*[cC]ache\w*\.(?:get|fetch|wrap|has|getOrLoad|computeIfAbsent|Get|Load)\(|getIfPresent\(|@cached\b/,
  },
  {
    deed: 'no-cache',
    value: 0.9,
    when: 'goes',
    is: /\betags?\b|if-none-match|if-modified-since|IfNoneMatch|stale-while-revalidate|max-age=/i,
  },
  { deed: 'leaves-open', value: 1, when: 'goes', is: CLOSES, unless: /server\.close|process\.|logger\.close/ },
  {
    deed: 'opens-per-call',
    value: 1,
    when: 'comes',
    where: 'loop',
    is: /\b\w*(?:[pP]ool|[dD]ataSource)\w*\.(?:connect|acquire|getconn|getConnection|checkout|borrow\w*|Acquire)\(/,
  },
  { deed: 'leaves-open', value: 0.8, when: 'comes', where: 'function', is: OPENS, unless: CLOSED },
  { deed: 'writes-files', value: 1, when: 'comes', where: 'function', is: WRITES },
  { deed: 'writes-files', value: 1, when: 'goes', is: REMOVES },
  {
    deed: 'logs-more',
    value: 0.85,
    when: 'comes',
    is: /\b(?:log|logger|logging|console|LOG|slog)\b.*(?:body|headers|payload|\bdump|JSON\.stringify|to_dict|toString\(\)|repr\(|%\+v|stack)/,
  },
  {
    deed: 'logs-more',
    value: 0.95,
    when: 'edited',
    is: /level|root|log/i,
    in: /\b(?:DEBUG|TRACE|ALL|FINEST|FINE|debug|trace|all|silly|verbose|NOTSET)\b/,
    out: /\b(?:WARN\w*|INFO|ERROR|FATAL|OFF|warn\w*|info|error|fatal|silent|off)\b/,
  },

  {
    deed: 'grows-for-good',
    value: 0.9,
    when: 'comes',
    is: /\b(?:labels|inc|observe|set|WithLabelValues|tags?|attributes?)\b.*(?:\.(?:id|uuid|email|url|path|ip|token)\b|\b\w+(?:Id|_id|ID)\b)/,
    unless: /log|\bset\w*\(\w+\)|\.set\(/i,
  },
  {
    deed: 'grows-for-good',
    value: 0.8,
    when: 'comes',
    where: 'function',
    is: /\b(?:\w*[bB]us|\w*[hH]ub|\w*[eE]mitter|events?|observers?|listeners?|\w*[pP]ublisher|\w*[dD]ispatcher|subject|signals?|(?:pre|post)_\w+)\.(?:register|add|attach|subscribe|on|connect)\w*\(/,
  },
  {
    deed: 'grows-for-good',
    value: 0.8,
    when: 'edited',
    is: /\breturn\b|\bif\b|\bwhile\b/,
    from: /(?:size\(\)|\.size|\.length|len\(\w+\))\s*[><]/,
    to: /^(?!.*(?:size\(\)|\.size|\.length|len\(\w+\))\s*[><])/,
  },
  {
    deed: 'grows-for-good',
    value: 0.85,
    when: 'comes',
    where: 'loop',
    is: /time\.After\(|context\.With(?:Cancel|Timeout|Deadline)\(/,
  },
  {
    deed: 'grows-for-good',
    value: 0.9,
    when: 'edited',
    is: /cancel|stop|unsubscribe|dispose/i,
    out: /\b(?:cancel|stop|unsubscribe|dispose)\w*\b/,
    in: /^_$/,
  },
  {
    deed: 'loads-all',
    value: 0.9,
    when: 'comes',
    where: 'loop',
    is: /\.(?:push|append|add|addAll|extend|concat)\(|\+=/,
    against: /\bwrite\w*\(|\byield\b|\.emit\(|\.send\(|\.encode\(|forEachRemaining|\.flush\(/,
  },
  {
    deed: 'works-more',
    value: 0.85,
    when: 'comes',
    is: /\bsorted\(|\.sort\(|Collections\.sort|sort\.Slice/,
    against: /index|heap|nlargest|nearest|bisect|binary_?search|tree|sortedBy/i,
  },
  {
    deed: 'works-more',
    value: 0.9,
    when: 'comes',
    is: /itertools\.(?:product|permutations|combinations)|\bCROSS JOIN\b|cartesian/i,
  },
  { deed: 'grows-for-good', value: 0.9, when: 'comes', is: /\bweak\s*=\s*False/ },

  {
    deed: 'loads-all',
    value: 0.9,
    when: 'edited',
    is: /\bfor\b.*\bin\b/,
    from: /^[^[]*(?:=\s*|\w)\((?:[^()[]|\([^()]*\))*\bfor\b/,
    to: /\[.*\bfor\b.*\bin\b/,
    paths: /\.py$/,
  },
  {
    deed: 'works-more',
    value: 0.8,
    when: 'comes',
    where: 'loop',
    is: /\.(?:reduce|filter|sort|toSorted|find|findIndex|some|every|indexOf|lastIndexOf)\(/,
  },
  { deed: 'works-more', value: 0.8, when: 'comes', where: 'function', is: /\bfor \w+ in range\([^)]*[a-z_]\w*\)/ },
];
