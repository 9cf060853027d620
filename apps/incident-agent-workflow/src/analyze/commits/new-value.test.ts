import { expect, test } from 'vitest';
import type { FaultClass } from '../../domain/fault-class.ts';
import { changeOf } from './changes/row.test-helper.ts';
import { commitOf, inputOf } from './commit.test-helper.ts';
import { faultyLine } from './faulty-line.ts';

function placeOf(faultClass: FaultClass, path: string, diff: string) {
  const { commit, at } = changeOf([faultClass, path, '', diff]);
  const place = faultyLine(commit, [], inputOf([commitOf(1, 'src/a.ts', ''), commit], classesOf(faultClass)).scene);
  return { said: `${place?.path}:${place?.line}`, at };
}

function classesOf(faultClass: FaultClass) {
  return { classes: new Map([[faultClass, 1]]) };
}

test.each([
  [
    'rate-limit',
    'config/settings.json',
    `
   "port": 80,
+  "memory": { "kilobytes": 64 }, ◂
   "name": "a"
=== src/main.ts
-  const cache = keep({ places: 900 });
+  const cache = keep({ places: settings.memory.kilobytes / 25 });`,
  ],
  [
    'process-down',
    'config/app.properties',
    `
 port = 80
+recycle.megabytes = 64 ◂
=== src/main/java/shop/Main.java
   void watch() {
+    if (used() > settings.number("recycle.megabytes")) System.exit(0);
   }`,
  ],
  [
    'external-api-down',
    'config/app.ini',
    `
 [provider]
+public_host = pay.internal ◂
=== app/client.py
 def ask(settings):
-    return get("pay")
+    return get(settings.public_host)`,
  ],
  [
    'process-down',
    'deploy/values.yaml',
    `
   port: 80
+  maxResident: 64 ◂
=== internal/app/recycle.go
 func recycle(settings Settings) {
+	if used() > settings.MaxResident {
+		os.Exit(0)
+	}
 }`,
  ],
] as const)('%s: of a value and the code that goes by it the value: %s', (faultClass, path, diff) => {
  const { said, at } = placeOf(faultClass, path, diff);
  expect(at).toContain(said);
});

test.each([
  [
    'process-down',
    'config/app.properties',
    'a switch',
    `
 port = 80
+recycle = true
=== src/main/java/shop/Main.java
   void watch() {
+    if (settings.isOn("recycle")) System.exit(0); ◂
   }`,
  ],
  [
    'process-down',
    'config/app.properties',
    'what no code reads',
    `
 port = 80
+title = shop
=== src/main/java/shop/Main.java
   void watch() {
+    if (used() > 64) System.exit(0); ◂
   }`,
  ],
  [
    'memory-leak',
    'config/settings.json',
    'a leak',
    `
   "port": 80,
+  "places": 64,
=== src/main.ts
+const seen = new Map<string, number>();
 export function visit(id: string) {
+  seen.set(id, settings.places); ◂
 }`,
  ],
] as const)('%s, %s: with %s the code is looked at', (faultClass, path, _says, diff) => {
  const { said, at } = placeOf(faultClass, path, diff);
  expect(at.map((place) => place.split(':')[0])).toContain(said.split(':')[0]);
});
