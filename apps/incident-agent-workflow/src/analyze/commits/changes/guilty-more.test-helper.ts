/** Still more forms of the same. ◂ marks the line at fault. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_MORE: readonly Row[] = [
  [
    'memory-leak',
    'src/requests.ts',
    'requests under way are kept by a number',
    `
 export function handle(request: Request, response: Response): void {
+  underWay.set(nextId(), { request, at: Date.now() }); ◂
   route(request, response);
 }`,
  ],
  [
    'memory-leak',
    'src/history.ts',
    'a history without an end',
    `
   note(price: number): void {
     this.prices.push(price);
-    if (this.prices.length > KEPT_PRICES) this.prices.shift(); ◂
   }`,
  ],
  [
    'memory-leak',
    'src/history.ts',
    'the last thousand become all',
    `
-  history = [...history, entry].slice(-1000);
+  history = [...history, entry]; ◂`,
  ],
  [
    'memory-leak',
    'src/abort.ts',
    'listeners of a signal that lives long',
    `
 async function ask(url: string): Promise<Answer> {
   const controller = new AbortController();
+  shutdown.addEventListener('abort', () => controller.abort()); ◂
   return fetch(url, { signal: controller.signal });
 }`,
  ],
  [
    'memory-leak',
    'app/errors.py',
    'tracebacks are kept',
    `
     except Exception as error:
+        self._failures.append(error) ◂
         logger.exception("failed")`,
  ],
  [
    'memory-leak',
    'app/views.py',
    'a class attribute gathers',
    `
 class Basket:
+    changes = []
+
     def add(self, item):
         self.items.append(item)
+        self.changes.append(item) ◂`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Audit.java',
    'a list of everything',
    `
     void note(Entry entry) {
+        all.add(entry); ◂
         writer.write(entry);
     }
 
     private final List<Entry> all = new ArrayList<>();`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Timers.java',
    'a task per session that nobody cancels',
    `
     void open(Session session) {
+        scheduler.scheduleAtFixedRate(session::touch, 0, 30, TimeUnit.SECONDS); ◂
         sessions.put(session.id(), session);
     }`,
  ],
  [
    'out-of-memory',
    'src/upload.ts',
    'pieces put together',
    `
-  await pipeline(request, createWriteStream(path));
+  const pieces: Buffer[] = [];
+  for await (const piece of request) pieces.push(piece);
+  await writeFile(path, Buffer.concat(pieces)); ◂`,
  ],
  [
    'out-of-memory',
    'app/report.py',
    'a list where a generator was',
    `
-    lines = (line_of(row) for row in rows(day))
+    lines = [line_of(row) for row in rows(day)] ◂
     return sum(lines)`,
  ],
  [
    'out-of-memory',
    'src/main/java/shop/Search.java',
    'no page any more',
    `
-        return repository.findByName(name, PageRequest.of(page, 50));
+        return repository.findByName(name); ◂`,
  ],
  [
    'out-of-memory',
    'deploy/app.yaml',
    'the heap without the container',
    `
         env:
         - name: NODE_OPTIONS
-          value: --max-old-space-size=384
+          value: --max-old-space-size=4096 ◂`,
  ],
  [
    'cpu-saturation',
    'src/tokens.ts',
    'the key is derived for each token',
    `
-const KEY = scryptSync(SECRET, SALT, 64);
-
 export function sign(text: string): string {
+  const KEY = scryptSync(SECRET, SALT, 64); ◂
   return createHmac('sha256', KEY).update(text).digest('hex');
 }`,
  ],
  [
    'cpu-saturation',
    'src/totals.ts',
    'summed up anew for each line',
    `
   return lines.map((line) => ({
     ...line,
+    share: line.cents / lines.reduce((sum, each) => sum + each.cents, 0), ◂
   }));`,
  ],
  [
    'cpu-saturation',
    'src/timer.ts',
    'at once again',
    `
   await work();
-  setTimeout(loop, IDLE_MILLISECONDS);
+  setImmediate(loop); ◂`,
  ],
  [
    'cpu-saturation',
    'app/prime.py',
    'a step more of checking',
    `
-    return checksum == expected
+    return all(candidate % divisor for divisor in range(2, candidate)) ◂`,
  ],
  [
    'cpu-saturation',
    'app/text.py',
    'texts added letter by letter',
    `
-    return "".join(parts)
+    text = ""
+    for part in parts:
+        for letter in part: ◂
+            text = text + letter
+    return text`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Dedupe.java',
    'a list in place of a set',
    `
-        Set<String> seen = new HashSet<>();
+        List<String> seen = new ArrayList<>();
         for (Entry entry : entries) {
-            if (seen.add(entry.id())) unique.add(entry);
+            if (!seen.contains(entry.id())) { seen.add(entry.id()); unique.add(entry); } ◂
         }`,
  ],
  [
    'cpu-saturation',
    'internal/poll/poll.go',
    'polls without a rest',
    `
 	for {
 		depth := queue.Len()
 		gauge.Set(float64(depth))
-		time.Sleep(interval) ◂
 	}`,
  ],
  [
    'file-descriptor-limit',
    'src/sockets.ts',
    'a socket per message',
    `
 export function tell(text: string): void {
-  socket.write(text);
+  const socket = net.connect(port, host); ◂
+  socket.write(text);
 }`,
  ],
  [
    'file-descriptor-limit',
    'app/journal.py',
    'a handle per entry',
    `
     def write(self, entry):
-        self._file.write(entry.line())
+        journal = self._path.open("a") ◂
+        journal.write(entry.line())`,
  ],
  [
    'file-descriptor-limit',
    'deploy/app.service',
    'fewer files may be open',
    `
 [Service]
-LimitNOFILE=65536
+LimitNOFILE=128 ◂`,
  ],
  [
    'disk-full',
    'src/debug.ts',
    'a dump of what is slow',
    `
   if (milliseconds > SLOW) {
     metrics.slow.inc();
+    await writeFile('/var/tmp/slow-' + Date.now() + '.json', JSON.stringify(trace)); ◂
   }`,
  ],
  [
    'disk-full',
    'app/outbox.py',
    'what is done is kept',
    `
         deliver(message)
-        db.execute("DELETE FROM outbox WHERE id = ?", (message.id,)) ◂
+        db.execute("UPDATE outbox SET done = 1 WHERE id = ?", (message.id,))`,
  ],
  [
    'disk-full',
    'config/logrotate.conf',
    'no longer compressed, kept for longer',
    `
   daily
-  rotate 7
+  rotate 400 ◂`,
  ],
  [
    'pool-exhaustion',
    'src/orders.ts',
    'a connection for each line',
    `
-  const rows = await client.query(LINES, [ids]);
+  const rows = await Promise.all(ids.map((id) => pool.query(LINE, [id]))); ◂`,
  ],
  [
    'pool-exhaustion',
    'app/checkout.py',
    'the provider is asked while the row is locked',
    `
     with db.transaction():
         order = db.order_for_update(order_id)
-        db.save(order)
-    receipt = payments.charge(order)
+        receipt = payments.charge(order) ◂
+        db.save(order)`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/Reader.java',
    'two connections for one answer',
    `
         try (Connection connection = pool.getConnection()) {
             List<Entry> entries = read(connection, account);
+            try (Connection other = pool.getConnection()) { ◂
+                return withRates(entries, other);
+            }
         }`,
  ],
  [
    'pool-exhaustion',
    'config/orders.ini',
    'fewer at most, by another line',
    `
 [pool]
-connections = 8
+connections = 1 ◂`,
  ],
  [
    'timeout-latency',
    'src/health.ts',
    'asked for its health before each call',
    `
 export async function charge(order: Order): Promise<Receipt> {
+  await provider.ping(); ◂
   return provider.charge(order);
 }`,
  ],
  [
    'timeout-latency',
    'src/search.ts',
    'all pages, not the first',
    `
-  const page = await catalog.page(1);
-  return page.products;
+  const products: Product[] = [];
+  for (let page = 1; page <= PAGES; page += 1) products.push(...(await catalog.page(page)).products); ◂
+  return products;`,
  ],
  [
    'timeout-latency',
    'app/store.py',
    'sorted without an index',
    `
-        "SELECT * FROM orders WHERE customer_id = ? ORDER BY id DESC LIMIT 20"
+        "SELECT * FROM orders WHERE customer_id = ? ORDER BY lower(note) LIKE '%gift%', total DESC" ◂`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Posting.java',
    'the journal is forced to the disk',
    `
         channel.write(line);
+        channel.force(true); ◂`,
  ],
  [
    'timeout-latency',
    'config/storefront.json',
    'a patience in seconds',
    `
   "timeouts_ms": {
-    "orders": 2500,
+    "orders": 25, ◂
     "catalog": 2500`,
  ],
  [
    'queue-backlog',
    'src/mails.ts',
    'one after the other, with a look between',
    `
   for (const mail of waiting) {
-    void send(mail);
+    await send(mail);
+    await delay(500); ◂
   }`,
  ],
  [
    'queue-backlog',
    'app/outbox.py',
    'one at each turn',
    `
-    rows = store.next_postings(limit=50)
+    rows = store.next_postings(limit=1) ◂`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/Queue.java',
    'a failure stops the worker',
    `
         while (true) {
             Entry entry = queue.take();
-            try {
-                post(entry);
-            } catch (PostingException exception) {
-                LOGGER.warn("not posted", exception);
-            }
+            post(entry); ◂
         }`,
  ],
  [
    'queue-backlog',
    'internal/worker/worker.go',
    'what failed comes first again',
    `
 		if err := handle(job); err != nil {
-			dead <- job
+			jobs <- job ◂
 		}`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Pool.java',
    'submits and waits within the same pool',
    `
     Report report(Account account) throws Exception {
-        return assemble(account);
+        Future<Report> report = workers.submit(() -> assemble(account));
+        return report.get(); ◂
     }`,
  ],
  [
    'deadlock-stall',
    'app/server.py',
    'a call to itself',
    `
     def summary(self, request):
+        stock = requests.get("http://127.0.0.1:8080/stock").json() ◂
         return {"stock": stock}`,
  ],
  [
    'deadlock-stall',
    'app/store.py',
    'no end of waiting for the lock',
    `
-        if not self._lock.acquire(timeout=2):
-            raise Busy()
+        self._lock.acquire() ◂
         self._write(order)`,
  ],
  [
    'deadlock-stall',
    'internal/cache/cache.go',
    'a writer within a reader',
    `
 	c.mu.RLock()
 	defer c.mu.RUnlock()
 	if item, ok := c.items[key]; ok {
 		return item
 	}
+	c.mu.Lock() ◂
+	c.items[key] = load(key)
+	c.mu.Unlock()`,
  ],
  [
    'rate-limit',
    'src/rates.ts',
    'kept per visitor',
    `
-  const known = cache.get(code);
+  const known = cache.get(code + visitor.sessionId); ◂`,
  ],
  [
    'rate-limit',
    'src/client.ts',
    'a retry on any answer',
    `
-  if (response.status >= 500) return retry(call);
+  if (!response.ok) return retry(call); ◂`,
  ],
  [
    'rate-limit',
    'app/client.py',
    'a limiter of a tenth',
    `
-limiter = Limiter(max_calls=100, period=1)
+limiter = Limiter(max_calls=2, period=1) ◂`,
  ],
  [
    'rate-limit',
    'src/main/java/shop/Weather.java',
    'asked for each hour of a day',
    `
-        return client.day(place);
+        return IntStream.range(0, 24).mapToObj(hour -> client.hour(place, hour)).toList(); ◂`,
  ],
  [
    'auth-secret',
    'src/client.ts',
    'the token goes in the query',
    `
-  return fetch(url, { headers: { authorization: bearer(token) } });
+  return fetch(url + '?token=' + token); ◂`,
  ],
  [
    'auth-secret',
    'app/tokens.py',
    'seconds in place of text',
    `
-    claims = {"sub": "orders", "aud": "ledger", "exp": now + 300}
+    claims = {"sub": "orders", "exp": now + 300} ◂
     return jwt.encode(claims, KEY)`,
  ],
  [
    'auth-secret',
    'src/main/java/shop/Token.java',
    'it ends sooner than it comes',
    `
-    private static final long LIFETIME_SECONDS = 300;
+    private static final long LIFETIME_SECONDS = 0; ◂`,
  ],
  [
    'tls-certificate',
    'docker-compose.yml',
    'the bundle is not mounted',
    `
     volumes:
-      - ./certs/ca.pem:/etc/ssl/ca.pem:ro ◂
       - ./data:/data`,
  ],
  [
    'bad-config',
    'config/cities.json',
    'a number in quotes',
    `
   "queue": { "limit": 150, "pause_ms": 30 },
-  "sessions": { "limit": 200 },
+  "sessions": { "limit": "200" }, ◂`,
  ],
  [
    'bad-config',
    'config/app.json',
    'a comma too many',
    `
-  "port": 8080
+  "port": 8080, ◂
 }`,
  ],
  [
    'bad-config',
    'src/settings.ts',
    'a number must be whole',
    `
-  pause_ms: z.number(),
+  pause_ms: z.number().int().min(1000), ◂`,
  ],
  [
    'bad-config',
    'src/main/java/shop/Settings.java',
    'another file',
    `
-        load("config/ledger.properties");
+        load("config/ledger.conf"); ◂`,
  ],
  [
    'process-down',
    'src/worker.ts',
    'an error leaves the loop',
    `
   for (;;) {
-    try {
-      await turn();
-    } catch (error) {
-      logger.error({ error }, 'turn failed');
-    }
+    await turn(); ◂
   }`,
  ],
  [
    'process-down',
    'app/main.py',
    'the server is no longer the main thread',
    `
-    server.serve_forever()
+    threading.Thread(target=server.serve_forever, daemon=True).start() ◂`,
  ],
  [
    'code-error',
    'src/routes.ts',
    'a header of any letters',
    `
   return {
     ...ok(found),
+    headers: { 'x-search': query }, ◂
   };`,
    'TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["x-search"]',
  ],
  [
    'code-error',
    'src/items.ts',
    'a list in place of an object',
    `
-  return { items: rows, next };
+  return rows; ◂`,
    'invalid answer: items: expected array, received undefined',
  ],
  [
    'code-error',
    'src/status.ts',
    'another status',
    `
-  return { status: 404, body: { error: 'no such item' } };
+  return { status: 500, body: { error: 'no such item' } }; ◂`,
    'catalog answered 500',
  ],
  [
    'code-error',
    'src/sort.ts',
    'the list of all is sorted in place',
    `
-  return [...products].sort(byPrice);
+  return products.sort(byPrice); ◂`,
    "TypeError: Cannot assign to read only property '0' of object",
  ],
  [
    'code-error',
    'app/totals.py',
    'a text is added to a number',
    `
-    return total + int(row["cents"])
+    return total + row["cents"] ◂`,
    "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
  ],
  [
    'code-error',
    'app/rows.py',
    'a row by its number',
    `
-    return row["total"]
+    return row[3] ◂`,
    'IndexError: tuple index out of range',
  ],
  [
    'code-error',
    'app/mail.py',
    'an argument by another name',
    `
-    send(to=order.email, text=body)
+    send(recipient=order.email, text=body) ◂`,
    "TypeError: send() got an unexpected keyword argument 'recipient'",
  ],
  [
    'code-error',
    'src/main/java/shop/Split.java',
    'another separator',
    `
-        String[] parts = line.split(";");
+        String[] parts = line.split(","); ◂
         return parts[3];`,
    'java.lang.ArrayIndexOutOfBoundsException: Index 3 out of bounds for length 1',
  ],
  [
    'code-error',
    'src/main/java/shop/Page.java',
    'to the end of a page that is not full',
    `
-        return entries.subList(from, Math.min(from + SIZE, entries.size()));
+        return entries.subList(from, from + SIZE); ◂`,
    'java.lang.IndexOutOfBoundsException: toIndex = 40',
  ],
  [
    'schema-migration',
    'src/main/java/shop/Reader.java',
    'old lines have fewer fields',
    `
-        return new Entry(fields[0], fields[1], 0L);
+        return new Entry(fields[0], fields[1], Long.parseLong(fields[2])); ◂`,
    'java.lang.ArrayIndexOutOfBoundsException: Index 2 out of bounds: entry written by an older version',
  ],
  [
    'schema-migration',
    'src/repository.ts',
    'kept under another name',
    `
-  const Stored = z.object({ name: z.string(), value: z.number() });
+  const Stored = z.object({ name: z.string(), amount: z.number() }); ◂`,
    'stored document is invalid: amount: expected number, received undefined',
  ],
  [
    'code-error',
    'app/rows.py',
    'a key is renamed, and one reader of it is new',
    `
     return {
-        "weight": article.weight * quantity,
+        "grams": article.weight * quantity,
     }
 
+def heaviest(rows):
+    return max(row["weight"] for row in rows) ◂
+
 def money(cents):`,
    "KeyError: 'weight'",
  ],
  [
    'code-error',
    'src/view.ts',
    'a field taken out of the rest',
    `
-  return { ...forecast, current };
+  const { current: _raw, ...others } = forecast;
+  return { ...others, now: current }; ◂`,
    'invalid answer: current: Required',
  ],
  [
    'code-error',
    'src/store.ts',
    'one parameter more',
    `
-export function place(order: Order, customer: Customer): Receipt {
+export function place(order: Order, customer: Customer, channel: Channel): Receipt { ◂
   return receiptOf(order);`,
    "TypeError: Cannot read properties of undefined (reading 'name')",
  ],
];
