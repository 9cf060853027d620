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
    /OOMKilled|Killed process \d+|OOM command not allowed|[Ee]xit(?:ed with)?(?: code)?(?: is| was| of)? 137/,
    /[Cc]annot allocate memory|ENOMEM|memory allocation of \d+ bytes failed|Allowed memory size of \d+ bytes exhausted/,
    /[Aa]rray buffer allocation failed|allocation failure; scavenge might not succeed|Unable to allocate [\d.]+ [KMGT]i?B|result '?oom-kill|out of (?:heap )?memory/,
    /\b(?:[Mm]emory|[Hh]eap)\b.{0,40}\b(?:exceeded|exhausted|is full|allocation failed)\b|\boom[-_ ]?kill|out of (?:\w+ )?memory\b|[Dd]ata too large\b.{0,120}\blimit\b|\bmemory (?:limit|quota|budget)\b.{0,40}\b(?:exceeded|reached|hit)\b|exceed(?:ed|s|ing) (?:the |its )?(?:\w+ )?memory (?:limit|quota|budget)/,
    /(?:[Cc]annot|[Ff]ailed to|[Uu]nable to|[Cc]ould not) allocate \d+|[Ii]nsufficient (?:\w+ )?memory\b|low on resource: memory|[Ff]ailed on request of size \d+|(?:exceed|over)\w* (?:its|the) (?:hard |soft )?memory\b|not enough memory\b/,
  ),
  dns: anyOf(
    'i',
    /\bENOTFOUND|EAI_AGAIN|NXDOMAIN|no such host|UnknownHostException|could not resolve host/,
    /Name or service not known|nodename nor servname|Temporary failure in name resolution|failed to lookup address/,
    /\blookup \S+(?: on \S+)?: (?:server misbehaving|i\/o timeout)|No address associated with hostname/,
    /UnresolvedAddressException|ESERVFAIL|NameResolutionError|DNS (?:resolution|lookup) failed|(?:cannot|could not|failed to|unable to) resolve (?:the )?(?:host(?:name)?|name|address|DNS|')/,
    /\b(?:dns\w*|name ?resol\w+|resolver)\b.{0,80}(?:fail|error|time-?d? ?out|refused|unreachable|zero addresses|no (?:addresses|answer|records?))|host(?: ?name)?s? (?:lookup|resolution)\b.{0,60}\bfail|host not found|SERVFAIL\b|\blookup \S+ on \S+:\d+: .{0,80}(?:i\/o timeout|refused|unreachable)/,
    /\bnon-existing domain|:nxdomain\b|getaddrinfo(?: for \S+)? failed|DNS server returned|no resolvable (?:bootstrap|host|address|url)|No IP for server|(?:host|server|domain) ?name\b.{0,40}\b(?:cannot|could not|can't) be (?:resolved|found)|unresolvable|unknown host\b|:enotfound/,
  ),
  tls: anyOf(
    'i',
    /certificate has expired|CERT_HAS_EXPIRED|self[- ]signed certificate|DEPTH_ZERO_SELF_SIGNED|certificate verify failed/,
    /unable to verify the first certificate|UNABLE_TO_VERIFY|x509:|ERR_TLS_CERT|certificate's altnames|remote certificate is invalid/,
    /SSLHandshakeException|PKIX path|tls: handshake|handshake failure|SSL routines|tlsv1 alert|wrong version number|\bEPROTO\b/,
    /unable to get (?:local )?issuer cert|UNABLE_TO_GET_ISSUER|SELF_SIGNED_CERT|WRONG_VERSION_NUMBER|CERTIFICATE_VERIFY_FAILED|certificate is not valid for|Hostname mismatch/,
    /CertificateExpired|No trusted certificate|SSLPeerUnverified|[Nn]o subject alternative (?:names|DNS name)|disconnected before secure TLS|TLS CA certificate bundle|bad certificate/,
    /(?:certificate|issuer|CA)\b.{0,30}\b(?:is |was )?(?:not trusted|untrusted|unknown)|unsupported protocol\b|SSLV3_ALERT|ERR_SSL_|certificate (?:has been )?revoked/,
    /\bcert(?:ificate)?s?\b[^[]{0,40}\b(?:expired|invalid|untrusted|mismatch|revoked|rejected|fail\w*|cannot be|could not be|not (?:valid|verified|authenticated|yet valid))|(?:bad|invalid|expired|revoked|wrong)[ _]cert|\b(?:ssl|tls) (?:connection|negotiation|session)\b.{0,40}\b(?:fail\w*|could not|cannot|refused|aborted)|(?:ssl|tls)_error|BAD_CERT/,
    /\btls: (?!handshake complete)[a-z]|(?:tls|ssl) handshake (?:fail|error|time)|\bssl\w*(?:error|exception)\b/,
    /\bTLS (?:client|server)\b.{0,120}\bALERT\b|\bunknown[_ ]?(?:ca|issuer)\b|bad_certificate|certificate chain\b.{0,60}\b(?:error|broken|incomplete|not)|cipher suites? (?:are|is) inappropriate|no (?:shared|common|matching) cipher|legacy renegotiation|key usage .{0,30}(?:not|incorrect)|notBefore|(?:ee|ca) key too small/,
  ),
  auth: anyOf(
    'i',
    /password authentication failed|Authentication failed|authentication failure|Authentication credentials invalid|invalid credentials/,
    /ACCESS_DENIED|Access denied for user|permission denied for (?:table|schema|relation|database|sequence)|NOAUTH|WRONGPASS|not authorized on/,
    /invalid_grant|invalid_client|(?:invalid|incorrect) api key|jwt expired|JsonWebTokenError|(?:invalid|bad) signature\b|signature does not match/,
    /Access Key Id you provided does not exist|security token included in the request is (?:expired|invalid)/,
    /\b(?:answered|status|->|HTTP(?:\/1\.1)?)[ :=]{1,3}40[13]\b.{0,60}(?:upstream|token|key|credential|signature|secret)/,
    /(?:token|key|credential|secret)s? (?:is |was |has |have )?(?:been )?(?:invalid|expired|revoked|rejected)/,
    /\b(?:answered|responded|replied|returned)(?: with)?(?: status)?(?: code)?[ :]{1,2}40[13]\b|\bstatus code 40[13]\b|HTTP Error 40[13]\b|\b40[13] Client Error/,
    /(?<!HTTP\/[\d.]{1,3}" )\b40[13] (?:Unauthorized|Forbidden)\b|\b(?:UNAUTHENTICATED|PERMISSION_DENIED|Unauthenticated desc)|code = (?:Unauthenticated|PermissionDenied)/,
    /SignatureDoesNotMatch|UnrecognizedClient|InvalidClientTokenId|AuthorizationException|ACCESS_REFUSED|requires authentication|no pg_hba\.conf entry|role .{1,60} does not exist|NOPERM\b/,
    /missing authentication credentials|[Aa]uthentication required|[Bb]ad credentials|(?:token|signature|key|secret|credentials?) (?:is|are) not (?:valid|accepted|known)|signature does not (?:fit|verify)/,
    /\b(?:unknown|no such|unrecognized|wrong|bad|invalid) (?:api[ -]?)?(?:key\b(?! in)(?: id)?|token|secret|credentials?|audience|issuer)\b|HMAC mismatch|account (?:is |was |has been )?(?:suspended|disabled|closed|blocked|locked)/,
    /\b40[13]\b.{0,30}\b(?:unauthori[sz]ed|forbidden)\b|\bnot (?:authori[sz]ed|permitted|allowed) to (?:perform|access|assume|call|use|publish|consume|read|write)|\bAccessDenied\w*|\bcode:? ?40[13]\b|\b(?:un|not )authenticated\b|\blog(?:in|on) (?:failed|was refused|denied)|(?:user|role|principal|identity|account) .{1,80}\b(?:lacks|does not have|has no) (?:the )?(?:required )?(?:permission|privilege|access)/,
    /(?:invalid|expired|wrong) client secret|client secret\b.{0,40}\b(?:invalid|expired)|(?:unable to|could not|cannot|failed to)\b.{0,30}\b(?:locate|determine|find|load|obtain|refresh|retrieve)\b.{0,20}\b(?:credential|access token)s?|No(?:Default)?Credential|DefaultCredentials?Error|AuthenticationException(?!.{0,120}certificate)|passwords? (?:are|is|was) incorrect|(?:username|password|credential)s?\b.{0,30}\bnot accepted|pull access denied|ExpiredToken\b|may require docker login|incorrect (?:username|password|login)|AADSTS\d+|login (?:attempt )?(?:was )?unsuccessful/,
  ),
  refused: anyOf(
    'i',
    /ECONNREFUSED|connection (?:to \S+ )?refused|ECONNRESET|connection reset by peer|EHOSTUNREACH|ENETUNREACH|no route to host/,
    /ServerSelection(?:Timeout)?Error|broken pipe.*(?:mongo|postgres|redis|mysql)|has gone away|Lost connection to MySQL/,
    /server closed the connection unexpectedly|terminating connection due to administrator|database system is (?:shutting down|starting up|in recovery)/,
    /Communications link failure|connection closed by broker|run out of available brokers|broker(?:s are| is)? (?:not available|down)/,
    /RemoteDisconnected|other side closed|UND_ERR_SOCKET|socket hang up|header parser received no bytes|NoHttpResponse|MongoN(?:etwork|otConnected)Error|NotWritablePrimary|not primary\b/,
    /Connection closed by server|connect error or disconnect\/reset|no live upstreams|NoBrokersAvailable|ConnectionRefused|closed connection without response|actively refused/,
    /\b(?:broker|transport|peer|socket|connection|network)\b(?: \w+)? (?:failure|lost|dropped|aborted|closed unexpectedly)\b|(?:can(?:no|')t|could ?n[o']t|unable to|failed to) (?:re)?connect\b(?!.*(?:\bname\b|resolv|\bdns\b|certificate|tls|ssl|auth|password|time-?d? ?out|too many|deadline))|no (?:healthy|available|reachable|alive|live) (?:upstream|server|backend|endpoint|host|node|broker|instance|replica|primar)\w*|\b(?:CLUSTER|MASTER)DOWN\b|^LOADING \w/,
    /\b(?:server|database|broker|cluster|node|instance|primary|master|replica|redis|backend|upstream)\b(?: \S+)? (?:is|are|was) (?:currently |still )?(?:down|offline|unreachable|not (?:ready|reachable|running)|(?:loading|starting|shutting|restarting|recovering)\b)/,
    /connection is already closed|\bNOT_(?:LEADER|COORDINATOR)|LEADER_NOT_AVAILABLE|\bno leader\b|not the (?:current )?leader|read[- ]only replica|(?:server|host) was not (?:found|reachable|accessible)|could not reach any|(?:All|No)(?:Nodes?|Hosts?)(?:Failed|Available|NotAvailable)|:econnrefused|error occurred while establishing a connection|failed to establish a new connection|(?:shard|replica|quorum|primary)s? (?:is |are )?(?:not available|unavailable|lost)/,
  ),
  pool: anyOf(
    'i',
    /timeout acquiring|acquir\w+ (?:a )?(?:\w+ )?connection|checking out a connection|obtain(?:ing)? a connection from the pool/,
    /too many (?:clients|connections)|max number of clients reached|remaining connection slots|no (?:free|available) connections?/,
    /(?<!thread )pool (?:is )?(?:exhausted|full|timed out|timeout)|PoolTimeout|pool error|WaitQueueTimeout|QueuePool limit|Pool-\d+ - Connection is not available/,
    /\bconnection\w* (?:became|was|were|is|are) (?:not )?(?:free|available)\b.{0,20}\b(?:within|for|after)|all (?:\d+ )?connections (?:\w+ ){0,3}(?:are )?(?:in use|busy|taken)|waited .{0,30}\bfor a connection/,
    /fetching a new connection from the connection pool|NoFreeConnection|ConnectionAcquireTimeout|PendingAcquireQueue|ConnectionPoolTimeout|no (?:\w+ )?connection was free/,
    /\bpool\b.{0,50}\b(?:empty|exhausted|none available|cleared|drained|unable to)\b|waiting for (?:a )?connection\b(?! \(Client)|no more connections\b|max_client_conn|connection (?:limit|count|slots?)\b.{0,30}\b(?:exceeded|reached|hit|exhausted)|(?:exceeded|reached|hit) .{0,30}\bconnection limit|\b(?:pool|resource) ?request timed out|\b(?:connections?|sessions?|pool)\b.{0,20}\bexhausted\b/,
    /max_user_connections|dropped from queue after \d|could not check ?out the connection|ORA-(?:1251[69]|12520|00018|00020|02391)|Pool(?:Acquire)?Time(?:d ?Out|out)|query_wait_timeout|request limit for the database|worker_connections are not enough|max(?:imum)? pool size was reached|(?:connection|session|process)\w* limit (?:of \d+ )?(?:for|per)\b/,
  ),
  timeout: anyOf(
    'i',
    /ETIMEDOUT|ESOCKETTIMEDOUT|timed out|TimeoutError|Timeout(?:Exception|Expired)\b|UND_ERR_(?:HEADERS|CONNECT|BODY)_TIMEOUT|AbortError.*timeout/,
    /(?:did not|didn't|no) (?:answer|respon\w+)\b.{0,80}\b(?:within|after|in) \d|deadline exceeded|DEADLINE_EXCEEDED/,
    /time[- ]?out of \d+ ?m?s exceeded|Client\.Timeout|(?:due to|request|read|connect(?:ion)?|statement|query|gateway|idle|socket|upstream) time-?out\b/,
    /time-?out\b[^\n]{0,40}\b(?:exceeded|expired|reached|elapsed|while|waiting|calling|reading|connecting)|exceeded time limit|execution time exceeded/,
    /\btime-?out (?:after|in) \d/,
    /\btook too long\b|\btook longer than \d|gave up after \d|(?:Read|Connect|Write|Headers|Body)Timeout\b|(?:Connect|Headers|Body) Timeout Error|exceeded (?:its|the) (?:deadline|time limit)|upstream request timeout/,
    /time-?out during (?:read|write|connect|query)|TimeoutRejected|\btime out\b$|\(EXIT\) time out|did not complete within|no (?:response|reply|answer) (?:received )?(?:from \S+ )?(?:within|for|in) \d|(?:lease|heartbeat|session) timed? ?out/,
  ),
  disk: anyOf(
    'i',
    /ENOSPC|No space left on device|not enough space on the disk|disk (?:is )?full|database or disk is full|EDQUOT|disk quota exceeded/,
    /flood[- ]stage watermark|read-only-allow-delete|not able to persist on disk/,
    /no space left\b|OutOfDiskSpace|disk space is (?:less|too)|\b0 bytes (?:free|left|available)|out of disk space|insufficient (?:disk|storage) space/,
    /\bdisk (?:usage |watermark|pressure)\b.{0,30}\bexceed|disk watermark .{0,20}exceeded|DiskPressure|unable to persist|\bEROFS\b|read-only file ?system|\b(?:table|tablespace|volume|partition|file ?system|device|storage)\b(?: \S+)? is (?:almost )?full|low on resource: (?:ephemeral-storage|disk)|not enough (?:free )?(?:disk |storage )?space\b/,
    /database space exceeded|disk\b.{0,30}\balarm (?:is |was )?(?:set|raised|on|active)|filegroup is full|unable to extend (?:table|index|segment|temp|lob)|could not allocate (?:space|a new page)|out of inodes|no (?:free )?inodes|inodes? (?:exhausted|used up)|ORA-(?:0165[2345]|01536|19809|27061)|log is full|transaction log for database .{1,60} is full|waiting for someone to free some space/,
  ),
  descriptors:
    /\bE[MN]FILE\b|too many open files|file table overflow|limit for number of file watchers|error=24\b|filedescriptor out of range|file descriptor limit|open[- ]files? (?:resource )?limit|(?:connect|dial)\b.{0,60}(?:EADDRNOTAVAIL|cannot assign requested address)|cannot assign requested address.{0,20}\bdial|(?:ephemeral|source|local) ports?\b.{0,40}\b(?:exhausted|used up|available)|(?:file (?:handle|descriptor)s?|open files)\b.{0,40}\b(?:limit|exhausted|reached)/i,
  config: anyOf(
    '',
    /missing (?:required )?(?:env\w*|environment|config\w*|setting)|\b[Ii]nvalid (?:configuration|config|settings?)\b/,
    /required (?:env\w*|environment|setting)|required key [A-Z][A-Z0-9_]{2,} missing|[Uu]nknown (?:configuration|config) (?:option|key|setting)/,
    /invalid (?:value|configuration|config|setting|env\w*) (?:for|of|in)|[A-Z][A-Z0-9_]{3,} (?:is not set|is missing|is required|must be)/,
    /(?:env\w*|environment) variable\b.{0,60}\b(?:not set|missing|required|undefined|must)/,
    /Invalid URL|ERR_INVALID_URL|MongoParseError|Invalid (?:scheme|connection string)|ERR_SOCKET_BAD_PORT/,
    /(?:[Cc]ould not|[Cc]annot|[Ff]ailed to|unable to) (?:read|load|parse) (?:the )?config|[Ff]ailed to bind properties under|Could not resolve placeholder/,
    /configparser\.|\bNoOptionError|\bNoSectionError|yaml: (?:line \d+|unmarshal)|toml: (?:line \d+|cannot)|YAML(?:Parse|Semantic|Syntax)?(?:Error|Exception)/,
    /[Nn]o (?:such )?section\b.{0,20}\[|NoSection|ConfigError|ConfigurationError|ConfigValidation|ConfigException|ImproperlyConfigured|validation errors? for \w*(?:Settings|Config)|config property .{1,80}(?:required|not be found)/,
    /(?:[Ss]etting|[Oo]ption|[Pp]roperty|[Pp]arameter|variable)s? ["']?[\w.-]{2,60}["']? (?:is|are|was|must|has|should|may|cannot|can't|needs|does not)\b.{0,30}\b(?:missing|not a\b|not set|be\b|required|unknown|empty|invalid|allowed|valid|no value|exist)/,
    /in (?:setting|property|option|config\w*) [\w.-]{2,}|in settings\b|[Uu]nsupported value .{1,60} for|[Ff]ailed to configure|(?:ENOENT|[Nn]o such file|FileNotFound).{0,120}(?:\.(?:ini|ya?ml|toml|properties|conf|cfg|env)\b|config|settings)/,
    /(?:config|settings)[\w/.-]*\.\w+ \(No such file|EADDRINUSE|[Aa]ddress already in use|first path segment in URL|No scheme supplied|MissingSchema|unknown url type|URI with undefined scheme|no protocol:/,
    /\bnot configured\b|\bnot (?:enabled|offered|provided) (?:here|in this|on this|by this)|UnsupportedProtocol|No host (?:supplied|specified)|[Ii]llegal character in (?:scheme|authority)|out of range: \d{5,}/,
    /\b(?:[Ee]nv(?:ironment)? var\w*|[Ss]ettings?|[Oo]ption|[Pp]roperty|[Ff]lag)\b.{0,40}\b(?:not found|missing|invalid|unknown|undefined|malformed|parse error)\b|\b(?:[Ii]nvalid|[Mm]issing|[Uu]nknown|[Bb]ad|[Uu]nsupported)\b.{0,30}\b(?:for|in) (?:the )?(?:flag|option|setting|property|env\w*)|["'][A-Z][A-Z\d]*_[A-Z\d_]+["'] in environ|[Uu]nknown directive|[Uu]nrecogni[sz]ed (?:option|directive|key|setting|property|field)|\b[Cc]onfig(?:uration)?\b.{0,80}\b(?:contains errors|test failed|not found|is invalid|could not be (?:read|loaded|parsed))|(?:configmap|secret|volume|profile) ["']?[\w./-]+["']? (?:not found|does not exist)/,
    /error mounting ['"]|[Mm]issing `?\w+`? for '?\w+'? environment|OptionsValidation|unknown keyword\b|parsing \[\S+:\d+\]|(?:[Ff]ailed to|could not|cannot) parse .{0,30}\b(?:bootstrap|config\w*|manifest)\b|error validating data: |[Ss]yntax error (?:on|at|in) line \d+ (?:of|in) \S+|could not find driver|\[emerg\]|environment variable \S+ is missing|[Nn]o (?:valid )?(?:config|configuration) (?:found|given|provided)|[Ii]nvalid (?:manifest|spec)\b|InvalidImageName|[Uu]nresolved (?:variable|reference) in config/,
  ),
  schema: anyOf(
    'i',
    /column .{1,80} does not exist|Unknown column|relation .{1,80} does not exist|no such (?:table|column)|undefined (?:column|table)\b/,
    /(?:table|collection)(?: or view)? .{0,80}(?:doesn't|does not) exist|Invalid (?:object|column) name|ORA-009(?:04|42)|SQLSTATE 42(?:703|P01)/,
    /E11000|Document failed validation|migration (?:failed|\S+ failed)|unknown field .{1,60} in (?:schema|document)/,
    /(?:table|relation) .{1,60} has no column named|[Tt]he (?:table|column|view) .{1,80} does not exist|missing (?:column|table) \[|[Mm]igrations? (?:have|are|is|\S+ could not|\S+ cannot|\S+ was not)\b.{0,30}(?:failed|pending|missing|not|be applied|applied twice)/,
    /failed migration to|schema history table|locate revision|PendingMigration|InconsistentMigration|mapper_parsing|Undefined column name|Column '.{1,60}' not found|DatatypeMismatch|is of type .{1,40} but expression/,
    /schema (?:is at )?version \d+.{0,40}(?:needs|expects|requires|newer|older|supports|than)|expected schema|No item with that key|schema (?:mismatch|version mismatch)|no such index|cannot be cast automatically/,
    /\bschema\b.{0,60}\b(?:incompatible|not compatible|mismatch|does not match|unknown field)|\bmigrations?\b.{0,60}\b(?:checksum|mismatch|conflict\w*|dirty|out of order)|dirty database|Avro\w*Exception|missing required field|(?:wire|message|record) (?:format|version) (?:mismatch|not supported|unknown)/,
    /missing columns?: |no column ['"`]\w+['"`]|model backing the|Multiple ?Heads?\b|multiple head revisions|(?:pending|unapplied) (?:model )?(?:changes|migrations?)|entity .{1,40} not mapped|UndefinedTable|UndefinedColumn|InvalidFieldName|TableNotFound|undefined_(?:column|table)/,
  ),
  /** The database refuses what is written: by a rule of its schema. */
  constraint: anyOf(
    'i',
    /constraint failed|violates (?:not-null|check|foreign key|unique) constraint|cannot be null|null value in column/,
    /Data truncated|Data too long for column|value too long for type|Duplicate entry|out of range for (?:column|type)/,
    /doesn't have a default value|cannot insert NULL/,
    /\bconstraint\b.{0,40}\b(?:fails|failed|violated|violation)|violat\w+ .{0,40}\bconstraint|\b(?:integer|bigint|smallint|numeric|value|number) out of range|reached maximum value of sequence|auto[-_ ]?increment\w*.{0,40}\b(?:exhausted|maximum|overflow)/,
    /ConstraintError|constraint error when|would be truncated|(?:unique|foreign_key|not_null|check|exclusion)_(?:constraint|violation)|ORA-0(?:0001|1438|1407|2291|12899)|no partition of relation|cannot insert a non-DEFAULT value|incorrect string value|out of range value/,
  ),
  rateLimit: anyOf(
    'i',
    /(?:status\w*|->|HTTP\S*|answered|code)[^\d\n]{0,6}429\b|rate[-_ ]?limit|too many requests|Rate exceeded|RequestLimitExceeded/,
    /(?<!disk )\bquota exceeded|exceeded your (?:current )?quota|insufficient_quota|RESOURCE_EXHAUSTED|throttl(?:ed|ing)/,
    /more than \d+ (?:\w+ )?(?:in|per|a|within) (?:a |one |\d+ ?)?(?:s|sec|seconds?|min|minutes?|hours?|day)\b|(?:request|calls?|daily|hourly|minutely|usage|API) limit (?:of \d+ \w+ )?(?:was |is |has been )?(?:exceeded|reached|hit)/,
    /too many (?:calls|attempts)|over[_ ]quota|slow down\b|ThroughputExceeded|\b429 Client Error|retry after \d+ ?s.{0,20}limit/,
    /(?<!disk |memory |heap )\bquota\b.{0,40}\b(?:reached|used up|exhausted|depleted)|\b(?:over|exceed(?:ed|s|ing)?|reached|used up|hit) (?:(?!disk\b|memory\b|heap\b)[\w-]+ ){1,4}(?:quota|allowance)\b|QuotaExceeded|LimitExceededException|TooManyRequests|request (?:rate|charge) is (?:too )?large|exceeds the current capacity of|exceeded the ['"`]?max_(?:questions|updates|\w+_per_hour)/,
    /\b(?:plan|tier|subscription|monthly|spend(?:ing)?|billing|usage|free|hard|throughput)\b.{0,30}\blimit\b.{0,40}\b(?:reached|exceeded|hit|used up)|(?:reached|exceeded|hit|over) .{0,30}\b(?:plan|tier|subscription|monthly|spend(?:ing)?|billing|usage)\b.{0,20}\blimit|max (?:daily |monthly )?requests? limit|\b402 Payment Required\b|already using \d+ collections of \d+/,
    /(?:reduce|lower|slow) (?:down )?your (?:request )?(?:rate|requests)|\bSlowDown\b|\b(?:requests?|calls|messages|tokens) per (?:second|minute|hour|day)\b.{0,40}\b(?:exceeded|reached|over)|(?:exceeded|over|above) .{0,40}\b(?:requests?|calls|messages|tokens) per (?:second|minute|hour|day)/,
    /request rate is (?:too )?(?:large|high)|more request units|TooManyRequests|exceeded (?:the )?(?:allowed|maximum) (?:number of )?(?:requests|calls)|calls? (?:per|a) \w+ (?:is|was) (?:exceeded|reached)/,
  ),
  /** It refuses work because enough is waiting already. */
  capacity: anyOf(
    'i',
    /(?:queue|buffer|backlog|mailbox|bulkhead|executor)\b.{0,40}\bfull\b|too many (?:pending|queued|concurrent|waiting)|\boverload(?:ed)?\b|\b(?:at|over) capacity\b/,
    /\bno more \w+ (?:are|is) (?:taken|accepted)|RejectedExecution|back[- ]?pressure|load shed|\bmore than \d+ (?:\w+ )?at (?:once|a time|the same time)|concurrency limit/,
    /\b(?<busy>\d+) (?:of|out of|\/) \k<busy> (?:\w+ )?(?:workers|threads|slots|permits|handlers)|\bno (?:free |idle )?(?:worker|thread|slot|permit|handler)s? (?:is|are|was|were|left|available|free)\b/,
    /\b(?:server|service|system)(?: is)?(?: too)? busy\b|under (?:heavy |high |too much )?pressure|max\w*(?: number of)?(?: concurrent)? (?:requests|sessions|jobs)(?: \w+)? (?:reached|exceeded)|queue holds \d+ \w+ already|does not permit further/,
    /reset reason: overflow|table full, dropping|SYN flooding|dropping (?:packet|request|connection)|(?:listen|accept)(?:ing)? queue\b.{0,30}\b(?:overflow|full)|max_children\b|max(?:imum)? (?:number of )?(?:threads|workers|processes)\b.{0,20}\breached|EsRejectedExecution|server reached \S*max/,
  ),
  deadlock: anyOf(
    'i',
    /deadlock detected|Deadlock found|\bdeadlocked on\b|deadlock victim|Java-level deadlock|all goroutines are asleep/,
    /lock wait timeout|due to lock timeout|could not obtain lock|database is locked/,
    /SQLTransactionRollback.{0,20}Deadlock|WriteConflict|could not serialize access|lock (?:was|is|could) not (?:be )?(?:obtained|acquired|taken)|un-acquired lock|has been blocked for \d|saw no progress|no progress for \d/,
    /\block\b.{0,20}\b(?:acquisition )?(?:failed|timed out)|\b(?:holds|held) the lock\b|\bworker timeout\b|waited .{0,30}\bfor (?:the|a) lock|blocked for more than \d+ s|could not (?:get|take|acquire) (?:the |a )?lock|LockTimeout|event loop (?:is )?blocked|stuck thread|watchdog/,
    /lock request time ?out|TransactionRetry|restart transaction|thread ?pool starvation|resource busy and acquire|soft lockup|hung_task|\brcu\w* .{0,30}stall|ConcurrencyConflict|lock not available|55P03|40P01|thread starvation or clock leap/,
  ),
  clock: anyOf(
    'i',
    /token used (?:too early|before issued)|(?<!has expired or is )not yet valid|not yet current|JWT not active|nbf (?:claim|is in the future)/,
    /clock (?:skew|is (?:ahead|behind)|drift)|RequestTimeTooSkewed|difference between the request time and the current time/,
    /(?:\b(?:is|lies|issued|dated|token|time|timestamp|iat|nbf)\b.{0,20}\bin|from) the future|ImmatureSignature|KRB_AP_ERR_SKEW|CertificateNotYetValid|current time \S+ is before|timestamp\b.{0,40}\b(?:too old|too new|outside|in the future|out of range|skew)/,
    /\bclocks?\b.{0,20}\b(?:unsynchroni[sz]ed|not synchroni[sz]ed|wrong|fast|slow)\b|\bearlier than (?:the )?(?:nbf|iat)\b|RequestExpired|clock was (?:set|moved|turned)|time (?:has )?(?:moved|jumped|went|gone) back|clocks? (?:differ|disagree)|iat\b.{0,10}future|set your clock/,
    /signature expired: \S+ is now earlier than|wrong by -?[\d.]+ s|system time .{0,40}(?:jump|offset|wrong)|NTP.{0,30}(?:not synchroni[sz]ed|unreachable)|issued at .{0,40}after (?:now|the current)/,
  ),
  external:
    /(?:open-?meteo|upstream|provider|external|third[- ]party|https?:\/\/(?!localhost|127\.|\[?::1)[a-z0-9.-]+\.[a-z]{2,})[^\n]{0,160}?(?:\b50[0-9]\b|unavailable|fetch failed|timed? ?out|timeout|\bECONN\w+|ENOTFOUND|socket hang up|failed|unreachable|did not answer)|(?:\b50[0-9]\b|fetch failed|timed? ?out|timeout|\bECONN\w+|unavailable)[^\n]{0,80}?(?:open-?meteo|upstream|external)|\b[\w-]+(?:\.[\w-]+)*(?::\d{2,5})? (?:answered|responded|replied|returned)(?: with)?(?: status)?(?: code)?[ :]{1,2}5\d\d\b|\bfetch failed\b|Bad ?Gateway|Gateway ?Time-?out|\bAPIConnectionError|(?:communicating|talking) (?:with|to) [\w.]+:? .{0,20}\b5\d\d\b|\bStatus Code: 5\d\d\b/i,
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
];

const PLAINLY_OUTSIDE: readonly RegExp[] = [TEXTS.dns, TEXTS.tls, TEXTS.refused, /\bfetch failed\b|Failed to fetch/i];

/** A type of error that only a wrong program throws; `reading 'timeout'` in its message does not make it a time-out. */
export function isProgrammingError(type: string, text: string): boolean {
  return PROGRAMMING_ERRORS.test(type) && !PLAINLY_OUTSIDE.some((pattern) => pattern.test(text));
}

/** Whether a text says more than that something failed: it has the words of one of the classes. */
export function namesFault(text: string): boolean {
  return Object.values(TEXTS).some((pattern) => pattern.test(text));
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
