/** Second table of reviews: other ways than those of the first. ◂ as in the other tables. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_SLIPS: readonly Row[] = [
  [
    'code-error',
    'src/jobs/notify.ts',
    'each by itself, and the run is told of',
    `
 export async function notifyAll(customers: readonly Customer[], mailer: Mailer): Promise<Summary> {
-  let sent = 0;
-  for (const customer of customers) {
-    await mailer.send(customer.mail, 'news');
-    sent += 1;
-  }
+  let sent = 0;
+  customers.forEach(async (customer) => { ◂
+    await mailer.send(customer.mail, 'news');
+    sent += 1;
+  });
+  log.info({ sent, of: customers.length }, 'news sent');
   return { sent };
 }`,
    'UnhandledPromiseRejection: 550 mailbox unavailable',
  ],
  [
    'code-error',
    'src/baskets/copy.ts',
    'baskets are copied before they are changed',
    `
 export function withCoupon(basket: Basket, code: string): Basket {
-  basket.coupon = code;
-  return basket;
+  const copy = { ...basket, coupon: code } as Basket; ◂
+  return copy;
 }

-export function totalOf(basket: Basket): number {
+export function totalOf(basket: Basket): Cents {
   return basket.total();
 }`,
    'TypeError: basket.total is not a function',
  ],
  [
    'code-error',
    'src/lib/format.ts',
    'exports have names',
    `
-export default function formatPrice(cents: number, currency: string): string {
+export function formatPrice(cents: number, currency: string): string { ◂
   return new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100);
 }
+
+export const formatCents = (cents: number): string => (cents / 100).toFixed(2);
=== src/mail/receipt.ts
-const formatPrice = require('../lib/format').default;
+const format = require('../lib/format');
+const formatPrice = format.default; ◂

 export function receipt(order: Order): string {
   return order.number + ': ' + formatPrice(order.total, order.currency);
 }`,
    'TypeError: formatPrice is not a function',
  ],
  [
    'code-error',
    'app/orders/model.py',
    'the total is a property',
    `
 class Order:
     def __init__(self, lines):
         self.lines = lines

-    def total(self):
+    @property
+    def total(self): ◂
         return sum(line.price * line.count for line in self.lines)

-    def is_free(self):
-        return self.total() == 0
+    def is_free(self):
+        return self.total == 0`,
    "TypeError: 'int' object is not callable",
  ],
  [
    'code-error',
    'app/settings.py',
    'defaults as what they are',
    `
 import os

-MAX_LINES = int(os.environ.get("MAX_LINES", "50"))
-RETRY_AFTER = float(os.environ.get("RETRY_AFTER", "2"))
+MAX_LINES = os.environ.get("MAX_LINES", 50) ◂
+RETRY_AFTER = float(os.environ.get("RETRY_AFTER", "2"))
+SERVICE_NAME = os.environ.get("SERVICE_NAME", "orders")`,
    "TypeError: '>' not supported between instances of 'int' and 'str'",
  ],
  [
    'code-error',
    'app/stock/rules.py',
    'rules in a class',
    `
 class Rules:
-    @staticmethod
-    def allows(line): ◂
+    def allows(line): ◂
+        """True where the line may be sold."""
         return line.count > 0 and line.count <= line.stock

-    @staticmethod
-    def name():
-        return "stock"
+    name = "stock"`,
    'TypeError: Rules.allows() takes 1 positional argument but 2 were given',
  ],
  [
    'code-error',
    'src/main/java/shop/api/OrderRequest.java',
    'requests do not change',
    `
-@Data
-@NoArgsConstructor ◂
+@Value ◂
+@Builder
 public class OrderRequest {
     String sku;
     int count;
+    String note;
 }`,
    'com.fasterxml.jackson.databind.exc.InvalidDefinitionException: Cannot construct instance of OrderRequest (no Creators, like default constructor, exist)',
  ],
  [
    'code-error',
    'src/main/java/shop/orders/OrderService.java',
    'transactions where something is written',
    `
-    @Transactional(readOnly = true) ◂
     public OrderView view(long id) {
-        Order order = orders.findById(id).orElseThrow(() -> new NotFound("order", id));
-        return new OrderView(order.getNumber(), order.getLines().size());
+        Order order = orders.findById(id).orElseThrow(() -> new NotFound("order", id));
+        int lines = order.getLines().size();
+        return new OrderView(order.getNumber(), lines);
     }`,
    'org.hibernate.LazyInitializationException: failed to lazily initialize a collection of role: Order.lines, could not initialize proxy - no Session',
  ],
  [
    'code-error',
    'src/main/kotlin/shop/api/AddressDto.kt',
    'addresses have a country',
    `
 data class AddressDto(
     val street: String,
     val city: String,
-    val country: String? = null,
+    val country: String, ◂
+    val note: String? = null,
 )

-fun AddressDto.line() = listOfNotNull(street, city, country).joinToString()
+fun AddressDto.line() = listOfNotNull(street, city, country).joinToString(", ")`,
    'MissingKotlinParameterException: Instantiation of AddressDto value failed for JSON property country due to missing (therefore NULL) value',
  ],
  [
    'code-error',
    'internal/report/send.go',
    'reports go out beside the answer',
    `
 func (h *Handler) Report(w http.ResponseWriter, r *http.Request) {
 	report := h.build(r.Context())
-	if err := h.mailer.Send(r.Context(), report); err != nil {
-		http.Error(w, "mail", http.StatusBadGateway)
-		return
-	}
+	go func() {
+		if err := h.mailer.Send(r.Context(), report); err != nil { ◂
+			slog.Error("report", "error", err)
+		}
+	}()
 	w.WriteHeader(http.StatusAccepted)
 }`,
    'context canceled',
  ],
  [
    'code-error',
    'internal/store/open.go',
    'the first of two stores that answers',
    `
 func Open(primary, backup string) (*Store, error) {
 	var store *Store
-	store, err := dial(primary)
-	if err != nil {
-		store, err = dial(backup)
-	}
+	store, err := dial(primary)
+	if err != nil {
+		slog.Warn("primary store", "error", err)
+		store, err := dial(backup) ◂
+		if err == nil {
+			store.SetReadOnly()
+		}
+	}
 	return store, err
 }`,
    'runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    'code-error',
    'src/Shop.Api/Startup/Json.cs',
    'JSON as the frontend likes it',
    `
     public static void Configure(JsonOptions options)
     {
-        options.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
+        options.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower; ◂
+        options.JsonSerializerOptions.WriteIndented = false;
         options.JsonSerializerOptions.Converters.Add(new JsonStringEnumConverter());
     }`,
    "KeyError: 'orderId'",
  ],
  [
    'process-down',
    'src/Shop.Worker/Startup/Services.cs',
    'the poller lives as long as the process',
    `
     public static IServiceCollection AddPolling(this IServiceCollection services)
     {
         services.AddScoped<IFeedClient, FeedClient>();
-        services.AddScoped<FeedPoller>();
+        services.AddSingleton<FeedPoller>(); ◂
+        services.AddHostedService<PollingHost>();
         return services;
     }`,
    "System.AggregateException: Some services are not able to be constructed (Cannot consume scoped service 'IFeedClient' from singleton 'FeedPoller'.)",
  ],
  [
    'code-error',
    'src/Basket/Line.php',
    'lines do not change',
    `
-final class Line
+final readonly class Line ◂
 {
     public function __construct(
-        public string $sku,
-        public int $count,
+        public string $sku,
+        public int $count,
+        public ?string $note = null,
     ) {}

     public function add(int $more): void
     {
         $this->count += $more;
     }
 }`,
    'Error: Cannot modify readonly property Line::$count',
  ],
  [
    'code-error',
    'app/models/invoice.rb',
    'what is for the class itself',
    `
 class Invoice < ApplicationRecord
   belongs_to :order

   def number
     "#{year}-#{sequence}"
   end

+  private ◂
+
   def due_on
     issued_on + order.customer.days_to_pay
   end
+
+  def year
+    issued_on.year
+  end
 end`,
    "NoMethodError: private method 'due_on' called for an instance of Invoice",
  ],
  [
    'code-error',
    'lib/shipping/quote.rb',
    'arguments by their names',
    `
 module Shipping
   class Quote
-    def initialize(weight, country, options = {})
-      @weight = weight
-      @country = country
-      @express = options[:express]
+    def initialize(weight:, country:, express: false) ◂
+      @weight = weight
+      @country = country
+      @express = express
     end

     def price
       Tariff.for(@country).price(@weight, @express)
     end
   end
 end`,
    'ArgumentError: wrong number of arguments (given 2, expected 0; required keywords: weight, country)',
  ],
  [
    'code-error',
    'web/templates/order.tmpl',
    'the template by the new names',
    `
 <h1>Order {{ .Number }}</h1>
 <ul>
 {{ range .Lines }}
-  <li>{{ .Title }} <b>{{ .Price }}</b></li>
+  <li class="line">{{ .Title }} <b>{{ .Amount }}</b></li> ◂
 {{ end }}
 </ul>
-<p>Thank you</p>
+<p>Thank you for your order</p>`,
    'template: order.tmpl:4:38: executing "order.tmpl" at <.Amount>: can\'t evaluate field Amount in type shop.Line',
  ],
  [
    'code-error',
    'src/main/resources/application-kafka.yml',
    'events are written as JSON',
    `
 spring:
   kafka:
     bootstrap-servers: kafka:9092
     consumer:
       group-id: billing
-      value-deserializer: io.confluent.kafka.serializers.KafkaAvroDeserializer ◂
+      value-deserializer: org.springframework.kafka.support.serializer.JsonDeserializer ◂
+      properties:
+        spring.json.trusted.packages: shop.events`,
    'org.apache.kafka.common.errors.SerializationException: Error deserializing key/value for partition orders-0 at offset 4412',
  ],
  [
    'code-error',
    'src/grpc/client.ts',
    'options of the channel',
    `
 export const catalog = new CatalogClient(config.catalog.address, credentials.createInsecure(), {
   'grpc.keepalive_time_ms': 30_000,
-  'grpc.max_receive_message_length': 32 * 1024 * 1024, ◂
+  'grpc.keepalive_timeout_ms': 5_000,
+  'grpc.primary_user_agent': 'storefront',
 });`,
    'RESOURCE_EXHAUSTED: Received message larger than max (7340032 vs 4194304)',
  ],
  [
    'schema-migration',
    'db/migrations/V052__order_view.sql',
    'a leaner view',
    `
 CREATE OR REPLACE VIEW order_summary AS
-SELECT o.id, o.number, o.total, c.name AS customer, o.channel
+SELECT o.id, o.number, o.total, c.name AS customer ◂
 FROM orders o
 JOIN customers c ON c.id = o.customer_id;
+
+GRANT SELECT ON order_summary TO reporting;`,
    'ERROR: column order_summary.channel does not exist',
  ],
  [
    'schema-migration',
    'db/migrations/V060__identity.sql',
    'ids are made by the database',
    `
 CREATE TABLE payments (
-  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, ◂
+  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ◂
   order_id bigint NOT NULL,
-  amount integer NOT NULL
+  amount integer NOT NULL,
+  note text
 );`,
    'ERROR: cannot insert a non-DEFAULT value into column "id"',
  ],
  [
    'schema-migration',
    'db/partitions.sql',
    'partitions of last year',
    `
-CREATE TABLE events_2024_12 PARTITION OF events FOR VALUES FROM ('2024-12-01') TO ('2025-01-01');
 CREATE TABLE events_2025_01 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
-CREATE TABLE events_rest PARTITION OF events DEFAULT; ◂
+CREATE TABLE events_2025_02 PARTITION OF events FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
+COMMENT ON TABLE events IS 'one partition per month';`,
    'ERROR: no partition of relation "events" found for row',
  ],
  [
    'schema-migration',
    'db/charset.sql',
    'one character set',
    `
-ALTER TABLE reviews CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
+ALTER TABLE reviews CONVERT TO CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci; ◂
 ALTER TABLE authors CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
-ALTER TABLE reviews COMMENT = 'reviews';
+ALTER TABLE reviews COMMENT = 'reviews of articles';`,
    "Incorrect string value: '\\xF0\\x9F\\x91\\x8D' for column 'text' at row 1",
  ],
  [
    'timeout-latency',
    'db/migrations/V071__audit.sql',
    'all changes are kept',
    `
 CREATE TABLE order_audit (order_id bigint, changed_at timestamptz, old jsonb, new jsonb);
+
+CREATE TRIGGER orders_audit ◂
+  AFTER INSERT OR UPDATE ON orders
+  FOR EACH ROW EXECUTE FUNCTION write_audit();
-CREATE INDEX order_audit_idx ON order_audit (order_id);
+CREATE INDEX order_audit_idx ON order_audit (order_id, changed_at);`,
  ],
  [
    'bad-config',
    'k8s/reports.yaml',
    'settings are mounted',
    `
       containers:
         - name: reports
           image: registry.internal/reports:3.0
           volumeMounts:
             - name: settings
-              mountPath: /app/config/reports.yml
-              subPath: reports.yml
+              mountPath: /app/config ◂
+              readOnly: true
       volumes:
         - name: settings
           configMap:
             name: reports`,
    "Error: ENOENT: no such file or directory, open '/app/config/defaults.yml'",
  ],
  [
    'cpu-saturation',
    'k8s/search-hpa.yaml',
    'bounds of scaling',
    `
 apiVersion: autoscaling/v2
 kind: HorizontalPodAutoscaler
 metadata:
   name: search
 spec:
-  minReplicas: 3
-  maxReplicas: 20 ◂
+  minReplicas: 2
+  maxReplicas: 2 ◂
   metrics:
     - type: Resource`,
  ],
  [
    'external-api-down',
    'nginx/api.conf',
    'the prefix is part of the address',
    `
     location /api/ {
-        proxy_pass http://backend/;
+        proxy_pass http://backend; ◂
         proxy_set_header Host $host;
-        proxy_set_header X-Real-IP $remote_addr;
+        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
     }`,
    'UpstreamError: 404 Not Found for /api/orders/17',
  ],
  [
    'tls-certificate',
    'mesh/peer-authentication.yaml',
    'everybody in the mesh',
    `
 apiVersion: security.istio.io/v1
 kind: PeerAuthentication
 metadata:
   name: default
+  labels:
+    part: mesh
 spec:
   mtls:
-    mode: PERMISSIVE ◂
+    mode: STRICT ◂`,
    'upstream connect error or disconnect/reset before headers: TLS_error',
  ],
  [
    'out-of-memory',
    'deploy/redis/redis.conf',
    'nothing is lost',
    `
 maxmemory 512mb
-maxmemory-policy allkeys-lru ◂
+maxmemory-policy noeviction ◂
-save ""
+save 900 1
 appendonly no
 tcp-keepalive 60`,
    "ReplyError: OOM command not allowed when used memory > 'maxmemory'",
  ],
  [
    'timeout-latency',
    'deploy/redis/durable.conf',
    'every write is safe',
    `
 appendonly yes
-appendfsync everysec ◂
+appendfsync always ◂
-auto-aof-rewrite-percentage 100
+auto-aof-rewrite-percentage 80
 maxmemory 1gb`,
  ],
  [
    'out-of-memory',
    'deploy/postgres/tuning.conf',
    'sorting in memory',
    `
 max_connections = 200
 shared_buffers = 1GB
-work_mem = 4MB ◂
+work_mem = 1GB ◂
-maintenance_work_mem = 128MB
+maintenance_work_mem = 256MB
 random_page_cost = 1.1`,
    'server process (PID 4711) was terminated by signal 9: Killed',
  ],
  [
    'timeout-latency',
    'deploy/postgres/vacuum.conf',
    'quiet nights',
    `
-autovacuum = on ◂
-autovacuum_naptime = 60
+autovacuum = off ◂
 log_min_duration_statement = 500
+log_checkpoints = on
 effective_cache_size = 3GB`,
  ],
  [
    'out-of-memory',
    'deploy/java/jvm.options',
    'classes in their place',
    `
 -Xms1g
 -Xmx1g
 -XX:+UseG1GC
--XX:MaxMetaspaceSize=256m
+-XX:MaxMetaspaceSize=48m ◂
+-XX:+ExitOnOutOfMemoryError`,
    'java.lang.OutOfMemoryError: Metaspace',
  ],
  [
    'timeout-latency',
    'terraform/security.tf',
    'rules by their use',
    `
 resource "aws_security_group" "database" {
   name = "database"
-  ingress { ◂
-    from_port       = 5432
-    to_port         = 5432
-    protocol        = "tcp"
-    security_groups = [aws_security_group.web.id]
-  }
   tags = {
-    team = "store"
+    team = "storage"
   }
 }`,
    'Error: connect ETIMEDOUT 10.2.3.4:5432',
  ],
  [
    'timeout-latency',
    'k8s/network-policy.yaml',
    'only what is needed goes out',
    `
 apiVersion: networking.k8s.io/v1
 kind: NetworkPolicy
 metadata:
   name: orders
 spec:
   podSelector:
     matchLabels:
       app: orders
-  policyTypes: [Ingress]
+  policyTypes: [Ingress, Egress] ◂
+  egress: ◂
+    - to:
+        - podSelector:
+            matchLabels:
+              app: postgres`,
    'dial tcp 10.96.4.7:8080: i/o timeout',
  ],
  [
    'auth-secret',
    'src/auth/oauth.ts',
    'the way the client says who it is',
    `
 export const client = new issuer.Client({
   client_id: config.oauth.id,
   client_secret: config.oauth.secret,
-  token_endpoint_auth_method: 'client_secret_basic', ◂
+  token_endpoint_auth_method: 'client_secret_post', ◂
+  response_types: ['code'],
   redirect_uris: [config.oauth.redirect],
 });`,
    'OPError: invalid_client (client authentication failed)',
  ],
  [
    'dependency-refused',
    'app/db/engine.py',
    'fewer questions to the database',
    `
 engine = create_engine(
     settings.database_url,
     pool_size=10,
-    pool_pre_ping=True, ◂
-    pool_recycle=1800, ◂
+    pool_timeout=10,
+    echo=False,
 )`,
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) server closed the connection unexpectedly',
  ],
  [
    'external-api-down',
    'src/rates/client.ts',
    'simpler: one attempt',
    `
-import { retry } from '../lib/retry';
+import { parseRates } from './parse';

 export async function rates(day: string): Promise<Rates> {
-  const response = await retry(() => fetch(config.rates.url + '/' + day), { attempts: 4, pauseMs: 200 });
+  const response = await fetch(config.rates.url + '/' + day); ◂
   if (!response.ok) throw new UpstreamError(response.status);
-  return (await response.json()) as Rates;
+  return parseRates(await response.json());
 }`,
    'UpstreamError: 503 from rates',
  ],
  [
    'memory-leak',
    'src/live/hub.ts',
    'no needless pings',
    `
 export class Hub {
   private readonly sockets = new Set<WebSocket>();

   add(socket: WebSocket): void {
     this.sockets.add(socket);
     socket.on('close', () => this.sockets.delete(socket));
-    const ping = setInterval(() => (alive(socket) ? socket.ping() : socket.terminate()), 30_000); ◂
-    socket.on('close', () => clearInterval(ping));
+    log.debug({ sockets: this.sockets.size }, 'socket added');
   }
 }`,
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/stock/StockClient.java',
    'one dependency less',
    `
-    @CircuitBreaker(name = "stock", fallbackMethod = "unknown") ◂
-    @TimeLimiter(name = "stock") ◂
     public Stock stock(String sku) {
-        return rest.getForObject("/stock/{sku}", Stock.class, sku);
+        Stock stock = rest.getForObject("/stock/{sku}", Stock.class, sku);
+        return stock == null ? Stock.NONE : stock;
     }`,
    'PoolAcquireTimeoutException: Pending acquire queue has reached its maximum size of 1000',
  ],
  [
    'process-down',
    'Dockerfile',
    'a newer Python',
    `
-FROM python:3.11-slim
+FROM python:3.13-slim ◂
 WORKDIR /srv
-COPY requirements.txt .
+COPY requirements.txt constraints.txt ./
 RUN pip install -r requirements.txt
 COPY app app
 CMD ["python", "-m", "app"]`,
    "ModuleNotFoundError: No module named 'distutils'",
  ],
];
