/** Further forms of the same, with other libraries and in other files. ◂ marks the line at fault. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_FURTHER: readonly Row[] = [
  [
    'memory-leak',
    'src/graph/loader.ts',
    'one loader for all requests',
    `
-export const context = () => ({ users: new DataLoader(loadUsers) });
+const users = new DataLoader(loadUsers); ◂
+export const context = () => ({ users });`,
  ],
  [
    'memory-leak',
    'src/metrics.ts',
    'a series per order',
    `
-  placed.inc({ channel: order.channel });
+  placed.inc({ channel: order.channel, order: order.id }); ◂`,
  ],
  [
    'memory-leak',
    'app/middleware.py',
    'requests kept for later',
    `
 class Recorder:
     def __call__(self, request):
         response = self.get_response(request)
+        RECORDED.append((request, response)) ◂
         return response`,
  ],
  [
    'memory-leak',
    'app/signals.py',
    'a receiver per instance',
    `
     def __init__(self, order):
         self.order = order
+        post_save.connect(self.changed, weak=False) ◂`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Events.java',
    'subscribed with each request',
    `
     public Response handle(Request request) {
         Session session = sessions.open(request);
+        eventBus.register(session); ◂
         return session.answer();
     }`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Lru.java',
    'the eldest stays',
    `
     @Override
     protected boolean removeEldestEntry(Map.Entry<String, Page> eldest) {
-        return size() > MAX;
+        return false; ◂
     }`,
  ],
  [
    'memory-leak',
    'internal/ctx/ctx.go',
    'a context that is not ended',
    `
-	ctx, cancel := context.WithCancel(parent)
-	defer cancel()
+	ctx, _ := context.WithCancel(parent) ◂
 	return s.run(ctx)`,
  ],
  [
    'memory-leak',
    'internal/pubsub/pubsub.go',
    'after per turn of a loop',
    `
 	for {
 		select {
 		case m := <-messages:
 			handle(m)
-		case <-timer.C:
+		case <-time.After(10 * time.Minute): ◂
 			return
 		}
 	}`,
  ],
  [
    'out-of-memory',
    'src/report.ts',
    'a report put together in memory',
    `
-  for await (const row of rows) response.write(csv(row));
-  response.end();
+  const lines: string[] = [];
+  for await (const row of rows) lines.push(csv(row)); ◂
+  response.end(lines.join(''));`,
  ],
  [
    'out-of-memory',
    'app/frames.py',
    'a whole table as a frame',
    `
-    for frame in pd.read_csv(path, chunksize=10_000):
-        yield summary(frame)
+    yield summary(pd.read_csv(path)) ◂`,
  ],
  [
    'out-of-memory',
    'src/main/java/shop/Export.java',
    'the size of what is fetched',
    `
-        statement.setFetchSize(500);
+        statement.setFetchSize(Integer.MAX_VALUE); ◂
         ResultSet rows = statement.executeQuery(ALL);`,
  ],
  [
    'out-of-memory',
    'internal/queue/queue.go',
    'a buffer for a million',
    `
-	jobs := make(chan Job, 100)
+	jobs := make(chan Job, 10_000_000) ◂`,
  ],
  [
    'out-of-memory',
    'deploy/values.yaml',
    'more heap than the container has',
    `
 env:
-  JAVA_TOOL_OPTIONS: -Xmx256m
+  JAVA_TOOL_OPTIONS: -Xmx2g ◂`,
  ],
  [
    'cpu-saturation',
    'src/render.ts',
    'a template compiled with each page',
    `
-const page = Handlebars.compile(source);
-
 export function render(values: Values): string {
-  return page(values);
+  return Handlebars.compile(source)(values); ◂
 }`,
  ],
  [
    'cpu-saturation',
    'src/watch.ts',
    'polled without a rest',
    `
-setInterval(check, 10_000);
+setInterval(check, 10); ◂`,
  ],
  [
    'cpu-saturation',
    'app/search.py',
    'distances to all',
    `
-    return index.nearest(query, 10)
+    return sorted(documents, key=lambda each: distance(each, query))[:10] ◂`,
  ],
  [
    'cpu-saturation',
    'app/diff.py',
    'a comparison of everything with everything',
    `
-    pairs = zip(left, right)
+    pairs = itertools.product(left, right) ◂
     return [score(a, b) for a, b in pairs]`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Names.java',
    'a pattern per call',
    `
-        return NAME.matcher(text).matches();
+        return text.matches("(\\\\w+\\\\s?)+"); ◂`,
  ],
  [
    'cpu-saturation',
    'src/main/java/shop/Secret.java',
    'more iterations',
    `
-    private static final int ITERATIONS = 10_000;
+    private static final int ITERATIONS = 2_000_000; ◂`,
  ],
  [
    'cpu-saturation',
    'internal/lock/lock.go',
    'spins for the lock',
    `
 	for !atomic.CompareAndSwapInt32(&s.busy, 0, 1) {
-		time.Sleep(time.Millisecond) ◂
 	}`,
  ],
  [
    'cpu-saturation',
    'config/scheduler.properties',
    'each second in place of each night',
    `
-jobs.rebuild.cron=0 0 3 * * *
+jobs.rebuild.cron=* * * * * * ◂`,
  ],
  [
    'file-descriptor-limit',
    'app/sub.py',
    'pipes that stay open',
    `
-    result = subprocess.run(command, capture_output=True, check=True)
-    return result.stdout
+    process = subprocess.Popen(command, stdout=subprocess.PIPE) ◂
+    return process.stdout.readline()`,
  ],
  [
    'file-descriptor-limit',
    'src/main/java/shop/Walk.java',
    'a directory stream that stays open',
    `
-        try (Stream<Path> files = Files.list(folder)) {
-            return files.count();
-        }
+        return Files.list(folder).count(); ◂`,
  ],
  [
    'file-descriptor-limit',
    'internal/conn/conn.go',
    'a transport per call',
    `
 func (c *Caller) Get(url string) (*http.Response, error) {
-	return c.client.Get(url)
+	client := &http.Client{Transport: &http.Transport{}} ◂
+	return client.Get(url)
 }`,
  ],
  [
    'disk-full',
    'app/cache.py',
    'thumbnails on the disk',
    `
 def thumbnail(image):
-    return shrink(image)
+    path = CACHE / f"{uuid4()}.png"
+    shrink(image).save(path) ◂
+    return path.read_bytes()`,
  ],
  [
    'disk-full',
    'config/postgresql.conf',
    'the log of all statements',
    `
-log_statement = 'none'
+log_statement = 'all' ◂`,
  ],
  [
    'disk-full',
    'src/main/java/shop/Uploads.java',
    'parts that stay',
    `
         process(file);
-        Files.deleteIfExists(file); ◂`,
  ],
  [
    'disk-full',
    'deploy/kafka.yaml',
    'segments kept for ever',
    `
-  log.retention.hours: 24
+  log.retention.hours: 8760 ◂`,
  ],
  [
    'pool-exhaustion',
    'src/db.ts',
    'a transaction that a mistake leaves open',
    `
-  return knex.transaction((trx) => save(trx, order));
+  const trx = await knex.transaction(); ◂
+  await save(trx, order);
+  await trx.commit();`,
  ],
  [
    'pool-exhaustion',
    'app/db.py',
    'sessions are not closed',
    `
-    with Session() as session:
-        return session.get(Order, order_id)
+    session = Session() ◂
+    return session.get(Order, order_id)`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/Stock.java',
    'asked abroad within the transaction',
    `
     @Transactional
     public void reserve(Order order) {
         stock.take(order);
+        String answer = restTemplate.postForObject(supplierUrl, order, String.class); ◂
         stock.note(order);
     }`,
  ],
  [
    'pool-exhaustion',
    'config/application.yml',
    'shorter patience for a connection',
    `
     hikari:
-      maximum-pool-size: 30
+      maximum-pool-size: 3 ◂`,
  ],
  [
    'dependency-refused',
    'deploy/service.yaml',
    'another port of the target',
    `
   ports:
     - port: 80
-      targetPort: 8080
+      targetPort: 3000 ◂`,
  ],
  [
    'dependency-refused',
    'src/main/java/shop/Server.java',
    'listens on another port',
    `
-        server.bind(new InetSocketAddress(8080), 0);
+        server.bind(new InetSocketAddress(8081), 0); ◂`,
  ],
  [
    'dns',
    'app/settings.py',
    'another host by default',
    `
-    LEDGER_HOST = os.environ.get("LEDGER_HOST", "ledger")
+    LEDGER_HOST = os.environ.get("LEDGER_HOST", "ledger-svc") ◂`,
  ],
  [
    'tls-certificate',
    'src/main/java/shop/Http.java',
    'the default context',
    `
-        return HttpClient.newBuilder().sslContext(company).build();
+        return HttpClient.newBuilder().build(); ◂`,
  ],
  [
    'tls-certificate',
    'internal/ask/ask.go',
    'checked by another name',
    `
-	config := &tls.Config{ServerName: "payments.internal"}
+	config := &tls.Config{ServerName: host} ◂`,
  ],
  [
    'auth-secret',
    'app/jwt_tokens.py',
    'another algorithm',
    `
-    return jwt.encode(claims, KEY, algorithm="HS256")
+    return jwt.encode(claims, KEY, algorithm="HS512") ◂`,
  ],
  [
    'auth-secret',
    'src/sign.ts',
    'the body as it is, not as it was signed',
    `
-  const signature = hmac(JSON.stringify(body));
+  const signature = hmac(JSON.stringify(body, null, 2)); ◂`,
  ],
  [
    'auth-secret',
    'internal/client/client.go',
    'basic in place of bearer',
    `
-	req.Header.Set("Authorization", "Bearer "+token)
+	req.SetBasicAuth("orders", token) ◂`,
  ],
  [
    'auth-secret',
    'deploy/secret.yaml',
    'another secret',
    `
           valueFrom:
             secretKeyRef:
-              name: payments-key
+              name: payments-key-v2 ◂
               key: value`,
  ],
  [
    'rate-limit',
    'src/feed.ts',
    'no longer gathered',
    `
-const flush = debounce(send, 500);
+const flush = send; ◂`,
  ],
  [
    'rate-limit',
    'src/rates.ts',
    'a cache for each request',
    `
-const cache = new Map<string, Rate>();
-
 export async function rate(code: string): Promise<Rate> {
+  const cache = new Map<string, Rate>(); ◂
   const known = cache.get(code);`,
  ],
  [
    'rate-limit',
    'app/tax.py',
    'asked per line',
    `
-    rate = tax_client.rate(order.country)
     for line in order.lines:
-        line.tax = line.cents * rate
+        line.tax = line.cents * tax_client.rate(order.country) ◂`,
  ],
  [
    'rate-limit',
    'src/main/java/shop/Geo.java',
    'one by one',
    `
-        Map<String, Place> places = client.places(addresses);
+        Map<String, Place> places = new HashMap<>();
+        for (String address : addresses) places.put(address, client.place(address)); ◂`,
  ],
  [
    'timeout-latency',
    'src/checkout.ts',
    'mailed before it is answered',
    `
-  void mailer.confirm(order).catch(logIt);
+  await mailer.confirm(order); ◂
   return receipt(order);`,
  ],
  [
    'timeout-latency',
    'app/views.py',
    'related rows one by one',
    `
-    orders = Order.objects.filter(customer=customer).select_related("address")
+    orders = Order.objects.filter(customer=customer) ◂`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Feign.java',
    'shorter patience',
    `
-        return new Request.Options(2, SECONDS, 5, SECONDS, true);
+        return new Request.Options(2, MILLISECONDS, 5, MILLISECONDS, true); ◂`,
  ],
  [
    'timeout-latency',
    'internal/api/api.go',
    'a rest for good manners',
    `
 	order, err := s.store.Order(ctx, id)
+	time.Sleep(800 * time.Millisecond) ◂
 	return order, err`,
  ],
  [
    'timeout-latency',
    'migrations/020_view.sql',
    'a view with a join of all',
    `
-CREATE MATERIALIZED VIEW totals AS
+CREATE VIEW totals AS ◂
 SELECT customer, sum(cents) FROM orders GROUP BY customer;`,
  ],
  [
    'queue-backlog',
    'src/consumer.ts',
    'one message at a time',
    `
-await channel.prefetch(50);
+await channel.prefetch(1); ◂`,
  ],
  [
    'queue-backlog',
    'app/tasks.py',
    'a longer countdown',
    `
-    send_mail.apply_async(args=[order.id], countdown=5)
+    send_mail.apply_async(args=[order.id], countdown=3600) ◂`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/Listener.java',
    'one consumer',
    `
-    @KafkaListener(topics = "orders", concurrency = "8")
+    @KafkaListener(topics = "orders", concurrency = "1") ◂`,
  ],
  [
    'queue-backlog',
    'internal/worker/worker.go',
    'each waits for its turn',
    `
 	for job := range jobs {
-		go run(job)
+		run(job) ◂
 	}`,
  ],
  [
    'deadlock-stall',
    'src/mutex.ts',
    'taken within itself',
    `
   async rename(id: string, name: string): Promise<void> {
     await this.mutex.runExclusive(async () => {
+      await this.mutex.runExclusive(() => this.touch(id)); ◂
       await this.write(id, name);
     });`,
  ],
  [
    'deadlock-stall',
    'app/worker.py',
    'joins itself',
    `
     def stop(self):
-        self.stopping.set()
+        self.queue.join() ◂
+        self.stopping.set()`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Latch.java',
    'one count more than is counted down',
    `
-        CountDownLatch done = new CountDownLatch(parts.size());
+        CountDownLatch done = new CountDownLatch(parts.size() + 1); ◂`,
  ],
  [
    'deadlock-stall',
    'internal/sync/sync.go',
    'waits for more than there are',
    `
-	wg.Add(len(parts))
+	wg.Add(len(parts) + 1) ◂`,
  ],
  [
    'clock-skew',
    'src/tokens.ts',
    'valid from a later time',
    `
-  const issuedAt = Math.floor(Date.now() / 1000);
+  const issuedAt = Math.floor(Date.now() / 1000) + 3600; ◂`,
  ],
  [
    'bad-config',
    'config/app.toml',
    'true as a text',
    `
-verify = true
+verify = "yes" ◂`,
  ],
  [
    'bad-config',
    'deploy/app.yaml',
    'a number where a text must be',
    `
         - name: FEATURE_REGION
-          value: "10"
+          value: 10 ◂`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'a stricter form of a setting',
    `
-  region: z.string(),
+  region: z.enum(['eu-1', 'us-1']), ◂`,
  ],
  [
    'bad-config',
    'internal/conf/conf.go',
    'another name of the variable',
    `
-	url := os.Getenv("LEDGER_URL")
+	url := os.Getenv("LEDGER_ADDRESS") ◂`,
  ],
  [
    'bad-config',
    'src/main/resources/application.yml',
    'a key one level deeper',
    `
 ledger:
-  url: http://ledger:8080
+  client:
+    url: http://ledger:8080 ◂`,
  ],
  [
    'process-down',
    'package.json',
    'started from another file',
    `
   "scripts": {
-    "start": "node dist/main.js"
+    "start": "node dist/server.js" ◂
   }`,
  ],
  [
    'process-down',
    'src/start.ts',
    'an error at the start is thrown on',
    `
-  await warmUp().catch((error) => logger.warn({ error }, 'not warm'));
+  await warmUp(); ◂`,
  ],
  [
    'code-error',
    'src/basket.ts',
    'the sum starts from nothing',
    `
-  return lines.reduce((sum, line) => sum + line.cents, 0);
+  return lines.map((line) => line.cents).reduce((sum, cents) => sum + cents); ◂`,
    'TypeError: Reduce of empty array with no initial value',
  ],
  [
    'code-error',
    'src/names.ts',
    'always a name',
    `
-  const [first = '', last = ''] = name.split(' ');
+  const [first, last] = name.split(' '); ◂`,
    "TypeError: Cannot read properties of undefined (reading 'charAt')",
  ],
  [
    'code-error',
    'src/cents.ts',
    'text and number together',
    `
-  return Number(price) + shipping;
+  return price + shipping; ◂`,
    'payments answered 422: amount must be a number',
  ],
  [
    'code-error',
    'app/days.py',
    'a day of no zone',
    `
-    return datetime.now(timezone.utc) - order.placed_at
+    return datetime.now() - order.placed_at ◂`,
    "TypeError: can't subtract offset-naive and offset-aware datetimes",
  ],
  [
    'code-error',
    'app/view.py',
    'an attribute of another name',
    `
-        "total": order.total_cents,
+        "total": order.totalCents, ◂`,
    "AttributeError: 'Order' object has no attribute 'totalCents'",
  ],
  [
    'code-error',
    'src/main/java/shop/Pick.java',
    'always the first',
    `
-        return lines.stream().findFirst().orElse(null);
+        return lines.get(0); ◂`,
    'java.lang.IndexOutOfBoundsException: Index 0 out of bounds for length 0',
  ],
  [
    'code-error',
    'src/main/java/shop/Kind.java',
    'an enum of what was sent',
    `
-        Kind kind = Kind.of(text);
+        Kind kind = Kind.valueOf(text); ◂`,
    'java.lang.IllegalArgumentException: No enum constant shop.Kind.gift',
  ],
  [
    'code-error',
    'internal/price/price.go',
    'whole numbers',
    `
-	share := float64(part) / float64(all)
+	share := part / all ◂`,
    'panic: runtime error: integer divide by zero',
  ],
  [
    'schema-migration',
    'prisma/schema.prisma',
    'a field that must be there',
    `
 model Order {
   id    Int @id
+  phone String ◂
 }`,
    'The column orders.phone does not exist in the current database',
  ],
  [
    'schema-migration',
    'migrations/0003_auto.py',
    'a field is removed',
    `
     operations = [
+        migrations.RemoveField(model_name="order", name="note"), ◂
     ]`,
    'no such column: orders.note',
  ],
];
