/** Small changes that touch the same words as the guilty ones and bring nothing about, each beside the class it is near to. */
import type { Row } from './row.test-helper.ts';

export const HARMLESS: readonly Row[] = [
  [
    'memory-leak',
    'src/pages.ts',
    'a map within a function',
    `
 export function countByDay(orders: Order[]): Map<string, number> {
-  const counts: Record<string, number> = {};
+  const counts = new Map<string, number>();
   for (const order of orders) {
+    counts.set(order.day, (counts.get(order.day) ?? 0) + 1);
   }`,
  ],
  [
    'memory-leak',
    'src/table.ts',
    'a table of what is known',
    `
 const NAMES = new Map<string, string>([
   ['de', 'German'],
+  ['fr', 'French'],
 ]);`,
  ],
  [
    'memory-leak',
    'src/cache.ts',
    'a cache with a bound',
    `
+const kept = new LRUCache<string, Page>({ max: 200, ttl: 60_000 });
+
 export async function page(url: string): Promise<Page> {
+  const known = kept.get(url);
+  if (known) return known;
   const made = await render(url);
+  kept.set(url, made);
   return made;`,
  ],
  [
    'memory-leak',
    'src/cache.ts',
    'a map whose oldest entry goes',
    `
+const kept = new Map<string, Page>();
+
 export function keep(url: string, page: Page): void {
+  if (kept.size >= MAX_PAGES) kept.delete(kept.keys().next().value);
+  kept.set(url, page);
 }`,
  ],
  [
    'memory-leak',
    'src/list.ts',
    'a list of one answer',
    `
   const lines: string[] = [];
   for (const item of items) {
-    lines.push(item.name);
+    lines.push(item.name, item.note);
   }`,
  ],
  [
    'memory-leak',
    'src/hooks.ts',
    'a listener at the start',
    `
 const server = createServer(app);
+server.on('error', (error) => logger.error({ error }));
 server.listen(port);`,
  ],
  [
    'memory-leak',
    'src/rename.ts',
    'a map with another name',
    `
-const kept = new Map<string, Page>();
+const pages = new Map<string, Page>();
 
 export function drop(url: string): void {
-  kept.delete(url);
+  pages.delete(url);
 }`,
  ],
  [
    'memory-leak',
    'app/group.py',
    'grouped within a function',
    `
 def by_customer(orders):
-    groups = {}
+    groups = defaultdict(list)
     for order in orders:
-        groups.setdefault(order.customer, []).append(order)
+        groups[order.customer].append(order)
     return groups`,
  ],
  [
    'memory-leak',
    'app/const.py',
    'a constant more',
    `
 COLOURS = {
     "red": 1,
+    "blue": 2,
 }`,
  ],
  [
    'memory-leak',
    'app/body.py',
    'a dictionary that is answered',
    `
     answer = {"id": order.id}
+    answer["note"] = order.note
     return answer`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Group.java',
    'a map of one call',
    `
     Map<String, Long> totals(List<Entry> entries) {
-        Map<String, Long> totals = new HashMap<>();
+        Map<String, Long> totals = new TreeMap<>();
         for (Entry entry : entries) totals.merge(entry.account(), entry.cents(), Long::sum);
         return totals;`,
  ],
  [
    'memory-leak',
    'internal/group/group.go',
    'a map of one call',
    `
 func totals(entries []Entry) map[string]int64 {
 	sums := map[string]int64{}
 	for _, entry := range entries {
-		sums[entry.Account] += entry.Cents
+		sums[entry.Account] = sums[entry.Account] + entry.Cents
 	}`,
  ],
  [
    'memory-leak',
    'src/app.ts',
    'a comment about memory',
    `
-// Kept for as long as the process lives.
+// Kept in memory, a map without a bound, for as long as the process lives.
 const names = readNames();`,
  ],
  [
    'out-of-memory',
    'deploy/app.yaml',
    'more memory',
    `
           limits:
-            memory: 256Mi
+            memory: 512Mi`,
  ],
  [
    'out-of-memory',
    'src/page.ts',
    'a smaller page',
    `
-const PAGE = 100;
+const PAGE = 80;`,
  ],
  [
    'out-of-memory',
    'src/conf.ts',
    'a small file of settings read',
    `
+const settings = JSON.parse(readFileSync('config/app.json', 'utf8'));
 export const port = settings.port;`,
  ],
  [
    'out-of-memory',
    'docs/memory.md',
    'words about memory',
    `
-The limit is 512Mi.
+The limit is 256Mi.`,
  ],
  [
    'out-of-memory',
    'src/type.ts',
    'a type for the same',
    `
-export function rows(): Promise<any[]> {
+export function rows(): Promise<Row[]> {
   return store.rows(LIMIT);`,
  ],

  [
    'cpu-saturation',
    'src/sum.ts',
    'a loop written otherwise',
    `
-  let total = 0;
-  for (const line of lines) total += line.cents;
+  const total = lines.reduce((sum, line) => sum + line.cents, 0);
   return total;`,
  ],
  [
    'cpu-saturation',
    'src/etag.ts',
    'a short digest of a short text',
    `
-  return '"' + id + '-' + version + '"';
+  return '"' + createHash('sha1').update(id + version).digest('hex') + '"';`,
  ],
  [
    'cpu-saturation',
    'src/name.ts',
    'a simple pattern',
    `
-const NAME = /^[a-z]+$/;
+const NAME = /^[a-z]{1,40}$/;`,
  ],
  [
    'cpu-saturation',
    'src/poll.ts',
    'asked less often',
    `
-const EVERY_MILLISECONDS = 2_000;
+const EVERY_MILLISECONDS = 5_000;`,
  ],
  [
    'cpu-saturation',
    'src/log.ts',
    'another word in the log',
    `
-  logger.info({ id }, 'order placed');
+  logger.info({ id, total }, 'an order was placed');`,
  ],
  [
    'cpu-saturation',
    'app/sort.py',
    'sorted by another key',
    `
-    return sorted(rows, key=lambda row: row.at)
+    return sorted(rows, key=lambda row: (row.at, row.id))`,
  ],
  [
    'cpu-saturation',
    'app/loop.py',
    'a loop over what was given',
    `
+    for line in order.lines:
+        line.check()
     return order`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Lines.java',
    'a stream in place of a loop',
    `
-        for (Line line : lines) names.add(line.name());
+        lines.stream().map(Line::name).forEach(names::add);`,
  ],
  [
    'cpu-saturation',
    'internal/api/api.go',
    'a function taken out',
    `
-	total := 0
-	for _, line := range lines {
-		total += line.Cents
-	}
-	return total
+	return sumOf(lines)
 }
+
+func sumOf(lines []Line) int {
+	total := 0
+	for _, line := range lines {
+		total += line.Cents
+	}
+	return total
+}`,
  ],
  [
    'cpu-saturation',
    'test/hash.test.ts',
    'rounds of hashing in a test',
    `
-const ROUNDS = 4;
+const ROUNDS = 14;`,
  ],

  [
    'file-descriptor-limit',
    'app/read.py',
    'read with another encoding',
    `
-    with open(path) as source:
+    with open(path, encoding="utf-8") as source:
         return source.read()`,
  ],
  [
    'file-descriptor-limit',
    'src/main/java/shop/Lines.java',
    'the resource with another name',
    `
-        try (BufferedReader reader = Files.newBufferedReader(path)) {
-            return reader.readLine();
+        try (BufferedReader lines = Files.newBufferedReader(path)) {
+            return lines.readLine();
         }`,
  ],
  [
    'file-descriptor-limit',
    'internal/ask/ask.go',
    'the body closed in a function',
    `
-	defer resp.Body.Close()
+	defer func() { _ = resp.Body.Close() }()
 	return decode(resp)`,
  ],
  [
    'file-descriptor-limit',
    'src/http.ts',
    'an agent at the start',
    `
+const agent = new Agent({ keepAlive: true, maxSockets: 20 });
+
 export function ask(url: string): Promise<Response> {
-  return request(url);
+  return request(url, { agent });
 }`,
  ],
  [
    'file-descriptor-limit',
    'src/files.ts',
    'helper for reading',
    `
-  return JSON.parse(await readFile(path, 'utf8'));
+  return parse(await readFile(path, 'utf8'));`,
  ],
  [
    'file-descriptor-limit',
    'docker-compose.yml',
    'more files',
    `
-      nofile: 1024
+      nofile: 65536`,
  ],

  [
    'disk-full',
    'src/log.ts',
    'a field more in the log',
    `
-  logger.info({ id }, 'done');
+  logger.info({ id, milliseconds }, 'done');`,
  ],
  [
    'disk-full',
    'src/jobs/export.ts',
    'the file has another name',
    `
-  await writeFile(join(folder, 'orders.csv'), text);
+  await writeFile(join(folder, 'all-orders.csv'), text);`,
  ],
  [
    'disk-full',
    'config/logging.yaml',
    'quieter',
    `
 root:
-  level: DEBUG
+  level: INFO`,
  ],
  [
    'disk-full',
    'config/retention.yaml',
    'kept for a shorter time',
    `
-  retention: 14d
+  retention: 7d`,
  ],
  [
    'disk-full',
    'app/logs.py',
    'one more file of history',
    `
-    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3)
+    handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=4)`,
  ],
  [
    'disk-full',
    'app/paths.py',
    'a path put together otherwise',
    `
-    path = folder + "/" + name
+    path = os.path.join(folder, name)
     return path`,
  ],

  [
    'pool-exhaustion',
    'config/database.json',
    'more connections',
    `
-  "poolSize": 10,
+  "poolSize": 20,`,
  ],
  [
    'pool-exhaustion',
    'src/store.ts',
    'the same query with a name',
    `
-  return (await pool.query('SELECT id FROM orders')).rows;
+  const { rows } = await pool.query('SELECT id FROM orders');
+  return rows;`,
  ],
  [
    'pool-exhaustion',
    'src/store.ts',
    'a connection taken, and given back',
    `
+  const client = await pool.connect();
+  try {
+    await client.query('SELECT 1');
+  } finally {
+    client.release();
+  }`,
  ],
  [
    'pool-exhaustion',
    'app/store.py',
    'a column more',
    `
     with pool.connection() as connection:
-        row = connection.execute("SELECT id FROM orders").fetchone()
+        row = connection.execute("SELECT id, at FROM orders").fetchone()`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/Accounts.java',
    'an exception with a name',
    `
         try (Connection connection = pool.getConnection()) {
             return read(connection, account);
-        } catch (SQLException e) {
-            throw new StoreException(e);
+        } catch (SQLException exception) {
+            throw new StoreException(exception);
         }`,
  ],
  [
    'pool-exhaustion',
    'internal/db/db.go',
    'a name for the query',
    `
-	rows, err := db.QueryContext(ctx, "SELECT id FROM orders")
+	rows, err := db.QueryContext(ctx, selectOrders)
 	if err != nil {
 		return nil, err
 	}
 	defer rows.Close()`,
  ],
  [
    'pool-exhaustion',
    'src/pool.ts',
    'a gauge of the pool',
    `
 const pool = new Pool({ max: 10 });
+metrics.gauge('pool_in_use', () => pool.totalCount - pool.idleCount);`,
  ],

  [
    'dependency-refused',
    'config/app.json',
    'a time limit beside the address',
    `
   "ledgerUrl": "http://ledger:8080",
-  "timeoutMs": 2000
+  "timeoutMs": 2500`,
  ],
  [
    'dependency-refused',
    'README.md',
    'another address in the text',
    `
-Open http://localhost:8080.
+Open http://localhost:9090.`,
  ],
  [
    'dependency-refused',
    'src/urls.ts',
    'the address has another name',
    `
-  const url = config.ledgerUrl;
+  const ledger = config.ledgerUrl;
-  return ask(url);
+  return ask(ledger);`,
  ],
  [
    'dependency-refused',
    'src/port.ts',
    'the port is logged',
    `
 server.listen(port);
+logger.info({ port }, 'listening');`,
  ],
  [
    'dns',
    'src/links.ts',
    'a link in a mail',
    `
-  const text = 'See https://shop.example/orders/' + id;
+  const text = 'Thank you. See https://shop.example/orders/' + id;`,
  ],
  [
    'dns',
    'config/app.json',
    'a title',
    `
-  "title": "Shop",
+  "title": "The shop",`,
  ],
  [
    'tls-certificate',
    'src/client.ts',
    'a client with keep alive',
    `
-const agent = new Agent();
+const agent = new Agent({ keepAlive: true });`,
  ],
  [
    'tls-certificate',
    'src/verify.ts',
    'an order is verified',
    `
-  return verify(order);
+  return verified(order);`,
  ],
  [
    'tls-certificate',
    'config/app.yaml',
    'another level of log beside',
    `
 payments:
   verify_tls: true
-  log: info
+  log: warn`,
  ],
  [
    'auth-secret',
    'src/log.ts',
    'the token is not logged',
    `
-  logger.info({ token }, 'asked');
+  logger.info('asked');`,
  ],
  [
    'auth-secret',
    'src/tokens.ts',
    'tokens of a parser',
    `
-  const tokens = text.split(' ');
+  const tokens = text.split(/\\s+/);`,
  ],
  [
    'auth-secret',
    'src/session.ts',
    'a session has a name',
    `
-export function open(session: Session): void {
+export function openSession(session: Session): void {`,
  ],
  [
    'auth-secret',
    'src/digest.ts',
    'the digest with a name',
    `
-  return createHmac('sha256', key).update(text).digest('hex');
+  const digest = createHmac('sha256', key).update(text).digest('hex');
+  return digest;`,
  ],
  [
    'auth-secret',
    'app/client.py',
    'a header more',
    `
     session.headers["x-api-key"] = key
+    session.headers["accept-language"] = "en"`,
  ],
  [
    'auth-secret',
    'src/author.ts',
    'the author of a note',
    `
-  author: string;
+  author: Author;`,
  ],
  [
    'rate-limit',
    'src/quotes.ts',
    'the cache has another name',
    `
-  const kept = cache.get(id);
+  const known = quotes.get(id);
-  if (kept) return kept;
+  if (known) return known;`,
  ],
  [
    'rate-limit',
    'config/app.json',
    'kept for longer',
    `
-  "cacheSeconds": 60,
+  "cacheSeconds": 600,`,
  ],
  [
    'rate-limit',
    'src/text.ts',
    'the words of the answer',
    `
-  return reply(429, 'slow down');
+  return reply(429, 'please slow down');`,
  ],
  [
    'rate-limit',
    'app/sync.py',
    'less often',
    `
-    schedule.every(1).minutes.do(sync)
+    schedule.every(10).minutes.do(sync)`,
  ],
  [
    'rate-limit',
    'src/key.ts',
    'a key as before, by a function',
    `
-  const key = from + ':' + to;
+  const key = keyOf(from, to);
   const known = cache.get(key);`,
  ],
  [
    'rate-limit',
    'internal/geo/geo.go',
    'fewer tries',
    `
-	retries := 5
+	retries := 2`,
  ],
  [
    'timeout-latency',
    'src/client.ts',
    'a little more patience',
    `
-const TIMEOUT_MS = 2_000;
+const TIMEOUT_MS = 3_000;`,
  ],
  [
    'timeout-latency',
    'src/orders.ts',
    'asked at the same time',
    `
-  const customer = await customers.find(id);
-  const order = await orders.find(id);
+  const [customer, order] = await Promise.all([customers.find(id), orders.find(id)]);`,
  ],
  [
    'timeout-latency',
    'src/orders.ts',
    'the same call, by another name',
    `
-  const order = await store.find(id);
+  const found = await store.find(id);
-  return order;
+  return found;`,
  ],
  [
    'timeout-latency',
    'app/handlers.py',
    'the answer is put together by a function',
    `
-    return {"id": order.id, "total": order.total}
+    return answer_of(order)`,
  ],
  [
    'timeout-latency',
    'app/handlers.py',
    'asked beside, not in the way',
    `
     order = store.save(body)
+    executor.submit(notify, order)
     return order.as_dict()`,
  ],
  [
    'timeout-latency',
    'migrations/010_index.sql',
    'an index more',
    `
+CREATE INDEX orders_by_day ON orders (day);`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Orders.java',
    'a field of a class is final',
    `
-    private Store store;
+    private final Store store;`,
  ],
  [
    'timeout-latency',
    'internal/api/api.go',
    'an error has more words',
    `
-		return fmt.Errorf("find: %w", err)
+		return fmt.Errorf("find order %s: %w", id, err)`,
  ],
  [
    'timeout-latency',
    'src/metrics.ts',
    'time is measured',
    `
+  const started = performance.now();
   const order = await store.find(id);
+  seconds.observe((performance.now() - started) / 1000);
   return order;`,
  ],
  [
    'queue-backlog',
    'config/mail.json',
    'a shorter pause',
    `
-  "pauseMs": 200,
+  "pauseMs": 20,`,
  ],
  [
    'queue-backlog',
    'config/mail.json',
    'another sender',
    `
-  "from": "shop@example.org",
+  "from": "orders@example.org",`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'more at a time',
    `
-const worker = new Worker('mails', send, { concurrency: 5 });
+const worker = new Worker('mails', send, { concurrency: 20 });`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'counted',
    `
     await run(job);
+    done.inc();`,
  ],
  [
    'queue-backlog',
    'deploy/worker.yaml',
    'more replicas',
    `
-  replicas: 2
+  replicas: 4`,
  ],
  [
    'queue-backlog',
    'app/worker.py',
    'a job is told',
    `
     for job in queue:
+        logger.info("job %s", job.id)
         handle(job)`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/Posting.java',
    'the length is measured',
    `
+        gauge.set(queue.size());
         Entry entry = queue.take();`,
  ],
  [
    'deadlock-stall',
    'app/store.py',
    'within the lock another name',
    `
         with self._lock:
-            self._write(order)
+            self._store(order)`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Journal.java',
    'the lock is let go all the same',
    `
         lock.lock();
         try {
-            entries.add(entry);
+            entries.addLast(entry);
         } finally {
             lock.unlock();
         }`,
  ],
  [
    'deadlock-stall',
    'internal/store/store.go',
    'a lock for readers',
    `
-	s.mu.Lock()
-	defer s.mu.Unlock()
+	s.mu.RLock()
+	defer s.mu.RUnlock()
 	return s.orders[id]`,
  ],
  [
    'deadlock-stall',
    'package-lock.json',
    'a version in the lock file',
    `
     "node_modules/fastify": {
-      "version": "5.1.0",
+      "version": "5.1.1",`,
  ],
  [
    'deadlock-stall',
    'src/block.ts',
    'a block of text',
    `
-  const block = lines.join(' ');
+  const block = lines.join('\\n');`,
  ],
  [
    'clock-skew',
    'src/time.ts',
    'the time is a parameter',
    `
-  const at = Date.now();
+  const at = clock.now();
   return at;`,
  ],
  [
    'clock-skew',
    'src/duration.ts',
    'a duration',
    `
-  return ended - started;
+  return (ended - started) / 1000;`,
  ],
  [
    'traffic-spike',
    'config/web.json',
    'asked less often',
    `
-  "refreshSeconds": 10,
+  "refreshSeconds": 60,`,
  ],
  [
    'traffic-spike',
    'src/page.ts',
    'a new page',
    `
+  router.get('/about', (request, response) => response.send(about()));
   router.get('/', home);`,
  ],
  [
    'bad-config',
    'config/app.properties',
    'a bigger number of the same form',
    `
-server.max-threads=200
+server.max-threads=250`,
  ],
  [
    'bad-config',
    'config/app.yaml',
    'a comment',
    `
-# seconds
+# in seconds
 timeout: 30`,
  ],
  [
    'bad-config',
    'config/app.json',
    'a key more',
    `
   "port": 8080,
+  "banner": "Welcome",
   "title": "Shop"`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'a default more',
    `
-  const limit = Number(process.env.PAGE_LIMIT);
+  const limit = Number(process.env.PAGE_LIMIT ?? '50');`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'read by a function',
    `
-  port: Number(process.env.PORT ?? '8080'),
+  port: numberOf('PORT', 8080),`,
  ],
  [
    'bad-config',
    'config/app.yaml',
    'the same, in another order',
    `
-timeout: 30
 port: 8080
+timeout: 30`,
  ],
  [
    'bad-config',
    '.env.example',
    'words in an example',
    `
-# LEDGER_URL=
+# LEDGER_URL=http://ledger:8080`,
  ],
  [
    'process-down',
    'src/main.ts',
    'ends in order',
    `
-process.on('SIGTERM', stop);
+process.on('SIGTERM', () => void stop());`,
  ],
  [
    'process-down',
    'Dockerfile',
    'a label',
    `
 FROM node:20
+LABEL maintainer="shop"
 COPY . .`,
  ],
  [
    'process-down',
    'src/log.ts',
    'the words of a log',
    `
-  logger.info('started');
+  logger.info({ port }, 'ready');`,
  ],
  [
    'code-error',
    'src/orders.ts',
    'a name',
    `
-  const sum = lines.reduce((all, line) => all + line.cents, 0);
+  const cents = lines.reduce((all, line) => all + line.cents, 0);
-  return sum;
+  return cents;`,
    "TypeError: Cannot read properties of undefined (reading 'percent')",
  ],
  [
    'code-error',
    'src/orders.ts',
    'a guard more',
    `
   const order = orders.get(id);
+  if (order === undefined) throw new NotFound(id);
   return order.total;`,
    "TypeError: Cannot read properties of undefined (reading 'percent')",
  ],
  [
    'code-error',
    'src/answer.ts',
    'a field more',
    `
   return {
     id: order.id,
+    note: order.note,
   };`,
    'invalid answer: total: Required',
  ],
  [
    'code-error',
    'src/text.ts',
    'the words of an error',
    `
-  throw new BadInput('no such place');
+  throw new BadInput('there is no such place');`,
    "TypeError: Cannot read properties of undefined (reading 'percent')",
  ],
  [
    'code-error',
    'app/handlers.py',
    'a function is taken out',
    `
-    total = sum(line.cents for line in lines)
+    total = total_of(lines)
     return total`,
    "KeyError: 'currency'",
  ],
  [
    'code-error',
    'package.json',
    'a version of a tool',
    `
-    "prettier": "3.1.0",
+    "prettier": "3.1.1",`,
    'ledger answered 400: cents: must be an integer',
  ],
  [
    'code-error',
    'internal/api/api.go',
    'the same, formatted',
    `
-	return respond(w, order, http.StatusOK)
+	return respond(
+		w,
+		order,
+		http.StatusOK,
+	)`,
    'panic: runtime error: index out of range [1] with length 1',
  ],
  [
    'code-error',
    'src/main/java/shop/Names.java',
    'a type is inferred',
    `
-        List<Line> lines = order.lines();
+        var lines = order.lines();`,
    'java.lang.NullPointerException: Cannot invoke "Account.cents()"',
  ],
  [
    'schema-migration',
    'migrations/013_note.sql',
    'a column that may be empty',
    `
+ALTER TABLE orders ADD COLUMN remark text;`,
    'column "total" does not exist',
  ],
  [
    'schema-migration',
    'migrations/014_table.sql',
    'a new table',
    `
+CREATE TABLE visits (id bigint PRIMARY KEY, at timestamptz);`,
    'null value in column "phone" violates not-null constraint',
  ],
  [
    'schema-migration',
    'src/store.ts',
    'a query in one line',
    `
-    'SELECT id ' +
-      'FROM orders',
+    'SELECT id FROM orders',`,
    'column "channel" does not exist',
  ],
];
