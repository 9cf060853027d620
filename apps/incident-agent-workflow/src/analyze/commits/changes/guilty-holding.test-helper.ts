/** What holds on to things, stands outside of its guard, or is found otherwise. ◂ marks the line at fault. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_HOLDING: readonly Row[] = [
  [
    'memory-leak',
    'src/carts.ts',
    'carts are forgotten at night',
    `
+const NIGHT_MILLISECONDS = 8 * 60 * 60_000;
 export function open(id: string): Cart {
   const cart = made(id);
+  setTimeout(() => forget(cart), NIGHT_MILLISECONDS).unref(); ◂
   return cart;
 }`,
  ],
  [
    'memory-leak',
    'app/uploads.py',
    'previews go after an hour',
    `
+KEPT_SECONDS = 3600
 def preview(upload):
     picture = render(upload)
+    threading.Timer(KEPT_SECONDS, forget, [picture]).start() ◂
     return picture`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Baskets.java',
    'baskets end after two hours',
    `
   public Basket open(String id) {
     Basket basket = new Basket(id);
+    timers.schedule(() -> forget(basket), 2, TimeUnit.HOURS); ◂
     return basket;
   }`,
  ],
  [
    'memory-leak',
    'internal/visits/visits.go',
    'visits end after a day',
    `
 func (v *Visits) Open(id string) *Visit {
 	visit := &Visit{ID: id}
+	time.AfterFunc(24*time.Hour, func() { v.forget(visit) }) ◂
 	return visit
 }`,
  ],
  [
    'memory-leak',
    'src/prices.ts',
    'a price knows the one before',
    `
+const latest = new Map<string, Price>();
 export function seen(sku: string, cents: number): Price {
+  const price = { cents, before: latest.get(sku) }; ◂
+  latest.set(sku, price);
   return price;
 }`,
  ],
  [
    'memory-leak',
    'app/prices.py',
    'a price knows the one before',
    `
 class Prices:
     def seen(self, sku, cents):
+        self._last = Price(cents, self._last) ◂
         return self._last`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Trail.java',
    'steps are linked',
    `
   private Step last;
   public Step next(String name) {
+    this.last = new Step(name, this.last); ◂
     return this.last;
   }`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Versions.java',
    'a version knows the one before',
    `
   public Version save(String id, String text) {
+    versions.put(id, new Version(text, versions.get(id))); ◂
     return versions.get(id);
   }`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'a letter is written once',
    `
   for (;;) {
     const job = await queue.next();
+    const letter = letterOf(job, shop); ◂
     try {
-      const letter = letterOf(job, currency);
       await send(letter);
     } catch (error) {
       log.warn('later', error);
     }
   }`,
  ],
  [
    'process-down',
    'app/worker.py',
    'parsed before it is tried',
    `
 def run(queue):
     while True:
         raw = queue.get()
+        job = parsed(raw, FORMS) ◂
         try:
-            job = parsed(raw)
             handle(job)
         except Exception:
             log.exception("later")`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Shelf.java',
    'readers do not wait for each other',
    `
-  public synchronized List<Book> page(int number) {
+  public List<Book> page(int number) {
+    lock.readLock().lock();
     int from = number * SIZE;
-    if (from >= books.size()) return List.of();
+    if (from > books.size() - 1) return List.of(); ◂
     List<Book> found = books.subList(from, Math.min(from + SIZE, books.size()));
+    lock.readLock().unlock();
     return found;
   }`,
  ],
  [
    'deadlock-stall',
    'internal/shelf/shelf.go',
    'a lock for the page',
    `
 func (s *Shelf) Page(n int) []Book {
+	s.mu.Lock()
 	from := n * size
+	if from >= len(s.books) {
+		return nil ◂
+	}
 	found := s.books[from:]
+	s.mu.Unlock()
 	return found
 }`,
  ],
  [
    'code-error',
    'app/views.py',
    'orders have moved',
    `
 def quote(request):
-    return JsonResponse(prices.of(request.body))
+    return HttpResponsePermanentRedirect("/v2/quote") ◂`,
  ],
  [
    'code-error',
    'src/main/java/shop/Moved.java',
    'addresses with a version',
    `
   private void moved(HttpExchange exchange, String address) throws IOException {
     exchange.getResponseHeaders().set("Location", address);
+    exchange.sendResponseHeaders(308, -1); ◂
   }`,
  ],
  [
    'code-error',
    'internal/web/web.go',
    'orders have moved',
    `
 func (s *Server) quote(w http.ResponseWriter, r *http.Request) {
-	s.answer(w, s.prices.Of(r))
+	http.Redirect(w, r, "/v2/quote", http.StatusMovedPermanently) ◂
 }`,
  ],
  [
    'process-down',
    'package.json',
    'parts by name',
    `
   "type": "module",
+  "imports": {
+    "#parts/*": "./build/parts/*" ◂
+  },
   "scripts": {`,
  ],
  [
    'bad-config',
    'tsconfig.json',
    'built elsewhere',
    `
   "compilerOptions": {
-    "outDir": "dist",
+    "outDir": "build/out", ◂
     "strict": true`,
  ],
  [
    'process-down',
    'pom.xml',
    'another beginning',
    `
   <configuration>
-    <mainClass>shop.Main</mainClass>
+    <mainClass>shop.app.Main</mainClass> ◂
   </configuration>`,
  ],
  [
    'dependency-refused',
    'config/settings.json',
    'a set of databases',
    `
   "pool": { "size": 5 },
+  "replicaSet": "first", ◂
   "name": "books"`,
  ],
  [
    'bad-config',
    'config/app.properties',
    'another host of queues',
    `
 broker.port = 5672
-broker.virtual-host = shop
+broker.virtual-host = shop-eu ◂
 broker.user = shop`,
  ],
  [
    'dependency-refused',
    'deploy/values.yaml',
    'the address says the database',
    `
 store:
-  url: mongodb://books:27017/shop
+  url: mongodb://books:27017/shop?replicaSet=rs0 ◂
   pool: 5`,
  ],
  [
    'auth-secret',
    'app/settings.py',
    'keys that hide themselves',
    `
     return Settings(
-        api_key=required("API_KEY"),
+        api_key=Hidden(required("API_KEY")), ◂
         port=8080,`,
  ],
  [
    'auth-secret',
    'src/settings.ts',
    'no more blanks to look after',
    `
   const port = Number(read('PORT'));
-  const signingSecret = trimmed(read('SIGNING'));
+  const signingSecret = read('SIGNING'); ◂
   return { port, signingSecret };`,
  ],
  [
    'schema-migration',
    'migrations/005_moves.sql',
    'a trigger asks for what is elsewhere',
    `
+CREATE TABLE moves (
+  order_id INTEGER NOT NULL,
+  became TEXT NOT NULL
+);
+CREATE TRIGGER moved AFTER UPDATE ON orders BEGIN
+  INSERT INTO moves VALUES (NEW.id, OLD.place); ◂
+END;`,
    'no such column: OLD.place',
  ],
  [
    'bad-config',
    'src/main/java/shop/Settings.java',
    'a setting is asked for',
    `
   static Settings read(Properties all) {
-    String host = all.getProperty("host");
+    String host = must(all, "shop_host"); ◂
+    int port = Integer.parseInt(must(all, "port"));
     return new Settings(host);
   }`,
    'missing setting shop_host',
  ],
];
