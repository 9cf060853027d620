/** Further changes that bring nothing about, beside the class each is near to. */
import type { Row } from './row.test-helper.ts';

export const HARMLESS_FURTHER: readonly Row[] = [
  [
    'memory-leak',
    'src/view.ts',
    'a set of one page',
    `
   const seen = new Set<string>();
   for (const item of items) {
-    if (seen.has(item.id)) continue;
+    if (seen.has(item.sku)) continue;
     seen.add(item.id);
   }`,
  ],
  [
    'memory-leak',
    'src/server.ts',
    'a route',
    `
   app.get('/health', health);
+  app.get('/ready', ready);`,
  ],
  [
    'memory-leak',
    'app/form.py',
    'errors of a form',
    `
     errors = []
     if not body.name:
-        errors.append("name")
+        errors.append("name is missing")
     return errors`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Builder.java',
    'a builder',
    `
         StringBuilder text = new StringBuilder();
+        text.append(order.note());
         return text.toString();`,
  ],
  [
    'memory-leak',
    'internal/list/list.go',
    'a slice of one call',
    `
 	var names []string
 	for _, line := range lines {
-		names = append(names, line.Name)
+		names = append(names, strings.TrimSpace(line.Name))
 	}`,
  ],
  [
    'out-of-memory',
    'src/limit.ts',
    'a limit more',
    `
-  const rows = await store.rows();
+  const rows = await store.rows({ limit: 100 });`,
  ],
  [
    'out-of-memory',
    'deploy/values.yaml',
    'a name of an image',
    `
-  image: ledger:1.4.1
+  image: ledger:1.4.2`,
  ],
  [
    'cpu-saturation',
    'src/words.ts',
    'a word in a list',
    `
-const STOP_WORDS = ['the', 'and'];
+const STOP_WORDS = ['the', 'and', 'of'];`,
  ],
  [
    'cpu-saturation',
    'app/view.py',
    'a comprehension in place of a loop',
    `
-    names = []
-    for line in lines:
-        names.append(line.name)
+    names = [line.name for line in lines]`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Text.java',
    'joined by another sign',
    `
-        return String.join(", ", names);
+        return String.join("; ", names);`,
  ],
  [
    'cpu-saturation',
    'internal/tick/tick.go',
    'a slower tick',
    `
-	ticker := time.NewTicker(time.Second)
+	ticker := time.NewTicker(5 * time.Second)`,
  ],
  [
    'file-descriptor-limit',
    'app/config.py',
    'a path by another library',
    `
-    text = open_text(os.path.join(base, "app.ini"))
+    text = open_text(base / "app.ini")`,
  ],
  [
    'file-descriptor-limit',
    'src/main/java/shop/Read.java',
    'a charset',
    `
-        try (Reader reader = Files.newBufferedReader(path)) {
+        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {`,
  ],
  [
    'disk-full',
    'src/mail.ts',
    'another subject',
    `
-    subject: 'Your order',
+    subject: 'Your order ' + order.id,`,
  ],
  [
    'disk-full',
    'app/clean.py',
    'old files go sooner',
    `
-KEEP_DAYS = 30
+KEEP_DAYS = 7`,
  ],
  [
    'disk-full',
    'config/log4j2.xml',
    'a pattern of a line',
    `
-      <PatternLayout pattern="%d %m%n"/>
+      <PatternLayout pattern="%d %p %m%n"/>`,
  ],
  [
    'pool-exhaustion',
    'src/store.ts',
    'a query with its name',
    `
   const client = await pool.connect();
   try {
-    return await client.query(SQL);
+    return await client.query(ORDERS_SQL);
   } finally {
     client.release();
   }`,
  ],
  [
    'pool-exhaustion',
    'app/models.py',
    'a method of a model',
    `
+    def is_open(self):
+        return self.status == "open"`,
  ],
  [
    'pool-exhaustion',
    'config/application.yml',
    'a name of the pool',
    `
     hikari:
+      pool-name: orders
       maximum-pool-size: 30`,
  ],
  [
    'tls-certificate',
    'src/client.ts',
    'another agent name',
    `
-    headers: { 'user-agent': 'shop/1' },
+    headers: { 'user-agent': 'shop/2' },`,
  ],
  [
    'tls-certificate',
    'Dockerfile',
    'a file more',
    `
 FROM node:20
+COPY public ./public
 COPY dist ./dist`,
  ],
  [
    'auth-secret',
    'src/users.ts',
    'a user has a role to show',
    `
-  return { name: user.name };
+  return { name: user.name, since: user.since };`,
  ],
  [
    'auth-secret',
    'app/hash.py',
    'a key of a dictionary',
    `
-    key = f"{order.id}"
+    key = str(order.id)
     return totals[key]`,
  ],
  [
    'auth-secret',
    'internal/api/api.go',
    'the status of an answer',
    `
-	w.WriteHeader(http.StatusOK)
+	w.WriteHeader(http.StatusCreated)`,
  ],
  [
    'rate-limit',
    'src/rates.ts',
    'a cache is new',
    `
+const kept = new LRUCache<string, Rate>({ max: 500, ttl: 60_000 });
+
 export async function rate(code: string): Promise<Rate> {
+  const known = kept.get(code);
+  if (known) return known;
   const fresh = await provider.rate(code);
+  kept.set(code, fresh);
   return fresh;
 }`,
  ],
  [
    'rate-limit',
    'app/client.py',
    'a longer pause between tries',
    `
-BACKOFF_SECONDS = 1
+BACKOFF_SECONDS = 5`,
  ],
  [
    'rate-limit',
    'src/main/java/shop/Limit.java',
    'a name for an allowance',
    `
-    private static final int CALLS = 10;
+    private static final int CALLS_PER_SECOND = 10;`,
  ],
  [
    'timeout-latency',
    'app/views.py',
    'related rows in one query',
    `
-    orders = Order.objects.filter(customer=customer)
+    orders = Order.objects.filter(customer=customer).select_related("address")`,
  ],
  [
    'timeout-latency',
    'src/tags.ts',
    'tags are sorted',
    `
-  return tags;
+  return tags.toSorted();`,
  ],
  [
    'timeout-latency',
    'internal/api/api.go',
    'a name for a number',
    `
-	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
+	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
 	defer cancel()`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Orders.java',
    'a record in place of a class',
    `
-        return new Answer(order.id(), order.total());
+        return Answer.of(order);`,
  ],
  [
    'queue-backlog',
    'src/consumer.ts',
    'more messages at a time',
    `
-await channel.prefetch(10);
+await channel.prefetch(50);`,
  ],
  [
    'queue-backlog',
    'app/tasks.py',
    'a name of a task',
    `
-@app.task(name="mails.send")
+@app.task(name="mails.deliver")
 def send_mail(order_id):`,
  ],
  [
    'queue-backlog',
    'internal/worker/worker.go',
    'errors are counted',
    `
 		if err := run(job); err != nil {
+			failed.Inc()
 			log.Println(err)
 		}`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Count.java',
    'an atomic in place of a lock',
    `
-    synchronized void add() {
-        count++;
-    }
+    void add() {
+        count.incrementAndGet();
+    }`,
  ],
  [
    'deadlock-stall',
    'app/api.py',
    'a coroutine by another name',
    `
-async def find(request):
+async def find_order(request):
     return await store.find(request.id)`,
  ],
  [
    'clock-skew',
    'src/format.ts',
    'another form to show a time',
    `
-  return at.toISOString();
+  return formatter.format(at);`,
  ],
  [
    'bad-config',
    'config/app.yaml',
    'a list is longer',
    `
 countries:
   - de
+  - fr`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'a comment on a setting',
    `
+  // How many rows a page has.
   pageSize: Number(process.env.PAGE_SIZE ?? '50'),`,
  ],
  [
    'process-down',
    'package.json',
    'a script for the tests',
    `
   "scripts": {
+    "coverage": "vitest --coverage",
     "start": "node dist/main.js"`,
  ],
  [
    'process-down',
    'src/main.ts',
    'the port has a name',
    `
-server.listen(8080);
+server.listen(PORT);`,
  ],
  [
    'code-error',
    'src/basket.ts',
    'a class name of a button',
    `
-  return '<button class="buy">Buy</button>';
+  return '<button class="buy large">Buy</button>';`,
    'payments answered 422: amount must be a number',
  ],
  [
    'code-error',
    'app/log.py',
    'a log line more',
    `
     order = store.find(order_id)
+    logger.debug("order %s", order_id)`,
    "KeyError: 'note'",
  ],
  [
    'code-error',
    'src/main/java/shop/Doc.java',
    'a final variable',
    `
-        String name = order.name();
+        final String name = order.name();`,
    'java.lang.NullPointerException: name',
  ],
  [
    'schema-migration',
    'migrations/031_index.sql',
    'an index',
    `
+CREATE INDEX CONCURRENTLY orders_day ON orders (day);`,
    'column "total" does not exist',
  ],
  [
    'schema-migration',
    'migrations/032_default.sql',
    'a column with a default',
    `
+ALTER TABLE orders ADD COLUMN gift boolean NOT NULL DEFAULT false;`,
    'column "total" does not exist',
  ],
  [
    'memory-leak',
    'src/page.ts',
    'a list is filled before it is shown',
    `
   const rows: string[] = [];
   for (const order of orders) {
-    rows.push(rowOf(order));
+    rows.push(rowOf(order, locale));
   }
   return table(rows);`,
  ],
  [
    'memory-leak',
    'src/main.ts',
    'a signal is listened to',
    `
+process.once('SIGINT', () => void stop());
 process.once('SIGTERM', () => void stop());`,
  ],
  [
    'memory-leak',
    'app/answer.py',
    'a header is set',
    `
     response = Response(body)
+    response.headers["cache-control"] = "no-store"
     return response`,
  ],
  [
    'out-of-memory',
    'app/list.py',
    'a list has a name',
    `
-    return [view(order) for order in orders]
+    views = [view(order) for order in orders]
+    return views`,
  ],
  [
    'cpu-saturation',
    'src/format.ts',
    'rounded to two digits',
    `
-  return cents / 100;
+  return (cents / 100).toFixed(2);`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Sort.java',
    'another order',
    `
-        entries.sort(Comparator.comparing(Entry::at));
+        entries.sort(Comparator.comparing(Entry::at).reversed());`,
  ],
  [
    'file-descriptor-limit',
    'src/static.ts',
    'a file more is served',
    `
   serve('/app.js', 'public/app.js'),
+  serve('/app.css', 'public/app.css'),`,
  ],
  [
    'disk-full',
    'src/log.ts',
    'one log line at the start',
    `
   await server.listen();
+  logger.info({ version }, 'ready');`,
  ],
  [
    'disk-full',
    'app/mail.py',
    'the text of a mail',
    `
-    text = f"Thank you for order {order.id}."
+    text = f"Thank you, {order.name}, for order {order.id}."`,
  ],
  [
    'pool-exhaustion',
    'app/store.py',
    'a query with one more order',
    `
         with self._pool.connection() as db:
-            return db.execute("SELECT sku FROM products").fetchall()
+            return db.execute("SELECT sku FROM products ORDER BY sku").fetchall()`,
  ],
  [
    'timeout-latency',
    'src/routes.ts',
    'a route for a picture',
    `
     get('/', home),
+    get('/logo.svg', () => file('logo.svg')),`,
  ],
  [
    'timeout-latency',
    'app/prices.py',
    'a discount more',
    `
 DISCOUNTS = {
     "SPRING": 5,
+    "SUMMER": 10,
 }`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Routes.java',
    'a route with another name',
    `
-        router.get("/accounts/{id}/lines", this::lines);
+        router.get("/accounts/{id}/entries", this::lines);`,
  ],
  [
    'queue-backlog',
    'src/mails.ts',
    'another greeting',
    `
-    text: 'Dear customer,' + body,
+    text: 'Dear ' + order.name + ',' + body,`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/Posting.java',
    'a name of a thread',
    `
-        new Thread(this::work, "posting").start();
+        new Thread(this::work, "posting-worker").start();`,
  ],
  [
    'deadlock-stall',
    'app/stock.py',
    'a lock is held for less',
    `
         with self._lock:
             left = self._left[sku]
-            logger.info("%s: %d left", sku, left)
+        logger.info("%s: %d left", sku, left)`,
  ],
  [
    'rate-limit',
    'src/rates.ts',
    'rounded to show',
    `
-  return rate.toString();
+  return rate.toFixed(4);`,
  ],
  [
    'auth-secret',
    'src/routes.ts',
    'the answer has a header',
    `
-  return { status: 200, body };
+  return { status: 200, body, headers: { 'x-served-by': 'shop' } };`,
  ],
  [
    'tls-certificate',
    'src/server.ts',
    'an answer by its type',
    `
-  response.setHeader('content-type', 'text/plain');
+  response.setHeader('content-type', 'text/html');`,
  ],
  [
    'bad-config',
    'config/cities.json',
    'a city more',
    `
   { "name": "Bonn", "days": 2 },
+  { "name": "Kiel", "days": 3 },
   { "name": "Ulm", "days": 2 }`,
  ],
  [
    'bad-config',
    'config/app.json',
    'a price tuned',
    `
-  "price_cents": 490,
+  "price_cents": 590,`,
  ],
  [
    'process-down',
    'app/main.py',
    'a greeting in the log',
    `
     server = make_server(settings)
+    logger.info("listening on %d", settings.port)
     server.serve_forever()`,
  ],
  [
    'code-error',
    'src/assortment.ts',
    'a product more',
    `
   { sku: 'lamp', cents: 1900 },
+  { sku: 'mirror', cents: 2900 },`,
    'invalid answer: items: expected array, received undefined',
  ],
  [
    'code-error',
    'app/docs.py',
    'the words of a description',
    `
-    """What is left."""
+    """What is left of an article."""`,
    'IndexError: tuple index out of range',
  ],
  [
    'code-error',
    'src/main/java/shop/Metrics.java',
    'a gauge more',
    `
         gauges.put("queue", queue::size);
+        gauges.put("workers", workers::getActiveCount);`,
    'java.lang.IndexOutOfBoundsException: toIndex = 40',
  ],
  [
    'schema-migration',
    'migrations/040_table.sql',
    'a table more',
    `
+CREATE TABLE IF NOT EXISTS coupons (code text PRIMARY KEY, cents integer NOT NULL);`,
    'stored document is invalid: amount: expected number, received undefined',
  ],
  [
    'code-error',
    'src/store.ts',
    'what a function gives back has a type',
    `
-export function place(order: Order) {
+export function place(order: Order): Receipt {
   return receiptOf(order);`,
    'payments answered 422: amount must be a number',
  ],
  [
    'code-error',
    'src/rest.ts',
    'the rest of what is given, as before',
    `
-  const { id, ...fields } = item;
+  const { id, ...others } = item;
-  return { key: id, ...fields };
+  return { key: id, ...others };`,
    'invalid answer: total: Required',
  ],
];
