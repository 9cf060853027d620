/** Orders becomes slow, large or busy: by a change, or by what is asked of it. */
import { editAll } from '../services/edits.ts';
import type { FaultTemplate } from '../template.ts';
import { holdConnections } from './hold-connections.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, nothingMore, ORDERS, oneOf, SECONDS, SHOP } from './shop-template.ts';

const CODE = `${ORDERS}/orders`;
const OWN = { ...SHOP, service: 'orders', alerting: 'orders' } as const;
/** Of the longest word in notes: each further letter doubles what a careless expression costs. */
const NOTE_LENGTHS = [22, 23, 23] as const;

export const ordersLoadTemplates: readonly FaultTemplate[] = [
  {
    ...OWN,
    id: 'orders-asks-the-ledger-for-each-order',
    class: 'timeout-latency',
    kind: 'code',
    weight: 'cpu',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(variant, 'orders list: what is still owed', 'customers see their balance', 'orders list with balances'),
          {
            [`${CODE}/handlers.py`]: [
              [
                '        return Answer(200, {"customer": customer.id, "orders": [order_view(order) for order in orders]})\n',
                '        views = [{**order_view(order), "owed": self._owed(order)} for order in orders]\n        return Answer(200, {"customer": customer.id, "orders": views})\n\n    def _owed(self, order: Order) -> int:\n        months = self._ledger.months(f"customer-{order.customer_id}")["months"]\n        return min(order.total_cents, sum(months.values()))\n',
              ],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/handlers.py`,
        marker: '"owed": self._owed(order)} for order in orders',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, { weights: { orders: byMagnitude(variant, 26, 32, 40) }, times: 1.3 }),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-note-expression',
    class: 'cpu-saturation',
    kind: 'code',
    weight: 'cpu',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'notes: words parted by single blanks',
            'validation: tidier notes',
            'notes: no double blanks on parcels',
          ),
          {
            [`${CODE}/validation.py`]: [
              [`NOTE = re.compile(r"[\\w .,;:!?'()/-]*")`, `NOTE = re.compile(r"(?:[\\w.,;:!?'()/-]+ ?)*")`],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/validation.py`,
        marker: '(?:[\\w.,;:!?',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, {
        weights: { longNote: 4 },
        noteLength: byMagnitude(variant, ...NOTE_LENGTHS),
      }),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-keeps-every-invoice',
    class: 'memory-leak',
    kind: 'code',
    seconds: { baseline: 90, incident: 110, recovery: 10 },
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(oneOf(variant, 'invoice: a page to print', 'invoices can be printed', 'invoice: the printed form'), {
          [`${CODE}/invoice.py`]: [
            [
              'from orders.store import Customer, Order, Product\n',
              'from orders.store import Customer, Order, Product\n\nPAGE_LINES, PAGE_COLUMNS = 1500, 90\nprinted: list[tuple[int, list[str]]] = []\n',
            ],
            ['        "rows": rows,\n', '        "rows": rows,\n        "pages": pages_of(order.id, rows),\n'],
            [
              '\n\ndef money(',
              `

def pages_of(order_id: int, rows: list[dict]) -> int:
    """Printed again the same, as the law asks."""
    lines = [f"{row['sku']:<12}{row['name']:<40}{row['quantity']:>6}{row['cents']:>12}" for row in rows]
    page = [(lines[index] if index < len(lines) else f"{index:>4}").ljust(PAGE_COLUMNS) for index in range(PAGE_LINES)]
    printed.append((order_id, page))
    return 1 + len(lines) // PAGE_LINES


def money(`,
            ],
          ],
        }),
        service: 'orders',
        file: `${CODE}/invoice.py`,
        marker: 'printed.append((order_id, page))',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, { weights: { invoice: byMagnitude(variant, 10, 15, 20) } }),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-rush',
    class: 'traffic-spike',
    kind: 'infrastructure',
    weight: 'cpu',
    seconds: SECONDS,
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      const weights = { place: 22, bestSellers: 3 };
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights, times: byMagnitude(variant, 16, 20, 24) }));
    },
    async recover(world, variant) {
      world.setTraffic(ordersTraffic(world.addresses, variant));
    },
  },
  {
    ...OWN,
    id: 'orders-connections-held-open',
    class: 'file-descriptor-limit',
    kind: 'infrastructure',
    seconds: SECONDS,
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: (world, variant) => holdConnections(world, 'orders', byMagnitude(variant, 2, 1, 1)),
  },
];
