/** Small slips in code and schema, each with what was said of the failure. ◂ marks the line at fault. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_CODE: readonly Row[] = [
  [
    'code-error',
    'src/orders.ts',
    'a guard taken out',
    `
   const order = orders.get(id);
-  if (order === undefined) throw new NotFound(id);
   return order.total; ◂`,
    "TypeError: Cannot read properties of undefined (reading 'total')",
  ],
  [
    'code-error',
    'src/price.ts',
    'no longer optional',
    `
-  return item.discount?.percent ?? 0;
+  return item.discount.percent; ◂`,
    "TypeError: Cannot read properties of undefined (reading 'percent')",
  ],
  [
    'code-error',
    'src/price.ts',
    'cents in place of whole money',
    `
-  return { amount: cents / 100 };
+  return { amount: cents }; ◂`,
    'upstream payments answered 422: amount is out of range',
  ],
  [
    'code-error',
    'src/price.ts',
    'no longer rounded',
    `
-  const surcharge = Math.round(cents * share);
+  const surcharge = cents * share; ◂`,
    'orders answered 400: expected an integer',
  ],
  [
    'code-error',
    'src/price.ts',
    'a text where a number was',
    `
-  quantity: Number(field.value),
+  quantity: field.value, ◂`,
    'invalid input: expected number, received string',
  ],
  [
    'code-error',
    'src/places.ts',
    'not a number passes',
    `
-  if (!Number.isFinite(value)) throw new BadInput(name);
-  if (value < -90 || value > 90) throw new BadInput(name);
+  if (value < -90 || value > 90) throw new BadInput(name); ◂`,
    'open-meteo answered 400: latitude must be a number, was NaN',
  ],
  [
    'code-error',
    'src/range.ts',
    'one too far',
    `
-  for (let index = 0; index < items.length; index += 1) {
+  for (let index = 0; index <= items.length; index += 1) { ◂
     total += items[index].cents;`,
    "TypeError: Cannot read properties of undefined (reading 'cents')",
  ],
  [
    'code-error',
    'src/range.ts',
    'the last in place of the first',
    `
-  const head = rows[0];
+  const head = rows[1]; ◂
   return head.id;`,
    "TypeError: Cannot read properties of undefined (reading 'id')",
  ],
  [
    'code-error',
    'src/flow.ts',
    'the other way round',
    `
-  if (order.paid && order.sent) close(order);
+  if (order.paid || order.sent) close(order); ◂`,
    'cannot close order 17: not sent',
  ],
  [
    'code-error',
    'src/answer.ts',
    'a field is left out of the answer',
    `
   return {
     id: order.id,
-    total: order.total, ◂
     lines: order.lines,
   };`,
    'invalid answer: total: expected number, received undefined',
  ],
  [
    'code-error',
    'src/answer.ts',
    'a field with another name',
    `
-    createdAt: order.at,
+    created_at: order.at, ◂`,
    'invalid answer: createdAt: Required',
  ],
  [
    'code-error',
    'src/sales.ts',
    'not waited for',
    `
-  const rows = await store.sales(day);
+  const rows = store.sales(day); ◂
   return rows.map(lineOf);`,
    'TypeError: rows.map is not a function',
  ],
  [
    'code-error',
    'src/parse.ts',
    'parsed twice',
    `
-  const body = await request.json();
+  const body = JSON.parse(await request.json()); ◂`,
    'SyntaxError: "[object Object]" is not valid JSON',
  ],
  [
    'code-error',
    'src/day.ts',
    'another form of the day',
    `
-  return at.toISOString().slice(0, 10);
+  return at.toLocaleDateString('en-GB'); ◂`,
    'ledger answered 400: day: Invalid date',
  ],
  [
    'code-error',
    'src/day.ts',
    'seconds in place of milliseconds',
    `
-  const at = new Date(seconds * 1000);
+  const at = new Date(seconds); ◂`,
    'ledger answered 422: day lies before the books',
  ],
  [
    'code-error',
    'src/ids.ts',
    'a longer id',
    `
-  const id = randomBytes(8).toString('hex');
+  const id = randomUUID(); ◂`,
    'payments answered 422: reference: String must contain at most 16 characters',
  ],
  [
    'code-error',
    'src/method.ts',
    'another method',
    `
-  await fetch(url, { method: 'PUT', body });
+  await fetch(url, { method: 'POST', body }); ◂`,
    'upstream ledger answered 405',
  ],
  [
    'code-error',
    'src/type.ts',
    'another type of content',
    `
-  headers: { 'content-type': 'application/json' },
+  headers: { 'content-type': 'text/plain' }, ◂`,
    'upstream ledger answered 415',
  ],
  [
    'code-error',
    'src/paths.ts',
    'no longer encoded',
    `
-  return base + '/customers/' + encodeURIComponent(name);
+  return base + '/customers/' + name; ◂`,
    'TypeError: Request path contains unescaped characters',
  ],
  [
    'code-error',
    'app/price.py',
    'true division',
    `
-    cents = total // parts
+    cents = total / parts ◂`,
    'ledger answered 400: cents: must be an integer',
  ],
  [
    'code-error',
    'app/price.py',
    'an empty list divides by nothing',
    `
-    return sum(prices) / len(prices) if prices else 0
+    return sum(prices) / len(prices) ◂`,
    'ZeroDivisionError: division by zero',
  ],
  [
    'code-error',
    'app/handlers.py',
    'a key that need not be there',
    `
-    note = body.get("note", "")
+    note = body["note"] ◂`,
    "KeyError: 'note'",
  ],
  [
    'code-error',
    'app/handlers.py',
    'a number in place of a text of time',
    `
-        "placed_at": placed_at.isoformat(),
+        "placed_at": placed_at.timestamp(), ◂`,
    'AttributeError: expected string, received number at placed_at',
  ],
  [
    'code-error',
    'app/handlers.py',
    'no longer caught',
    `
-    try:
-        rate = rates[currency]
-    except KeyError:
-        rate = DEFAULT
+    rate = rates[currency] ◂`,
    "KeyError: 'CHF'",
  ],
  [
    'code-error',
    'app/text.py',
    'another encoding',
    `
-    return body.decode("utf-8")
+    return body.decode("ascii") ◂`,
    "UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3",
  ],
  [
    'code-error',
    'app/money.py',
    'floating point',
    `
-    return Decimal(text)
+    return float(text) ◂`,
    'TypeError: unsupported operand type(s) for +: decimal.Decimal and float',
  ],
  [
    'code-error',
    'app/items.py',
    'changed while it is gone through',
    `
-    for key in list(items):
+    for key in items: ◂
         if items[key].old:
             del items[key]`,
    'RuntimeError: dictionary changed size during iteration',
  ],
  [
    'code-error',
    'app/call.py',
    'one argument more',
    `
-def post(order, account):
+def post(order, account, currency): ◂
     return client.post(order.id, account)`,
    "TypeError: post() missing 1 required positional argument: 'currency'",
  ],
  [
    'code-error',
    'src/main/java/shop/Accounts.java',
    'nothing is not looked for',
    `
-        return Optional.ofNullable(accounts.get(id)).map(Account::cents).orElse(0L);
+        return accounts.get(id).cents(); ◂`,
    'java.lang.NullPointerException: Cannot invoke "Account.cents()"',
  ],
  [
    'code-error',
    'src/main/java/shop/Cents.java',
    'a smaller type',
    `
-        long cents = entries.stream().mapToLong(Entry::cents).sum();
+        int cents = (int) entries.stream().mapToLong(Entry::cents).sum(); ◂`,
    'balance is negative: overflow',
  ],
  [
    'code-error',
    'src/main/java/shop/Lists.java',
    'a list that cannot be changed',
    `
-        List<Line> lines = new ArrayList<>(order.lines());
+        List<Line> lines = List.copyOf(order.lines()); ◂
         lines.add(shipping);`,
    'java.lang.UnsupportedOperationException: null',
  ],
  [
    'code-error',
    'src/main/java/shop/Same.java',
    'compared by identity',
    `
-        if (currency.equals(other)) return;
+        if (currency == other) return; ◂
         throw new IllegalArgumentException("currencies differ");`,
    'java.lang.IllegalArgumentException: currencies differ',
  ],
  [
    'code-error',
    'src/main/java/shop/Format.java',
    'another pattern of time',
    `
-        DateTimeFormatter.ofPattern("yyyy-MM-dd");
+        DateTimeFormatter.ofPattern("dd.MM.yyyy"); ◂`,
    "java.time.format.DateTimeParseException: Text '2026-03-02' could not be parsed",
  ],
  [
    'code-error',
    'src/main/java/shop/Entry.java',
    'a field that is not told any more',
    `
+    @JsonIgnore ◂
     private final long cents;`,
    'orders: invalid answer of ledger: cents missing',
  ],
  [
    'code-error',
    'internal/api/api.go',
    'an error is not looked at',
    `
 	order, err := store.Find(id)
-	if err != nil {
-		return nil, err
-	}
+	_ = err ◂
 	return order.Total(), nil ◂`,
    'panic: runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    'code-error',
    'internal/api/api.go',
    'another name in the answer',
    `
-	Total int64 \`json:"total"\`
+	Total int64 \`json:"sum"\` ◂`,
    'storefront: missing required field: total',
  ],
  [
    'code-error',
    'internal/api/api.go',
    'left out where it is nothing',
    `
-	Cents int64 \`json:"cents"\`
+	Cents int64 \`json:"cents,omitempty"\` ◂`,
    'storefront: missing required field: cents',
  ],
  [
    'code-error',
    'internal/list/list.go',
    'without a look at the length',
    `
-	if len(parts) < 2 {
-		return "", errShort
-	}
 	return parts[1], nil ◂`,
    'panic: runtime error: index out of range [1] with length 1',
  ],
  [
    'code-error',
    'internal/cast/cast.go',
    'taken for granted',
    `
-	name, ok := value.(string)
-	if !ok {
-		return errKind
-	}
+	name := value.(string) ◂
 	return use(name)`,
    'panic: interface conversion: interface {} is float64, not string',
  ],
  [
    'code-error',
    'internal/maps/maps.go',
    'a map that is not made',
    `
-	totals := make(map[string]int)
+	var totals map[string]int ◂
 	for _, entry := range entries {`,
    'panic: assignment to entry in nil map',
  ],

  [
    'schema-migration',
    'migrations/004_lines.sql',
    'one row per article',
    `
+ALTER TABLE lines ADD CONSTRAINT one_per_article UNIQUE (order_id, article); ◂`,
    'duplicate key value violates unique constraint "one_per_article"',
  ],
  [
    'schema-migration',
    'migrations/005_phone.sql',
    'a column that must be filled',
    `
+ALTER TABLE customers ADD COLUMN phone text NOT NULL; ◂`,
    'null value in column "phone" violates not-null constraint',
  ],
  [
    'schema-migration',
    'migrations/006_rename.sql',
    'a column with another name',
    `
+ALTER TABLE orders RENAME COLUMN total TO total_cents; ◂`,
    'column "total" does not exist',
  ],
  [
    'schema-migration',
    'migrations/007_drop.sql',
    'a column that is gone',
    `
+ALTER TABLE orders DROP COLUMN note; ◂`,
    'no such column: note',
  ],
  [
    'schema-migration',
    'migrations/008_type.sql',
    'a shorter type',
    `
+ALTER TABLE orders ALTER COLUMN reference TYPE varchar(8); ◂`,
    'value too long for type character varying(8)',
  ],
  [
    'schema-migration',
    'migrations/009_check.sql',
    'a check',
    `
+ALTER TABLE payments ADD CONSTRAINT positive CHECK (cents > 0); ◂`,
    'new row for relation "payments" violates check constraint "positive"',
  ],
  [
    'schema-migration',
    'migrations/010_key.sql',
    'rows must have an owner',
    `
+ALTER TABLE lines ADD FOREIGN KEY (article) REFERENCES articles (id); ◂`,
    'insert or update on table "lines" violates foreign key constraint',
  ],
  [
    'schema-migration',
    'migrations/011_table.sql',
    'a table with another name',
    `
+ALTER TABLE entries RENAME TO journal; ◂`,
    'relation "entries" does not exist',
  ],
  [
    'schema-migration',
    'src/store.ts',
    'a column that no migration made',
    `
-    'INSERT INTO orders (id, total) VALUES ($1, $2)',
+    'INSERT INTO orders (id, total, channel) VALUES ($1, $2, $3)', ◂`,
    'column "channel" of relation "orders" does not exist',
  ],
  [
    'schema-migration',
    'src/items.ts',
    'times as text where the index wants times',
    `
   await items.insertOne({
     name,
-    createdAt: new Date(),
+    createdAt: new Date().toISOString(), ◂
   });`,
    'Document failed validation: createdAt is not of type date',
  ],
  [
    'schema-migration',
    'app/models.py',
    'a field that is not in the database',
    `
 class Order(Base):
     id = Column(Integer, primary_key=True)
+    channel = Column(String(20), nullable=False) ◂`,
    'no such column: orders.channel',
  ],
  [
    'schema-migration',
    'src/main/java/shop/Entry.java',
    'a column of another name',
    `
-    @Column(name = "cents")
+    @Column(name = "amount_cents") ◂
     private long cents;`,
    'ERROR: column e1_0.amount_cents does not exist',
  ],
  [
    'schema-migration',
    'internal/store/store.go',
    'a column more is read',
    `
-	row := db.QueryRow("SELECT id, total FROM orders WHERE id = $1", id)
+	row := db.QueryRow("SELECT id, total, channel FROM orders WHERE id = $1", id) ◂`,
    'pq: column "channel" does not exist',
  ],
];
