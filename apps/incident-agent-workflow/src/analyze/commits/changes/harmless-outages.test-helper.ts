/** Beside them, changes that put such a fault right, or that do nothing of the kind. */
import type { Row } from './row.test-helper.ts';

export const HARMLESS_OUTAGES: readonly Row[] = [
  [
    'code-error',
    'src/checkout/total.ts',
    'a name for the sum',
    `
 export function total(basket: Basket): number {
-  const sum = basket.lines.reduce((all, line) => all + line.price, 0);
-  return sum;
+  const subtotal = basket.lines.reduce((all, line) => all + line.price, 0);
+  return subtotal;
 }`,
    "TypeError: Cannot read properties of undefined (reading 'percent')",
  ],
  [
    'code-error',
    'src/users/search.ts',
    'a guard more',
    `
-  const query = request.query.q.trim();
+  const query = request.query.q?.trim() ?? '';`,
    "TypeError: Cannot read properties of undefined (reading 'trim')",
  ],
  [
    'code-error',
    'app/api/orders.py',
    'typed',
    `
-async def list_orders(user_id):
+async def list_orders(user_id: str) -> list[dict]:
     orders = await repository.for_user(user_id)`,
    "TypeError: 'coroutine' object is not iterable",
  ],
  [
    'code-error',
    'internal/cart/cart.go',
    'the error says more',
    `
 	cart, err := s.store.Find(ctx, id)
 	if err != nil {
-		return 0, err
+		return 0, fmt.Errorf("cart %s: %w", id, err)
 	}`,
    'panic: runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    'code-error',
    'src/main/java/shop/orders/OrderMapper.java',
    'final',
    `
-        OrderDto dto = new OrderDto(order.getId());
+        final OrderDto dto = new OrderDto(order.getId());
         return dto;`,
    'java.lang.NullPointerException',
  ],
  [
    'code-error',
    'src/main/kotlin/shop/Pricing.kt',
    'a default at last',
    `
-        val price = prices[sku]!!
+        val price = prices[sku] ?: return Money.ZERO`,
    'java.lang.NullPointerException',
  ],
  [
    'code-error',
    'src/colours.ts',
    'another blue',
    `
-export const PRIMARY = '#1a4fd6';
+export const PRIMARY = '#1b50d8';`,
  ],
  [
    'code-error',
    'src/text/welcome.ts',
    'better words',
    `
-  welcome: 'Welcome to our shop',
+  welcome: 'Good to see you again',`,
  ],
  [
    'code-error',
    'app/tasks/schedule.py',
    'the zone is told',
    `
-    return task.run_at <= datetime.utcnow()
+    return task.run_at <= datetime.now(timezone.utc)`,
    "TypeError: can't compare offset-naive and offset-aware datetimes",
  ],
  [
    'code-error',
    'internal/stats/stats.go',
    'locked at last',
    `
 func (s *Stats) count(path string) {
+	s.mu.Lock()
+	defer s.mu.Unlock()
 	s.hits[path]++
 }`,
    'fatal error: concurrent map writes',
  ],
  [
    'code-error',
    'src/orders/state.ts',
    'one state more',
    `
     case 'paid':
       return ship(order);
+    case 'refunded':
+      return undefined;`,
    'Error: unknown state refunded',
  ],
  [
    'code-error',
    'src/permissions.ts',
    'the order of two questions',
    `
-  return user.isAdmin || document.ownerId === user.id;
+  return document.ownerId === user.id || user.isAdmin;`,
  ],
  [
    'code-error',
    'src/footer.tsx',
    'a year',
    `
-      <small>© 2025 Shop</small>
+      <small>© 2026 Shop</small>`,
  ],
  [
    'timeout-latency',
    'src/catalog/list.ts',
    'all at once',
    `
-  for (const product of found) {
-    listed.push(toListed(product, await prices.of(product.id)));
-  }
+  const all = await prices.ofAll(found.map((product) => product.id));
+  for (const product of found) listed.push(toListed(product, all.get(product.id)));`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/customers/Customer.java',
    'later rather than now',
    `
-    @OneToMany(mappedBy = "customer", fetch = FetchType.EAGER)
+    @OneToMany(mappedBy = "customer", fetch = FetchType.LAZY)`,
  ],
  [
    'timeout-latency',
    'db/migrations/0043.sql',
    'one index more',
    `
+CREATE INDEX CONCURRENTLY idx_events_account ON events (account_id);`,
  ],
  [
    'timeout-latency',
    'src/upstream.ts',
    'a header',
    `
 export const partner = axios.create({
   baseURL: settings.partnerUrl,
   timeout: 2_000,
+  headers: { 'x-shop': 'eu' },
 });`,
  ],
  [
    'timeout-latency',
    'app/views/dashboard.py',
    'sorted by name',
    `
-    orders = Order.objects.filter(shop=request.shop).select_related("customer").order_by("id")
+    orders = Order.objects.filter(shop=request.shop).select_related("customer").order_by("-id")`,
  ],
  [
    'timeout-latency',
    'README.md',
    'how it is started',
    `
-Start it with \`npm start\`.
+Start it with \`npm run dev\` and wait for the database.`,
  ],
  [
    'timeout-latency',
    'src/health.ts',
    'the version in the answer',
    `
-  response.json({ ok: true });
+  response.json({ ok: true, version: VERSION });`,
  ],
  [
    'queue-backlog',
    'src/worker/consume.ts',
    'more at a time',
    `
-await channel.prefetch(10);
+await channel.prefetch(50);`,
  ],
  [
    'queue-backlog',
    'internal/consumer/run.go',
    'the poisoned ones aside',
    `
-			message.Nack(false, true)
+			message.Reject(false)
 			continue`,
  ],
  [
    'memory-leak',
    'src/metrics/http.ts',
    'another help text',
    `
-  help: 'requests',
+  help: 'requests answered, by route',
   labelNames: ['method', 'route', 'status'],`,
  ],
  [
    'memory-leak',
    'src/cache.ts',
    'a smaller cache',
    `
-const cache = new LRU({ max: 5000 });
+const cache = new LRU({ max: 1000 });`,
  ],
  [
    'out-of-memory',
    'deploy/deployment.yaml',
    'more room',
    `
           limits:
-            memory: 512Mi
+            memory: 1Gi`,
  ],
  [
    'out-of-memory',
    'app/export.py',
    'piece by piece',
    `
-    pd.read_sql(QUERY, engine).to_csv(path)
+    for chunk in pd.read_sql(QUERY, engine, chunksize=10_000):
+        chunk.to_csv(path, mode="a", header=False)`,
  ],
  [
    'cpu-saturation',
    'src/validate/email.ts',
    'a simpler pattern',
    `
-const EMAIL = /^([a-z0-9]+[._-]?)+@([a-z0-9]+\\.?)+$/;
+const EMAIL = /^[^@\\s]+@[^@\\s]+$/;`,
  ],
  [
    'cpu-saturation',
    'src/validate/zip.ts',
    'zip codes',
    `
+const ZIP = /^\\d{5}$/;
 export const isZip = (text: string) => ZIP.test(text);`,
  ],
  [
    'cpu-saturation',
    'internal/poll/poll.go',
    'a longer pause',
    `
-			time.Sleep(50 * time.Millisecond)
+			time.Sleep(200 * time.Millisecond)
 			continue`,
  ],
  [
    'pool-exhaustion',
    'src/db/transfer.ts',
    'a query by name',
    `
   const client = await pool.connect();
   try {
-    await client.query('select balance from accounts where id = $1', [id]);
+    await client.query({ name: 'balance', text: 'select balance from accounts where id = $1', values: [id] });
   } finally {
     client.release();
   }`,
  ],
  [
    'pool-exhaustion',
    'config/application.yml',
    'a name for the pool',
    `
     hikari:
       maximum-pool-size: 30
+      pool-name: shop`,
  ],
  [
    'file-descriptor-limit',
    'internal/proxy/fetch.go',
    'closed at last',
    `
 	response, err := http.Get(url)
 	if err != nil {
 		return err
 	}
+	defer response.Body.Close()`,
  ],
  [
    'disk-full',
    'app/pdf.py',
    'a prefix',
    `
-    path = tempfile.mkstemp(suffix=".pdf")[1]
+    path = tempfile.mkstemp(prefix="invoice-", suffix=".pdf")[1]
     try:
         return render(document, path)
     finally:
         os.unlink(path)`,
  ],
  [
    'deadlock-stall',
    'app/handlers.py',
    'without blocking',
    `
-    prices = requests.get(f"{PRICES}/quote")
+    prices = await client.get(f"{PRICES}/quote")`,
  ],
  [
    'schema-migration',
    'prisma/schema.prisma',
    'a note that may be missing',
    `
   email String @unique
+  note  String?`,
  ],
  [
    'schema-migration',
    'db/migrate/20260111.sql',
    'a comment',
    `
+COMMENT ON COLUMN orders.ship_to IS 'where it goes';`,
  ],
  [
    'bad-config',
    'deploy/values.yaml',
    'a label',
    `
 labels:
   app: shop
+  team: checkout`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'a default',
    `
-  redisUrl: required('REDIS_URL'),
+  redisUrl: process.env.REDIS_URL ?? 'redis://localhost:6379',`,
  ],
  [
    'rate-limit',
    'app/geocode.py',
    'a longer wait',
    `
-@retry(stop=stop_after_attempt(3), wait=wait_exponential(multiplier=1, max=30))
+@retry(stop=stop_after_attempt(3), wait=wait_exponential(multiplier=2, max=60))`,
  ],
  [
    'auth-secret',
    'src/token/verify.ts',
    'the name of the variable',
    `
-  const { payload: claims } = await jwtVerify(token, keys, { issuer: ISSUER });
-  return claims;
+  const { payload } = await jwtVerify(token, keys, { issuer: ISSUER });
+  return payload;`,
  ],
  [
    'dns',
    'deploy/configmap.yaml',
    'a longer timeout',
    `
   LEDGER_URL: http://ledger.payments.svc.cluster.local:8080
-  LEDGER_TIMEOUT: 2s
+  LEDGER_TIMEOUT: 3s`,
  ],
  [
    'process-down',
    'deploy/deployment.yaml',
    'more patience',
    `
           livenessProbe:
-            initialDelaySeconds: 10
+            initialDelaySeconds: 60`,
  ],
  [
    'code-error',
    'src/cart/merge.ts',
    'spread once',
    `
-  const lines = [...guest.lines];
-  return dedupe(lines.concat(own.lines));
+  return dedupe([...guest.lines, ...own.lines]);`,
  ],
  [
    'code-error',
    'app/api/users.py',
    'a docstring',
    `
 def users():
+    """All users, by name."""
     return repository.all()`,
  ],
  [
    'code-error',
    'src/log.ts',
    'a field of the log',
    `
-  log.info({ id }, 'saved');
+  log.info({ id, took }, 'saved');`,
  ],
  [
    'code-error',
    'src/names.ts',
    'a clearer name',
    `
-export function calc(lines: Line[]): number {
-  return lines.reduce((sum, line) => sum + line.price, 0);
+export function totalOf(lines: Line[]): number {
+  return lines.reduce((sum, line) => sum + line.price, 0);`,
  ],
  [
    'code-error',
    'src/metrics.ts',
    'one counter less',
    `
-  metrics.increment('orders.seen');
   await save(order);`,
  ],
  [
    'code-error',
    'internal/http/server.go',
    'a route more',
    `
 	mux.HandleFunc("/orders", orders)
+	mux.HandleFunc("/orders/export", export)`,
  ],
  [
    'code-error',
    'app/models.py',
    'a property',
    `
+    @property
+    def full_name(self):
+        return f"{self.first} {self.last}"`,
  ],
  [
    'code-error',
    'src/ui/button.tsx',
    'wider',
    `
-  <Button size="small" padding={8} />
+  <Button size="small" padding={12} />`,
  ],
  [
    'timeout-latency',
    'src/profile/load.ts',
    'together',
    `
-  const user = await getUser(id);
-  const orders = await getOrders(id);
+  const [user, orders] = await Promise.all([getUser(id), getOrders(id)]);`,
  ],
  [
    'timeout-latency',
    'src/http/agent.ts',
    'connections are kept',
    `
-export const agent = new https.Agent({ keepAlive: false });
+export const agent = new https.Agent({ keepAlive: true, maxSockets: 50 });`,
  ],
  [
    'memory-leak',
    'src/ws/rooms.ts',
    'empty rooms go',
    `
   room.members.delete(socket.id);
+  if (room.members.size === 0) rooms.delete(room.id);`,
  ],
  [
    'cpu-saturation',
    'internal/cache/warm.go',
    'less often',
    `
-	ticker := time.NewTicker(time.Minute)
+	ticker := time.NewTicker(10 * time.Minute)`,
  ],
  [
    'pool-exhaustion',
    'app/reports.py',
    'given back',
    `
-    connection = pool.getconn()
-    return connection.execute(QUERY).fetchall()
+    with pool.connection() as connection:
+        return connection.execute(QUERY).fetchall()`,
  ],
  [
    'queue-backlog',
    'deploy/worker.yaml',
    'more workers',
    `
-  replicas: 2
+  replicas: 6`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Ledger.java',
    'a private field',
    `
-    private long total;
+    private final AtomicLong total = new AtomicLong();`,
  ],
  [
    'disk-full',
    'src/debug/dump.ts',
    'no dump any more',
    `
-  fs.appendFileSync('/var/log/requests.log', JSON.stringify(request.body));
   next();`,
  ],
  [
    'rate-limit',
    'app/sync.py',
    'all at once',
    `
-    for order in orders:
-        client.update_order(order.id)
+    client.update_orders([order.id for order in orders])`,
  ],
  [
    'schema-migration',
    'src/entities/order.ts',
    'a method',
    `
+  isOpen(): boolean {
+    return this.status === 'open';
+  }`,
  ],
  [
    'bad-config',
    'src/settings.py',
    'a comment',
    `
+# Never on in production.
 DEBUG = os.environ.get("DEBUG", "0") == "1"`,
  ],
  [
    'auth-secret',
    'src/clients/partner.ts',
    'a trace header',
    `
   headers: {
     authorization: \`Bearer \${token}\`,
+    'x-trace-id': traceId,
   },`,
  ],
  [
    'code-error',
    'src/search/index.ts',
    'a type',
    `
-  const filters = new Map(Object.entries(request.query));
+  const filters: Map<string, string> = new Map(Object.entries(request.query));`,
  ],
  [
    'code-error',
    'app/forms.py',
    'a help text',
    `
-    age = IntegerField(help_text="Your age")
+    age = IntegerField(help_text="Your age in years")`,
  ],
  [
    'code-error',
    'internal/orders/map.go',
    'a bound at last',
    `
+	if int(s) >= len(names) {
+		return "unknown"
+	}
 	return names[s]`,
  ],
  [
    'code-error',
    'src/theme.ts',
    'a margin',
    `
-  margin: 8,
+  margin: 12,`,
  ],
  [
    'code-error',
    'src/main/java/shop/Customer.java',
    'a getter',
    `
+    public String name() {
+        return name;
+    }`,
  ],
  [
    'code-error',
    'app/inventory.py',
    'a local name',
    `
-    n = stock.total - stock.reserved
-    return n
+    free = stock.total - stock.reserved
+    return free`,
  ],
  [
    'code-error',
    'src/error.ts',
    'the words of an error',
    `
-  throw new Error('not found');
+  throw new Error(\`order \${id} was not found\`);`,
  ],
  [
    'timeout-latency',
    'src/db/orders.ts',
    'a limit',
    `
-    .where('customer_id', customerId).orderBy('id', 'desc')
+    .where('customer_id', customerId).orderBy('id', 'desc').limit(20)`,
  ],
  [
    'timeout-latency',
    'k8s/payments.yaml',
    'more processor',
    `
-              cpu: 500m
+              cpu: "2"`,
  ],
  [
    'cpu-saturation',
    'src/render/page.ts',
    'compiled once',
    `
+const layout = compile(LAYOUT);
 export function render(page: Page): string {
-  return compile(LAYOUT)(page);
+  return layout(page);
 }`,
  ],
  [
    'memory-leak',
    'src/sse.ts',
    'clients leave',
    `
   clients.add(response);
+  request.on('close', () => clients.delete(response));`,
  ],
  [
    'pool-exhaustion',
    'internal/store/tx.go',
    'rolled back',
    `
 	tx, err := s.db.BeginTx(ctx, nil)
 	if err != nil {
 		return err
 	}
+	defer tx.Rollback()`,
  ],
  [
    'disk-full',
    'docker-compose.yml',
    'logs have an end',
    `
     logging:
       driver: json-file
+      options:
+        max-size: 10m`,
  ],
  [
    'rate-limit',
    'src/rates.ts',
    'kept',
    `
-  return api.rates();
+  return cached('rates', 3600, () => api.rates());`,
  ],
  [
    'bad-config',
    'config/app.json',
    'a title',
    `
-  "title": "Shop",
+  "title": "The shop",`,
  ],
  [
    'auth-secret',
    'src/login.tsx',
    'a label',
    `
-  <label>Password</label>
+  <label>Your password</label>`,
  ],
  [
    'code-error',
    'src/orders/list.ts',
    'a constant',
    `
+const PAGE_SIZE = 20;
 export function list(page: number): Order[] {
-  return orders.slice((page - 1) * 20, page * 20);
+  return orders.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);`,
  ],
  [
    'code-error',
    'lib/invoice.rb',
    'safe at last',
    `
-    invoice.customer.name
+    invoice.customer&.name || 'unknown'`,
  ],
  [
    'code-error',
    'src/Shop/Cart.cs',
    'a summary',
    `
+    /// <summary>The first line.</summary>
     public Line First() => Lines.First();`,
  ],
  [
    'code-error',
    'app/sync/merge.py',
    'a log',
    `
         if incoming.updated_at > current.updated_at:
+            logger.debug("updated %s", current.id)
             current.update(incoming)`,
  ],
  [
    'code-error',
    'src/users/repo.ts',
    'split over lines',
    `
-  return db.users.findMany({ where: { tenantId, active: true } });
+  return db.users.findMany({
+    where: { tenantId, active: true },
+  });`,
  ],
  [
    'code-error',
    'src/i18n/de.json',
    'a translation',
    `
-  "cart.empty": "Der Korb ist leer",
+  "cart.empty": "Ihr Korb ist leer",`,
  ],
  [
    'code-error',
    'src/api/errors.ts',
    'a header',
    `
   response.status(500).json({ error: error.message });
+  response.end();`,
  ],
  [
    'code-error',
    'src/main/java/shop/PriceService.java',
    'var',
    `
-        BigDecimal rate = rates.getOrDefault(country, BigDecimal.ONE);
+        var rate = rates.getOrDefault(country, BigDecimal.ONE);`,
  ],
  [
    'timeout-latency',
    'nginx.conf',
    'more connections are kept',
    `
-    keepalive 16;
+    keepalive 64;`,
  ],
  [
    'timeout-latency',
    'src/graphql/resolvers.ts',
    'with a loader',
    `
-  author: (post, _, { db }) => db.users.findById(post.authorId),
+  author: (post, _, { loaders }) => loaders.user.load(post.authorId),`,
  ],
  [
    'memory-leak',
    'src/react/useTicker.ts',
    'cleared',
    `
     const timer = setInterval(tick, 1000);
+    return () => clearInterval(timer);`,
  ],
  [
    'pool-exhaustion',
    'src/Shop/Db.cs',
    'disposed',
    `
-        var connection = new NpgsqlConnection(url);
+        using var connection = new NpgsqlConnection(url);`,
  ],
  [
    'queue-backlog',
    'config/sidekiq.yml',
    'more',
    `
-:concurrency: 5
+:concurrency: 25`,
  ],
  [
    'schema-migration',
    'app/models.py',
    'a verbose name',
    `
-    code = models.CharField(max_length=20, null=True)
+    code = models.CharField(max_length=20, null=True, verbose_name="Code")`,
  ],
  [
    'bad-config',
    'k8s/deployment.yaml',
    'an annotation',
    `
   annotations:
-    team: shop
+    team: checkout`,
  ],
  [
    'auth-secret',
    'src/oauth.ts',
    'a comment',
    `
+  // Both are needed.
   scope: 'orders:read orders:write',`,
  ],
  [
    'code-error',
    'src/shipping/zones.ts',
    'a default',
    `
-  const zone = zones.find((each) => each.from <= code);
+  const zone = zones.find((each) => each.from <= code) ?? zones[0];`,
  ],
  [
    'code-error',
    'src/ui/list.tsx',
    'a class name',
    `
-  <ul className="rows">
+  <ul className="rows compact">`,
  ],
  [
    'code-error',
    'internal/money/split.go',
    'a comment',
    `
+// split gives the rest to the first.
 func split(total int64, parts int) []int64 {`,
  ],
  [
    'code-error',
    'app/stock/reserve.py',
    'the words',
    `
-        raise OutOfStock(sku)
+        raise OutOfStock(f"{sku} is out of stock")`,
  ],
  [
    'code-error',
    'src/main/java/shop/Order.java',
    'a constant',
    `
+    private static final int MOST_LINES = 100;`,
  ],
  [
    'code-error',
    'src/jobs/due.ts',
    'a helper',
    `
-  return jobs.filter((job) => job.dueAt <= now);
+  return jobs.filter((job) => isDue(job, now));
+}
+
+function isDue(job: Job, now: Date): boolean {
+  return job.dueAt <= now;`,
  ],
  [
    'code-error',
    'tests/test_stock.py',
    'a test',
    `
+def test_reserves():
+    assert reserve("a", 1) == 1`,
  ],
  [
    'timeout-latency',
    'envoy.yaml',
    'a name',
    `
-  - name: shop_cluster
+  - name: shop`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Mailer.java',
    'behind the scenes',
    `
-        mail.send(order);
+        executor.submit(() -> mail.send(order));`,
  ],
  [
    'cpu-saturation',
    'src/json/log.ts',
    'once',
    `
-  for (const each of entries) stream.write(JSON.stringify(entries));
+  stream.write(JSON.stringify(entries));`,
  ],
  [
    'memory-leak',
    'src/tracing.ts',
    'flushed',
    `
     this.spans.push(span);
+    if (this.spans.length >= BATCH) this.flush();`,
  ],
  [
    'disk-full',
    'app/settings/logging.py',
    'less',
    `
-        "level": "DEBUG",
+        "level": "WARNING",`,
  ],
  [
    'rate-limit',
    'src/partner/poll.ts',
    'more patience',
    `
-  await sleep(1_000);
+  await sleep(30_000);`,
  ],
  [
    'bad-config',
    'charts/shop/values.yaml',
    'a note',
    `
+# the port of the service
   port: 8080`,
  ],
  [
    'deadlock-stall',
    'app/ledger.py',
    'a name',
    `
     def transfer(self, other, amount):
+        """From here to the other."""
         with self.lock:`,
  ],
  [
    'schema-migration',
    'app/handlers.py',
    'a field more in what is answered',
    `
-        return Answer(200, {"rooms": [{"name": room.name} for room in found]})
+        return Answer(200, {"rooms": [{"name": room.name, "beds": room.beds} for room in found]})`,
  ],
];
