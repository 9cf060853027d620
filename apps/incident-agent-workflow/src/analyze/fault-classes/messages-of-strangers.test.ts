/** What programs of further languages, databases, proxies, kernels and clouds say, with the lines about it, beside what the well say. */
import { expect, test } from 'vitest';
import { TEXTS } from './texts.ts';

type Kind = keyof typeof TEXTS;
const KINDS = Object.keys(TEXTS) as Kind[];

/** The kind, what was said, and a second kind that it may be taken for as well. */
const MESSAGES: readonly (readonly [Kind, string, Kind?])[] = [
  [
    'outOfMemory',
    'php-fpm[21]: [WARNING] [pool www] child 87 exited on signal 9 (SIGKILL) after 12.301922 seconds from start\nkernel: Killed process 9921 (php-fpm) total-vm:812004kB, anon-rss:498232kB',
  ],
  [
    'outOfMemory',
    "thread 'tokio-runtime-worker' panicked: memory allocation of 17179869184 bytes failed\nnote: run with `RUST_BACKTRACE=1`",
  ],
  [
    'outOfMemory',
    'eheap_alloc: Cannot allocate 1318267840 bytes of memory (of type "heap").\nCrash dump is being written to: erl_crash.dump...done',
  ],
  [
    'outOfMemory',
    'JAVA_OPTIONS: -Xmx512m\norg.apache.kafka.common.errors.RecordTooLargeException caused by java.lang.OutOfMemoryError: Direct buffer memory',
  ],
  [
    'outOfMemory',
    'ERROR:  out of memory\nDETAIL:  Failed on request of size 134217728 in memory context "ExecutorState".',
  ],
  ['outOfMemory', "There is insufficient system memory in resource pool 'default' to run this query."],
  [
    'outOfMemory',
    'io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 16777216 byte(s) of direct memory (used: 520093703, max: 536870912)',
  ],
  [
    'outOfMemory',
    'Pod was evicted: The node was low on resource: memory. Container api was using 1912Mi, which exceeds its request of 512Mi.',
  ],
  [
    'dns',
    'haproxy[1]: backend api has no server available!\nServer api/s1 is going DOWN for maintenance (No IP for server). DNS resolution failure',
  ],
  ['dns', 'failed to connect to all addresses; last error: UNKNOWN: DNS server returned answer with no data'],
  [
    'dns',
    'reqwest::Error { kind: Request, source: hyper::Error(Connect, ConnectError("dns error", Custom { kind: Uncategorized, error: "failed to lookup address information" })) }',
  ],
  ['dns', 'Excon::Error::Socket: getaddrinfo: nodename nor servname provided (SocketError)'],
  [
    'dns',
    'org.apache.kafka.common.config.ConfigException: No resolvable bootstrap urls given in bootstrap.servers',
    'config',
  ],
  ['dns', 'SQLSTATE[HY000] [2002] php_network_getaddresses: getaddrinfo for mysql failed: Try again'],
  ['dns', '** (DBConnection.ConnectionError) tcp connect (db:5432): non-existing domain - :nxdomain'],
  [
    'tls',
    '** (Mint.TransportError) TLS client: In state wait_cert at ssl_handshake.erl generated CLIENT ALERT: Fatal - Unknown CA',
  ],
  [
    'tls',
    'System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: NotTimeValid',
  ],
  ['tls', 'invalid peer certificate: UnknownIssuer'],
  ['tls', 'cURL error 60: SSL certificate problem: unable to get local issuer certificate'],
  [
    'tls',
    'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream',
  ],
  ['tls', 'http: TLS handshake error from 10.2.0.4:51442: remote error: tls: unknown certificate authority'],
  ['tls', 'Error: C01C4F1E7F7F0000:error:0A000152:SSL routines:final_renegotiate:unsafe legacy renegotiation disabled'],
  [
    'tls',
    'javax.net.ssl.SSLException: No appropriate protocol (protocol is disabled or cipher suites are inappropriate)',
  ],
  [
    'auth',
    'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value',
  ],
  [
    'auth',
    'botocore.exceptions.ClientError: An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.',
  ],
  ['auth', 'botocore.exceptions.NoCredentialsError: Unable to locate credentials'],
  ['auth', 'google.auth.exceptions.DefaultCredentialsError: Could not automatically determine credentials.'],
  ['auth', 'ERROR 3118 (HY000): Access denied for user app. Account is locked.'],
  ['auth', 'Cannot open database "shop" requested by the login. The login failed.'],
  [
    'auth',
    'org.neo4j.driver.exceptions.AuthenticationException: The client is unauthorized due to authentication failure.',
  ],
  [
    'auth',
    'com.datastax.oss.driver.api.core.auth.AuthenticationException: Provided username shop and/or password are incorrect',
  ],
  [
    'auth',
    'Error response from daemon: pull access denied for shop/api, repository does not exist or may require docker login',
  ],
  ['auth', 'mail.send failed: 535-5.7.8 Username and Password not accepted'],
  ['refused', 'SQLSTATE[HY000] [2002] Connection refused'],
  ['refused', '** (DBConnection.ConnectionError) tcp connect (localhost:5432): connection refused - :econnrefused'],
  [
    'refused',
    'com.rabbitmq.client.AlreadyClosedException: connection is already closed due to connection error; cause: java.io.EOFException',
  ],
  [
    'refused',
    'NOT_LEADER_OR_FOLLOWER: For requests intended only for the leader, this error indicates that the broker is not the current leader.',
  ],
  ['refused', 'io.lettuce.core.RedisConnectionException: Unable to connect to cache:6379'],
  ['refused', 'etcdserver: no leader'],
  ['refused', "READONLY You can't write against a read only replica."],
  [
    'refused',
    'A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible.',
  ],
  ['refused', 'com.datastax.oss.driver.api.core.AllNodesFailedException: Could not reach any contact point'],
  ['refused', 'no available server: 503 from traefik', 'external'],
  ['pool', "Mysql2::Error::ConnectionError: User shop already has more than 'max_user_connections' active connections"],
  [
    'pool',
    '** (DBConnection.ConnectionError) connection not available and request was dropped from queue after 2734ms. This means requests are coming in and your connection pool cannot serve them fast enough.',
  ],
  ['pool', 'FATAL:  too many connections for database "shop"'],
  ['pool', 'ORA-12516: TNS:listener could not find available handler with matching protocol stack'],
  ['capacity', 'WARNING: [pool www] server reached pm.max_children setting (20), consider raising it'],
  ['pool', 'The request limit for the database is 60 and has been reached.', 'capacity'],
  ['pool', 'sqlx::Error: PoolTimedOut'],
  ['pool', 'io.r2dbc.pool.PoolAcquireTimeoutException: Connection acquisition timed out after 5000ms'],
  ['pool', 'FATAL: query_wait_timeout'],
  [
    'timeout',
    'Cassandra timeout during read query at consistency LOCAL_QUORUM (2 responses were required but only 1 replica responded)',
  ],
  ['timeout', 'cURL error 28: Operation timed out after 5001 milliseconds with 0 bytes received'],
  ['timeout', 'Net::ReadTimeout with #<TCPSocket:(closed)>'],
  ['timeout', 'etcdserver: request timed out'],
  ['timeout', 'upstream prematurely closed: 504 Gateway Time-out', 'external'],
  [
    'timeout',
    'org.apache.kafka.common.errors.TimeoutException: Expiring 3 record(s) for orders-0:120001 ms has passed since batch creation',
  ],
  [
    'timeout',
    'Polly.Timeout.TimeoutRejectedException: The delegate executed asynchronously through TimeoutPolicy did not complete within the timeout.',
  ],
  ['timeout', '** (exit) exited in: GenServer.call(Shop.Prices, {:get, 17}, 5000)\n    ** (EXIT) time out'],
  ['disk', 'failed to create shim task: write /var/lib/containerd/tmp: no space left on device'],
  ['disk', 'mvcc: database space exceeded'],
  [
    'disk',
    'rabbit: disk resource limit alarm set on node rabbit@a. Publishers will be blocked until this alarm clears',
  ],
  ['disk', 'ERROR 1021 (HY000): Disk full (/tmp/#sql_1_0.MYI); waiting for someone to free some space'],
  [
    'disk',
    "Could not allocate space for object 'dbo.Orders' in database 'shop' because the 'PRIMARY' filegroup is full.",
  ],
  ['disk', 'ORA-01653: unable to extend table SHOP.ORDERS by 128 in tablespace USERS'],
  ['disk', 'EXT4-fs warning: Directory index full, reach max htree level; No space left: out of inodes'],
  ['pool', 'worker_connections are not enough while connecting to upstream'],
  ['descriptors', 'nginx: [alert] 768 worker_connections exceed open file resource limit: 512', 'config'],
  ['descriptors', 'connect EADDRNOTAVAIL 10.0.0.4:443 - Local (0.0.0.0:0)'],
  ['descriptors', 'Os { code: 24, kind: Uncategorized, message: "Too many open files" }'],
  ['descriptors', 'cannot assign requested address: dial tcp 10.0.0.7:6379'],
  [
    'config',
    'ERROR: for api: Cannot start service: error mounting "/srv/app.yml" to rootfs: not a directory: Are you trying to mount a directory onto a file',
  ],
  ['config', "ArgumentError: Missing `secret_key_base` for 'production' environment"],
  ['config', '** (RuntimeError) environment variable DATABASE_URL is missing.'],
  [
    'config',
    "Microsoft.Extensions.Options.OptionsValidationException: DataAnnotation validation failed for 'MailOptions' members: 'Host'",
  ],
  ['config', "haproxy: [ALERT] parsing [/etc/haproxy/haproxy.cfg:41] : unknown keyword 'blance' in 'backend' section"],
  [
    'config',
    'Error: failed to parse envoy bootstrap: Protobuf message (type envoy.config.bootstrap.v3.Bootstrap) has unknown fields',
  ],
  [
    'config',
    'error validating data: ValidationError(Deployment.spec.template.spec.containers[0]): unknown field "livenessprobe"',
  ],
  ['config', 'AH00526: Syntax error on line 12 of /etc/apache2/sites-enabled/000-default.conf'],
  ['config', 'could not find driver (Connection: mysql)'],
  [
    'schema',
    "Doctrine\\DBAL\\Exception\\InvalidFieldNameException: SQLSTATE[42S22]: Column not found: 1054 Unknown column 't0.channel'",
  ],
  ['schema', '** (Postgrex.Error) ERROR 42703 (undefined_column) column o0.channel does not exist'],
  ['schema', 'Npgsql.PostgresException (0x80004005): 42P01: relation "Orders" does not exist'],
  [
    'schema',
    "There is no column 'channel' in table orders. DB::Exception: Missing columns: 'channel' while processing query",
  ],
  ['schema', "The model backing the 'ShopContext' context has changed since the database was created."],
  ['schema', "alembic.script.revision.MultipleHeads: Multiple head revisions are present for given argument 'head'"],
  ['constraint', "SQLSTATE[23000]: Integrity constraint violation: 1048 Column 'phone' cannot be null"],
  [
    'constraint',
    'Ecto.ConstraintError: constraint error when attempting to insert struct: * "orders_pkey" (unique_constraint)',
  ],
  ['constraint', "String or binary data would be truncated in table 'shop.dbo.orders', column 'reference'."],
  ['rateLimit', 'TooManyRequestsException: Rate Exceeded.'],
  [
    'rateLimit',
    'com.google.api.gax.rpc.ResourceExhaustedException: io.grpc.StatusRuntimeException: RESOURCE_EXHAUSTED: Quota exceeded for quota metric',
  ],
  ['rateLimit', 'openai.RateLimitError: Error code: 429 - {"error":{"message":"Rate limit reached for requests"}}'],
  ['rateLimit', 'Request rate is large. More Request Units may be needed, so no changes were made. (16500)'],
  ['rateLimit', 'Octokit::TooManyRequests: GET https://api.github.com/repos: 403 - API rate limit exceeded'],
  ['deadlock', 'System.Data.SqlClient.SqlException: Lock request time out period exceeded.'],
  ['deadlock', 'ERROR: restart transaction: TransactionRetryWithProtoRefreshError: WriteTooOldError'],
  ['deadlock', 'warning: ThreadPool starvation detected: work items queued for 31 s'],
  ['deadlock', 'watchdog: BUG: soft lockup - CPU#2 stuck for 23s! [java:4711]'],
  ['deadlock', 'ORA-00054: resource busy and acquire with NOWAIT specified or timeout expired'],
  ['clock', 'chronyd: System clock wrong by 312.401214 seconds'],
  [
    'clock',
    'IDX10222: Lifetime validation failed. The token is not yet valid. ValidFrom (UTC): 10:05:00, Current time (UTC): 10:00:00',
  ],
  [
    'clock',
    'AuthFailure: AWS was not able to validate the provided access credentials; Signature expired: 20260301T100000Z is now earlier than 20260301T101000Z',
    'auth',
  ],
  ['capacity', 'envoy: upstream connect error: reset reason: overflow'],
  ['capacity', 'nf_conntrack: nf_conntrack: table full, dropping packet'],
  [
    'capacity',
    'org.elasticsearch EsRejectedExecutionException: rejected execution of TimedRunnable on QueueResizingEsThreadPoolExecutor[queue capacity = 1000]',
  ],
  ['capacity', 'TCP: request_sock_TCP: Possible SYN flooding on port 8080. Dropping request.'],
  ['external', 'stripe.error.APIConnectionError: Unexpected error communicating with Stripe: 500'],
  [
    'external',
    'com.amazonaws.services.s3.model.AmazonS3Exception: Service Unavailable (Service: Amazon S3; Status Code: 503; Error Code: 503 Service Unavailable)',
  ],
  ['external', 'SendGrid responded with status 502: upstream is down', 'refused'],
];

