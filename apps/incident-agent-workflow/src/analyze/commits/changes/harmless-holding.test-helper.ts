/** What looks like holding on, or like going elsewhere, and is neither. */
import type { Row } from './row.test-helper.ts';

export const HARMLESS_HOLDING: readonly Row[] = [
  [
    'memory-leak',
    'src/carts.ts',
    'a moment later',
    `
 export function open(id: string): Cart {
   const cart = made(id);
+  setTimeout(() => greet(cart), 2_000);
   return cart;
 }`,
  ],
  [
    'memory-leak',
    'src/call.ts',
    'who waits too long is told',
    `
 async function asked(url: string) {
+  const late = setTimeout(() => controller.abort(), 10 * 60_000);
   const answer = await fetch(url, { signal: controller.signal });
+  clearTimeout(late);
   return answer;
 }`,
  ],
  [
    'memory-leak',
    'app/prices.py',
    'the last one is kept',
    `
 class Prices:
     def seen(self, sku, cents):
+        self._last = Price(sku, cents)
         return self._last`,
  ],
  [
    'memory-leak',
    'src/prices.ts',
    'a price and what it was',
    `
 export function seen(sku: string, cents: number): Price {
+  const price = { cents, before: latest.get(sku)?.cents };
+  latest.set(sku, price);
   return price;
 }`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/Trail.java',
    'a list of one call',
    `
   public Step of(List<String> names) {
+    Step last = null;
+    for (String name : names) {
+      last = new Step(name, last);
+    }
     return last;
   }`,
  ],
  [
    'queue-backlog',
    'src/worker.ts',
    'a failure at the end is told',
    `
 export function begin() {
-  void run(queue);
+  run(queue).catch((error) => log.error('worker ended', error));
 }`,
  ],
  [
    'deadlock-stall',
    'src/main/java/shop/Shelf.java',
    'let go of in any case',
    `
   public List<Book> page(int number) {
     int from = number * SIZE;
-    lock.lock();
+    lock.lock(); // for a moment
     try {
       if (from >= books.size()) return List.of();
       return books.subList(from, books.size());
     } finally {
       lock.unlock();
     }
   }`,
  ],
  [
    'code-error',
    'app/client.py',
    'follows where it is sent',
    `
 def ask(url):
-    return session.get(url)
+    return session.get(url, allow_redirects=True)`,
  ],
  [
    'process-down',
    'package.json',
    'a later version',
    `
   "type": "module",
-  "version": "1.4.0",
+  "version": "1.5.0",
   "scripts": {`,
  ],
  [
    'dependency-refused',
    'config/settings.json',
    'a title',
    `
   "pool": { "size": 5 },
+  "title": "books",
   "name": "books"`,
  ],
  [
    'dependency-refused',
    'config/app.ini',
    'a later form of the tables',
    `
 [database]
-schema = 3
+schema = 4
 pool = 5`,
  ],
  [
    'auth-secret',
    'src/settings.ts',
    'a port is read as a number',
    `
-  const port = read('PORT');
+  const port = Number(read('PORT'));
   return { port };`,
  ],
];
