/** Small changes that use up what a process has: memory, processor, descriptors, disk, connections. ◂ marks the line at fault. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_RESOURCES: readonly Row[] = [
  [
    'memory-leak',
    'src/pages.ts',
    'answers kept by their address, and never taken out',
    `
 import { render } from './render.js';
 
+const kept = new Map<string, string>();
+
 export async function page(url: string): Promise<string> {
-  return render(url);
+  const known = kept.get(url);
+  if (known !== undefined) return known;
+  const made = await render(url);
+  kept.set(url, made); ◂
+  return made;
 }`,
  ],
  [
    'memory-leak',
    'src/audit.ts',
    'a list on the class that only grows',
    `
 export class Audit {
+  private readonly entries: Entry[] = [];
   constructor(private readonly sink: Sink) {}
 
   async note(entry: Entry): Promise<void> {
+    this.entries.push(entry); ◂
     await this.sink.write(entry);
   }`,
  ],
  [
    'memory-leak',
    'src/stream.ts',
    'a listener more with each request',
    `
 export function follow(request: Request, response: Response): void {
   response.writeHead(200, { 'content-type': 'text/event-stream' });
-  bus.once('change', (change) => response.write(change));
+  bus.on('change', (change) => response.write(change)); ◂
 }`,
  ],
  [
    'memory-leak',
    'src/session.ts',
    'a timer per request that nobody clears',
    `
 export function open(session: Session): void {
   sessions.add(session);
+  setInterval(() => session.touch(), 30_000); ◂
 }`,
  ],
  [
    'memory-leak',
    'src/rooms.ts',
    'what left is no longer taken out',
    `
   socket.on('close', () => {
-    rooms.delete(socket.id); ◂
     logger.info({ id: socket.id }, 'left');
   });`,
  ],
  [
    'memory-leak',
    'src/memo.ts',
    'a weak map made a strong one',
    `
-const seen = new WeakMap<object, Result>();
+const seen = new Map<object, Result>(); ◂
 
 export function resultOf(key: object): Result {
   let result = seen.get(key);`,
  ],
  [
    'memory-leak',
    'src/cache.ts',
    'a bounded cache becomes a plain map',
    `
-import { LRUCache } from 'lru-cache';
-
-const quotes = new LRUCache<string, Quote>({ max: 500 });
+const quotes = new Map<string, Quote>(); ◂
 
 export function quoteOf(id: string): Quote | undefined {
   return quotes.get(id);`,
  ],
  [
    'memory-leak',
    'src/dedupe.ts',
    'ids already seen, in a set for good',
    `
+const handled = new Set<string>();
+
 export async function consume(message: Message): Promise<void> {
+  if (handled.has(message.id)) return;
+  handled.add(message.id); ◂
   await apply(message);
 }`,
  ],
  [
    'memory-leak',
    'app/tokens.py',
    'a dictionary at module level, filled by requests',
    `
 import secrets
 
+_issued = {}
+
 def issue(user):
     token = secrets.token_hex(16)
+    _issued[token] = user ◂
     return token`,
  ],
  [
    'memory-leak',
    'app/report.py',
    'memoised without a bound',
    `
+from functools import lru_cache
 from .store import rows
 
 
+@lru_cache(maxsize=None) ◂
 def report(customer, at):
     return [line(row) for row in rows(customer, at)]`,
  ],
  [
    'memory-leak',
    'app/report.py',
    'the bound of a memo taken away',
    `
-@lru_cache(maxsize=256)
+@cache ◂
 def price(article, day):
     return look_up(article, day)`,
  ],
  [
    'memory-leak',
    'app/handlers.py',
    'a mutable default that gathers',
    `
-def collect(request, found=None):
-    found = found or []
+def collect(request, found=[]): ◂
     for item in request.items:
         found.append(item)
     return found`,
  ],
  [
    'memory-leak',
    'app/events.py',
    'an attribute list that is appended to',
    `
     def handle(self, event):
+        self.history.append(event) ◂
         for listener in self.listeners:
             listener(event)`,
  ],
  [
    'memory-leak',
    'app/work.py',
    'a deque loses its greatest length',
    `
-recent = deque(maxlen=100)
+recent = deque() ◂
 
 def note(line):
     recent.append(line)`,
  ],
  [
    'memory-leak',
    'app/later.py',
    'a thread per order that waits long',
    `
 def place(order):
     store.save(order)
+    threading.Timer(6 * 3600, remind, args=(order,)).start() ◂
     return order.id`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Quotes.java',
    'a static map that is only put into',
    `
 public final class Quotes {
+    private static final Map<String, Quote> SEEN = new ConcurrentHashMap<>();
     private final Source source;
 
     public Quote of(String id) {
-        return source.load(id);
+        return SEEN.computeIfAbsent(id, source::load); ◂
     }`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Context.java',
    'a thread local that is not removed',
    `
         try {
             chain.doFilter(request, response);
         } finally {
-            CURRENT.remove(); ◂
             timer.stop();
         }`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Rates.java',
    'a cache builder without its bounds',
    `
         this.rates = Caffeine.newBuilder()
-                .maximumSize(10_000) ◂
-                .expireAfterWrite(Duration.ofMinutes(5))
                 .build();`,
  ],
  [
    'memory-leak',
    'internal/hub/hub.go',
    'subscribers that are not deleted',
    `
 func (h *Hub) Leave(id string) {
 	h.mu.Lock()
 	defer h.mu.Unlock()
-	delete(h.subscribers, id) ◂
+	h.left++
 }`,
  ],
  [
    'memory-leak',
    'internal/watch/watch.go',
    'a goroutine per call that never ends',
    `
 func (s *Server) Watch(w http.ResponseWriter, r *http.Request) {
 	ch := s.hub.Subscribe()
+	go func() { ◂
+		for range ch {
+			s.metrics.Seen.Inc()
+		}
+	}()
 	s.stream(w, ch)
 }`,
  ],
  [
    'memory-leak',
    'internal/seen/seen.go',
    'a package map that requests fill',
    `
 package seen
 
+var bodies = map[string][]byte{}
+
 func Note(id string, body []byte) {
+	bodies[id] = body ◂
 	count.Inc()
 }`,
  ],
  [
    'memory-leak',
    'internal/poll/poll.go',
    'a ticker that is not stopped',
    `
 	ticker := time.NewTicker(time.Second)
-	defer ticker.Stop() ◂
 	for {
 		select {`,
  ],
  [
    'memory-leak',
    'config/app.yaml',
    'sessions are kept a hundred times as long',
    `
 sessions:
-  ttl: 15m
+  ttl: 24h ◂
   store: memory`,
  ],

  [
    'out-of-memory',
    'src/export.ts',
    'a file read whole in place of a stream',
    `
 export async function send(path: string, response: ServerResponse): Promise<void> {
-  await pipeline(createReadStream(path), response);
+  response.end(await readFile(path)); ◂
 }`,
  ],
  [
    'out-of-memory',
    'src/export.ts',
    'all rows of a table at once',
    `
-  for await (const row of orders.find({}).batchSize(500)) write(row);
+  for (const row of await orders.find({}).toArray()) write(row); ◂`,
  ],
  [
    'out-of-memory',
    'src/server.ts',
    'bodies of any size are taken',
    `
-app.use(express.json({ limit: '1mb' }));
+app.use(express.json({ limit: '2gb' })); ◂
 app.use(routes);`,
  ],
  [
    'out-of-memory',
    'src/thumbs.ts',
    'all pictures at the same time',
    `
-  for (const picture of pictures) await shrink(picture);
+  await Promise.all(pictures.map((picture) => shrink(picture))); ◂`,
  ],
  [
    'out-of-memory',
    'app/export.py',
    'everything fetched before the first is written',
    `
-    for row in cursor:
+    for row in cursor.fetchall(): ◂
         writer.writerow(row)`,
  ],
  [
    'out-of-memory',
    'app/export.py',
    'the query lost its page',
    `
-    rows = session.query(Order).limit(PAGE).offset(offset).all()
+    rows = session.query(Order).all() ◂
     return [row.as_dict() for row in rows]`,
  ],
  [
    'out-of-memory',
    'app/files.py',
    'an upload in memory in place of pieces',
    `
-    shutil.copyfileobj(upload.stream, target)
+    target.write(upload.stream.read()) ◂`,
  ],
  [
    'out-of-memory',
    'src/main/java/shop/Reports.java',
    'a list of all in place of a stream',
    `
-        try (Stream<Entry> entries = repository.streamAll()) {
-            entries.forEach(writer::write);
-        }
+        List<Entry> entries = repository.findAll(); ◂
+        entries.forEach(writer::write);`,
  ],
  [
    'out-of-memory',
    'internal/feed/feed.go',
    'a body without a greatest size',
    `
-	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
+	body, err := io.ReadAll(r.Body) ◂
 	if err != nil {`,
  ],
  [
    'out-of-memory',
    'Dockerfile',
    'a heap of a tenth',
    `
-ENV JAVA_OPTS="-Xmx512m -Xms256m"
+ENV JAVA_OPTS="-Xmx48m -Xms48m" ◂
 ENTRYPOINT ["java"]`,
  ],
  [
    'out-of-memory',
    'deploy/app.yaml',
    'a smaller limit of the container',
    `
         resources:
           limits:
-            memory: 512Mi
+            memory: 64Mi ◂
             cpu: 500m`,
  ],
  [
    'out-of-memory',
    'Dockerfile',
    'the old space of node, cut',
    `
-CMD ["node", "--max-old-space-size=768", "dist/main.js"]
+CMD ["node", "--max-old-space-size=64", "dist/main.js"] ◂`,
  ],
  [
    'out-of-memory',
    'docker-compose.yml',
    'the limit in compose, cut',
    `
   ledger:
     image: ledger
-    mem_limit: 1g
+    mem_limit: 96m ◂`,
  ],
  [
    'out-of-memory',
    'src/images.py',
    'a buffer of a thousand times the size',
    `
-CHUNK = 64 * 1024
+CHUNK = 64 * 1024 * 1024 ◂
 
 def pieces(stream):`,
  ],

  [
    'cpu-saturation',
    'src/login.ts',
    'a hundred times the rounds of hashing',
    `
-const ROUNDS = 10;
+const ROUNDS = 16; ◂
 
 export function hashOf(password: string): Promise<string> {
   return bcrypt.hash(password, ROUNDS);`,
  ],
  [
    'cpu-saturation',
    'src/callers.ts',
    'a key derived with each request',
    `
 export function callerOf(request: Request): string {
-  return request.headers['x-caller'] ?? 'unknown';
+  const name = request.headers['x-caller'] ?? 'unknown';
+  return pbkdf2Sync(name, SALT, 200_000, 32, 'sha256').toString('hex'); ◂
 }`,
  ],
  [
    'cpu-saturation',
    'src/match.ts',
    'a pattern with nested repetition',
    `
-const NAME = /^[\\w-]+$/;
+const NAME = /^(\\w+-?)+$/; ◂
 
 export const isName = (text: string): boolean => NAME.test(text);`,
  ],
  [
    'cpu-saturation',
    'src/state.ts',
    'the whole state copied in each step',
    `
   for (const event of events) {
-    apply(state, event);
+    state = apply(JSON.parse(JSON.stringify(state)), event); ◂
   }`,
  ],
  [
    'cpu-saturation',
    'src/join.ts',
    'a search in a list where a map was',
    `
-  const byId = new Map(customers.map((each) => [each.id, each]));
-  return orders.map((order) => ({ ...order, customer: byId.get(order.customerId) }));
+  return orders.map((order) => ({ ...order, customer: customers.find((each) => each.id === order.customerId) })); ◂`,
  ],
  [
    'cpu-saturation',
    'src/poll.ts',
    'a loop without its rest',
    `
   while (!stopped) {
     await look();
-    await sleep(PAUSE_MILLISECONDS); ◂
   }`,
  ],
  [
    'cpu-saturation',
    'config/poller.json',
    'asked a thousand times as often',
    `
 {
-  "intervalMs": 5000,
+  "intervalMs": 5, ◂
   "target": "prices"
 }`,
  ],
  [
    'cpu-saturation',
    'app/auth.py',
    'a digest of many rounds in the path of each request',
    `
 def caller(headers):
-    return headers.get("x-caller", "")
+    name = headers.get("x-caller", "")
+    return hashlib.pbkdf2_hmac("sha256", name.encode(), SALT, 300_000).hex() ◂`,
  ],
  [
    'cpu-saturation',
    'app/names.py',
    'digested again and again',
    `
-    return hashlib.sha256(name).hexdigest()
+    digest = name
+    for _ in range(200_000): ◂
+        digest = hashlib.sha256(digest).digest() ◂
+    return digest.hex()`,
  ],
  [
    'cpu-saturation',
    'app/sorting.py',
    'sorted in the loop',
    `
     for entry in entries:
         ranked.append(entry)
-    ranked.sort(key=by_amount)
+        ranked = sorted(ranked, key=by_amount) ◂
     return ranked`,
  ],
  [
    'cpu-saturation',
    'app/fib.py',
    'the memo of a recursion gone',
    `
-@lru_cache(maxsize=10_000) ◂
 def routes(from_stop, to_stop):
     return min(1 + routes(next_stop, to_stop) for next_stop in stops(from_stop))`,
  ],
  [
    'cpu-saturation',
    'app/rules.py',
    'patterns compiled in each call',
    `
-PATTERNS = [re.compile(rule) for rule in RULES]
-
 def kinds(text):
-    return [pattern for pattern in PATTERNS if pattern.search(text)]
+    return [rule for rule in RULES if re.compile(rule).search(text)] ◂`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Totals.java',
    'a nested loop over the same list',
    `
         for (Entry entry : entries) {
-            totals.merge(entry.account(), entry.cents(), Long::sum);
+            for (Entry other : entries) { ◂
+                if (other.account().equals(entry.account())) totals.merge(entry.account(), other.cents(), Long::sum);
+            }
         }`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Wait.java',
    'waiting by asking without a rest',
    `
         while (!queue.isDone()) {
-            Thread.sleep(50);
+            Thread.onSpinWait(); ◂
         }`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Json.java',
    'a mapper made per call',
    `
-    private static final ObjectMapper MAPPER = new ObjectMapper();
-
     String write(Object value) throws IOException {
-        return MAPPER.writeValueAsString(value);
+        return new ObjectMapper().findAndRegisterModules().writeValueAsString(value); ◂
     }`,
  ],
  [
    'cpu-saturation',
    'internal/spin/spin.go',
    'a select that never blocks',
    `
 	for {
 		select {
 		case job := <-jobs:
 			run(job)
+		default: ◂
 		}
 	}`,
  ],
  [
    'cpu-saturation',
    'internal/zip/zip.go',
    'the hardest compression for each answer',
    `
-	writer, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
+	writer, _ := gzip.NewWriterLevel(w, gzip.BestCompression) ◂
 	defer writer.Close()`,
  ],
  [
    'cpu-saturation',
    'deploy/app.yaml',
    'a tenth of the share of the processor',
    `
           limits:
             memory: 256Mi
-            cpu: "1"
+            cpu: 100m ◂`,
  ],
  [
    'cpu-saturation',
    'config/logging.yaml',
    'everything is logged',
    `
 root:
-  level: WARN
+  level: TRACE ◂
   appenders: [stdout]`,
  ],

  [
    'file-descriptor-limit',
    'src/files.ts',
    'opened and not closed',
    `
   const file = await open(path);
-  try {
-    return await file.readFile('utf8');
-  } finally {
-    await file.close(); ◂
-  }
+  return await file.readFile('utf8');`,
  ],
  [
    'file-descriptor-limit',
    'src/tail.ts',
    'a watcher per request',
    `
 export function follow(path: string, send: Send): void {
+  watch(path, () => send(path)); ◂
   send(path);
 }`,
  ],
  [
    'file-descriptor-limit',
    'app/read.py',
    'a file without its with',
    `
-    with open(path, encoding="utf-8") as source:
-        return source.read()
+    source = open(path, encoding="utf-8") ◂
+    return source.read()`,
  ],
  [
    'file-descriptor-limit',
    'app/client.py',
    'a session per call',
    `
-session = requests.Session()
-
 def ask(url):
+    session = requests.Session() ◂
     return session.get(url, timeout=2)`,
  ],
  [
    'file-descriptor-limit',
    'src/main/java/shop/Lines.java',
    'a stream that is not closed',
    `
-        try (BufferedReader reader = Files.newBufferedReader(path)) {
-            return reader.readLine();
-        }
+        BufferedReader reader = Files.newBufferedReader(path); ◂
+        return reader.readLine();`,
  ],
  [
    'file-descriptor-limit',
    'src/main/java/shop/Client.java',
    'an HTTP client per request',
    `
-    private final HttpClient client = HttpClient.newHttpClient();
-
     String ask(URI uri) throws Exception {
+        HttpClient client = HttpClient.newHttpClient(); ◂
         return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
     }`,
  ],
  [
    'file-descriptor-limit',
    'internal/ask/ask.go',
    'a body that is not closed',
    `
 	resp, err := client.Do(req)
 	if err != nil {
 		return nil, err
 	}
-	defer resp.Body.Close() ◂
 	return decode(resp)`,
  ],
  [
    'file-descriptor-limit',
    'internal/conf/conf.go',
    'a file that is not closed',
    `
 	file, err := os.Open(path)
 	if err != nil {
 		return err
 	}
-	defer file.Close() ◂
 	return parse(file)`,
  ],
  [
    'file-descriptor-limit',
    'docker-compose.yml',
    'a lower limit of open files',
    `
     ulimits:
-      nofile: 65536
+      nofile: 64 ◂`,
  ],
  [
    'file-descriptor-limit',
    'src/http.ts',
    'a connection agent for each request',
    `
-const agent = new Agent({ keepAlive: true });
-
 export function ask(url: string): Promise<Response> {
-  return request(url, { agent });
+  return request(url, { agent: new Agent({ keepAlive: true }) }); ◂
 }`,
  ],

  [
    'disk-full',
    'src/jobs/mail.ts',
    'each mail is written to the disk, and stays',
    `
   for (const order of orders) {
     await send(mailOf(order));
+    await writeFile(join(SENT, order.id + '.eml'), mailOf(order)); ◂
   }`,
  ],
  [
    'disk-full',
    'src/jobs/export.ts',
    'files that are no longer removed',
    `
   await upload(path);
-  await unlink(path); ◂
   logger.info({ path }, 'exported');`,
  ],
  [
    'disk-full',
    'src/log.ts',
    'whole bodies go to the log',
    `
-  logger.info({ url: request.url }, 'asked');
+  logger.info({ url: request.url, headers: request.headers, body: request.body }, 'asked'); ◂`,
  ],
  [
    'disk-full',
    'app/snap.py',
    'a snapshot per order',
    `
     store.save(order)
+    with open(f"{FOLDER}/{order.id}.json", "w") as target: ◂
+        json.dump(order.as_dict(), target)
     return order`,
  ],
  [
    'disk-full',
    'app/logs.py',
    'a log file that is not rotated',
    `
-    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3)
+    handler = FileHandler(path) ◂
     logger.addHandler(handler)`,
  ],
  [
    'disk-full',
    'app/temp.py',
    'temporary files that stay',
    `
-    with tempfile.TemporaryDirectory() as folder:
-        return render(folder, order)
+    folder = tempfile.mkdtemp() ◂
+    return render(folder, order)`,
  ],
  [
    'disk-full',
    'config/logback.xml',
    'history kept for years',
    `
   <rollingPolicy>
-    <maxHistory>7</maxHistory>
+    <maxHistory>3650</maxHistory> ◂
   </rollingPolicy>`,
  ],
  [
    'disk-full',
    'config/retention.yaml',
    'retention of a year in place of days',
    `
 wal:
-  retention: 3d
+  retention: 365d ◂
   path: /data/wal`,
  ],
  [
    'disk-full',
    'src/main/java/shop/Journal.java',
    'a dump with each posting',
    `
         journal.append(entry);
+        Files.writeString(folder.resolve(entry.id() + ".json"), entry.toJson()); ◂
         return entry.id();`,
  ],
  [
    'disk-full',
    'internal/store/store.go',
    'old segments stay',
    `
 func (s *Store) roll() error {
 	s.segment++
-	os.Remove(s.path(s.segment - keep)) ◂
 	return s.open(s.segment)
 }`,
  ],
  [
    'disk-full',
    'internal/trace/trace.go',
    'each request is appended to a file',
    `
 func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
+	os.WriteFile(filepath.Join(dir, uuid.NewString()), dump(r), 0o644) ◂
 	s.next.ServeHTTP(w, r)
 }`,
  ],

  [
    'pool-exhaustion',
    'src/store.ts',
    'a connection that is not given back',
    `
   const client = await pool.connect();
-  try {
-    return (await client.query(ORDERS)).rows;
-  } finally {
-    client.release(); ◂
-  }
+  return (await client.query(ORDERS)).rows;`,
  ],
  [
    'pool-exhaustion',
    'src/store.ts',
    'asked abroad while a connection is held',
    `
   const client = await pool.connect();
   try {
     const order = await client.query(ORDER, [id]);
+    const rate = await fetch(RATES_URL); ◂
     return priced(order.rows[0]);
   } finally {
     client.release();
   }`,
  ],
  [
    'pool-exhaustion',
    'src/store.ts',
    'given back on one way only',
    `
   const client = await pool.connect();
   const { rows } = await client.query(ORDERS);
-  client.release();
-  if (rows.length === 0) return [];
+  if (rows.length === 0) return []; ◂
+  client.release();
   return rows.map(orderOf);`,
  ],
  [
    'pool-exhaustion',
    'config/database.json',
    'a tenth of the connections',
    `
 {
-  "poolSize": 20,
+  "poolSize": 2, ◂
   "idleMs": 10000
 }`,
  ],
  [
    'pool-exhaustion',
    'src/db.ts',
    'a pool made with each call',
    `
-const pool = new Pool({ connectionString: url });
-
 export async function rows(sql: string): Promise<Row[]> {
+  const pool = new Pool({ connectionString: url }); ◂
   return (await pool.query(sql)).rows;
 }`,
  ],
  [
    'pool-exhaustion',
    'app/store.py',
    'a connection is not put back',
    `
     connection = pool.getconn()
-    try:
-        return read(connection)
-    finally:
-        pool.putconn(connection) ◂
+    return read(connection)`,
  ],
  [
    'pool-exhaustion',
    'app/store.py',
    'a pause while the connection is held',
    `
     with pool.connection() as connection:
         for attempt in range(3):
             row = read(connection, order_id)
             if row:
                 return row
+            time.sleep(0.5) ◂`,
  ],
  [
    'pool-exhaustion',
    'app/db.py',
    'an engine per request',
    `
-engine = create_engine(URL, pool_size=5)
-
 def session():
+    engine = create_engine(URL, pool_size=5) ◂
     return Session(engine)`,
  ],
  [
    'pool-exhaustion',
    'config/app.properties',
    'fewer connections at most',
    `
-spring.datasource.hikari.maximum-pool-size=20
+spring.datasource.hikari.maximum-pool-size=2 ◂
 spring.datasource.hikari.minimum-idle=2`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/Accounts.java',
    'a connection without try',
    `
-        try (Connection connection = pool.getConnection()) {
-            return read(connection, account);
-        }
+        Connection connection = pool.getConnection(); ◂
+        return read(connection, account);`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/Transfers.java',
    'a remote call inside of a transaction',
    `
     @Transactional
     public void transfer(Transfer transfer) {
         accounts.debit(transfer);
+        rates.exchangeFor(transfer.currency()); ◂
         accounts.credit(transfer);
     }`,
  ],
  [
    'pool-exhaustion',
    'internal/db/db.go',
    'rows that are not closed',
    `
 	rows, err := db.QueryContext(ctx, query)
 	if err != nil {
 		return nil, err
 	}
-	defer rows.Close() ◂
 	for rows.Next() {`,
  ],
  [
    'pool-exhaustion',
    'internal/db/db.go',
    'one open connection at most',
    `
-	db.SetMaxOpenConns(25)
+	db.SetMaxOpenConns(1) ◂
 	db.SetConnMaxLifetime(time.Hour)`,
  ],
  [
    'pool-exhaustion',
    'internal/pay/pay.go',
    'a transaction left open on an early way out',
    `
 	tx, err := db.BeginTx(ctx, nil)
 	if err != nil {
 		return err
 	}
-	defer tx.Rollback() ◂
 	if err := charge(tx, order); err != nil {`,
  ],
];