/** A wait for a connection or a lock ends with a time-out too, and so does a call to a stranger. */
const MAY_BE_BESIDE: Partial<Record<Kind, readonly Kind[]>> = {
  pool: ['timeout'],
  deadlock: ['timeout'],
  dns: ['timeout'],
  timeout: ['external'],
};

const rows = MESSAGES.map((row) => [`${row[0]}: ${row[1]}`, row] as const);

test.each(rows)('%s', (_, [kind, message, beside]) => {
  const said = KINDS.filter((each) => TEXTS[each].test(message));
  expect(said).toContain(kind);
  const others = said.filter((each) => each !== kind && each !== beside);
  expect(others.filter((other) => !MAY_BE_BESIDE[kind]?.includes(other))).toEqual([]);
});

test.each([
  'allocated 4096 bytes for the buffer of order 17',
  'memory: 412 of 1024 MiB in use',
  'resolved 3 addresses of payments.internal in 2 ms',
  'certificate chain of 2 certificates loaded',
  'TLS client connected to ledger:8443 with TLS_AES_256_GCM_SHA384',
  'credentials loaded from the environment',
  'client secret rotated',
  'user 17 signed in with a password',
  'elected as leader of term 12',
  'partition 3 has leader broker-1',
  'replica is 12 ms behind',
  'checked out a connection in 1 ms',
  'session 17 ended by its user',
  'request completed within 41 ms',
  'heartbeat sent',
  'tablespace USERS is 41 % full',
  '120000 inodes used of 6553600',
  'disk alarm cleared',
  'bound to local port 8080',
  'listening on 0.0.0.0:8080, backlog 511',
  'parsed 412 lines of prices.csv',
  'manifest written',
  'driver pgx 5.5 loaded',
  '2 heads of the feed merged',
  'no changes to migrate',
  'request rate is 41 per second',
  'transaction committed after 3 ms',
  'thread pool: 4 of 16 threads busy',
  'clock source tsc selected',
  'payment accepted by provider in 120 ms',
])('harmless: %s', (message) => {
  expect(KINDS.filter((kind) => TEXTS[kind].test(message))).toEqual([]);
});
