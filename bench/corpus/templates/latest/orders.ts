/** Changes of orders after which it, or who asks it, answers with errors; and an alarm behind which nothing is wrong. */
import { join } from 'node:path';
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude } from '../fault.ts';
import { BOOKS, booked, COUNTER, deployed, latent, mixed } from '../fresh/shared.ts';
import { statement } from '../later/by-hand.ts';
import { among } from '../later/orders.ts';
import { ordersTraffic } from '../orders-traffic.ts';
import { get, post } from '../shoppers.ts';
import { ordersLatestResources } from './orders-resources.ts';

const OWN = { ...BOOKS, service: 'orders', alerting: 'orders', kind: 'code' } as const;
/** Of the catalogue's handover; who comes later has a higher number. */
const KNOWN_CUSTOMERS = 400;
const NEWCOMERS = 12;

const ordersLatestCode: readonly FaultTemplate[] = [
  /** A key that hides itself when it is written, also into the header. */
  booked(
    {
      ...OWN,
      id: 'orders-key-hides-itself',
      class: 'auth-secret',
      dependency: 'payments',
      culprit: deployed({
        service: 'orders',
        file: 'orders/settings.py',
        marker: 'payments_api_key=Secret(required("PAYMENTS_API_KEY"))',
        messages: ['settings: keys can be told from other texts', 'settings: keys are never printed whole'],
        edits: {
          'orders/settings.py': [
            [
              'class SettingsError(Exception):\n    pass\n',
              'class SettingsError(Exception):\n    pass\n\n\nclass Secret:\n    """A text that is not for logs."""\n\n' +
                '    def __init__(self, value: str):\n        self.value = value\n\n' +
                '    def __repr__(self) -> str:\n        return f"{self.value[:2]}***"\n',
            ],
            ['    ledger_token_key: str\n', '    ledger_token_key: Secret\n'],
            ['    payments_api_key: str\n', '    payments_api_key: Secret\n'],
            ['ledger_token_key=required("LEDGER_TOKEN_KEY")', 'ledger_token_key=Secret(required("LEDGER_TOKEN_KEY"))'],
            ['payments_api_key=required("PAYMENTS_API_KEY")', 'payments_api_key=Secret(required("PAYMENTS_API_KEY"))'],
          ],
          'orders/ledger_client.py': [
            ['self._key = settings.ledger_token_key\n', 'self._key = settings.ledger_token_key.value\n'],
          ],
        },
      }),
    },
    { weights: { place: 8 } },
  ),

  /** Who has bought nothing yet has no dearest order; such customers come later. */
  {
    ...booked({
      ...OWN,
      id: 'orders-dearest-of-none',
      class: 'code-error',
      culprit: latent({
        service: 'orders',
        file: 'orders/handlers.py',
        marker: 'spending["dearest"] = max(',
        messages: ['summary: the dearest order', 'summaries tell what a customer spent most on'],
        edits: {
          'orders/handlers.py': [
            [
              '        spending = self._store.spending_of(customer.id)\n',
              '        spending = self._store.spending_of(customer.id)\n' +
                '        latest = self._store.orders_of(customer.id, MOST_ORDERS)\n' +
                '        spending["dearest"] = max(order.total_cents for order in latest)\n',
            ],
          ],
        },
      }),
    }),
    async inject(world, variant) {
      const { orders } = world.addresses;
      const items = [{ sku: 'SKU-021', quantity: 1 }];
      const comes = Array.from({ length: NEWCOMERS }, (_none, index) =>
        post(orders, '/quotes', { customer: `guest${index}@example.org`, items }),
      );
      const looks = Array.from({ length: 3 * NEWCOMERS }, (_none, index) =>
        get(orders, `/customers/${KNOWN_CUSTOMERS + 1 + (index % NEWCOMERS)}/summary`),
      );
      world.setTraffic(among(ordersTraffic(world.addresses, variant), [...comes, ...looks]));
    },
  },

  /** A note behind the value belongs to the value, for this reader. */
  booked({
    ...OWN,
    id: 'orders-note-behind-a-value',
    class: 'bad-config',
    kind: 'config',
    culprit: deployed({
      service: 'orders',
      file: 'config/orders.ini',
      marker: 'timeout_seconds = 2.5  ; the',
      messages: ['orders settings: a word on each time', 'orders settings: say where the values come from'],
      edits: {
        'config/orders.ini': [
          ['[payments]\n', '[payments]\n; agreed with the provider in spring\n'],
          ['timeout_seconds = 2.0\n', 'timeout_seconds = 2.5  ; the bank may take 2\n'],
          ['[posting]\n', '[posting]\n; seconds, as everywhere in this file\n'],
        ],
      },
    }),
    async inject(world, variant) {
      world.keepRestarting('orders', byMagnitude(variant, { low: 5, middle: 4, high: 3 }));
    },
  }),

  /** Nought means "as many as come" elsewhere; here it is reached at once. */
  booked(
    {
      ...OWN,
      id: 'orders-limit-of-nought',
      class: 'bad-config',
      kind: 'config',
      culprit: deployed({
        service: 'orders',
        file: 'config/orders.ini',
        marker: 'queue_limit = 0',
        messages: ['orders settings: postings without a limit', 'orders settings: limits as the ledger has them'],
        edits: {
          'config/orders.ini': [
            ['queue_limit = 120', 'queue_limit = 0'],
            ['retry_seconds = 0.4', 'retry_seconds = 0.5'],
          ],
        },
      }),
    },
    { weights: { place: 7 } },
  ),

  /** The old address sends callers on, who then only ask where they wanted to send. */
  {
    ...booked({
      ...COUNTER,
      id: 'orders-sent-on-and-asks',
      class: 'code-error',
      kind: 'code',
      service: 'orders',
      alerting: 'storefront',
      culprit: deployed({
        service: 'orders',
        file: 'orders/server.py',
        marker: '            self.send_response(301)',
        messages: ['quotes are found beneath prices', 'prices: one address, and the old one leads there'],
        edits: {
          'orders/app.py': [
            [
              '    router.add("POST", "/quotes", handlers.quote)\n',
              '    router.add("POST", "/prices/quotes", handlers.quote)\n',
            ],
          ],
          'orders/server.py': [
            [
              'logger = log.named("http")\n',
              'logger = log.named("http")\n# Where addresses of earlier releases have gone.\nMOVED = {"/quotes": "/prices/quotes"}\n',
            ],
            [
              '            status, text = router.answer(self.command',
              '            if self.path in MOVED:\n                self._send_on(MOVED[self.path])\n                return\n' +
                '            status, text = router.answer(self.command',
            ],
            [
              '        def _send(self, status: int,',
              '        def _send_on(self, path: str) -> None:\n            self.send_response(301)\n' +
                '            self.send_header("Location", path)\n            self.send_header("Content-Length", "0")\n            self.end_headers()\n\n' +
                '        def _send(self, status: int,',
            ],
          ],
        },
      }),
    }),
    traffic: (world, variant) => mixed(world, variant, { weights: { quote: 1 } }),
  },

  /** All answers are said to be packed, the short ones are not. */
  {
    ...booked({
      ...COUNTER,
      id: 'orders-said-to-be-packed',
      class: 'code-error',
      kind: 'code',
      service: 'orders',
      alerting: 'storefront',
      culprit: deployed({
        service: 'orders',
        file: 'orders/server.py',
        marker: '"gzip" if is_packed else "identity")',
        messages: ['server: long answers are packed', 'server: fewer bytes for lists of orders'],
        edits: {
          'orders/server.py': [
            ['import json\nimport re\n', 'import gzip\nimport json\nimport re\n'],
            ['logger = log.named("http")\n', 'logger = log.named("http")\nPACKED_FROM_BYTES = 1_400\n'],
            [
              '            self._send(status, "application/json", text)\n',
              '            is_packed = "gzip" in self.headers.get("Accept-Encoding", "")\n' +
                '            if is_packed and len(text) >= PACKED_FROM_BYTES:\n                text = gzip.compress(text, 5)\n' +
                '            self._send(status, "application/json", text, "gzip" if is_packed else "identity")\n',
            ],
            ['kind: str, body: bytes) -> None:', 'kind: str, body: bytes, packed: str = "identity") -> None:'],
            [
              '            self.send_header("Content-Type", kind)\n',
              '            self.send_header("Content-Type", kind)\n            self.send_header("Content-Encoding", packed)\n',
            ],
          ],
        },
      }),
    }),
    traffic: (world, variant) => mixed(world, variant),
  },
];

