/** Beside them, changes of the same code that do nothing of the kind. */
import type { Row } from './row.test-helper.ts';

export const HARMLESS_REVIEWS: readonly Row[] = [
  [
    'code-error',
    'src/invoices/exporter.ts',
    'a row by a function of the module',
    `
 export class InvoiceExporter {
   constructor(private readonly locale: string) {}

   export(invoice: Invoice): string {
-    const rows = invoice.lines.map((line) => pad(line.title, 40) + money(line.amount, this.locale));
+    const rows = invoice.lines.map((line) => rowOf(line, this.locale));
     return [invoice.number, ...rows].join('\\n');
   }
 }
+
+function rowOf(line: InvoiceLine, locale: string): string {
+  return pad(line.title, 40) + money(line.amount, locale);
+}`,
    "TypeError: Cannot read properties of undefined (reading 'locale')",
  ],
  [
    'code-error',
    'src/webhooks/receive.ts',
    'the type is logged by another name',
    `
 export async function receive(request: Request, log: Logger): Promise<Response> {
-  const event = (await request.json()) as WebhookEvent;
-  log.info({ type: event.type }, 'webhook');
+  const webhook = (await request.json()) as WebhookEvent;
+  log.info({ type: webhook.type, id: webhook.id }, 'webhook received');
-  await handlers[event.type](event);
+  await handlers[webhook.type](webhook);
   return new Response(null, { status: 204 });
 }`,
    'TypeError: Body is unusable: Body has already been read',
  ],
  [
    'code-error',
    'src/api/account.ts',
    'the answer to a stranger says more',
    `
 accountRouter.get('/account/:id', async (request, response) => {
-  const account = await accounts.byId(request.params.id);
-  if (account === undefined) return response.status(404).json({ error: 'no such account' });
+  const { id } = request.params;
+  const account = await accounts.byId(id);
+  if (account === undefined) {
+    log.info({ id }, 'account asked for that is not there');
+    return response.status(404).json({ error: 'no such account', id });
+  }
   response.json({ account });
 });`,
    'Error [ERR_HTTP_HEADERS_SENT]: Cannot set headers after they are sent to the client',
  ],
  [
    'code-error',
    'app/services/shipping.py',
    'the carrier is chosen with an else',
    `
 def label_for(parcel):
-    carrier = DEFAULT_CARRIER
-    if parcel.weight > 30_000:
-        carrier = FREIGHT
+    """Heavy parcels go as freight, light ones by post."""
+    if parcel.weight > FREIGHT_FROM:
+        carrier = FREIGHT
+    else:
+        carrier = DEFAULT_CARRIER
     return carrier.label(parcel)`,
    "UnboundLocalError: cannot access local variable 'carrier' where it is not associated with a value",
  ],
  [
    'code-error',
    'app/reports/ranking.py',
    'a comprehension over two lines',
    `
 def ranking(scores):
-    valid = [score for score in scores if score.value is not None]
+    valid = [
+        score
+        for score in scores
+        if score.value is not None
+    ]
     total = sum(score.value for score in valid)
-    best = max(valid, key=lambda s: s.value)
+    best = max(valid, key=attrgetter("value"))
     return Ranking(total=total, best=best.player)`,
    'ValueError: max() iterable argument is empty',
  ],
  [
    'code-error',
    'lib/mailer/subject.rb',
    'subjects are put together at once',
    `
 module Mailer
   class Subject
-    PREFIX = "[shop]"
+    PREFIX = "[shop]".freeze

     def for(order)
-      subject = "Order "
-      subject << order.number
-      subject << " (late)" if order.late?
-      subject
+      late = order.late? ? " (late)" : ""
+      "Order #{order.number}#{late}"
     end
   end
 end`,
    'FrozenError: can\'t modify frozen String: "Order "',
  ],
  [
    'code-error',
    'app/controllers/coupons_controller.rb',
    'the code is trimmed',
    `
 class CouponsController < ApplicationController
   def show
-    coupon = Coupon.find_by(code: params[:code])
+    coupon = Coupon.find_by(code: normalized_code)
     return render json: { valid: false } unless coupon&.active?

     render json: CouponSerializer.new(coupon)
   end
+
+  private
+
+  def normalized_code
+    params[:code].to_s.strip.upcase
+  end
 end`,
    "NoMethodError: undefined method 'active?' for nil",
  ],
  [
    'code-error',
    'app/Http/Controllers/ProfileController.php',
    'the profile with its mail',
    `
     public function show(Request $request): JsonResponse
     {
         $user = $request->user();
-        $address = optional($user->address)->city;
-        return response()->json(['name' => $user->name, 'city' => $address]);
+
+        return response()->json([
+            'name' => $user->name,
+            'mail' => $user->email,
+            'city' => $user->address?->city,
+        ]);
     }`,
    'ErrorException: Attempt to read property "city" on null',
  ],
  [
    'code-error',
    'src/Shop.Core/Catalog/PriceIndex.cs',
    'the last price wins',
    `
 public sealed class PriceIndex
 {
-    private readonly ILookup<string, Price> _prices;
+    private readonly Dictionary<string, Price> _prices = new();

     public PriceIndex(IEnumerable<Price> prices)
     {
-        _prices = prices.ToLookup(p => p.Sku);
+        foreach (var price in prices)
+            _prices[price.Sku] = price;
     }

-    public Price? For(string sku) => _prices[sku].LastOrDefault();
+    public Price? For(string sku) => _prices.GetValueOrDefault(sku);
 }`,
    'System.ArgumentException: An item with the same key has already been added. Key: A-100',
  ],
  [
    'code-error',
    'internal/avatar/fetch.go',
    'errors say where they come from',
    `
 	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
 	if err != nil {
-		return nil, err
+		return nil, fmt.Errorf("avatar: %w", err)
 	}
 	resp, err := client.Do(req)
 	if err != nil {
-		return nil, err
+		return nil, fmt.Errorf("avatar %s: %w", url, err)
 	}
-	defer resp.Body.Close()
+	defer func() { _ = resp.Body.Close() }()
 	return io.ReadAll(io.LimitReader(resp.Body, 1<<20))`,
    'runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    'code-error',
    'internal/batch/run.go',
    'jobs are logged by their fields',
    `
 	for _, job := range jobs {
 		wg.Add(1)
 		go func() {
 			defer wg.Done()
 			if err := job.Run(); err != nil {
-				log.Printf("job %s: %v", job.Name, err)
+				slog.Error("job failed", "job", job.Name, "error", err)
+				failed.Add(1)
 			}
 		}()
 	}
 	wg.Wait()`,
    'panic: sync: negative WaitGroup counter',
  ],
  [
    'memory-leak',
    'src/Shop.Worker/PriceWatcher.cs',
    'the handler has another name',
    `
     public PriceWatcher(PriceFeed feed, string sku)
     {
         _feed = feed;
         _sku = sku;
-        _feed.Changed += OnChanged;
+        _feed.Changed += OnPriceChanged;
     }

-    public void Dispose() => _feed.Changed -= OnChanged;
+    public void Dispose() => _feed.Changed -= OnPriceChanged;

-    private void OnChanged(object? sender, PriceChanged e)
+    private void OnPriceChanged(object? sender, PriceChanged change)
     {
-        if (e.Sku == _sku) Last = e.Price;
+        if (change.Sku == _sku) Last = change.Price;
     }`,
  ],
  [
    'memory-leak',
    'gunicorn.conf.py',
    'workers are renewed somewhat more often',
    `
 bind = "0.0.0.0:8000"
-workers = multiprocessing.cpu_count() + 1
+workers = 3
 threads = 4
-max_requests = 1000
+max_requests = 800
 max_requests_jitter = 100
 accesslog = "-"
+errorlog = "-"`,
  ],
  [
    'memory-leak',
    'src/Queue/ImportHandler.php',
    'what was imported is logged',
    `
     public function __invoke(ImportMessage $message): void
     {
+        $imported = [];
         $product = $this->importer->import($message->path);
-        $this->importer->flush();
+        $imported[] = $product->sku();
+        $this->importer->flush();
+        $this->logger->info('imported', ['skus' => $imported]);
     }`,
  ],
  [
    'memory-leak',
    'internal/parse/header.go',
    'copied by the library',
    `
 	end := bytes.IndexByte(packet, 0)
 	if end < 0 {
 		return ErrShort
 	}
-	name := append([]byte(nil), packet[:end]...)
-	p.recent.Add(Header{Name: name, At: time.Now()})
+	name := bytes.Clone(packet[:end])
+	p.recent.Add(Header{Name: name, Seen: time.Now()})
 	return nil`,
  ],
  [
    'out-of-memory',
    'src/Shop.Reports/SalesReport.cs',
    'sales in the order of the day',
    `
     public async Task<IReadOnlyList<Sale>> OpenSalesAsync(DateOnly day, CancellationToken token)
     {
         return await _context.Sales
-            .Where(s => s.Day == day && !s.IsClosed)
-            .OrderBy(s => s.Id)
+            .Where(sale => sale.Day == day)
+            .Where(sale => !sale.IsClosed)
+            .OrderBy(sale => sale.Id)
             .ToListAsync(token);
     }`,
  ],
  [
    'out-of-memory',
    'app/jobs/anonymize_job.rb',
    'a batch of another size',
    `
   def perform(before)
-    Customer.where("last_seen_at < ?", before).find_each do |customer|
+    Customer.where("last_seen_at < ?", before).find_each(batch_size: 500) do |customer|
+      Rails.logger.info("anonymize #{customer.id}")
       customer.anonymize!
     end
   end`,
  ],
  [
    'out-of-memory',
    'k8s/thumbnailer.yaml',
    'a newer image and a bound for its scratch',
    `
       containers:
         - name: thumbnailer
-          image: registry.internal/thumbnailer:2.3.1
+          image: registry.internal/thumbnailer:2.3.2
           resources:
             limits:
-              memory: 512Mi
+              memory: 640Mi
       volumes:
         - name: scratch
-          emptyDir: {}
+          emptyDir:
+            sizeLimit: 4Gi`,
  ],
  [
    'out-of-memory',
    'deploy/php/php.ini',
    'errors go to the log',
    `
 [PHP]
 expose_php = Off
-display_errors = On
+display_errors = Off
+log_errors = On
 memory_limit = 512M
-max_execution_time = 30
+max_execution_time = 45
 post_max_size = 24M`,
  ],
  [
    'cpu-saturation',
    'src/catalog/index-by.ts',
    'an index from entries',
    `
-export function indexBySku(products: Product[]): Record<string, Product> {
-  const index: Record<string, Product> = {};
-  for (const product of products) index[product.sku] = product;
-  return index;
-}
+export const indexBySku = (products: readonly Product[]): Record<string, Product> =>
+  Object.fromEntries(products.map((product) => [product.sku, product]));
+
+export const skusOf = (products: readonly Product[]) => products.map((product) => product.sku);`,
  ],
  [
    'cpu-saturation',
    'app/services/stock_sync.rb',
    'blank rows are passed over',
    `
 class StockSync
   def call(feed)
-    known = Article.pluck(:sku).to_set
+    known = Article.order(:sku).pluck(:sku).to_set
     feed.each_row do |row|
-      next if known.include?(row.sku)
+      next if row.sku.blank? || known.include?(row.sku)

-      Article.create!(sku: row.sku, title: row.title)
+      Article.create!(sku: row.sku, title: row.title.strip)
     end
   end
 end`,
  ],
  [
    'cpu-saturation',
    'internal/render/csv.go',
    'a line for the head',
    `
 func CSV(rows []Row) string {
 	var out strings.Builder
 	out.Grow(len(rows) * 64)
+	out.WriteString("sku,title,price\\n")
 	for _, row := range rows {
-		out.WriteString(row.SKU + "," + quote(row.Title) + "," + row.Price.String() + "\\n")
+		fmt.Fprintf(&out, "%s,%s,%s\\n", row.SKU, quote(row.Title), row.Price)
 	}
 	return out.String()
 }`,
  ],
  [
    'cpu-saturation',
    'src/Shop.Api/Middleware/BotFilter.cs',
    'more bots are known',
    `
 public sealed class BotFilter(RequestDelegate next)
 {
-    private static readonly Regex Bots = new("bot|crawler|spider", RegexOptions.Compiled | RegexOptions.IgnoreCase);
+    private static readonly Regex Bots = new("bot|crawler|spider|fetcher", RegexOptions.Compiled | RegexOptions.IgnoreCase);

     public Task InvokeAsync(HttpContext context)
     {
-        var agent = context.Request.Headers.UserAgent.ToString();
-        if (Bots.IsMatch(agent)) context.Items["bot"] = true;
+        var userAgent = context.Request.Headers.UserAgent.ToString();
+        if (Bots.IsMatch(userAgent))
+            context.Items["bot"] = true;
         return next(context);
     }
 }`,
  ],
  [
    'cpu-saturation',
    'nginx/conf.d/shop.conf',
    'a second name and another type',
    `
 server {
     listen 8080;
-    server_name shop.internal;
+    server_name shop.internal www.shop.internal;

     gzip on;
     gzip_comp_level 4;
-    gzip_types text/css application/javascript;
+    gzip_types text/css application/javascript image/svg+xml;
 }`,
  ],
  [
    'deadlock-stall',
    'src/Shop.Web/Controllers/CartController.cs',
    'the currency of the cart',
    `
     [HttpGet("cart/{id:guid}")]
     public async Task<ActionResult<CartView>> Get(Guid id)
     {
-        var cart = await _carts.FindAsync(id);
+        var cart = await _carts.FindAsync(id).ConfigureAwait(false);
         if (cart is null) return NotFound();
-        return CartView.From(cart);
+        var view = CartView.From(cart);
+        view.Currency = _options.Currency;
+        return view;
     }`,
  ],
  [
    'deadlock-stall',
    'app/services/transfer_points.rb',
    'too few points are refused',
    `
   def call(from, to, points)
     Account.transaction do
-      [from, to].sort_by(&:id).each(&:lock!)
+      [from, to].sort_by(&:id).each { |account| account.lock! }
+      raise NotEnough if from.points < points
+
       from.update!(points: from.points - points)
       to.update!(points: to.points + points)
     end
   end`,
  ],
  [
    'deadlock-stall',
    'db/migrations/V031__orders_by_customer.sql',
    'the index has one column more',
    `
 -- the list of a customer's orders is slow
-CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer_idx ON orders (customer_id);
+CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer_idx ON orders (customer_id, created_at);
+
+COMMENT ON INDEX orders_customer_idx IS 'list of orders in the account';`,
    'ERROR: canceling statement due to lock timeout',
  ],
  [
    'pool-exhaustion',
    'deploy/pgbouncer.ini',
    'more clients may wait',
    `
 [pgbouncer]
 listen_port = 6432
 auth_type = scram-sha-256
 pool_mode = transaction
-default_pool_size = 20
-max_client_conn = 1000
+default_pool_size = 24
+max_client_conn = 2000
 server_idle_timeout = 60`,
  ],
  [
    'pool-exhaustion',
    'src/http/partner-client.ts',
    'connections live longer',
    `
 import { Agent } from 'undici';
 import { config } from '../config';

-const dispatcher = new Agent({ connections: 64, keepAliveTimeout: 10_000 });
+const dispatcher = new Agent({ connections: 96, keepAliveTimeout: 15_000 });

 export async function partner(path: string): Promise<unknown> {
-  const response = await fetch(config.partner.url + path, { dispatcher });
+  const response = await fetch(new URL(path, config.partner.url), { dispatcher });
   return response.json();
 }`,
  ],
  [
    'file-descriptor-limit',
    'app/services/attachment_reader.rb',
    'in pieces, within the block',
    `
   def digest(attachment)
+    sha = Digest::SHA256.new
     File.open(attachment.path, "rb") do |file|
-      Digest::SHA256.new.update(file.read).hexdigest
+      while (chunk = file.read(64 * 1024))
+        sha << chunk
+      end
     end
+    sha.hexdigest
   end`,
  ],
  [
    'file-descriptor-limit',
    'src/Shop.Shipping/CarrierClient.cs',
    'an empty answer has its own error',
    `
 public sealed class CarrierClient(IHttpClientFactory clients)
 {
     public async Task<Label> LabelAsync(Parcel parcel, CancellationToken token)
     {
         var client = clients.CreateClient("carrier");
-        var response = await client.PostAsJsonAsync("labels", parcel, token);
+        using var response = await client.PostAsJsonAsync("labels", parcel, token);
         response.EnsureSuccessStatusCode();
-        return (await response.Content.ReadFromJsonAsync<Label>(token))!;
+        return await response.Content.ReadFromJsonAsync<Label>(token) ?? throw new EmptyAnswer();
     }
 }`,
  ],
  [
    'disk-full',
    'config/environments/production.rb',
    'tags in the log',
    `
 Rails.application.configure do
   config.eager_load = true
-  config.log_level = :info
+  config.log_level = :warn
+  config.log_tags = [:request_id]
   config.logger = ActiveSupport::Logger.new($stdout)
-  config.active_record.dump_schema_after_migration = false
+  config.active_record.dump_schema_after_migration = false
 end`,
  ],
  [
    'disk-full',
    'deploy/mysql/my.cnf',
    'logs of a day less, more connections',
    `
 [mysqld]
 server_id = 1
 log_bin = mysql-bin
+binlog_format = ROW
-binlog_expire_logs_seconds = 259200
+binlog_expire_logs_seconds = 172800
-max_connections = 300
+max_connections = 400`,
  ],
  [
    'timeout-latency',
    'app/controllers/orders_controller.rb',
    'orders by month, lines and all',
    `
   def index
-    @orders = current_user.orders.includes(:lines, :shipment).order(created_at: :desc).limit(50)
+    @orders = current_user.orders.recent.includes(:lines, :shipment).limit(50)
+    @months = @orders.group_by { |order| order.created_at.beginning_of_month }
     render json: @orders, each_serializer: OrderSerializer
   end
=== app/models/order.rb
 class Order < ApplicationRecord
+  scope :recent, -> { order(created_at: :desc) }
   has_many :lines
 end`,
  ],
  [
    'timeout-latency',
    'src/sessions/redis-store.ts',
    'five minutes have a name',
    `
 export class RedisSessions implements Sessions {
   constructor(private readonly redis: Redis) {}

   async online(): Promise<number> {
-    return this.redis.zcount('sessions:seen', Date.now() - FIVE_MINUTES, '+inf');
+    const since = Date.now() - ONLINE_WITHIN_MS;
+    return this.redis.zcount('sessions:seen', since, '+inf');
   }
 }`,
  ],
  [
    'timeout-latency',
    'app/accounts/queries.py',
    'the statement on one line',
    `
 def by_mail(connection, mail):
-    row = connection.execute(
-        "SELECT id, name FROM accounts WHERE mail = %s", (mail.lower(),)
-    ).fetchone()
+    """Addresses are stored in small letters."""
+    statement = "SELECT id, name FROM accounts WHERE mail = %s"
+    row = connection.execute(statement, (mail.strip().lower(),)).fetchone()
     if row is None:
         raise UnknownAccount(mail)
     return Account(*row)`,
  ],
  [
    'queue-backlog',
    'config/sidekiq.yml',
    'other weights, one queue more',
    `
-:concurrency: 10
+:concurrency: 12
 :max_retries: 5
 :queues:
-  - [critical, 3]
+  - [critical, 6]
   - [mailers, 2]
   - [default, 1]
+  - [reports, 1]`,
  ],
  [
    'rate-limit',
    'app/clients/identity.py',
    'the token is fetched a little earlier',
    `
 class IdentityClient:
+    """Talks to the identity provider with the credentials of the service."""
+
     def _token(self):
-        if self._cached is None or self._cached.expires_at < time.time() + 30:
+        if self._cached is None or self._cached.expires_at < time.time() + MARGIN_S:
             self._cached = self._fetch_token()
         return self._cached.value`,
  ],
  [
    'auth-secret',
    'src/config/secrets.ts',
    'secrets come from files',
    `
+const folder = process.env.SECRETS_FOLDER ?? '/run/secrets';
+
 export function secret(name: string): string {
-  const value = process.env[name];
-  if (value === undefined) throw new MissingSetting(name);
-  return value.trim();
+  const own = process.env[name];
+  if (own !== undefined) return own.trim();
+  return readFileSync(join(folder, name.toLowerCase()), 'utf8').trim();
 }`,
  ],
  [
    'tls-certificate',
    'nginx/tls.conf',
    'strict transport',
    `
 server {
     listen 443 ssl;
-    http2 off;
+    http2 on;
     server_name api.shop.example;
     ssl_certificate /etc/nginx/tls/fullchain.pem;
     ssl_certificate_key /etc/nginx/tls/privkey.pem;
+    add_header Strict-Transport-Security "max-age=31536000";
 }`,
  ],
  [
    'schema-migration',
    'database/migrations/2024_05_01_000000_tighten_products.php',
    'a unit with a default',
    `
     public function up(): void
     {
         Schema::table('products', function (Blueprint $table) {
-            $table->unsignedInteger('stock')->default(0)->change();
+            $table->unsignedBigInteger('stock')->default(0)->change();
+            $table->string('unit', 8)->default('piece');
         });
     }`,
  ],
  [
    'process-down',
    'requirements.txt',
    'patches',
    `
 fastapi==0.110.0
-httpx==0.27.0
+httpx==0.27.2
 python-multipart==0.0.9
-sqlalchemy==2.0.29
+sqlalchemy==2.0.30`,
  ],
  [
    'clock-skew',
    'src/Shop.Auth/TokenIssuer.cs',
    'claims have a method of their own',
    `
     public string Issue(User user)
     {
-        var now = _clock.GetUtcNow().UtcDateTime;
+        var issuedAt = _clock.GetUtcNow().UtcDateTime;
         var token = new JwtSecurityToken(
             issuer: _options.Issuer,
-            claims: [new Claim("sub", user.Id.ToString())],
-            notBefore: now,
-            expires: now.AddMinutes(_options.Minutes),
+            claims: ClaimsOf(user),
+            notBefore: issuedAt,
+            expires: issuedAt.AddMinutes(_options.Minutes),
             signingCredentials: _credentials);
         return _handler.WriteToken(token);
     }`,
  ],
];
