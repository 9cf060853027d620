/** Changes of the Python service that throw, stand still or are refused. */
import type { FaultTemplate } from '../../template.ts';
import { ordersTraffic } from '../orders-traffic.ts';
import { BOOKS, booked, COUNTER, deployed, latent, mixed, reworded, withNewFile } from './shared.ts';

const OWN = { ...BOOKS, service: 'orders', alerting: 'orders', kind: 'code' } as const;
/** The coupon that ends one day; it is printed in a paper at some time. */
const ENDING_COUPON = 'AUTUMN15';
const ENDLESS_COUPON = 'WELCOME10';

export const ordersCode: readonly FaultTemplate[] = [
  /** Whole cents become fractions, which the provider refuses. */
  booked(
    {
      ...OWN,
      id: 'orders-cents-divided',
      class: 'code-error',
      culprit: deployed({
        service: 'orders',
        file: 'orders/pricing.py',
        marker: 'discount = goods * percent / 100 if percent else 0',
        messages: ['pricing: no division where nothing is taken off', 'pricing: a discount only where there is one'],
        edits: {
          'orders/pricing.py': [
            [
              '    discount = goods * discount_percent(customer, coupon) // 100\n',
              '    percent = discount_percent(customer, coupon)\n    discount = goods * percent / 100 if percent else 0\n',
            ],
          ],
        },
      }),
    },
    { weights: { placeWithCoupon: 7 } },
  ),

  /** A lock that is not reentrant, taken by a method and by what it calls. */
  booked(
    {
      ...OWN,
      id: 'orders-lock-taken-twice',
      class: 'deadlock-stall',
      culprit: deployed({
        service: 'orders',
        file: 'orders/store.py',
        marker: '            self.enqueue(posting)',
        messages: ['orders: status and posting are written together', 'store: one writer for the end of an order'],
        edits: {
          'orders/store.py': [
            ['import json\nimport sqlite3\n', 'import json\nimport sqlite3\nimport threading\n'],
            ['        self.last_depth = 0\n', '        self.last_depth = 0\n        self._ending = threading.Lock()\n'],
            [
              '    def enqueue(self, posting: dict[str, object]) -> None:\n        with self._pool.connection() as db:\n',
              '    def settle(self, order_id: int, status: str, posting: dict[str, object]) -> None:\n' +
                '        """Nobody sees an order that is paid and not on its way to the books."""\n' +
                '        with self._ending:\n            self.set_status(order_id, status)\n            self.enqueue(posting)\n\n' +
                '    def enqueue(self, posting: dict[str, object]) -> None:\n        with self._ending, self._pool.connection() as db:\n',
            ],
          ],
          'orders/handlers.py': [
            [
              '        self._store.enqueue(\n            {',
              '        self._store.settle(\n            order_id,\n            status,\n            {',
            ],
          ],
        },
      }),
    },
    { weights: { place: 9 } },
  ),

  /** A time with a zone is compared with one that has none; only one coupon has an end. */
  {
    ...booked({
      ...OWN,
      id: 'orders-coupon-end-compared',
      class: 'code-error',
      culprit: latent({
        service: 'orders',
        file: 'orders/store.py',
        marker: 'datetime.fromisoformat(valid_until) < datetime.now(timezone.utc)',
        messages: ['coupons end on the day that they say', 'store: a coupon is looked up with its end'],
        edits: {
          'orders/store.py': [
            [
              'from dataclasses import dataclass\n',
              'from dataclasses import dataclass\nfrom datetime import datetime, timezone\n',
            ],
            [
              '        return None if row is None else Coupon(**row)\n',
              '        return None if row is None or has_ended(row["valid_until"]) else Coupon(**row)\n',
            ],
            [
              'def lines_of(db: sqlite3.Connection',
              'def has_ended(valid_until: str | None) -> bool:\n    if valid_until is None:\n        return False\n' +
                '    return datetime.fromisoformat(valid_until) < datetime.now(timezone.utc)\n\n\ndef lines_of(db: sqlite3.Connection',
            ],
          ],
        },
      }),
    }),
    async inject(world, variant) {
      const plan = ordersTraffic(world.addresses, variant, { weights: { placeWithCoupon: 7 } });
      world.setTraffic(reworded(plan, ENDLESS_COUPON, ENDING_COUPON));
    },
  },

  /** A field of the answer changes its type; whoever reads it insists on the old one. */
  {
    ...booked({
      ...COUNTER,
      id: 'orders-time-as-number',
      class: 'code-error',
      kind: 'code',
      service: 'orders',
      alerting: 'storefront',
      culprit: deployed({
        service: 'orders',
        file: 'orders/handlers.py',
        marker: '"placed_at": int(datetime.fromisoformat(',
        messages: ['orders: times as the warehouse wants them', 'orders: seconds since 1970 in answers'],
        edits: {
          'orders/handlers.py': [
            ['from orders import log\n', 'from datetime import datetime\n\nfrom orders import log\n'],
            [
              '        "placed_at": order.placed_at,\n',
              '        "placed_at": int(datetime.fromisoformat(order.placed_at.replace("Z", "+00:00")).timestamp()),\n',
            ],
          ],
        },
      }),
    }),
    traffic: (world, variant) => mixed(world, variant),
  },

  /** The page goes out as `2.0`, on which the callee trips. */
  booked(
    {
      ...OWN,
      id: 'orders-page-with-a-point',
      class: 'code-error',
      culprit: deployed({
        service: 'orders',
        file: 'orders/handlers.py',
        marker: 'page = max(1, float(request.query.get("page", "1")))',
        messages: ['statements: a page below one is the first', 'statements: pages as the app sends them'],
        edits: {
          'orders/handlers.py': [
            [
              '        page = int(request.query.get("page", "1"))\n',
              '        page = max(1, float(request.query.get("page", "1")))\n',
            ],
          ],
        },
      }),
    },
    { weights: { statement: 6 } },
  ),

  /** Signatures in another alphabet: those with a plus or a slash are not understood. */
  booked(
    {
      ...OWN,
      id: 'orders-signature-alphabet',
      class: 'auth-secret',
      dependency: 'ledger',
      culprit: deployed({
        service: 'orders',
        file: 'orders/tokens.py',
        marker: 'return base64.b64encode(raw)',
        messages: ['tokens: one call less', 'tokens: tidied'],
        edits: {
          'orders/tokens.py': [
            [
              '    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()',
              '    return base64.b64encode(raw).decode().rstrip("=")',
            ],
          ],
        },
      }),
    },
    { weights: { statement: 6 } },
  ),

  /** What is lent is closed after use, and lent again. */
  booked({
    ...OWN,
    id: 'orders-lent-and-closed',
    class: 'code-error',
    culprit: deployed({
      service: 'orders',
      file: 'orders/pool.py',
      marker: 'with contextlib.closing(connection), connection:',
      messages: ['pool: connections are left tidy', 'pool: nothing stays open behind a request'],
      edits: {
        'orders/pool.py': [
          ['            with connection:\n', '            with contextlib.closing(connection), connection:\n'],
        ],
      },
    }),
  }),

  /** A rule of the new schema that old habits do not keep: an article may be on an order twice. */
  booked(
    {
      ...OWN,
      id: 'orders-one-line-per-article',
      class: 'schema-migration',
      culprit: withNewFile(
        {
          service: 'orders',
          file: 'migrations/004_lines_by_article.sql',
          marker: 'CREATE UNIQUE INDEX order_lines_by_article',
          messages: ['orders: lines are found by their article', 'schema 4: an index for the warehouse'],
          edits: { 'config/orders.ini': [['schema = 3', 'schema = 4']] },
        },
        'migrations/004_lines_by_article.sql',
        '-- The warehouse asks for the line of an article.\nCREATE UNIQUE INDEX order_lines_by_article ON order_lines (order_id, sku);\n',
      ),
    },
    { weights: { placeLarge: 4 } },
  ),

  /** The authority that signed the provider's certificate is no longer looked at. */
  booked(
    {
      ...OWN,
      id: 'orders-authorities-of-the-system',
      class: 'tls-certificate',
      dependency: 'payments',
      culprit: deployed({
        service: 'orders',
        file: 'orders/http_client.py',
        marker: 'return ssl.create_default_context()',
        messages: ['http client: the authorities that the system knows', 'http client: one way to trust'],
        edits: {
          'orders/http_client.py': [
            [
              '    return ssl.create_default_context(cafile=ca_file or None)',
              '    return ssl.create_default_context()',
            ],
          ],
        },
      }),
    },
    { weights: { place: 9 } },
  ),
];