const ordersLatestCalm: readonly FaultTemplate[] = [
  /** Once a month many customers get a small sum, all at once; the worker is through with them after some seconds. */
  booked(
    {
      ...BOOKS,
      id: 'calm-goodwill-of-the-month',
      class: null,
      kind: 'none',
      service: 'orders',
      alerting: 'orders',
      seconds: { baseline: 60, incident: 50, recovery: 12 },
      environment: (_variant, scratch) => ({ orders: { DATA_DIR: join(scratch, 'orders') } }),
      async inject(world, variant) {
        const count = byMagnitude(variant, { low: 400, middle: 500, high: 600 });
        const payload =
          `'{"account": "customer-' || (1 + i % ${KNOWN_CUSTOMERS}) || '", "reference": "goodwill-' || i || '", ` +
          `"cents": ' || (100 + 25 * (i % 9)) || ', "currency": "EUR"}'`;
        const sql =
          `INSERT INTO outbox (payload) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) ` +
          `SELECT ${payload} FROM n`;
        await statement(join(world.scratch, 'orders', 'orders.db'), sql);
      },
    },
    { weights: { place: 7 } },
  ),

  /** A large customer asks its own copy from now on: much less is asked here, and all of it is answered. */
  booked(
    {
      ...BOOKS,
      id: 'calm-large-customer-leaves',
      class: null,
      kind: 'none',
      service: 'orders',
      alerting: 'orders',
      seconds: { baseline: 60, incident: 50, recovery: 12 },
      async inject(world, variant) {
        const times = byMagnitude(variant, { low: 0.4, middle: 0.3, high: 0.2 });
        const weights = { invoice: 1, summary: 1, refund: 0 };
        world.setTraffic(ordersTraffic(world.addresses, variant, { weights, times }));
      },
    },
    { weights: { invoice: 12, summary: 9 }, times: 1.4 },
  ),
];

export const ordersLatest: readonly FaultTemplate[] = [
  ...ordersLatestCode,
  ...ordersLatestResources,
  ...ordersLatestCalm,
];
