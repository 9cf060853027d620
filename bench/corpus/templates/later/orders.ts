/** Changes of orders, in Python, after which requests end in an error: its own, or that of whoever asked it. */
import type { TrafficRequest } from '../../../../demo/traffic.ts';
import type { FaultTemplate, TrafficPlan } from '../../template.ts';
import { BOOKS, booked, COUNTER, deployed, latent, mixed, withNewFile } from '../fresh/shared.ts';
import { ordersTraffic } from '../orders-traffic.ts';
import { post } from '../shoppers.ts';
import { ordersLaterResources } from './orders-resources.ts';

const OWN = { ...BOOKS, service: 'orders', alerting: 'orders', kind: 'code' } as const;
/** Whose orders the storefront shows. */
const SHOWN_CUSTOMERS = Array.from({ length: 40 }, (_none, index) => 1 + ((index * 111) % 400));
/** With letters that Latin-1 does not have. */
const ABROAD = ['łukasz.nowak', 'zoë.šimková', 'ağız.yılmaz', 'győző.kovács', 'παύλος'];

const ordersLaterCode: readonly FaultTemplate[] = [
  /** What can be walked through once is walked through twice: the second time nothing is there. */
  booked(
    {
      ...OWN,
      id: 'orders-items-read-once',
      class: 'code-error',
      culprit: deployed({
        service: 'orders',
        file: 'orders/handlers.py',
        marker: 'items = ((self._product(item), item.quantity) for item in items_of(body))',
        messages: ['quotes: the lowest rate of tax', 'quotes tell the tax that the accountants print'],
        edits: {
          'orders/handlers.py': [
            [
              '        items = [(self._product(item), item.quantity) for item in items_of(body)]\n        coupon = self._coupon(coupon_of(body))\n        return Answer(200, {"price":',
              '        items = ((self._product(item), item.quantity) for item in items_of(body))\n        coupon = self._coupon(coupon_of(body))\n        return Answer(200, {"price":',
            ],
          ],
          'orders/pricing.py': [
            [
              'from dataclasses import dataclass\n',
              'from collections.abc import Iterable\nfrom dataclasses import dataclass\n',
            ],
            ['    items: list[tuple[Product, int]], customer', '    items: Iterable[tuple[Product, int]], customer'],
            [
              '        "vat": vat_within(items, goods, discount),\n',
              '        "vat": vat_within(items, goods, discount),\n        "vat_from_percent": min(product.vat_percent for product, _ in items),\n',
            ],
          ],
        },
      }),
    },
    { weights: { quote: 7 } },
  ),

  /** A trigger names a column that the table does not have; nobody looks before it is pulled. */
  booked(
    {
      ...OWN,
      id: 'orders-trigger-of-another-table',
      class: 'schema-migration',
      culprit: withNewFile(
        {
          service: 'orders',
          file: 'migrations/004_status_history.sql',
          marker: 'VALUES (NEW.id, OLD.state, NEW.status)',
          messages: ['schema 4: support sees when an order was paid', 'orders have a history'],
          edits: { 'config/orders.ini': [['schema = 3', 'schema = 4']] },
        },
        'migrations/004_status_history.sql',
        '-- Support asks when an order became what it is.\n' +
          "CREATE TABLE status_history (\n  order_id INTEGER NOT NULL REFERENCES orders (id),\n  was TEXT NOT NULL,\n  became TEXT NOT NULL,\n  at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))\n);\n" +
          'CREATE TRIGGER orders_status_history AFTER UPDATE OF status ON orders\nBEGIN\n' +
          '  INSERT INTO status_history (order_id, was, became) VALUES (NEW.id, OLD.state, NEW.status);\nEND;\n',
      ),
    },
    { weights: { place: 8 } },
  ),

  /** A package that only the developer's machine has, loaded when it is first needed. */
  booked({
    ...OWN,
    id: 'orders-package-not-there',
    class: 'code-error',
    culprit: deployed({
      service: 'orders',
      file: 'orders/invoice.py',
      marker: '    from num2words import num2words',
      messages: ['invoice: the total in words', 'invoices: totals as the printed form wants them'],
      edits: {
        'pyproject.toml': [
          ['[tool.ruff]\n', '[project.optional-dependencies]\nprint = ["num2words==0.5.13"]\n\n[tool.ruff]\n'],
        ],
        'orders/invoice.py': [
          [
            '        "total": money(order.total_cents, order.currency),\n',
            '        "total": money(order.total_cents, order.currency),\n        "total_in_words": in_words(order.total_cents, order.currency),\n',
          ],
          [
            'def money(',
            'def in_words(cents: int, currency: str) -> str:\n    # Takes a while to load, and most requests do without it.\n' +
              '    from num2words import num2words\n\n    return num2words(cents / 100, to="currency", currency=currency)\n\n\ndef money(',
          ],
        ],
      },
    }),
  }),

  /** Made once at the start, and good for a minute. */
  booked(
    {
      ...OWN,
      id: 'orders-token-of-the-start',
      class: 'auth-secret',
      dependency: 'ledger',
      seconds: { baseline: 50, incident: 92, recovery: 5 },
      culprit: deployed({
        service: 'orders',
        file: 'orders/ledger_client.py',
        marker: 'self._headers = {"Authorization": f"Bearer {token(',
        messages: ['ledger client: as the payments client has it', 'ledger client: headers in one place'],
        edits: {
          'orders/ledger_client.py': [
            [
              '        self._key = settings.ledger_token_key\n        self._lifetime_seconds = settings.token_lifetime_seconds\n',
              '        key, lifetime = settings.ledger_token_key, settings.token_lifetime_seconds\n' +
                '        self._headers = {"Authorization": f"Bearer {token(\'orders\', key, lifetime)}"}\n',
            ],
            [
              '        bearer = token("orders", self._key, self._lifetime_seconds)\n        return self._http.send(method, path, body, {"Authorization": f"Bearer {bearer}"})',
              '        return self._http.send(method, path, body, self._headers)',
            ],
          ],
        },
      }),
    },
    { weights: { statement: 5 }, times: 0.7 },
  ),

  /** The length is counted in characters: whoever reads so many bytes has not read all. */
  {
    ...booked({
      ...COUNTER,
      id: 'orders-length-in-characters',
      class: 'code-error',
      kind: 'code',
      service: 'orders',
      alerting: 'storefront',
      culprit: latent({
        service: 'orders',
        file: 'orders/server.py',
        marker: 'self.send_header("Content-Length", str(len(text)))',
        messages: ['answers can be read in the log', 'server: letters as they are, not as numbers'],
        edits: {
          'orders/server.py': [
            ['body: bytes, client: str) -> tuple[int, bytes]:', 'body: bytes, client: str) -> tuple[int, str]:'],
            ['request: Request) -> tuple[int, bytes]:', 'request: Request) -> tuple[int, str]:'],
            [
              'def encoded(body: object) -> bytes:\n    return json.dumps(body).encode()',
              'def encoded(body: object) -> str:\n    return json.dumps(body, ensure_ascii=False)',
            ],
            ['"text/plain; version=0.0.4", text.encode())', '"text/plain; version=0.0.4", text)'],
            ['kind: str, body: bytes) -> None:', 'kind: str, text: str) -> None:'],
            ['str(len(body)))', 'str(len(text)))'],
            ['self.wfile.write(body)', 'self.wfile.write(text.encode())'],
          ],
        },
      }),
    }),
    traffic: (world, variant) => mixed(world, variant),
    async inject(world, variant) {
      const sold = SHOWN_CUSTOMERS.map((customer, index) =>
        post(world.addresses.orders, '/orders', {
          customer,
          items: [{ sku: `KÖRBE-${index}`, quantity: 1 + (index % 3), unit_price_cents: 1_290 }],
        }),
      );
      world.setTraffic(among(mixed(world, variant), sold));
    },
  },

  /** A header is written in Latin-1, and not every name is. */
  {
    ...booked({
      ...OWN,
      id: 'orders-payer-in-a-header',
      class: 'code-error',
      culprit: latent({
        service: 'orders',
        file: 'orders/payments_client.py',
        marker: '"X-Payer": payer',
        messages: ['payments: the provider shows who pays', 'charges name the payer'],
        edits: {
          'orders/payments_client.py': [
            ['currency: str, source: str) -> str:', 'currency: str, source: str, payer: str) -> str:'],
            ['            self._headers,\n', '            {**self._headers, "X-Payer": payer},\n'],
          ],
          'orders/handlers.py': [
            [
              '            status, charge = "paid", self._payments.charge(order_id, priced["total"], currency, str(body["source"]))\n',
              '            charge = self._payments.charge(\n                order_id, priced["total"], currency, str(body["source"]), customer.name\n            )\n            status = "paid"\n',
            ],
          ],
        },
      }),
    }),
    async inject(world, variant) {
      const items = [{ sku: 'SKU-012', quantity: 2 }];
      const orders = ABROAD.flatMap((name, index) =>
        Array.from({ length: 8 }, (_none, number) =>
          post(world.addresses.orders, '/orders', {
            customer: `${name}${index + 5 * number}@example.com`,
            items,
            source: 'card',
          }),
        ),
      );
      world.setTraffic(among(ordersTraffic(world.addresses, variant), orders));
    },
  },

  /** Another word for what is not there, which who asks does not know. */
  {
    ...booked({
      ...COUNTER,
      id: 'orders-gone-instead-of-unknown',
      class: 'code-error',
      kind: 'code',
      service: 'orders',
      alerting: 'storefront',
      culprit: deployed({
        service: 'orders',
        file: 'orders/store.py',
        marker: 'raise AppError(410, f"order {order_id} is not kept any more")',
        messages: ['orders: what was deleted is gone', 'store: deleted orders, as data protection words it'],
        edits: {
          'orders/store.py': [
            [
              'raise AppError(404, f"there is no order {order_id}")',
              'raise AppError(410, f"order {order_id} is not kept any more")',
            ],
          ],
        },
      }),
    }),
    traffic: (world, variant) => mixed(world, variant),
  },
];

/** One of `more` after each sixth request. */
export function among(plan: TrafficPlan, more: readonly TrafficRequest[]): TrafficPlan {
  const requests = plan.requests.flatMap((request, index) => {
    const another = index % 6 === 0 ? more[(index / 6) % more.length] : undefined;
    return another === undefined ? [request] : [request, another];
  });
  return { ...plan, requests };
}

export const ordersLater: readonly FaultTemplate[] = [...ordersLaterCode, ...ordersLaterResources];
