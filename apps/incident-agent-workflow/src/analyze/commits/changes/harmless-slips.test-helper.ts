/** Beside them, changes of the same code that do nothing of the kind. */
import type { Row } from './row.test-helper.ts';

export const HARMLESS_SLIPS: readonly Row[] = [
  [
    'code-error',
    'src/jobs/notify.ts',
    'the run is told of',
    `
 export async function notifyAll(customers: readonly Customer[], mailer: Mailer): Promise<Summary> {
   let sent = 0;
   for (const customer of customers) {
-    await mailer.send(customer.mail, 'news');
+    await mailer.send(customer.mail, NEWS);
     sent += 1;
   }
+  log.info({ sent, of: customers.length }, 'news sent');
   return { sent };
 }`,
    'UnhandledPromiseRejection: 550 mailbox unavailable',
  ],
  [
    'code-error',
    'app/settings.py',
    'a name for the service',
    `
 import os

-MAX_LINES = int(os.environ.get("MAX_LINES", "50"))
+MAX_LINES = int(os.environ.get("MAX_LINES", "60"))
 RETRY_AFTER = float(os.environ.get("RETRY_AFTER", "2"))
+SERVICE_NAME = os.environ.get("SERVICE_NAME", "orders")`,
    "TypeError: '>' not supported between instances of 'int' and 'str'",
  ],
  [
    'code-error',
    'src/main/java/shop/api/OrderRequest.java',
    'a note of the customer',
    `
 @Data
 @NoArgsConstructor
+@AllArgsConstructor
 public class OrderRequest {
     String sku;
     int count;
+    String note;
 }`,
    'InvalidDefinitionException: Cannot construct instance of OrderRequest',
  ],
  [
    'code-error',
    'src/main/kotlin/shop/api/AddressDto.kt',
    'a note that may be left out',
    `
 data class AddressDto(
     val street: String,
     val city: String,
     val country: String? = null,
+    val note: String? = null,
 )

-fun AddressDto.line() = listOfNotNull(street, city, country).joinToString()
+fun AddressDto.line() = listOfNotNull(street, city, country).joinToString(", ")`,
    'MissingKotlinParameterException: Instantiation of AddressDto value failed',
  ],
  [
    'code-error',
    'internal/report/send.go',
    'reports go out in their own time',
    `
 func (h *Handler) Report(w http.ResponseWriter, r *http.Request) {
 	report := h.build(r.Context())
-	if err := h.mailer.Send(r.Context(), report); err != nil {
-		http.Error(w, "mail", http.StatusBadGateway)
-		return
-	}
+	ctx := context.WithoutCancel(r.Context())
+	h.tasks.Add(func() {
+		if err := h.mailer.Send(ctx, report); err != nil {
+			slog.Error("report", "error", err)
+		}
+	})
 	w.WriteHeader(http.StatusAccepted)
 }`,
    'context canceled',
  ],
  [
    'code-error',
    'app/models/invoice.rb',
    'the year has a method of its own',
    `
   def due_on
     issued_on + order.customer.days_to_pay
   end
+
+  private
+
+  def year
+    issued_on.year
+  end
 end`,
    "NoMethodError: private method 'due_on' called for an instance of Invoice",
  ],
  [
    'code-error',
    'web/templates/order.tmpl',
    'a class for the lines',
    `
 {{ range .Lines }}
-  <li>{{ .Title }} <b>{{ .Price }}</b></li>
+  <li class="line">{{ .Title }} <b>{{ .Price }}</b></li>
 {{ end }}
-<p>Thank you</p>
+<p>Thank you for your order</p>`,
    "template: order.tmpl:4:38: can't evaluate field Amount in type shop.Line",
  ],
  [
    'schema-migration',
    'db/migrations/V071__audit.sql',
    'a table for changes',
    `
+CREATE TABLE order_audit (order_id bigint, changed_at timestamptz, old jsonb, new jsonb);
+CREATE INDEX order_audit_idx ON order_audit (order_id, changed_at);
+COMMENT ON TABLE order_audit IS 'written by the back office';`,
    'ERROR: column order_summary.channel does not exist',
  ],
  [
    'timeout-latency',
    'db/migrations/V072__orders.sql',
    'an index more',
    `
+CREATE INDEX CONCURRENTLY orders_channel_idx ON orders (channel);
+COMMENT ON INDEX orders_channel_idx IS 'list of the back office';`,
  ],
  [
    'cpu-saturation',
    'k8s/search-hpa.yaml',
    'more room for scaling',
    `
 spec:
-  minReplicas: 3
-  maxReplicas: 20
+  minReplicas: 4
+  maxReplicas: 24
   metrics:
     - type: Resource`,
  ],
  [
    'out-of-memory',
    'deploy/redis/redis.conf',
    'written down now and then',
    `
 maxmemory 512mb
 maxmemory-policy allkeys-lru
-save ""
+save 900 1
 appendonly no
-tcp-keepalive 60
+tcp-keepalive 120`,
  ],
  [
    'out-of-memory',
    'deploy/postgres/tuning.conf',
    'a little more to sort with',
    `
 max_connections = 200
 shared_buffers = 1GB
-work_mem = 4MB
+work_mem = 6MB
 random_page_cost = 1.1`,
  ],
  [
    'auth-secret',
    'src/auth/oauth.ts',
    'what is asked for is named',
    `
 export const client = new issuer.Client({
   client_id: config.oauth.id,
   client_secret: config.oauth.secret,
   token_endpoint_auth_method: 'client_secret_basic',
+  response_types: ['code'],
-  redirect_uris: [config.oauth.redirect],
+  redirect_uris: [config.oauth.redirectUri],
 });`,
  ],
  [
    'dependency-refused',
    'app/db/engine.py',
    'options of the engine',
    `
 engine = create_engine(
     settings.database_url,
-    pool_size=10,
+    pool_size=12,
     pool_pre_ping=True,
     pool_recycle=1800,
+    echo=False,
 )`,
  ],
  [
    'memory-leak',
    'src/live/hub.ts',
    'sockets are counted',
    `
   add(socket: WebSocket): void {
     this.sockets.add(socket);
     socket.on('close', () => this.sockets.delete(socket));
     const ping = setInterval(() => (alive(socket) ? socket.ping() : socket.terminate()), 30_000);
     socket.on('close', () => clearInterval(ping));
+    log.debug({ sockets: this.sockets.size }, 'socket added');
   }`,
  ],
];
