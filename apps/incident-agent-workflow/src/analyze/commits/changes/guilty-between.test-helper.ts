/** Small changes that break what lies between services, or keep each other waiting. ◂ marks the line at fault. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_BETWEEN: readonly Row[] = [
  [
    'dependency-refused',
    'config/app.json',
    'another port',
    `
 {
-  "ledgerUrl": "http://ledger:8080",
+  "ledgerUrl": "http://ledger:8081", ◂
   "timeoutMs": 2000
 }`,
  ],
  [
    'dependency-refused',
    'src/db.ts',
    'the address that is taken where none is set',
    `
-const host = process.env.DB_HOST ?? 'database';
+const host = process.env.DB_HOST ?? 'localhost'; ◂
 export const pool = new Pool({ host });`,
  ],
  [
    'dependency-refused',
    'src/main.ts',
    'it listens on the loop back only',
    `
-server.listen(port, '0.0.0.0');
+server.listen(port, '127.0.0.1'); ◂`,
  ],
  [
    'dependency-refused',
    'docker-compose.yml',
    'another port of the container',
    `
   redis:
     image: redis:7
-    command: redis-server --port 6379
+    command: redis-server --port 6380 ◂`,
  ],
  [
    'dependency-refused',
    'config/application.properties',
    'another port in the address of the database',
    `
-spring.datasource.url=jdbc:postgresql://db:5432/shop
+spring.datasource.url=jdbc:postgresql://db:5433/shop ◂
 spring.datasource.username=shop`,
  ],
  [
    'dns',
    'config/orders.ini',
    'a host name that is spelled otherwise',
    `
 [ledger]
-host = ledger.internal
+host = ledgr.internal ◂
 port = 8080`,
  ],
  [
    'dns',
    'deploy/app.yaml',
    'a service of another name',
    `
         - name: PAYMENTS_URL
-          value: http://payments.shop.svc:8080
+          value: http://payments.store.svc:8080 ◂`,
  ],
  [
    'dns',
    'internal/conf/conf.go',
    'another domain in the code',
    `
-const ledgerURL = "http://ledger.internal:8080"
+const ledgerURL = "http://ledger.corp:8080" ◂`,
  ],
  [
    'dns',
    '.env',
    'the scheme twice in an address',
    `
-PRICES_HOST=prices.internal
+PRICES_HOST=http://prices.internal ◂`,
  ],

  [
    'tls-certificate',
    'src/client.ts',
    'an own list of authorities',
    `
-const agent = new Agent({ keepAlive: true });
+const agent = new Agent({ keepAlive: true, ca: readFileSync('certs/company.pem') }); ◂`,
  ],
  [
    'tls-certificate',
    'app/client.py',
    'the authorities of the system in place of those of the company',
    `
-    context = ssl.create_default_context(cafile=settings.authorities)
+    context = ssl.create_default_context() ◂
     return urlopen(url, context=context)`,
  ],
  [
    'tls-certificate',
    'app/client.py',
    'another bundle',
    `
-    session.verify = "/etc/ssl/company.pem"
+    session.verify = certifi.where() ◂`,
  ],
  [
    'tls-certificate',
    'src/main/java/shop/Trust.java',
    'another trust store',
    `
-        store.load(Files.newInputStream(Path.of("company.p12")), password);
+        store.load(Files.newInputStream(Path.of("partners.p12")), password); ◂
         factory.init(store);`,
  ],
  [
    'tls-certificate',
    'internal/ask/ask.go',
    'the pool of authorities no longer given',
    `
 	transport := &http.Transport{TLSClientConfig: &tls.Config{
-		RootCAs:    authorities, ◂
 		MinVersion: tls.VersionTLS12,
 	}}`,
  ],
  [
    'tls-certificate',
    'internal/ask/ask.go',
    'a newer version of TLS at least',
    `
-		MinVersion: tls.VersionTLS12,
+		MinVersion: tls.VersionTLS13, ◂`,
  ],
  [
    'tls-certificate',
    'config/app.yaml',
    'checked from now on',
    `
 payments:
-  verify_tls: false
+  verify_tls: true ◂`,
  ],
  [
    'tls-certificate',
    'src/client.ts',
    'another name is asked for',
    `
-  const socket = connect({ host, port, servername: 'payments.internal' });
+  const socket = connect({ host, port, servername: host }); ◂`,
  ],
  [
    'tls-certificate',
    'Dockerfile',
    'the certificates of the company no longer copied',
    `
 FROM node:20-slim
-COPY certs/company.pem /usr/local/share/ca-certificates/ ◂
 RUN update-ca-certificates`,
  ],
  [
    'tls-certificate',
    'config/app.json',
    'https where http was',
    `
-  "paymentsUrl": "http://payments:8443",
+  "paymentsUrl": "https://payments:8443", ◂`,
  ],

  [
    'auth-secret',
    'src/sign.ts',
    'another alphabet of the signature',
    `
-  return createHmac('sha256', key).update(text).digest('base64url');
+  return createHmac('sha256', key).update(text).digest('base64'); ◂`,
  ],
  [
    'auth-secret',
    'src/sign.ts',
    'another digest',
    `
-  return createHmac('sha256', key).update(text).digest('hex');
+  return createHmac('sha512', key).update(text).digest('hex'); ◂`,
  ],
  [
    'auth-secret',
    'src/client.ts',
    'another word before the token',
    `
-  headers.authorization = 'Bearer ' + token;
+  headers.authorization = 'Token ' + token; ◂`,
  ],
  [
    'auth-secret',
    'src/client.ts',
    'the header is called otherwise',
    `
-    headers: { 'x-api-key': key },
+    headers: { 'api-key': key }, ◂`,
  ],
  [
    'auth-secret',
    'src/client.ts',
    'the token is no longer sent',
    `
   const response = await fetch(url, {
-    headers: { authorization: header(token) }, ◂
     signal: AbortSignal.timeout(2_000),
   });`,
  ],
  [
    'auth-secret',
    'app/tokens.py',
    'padding cut off',
    `
-    return base64.urlsafe_b64encode(digest).decode()
+    return base64.urlsafe_b64encode(digest).decode().rstrip("=") ◂`,
  ],
  [
    'auth-secret',
    'app/tokens.py',
    'the ordinary alphabet',
    `
-    return base64.urlsafe_b64encode(digest).decode()
+    return base64.b64encode(digest).decode() ◂`,
  ],
  [
    'auth-secret',
    'app/tokens.py',
    'what is signed has another order',
    `
-    signed = f"{method}\\n{path}\\n{at}"
+    signed = f"{path}\\n{method}\\n{at}" ◂
     return hmac.new(KEY, signed.encode(), "sha256").hexdigest()`,
  ],
  [
    'auth-secret',
    'app/client.py',
    'read from another variable',
    `
-    key = os.environ["PAYMENTS_KEY"]
+    key = os.environ["PAYMENT_KEY"] ◂
     session.headers["x-api-key"] = key`,
  ],
  [
    'auth-secret',
    'config/app.properties',
    'another secret',
    `
-payments.api-key=k-live-7781
+payments.api-key=k-test-7781 ◂
 payments.timeout=2s`,
  ],
  [
    'auth-secret',
    'config/app.yaml',
    'another user',
    `
 database:
-  user: orders
+  user: orders_ro ◂
   name: shop`,
  ],
  [
    'auth-secret',
    'src/main/java/shop/Tokens.java',
    'tokens for another audience',
    `
-        return Jwts.builder().setAudience("ledger").signWith(key).compact();
+        return Jwts.builder().setAudience("books").signWith(key).compact(); ◂`,
  ],
  [
    'auth-secret',
    'src/main/java/shop/Sign.java',
    'bytes in another charset',
    `
-        mac.update(text.getBytes(StandardCharsets.UTF_8));
+        mac.update(text.getBytes(StandardCharsets.UTF_16)); ◂`,
  ],
  [
    'auth-secret',
    'internal/sign/sign.go',
    'hex in place of base64',
    `
-	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
+	return hex.EncodeToString(mac.Sum(nil)) ◂`,
  ],
  [
    'auth-secret',
    'internal/auth/auth.go',
    'a token that is kept longer than it lives',
    `
-	refreshAfter = 10 * time.Minute
+	refreshAfter = 24 * time.Hour ◂`,
  ],
  [
    'auth-secret',
    'migrations/012_roles.sql',
    'a right is taken away',
    `
+REVOKE SELECT ON invoices FROM orders; ◂`,
  ],

  [
    'rate-limit',
    'src/rates.ts',
    'the key of the cache holds the time',
    `
-  const key = from + ':' + to;
+  const key = from + ':' + to + ':' + Date.now(); ◂
   const known = cache.get(key);`,
  ],
  [
    'rate-limit',
    'src/weather.ts',
    'a key as exact as what is asked',
    `
-  const key = latitude.toFixed(1) + ',' + longitude.toFixed(1);
+  const key = latitude + ',' + longitude; ◂
   const kept = places.get(key);`,
  ],
  [
    'rate-limit',
    'src/quotes.ts',
    'neighbours are fetched ahead',
    `
 export async function quote(id: string): Promise<Quote> {
+  for (const near of neighboursOf(id)) void provider.quote(near); ◂
   return provider.quote(id);
 }`,
  ],
  [
    'rate-limit',
    'src/quotes.ts',
    'no answer is kept any more',
    `
-  const kept = cache.get(id);
-  if (kept) return kept;
-  const quote = await provider.quote(id);
-  cache.set(id, quote);
-  return quote;
+  return provider.quote(id); ◂`,
  ],
  [
    'rate-limit',
    'src/client.ts',
    'tried again at once',
    `
-    if (response.status === 429) await sleep(backoff(attempt));
+    if (response.status === 429) continue; ◂`,
  ],
  [
    'rate-limit',
    'config/app.json',
    'kept for a moment only',
    `
-  "cacheSeconds": 600,
+  "cacheSeconds": 1, ◂`,
  ],
  [
    'rate-limit',
    'app/geo.py',
    'the memo is gone',
    `
-@lru_cache(maxsize=5_000) ◂
 def place(address):
     return provider.look_up(address)`,
  ],
  [
    'rate-limit',
    'app/geo.py',
    'each one by itself in place of all at once',
    `
-    places = provider.look_up_many(addresses)
+    places = [provider.look_up(address) for address in addresses] ◂`,
  ],
  [
    'rate-limit',
    'app/sync.py',
    'asked each second',
    `
-    schedule.every(10).minutes.do(sync)
+    schedule.every(1).seconds.do(sync) ◂`,
  ],
  [
    'rate-limit',
    'src/main/java/shop/Rates.java',
    'the annotation of the cache gone',
    `
-    @Cacheable("rates") ◂
     public Rate rateOf(String currency) {
         return client.rate(currency);`,
  ],
  [
    'rate-limit',
    'internal/calls/calls.go',
    'a smaller allowance',
    `
-	limiter := rate.NewLimiter(rate.Limit(100), 20)
+	limiter := rate.NewLimiter(rate.Limit(2), 1) ◂`,
  ],
  [
    'rate-limit',
    'internal/geo/geo.go',
    'tried more often',
    `
-	retries := 2
+	retries := 25 ◂`,
  ],
  [
    'rate-limit',
    'config/gateway.yaml',
    'fewer requests a minute are let through',
    `
 limits:
-  requests_per_minute: 600
+  requests_per_minute: 6 ◂`,
  ],

  [
    'external-api-down',
    'config/app.json',
    'another address of the provider',
    `
-  "ratesUrl": "https://api.rates.example/v2",
+  "ratesUrl": "https://api.rates.example/v3", ◂`,
  ],
  [
    'external-api-down',
    'src/weather.ts',
    'another path',
    `
-    const response = await fetch(base + '/v1/forecast?' + query);
+    const response = await fetch(base + '/v2/forecast?' + query); ◂`,
  ],
  [
    'external-api-down',
    'app/rates.py',
    'another parameter',
    `
-    answer = session.get(f"{BASE}/latest", params={"symbols": codes})
+    answer = session.get(f"{BASE}/latest", params={"currencies": codes}) ◂`,
  ],

  [
    'timeout-latency',
    'src/checkout.ts',
    'another service is asked, and waited for',
    `
   const order = await place(basket);
+  await books.settled(order.id); ◂
   return order;`,
  ],
  [
    'timeout-latency',
    'src/client.ts',
    'a patience of a tenth',
    `
-const TIMEOUT_MS = 5_000;
+const TIMEOUT_MS = 50; ◂`,
  ],
  [
    'timeout-latency',
    'src/orders.ts',
    'one after the other in place of together',
    `
-  const details = await Promise.all(ids.map((id) => detail(id)));
+  const details = []; ◂
+  for (const id of ids) details.push(await detail(id)); ◂`,
  ],
  [
    'timeout-latency',
    'src/orders.ts',
    'a pause before each answer',
    `
   const order = await store.find(id);
+  await sleep(1_500); ◂
   return order;`,
  ],
  [
    'timeout-latency',
    'app/handlers.py',
    'it waits for an answer that it did not need',
    `
     order = store.save(body)
+    ledger.wait_until_posted(order.id) ◂
     return order.as_dict()`,
  ],
  [
    'timeout-latency',
    'app/handlers.py',
    'a question per line',
    `
-    articles = catalogue.articles([line.article for line in lines])
+    articles = [catalogue.article(line.article) for line in lines] ◂`,
  ],
  [
    'timeout-latency',
    'app/handlers.py',
    'no longer by the index',
    `
-    rows = cursor.execute("SELECT * FROM orders WHERE customer = ?", (name,))
+    rows = cursor.execute("SELECT * FROM orders WHERE lower(customer) = lower(?)", (name,)) ◂`,
  ],
  [
    'timeout-latency',
    'app/client.py',
    'tried again and again',
    `
-retry = Retry(total=1, backoff_factor=0.1)
+retry = Retry(total=8, backoff_factor=2) ◂`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Orders.java',
    'the answer of a future is waited for',
    `
-        mailer.sendLater(order);
+        mailer.sendLater(order).get(); ◂
         return order;`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/Entry.java',
    'loaded one by one',
    `
-    @OneToMany(fetch = FetchType.LAZY)
+    @OneToMany(fetch = FetchType.EAGER) ◂
     private List<Line> lines;`,
  ],
  [
    'timeout-latency',
    'internal/api/api.go',
    'a deadline of a tenth',
    `
-	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
+	ctx, cancel := context.WithTimeout(r.Context(), 20*time.Millisecond) ◂
 	defer cancel()`,
  ],
  [
    'timeout-latency',
    'internal/api/api.go',
    'no longer beside it but in its way',
    `
-	go notify(order)
+	notify(order) ◂
 	respond(w, order)`,
  ],
  [
    'timeout-latency',
    'internal/api/api.go',
    'a call upstream in each request',
    `
 func (s *Server) order(w http.ResponseWriter, r *http.Request) {
 	id := r.PathValue("id")
+	stock, err := s.stock.Available(r.Context(), id) ◂
+	if err != nil {
+		fail(w, err)
+		return
+	}
 	order, err := s.store.Order(r.Context(), id)`,
  ],
  [
    'timeout-latency',
    'migrations/009_index.sql',
    'an index goes',
    `
+DROP INDEX orders_by_customer; ◂`,
  ],
  [
    'timeout-latency',
    'config/app.properties',
    'a time limit in seconds where milliseconds are meant',
    `
-upstream.timeout-ms=3000
+upstream.timeout-ms=3 ◂`,
  ],

  [
    'queue-backlog',
    'config/mail.json',
    'a pause a hundred times as long',
    `
-  "pauseMs": 20,
+  "pauseMs": 2000, ◂`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'a rest after each job',
    `
   for await (const job of jobs) {
     await run(job);
+    await sleep(REST_MILLISECONDS); ◂
   }`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'one at a time',
    `
-const worker = new Worker('mails', send, { concurrency: 20 });
+const worker = new Worker('mails', send, { concurrency: 1 }); ◂`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'what failed is put back for ever',
    `
-    channel.nack(message, false, false);
+    channel.nack(message, false, true); ◂`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'never acknowledged',
    `
     await apply(message);
-    channel.ack(message); ◂`,
  ],
  [
    'queue-backlog',
    'app/worker.py',
    'fewer workers',
    `
-pool = ThreadPoolExecutor(max_workers=16)
+pool = ThreadPoolExecutor(max_workers=1) ◂`,
  ],
  [
    'queue-backlog',
    'app/worker.py',
    'a longer sleep between looks',
    `
     while True:
         drain(queue)
-        time.sleep(0.1)
+        time.sleep(10) ◂`,
  ],
  [
    'queue-backlog',
    'app/worker.py',
    'it waits for the answer of each',
    `
     for job in queue:
         handle(job)
+        ledger.wait_for(job.id) ◂`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/Posting.java',
    'rests between entries',
    `
             post(entry);
             posted.increment();
+            Thread.sleep(250); ◂
         }`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/Posting.java',
    'smaller pieces',
    `
-    private static final int BATCH = 500;
+    private static final int BATCH = 5; ◂`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/Jobs.java',
    'one thread',
    `
-        this.executor = Executors.newFixedThreadPool(8);
+        this.executor = Executors.newSingleThreadExecutor(); ◂`,
  ],
  [
    'queue-backlog',
    'internal/consume/consume.go',
    'one consumer',
    `
-	for i := 0; i < workers; i++ {
-		go consume(jobs)
-	}
+	go consume(jobs) ◂`,
  ],
  [
    'queue-backlog',
    'internal/consume/consume.go',
    'a tick per minute',
    `
-	ticker := time.NewTicker(200 * time.Millisecond)
+	ticker := time.NewTicker(time.Minute) ◂
 	for range ticker.C {`,
  ],
  [
    'queue-backlog',
    'deploy/worker.yaml',
    'fewer replicas',
    `
 spec:
-  replicas: 6
+  replicas: 1 ◂`,
  ],
  [
    'queue-backlog',
    'src/start.ts',
    'the consumer is not started',
    `
   await server.listen();
-  await consumer.run(); ◂
   logger.info('ready');`,
  ],

  [
    'deadlock-stall',
    'app/store.py',
    'a lock that is held already',
    `
     def move(self, order):
         with self._lock:
-            self._write(order)
+            self.save(order) ◂
+
+    def save(self, order):
+        with self._lock: ◂
+            self._write(order)`,
  ],
  [
    'deadlock-stall',
    'app/store.py',
    'no longer one that may be taken twice',
    `
-        self._lock = threading.RLock()
+        self._lock = threading.Lock() ◂`,
  ],
  [
    'deadlock-stall',
    'app/store.py',
    'the locks in the other order',
    `
-        with self._orders, self._stock:
+        with self._stock, self._orders: ◂
             self._move(order)`,
  ],
  [
    'deadlock-stall',
    'app/handlers.py',
    'asked of a neighbour while the lock is held',
    `
         with self._lock:
             order = self._orders[id]
+            order.rate = requests.get(RATES).json() ◂
             return order`,
  ],
  [
    'deadlock-stall',
    'app/api.py',
    'the loop of events is held up',
    `
 async def order(request):
-    await asyncio.sleep(1)
+    time.sleep(1) ◂
     return await store.find(request.id)`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Accounts.java',
    'two monitors in another order',
    `
     void move(Account from, Account to, long cents) {
-        synchronized (first(from, to)) {
-            synchronized (second(from, to)) {
+        synchronized (from) { ◂
+            synchronized (to) {
                 from.take(cents);`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Statements.java',
    'a task that waits for its own pool',
    `
-        return entries.stream().map(this::line).toList();
+        return pool.submit(() -> lines(entries)).get(); ◂`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Journal.java',
    'not unlocked',
    `
         lock.lock();
-        try {
-            entries.add(entry);
-        } finally {
-            lock.unlock(); ◂
-        }
+        entries.add(entry);`,
  ],
  [
    'deadlock-stall',
    'internal/store/store.go',
    'an early way out with the lock',
    `
 	s.mu.Lock()
-	defer s.mu.Unlock()
 	if _, ok := s.orders[id]; !ok {
 		return ErrNotFound ◂
 	}
 	s.orders[id] = order
+	s.mu.Unlock()
 	return nil`,
  ],
  [
    'deadlock-stall',
    'internal/events/events.go',
    'a channel without room',
    `
-	events := make(chan Event, 100)
+	events := make(chan Event) ◂
 	for _, each := range pending {
 		events <- each
 	}`,
  ],
  [
    'deadlock-stall',
    'internal/store/store.go',
    'the lock taken again by whoever holds it',
    `
 func (s *Store) Move(id string) error {
 	s.mu.Lock()
 	defer s.mu.Unlock()
+	return s.Save(id) ◂
+}
+
+func (s *Store) Save(id string) error {
+	s.mu.Lock() ◂
+	defer s.mu.Unlock()`,
  ],
  [
    'deadlock-stall',
    'src/jobs.ts',
    'blocks the loop of events',
    `
-  const text = await readFile(path, 'utf8');
-  const { stdout } = await run('gzip', [path]);
+  const stdout = execSync('gzip ' + path); ◂`,
  ],
  [
    'deadlock-stall',
    'migrations/015_column.sql',
    'a table locked while it is rewritten',
    `
+LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; ◂
+UPDATE orders SET region = 'eu';`,
  ],

  [
    'clock-skew',
    'src/clock.ts',
    'hours are added to the clock',
    `
-  return Date.now();
+  return Date.now() + OFFSET_MILLISECONDS; ◂`,
  ],
  [
    'clock-skew',
    'app/tokens.py',
    'local time in place of UTC',
    `
-    now = datetime.now(timezone.utc)
+    now = datetime.now() ◂
     return sign({"iat": now.timestamp()})`,
  ],
  [
    'clock-skew',
    'src/main/java/shop/Tokens.java',
    'no leeway any more',
    `
-            .setAllowedClockSkewSeconds(60) ◂
             .setSigningKey(key)
             .build();`,
  ],
  [
    'clock-skew',
    'Dockerfile',
    'another time zone',
    `
-ENV TZ=UTC
+ENV TZ=Asia/Tokyo ◂`,
  ],
  [
    'clock-skew',
    'internal/auth/auth.go',
    'valid from later on',
    `
-		NotBefore: jwt.NewNumericDate(now),
+		NotBefore: jwt.NewNumericDate(now.Add(5 * time.Minute)), ◂`,
  ],

  [
    'traffic-spike',
    'src/client.ts',
    'asked again at once, and often',
    `
-  return ask(url);
+  for (let attempt = 0; attempt < 10; attempt += 1) { ◂
+    try {
+      return await ask(url); ◂
+    } catch {
+      // once more
+    }
+  }`,
  ],
  [
    'traffic-spike',
    'config/web.json',
    'each page asks again each second',
    `
-  "refreshSeconds": 60,
+  "refreshSeconds": 1, ◂`,
  ],
  [
    'traffic-spike',
    'app/crawl.py',
    'everybody is asked for at once',
    `
-    for url in urls:
-        fetch(url)
+    with ThreadPoolExecutor(max_workers=64) as pool: ◂
+        pool.map(fetch, urls)`,
  ],

  [
    'bad-config',
    'config/app.properties',
    'a number with an underscore',
    `
-server.max-threads=2000
+server.max-threads=2_000 ◂`,
  ],
  [
    'bad-config',
    'config/app.ini',
    'a number with a unit',
    `
 [server]
-timeout = 30
+timeout = 30s ◂`,
  ],
  [
    'bad-config',
    'config/app.json',
    'a text where a number was',
    `
-  "port": 8080,
+  "port": "eighty", ◂`,
  ],
  [
    'bad-config',
    'config/app.yaml',
    'a key spelled otherwise',
    `
 database:
-  pool_size: 10
+  poolsize: 10 ◂`,
  ],
  [
    'bad-config',
    'config/app.yaml',
    'a key that is gone',
    `
 payments:
-  base_url: http://payments:8080 ◂
   timeout: 2s`,
  ],
  [
    'bad-config',
    '.env',
    'an empty value',
    `
-LEDGER_URL=http://ledger:8080
+LEDGER_URL= ◂`,
  ],
  [
    'bad-config',
    '.env',
    'a blank beside the sign',
    `
-PORT=8080
+PORT = 8080 ◂`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'read from a variable of another name',
    `
-  ledgerUrl: required('LEDGER_URL'),
+  ledgerUrl: required('LEDGER_BASE_URL'), ◂`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'a default is gone',
    `
-  const limit = Number(process.env.PAGE_LIMIT ?? '50');
+  const limit = Number(process.env.PAGE_LIMIT); ◂`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'optional becomes required',
    `
-  region: z.string().optional(),
+  region: z.string(), ◂`,
  ],
  [
    'bad-config',
    'src/config.ts',
    'an address that is put together otherwise',
    `
-  const base = new URL(env.ORDERS_URL);
+  const base = new URL(env.ORDERS_HOST); ◂`,
  ],
  [
    'bad-config',
    'app/settings.py',
    'no default any more',
    `
-    REGION = os.environ.get("REGION", "eu")
+    REGION = os.environ["REGION"] ◂`,
  ],
  [
    'bad-config',
    'app/settings.py',
    'another section',
    `
-    limit = parser.getint("orders", "limit", fallback=50)
+    limit = parser.getint("limits", "orders") ◂`,
  ],
  [
    'bad-config',
    'src/main/java/shop/Settings.java',
    'a setting without its default',
    `
-    @Value("\${ledger.region:eu}")
+    @Value("\${ledger.region}") ◂
     private String region;`,
  ],
  [
    'bad-config',
    'internal/conf/conf.go',
    'demanded from now on',
    `
-	region := getenv("REGION", "eu")
+	region := mustGetenv("REGION") ◂`,
  ],
  [
    'bad-config',
    'deploy/app.yaml',
    'a variable is no longer given',
    `
         env:
-        - name: LEDGER_URL ◂
-          value: http://ledger:8080
         - name: PORT
           value: "8080"`,
  ],
  [
    'bad-config',
    'config/app.yaml',
    'another profile',
    `
 app:
-  profile: production
+  profile: prodution ◂`,
  ],
  [
    'bad-config',
    'config/server.ini',
    'one at a time',
    `
 [server]
-threads = 16
+threads = 1 ◂`,
  ],
  [
    'bad-config',
    'config/app.json',
    'a path that is not there',
    `
-  "templates": "/srv/app/templates",
+  "templates": "/srv/app/template", ◂`,
  ],

  [
    'process-down',
    'src/main.ts',
    'it ends itself',
    `
-process.on('unhandledRejection', (error) => logger.error({ error }));
+process.on('unhandledRejection', () => process.exit(1)); ◂`,
  ],
  [
    'process-down',
    'src/sales.ts',
    'a promise that nobody catches',
    `
-    note(sale).catch((error) => logger.warn({ error }));
+    void note(sale); ◂`,
  ],
  [
    'process-down',
    'Dockerfile',
    'another entry',
    `
-CMD ["node", "dist/main.js"]
+CMD ["node", "build/main.js"] ◂`,
  ],
  [
    'process-down',
    'Dockerfile',
    'another base',
    `
-FROM node:20
+FROM node:20-alpine ◂
 COPY . .`,
  ],
  [
    'process-down',
    'deploy/app.yaml',
    'the probe asks elsewhere',
    `
         livenessProbe:
           httpGet:
-            path: /healthz
+            path: /alive ◂
             port: 8080`,
  ],
  [
    'process-down',
    'internal/main.go',
    'an error ends it',
    `
 	if err := refresh(ctx); err != nil {
-		log.Printf("refresh: %v", err)
+		log.Fatalf("refresh: %v", err) ◂
 	}`,
  ],
  [
    'process-down',
    'app/main.py',
    'it ends on an error',
    `
     except ConnectionError as error:
-        logger.warning("not reached: %s", error)
+        sys.exit(1) ◂`,
  ],
  [
    'process-down',
    'src/main/java/shop/Main.java',
    'it ends itself',
    `
         } catch (IOException exception) {
-            LOG.warn("not read", exception);
+            System.exit(2); ◂
         }`,
  ],
];
