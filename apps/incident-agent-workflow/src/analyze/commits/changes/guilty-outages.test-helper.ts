/** Changes as reports of outages tell of them. ◂ marks the line at fault, and where what kept the fault off had stood. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_OUTAGES: readonly Row[] = [
  [
    'code-error',
    'src/checkout/total.ts',
    'the discount may be absent',
    `
 export function total(basket: Basket): number {
   const sum = basket.lines.reduce((all, line) => all + line.price * line.count, 0);
-  const percent = basket.discount ? basket.discount.percent : 0;
-  return sum * (1 - percent / 100);
+  return sum * (1 - basket.discount!.percent / 100); ◂
 }`,
    "TypeError: Cannot read properties of undefined (reading 'percent')",
  ],
  [
    'code-error',
    'src/users/search.ts',
    'a search without a filter',
    `
 router.get('/users', async (request, response) => {
-  const query = (request.query.q ?? '').toString();
+  const query = request.query.q as string; ◂
   const users = await repository.search(query.trim());
   response.json(users);
 });`,
    "TypeError: Cannot read properties of undefined (reading 'trim')",
  ],
  [
    'code-error',
    'app/invoices/render.py',
    'strict field access',
    `
 def header(customer):
-    vat = customer.get("vat_id")
-    return f"{customer['name']} {vat or ''}".strip()
+    return f"{customer['name']} {customer['vat_id']}" ◂`,
    "KeyError: 'vat_id'",
  ],
  [
    'code-error',
    'app/reports/share.py',
    'an average of nothing',
    `
 def average_rating(product):
     ratings = [review.stars for review in product.reviews]
-    return statistics.mean(ratings) if ratings else None
+    return sum(ratings) / len(ratings) ◂`,
    'ZeroDivisionError: division by zero',
  ],
  [
    'code-error',
    'src/main/java/shop/orders/OrderMapper.java',
    'null is mapped',
    `
     OrderDto toDto(Order order) {
         var dto = new OrderDto(order.getId());
-        Optional.ofNullable(order.getShippingAddress()).map(Address::getCountry).ifPresent(dto::setCountry);
+        dto.setCountry(order.getShippingAddress().getCountry()); ◂
         return dto;
     }`,
    'java.lang.NullPointerException: Cannot invoke "shop.orders.Address.getCountry()" because the return value of "shop.orders.Order.getShippingAddress()" is null',
  ],
  [
    'code-error',
    'src/main/kotlin/shop/Pricing.kt',
    'not null, surely',
    `
     fun priceOf(sku: String): Money {
-        val price = prices[sku] ?: return Money.ZERO
+        val price = prices[sku]!! ◂
         return price.withTax(rate)
     }`,
    'java.lang.NullPointerException',
  ],
  [
    'code-error',
    'internal/cart/cart.go',
    'the error is dropped',
    `
 func (s *Service) Total(ctx context.Context, id string) (int64, error) {
-	cart, err := s.store.Find(ctx, id)
-	if err != nil {
-		return 0, err
-	}
+	cart, _ := s.store.Find(ctx, id) ◂
 	return cart.Sum(), nil
 }`,
    'panic: runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    'code-error',
    'internal/labels/labels.go',
    'a map that was not made',
    `
 func New(name string) *Labels {
-	return &Labels{name: name, values: make(map[string]string)}
+	return &Labels{name: name} ◂
 }`,
    'panic: assignment to entry in nil map',
  ],
  [
    'code-error',
    'internal/http/page.go',
    'the last page',
    `
 func page(items []Item, offset, limit int) []Item {
 	end := offset + limit
-	if end > len(items) {
-		end = len(items)
-	}
 	return items[offset:end] ◂
 }`,
    'panic: runtime error: slice bounds out of range [:20] with capacity 12',
  ],
  [
    'code-error',
    'src/notify/send.ts',
    'a promise nobody waits for',
    `
 export async function onSignup(user: User): Promise<void> {
-  try {
-    await mailer.send('welcome', user.email);
-  } catch (error) {
-    log.warn({ error }, 'welcome mail not sent');
-  }
+  mailer.send('welcome', user.email); ◂
 }`,
    'UnhandledPromiseRejection: template "welcome" is unknown',
  ],
  [
    'code-error',
    'src/sessions/load.ts',
    'awaited no more',
    `
 async function load(request: Request) {
-  const session = await sessions.get(request.cookies.sid);
+  const session = sessions.get(request.cookies.sid); ◂
   return session.user.id;
 }`,
    'TypeError: session.user.id is undefined',
  ],
  [
    'code-error',
    'app/api/orders.py',
    'a coroutine as a value',
    `
 async def list_orders(user_id: str):
-    orders = await repository.for_user(user_id)
+    orders = repository.for_user(user_id) ◂
     return [order.to_dict() for order in orders]`,
    "TypeError: 'coroutine' object is not iterable",
  ],
  [
    'code-error',
    'src/billing/parse.ts',
    'amounts as text',
    `
-  const cents = Math.round(Number.parseFloat(row.amount.replace(',', '.')) * 100);
+  const cents = Math.round(Number(row.amount) * 100); ◂
   ledger.add({ cents, at: row.at });`,
    'RangeError: Invalid amount: NaN',
  ],
  [
    'code-error',
    'app/importer/csv_rows.py',
    'the header is a row too',
    `
 with open(path, newline="") as handle:
     reader = csv.reader(handle)
-    next(reader) ◂
     for row in reader:
         total += int(row[2]) ◂`,
    "ValueError: invalid literal for int() with base 10: 'quantity'",
  ],
  [
    'code-error',
    'src/feature/flags.ts',
    'all flags are booleans',
    `
 export function flag(name: string): boolean {
   const raw = store.get(name);
-  return raw === 'on' || raw === 'true';
+  return JSON.parse(raw) === true; ◂
 }`,
    'SyntaxError: Unexpected token \'o\', "on" is not valid JSON',
  ],
  [
    'code-error',
    'src/main/java/shop/stock/Reservation.java',
    'a list that does not change',
    `
     List<Line> open(List<Line> lines) {
-        List<Line> open = new ArrayList<>(lines);
+        List<Line> open = List.copyOf(lines); ◂
         open.removeIf(Line::isDone);
         return open;
     }`,
    'java.lang.UnsupportedOperationException',
  ],
  [
    'code-error',
    'src/main/java/shop/stock/Sweep.java',
    'removing while walking',
    `
-        Iterator<Hold> holds = this.holds.iterator();
-        while (holds.hasNext()) {
-            if (holds.next().isOver(now)) holds.remove();
-        }
+        for (Hold hold : this.holds) {
+            if (hold.isOver(now)) this.holds.remove(hold); ◂
+        }`,
    'java.util.ConcurrentModificationException',
  ],
  [
    'code-error',
    'src/api/version.ts',
    'the answer has another shape',
    `
 export async function rates(): Promise<Rate[]> {
   const body = await fetchJson('/v2/rates');
-  return body.data;
+  return body; ◂
 }`,
    'TypeError: rates.map is not a function',
  ],
  [
    'code-error',
    'app/tasks/schedule.py',
    'times with and without a zone',
    `
 def is_due(task):
-    return task.run_at <= datetime.now(timezone.utc)
+    return task.run_at <= datetime.utcnow() ◂`,
    "TypeError: can't compare offset-naive and offset-aware datetimes",
  ],
  [
    'code-error',
    'src/tree/depth.ts',
    'a parent of its own',
    `
 function depth(node: Node): number {
-  if (!node.parent || node.parent === node) return 0;
-  return 1 + depth(node.parent);
+  return node.parent ? 1 + depth(node.parent) : 0; ◂
 }`,
    'RangeError: Maximum call stack size exceeded',
  ],
  [
    'code-error',
    'app/payments/gateway.py',
    'signature with another argument',
    `
-def charge(customer, amount, currency="EUR"):
+def charge(customer, amount, currency, idempotency_key=None): ◂
     return client.post("/charges", json={"customer": customer, "amount": amount, "currency": currency})`,
    "TypeError: charge() missing 1 required positional argument: 'currency'",
  ],
  [
    'code-error',
    'src/webhooks/verify.ts',
    'the body is parsed before it is signed',
    `
-app.post('/webhooks', express.raw({ type: 'application/json' }), receive);
+app.post('/webhooks', express.json(), receive); ◂`,
    'Error: signature does not match the body',
  ],
  [
    'code-error',
    'internal/ledger/post.go',
    'ids are small',
    `
-	id, err := strconv.ParseInt(raw, 10, 64)
+	id, err := strconv.ParseInt(raw, 10, 32) ◂
 	if err != nil {
 		return fmt.Errorf("account id: %w", err)
 	}`,
    'strconv.Atoi: parsing "9223372036854775807": value out of range',
  ],
  [
    'code-error',
    'src/orders/state.ts',
    'the new state has no case',
    `
   switch (order.state) {
     case 'paid':
       return ship(order);
-    case 'refunded': ◂
-      return undefined;
     default:
       throw new Error(\`unknown state \${order.state}\`); ◂
   }`,
    'Error: unknown state refunded',
  ],
  [
    'code-error',
    'app/serializers.py',
    'dates are no JSON',
    `
 def dump(event):
-    return json.dumps({"id": event.id, "at": event.at.isoformat()})
+    return json.dumps({"id": event.id, "at": event.at}) ◂`,
    'TypeError: Object of type datetime is not JSON serializable',
  ],
  [
    'code-error',
    'internal/hub/hub.go',
    'a channel closed twice',
    `
 func (h *Hub) leave(c *client) {
-	if _, ok := h.clients[c]; ok { ◂
-		delete(h.clients, c)
-		close(c.send)
-	}
+	delete(h.clients, c)
+	close(c.send) ◂
 }`,
    'panic: close of closed channel',
  ],
  [
    'code-error',
    'internal/stats/stats.go',
    'two goroutines and a map',
    `
 func (s *Stats) count(path string) {
-	s.mu.Lock()
-	defer s.mu.Unlock()
 	s.hits[path]++ ◂
 }`,
    'fatal error: concurrent map writes',
  ],
  [
    'code-error',
    'src/i18n/money.ts',
    'currencies in small letters',
    `
-  return new Intl.NumberFormat(locale, { style: 'currency', currency: order.currency || 'EUR' }).format(amount);
+  return new Intl.NumberFormat(locale, { style: 'currency', currency: order.currency }).format(amount); ◂`,
    'RangeError: Invalid currency code :',
  ],
  [
    'code-error',
    'src/permissions.ts',
    'rights turned round',
    `
 export function mayEdit(user: User, document: Document): boolean {
-  return user.isAdmin || document.ownerId === user.id;
+  return user.isAdmin && document.ownerId === user.id; ◂
 }`,
  ],
  [
    'code-error',
    'app/discounts.py',
    'until and with the last day',
    `
 def is_valid(coupon, today):
-    return coupon.starts_on <= today <= coupon.ends_on
+    return coupon.starts_on <= today < coupon.ends_on ◂`,
  ],
  [
    'timeout-latency',
    'src/catalog/list.ts',
    'prices for each product',
    `
 export async function list(categoryId: string): Promise<Listed[]> {
-  const products = await products.withPrices(categoryId);
-  return products.map(toListed);
+  const found = await products.in(categoryId);
+  const listed: Listed[] = [];
+  for (const product of found) {
+    listed.push(toListed(product, await prices.of(product.id))); ◂
+  }
+  return listed;
 }`,
  ],
  [
    'timeout-latency',
    'app/views/dashboard.py',
    'no joins for the dashboard',
    `
 def dashboard(request):
-    orders = Order.objects.filter(shop=request.shop).select_related("customer").prefetch_related("lines")
+    orders = Order.objects.filter(shop=request.shop) ◂
     return render(request, "dashboard.html", {"orders": orders})`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/customers/Customer.java',
    'contracts along with the customer',
    `
 @Entity
 public class Customer {
-    @OneToMany(mappedBy = "customer", fetch = FetchType.LAZY)
+    @OneToMany(mappedBy = "customer", fetch = FetchType.EAGER) ◂
     private List<Contract> contracts;`,
  ],
  [
    'timeout-latency',
    'db/migrations/0042_search.sql',
    'an index that nobody needs',
    `
-CREATE INDEX idx_events_account_created ON events (account_id, created_at);
+CREATE INDEX idx_events_created ON events (created_at); ◂`,
  ],
  [
    'timeout-latency',
    'src/search/find.ts',
    'search within the name',
    `
-  const rows = await sql\`select id, name from customers where name like \${text + '%'} limit 20\`;
+  const rows = await sql\`select id, name from customers where lower(name) like \${'%' + text + '%'} limit 20\`; ◂`,
  ],
  [
    'timeout-latency',
    'src/audit/middleware.ts',
    'audit before the answer',
    `
 app.use(async (request, response, next) => {
-  void audit.record(request).catch(report);
+  await audit.record(request); ◂
   next();
 });`,
  ],
  [
    'timeout-latency',
    'internal/client/client.go',
    'a client for each request',
    `
 func (c *Client) Get(ctx context.Context, path string) (*http.Response, error) {
 	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
 	if err != nil {
 		return nil, err
 	}
-	return c.http.Do(request)
+	transport := &http.Transport{DisableKeepAlives: true} ◂
+	return (&http.Client{Transport: transport}).Do(request)
 }`,
  ],
  [
    'timeout-latency',
    'src/upstream.ts',
    'more patience for the partner',
    `
 export const partner = axios.create({
   baseURL: settings.partnerUrl,
-  timeout: 2_000,
+  timeout: 120_000, ◂
 });`,
  ],
  [
    'timeout-latency',
    'app/db.py',
    'every statement its own transaction',
    `
 def save_all(rows):
-    with connection.cursor() as cursor: ◂
-        execute_values(cursor, "insert into readings (sensor, value) values %s", rows)
-    connection.commit()
+    for row in rows:
+        with connection.cursor() as cursor:
+            cursor.execute("insert into readings (sensor, value) values (%s, %s)", row) ◂
+        connection.commit()`,
  ],
  [
    'timeout-latency',
    'config/nginx/site.conf',
    'answers are not kept',
    `
     location /api/catalog {
-        proxy_cache catalog;
-        proxy_cache_valid 200 60s;
+        proxy_cache off; ◂
         proxy_pass http://catalog;
     }`,
  ],
  [
    'timeout-latency',
    'src/main/kotlin/shop/Quotes.kt',
    'one after the other',
    `
     suspend fun quotes(cart: Cart): List<Quote> = coroutineScope {
-        carriers.map { async { it.quote(cart) } }.awaitAll()
+        carriers.map { it.quote(cart) } ◂
     }`,
  ],
  [
    'queue-backlog',
    'src/worker/consume.ts',
    'one message at a time',
    `
-await channel.prefetch(50);
+await channel.prefetch(1); ◂
 await channel.consume(queue, onMessage);`,
  ],
  [
    'queue-backlog',
    'app/worker.py',
    'wait for the mail server',
    `
 @app.task
 def on_order(order_id):
     order = load(order_id)
-    send_confirmation.delay(order_id)
+    smtp.send(confirmation(order)) ◂
     mark_confirmed(order)`,
  ],
  [
    'queue-backlog',
    'internal/consumer/run.go',
    'a poisoned message comes again',
    `
 	for message := range messages {
 		if err := handle(message); err != nil {
-			message.Reject(false)
+			message.Nack(false, true) ◂
 			continue
 		}
 		message.Ack(false)
 	}`,
  ],
  [
    'memory-leak',
    'src/metrics/http.ts',
    'requests by user',
    `
 const requests = new Counter({
   name: 'http_requests_total',
   help: 'requests',
-  labelNames: ['method', 'route', 'status'],
+  labelNames: ['method', 'url', 'status', 'userId'], ◂
 });`,
  ],
  [
    'memory-leak',
    'internal/watch/watch.go',
    'a timer in a loop',
    `
 func (w *Watcher) run(ctx context.Context) {
-	ticker := time.NewTicker(time.Second)
-	defer ticker.Stop() ◂
 	for {
 		select {
 		case <-ctx.Done():
 			return
-		case <-ticker.C:
+		case <-time.Tick(time.Second): ◂
 			w.poll()
 		}
 	}
 }`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/web/TenantFilter.java',
    'the tenant stays with the thread',
    `
         TENANT.set(tenantOf(request));
-        try {
-            chain.doFilter(request, response);
-        } finally {
-            TENANT.remove();
-        }
+        chain.doFilter(request, response); ◂`,
  ],
  [
    'memory-leak',
    'internal/jobs/fan.go',
    'nobody reads any more',
    `
 func first(ctx context.Context, urls []string) (string, error) {
-	results := make(chan string, len(urls))
+	results := make(chan string) ◂
 	for _, url := range urls {
 		go func() { results <- get(url) }()
 	}
 	return <-results, nil
 }`,
  ],
  [
    'out-of-memory',
    'app/export.py',
    'the whole table',
    `
 def export(path):
-    with open(path, "w") as out:
-        for chunk in pd.read_sql(QUERY, engine, chunksize=10_000):
-            chunk.to_csv(out, header=False)
+    pd.read_sql(QUERY, engine).to_csv(path) ◂`,
  ],
  [
    'out-of-memory',
    'src/upload.ts',
    'uploads in memory',
    `
-const upload = multer({ dest: '/tmp/uploads', limits: { fileSize: 20_000_000 } });
+const upload = multer({ storage: multer.memoryStorage() }); ◂`,
  ],
  [
    'out-of-memory',
    'Dockerfile',
    'a fixed heap',
    `
-ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=70"
+ENV JAVA_TOOL_OPTIONS="-Xmx4g" ◂`,
  ],
  [
    'cpu-saturation',
    'src/validate/email.ts',
    'addresses are looked at more closely',
    `
-const EMAIL = /^[^@\\s]+@[^@\\s]+$/;
+const EMAIL = /^([a-zA-Z0-9]+[._-]?)+@([a-zA-Z0-9]+\\.?)+$/; ◂`,
  ],
  [
    'cpu-saturation',
    'waf/rules.yaml',
    'a rule against scripts',
    `
   - name: inline-script
-    pattern: '<script[^>]*>'
+    pattern: '(?:.*<.*script.*=.*)+' ◂`,
  ],
  [
    'cpu-saturation',
    'src/dedupe.ts',
    'no doubles',
    `
 export function unique(rows: Row[]): Row[] {
-  const seen = new Map(rows.map((row) => [row.id, row]));
-  return [...seen.values()];
+  return rows.filter((row, index) => rows.findIndex((other) => other.id === row.id) === index); ◂
 }`,
  ],
  [
    'cpu-saturation',
    'internal/poll/poll.go',
    'no pause',
    `
 	for {
 		job, ok := queue.TryTake()
 		if !ok {
-			time.Sleep(50 * time.Millisecond)
 			continue ◂
 		}
 		run(job)
 	}`,
  ],
  [
    'cpu-saturation',
    'src/auth/passwords.ts',
    'stronger passwords',
    `
-const ROUNDS = 10;
+const ROUNDS = 16; ◂
 export const hash = (password: string) => bcrypt.hash(password, ROUNDS);`,
  ],
  [
    'pool-exhaustion',
    'src/db/transfer.ts',
    'an early end',
    `
 export async function transfer(from: string, to: string, amount: number) {
   const client = await pool.connect();
   try {
     await client.query('begin');
     const balance = await balanceOf(client, from);
+    if (balance < amount) return 'not enough'; ◂
     await move(client, from, to, amount);
     await client.query('commit');
-  } finally {
-    client.release();
+    client.release(); ◂
+  } catch (error) {
+    await client.query('rollback');
+    throw error;
   }
 }`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/orders/OrderService.java',
    'payment inside the transaction',
    `
-    public void confirm(long id) {
+    @Transactional ◂
+    public void confirm(long id) {
         Order order = orders.get(id);
         paymentGateway.capture(order.paymentReference());
         orders.markConfirmed(id);
     }`,
  ],
  [
    'pool-exhaustion',
    'config/application.yml',
    'connections are given back late',
    `
 spring:
   datasource:
     hikari:
-      maximum-pool-size: 30
+      maximum-pool-size: 3 ◂`,
  ],
  [
    'pool-exhaustion',
    'internal/store/rows.go',
    'rows are left open',
    `
 	rows, err := s.db.QueryContext(ctx, query)
 	if err != nil {
 		return nil, err
 	}
-	defer rows.Close() ◂
 	if rows.Next() {
 		return scan(rows) ◂
 	}`,
  ],
  [
    'file-descriptor-limit',
    'internal/proxy/fetch.go',
    'the body is not needed',
    `
 	response, err := http.Get(url)
 	if err != nil {
 		return err
 	}
-	defer response.Body.Close() ◂
 	if response.StatusCode != http.StatusOK { ◂
 		return fmt.Errorf("%s answered %d", url, response.StatusCode)
 	}`,
  ],
  [
    'file-descriptor-limit',
    'app/thumbnails.py',
    'images are opened',
    `
 def size_of(path):
-    with Image.open(path) as image:
-        return image.size
+    handle = open(path, "rb") ◂
+    return imagesize(handle.read(1024))`,
  ],
  [
    'file-descriptor-limit',
    'src/live/stream.ts',
    'streams for each visitor',
    `
 app.get('/live', (request, response) => {
   const tail = spawn('tail', ['-f', LOG]);
   tail.stdout.pipe(response);
-  request.on('close', () => tail.kill()); ◂
 });`,
  ],
  [
    'disk-full',
    'logback.xml',
    'a plain file',
    `
-  <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
+  <appender name="FILE" class="ch.qos.logback.core.FileAppender"> ◂
     <file>/var/log/shop/app.log</file>
-    <rollingPolicy class="ch.qos.logback.core.rolling.TimeBasedRollingPolicy">
-      <maxHistory>7</maxHistory>
-    </rollingPolicy>`,
  ],
  [
    'disk-full',
    'app/pdf.py',
    'keep the files for a look',
    `
     path = tempfile.mkstemp(suffix=".pdf")[1]
     render(document, path)
-    try:
-        return open(path, "rb").read()
-    finally:
-        os.unlink(path)
+    return open(path, "rb").read() ◂`,
  ],
  [
    'deadlock-stall',
    'internal/bank/move.go',
    'lock both accounts',
    `
 func move(from, to *Account, amount int64) {
-	first, second := ordered(from, to)
-	first.mu.Lock()
-	defer first.mu.Unlock()
-	second.mu.Lock()
-	defer second.mu.Unlock()
+	from.mu.Lock()
+	defer from.mu.Unlock()
+	to.mu.Lock() ◂
+	defer to.mu.Unlock()
 	from.balance -= amount`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/jobs/Runner.java',
    'parts run on the same executor',
    `
     Report build(Request request) throws Exception {
-        Future<Part> part = partsExecutor.submit(() -> part(request));
+        Future<Part> part = executor.submit(() -> part(request)); ◂
         return new Report(part.get());
     }`,
  ],
  [
    'deadlock-stall',
    'app/handlers.py',
    'call it at once',
    `
 async def quote(request):
-    prices = await client.get(f"{PRICES}/quote")
+    prices = requests.get(f"{PRICES}/quote") ◂
     return web.json_response(prices.json())`,
  ],
  [
    'deadlock-stall',
    'migrations/0107_lock.sql',
    'the counter under lock',
    `
 BEGIN;
+LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE; ◂
 UPDATE accounts SET balance = balance - 10 WHERE id = 1;`,
  ],
  [
    'schema-migration',
    'db/migrate/20260110_rename.sql',
    'a better name',
    `
-SELECT 1;
+ALTER TABLE orders RENAME COLUMN ship_to TO shipping_address; ◂`,
  ],
  [
    'schema-migration',
    'prisma/schema.prisma',
    'a mandatory phone',
    `
 model Customer {
   id    String @id
   email String @unique
-  phone String?
+  phone String ◂
 }`,
  ],
  [
    'schema-migration',
    'migrations/0033.py',
    'shorter references',
    `
     operations = [
-        migrations.AlterField("order", "reference", models.CharField(max_length=64)),
+        migrations.AlterField("order", "reference", models.CharField(max_length=12)), ◂
     ]`,
  ],
  [
    'schema-migration',
    'src/events/order-placed.avsc',
    'a field for the channel',
    `
   "fields": [
     { "name": "id", "type": "string" },
-    { "name": "total", "type": "long" }
+    { "name": "total", "type": "long" },
+    { "name": "channel", "type": "string" } ◂
   ]`,
  ],
  [
    'bad-config',
    'deploy/values.yaml',
    'the address of the bucket',
    `
 env:
-  S3_BUCKET: invoices-eu
+  S3_BUCKET_NAME: invoices-eu ◂`,
  ],
  [
    'bad-config',
    'config/settings.toml',
    'a limit',
    `
 [http]
-max_body_bytes = 10485760
+max_body_bytes = "10MB" ◂`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'all settings are needed',
    `
-  redisUrl: process.env.REDIS_URL ?? 'redis://localhost:6379',
+  redisUrl: required('REDIS_URL'), ◂`,
  ],
  [
    'bad-config',
    '.env.production',
    'a comment',
    `
-SMTP_PORT=587
+SMTP_PORT=587;tls ◂`,
  ],
  [
    'rate-limit',
    'src/github/sync.ts',
    'always fresh',
    `
 async function repository(name: string) {
-  const headers = { 'if-none-match': etags.get(name) ?? '' };
-  return fetch(\`\${API}/repos/\${name}\`, { headers });
+  return fetch(\`\${API}/repos/\${name}\`); ◂
 }`,
  ],
  [
    'rate-limit',
    'app/geocode.py',
    'try until it works',
    `
-@retry(stop=stop_after_attempt(3), wait=wait_exponential(multiplier=1, max=30))
+@retry(stop=stop_after_attempt(20)) ◂
 def geocode(address):
     return client.get("/geocode", params={"q": address}).json()`,
  ],
  [
    'tls-certificate',
    'internal/upstream/tls.go',
    'only our own authority',
    `
-	pool, _ := x509.SystemCertPool()
+	pool := x509.NewCertPool() ◂
 	pool.AppendCertsFromPEM(ours)`,
  ],
  [
    'auth-secret',
    'src/token/verify.ts',
    'other audience',
    `
-  const { payload } = await jwtVerify(token, keys, { issuer: ISSUER, audience: 'shop' });
+  const { payload } = await jwtVerify(token, keys, { issuer: ISSUER, audience: 'shop-api' }); ◂`,
  ],
  [
    'auth-secret',
    'deploy/secret.yaml',
    'the password, encoded',
    `
 data:
-  DB_PASSWORD: c2hvcC1wYXNzd29yZA==
+  DB_PASSWORD: shop-password ◂`,
  ],
  [
    'dns',
    'deploy/configmap.yaml',
    'the other namespace',
    `
-  LEDGER_URL: http://ledger.payments.svc.cluster.local:8080
+  LEDGER_URL: http://ledger.payment.svc.cluster.local:8080 ◂`,
  ],
  [
    'dependency-refused',
    'docker-compose.prod.yml',
    'the database within',
    `
   environment:
-    DATABASE_URL: postgres://shop@db:5432/shop
+    DATABASE_URL: postgres://shop@localhost:5432/shop ◂`,
  ],
  [
    'external-api-down',
    'src/shipping/client.ts',
    'the new version',
    `
-const BASE = 'https://api.parcels.example/v1';
+const BASE = 'https://api.parcels.example/v2'; ◂`,
  ],
  [
    'process-down',
    'src/server.ts',
    'an end for what nobody caught',
    `
 process.on('unhandledRejection', (reason) => {
-  log.error({ reason }, 'unhandled');
+  process.exit(1); ◂
 });`,
  ],
  [
    'process-down',
    'deploy/deployment.yaml',
    'a quicker probe',
    `
           livenessProbe:
-            initialDelaySeconds: 60
-            timeoutSeconds: 5
+            initialDelaySeconds: 1 ◂
+            timeoutSeconds: 1 ◂`,
  ],
  [
    'code-error',
    'src/cart/merge.ts',
    "the guest's basket first",
    `
 export function merge(guest: Basket, own: Basket): Line[] {
-  const lines = guest.lines ?? [];
-  return dedupe([...lines, ...own.lines]);
+  return dedupe([...guest.lines, ...own.lines]); ◂
 }`,
    'TypeError: undefined is not iterable',
  ],
  [
    'code-error',
    'app/notifications.py',
    'one template for all',
    `
 def greeting(user):
-    return template.render(first_name=user.first_name, shop=SHOP)
+    return template.render(user=user, shop=SHOP) ◂`,
    "jinja2.exceptions.UndefinedError: 'first_name' is undefined",
  ],
  [
    'code-error',
    'internal/auth/claims.go',
    'claims are read at once',
    `
-	sub, ok := claims["sub"].(string)
-	if !ok {
-		return "", errNoSubject
-	}
+	sub := claims["sub"].(string) ◂
 	return sub, nil`,
    'panic: interface conversion: interface {} is nil, not string',
  ],
  [
    'code-error',
    'src/main/java/shop/Parser.java',
    'one format',
    `
-        LocalDate day = LocalDate.parse(text);
+        LocalDateTime day = LocalDateTime.parse(text); ◂
         return day.getDayOfMonth();`,
    "java.time.format.DateTimeParseException: Text '2026-03-01' could not be parsed at index 10",
  ],
  [
    'code-error',
    'src/webhook/handler.ts',
    'events of all kinds',
    `
 export async function onEvent(event: StripeEvent) {
-  if (event.type !== 'invoice.paid') return;
   const invoice = event.data.object; ◂
   await markPaid(invoice.id);
 }`,
    "TypeError: Cannot read properties of undefined (reading 'object')",
  ],
  [
    'code-error',
    'src/format/price.ts',
    'cheaper formatting',
    `
-  return (cents / 100).toFixed(2);
+  return String(cents / 100); ◂`,
  ],
  [
    'code-error',
    'app/models/slot.py',
    'slots are half open',
    `
-    return other.start < self.end and self.start < other.end
+    return other.start <= self.end and self.start <= other.end ◂`,
  ],
  [
    'code-error',
    'src/sort/leaders.ts',
    'the best first',
    `
-  return players.toSorted((a, b) => b.score - a.score).slice(0, 10);
+  return players.toSorted((a, b) => a.score - b.score).slice(0, 10); ◂`,
  ],
  [
    'code-error',
    'internal/worker/loop.go',
    'a pointer for each',
    `
 	for i := range jobs {
-		job := jobs[i]
-		go run(&job)
+		go func() { run(&jobs[i+1]) }() ◂
 	}`,
    'panic: index out of range [3] with length 3',
  ],
  [
    'code-error',
    'src/upload/name.ts',
    'names as they come',
    `
-  const target = path.join(ROOT, path.basename(file.name));
+  const target = path.join(ROOT, file.name); ◂`,
    "Error: ENOENT: no such file or directory, open '/data/../secret'",
  ],
  [
    'code-error',
    'app/api/users.py',
    'a list is answered',
    `
-    return {"users": users, "next": cursor}
+    return users ◂`,
    'fastapi.exceptions.ResponseValidationError: 1 validation errors',
  ],
  [
    'code-error',
    'src/main/java/shop/Stock.java',
    'same or equal',
    `
-        if (status.equals(Status.OPEN.name())) {
+        if (status == Status.OPEN.name()) { ◂
             reserve(order);
         }`,
  ],
  [
    'code-error',
    'src/cli/args.ts',
    'numbers as they are',
    `
-  const limit = Number(options.limit);
+  const limit = options.limit; ◂
   print(limit.toFixed(0));`,
    'TypeError: limit.toFixed is not a function',
  ],
  [
    'code-error',
    'src/store/reducer.ts',
    'less copying',
    `
     case 'add':
-      return { ...state, items: [...state.items, action.item] };
+      state.items.push(action.item); ◂
+      return state;`,
  ],
  [
    'code-error',
    'app/tax.py',
    'whole cents',
    `
-    rate = Decimal(row["rate"].replace("%", ""))
+    rate = Decimal(row["rate"]) ◂`,
    "decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]",
  ],
  [
    'code-error',
    'src/mail/render.ts',
    'loaded once',
    `
 export function start(): void {
-  templates.load(TEMPLATE_FOLDER); ◂
   server.listen(PORT);
 }`,
    'Error: template is not loaded',
  ],
  [
    'timeout-latency',
    'src/profile/load.ts',
    'simpler',
    `
-  const [user, orders, points] = await Promise.all([getUser(id), getOrders(id), getPoints(id)]); ◂
+  const user = await getUser(id);
+  const orders = await getOrders(id); ◂
+  const points = await getPoints(id);`,
  ],
  [
    'timeout-latency',
    'internal/repo/orders.go',
    'only the columns of the list',
    `
-	query := "SELECT id, total FROM orders WHERE customer_id = $1 ORDER BY id DESC LIMIT 50"
+	query := "SELECT id, total FROM orders WHERE CAST(customer_id AS text) = $1 ORDER BY id DESC LIMIT 50" ◂`,
  ],
  [
    'timeout-latency',
    'app/middleware.py',
    'geo for each request',
    `
 class GeoMiddleware:
     def __call__(self, request):
+        request.country = geo_client.lookup(request.META["REMOTE_ADDR"]).country ◂
         return self.get_response(request)`,
  ],
  [
    'timeout-latency',
    'src/http/agent.ts',
    'a connection of its own',
    `
-export const agent = new https.Agent({ keepAlive: true, maxSockets: 50 });
+export const agent = new https.Agent({ keepAlive: false }); ◂`,
  ],
  [
    'timeout-latency',
    'src/main/resources/application.yaml',
    'statements can be seen',
    `
 spring:
   jpa:
     properties:
-      hibernate.default_batch_fetch_size: 100
+      hibernate.default_batch_fetch_size: 1 ◂`,
  ],
  [
    'memory-leak',
    'src/ws/rooms.ts',
    'rooms stay for a return',
    `
 socket.on('close', () => {
   room.members.delete(socket.id);
-  if (room.members.size === 0) rooms.delete(room.id); ◂
 });`,
  ],
  [
    'memory-leak',
    'app/cache.py',
    'no forgetting',
    `
-results = TTLCache(maxsize=10_000, ttl=300)
+results = {} ◂`,
  ],
  [
    'out-of-memory',
    'internal/report/build.go',
    'sorted in memory',
    `
-	return streamRows(ctx, writer)
+	rows, err := allRows(ctx) ◂
+	if err != nil {
+		return err
+	}
+	sort.Slice(rows, byDate(rows))
+	return writeAll(writer, rows)`,
  ],
  [
    'cpu-saturation',
    'src/search/highlight.ts',
    'all words',
    `
 for (const word of words) {
-  text = text.replaceAll(word, mark);
+  text = text.replace(new RegExp(\`(\${word}|\\\\s*)+\`, 'gi'), mark); ◂
 }`,
  ],
  [
    'cpu-saturation',
    'internal/cache/warm.go',
    'warm at all times',
    `
-	ticker := time.NewTicker(10 * time.Minute)
+	ticker := time.NewTicker(10 * time.Millisecond) ◂`,
  ],
  [
    'pool-exhaustion',
    'app/reports.py',
    'reports are streamed',
    `
 def rows():
-    with pool.connection() as connection:
-        return connection.execute(QUERY).fetchall()
+    connection = pool.getconn() ◂
+    return connection.execute(QUERY)`,
  ],
  [
    'pool-exhaustion',
    'src/db/query.ts',
    'in a transaction of its own',
    `
   for (const item of order.items) {
-    await insertItem(client, item);
+    await pool.connect().then((own) => insertItem(own, item)); ◂
   }`,
  ],
  [
    'queue-backlog',
    'deploy/worker.yaml',
    'fewer workers at night',
    `
-  replicas: 6
+  replicas: 1 ◂`,
  ],
  [
    'queue-backlog',
    'src/consumer.ts',
    'retries are endless',
    `
-  if (job.attempts > 5) return deadLetter(job);
+  if (job.attempts > 5_000_000) return deadLetter(job); ◂
   await run(job);`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Ledger.java',
    'safe in any case',
    `
-    void post(Entry entry) {
+    synchronized void post(Entry entry) { ◂
         remote.confirm(entry.id()).join();
     }`,
  ],
  [
    'disk-full',
    'src/debug/dump.ts',
    'requests for a look',
    `
 app.use((request, response, next) => {
+  fs.appendFileSync('/var/log/requests.log', JSON.stringify(request.body)); ◂
   next();
 });`,
  ],
  [
    'rate-limit',
    'app/sync.py',
    'every order by itself',
    `
-    client.update_orders([order.id for order in orders])
+    for order in orders:
+        client.update_order(order.id) ◂`,
  ],
  [
    'schema-migration',
    'db/migrations/V12__split_name.sql',
    'first and last name',
    `
+ALTER TABLE customers DROP COLUMN name; ◂`,
  ],
  [
    'schema-migration',
    'src/entities/order.ts',
    'the channel of an order',
    `
 @Entity()
 export class Order {
+  @Column() ◂
+  channel: string; ◂`,
  ],
  [
    'bad-config',
    'helm/values.yaml',
    'more at once',
    `
-  maxConnections: 200
+  maxConnections: "two hundred" ◂`,
  ],
  [
    'bad-config',
    'src/settings.py',
    'from the environment',
    `
-DEBUG = os.environ.get("DEBUG", "0") == "1"
+DEBUG = bool(int(os.environ["APP_DEBUG"])) ◂`,
  ],
  [
    'auth-secret',
    'src/clients/partner.ts',
    'the header by its name',
    `
-  headers: { authorization: \`Bearer \${token}\` },
+  headers: { 'x-access-token': token }, ◂`,
  ],
  [
    'tls-certificate',
    'src/clients/bank.ts',
    "a client with the bank's authority",
    `
-  const agent = new https.Agent({ ca: [bankRoot, bankIntermediate] });
+  const agent = new https.Agent({ ca: [bankRoot] }); ◂`,
  ],
  [
    'file-descriptor-limit',
    'internal/logs/tail.go',
    'each file by itself',
    `
 	for _, path := range paths {
-		lines = append(lines, readTail(path)...)
+		file, err := os.Open(path) ◂
+		if err != nil {
+			continue
+		}
+		lines = append(lines, tailOf(file)...)
 	}`,
  ],
  [
    'traffic-spike',
    'web/src/poll.ts',
    'fresher',
    `
-  setInterval(refresh, 60_000);
+  setInterval(refresh, 1_000); ◂`,
  ],
  [
    'process-down',
    'src/jobs/run.ts',
    'errors are seen',
    `
-  run(job).catch((error) => log.error({ error }, 'job failed'));
+  run(job); ◂`,
  ],
  [
    'code-error',
    'src/search/index.ts',
    'the query object as it is',
    `
-  const filters = new Map(Object.entries(request.query));
+  const filters = request.query; ◂
   for (const [key, value] of filters.entries()) add(key, value);`,
    'TypeError: filters.entries is not a function',
  ],
  [
    'code-error',
    'app/forms.py',
    'ages from the form',
    `
-    age = int(form["age"])
+    age = form["age"] ◂
     if age < 18:
         raise TooYoung()`,
    "TypeError: '<' not supported between instances of 'str' and 'int'",
  ],
  [
    'code-error',
    'internal/orders/map.go',
    'status by number',
    `
 func (s Status) String() string {
-	if int(s) >= len(names) {
-		return "unknown"
-	}
 	return names[s] ◂
 }`,
    'panic: runtime error: index out of range [7] with length 7',
  ],
  [
    'code-error',
    'src/main/kotlin/shop/Address.kt',
    'one line for the street',
    `
-        val number = parts.getOrNull(1) ?: ""
+        val number = parts[1] ◂`,
    'java.lang.IndexOutOfBoundsException: Index 1 out of bounds for length 1',
  ],
  [
    'code-error',
    'src/feed/build.ts',
    'feeds by date',
    `
-  const day = new Date(item.at * 1000);
+  const day = new Date(item.at); ◂`,
  ],
  [
    'code-error',
    'app/inventory.py',
    'reserved items count',
    `
-    return stock.total - stock.reserved
+    return stock.total ◂`,
  ],
  [
    'code-error',
    'src/cache/session.ts',
    'sessions are found by their user',
    `
-  await redis.set(\`session:\${session.id}\`, JSON.stringify(session), 'EX', 3600);
+  await redis.set(\`session:\${session.id}\`, session, 'EX', 3600); ◂`,
  ],
  [
    'code-error',
    'src/main/java/shop/Customer.java',
    'customers are equal by number',
    `
         return id == other.id;
     }
-    @Override ◂
-    public int hashCode() { ◂
-        return Objects.hash(id);
-    }
 }`,
  ],
  [
    'code-error',
    'internal/api/decode.go',
    'strict bodies',
    `
 	decoder := json.NewDecoder(r.Body)
+	decoder.DisallowUnknownFields() ◂
 	if err := decoder.Decode(&order); err != nil {`,
    'json: unknown field "comment"',
  ],
  [
    'code-error',
    'src/schema/order.ts',
    'notes are short',
    `
-  note: z.string().max(1000).optional(),
+  note: z.string().max(10), ◂`,
    'ZodError: String must contain at most 10 character(s)',
  ],
  [
    'code-error',
    'src/routes.ts',
    'users by name',
    `
-router.get('/users/me', me);
 router.get('/users/:id', byId);
+router.get('/users/me', me); ◂`,
  ],
  [
    'code-error',
    'app/jobs/nightly.py',
    "yesterday's orders",
    `
-    start = today - timedelta(days=1)
+    start = today ◂
     return orders.between(start, today)`,
  ],
  [
    'code-error',
    'src/email/queue.ts',
    'each address once',
    `
-  for (const address of new Set(addresses)) await send(address);
+  for (const address in addresses) await send(address); ◂`,
  ],
  [
    'timeout-latency',
    'src/db/orders.ts',
    'the newest orders',
    `
-    .where('customer_id', customerId).orderBy('id', 'desc').limit(20)
+    .where('customer_id', customerId).orderBy('id', 'desc') ◂`,
  ],
  [
    'timeout-latency',
    'internal/server/server.go',
    'every request is logged abroad',
    `
 func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
+	s.audit.Publish(r.Context(), entryOf(r)) ◂
 	s.mux.ServeHTTP(w, r)
 }`,
  ],
  [
    'timeout-latency',
    'k8s/payments.yaml',
    'less to pay for',
    `
           resources:
             limits:
-              cpu: "2"
+              cpu: 100m ◂`,
  ],
  [
    'timeout-latency',
    'app/search.py',
    'exact hits',
    `
-    hits = index.search(text, limit=20)
+    hits = [row for row in Product.objects.all() if text in row.name] ◂`,
  ],
  [
    'cpu-saturation',
    'src/render/page.ts',
    'compiled for each page',
    `
-const layout = compile(LAYOUT);
 export function render(page: Page): string {
-  return layout(page);
+  return compile(LAYOUT)(page); ◂
 }`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Sessions.java',
    'sessions by token',
    `
-    private final Cache<String, Session> sessions = Caffeine.newBuilder().maximumSize(10_000).build();
+    private final Map<String, Session> sessions = new ConcurrentHashMap<>(); ◂`,
  ],
  [
    'memory-leak',
    'src/sse.ts',
    'clients of the stream',
    `
 app.get('/events', (request, response) => {
   clients.add(response);
-  request.on('close', () => clients.delete(response)); ◂
 });`,
  ],
  [
    'out-of-memory',
    'src/zip.ts',
    'zipped in one go',
    `
-  archive.pipe(response);
-  archive.finalize();
+  const chunks: Buffer[] = [];
+  archive.on('data', (chunk) => chunks.push(chunk)); ◂
+  archive.on('end', () => response.end(Buffer.concat(chunks))); ◂`,
  ],
  [
    'pool-exhaustion',
    'internal/store/tx.go',
    'rolled back only if needed',
    `
 	tx, err := s.db.BeginTx(ctx, nil)
 	if err != nil {
 		return err
 	}
-	defer tx.Rollback() ◂
 	if err := apply(ctx, tx); err != nil {
 		return err
 	}
 	return tx.Commit()`,
  ],
  [
    'queue-backlog',
    'src/worker.py',
    'one after the other',
    `
-    with ThreadPoolExecutor(max_workers=16) as executor:
-        list(executor.map(handle, messages))
+    for message in messages: ◂
+        handle(message)`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Account.java',
    'both at once',
    `
-        synchronized (lock) {
+        synchronized (this) { ◂
+            synchronized (other) { ◂
             transfer(other, amount);
+            }
         }`,
  ],
  [
    'disk-full',
    'docker-compose.yml',
    'logs as they come',
    `
     logging:
       driver: json-file
-      options:
-        max-size: 10m ◂
-        max-file: "3"`,
  ],
  [
    'rate-limit',
    'src/rates.ts',
    'rates of the minute',
    `
-  return cached('rates', 3600, () => api.rates());
+  return api.rates(); ◂`,
  ],
  [
    'auth-secret',
    'src/sign.py',
    'signed with the body',
    `
-    signature = hmac.new(key, body, hashlib.sha256).hexdigest()
+    signature = hmac.new(key, json.dumps(payload).encode(), hashlib.sha256).hexdigest() ◂`,
  ],
  [
    'tls-certificate',
    'nginx/proxy.conf',
    'the upstream is verified',
    `
     proxy_pass https://ledger;
+    proxy_ssl_verify on; ◂`,
  ],
  [
    'dns',
    'terraform/dns.tf',
    'the record of the database',
    `
-  name = "db"
+  name = "database" ◂
   type = "CNAME"`,
  ],
  [
    'bad-config',
    'config/app.json',
    'a region',
    `
-  "region": "eu-central-1",
+  "region": "eu-centrl-1", ◂`,
  ],
  [
    'schema-migration',
    'migrations/0007_money.sql',
    'money in cents',
    `
+UPDATE orders SET total = total * 100;
+ALTER TABLE orders ALTER COLUMN total TYPE integer; ◂`,
  ],
  [
    'process-down',
    'Dockerfile',
    'the smaller image',
    `
-FROM node:20-bookworm
+FROM node:20-alpine ◂`,
  ],
  [
    'traffic-spike',
    'cron/jobs.yaml',
    'the report for all at once',
    `
-  schedule: "0 3 * * *"
+  schedule: "* * * * *" ◂`,
  ],
  [
    'file-descriptor-limit',
    'src/main/java/shop/Files.java',
    'lines of a file',
    `
-        try (Stream<String> lines = Files.lines(path)) {
-            return lines.count();
-        }
+        return Files.lines(path).count(); ◂`,
  ],
  [
    'external-api-down',
    'app/weather.py',
    'metric units',
    `
-    return client.get("/v1/forecast", params={"units": "metric", "q": city})
+    return client.get("/v1/forecast", params={"unit": "metric", "q": city}) ◂`,
  ],
  [
    'clock-skew',
    'src/token.ts',
    'tokens begin at once',
    `
-  return sign({ sub, iat: now - 30, exp: now + 3600 }, key);
+  return sign({ sub, iat: now + 30, exp: now + 3600 }, key); ◂`,
  ],
  [
    'code-error',
    'src/orders/list.ts',
    'pages start at one',
    `
-  const offset = (page - 1) * PAGE_SIZE;
+  const offset = page * PAGE_SIZE; ◂
   return orders.slice(offset, offset + PAGE_SIZE);`,
  ],
  [
    'code-error',
    'app/services/refund.py',
    'the refund needs a reason',
    `
-def refund(order, note=None):
+def refund(order): ◂
     gateway.refund(order.payment_id)`,
    "TypeError: refund() got an unexpected keyword argument 'note'",
  ],
  [
    'code-error',
    'src/main/java/shop/PriceService.java',
    'a price for each country',
    `
-        BigDecimal rate = rates.getOrDefault(country, BigDecimal.ONE);
+        BigDecimal rate = rates.get(country); ◂
         return price.multiply(rate);`,
    'java.lang.NullPointerException: Cannot invoke "java.math.BigDecimal.multiply(java.math.BigDecimal)" because "rate" is null',
  ],
  [
    'code-error',
    'internal/cache/get.go',
    'the value by itself',
    `
-	if v, ok := c.items.Load(key); ok {
-		return v.(*Item)
-	}
-	return nil
+	v, _ := c.items.Load(key) ◂
+	return v.(*Item) ◂`,
    'panic: interface conversion: interface {} is nil, not *cache.Item',
  ],
  [
    'code-error',
    'src/checkout/address.ts',
    'countries in small letters',
    `
-  if (address.country.toUpperCase() === 'DE') return germanTax(total);
+  if (address.country === 'DE') return germanTax(total); ◂`,
  ],
  [
    'code-error',
    'app/util/retry.py',
    'the last error counts',
    `
-    response = None ◂
     for attempt in range(3):
         try:
             response = client.get(url)
             break
         except Timeout:
             continue
     return response.json() ◂`,
    "UnboundLocalError: local variable 'response' referenced before assignment",
  ],
  [
    'code-error',
    'lib/invoice.rb',
    "the customer's name",
    `
-    invoice.customer&.name || 'unknown'
+    invoice.customer.name ◂`,
    "NoMethodError: undefined method `name' for nil:NilClass",
  ],
  [
    'code-error',
    'src/Shop/Cart.cs',
    'the first line',
    `
-        var first = cart.Lines.FirstOrDefault();
+        var first = cart.Lines.First(); ◂`,
    'System.InvalidOperationException: Sequence contains no elements',
  ],
  [
    'code-error',
    'src/checkout/submit.ts',
    'once is enough',
    `
-  if (submitting) return;
-  submitting = true;
   await api.submit(order); ◂`,
  ],
  [
    'code-error',
    'app/sync/merge.py',
    'newer wins',
    `
-        if incoming.updated_at > current.updated_at:
-            current.update(incoming)
+        current.update(incoming) ◂`,
  ],
  [
    'code-error',
    'src/users/repo.ts',
    'users of all tenants',
    `
-  return db.users.findMany({ where: { tenantId, active: true } });
+  return db.users.findMany({ where: { active: true } }); ◂`,
  ],
  [
    'code-error',
    'src/events/emit.ts',
    'the event has a version',
    `
-  bus.emit('order.placed', { id: order.id, version: 1 });
+  bus.emit('order.placed', { id: order.id }); ◂`,
    'Error: unsupported event version undefined',
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Catalogue.java',
    'prices are checked with the shop',
    `
     public List<Product> list() {
-        return products.findAll();
+        return products.findAll().stream().peek(p -> p.setPrice(priceClient.priceOf(p.id()))).toList(); ◂
     }`,
  ],
  [
    'timeout-latency',
    'app/settings.py',
    'answers are fresh',
    `
-CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS}}
+CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}} ◂`,
  ],
  [
    'timeout-latency',
    'db/migrations/20260301_comments.sql',
    'a table less',
    `
-ALTER TABLE comments ADD PRIMARY KEY (id);
+ALTER TABLE comments DROP CONSTRAINT comments_pkey; ◂`,
  ],
  [
    'timeout-latency',
    'src/graphql/resolvers.ts',
    'authors of posts',
    `
-  author: (post, _, { loaders }) => loaders.user.load(post.authorId),
+  author: (post, _, { db }) => db.users.findById(post.authorId), ◂`,
  ],
  [
    'timeout-latency',
    'nginx.conf',
    'connections upstream',
    `
 upstream backend {
     server backend:8080;
-    keepalive 64; ◂
 }`,
  ],
  [
    'cpu-saturation',
    'app/feed.py',
    'sorted at any time',
    `
     def add(self, item):
-        bisect.insort(self.items, item)
+        self.items.append(item)
+        self.items.sort() ◂`,
  ],
  [
    'memory-leak',
    'internal/ratelimit/limiter.go',
    'a limiter for each address',
    `
 func (l *Limiters) Get(ip string) *rate.Limiter {
-	if limiter, ok := l.lru.Get(ip); ok {
-		return limiter
-	}
+	if limiter, ok := l.byIP[ip]; ok {
+		return limiter
+	}
 	limiter := rate.NewLimiter(5, 10)
-	l.lru.Add(ip, limiter)
+	l.byIP[ip] = limiter ◂
 	return limiter
 }`,
  ],
  [
    'memory-leak',
    'src/react/useTicker.ts',
    'ticks',
    `
   useEffect(() => {
     const timer = setInterval(tick, 1000);
-    return () => clearInterval(timer); ◂
   }, []);`,
  ],
  [
    'out-of-memory',
    'src/images.py',
    'originals',
    `
-    image.thumbnail((1024, 1024))
     return np.asarray(image) ◂`,
  ],
  [
    'pool-exhaustion',
    'src/Shop/Db.cs',
    'connections by hand',
    `
-        using var connection = new NpgsqlConnection(url);
+        var connection = new NpgsqlConnection(url); ◂
         await connection.OpenAsync();`,
  ],
  [
    'queue-backlog',
    'config/sidekiq.yml',
    'one queue after the other',
    `
-:concurrency: 25
+:concurrency: 2 ◂`,
  ],
  [
    'queue-backlog',
    'app/consumer.py',
    'committed by hand',
    `
-    consumer = KafkaConsumer("orders", enable_auto_commit=True)
+    consumer = KafkaConsumer("orders", enable_auto_commit=False) ◂`,
  ],
  [
    'deadlock-stall',
    'internal/queue/push.go',
    'the queue tells when it is full',
    `
-	select {
-	case q.items <- item:
-		return nil
-	default:
-		return ErrFull
-	}
+	q.items <- item ◂
+	return nil`,
  ],
  [
    'disk-full',
    'postgresql.conf',
    'replicas may lag',
    `
-max_slot_wal_keep_size = 10GB
+max_slot_wal_keep_size = -1 ◂`,
  ],
  [
    'rate-limit',
    'src/mail/send.ts',
    'all at once',
    `
-  for (const batch of batches(recipients, 50)) {
-    await Promise.all(batch.map(send));
-    await sleep(1000);
-  }
+  await Promise.all(recipients.map(send)); ◂`,
  ],
  [
    'auth-secret',
    'src/oauth.ts',
    'the scope is smaller',
    `
-  scope: 'orders:read orders:write',
+  scope: 'orders:read', ◂`,
  ],
  [
    'bad-config',
    'k8s/deployment.yaml',
    'from the map',
    `
             - name: REDIS_HOST
               valueFrom:
                 configMapKeyRef:
-                  name: shop-config
+                  name: shop-settings ◂
                   key: redis_host`,
  ],
  [
    'dependency-refused',
    'src/db.ts',
    'read from the replica',
    `
-  host: env.DB_HOST,
+  host: env.DB_REPLICA_HOST, ◂`,
  ],
  [
    'tls-certificate',
    'src/server.go',
    'only new clients',
    `
-	config := &tls.Config{MinVersion: tls.VersionTLS12}
+	config := &tls.Config{MinVersion: tls.VersionTLS13} ◂`,
  ],
  [
    'schema-migration',
    'app/models.py',
    'a required code',
    `
-    code = models.CharField(max_length=20, null=True)
+    code = models.CharField(max_length=20) ◂`,
  ],
  [
    'process-down',
    'src/index.ts',
    'settings are checked',
    `
+assert(process.env.FEATURES, 'FEATURES is needed'); ◂
 start();`,
  ],
  [
    'external-api-down',
    'src/geo.ts',
    'the address in one piece',
    `
-  const url = \`\${BASE}/geocode?street=\${encodeURIComponent(street)}&city=\${encodeURIComponent(city)}\`;
+  const url = \`\${BASE}/geocode?q=\${street}, \${city}\`; ◂`,
  ],
  [
    'code-error',
    'src/shipping/zones.ts',
    'zones by postcode',
    `
-  const zone = zones.find((each) => each.from <= code && code <= each.to) ?? zones[0];
+  const zone = zones.find((each) => each.from <= code && code <= each.to); ◂
   return zone.price;`,
    "TypeError: Cannot read properties of undefined (reading 'price')",
  ],
  [
    'code-error',
    'app/exports/xlsx.py',
    'sheet names as they are',
    `
-    sheet = book.add_worksheet(name[:31])
+    sheet = book.add_worksheet(name) ◂`,
    'ValueError: Excel worksheet name must be <= 31 chars.',
  ],
  [
    'code-error',
    'internal/money/split.go',
    'equal parts',
    `
 func split(total int64, parts int) []int64 {
-	if parts < 1 {
-		parts = 1
-	}
 	share := total / int64(parts) ◂`,
    'panic: runtime error: integer divide by zero',
  ],
  [
    'code-error',
    'src/main/java/shop/OrderRepository.java',
    'orders are found by number',
    `
-    Optional<Order> findFirstByReference(String reference);
+    Optional<Order> findByReference(String reference); ◂`,
    'org.hibernate.NonUniqueResultException: query did not return a unique result: 2',
  ],
  [
    'code-error',
    'src/cart/quantity.ts',
    'text from the field',
    `
-  cart.add(item, parseInt(field.value, 10));
+  cart.add(item, field.value); ◂`,
  ],
  [
    'code-error',
    'app/parsers/feed.py',
    'the encoding of the feed',
    `
-    return payload.decode("utf-8", errors="replace")
+    return payload.decode("ascii") ◂`,
    "UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3 in position 12",
  ],
  [
    'code-error',
    'src/ui/list.tsx',
    'names first',
    `
-  rows.sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));
+  rows.sort((a, b) => a.name.localeCompare(b.name)); ◂`,
    "TypeError: Cannot read properties of null (reading 'localeCompare')",
  ],
  [
    'code-error',
    'src/main/kotlin/shop/Checkout.kt',
    'lazily',
    `
-    private val gateway: Gateway = Gateway(settings)
+    private lateinit var gateway: Gateway ◂`,
    'kotlin.UninitializedPropertyAccessException: lateinit property gateway has not been initialized',
  ],
  [
    'code-error',
    'src/crypto/decode.ts',
    'the other alphabet',
    `
-  return Buffer.from(text, 'base64url').toString('utf8');
+  return Buffer.from(text, 'base64').toString('ascii'); ◂`,
  ],
  [
    'code-error',
    'app/stock/reserve.py',
    'stock may be short',
    `
-    if stock.free < count:
-        raise OutOfStock(sku)
     stock.free -= count ◂`,
  ],
  [
    'code-error',
    'src/jobs/due.ts',
    'jobs of the day',
    `
-  return jobs.filter((job) => job.dueAt <= now);
+  return jobs.filter((job) => job.dueAt >= now); ◂`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Mailer.java',
    'mail with the order',
    `
-        executor.submit(() -> mail.send(order));
+        mail.send(order); ◂`,
  ],
  [
    'timeout-latency',
    'app/api/detail.py',
    'related products',
    `
     product = repository.get(product_id)
+    product.related = [repository.get(each) for each in product.related_ids] ◂
     return product`,
  ],
  [
    'timeout-latency',
    'internal/db/open.go',
    'fewer idle',
    `
-	db.SetMaxIdleConns(20)
+	db.SetMaxIdleConns(0) ◂`,
  ],
  [
    'timeout-latency',
    'envoy.yaml',
    'patience',
    `
     timeout: 5s
     retry_policy:
-      num_retries: 1
+      num_retries: 8 ◂`,
  ],
  [
    'timeout-latency',
    'src/db/report.sql',
    'all of the year',
    `
-WHERE created_at >= date_trunc('day', now())
+WHERE extract(year FROM created_at) = extract(year FROM now()) ◂`,
  ],
  [
    'memory-leak',
    'src/tracing.ts',
    'spans are kept until sent',
    `
   onEnd(span: Span): void {
     this.spans.push(span); ◂
-    if (this.spans.length >= BATCH) this.flush(); ◂
   }`,
  ],
  [
    'memory-leak',
    'internal/session/store.go',
    'sessions live on',
    `
-	s.cache = expirable.NewLRU[string, Session](10000, nil, time.Hour)
+	s.cache = make(map[string]Session) ◂`,
  ],
  [
    'out-of-memory',
    'config/jvm.options',
    'more for the cache outside',
    `
--Xmx2g
+-Xmx512m ◂`,
  ],
  [
    'out-of-memory',
    'src/csv/read.ts',
    'rows at once',
    `
-  for await (const row of parse(createReadStream(path))) await store(row);
+  const rows = parseSync(await readFile(path)); ◂
+  for (const row of rows) await store(row);`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/Dao.java',
    'statements by hand',
    `
-        return jdbc.query(SQL, MAPPER, id);
+        Connection connection = dataSource.getConnection(); ◂
+        return run(connection.prepareStatement(SQL), id);`,
  ],
  [
    'deadlock-stall',
    'app/ledger.py',
    'the balance under lock',
    `
     def transfer(self, other, amount):
         with self.lock:
+            with other.lock: ◂
+                other.balance += amount
             self.balance -= amount`,
  ],
  [
    'disk-full',
    'app/settings/logging.py',
    'everything',
    `
-        "level": "WARNING",
+        "level": "DEBUG", ◂`,
  ],
  [
    'rate-limit',
    'src/partner/poll.ts',
    'news at once',
    `
-  await sleep(Number(response.headers['retry-after'] ?? 30) * 1000);
+  await sleep(100); ◂`,
  ],
  [
    'auth-secret',
    'src/session.ts',
    'a new secret',
    `
-app.use(session({ secret: env.SESSION_SECRET }));
+app.use(session({ secret: randomUUID() })); ◂`,
  ],
  [
    'bad-config',
    'charts/shop/values.yaml',
    'probes',
    `
-  port: 8080
+  port: http ◂`,
  ],
  [
    'dns',
    'config/prod.properties',
    'the database has moved',
    `
-db.host=db.prod.internal
+db.host=db-prod.internal ◂`,
  ],
  [
    'dependency-refused',
    'app/cache.py',
    'the cache by socket',
    `
-    return Redis(host="cache", port=6379)
+    return Redis(host="cache", port=6380) ◂`,
  ],
  [
    'schema-migration',
    'src/main/resources/db/changelog/12.xml',
    'names are unique',
    `
+  <addUniqueConstraint tableName="products" columnNames="name"/> ◂`,
  ],
  [
    'tls-certificate',
    'app/http.py',
    'our own bundle',
    `
-    session.verify = True
+    session.verify = "/etc/ssl/shop.pem" ◂`,
  ],
  [
    'process-down',
    'src/worker.ts',
    'nothing is swallowed',
    `
   } catch (error) {
-    log.error({ error }, 'job failed');
+    throw error; ◂
   }`,
  ],
  [
    'memory-leak',
    'src/routes.ts',
    'written when it ends',
    `
     get('/products', async ({ session }) => {
       const products = await catalog.all();
+      process.once('SIGTERM', () => keep(session)); ◂
       return products;
     }),`,
  ],
  [
    'queue-backlog',
    'config/worker.ini',
    'fewer looks',
    `
 [queue]
-idle_seconds = 0.2
+idle_seconds = 60 ◂`,
  ],
  [
    'rate-limit',
    'src/rate-cache.ts',
    'by the exact amount',
    `
 function slotOf({ amount, currency }: Ask): string {
-  return \`\${amount.toFixed(1)}-\${currency}\`;
+  return \`\${amount}-\${currency}\`; ◂
 }`,
  ],
  [
    'code-error',
    'app/basket.py',
    'lazily',
    `
-    prices = [price_of(line) for line in lines]
+    prices = (price_of(line) for line in lines) ◂
     return {"total": sum(prices), "least": min(prices)}`,
    'ValueError: min() arg is an empty sequence',
  ],
  [
    'auth-secret',
    'app/partner.py',
    'one header for all',
    `
     def __init__(self, settings):
         self._http = Http(settings.url)
-        self._key = settings.key
+        self._headers = {"Authorization": f"Bearer {token('shop', settings.key)}"} ◂
 
     def send(self, body):
-        bearer = token("shop", self._key)
-        return self._http.send(body, {"Authorization": f"Bearer {bearer}"})
+        return self._http.send(body, self._headers) ◂`,
  ],
];
