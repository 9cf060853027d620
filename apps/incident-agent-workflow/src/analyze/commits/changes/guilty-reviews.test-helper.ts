/** Changes as reviews and reports of outages tell of them, among harmless lines and in more languages. ◂ as in the other tables. */
import type { Row } from './row.test-helper.ts';

export const GUILTY_REVIEWS: readonly Row[] = [
  [
    'code-error',
    'src/invoices/exporter.ts',
    'formatting moved into a method of its own',
    `
 import { money } from '../lib/money';
-import { pad } from '../lib/text';
+import { padEnd } from '../lib/text';

 export class InvoiceExporter {
   constructor(private readonly locale: string) {}

   export(invoice: Invoice): string {
-    const rows = invoice.lines.map((line) => pad(line.title, 40) + money(line.amount, this.locale));
-    return [invoice.number, ...rows].join('\\n');
+    const rows = invoice.lines.map(this.row); ◂
+    return [invoice.number, ...rows].join('\\n');
+  }
+
+  private row(line: InvoiceLine): string {
+    return padEnd(line.title, 40) + money(line.amount, this.locale); ◂
   }
 }`,
    "TypeError: Cannot read properties of undefined (reading 'locale')",
  ],
  [
    'code-error',
    'src/webhooks/receive.ts',
    'the raw body is logged',
    `
 export async function receive(request: Request, log: Logger): Promise<Response> {
   const started = performance.now();
-  const event = (await request.json()) as WebhookEvent;
-  log.info({ type: event.type }, 'webhook');
+  log.debug({ body: await request.text() }, 'webhook'); ◂
+  const event = (await request.json()) as WebhookEvent; ◂
+  log.info({ type: event.type, id: event.id }, 'webhook received');
   await handlers[event.type](event);
-  return new Response(null, { status: 204 });
+  const elapsed = Math.round(performance.now() - started);
+  return new Response(null, { status: 204, headers: { 'server-timing': 'total;dur=' + elapsed } });
 }`,
    'TypeError: Body is unusable: Body has already been read',
  ],
  [
    'code-error',
    'src/api/account.ts',
    'early answers without a return',
    `
 accountRouter.get('/account/:id', async (request, response) => {
-  const account = await accounts.byId(request.params.id);
-  if (account === undefined) return response.status(404).json({ error: 'no such account' });
+  const { id } = request.params;
+  const account = await accounts.byId(id);
+  if (account === undefined) {
+    log.info({ id }, 'account asked for that is not there');
+    response.status(404).json({ error: 'no such account' }); ◂
+  }
   const balance = await ledger.balanceOf(id);
   response.json({ account, balance });
 });`,
    'Error [ERR_HTTP_HEADERS_SENT]: Cannot set headers after they are sent to the client',
  ],
  [
    'code-error',
    'src/domain/order-id.ts',
    'ids become big integers',
    `
-export type OrderId = number;
+export type OrderId = bigint;

-export function parseOrderId(text: string): OrderId {
-  const value = Number(text);
-  if (!Number.isSafeInteger(value)) throw new InvalidInput('order id');
-  return value;
+export function parseOrderId(text: string): OrderId {
+  if (!/^[0-9]+$/.test(text)) throw new InvalidInput('order id');
+  return BigInt(text); ◂
 }

 export function orderToJson(order: Order): string {
-  return JSON.stringify({ id: order.id, total: order.total });
+  return JSON.stringify({ id: order.id, total: order.total, currency: order.currency });
 }`,
    'TypeError: Do not know how to serialize a BigInt',
  ],
  [
    'code-error',
    'src/pricing/rules.ts',
    'the table of rules is built at once',
    `
-import { discounts } from './discounts';
+import { discounts, type Discount } from './discounts';
 import type { Basket } from '../basket';

-export function priced(basket: Basket): number {
-  const rules = buildRules(discounts);
-  return rules.reduce((sum, rule) => rule(sum, basket), basket.total);
-}
-
-const STEPS = ['volume', 'coupon', 'loyalty'] as const;
+const rules = buildRules(discounts); ◂
+
+export function priced(basket: Basket): number {
+  return rules.reduce((sum, rule) => rule(sum, basket), basket.total);
+}
+
+const STEPS = ['volume', 'coupon', 'loyalty'] as const; ◂

-function buildRules(all: Discounts) {
+function buildRules(all: readonly Discount[]) {
   return STEPS.flatMap((step) => all.filter((each) => each.step === step).map((each) => each.apply));
 }`,
    "ReferenceError: Cannot access 'STEPS' before initialization",
  ],
  [
    'code-error',
    'app/services/shipping.py',
    'the carrier is chosen in a branch',
    `
 def label_for(parcel):
-    carrier = DEFAULT_CARRIER
-    if parcel.weight > 30_000:
-        carrier = FREIGHT
-    logger.debug("carrier %s for %s", carrier, parcel.id)
+    """Heavy parcels go as freight, light ones by post."""
+    if parcel.weight > 30_000:
+        carrier = FREIGHT ◂
+    elif parcel.weight < 30_000:
+        carrier = DEFAULT_CARRIER ◂
+    logger.debug("carrier %s for parcel %s", carrier, parcel.id) ◂
     return carrier.label(parcel)`,
    "UnboundLocalError: cannot access local variable 'carrier' where it is not associated with a value",
  ],
  [
    'code-error',
    'app/reports/ranking.py',
    'lines are read one after the other',
    `
 def ranking(scores):
-    valid = [score for score in scores if score.value is not None]
+    valid = (score for score in scores if score.value is not None) ◂
     total = sum(score.value for score in valid)
-    best = max(valid, key=lambda s: s.value)
+    best = max(valid, key=attrgetter("value"))
     return Ranking(total=total, best=best.player)


-def as_row(ranking):
+def as_row(ranking: Ranking) -> dict:
     return {"total": ranking.total, "best": ranking.best.name}`,
    'ValueError: max() iterable argument is empty',
  ],
  [
    'code-error',
    'lib/mailer/subject.rb',
    'literals are frozen',
    `
+# frozen_string_literal: true ◂
+
 module Mailer
   class Subject
-    PREFIX = "[shop]"
+    PREFIX = "[shop]".freeze

     def for(order)
       subject = "Order "
       subject << order.number ◂
-      subject << " (late)" if order.late?
+      subject << " (delayed)" if order.late? ◂
       subject
     end
   end
 end`,
    'FrozenError: can\'t modify frozen String: "Order "',
  ],
  [
    'code-error',
    'app/controllers/coupons_controller.rb',
    'coupons are looked up strictly',
    `
 class CouponsController < ApplicationController
   def show
-    coupon = Coupon.find_by(code: params[:code])
-    return render json: { valid: false } unless coupon&.active?
+    coupon = Coupon.find_by!(code: normalized_code) ◂
+    return render json: { valid: false } unless coupon.active?

     render json: CouponSerializer.new(coupon)
   end
+
+  private
+
+  def normalized_code
+    params[:code].to_s.strip.upcase
+  end
 end`,
    'ActiveRecord::RecordNotFound: Couldn\'t find Coupon with [WHERE "coupons"."code" = $1]',
  ],
  [
    'code-error',
    'src/Billing/TaxCalculator.php',
    'strict types',
    `
 <?php
+declare(strict_types=1); ◂

 namespace App\\Billing;

 final class TaxCalculator
 {
-    public function tax(int $cents, string $country): int
+    public function taxOf(int $cents, string $country): int
     {
         $rate = $this->rates[$country] ?? 0;
-        return intdiv($cents * $rate, 100);
+
+        return intdiv($cents * $rate, 100);
     }

     public function fromRequest(array $input): int
     {
-        return $this->tax($input['cents'], $input['country']);
+        return $this->taxOf($input['cents'], $input['country']); ◂
     }
 }`,
    'TypeError: App\\Billing\\TaxCalculator::taxOf(): Argument #1 ($cents) must be of type int, string given',
  ],
  [
    'code-error',
    'app/Http/Controllers/ProfileController.php',
    'the profile as an answer of its own',
    `
     public function show(Request $request): JsonResponse
     {
         $user = $request->user();
-        $address = optional($user->address)->city; ◂
-        return response()->json(['name' => $user->name, 'city' => $address]);
+
+        return response()->json([
+            'name' => $user->name,
+            'mail' => $user->email,
+            'city' => $user->address->city, ◂
+        ]);
     }`,
    'ErrorException: Attempt to read property "city" on null',
  ],
  [
    'code-error',
    'src/Shop.Core/Catalog/PriceIndex.cs',
    'prices by article',
    `
 public sealed class PriceIndex
 {
-    private readonly ILookup<string, Price> _prices;
+    private readonly Dictionary<string, Price> _prices;

     public PriceIndex(IEnumerable<Price> prices)
     {
-        _prices = prices.ToLookup(p => p.Sku);
+        ArgumentNullException.ThrowIfNull(prices);
+        _prices = prices.ToDictionary(p => p.Sku); ◂
     }

-    public Price? For(string sku) => _prices[sku].LastOrDefault();
+    public Price? For(string sku) => _prices.GetValueOrDefault(sku);
 }`,
    'System.ArgumentException: An item with the same key has already been added. Key: A-100',
  ],
  [
    'code-error',
    'src/Shop.Api/Startup/Services.cs',
    'fewer allocations in the container',
    `
     public static IServiceCollection AddShop(this IServiceCollection services, IConfiguration configuration)
     {
         services.AddDbContext<ShopContext>(o => o.UseNpgsql(configuration.GetConnectionString("shop")));
-        services.AddScoped<IOrderRepository, OrderRepository>();
-        services.AddScoped<IPriceRepository, PriceRepository>();
+        services.AddSingleton<IOrderRepository, OrderRepository>(); ◂
+        services.AddScoped<IPriceRepository, PriceRepository>();
         services.AddSingleton<IClock, SystemClock>();
+        services.AddSingleton(TimeProvider.System);
         return services;
     }`,
    'System.InvalidOperationException: A second operation was started on this context instance before a previous operation completed.',
  ],
  [
    'code-error',
    'src/main/java/shop/catalog/Availability.java',
    'stock as a map',
    `
-    Map<String, List<Stock>> bySku(List<Stock> all) {
-        return all.stream().collect(Collectors.groupingBy(Stock::sku));
+    /** Stock by article, for a quick look. */
+    Map<String, Stock> bySku(List<Stock> all) {
+        return all.stream().collect(Collectors.toMap(Stock::sku, Function.identity())); ◂
     }

-    boolean isAvailable(Map<String, List<Stock>> stock, String sku) {
-        return stock.getOrDefault(sku, List.of()).stream().anyMatch(each -> each.count() > 0);
+    boolean isAvailable(Map<String, Stock> stock, String sku) {
+        Stock each = stock.get(sku);
+        return each != null && each.count() > 0;
     }`,
    'java.lang.IllegalStateException: Duplicate key A-100 (attempted merging values Stock[sku=A-100])',
  ],
  [
    'code-error',
    'src/main/java/shop/stats/Counter.java',
    'counts without boxes',
    `
 public final class Counter {
-    private final Map<String, Integer> counts = new HashMap<>();
+    private final Map<String, Long> counts = new ConcurrentHashMap<>();

-    public int of(String name) {
-        return counts.getOrDefault(name, 0);
+    public long of(String name) {
+        return counts.get(name); ◂
     }

     public void add(String name) {
-        counts.merge(name, 1, Integer::sum);
+        counts.merge(name, 1L, Long::sum);
     }
 }`,
    'java.lang.NullPointerException: Cannot invoke "java.lang.Long.longValue()" because the return value of "java.util.Map.get(Object)" is null',
  ],
  [
    'code-error',
    'src/main/java/shop/feed/FeedDates.java',
    'the format is made once',
    `
 public class FeedDates {
-    public String format(Date date) {
-        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss");
-        format.setTimeZone(TimeZone.getTimeZone("UTC"));
-        return format.format(date);
+    private static final SimpleDateFormat FORMAT = new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss"); ◂
+
+    static {
+        FORMAT.setTimeZone(TimeZone.getTimeZone("UTC"));
+    }
+
+    public Date parse(String text) throws ParseException {
+        return FORMAT.parse(text);
     }
 }`,
    'java.lang.NumberFormatException: multiple points',
  ],
  [
    'code-error',
    'internal/avatar/fetch.go',
    'the body is closed in any case',
    `
 func Fetch(ctx context.Context, url string) ([]byte, error) {
 	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
 	if err != nil {
-		return nil, err
+		return nil, fmt.Errorf("avatar: %w", err)
 	}
 	resp, err := client.Do(req)
+	defer resp.Body.Close() ◂
 	if err != nil {
-		return nil, err
+		return nil, fmt.Errorf("avatar %s: %w", url, err)
 	}
-	defer resp.Body.Close()
 	return io.ReadAll(io.LimitReader(resp.Body, 1<<20))
 }`,
    'runtime error: invalid memory address or nil pointer dereference',
  ],
  [
    'code-error',
    'internal/batch/run.go',
    'jobs tell when they are done',
    `
 func Run(jobs []Job) {
 	var wg sync.WaitGroup
 	for _, job := range jobs {
 		wg.Add(1)
 		go func() {
-			defer wg.Done()
+			defer wg.Done() ◂
 			if err := job.Run(); err != nil {
-				log.Printf("job %s: %v", job.Name, err)
+				slog.Error("job failed", "job", job.Name, "error", err)
+				wg.Done() ◂
 			}
 		}()
 	}
 	wg.Wait()
 }`,
    'panic: sync: negative WaitGroup counter',
  ],
  [
    'memory-leak',
    'src/Shop.Worker/PriceWatcher.cs',
    'watchers hear of new prices',
    `
-public sealed class PriceWatcher : IDisposable
+public sealed class PriceWatcher
 {
     private readonly PriceFeed _feed;
     private readonly string _sku;

     public PriceWatcher(PriceFeed feed, string sku)
     {
         _feed = feed;
         _sku = sku;
         _feed.Changed += OnChanged;
     }

-    public void Dispose() => _feed.Changed -= OnChanged; ◂
-
-    private void OnChanged(object? sender, PriceChanged e)
+    private void OnChanged(object? sender, PriceChanged change)
     {
-        if (e.Sku == _sku) Last = e.Price;
+        if (change.Sku == _sku) Last = change.Price;
     }`,
  ],
  [
    'memory-leak',
    'app/models/exchange_rate.rb',
    'rates are remembered',
    `
 class ExchangeRate < ApplicationRecord
+  @rates = {} ◂
+
   class << self
-    def at(currency, time)
-      where(currency: currency).where("valid_from <= ?", time).order(:valid_from).last
+    def at(currency, time)
+      @rates[[currency, time]] ||= ◂
+        where(currency: currency).where("valid_from <= ?", time).order(:valid_from).last
     end
   end

-  validates :currency, presence: true
+  validates :currency, presence: true, length: { is: 3 }
 end`,
  ],
  [
    'memory-leak',
    'src/Queue/ImportHandler.php',
    'imports are told of at the end',
    `
 final class ImportHandler implements MessageHandlerInterface
 {
+    private static array $imported = []; ◂
+
-    public function __construct(private Importer $importer) {}
+    public function __construct(private Importer $importer, private LoggerInterface $logger) {}

     public function __invoke(ImportMessage $message): void
     {
         $product = $this->importer->import($message->path);
-        $this->importer->flush();
+        self::$imported[] = $product; ◂
+        $this->importer->flush();
+        $this->logger->info('imported', ['count' => count(self::$imported)]);
     }
 }`,
  ],
  [
    'memory-leak',
    'internal/parse/header.go',
    'headers are no longer copied',
    `
 type Header struct {
 	Name []byte
-	At   time.Time
+	Seen time.Time
 }

 func (p *Parser) Parse(packet []byte) error {
 	end := bytes.IndexByte(packet, 0)
 	if end < 0 {
 		return ErrShort
 	}
-	name := append([]byte(nil), packet[:end]...)
-	p.recent.Add(Header{Name: name, At: time.Now()})
+	p.recent.Add(Header{Name: packet[:end], Seen: time.Now()}) ◂
 	return nil
 }`,
  ],
  [
    'memory-leak',
    'gunicorn.conf.py',
    'workers are kept',
    `
 import multiprocessing

 bind = "0.0.0.0:8000"
-workers = multiprocessing.cpu_count() + 1
+workers = 3
 worker_class = "gthread"
 threads = 4
-max_requests = 1000 ◂
-max_requests_jitter = 100 ◂
+max_requests = 0 ◂
 accesslog = "-"
+errorlog = "-"
 graceful_timeout = 30`,
  ],
  [
    'memory-leak',
    'src/main/java/shop/export/PdfWriter.java',
    'temporary files go at the end',
    `
     public byte[] write(Invoice invoice) throws IOException {
-        Path file = Files.createTempFile("invoice", ".pdf");
-        try {
-            renderer.render(invoice, file);
-            return Files.readAllBytes(file);
-        } finally {
-            Files.deleteIfExists(file);
-        }
+        File file = File.createTempFile("invoice-" + invoice.number(), ".pdf");
+        file.deleteOnExit(); ◂
+        renderer.render(invoice, file.toPath());
+        byte[] bytes = Files.readAllBytes(file.toPath());
+        log.debug("rendered {} bytes", bytes.length);
+        return bytes;
     }`,
  ],
  [
    'out-of-memory',
    'src/main/java/shop/search/FanOut.java',
    'each search has its own threads',
    `
 @Component
 public class FanOut {
-    private final ExecutorService executor = Executors.newFixedThreadPool(16);
-
     public List<Hit> search(Query query) throws InterruptedException {
+        ExecutorService executor = Executors.newFixedThreadPool(shards.size()); ◂
         List<Callable<List<Hit>>> tasks = shards.stream()
                 .<Callable<List<Hit>>>map(shard -> () -> shard.search(query))
                 .toList();
-        return join(executor.invokeAll(tasks));
+        return join(executor.invokeAll(tasks), query.limit());
     }
 }`,
    'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached',
  ],
  [
    'out-of-memory',
    'src/Shop.Reports/SalesReport.cs',
    'the filter in one place',
    `
     public async Task<IReadOnlyList<Sale>> OpenSalesAsync(DateOnly day, CancellationToken token)
     {
-        return await _context.Sales
-            .Where(s => s.Day == day && !s.IsClosed)
-            .OrderBy(s => s.Id)
-            .ToListAsync(token);
+        var sales = await _context.Sales.ToListAsync(token); ◂
+        return sales
+            .Where(s => SaleFilter.IsOpen(s, day))
+            .OrderBy(s => s.Id)
+            .ToList();
     }`,
    'System.OutOfMemoryException: Exception of type System.OutOfMemoryException was thrown.',
  ],
  [
    'out-of-memory',
    'app/jobs/anonymize_job.rb',
    'customers in the order of their age',
    `
 class AnonymizeJob < ApplicationJob
   queue_as :maintenance

   def perform(before)
-    Customer.where("last_seen_at < ?", before).find_each do |customer|
-      customer.anonymize!
+    Customer.where("last_seen_at < ?", before).order(:last_seen_at).each do |customer| ◂
+      Rails.logger.info("anonymize #{customer.id}")
+      customer.anonymize!
     end
   end
 end`,
    'NoMemoryError: failed to allocate memory',
  ],
  [
    'out-of-memory',
    'app/Console/Commands/ExportOrders.php',
    'the export sorts by customer',
    `
     public function handle(): int
     {
         $file = fopen($this->argument('path'), 'w');
-        foreach (Order::query()->where('year', $this->option('year'))->cursor() as $order) {
+        $orders = Order::query()
+            ->where('year', $this->option('year'))
+            ->get() ◂
+            ->sortBy('customer_id');
+        foreach ($orders as $order) {
             fputcsv($file, $order->toRow());
         }
         fclose($file);
-        return 0;
+        return self::SUCCESS;
     }`,
    'PHP Fatal error: Allowed memory size of 268435456 bytes exhausted (tried to allocate 20480 bytes)',
  ],
  [
    'out-of-memory',
    'deploy/php/php.ini',
    'settings of production',
    `
 [PHP]
 expose_php = Off
-display_errors = On
-memory_limit = 512M ◂
+display_errors = Off
+log_errors = On
+memory_limit = 64M ◂
 max_execution_time = 30
 post_max_size = 24M
 upload_max_filesize = 20M`,
    'PHP Fatal error: Allowed memory size of 67108864 bytes exhausted (tried to allocate 4096 bytes)',
  ],
  [
    'out-of-memory',
    'k8s/thumbnailer.yaml',
    'scratch files are quicker',
    `
       containers:
         - name: thumbnailer
-          image: registry.internal/thumbnailer:2.3.1
+          image: registry.internal/thumbnailer:2.3.2
           resources:
             limits:
               memory: 512Mi
           volumeMounts:
             - name: scratch
               mountPath: /tmp
       volumes:
         - name: scratch
-          emptyDir: {}
+          emptyDir:
+            medium: Memory ◂`,
  ],
  [
    'out-of-memory',
    'deploy/docker-compose.yml',
    'more workers for the morning',
    `
   web:
     image: registry.internal/web:5.0
     environment:
-      WEB_CONCURRENCY: "2" ◂
+      WEB_CONCURRENCY: "16" ◂
       LOG_LEVEL: info
+      LOG_FORMAT: json
     deploy:
       resources:
         limits:
           memory: 1g
     ports:
       - "8080:8080"`,
  ],
  [
    'cpu-saturation',
    'src/catalog/index-by.ts',
    'without a mutable map',
    `
-export function indexBySku(products: Product[]): Record<string, Product> {
-  const index: Record<string, Product> = {};
-  for (const product of products) index[product.sku] = product;
-  return index;
-}
+export const indexBySku = (products: readonly Product[]): Record<string, Product> =>
+  products.reduce((index, product) => ({ ...index, [product.sku]: product }), {}); ◂
+
+export const skusOf = (products: readonly Product[]) => products.map((product) => product.sku);`,
  ],
  [
    'cpu-saturation',
    'app/services/stock_sync.rb',
    'only what is new',
    `
 class StockSync
   def call(feed)
-    known = Article.pluck(:sku).to_set
+    known = Article.order(:sku).pluck(:sku) ◂
     feed.each_row do |row|
-      next if known.include?(row.sku)
+      next if row.sku.blank? || known.include?(row.sku) ◂

-      Article.create!(sku: row.sku, title: row.title)
+      Article.create!(sku: row.sku, title: row.title.strip)
     end
   end
 end`,
  ],
  [
    'cpu-saturation',
    'src/Feed/Merger.php',
    'all feeds in one list',
    `
     public function merge(iterable $feeds): array
     {
         $all = [];
         foreach ($feeds as $feed) {
-            foreach ($feed->items() as $item) {
-                $all[$item->id()] = $item;
-            }
+            foreach ($feed->items() as $item) {
+                if (!in_array($item, $all)) { ◂
+                    $all = array_merge($all, [$item]); ◂
+                }
+            }
         }
-        return array_values($all);
+
+        return $all;
     }`,
  ],
  [
    'cpu-saturation',
    'src/Shop.Api/Middleware/BotFilter.cs',
    'a list of bots from the settings',
    `
 public sealed class BotFilter(RequestDelegate next, IOptionsMonitor<BotOptions> options)
 {
-    private static readonly Regex Bots = new("bot|crawler|spider", RegexOptions.Compiled | RegexOptions.IgnoreCase);
-
     public Task InvokeAsync(HttpContext context)
     {
         var agent = context.Request.Headers.UserAgent.ToString();
-        if (Bots.IsMatch(agent)) context.Items["bot"] = true;
+        var bots = new Regex(string.Join('|', options.CurrentValue.Patterns), RegexOptions.Compiled | RegexOptions.IgnoreCase); ◂
+        if (bots.IsMatch(agent))
+            context.Items["bot"] = true;
         return next(context);
     }
 }`,
  ],
  [
    'cpu-saturation',
    'internal/render/csv.go',
    'no buffer is needed',
    `
 func CSV(rows []Row) string {
-	var out strings.Builder
-	out.Grow(len(rows) * 64)
+	out := "sku,title,price\\n"
 	for _, row := range rows {
-		out.WriteString(row.SKU + "," + quote(row.Title) + "," + row.Price.String() + "\\n")
+		out += row.SKU + "," + quote(row.Title) + "," + row.Price.String() + "\\n" ◂
 	}
-	return out.String()
+	return out
 }`,
  ],
  [
    'cpu-saturation',
    'nginx/conf.d/shop.conf',
    'pages weigh less',
    `
 server {
     listen 8080;
-    server_name shop.internal;
+    server_name shop.internal www.shop.internal;

     gzip on;
-    gzip_comp_level 4; ◂
-    gzip_types text/css application/javascript;
+    gzip_comp_level 9; ◂
+    gzip_types text/css application/javascript application/json image/svg+xml;

     location / {
         proxy_pass http://storefront;
     }
 }`,
  ],
  [
    'cpu-saturation',
    'app/basket/service.py',
    'callers cannot change what is kept',
    `
 class BasketService:
     def __init__(self, store, catalogue):
         self._store = store
-        self._catalogue = catalogue
+        self._catalogue = catalogue
+        self._hits = 0

     def price(self, basket_id):
         basket = self._store.get(basket_id)
-        prices = self._catalogue.prices
+        prices = copy.deepcopy(self._catalogue.prices) ◂
+        self._hits += 1
         return sum(prices[line.sku] * line.count for line in basket.lines)`,
  ],
  [
    'deadlock-stall',
    'src/Shop.Web/Controllers/CartController.cs',
    'the cart without async',
    `
     [HttpGet("cart/{id:guid}")]
-    public async Task<ActionResult<CartView>> Get(Guid id)
+    public ActionResult<CartView> Get(Guid id)
     {
-        var cart = await _carts.FindAsync(id);
+        var cart = _carts.FindAsync(id).Result; ◂
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
    'points are moved by whoever asks',
    `
 class TransferPoints
   def call(from, to, points)
     Account.transaction do
-      [from, to].sort_by(&:id).each(&:lock!)
+      from.lock! ◂
+      to.lock! ◂
+      raise NotEnough if from.points < points
+
       from.update!(points: from.points - points)
       to.update!(points: to.points + points)
     end
   end
 end`,
    'ActiveRecord::Deadlocked: PG::TRDeadlockDetected: ERROR:  deadlock detected',
  ],
  [
    'deadlock-stall',
    'db/migrations/V031__orders_by_customer.sql',
    'orders are found by customer',
    `
 -- the list of a customer's orders is slow
-CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_customer_idx ON orders (customer_id); ◂
+CREATE INDEX IF NOT EXISTS orders_customer_idx ON orders (customer_id, created_at); ◂
+
+COMMENT ON INDEX orders_customer_idx IS 'list of orders in the account';`,
    'ERROR: canceling statement due to lock timeout',
  ],
  [
    'deadlock-stall',
    'src/main/kotlin/shop/offers/OfferService.kt',
    'offers from all shops',
    `
 class OfferService(private val shops: List<ShopClient>, private val dispatcher: CoroutineDispatcher) {
-    suspend fun offers(sku: String): List<Offer> = coroutineScope {
-        shops.map { shop -> async(dispatcher) { shop.offer(sku) } }.awaitAll()
-    }
+    suspend fun offers(sku: String): List<Offer> = withContext(dispatcher) {
+        shops.map { shop -> runBlocking(dispatcher) { shop.offer(sku) } } ◂
+    }

-    suspend fun best(sku: String): Offer = offers(sku).minBy { it.price }
+    suspend fun best(sku: String): Offer? = offers(sku).minByOrNull { it.price }
 }`,
  ],
  [
    'deadlock-stall',
    'internal/crawl/crawl.go',
    'pages below are crawled as well',
    `
 func (c *Crawler) Crawl(ctx context.Context, roots []string) error {
 	group, ctx := errgroup.WithContext(ctx)
 	group.SetLimit(8)
 	for _, root := range roots {
 		group.Go(func() error {
-			return c.page(ctx, root)
+			links, err := c.page(ctx, root)
+			if err != nil {
+				return err
+			}
+			for _, link := range links {
+				group.Go(func() error { return c.leaf(ctx, link) }) ◂
+			}
+			return nil
 		})
 	}
 	return group.Wait()
 }`,
  ],
  [
    'deadlock-stall',
    'lib/cache/two_level.rb',
    'the size is kept within bounds',
    `
 class TwoLevelCache
   def initialize(limit)
     @limit = limit
     @lock = Mutex.new
     @entries = {}
   end

   def write(key, value)
     @lock.synchronize do
-      @entries[key] = value
-      @entries.shift if @entries.size > @limit
+      @entries[key] = value
+      evict if @entries.size > @limit ◂
     end
   end
+
+  def evict
+    @lock.synchronize { @entries.shift } ◂
+  end
 end`,
    'ThreadError: deadlock; recursive locking',
  ],
  [
    'pool-exhaustion',
    'deploy/pgbouncer.ini',
    'prepared statements work',
    `
 [databases]
 shop = host=postgres port=5432 dbname=shop

 [pgbouncer]
 listen_port = 6432
 auth_type = scram-sha-256
-pool_mode = transaction ◂
+pool_mode = session ◂
 default_pool_size = 20
-max_client_conn = 1000
+max_client_conn = 2000
 server_idle_timeout = 60`,
    'FATAL: query_wait_timeout',
  ],
  [
    'pool-exhaustion',
    'config/database.php',
    'connections are kept',
    `
     'connections' => [
         'mysql' => [
             'driver' => 'mysql',
             'host' => env('DB_HOST', 'mysql'),
             'database' => env('DB_DATABASE', 'shop'),
             'charset' => 'utf8mb4',
-            'options' => [],
+            'options' => [
+                PDO::ATTR_PERSISTENT => true, ◂
+                PDO::ATTR_EMULATE_PREPARES => false,
+            ],
         ],
     ],`,
    'SQLSTATE[HY000] [1040] Too many connections',
  ],
  [
    'pool-exhaustion',
    'src/main/java/shop/store/OrderStream.java',
    'orders as a stream',
    `
     @Transactional(readOnly = true)
-    public List<OrderView> open() { ◂
-        try (Stream<Order> orders = repository.streamOpen()) {
-            return orders.map(OrderView::of).toList();
-        }
+    public Stream<OrderView> open() {
+        return jdbc.queryForStream("select * from orders where state = 'open'", OrderRow.MAPPER).map(OrderView::of); ◂
     }

-    public int count() {
-        return open().size();
+    public long count() {
+        return open().count(); ◂
     }`,
    'HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=23)',
  ],
  [
    'pool-exhaustion',
    'src/http/partner-client.ts',
    'one agent for the partner',
    `
-import { Agent } from 'undici';
+import { Pool } from 'undici';
 import { config } from '../config';

-const dispatcher = new Agent({ connections: 64, keepAliveTimeout: 10_000 }); ◂
+const dispatcher = new Pool(config.partner.url, { connections: 1, pipelining: 1, keepAliveTimeout: 30_000 }); ◂

 export async function partner(path: string): Promise<unknown> {
-  const response = await fetch(config.partner.url + path, { dispatcher });
+  const response = await fetch(new URL(path, config.partner.url), { dispatcher });
   return response.json();
 }`,
  ],
  [
    'file-descriptor-limit',
    'app/services/attachment_reader.rb',
    'attachments are read where they lie',
    `
 class AttachmentReader
   def digest(attachment)
-    File.open(attachment.path, "rb") do |file|
-      Digest::SHA256.new.update(file.read).hexdigest
-    end
+    file = File.open(attachment.path, "rb") ◂
+    sha = Digest::SHA256.new
+    while (chunk = file.read(64 * 1024))
+      sha << chunk
+    end
+    sha.hexdigest
   end
 end`,
    'Errno::EMFILE: Too many open files @ rb_sysopen',
  ],
  [
    'file-descriptor-limit',
    'src/Import/Lines.php',
    'lines without a list',
    `
     public function firstLineOf(string $path): string
     {
         $handle = fopen($path, 'r');
-        try {
-            return trim((string) fgets($handle));
-        } finally {
-            fclose($handle); ◂
-        }
+        if ($handle === false) {
+            throw new ImportException($path);
+        }
+        $this->handles[] = $handle; ◂
+
+        return trim((string) fgets($handle));
     }`,
    'fopen(/data/in/0713.csv): Failed to open stream: Too many open files',
  ],
  [
    'file-descriptor-limit',
    'src/Shop.Shipping/CarrierClient.cs',
    'a client for each carrier',
    `
-public sealed class CarrierClient(IHttpClientFactory clients)
+public sealed class CarrierClient(CarrierOptions options)
 {
     public async Task<Label> LabelAsync(Parcel parcel, CancellationToken token)
     {
-        var client = clients.CreateClient("carrier");
+        var client = new HttpClient { BaseAddress = options.Address, Timeout = TimeSpan.FromSeconds(5) }; ◂
         var response = await client.PostAsJsonAsync("labels", parcel, token);
         response.EnsureSuccessStatusCode();
         return await response.Content.ReadFromJsonAsync<Label>(token) ?? throw new EmptyAnswer();
     }
 }`,
    'System.Net.Sockets.SocketException (24): Too many open files',
  ],
  [
    'disk-full',
    'deploy/mysql/my.cnf',
    'a replica abroad',
    `
 [mysqld]
 server_id = 1
 log_bin = mysql-bin
+binlog_format = ROW
+binlog_row_image = FULL
-binlog_expire_logs_seconds = 259200 ◂
+binlog_expire_logs_seconds = 0 ◂
 max_connections = 300
 innodb_buffer_pool_size = 2G`,
    "Error writing file './mysql-bin.000912' (Errcode: 28 - No space left on device)",
  ],
  [
    'disk-full',
    'config/environments/production.rb',
    'what the partner sends can be seen',
    `
 Rails.application.configure do
   config.eager_load = true
   config.consider_all_requests_local = false
-  config.log_level = :info ◂
+  config.log_level = :debug ◂
-  config.logger = ActiveSupport::Logger.new($stdout)
+  config.logger = ActiveSupport::Logger.new("/var/log/app/production.log") ◂
   config.active_record.dump_schema_after_migration = false
+  config.active_record.verbose_query_logs = true
 end`,
    'Errno::ENOSPC: No space left on device @ io_write - /var/log/app/production.log',
  ],
  [
    'disk-full',
    'charts/broker/values.yaml',
    'smaller volumes',
    `
 broker:
   replicas: 3
-  image: registry.internal/broker:3.12
+  image: registry.internal/broker:3.13
   persistence:
     storageClass: fast
-    size: 100Gi ◂
+    size: 10Gi ◂
   resources:
     requests:
       cpu: 500m`,
    'disk resource limit alarm set on node broker-0: no space left',
  ],
  [
    'disk-full',
    'db/replication/slots.sql',
    'a slot for the warehouse',
    `
 -- the warehouse reads changes once it is there
+SELECT pg_create_physical_replication_slot('warehouse', true); ◂
+ALTER SYSTEM SET max_slot_wal_keep_size = -1; ◂
-ALTER SYSTEM SET max_wal_senders = 5;
+ALTER SYSTEM SET max_wal_senders = 10;
 SELECT pg_reload_conf();`,
    'PANIC: could not write to file "pg_wal/xlogtemp.91": No space left on device',
  ],
  [
    'timeout-latency',
    'app/controllers/orders_controller.rb',
    'a shorter list of orders',
    `
 class OrdersController < ApplicationController
   def index
-    @orders = current_user.orders.includes(:lines, :shipment).order(created_at: :desc).limit(50) ◂
+    @orders = current_user.orders.recent.limit(50) ◂
+    @months = @orders.group_by { |order| order.created_at.beginning_of_month }
     render json: @orders, each_serializer: OrderSerializer
   end
 end
=== app/models/order.rb
 class Order < ApplicationRecord
   has_many :lines
   has_one :shipment
+
+  scope :recent, -> { order(created_at: :desc) }
 end`,
  ],
  [
    'timeout-latency',
    'app/Repositories/PostRepository.php',
    'posts in the order of the feed',
    `
     public function feed(User $user): Collection
     {
         return Post::query()
-            ->with(['author', 'tags']) ◂
             ->whereIn('author_id', $user->following()->pluck('id'))
-            ->latest()
-            ->limit(30)
+            ->latest('published_at')
+            ->limit(40)
             ->get();
     }
=== resources/views/feed.blade.php
 @foreach ($posts as $post)
-    <h3>{{ $post->title }}</h3>
+    <h3>{{ $post->title }} <small>{{ $post->author->name }}</small></h3>
 @endforeach`,
  ],
  [
    'timeout-latency',
    'app/accounts/queries.py',
    'mail addresses in any letters',
    `
 def by_mail(connection, mail):
-    row = connection.execute(
-        "SELECT id, name FROM accounts WHERE mail = %s", (mail.lower(),)
-    ).fetchone()
+    """Addresses were stored as typed before 2023, so both sides are lowered."""
+    row = connection.execute(
+        "SELECT id, name FROM accounts WHERE lower(trim(mail)) = %s", (mail.strip().lower(),) ◂
+    ).fetchone()
     if row is None:
         raise UnknownAccount(mail)
     return Account(*row)`,
  ],
  [
    'timeout-latency',
    'src/sessions/redis-store.ts',
    'how many are online',
    `
 export class RedisSessions implements Sessions {
   constructor(private readonly redis: Redis) {}

   async online(): Promise<number> {
-    return this.redis.zcount('sessions:seen', Date.now() - FIVE_MINUTES, '+inf');
+    const keys = await this.redis.keys('session:*'); ◂
+    return keys.length;
   }

-  async touch(id: string): Promise<void> {
-    await this.redis.zadd('sessions:seen', Date.now(), id);
+  async touch(id: string): Promise<void> {
+    await this.redis.set('session:' + id, Date.now(), 'EX', 300);
   }
 }`,
  ],
  [
    'timeout-latency',
    'internal/partner/client.go',
    'one client for all partners',
    `
-var client = &http.Client{Timeout: 2 * time.Second} ◂
+var client = &http.Client{Transport: tracing.Wrap(http.DefaultTransport)} ◂

 func Get(ctx context.Context, url string) (*Offer, error) {
-	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
+	req, err := http.NewRequest(http.MethodGet, url, nil) ◂
 	if err != nil {
 		return nil, err
 	}
+	req.Header.Set("Accept", "application/json")
 	resp, err := client.Do(req)`,
  ],
  [
    'timeout-latency',
    'src/main/java/shop/prices/PriceCache.java',
    'prices are loaded once',
    `
 @Service
 public class PriceCache {
     private final Map<String, Price> prices = new ConcurrentHashMap<>();

-    public Price get(String sku) {
-        return prices.computeIfAbsent(sku, remote::price);
+    public synchronized Price get(String sku) { ◂
+        Price known = prices.get(sku);
+        if (known == null || known.isOlderThan(maximumAge)) {
+            known = remote.price(sku);
+            prices.put(sku, known);
+        }
+        return known;
     }
 }`,
  ],
  [
    'timeout-latency',
    'app/orders/listing.py',
    'pages by number',
    `
-def page(session, after, size=50):
-    query = select(Order).order_by(Order.id).limit(size)
-    if after is not None:
-        query = query.where(Order.id > after) ◂
-    return session.scalars(query).all()
+def page(session, number, size=50):
+    """Pages are counted from one, so that a page can be linked to."""
+    query = select(Order).order_by(Order.id).offset((number - 1) * size).limit(size) ◂
+    total = session.scalar(select(func.count()).select_from(Order)) ◂
+    return Page(session.scalars(query).all(), total)`,
  ],
  [
    'queue-backlog',
    'config/sidekiq.yml',
    'queues by weight',
    `
 :concurrency: 10
 :max_retries: 5
 :queues:
-  - [critical, 3]
-  - [mailers, 2] ◂
-  - [default, 1]
+  - [critical, 6]
+  - [default, 2]
+  - [reports, 1]`,
  ],
  [
    'queue-backlog',
    'src/events/publisher.ts',
    'events keep their order',
    `
 export class EventPublisher {
-  constructor(private readonly producer: Producer) {}
+  constructor(
+    private readonly producer: Producer,
+    private readonly source: string,
+  ) {}

   async publish(event: DomainEvent): Promise<void> {
     await this.producer.send({
       topic: 'orders',
-      messages: [{ key: event.orderId, value: JSON.stringify(event) }],
+      messages: [{ key: this.source, value: JSON.stringify({ ...event, source: this.source }) }], ◂
     });
   }
 }`,
  ],
  [
    'queue-backlog',
    'terraform/queues.tf',
    'jobs that fail come back sooner',
    `
 resource "aws_sqs_queue" "renders" {
   name                       = "renders"
-  visibility_timeout_seconds = 900 ◂
+  visibility_timeout_seconds = 5 ◂
   message_retention_seconds  = 345600
-  receive_wait_time_seconds  = 20
+  receive_wait_time_seconds  = 10
+  tags = {
+    team = "media"
+  }
 }`,
  ],
  [
    'queue-backlog',
    'src/main/java/shop/events/Topology.java',
    'names of queues as they are spoken of',
    `
     @Bean
     Binding orders(Queue orderQueue, TopicExchange exchange) {
-        return BindingBuilder.bind(orderQueue).to(exchange).with("order.#");
+        return BindingBuilder.bind(orderQueue).to(exchange).with("orders.*"); ◂
     }

     @Bean
-    Queue orderQueue() {
-        return QueueBuilder.durable("orders").build();
+    Queue orderQueue(@Value("orders") String name) {
+        return QueueBuilder.durable(name).build();
     }`,
  ],
  [
    'rate-limit',
    'src/github/releases.ts',
    'anonymous access is enough',
    `
 export async function releasesOf(repository: string): Promise<Release[]> {
   const response = await fetch('https://api.github.com/repos/' + repository + '/releases', {
     headers: {
       accept: 'application/vnd.github+json',
-      authorization: 'Bearer ' + config.github.token, ◂
+      'user-agent': 'release-watch',
     },
   });
   if (!response.ok) throw new UpstreamError(response.status);
   return (await response.json()) as Release[];
 }`,
    'UpstreamError: 403 API rate limit exceeded for 10.2.0.4',
  ],
  [
    'rate-limit',
    'app/clients/identity.py',
    'a token that cannot be stale',
    `
 class IdentityClient:
-    def _token(self):
-        if self._cached is None or self._cached.expires_at < time.time() + 30:
-            self._cached = self._fetch_token()
-        return self._cached.value
+    """Talks to the identity provider with the credentials of the service."""

     def user(self, user_id):
-        headers = {"Authorization": f"Bearer {self._token()}"}
+        token = self._fetch_token() ◂
+        headers = {"Authorization": f"Bearer {token.value}"}
         return self._get(f"/users/{user_id}", headers=headers)`,
    'HTTPError: 429 Client Error: Too Many Requests for url: https://id.example.net/oauth/token',
  ],
  [
    'rate-limit',
    'src/crm/contacts.ts',
    'smaller answers',
    `
 async function* contacts(client: CrmClient): AsyncGenerator<Contact> {
   let cursor: string | undefined;
   do {
-    const page = await client.list({ limit: 100, cursor });
+    const page = await client.list({ limit: 2, cursor }); ◂
-    yield* page.items;
+    for (const item of page.items) yield item;
     cursor = page.next;
   } while (cursor !== undefined);
 }`,
    'CrmError: 429 daily quota exceeded',
  ],
  [
    'traffic-spike',
    'nginx/edge.conf',
    'prices are never stale',
    `
     location /catalog/ {
         proxy_pass http://catalog;
         proxy_set_header Host $host;
-        proxy_cache pages;
-        proxy_cache_valid 200 10m; ◂
-        add_header Cache-Control "public, max-age=600";
+        add_header Cache-Control "no-store"; ◂
+        add_header X-Frame-Options DENY;
     }`,
  ],
  [
    'traffic-spike',
    'src/Client/Refresh.php',
    'all clients at the same second',
    `
     public function nextRun(DateTimeImmutable $now): DateTimeImmutable
     {
-        $spread = random_int(0, 3600); ◂
-
-        return $now->setTime((int) $now->format('H') + 1, 0)->modify("+$spread seconds");
+        return $now->setTime((int) $now->format('H') + 1, 0); ◂
     }
+
+    public function isDue(DateTimeImmutable $now): bool
+    {
+        return $this->next <= $now;
+    }`,
  ],
  [
    'auth-secret',
    'k8s/uploader.yaml',
    'the account of the namespace',
    `
 spec:
   template:
     spec:
-      serviceAccountName: uploader ◂
-      automountServiceAccountToken: true
+      automountServiceAccountToken: true
+      terminationGracePeriodSeconds: 20
       containers:
         - name: uploader
-          image: registry.internal/uploader:1.8.0
+          image: registry.internal/uploader:1.8.1
           env:
             - name: BUCKET
               value: uploads`,
    'AccessDenied: User is not authorized to perform s3:PutObject on resource uploads',
  ],
  [
    'auth-secret',
    'src/config/secrets.ts',
    'secrets come from files',
    `
-export function secret(name: string): string {
-  const value = process.env[name];
-  if (value === undefined) throw new MissingSetting(name);
-  return value.trim();
-}
+const folder = process.env.SECRETS_FOLDER ?? '/run/secrets';
+
+/** Mounted by the platform, one file for each. */
+export function secret(name: string): string {
+  return readFileSync(join(folder, name.toLowerCase()), 'utf8'); ◂
+}`,
    'error: password authentication failed for user "shop"',
  ],
  [
    'auth-secret',
    'app/Services/WebhookSigner.php',
    'one way to write JSON',
    `
     public function sign(array $payload): string
     {
-        $body = json_encode($payload, JSON_UNESCAPED_SLASHES);
+        $body = json_encode($payload, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE); ◂
+        $this->logger->debug('signing', ['bytes' => strlen($body)]);

         return hash_hmac('sha256', $body, $this->secret);
     }`,
    'PartnerException: 401 signature does not match',
  ],
  [
    'tls-certificate',
    'nginx/tls.conf',
    'the certificate of this year',
    `
 server {
     listen 443 ssl;
-    http2 off;
+    http2 on;
     server_name api.shop.example;
-    ssl_certificate /etc/nginx/tls/fullchain.pem; ◂
+    ssl_certificate /etc/nginx/tls/cert.pem; ◂
     ssl_certificate_key /etc/nginx/tls/privkey.pem;
+    add_header Strict-Transport-Security "max-age=31536000";
 }`,
    'Error: unable to verify the first certificate',
  ],
  [
    'tls-certificate',
    'app/clients/search.rb',
    'the search engine by its address',
    `
 module Clients
   class Search
     def initialize
       @http = Faraday.new(
-        url: "https://search.internal:9200",
-        request: { timeout: 2 }
+        url: "https://10.4.0.17:9200", ◂
+        request: { timeout: 2, open_timeout: 1 }
       )
     end
   end
 end`,
    'OpenSSL::SSL::SSLError: SSL_connect returned=1 errno=0 state=error: certificate verify failed (hostname mismatch)',
  ],
  [
    'bad-config',
    'src/Shop.Api/Startup/Options.cs',
    'settings are looked at when it starts',
    `
     public static IServiceCollection AddSettings(this IServiceCollection services)
     {
-        services.AddOptions<MailOptions>().BindConfiguration("Mail");
+        services.AddOptions<MailOptions>()
+            .BindConfiguration("Smtp") ◂
+            .ValidateDataAnnotations() ◂
+            .ValidateOnStart(); ◂
         services.AddOptions<ShopOptions>().BindConfiguration("Shop");
         return services;
     }`,
    "Microsoft.Extensions.Options.OptionsValidationException: DataAnnotation validation failed for 'MailOptions' members: 'Host' with the error: 'The Host field is required.'",
  ],
  [
    'bad-config',
    'deploy/docker-compose.prod.yml',
    'the password has been changed',
    `
   api:
     image: registry.internal/api:4.1
     environment:
       DB_HOST: postgres
       DB_USER: api
-      DB_PASSWORD: "\${DB_PASSWORD}"
-      GREETING: "hello"
+      DB_PASSWORD: "$DB_PASS" ◂
+      GREETING: "hello there"
+      LOG_FORMAT: json
     restart: always`,
    'Error: invalid settings: DB_PASSWORD must not be empty',
  ],
  [
    'bad-config',
    'helm/templates/configmap.yaml',
    'values without quotation marks',
    `
 data:
   REGION: {{ .Values.region }}
-  FEATURE_NEW_CART: {{ .Values.newCart | quote }} ◂
-  PORT: {{ .Values.port | quote }}
+  FEATURE_NEW_CART: {{ .Values.newCart }} ◂
+  PORT: {{ .Values.port | quote }}
+  TIMEZONE: UTC`,
    'cannot unmarshal bool into Go struct field ConfigMap.data of type string',
  ],
  [
    'bad-config',
    'config/schedule.rb',
    'a report every night',
    `
 every = ENV.fetch("REPORT_CRON", "0 3 * * *")
 Scheduler.configure do |schedule|
-  schedule.cron every, with: NightlyReport
+  schedule.cron every, with: NightlyReport, queue: ENV.fetch("REPORT_QUEUE") ◂
   schedule.cron "*/10 * * * *", with: Heartbeat
+  schedule.timezone = "UTC"
 end`,
    'KeyError: key not found: "REPORT_QUEUE"',
  ],
  [
    'schema-migration',
    'db/migrate/20240311_drop_nickname.rb',
    'nicknames go',
    `
+class DropNickname < ActiveRecord::Migration[7.1]
+  def change
+    remove_column :customers, :nickname, :string ◂
+  end
+end
=== app/serializers/address_serializer.rb
 class AddressSerializer
-  attributes :street, :city
+  attributes :street, :city, :country
 end`,
    'PG::UndefinedColumn: ERROR: column customers.nickname does not exist',
  ],
  [
    'schema-migration',
    'db/migrations/V014__order_states.sql',
    'a state is taken out, one is new',
    `
-CREATE TYPE order_state AS ENUM ('open', 'paid', 'sent', 'returned'); ◂
+-- returned orders are kept in a table of their own
+CREATE TYPE order_state AS ENUM ('open', 'paid', 'sent'); ◂
 ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::text::order_state;
+CREATE TABLE returns (order_id bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());`,
    'ERROR: invalid input value for enum order_state: "returned"',
  ],
  [
    'schema-migration',
    'database/migrations/2024_05_01_000000_tighten_products.php',
    'amounts are small',
    `
     public function up(): void
     {
         Schema::table('products', function (Blueprint $table) {
-            $table->unsignedInteger('stock')->default(0)->change();
+            $table->tinyInteger('stock')->unsigned()->change(); ◂
+            $table->string('unit', 8)->default('piece');
         });
     }`,
    "SQLSTATE[22003]: Numeric value out of range: 1264 Out of range value for column 'stock' at row 1",
  ],
  [
    'schema-migration',
    'src/main/resources/db/migration/V7__customers.sql',
    'a comment for the table',
    `
 CREATE TABLE customers (
   id bigint PRIMARY KEY,
-  name varchar(200) NOT NULL, ◂
+  name varchar(200) NOT NULL, -- as printed on invoices
   created_at timestamptz NOT NULL
 );
-CREATE INDEX customers_name_idx ON customers (name);
+CREATE INDEX IF NOT EXISTS customers_name_idx ON customers (name); ◂`,
    'FlywayValidateException: Validate failed: Migration checksum mismatch for migration version 7',
  ],
  [
    'process-down',
    'Dockerfile',
    'no more than is needed',
    `
 FROM node:20-slim
 WORKDIR /app
 COPY package.json package-lock.json ./
-RUN npm ci
-COPY . .
+RUN npm ci --omit=dev ◂
+COPY . .
+ENV NODE_ENV=production
 EXPOSE 8080
 CMD ["node", "--import", "tsx", "src/main.ts"]`,
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'tsx' imported from /app/",
  ],
  [
    'process-down',
    'Dockerfile',
    'it runs as nobody',
    `
 FROM python:3.12-slim
 WORKDIR /srv
-COPY requirements.txt .
-RUN pip install -r requirements.txt
+COPY requirements.txt requirements.lock ./
+RUN pip install --no-cache-dir -r requirements.lock
 COPY app app
+USER 65534 ◂
 EXPOSE 80
 CMD ["uvicorn", "app.main:api", "--host", "0.0.0.0", "--port", "80"]`,
    "PermissionError: [Errno 13] error while attempting to bind on address ('0.0.0.0', 80): permission denied",
  ],
  [
    'process-down',
    'requirements.txt',
    'packages are brought up to date',
    `
 fastapi==0.110.0
-httpx==0.27.0
+httpx==0.27.2
-python-multipart==0.0.9 ◂
 sqlalchemy==2.0.29
-uvicorn==0.29.0
+uvicorn==0.30.1`,
    "ModuleNotFoundError: No module named 'multipart'",
  ],
  [
    'process-down',
    'Gemfile',
    'groups are put in order',
    `
 source "https://rubygems.org"

 gem "rails", "~> 7.1"
 gem "pg", "~> 1.5"
-gem "faraday", "~> 2.9" ◂
-gem "sidekiq", "~> 7.2"
+gem "sidekiq", "~> 7.2"
+
+group :development, :test do
+  gem "faraday", "~> 2.9" ◂
+  gem "rspec-rails", "~> 6.1"
+end`,
    'LoadError: cannot load such file -- faraday',
  ],
  [
    'process-down',
    'build.gradle.kts',
    'a newer Java',
    `
 plugins {
-    kotlin("jvm") version "1.9.22"
+    kotlin("jvm") version "1.9.24"
     application
 }
 java {
     toolchain {
-        languageVersion = JavaLanguageVersion.of(17)
+        languageVersion = JavaLanguageVersion.of(21) ◂
     }
 }
 application {
     mainClass = "shop.MainKt"
 }`,
    'java.lang.UnsupportedClassVersionError: shop/MainKt has been compiled by a more recent version of the Java Runtime (class file version 65.0)',
  ],
  [
    'dns',
    'docker-compose.yml',
    'networks by their use',
    `
 services:
   web:
     image: registry.internal/web:2.0
-    networks: [front, back]
+    networks: [front] ◂
     environment:
       CACHE_HOST: cache
   cache:
     image: redis:7
-    networks: [back]
+    networks: [back]
+    command: ["redis-server", "--save", ""]
 networks:
   front: {}
   back: {}`,
    'Error: getaddrinfo ENOTFOUND cache',
  ],
  [
    'dns',
    'app/config/storage.php',
    'the address of a region',
    `
 return [
     'bucket' => env('BUCKET', 'uploads'),
-    'endpoint' => 'https://s3.' . env('REGION', 'eu-west-1') . '.example.net',
+    'region' => env('REGION', 'eu-west-1'),
+    'endpoint' => 'https://s3' . env('REGION', 'eu-west-1') . '.example.net', ◂
     'version' => 'latest',
 ];`,
    'cURL error 6: Could not resolve host: s3eu-west-1.example.net',
  ],
  [
    'dependency-refused',
    'deploy/postgres/postgresql.conf',
    'from this host only',
    `
-max_connections = 100
+max_connections = 150
 shared_buffers = 512MB
-listen_addresses = '*' ◂
+listen_addresses = 'localhost' ◂
 log_min_messages = warning
+log_line_prefix = '%m [%p] '`,
    'connect ECONNREFUSED 10.1.0.5:5432',
  ],
  [
    'dependency-refused',
    'k8s/redis-service.yaml',
    'ports have names',
    `
 apiVersion: v1
 kind: Service
 metadata:
   name: redis
+  labels:
+    part: cache
 spec:
   selector:
     app: redis
   ports:
-    - port: 6379
+    - name: redis
+      port: 6379
+      targetPort: 6380 ◂`,
    'dial tcp 10.96.14.2:6379: connect: connection refused',
  ],
  [
    'external-api-down',
    'src/payments/gateway.ts',
    'the form as JSON',
    `
 export async function charge(order: Order): Promise<Charge> {
   const response = await fetch(gateway.url + '/charges', {
     method: 'POST',
-    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: gateway.key },
-    body: new URLSearchParams({ amount: String(order.total), currency: order.currency }),
+    headers: { 'content-type': 'application/json', authorization: gateway.key }, ◂
+    body: JSON.stringify({ amount: order.total, currency: order.currency }), ◂
   });
-  if (!response.ok) throw new GatewayError(response.status);
+  if (!response.ok) throw new GatewayError(response.status, order.id);
   return (await response.json()) as Charge;
 }`,
    'GatewayError: 400 missing required param: amount',
  ],
  [
    'clock-skew',
    'src/Shop.Auth/TokenIssuer.cs',
    'times as the clock on the wall shows them',
    `
     public string Issue(User user)
     {
-        var now = _clock.GetUtcNow().UtcDateTime;
+        var now = DateTime.Now; ◂
         var token = new JwtSecurityToken(
             issuer: _options.Issuer,
-            claims: [new Claim("sub", user.Id.ToString())],
+            claims: ClaimsOf(user),
             notBefore: now,
             expires: now.AddMinutes(_options.Minutes),
             signingCredentials: _credentials);
         return _handler.WriteToken(token);
     }`,
    'SecurityTokenNotYetValidException: IDX10222: Lifetime validation failed. The token is not yet valid.',
  ],
  [
    'clock-skew',
    'deploy/base/packages.txt',
    'a smaller base',
    `
 ca-certificates
-chrony ◂
 curl
-htop
+jq
 openssl
-vim-tiny
+less`,
    'RequestTimeTooSkewed: The difference between the request time and the current time is too large.',
  ],
];
