/** The database of orders: its schema, its connections, its room. */
import { editAll } from '../services/edits.ts';
import type { FaultTemplate } from '../template.ts';
import { addedTo } from './guilty-files.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, nothingMore, ORDERS, oneOf, SECONDS, SHOP } from './shop-template.ts';

const CODE = `${ORDERS}/orders`;
const SETTINGS = `${ORDERS}/config/orders.ini`;
const OWN = { ...SHOP, service: 'orders', alerting: 'orders' } as const;
/** Just above what the catalogue and three years of orders take. */
const PAGES_TAKEN = 1_253;

export const ordersDatabaseTemplates: readonly FaultTemplate[] = [
  {
    ...OWN,
    id: 'orders-code-before-its-migration',
    class: 'schema-migration',
    kind: 'code',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...addedTo(
          editAll(
            oneOf(variant, 'orders: the channel a sale came through', 'orders know their channel', 'channels of sales'),
            {
              [`${CODE}/store.py`]: [
                [
                  '                "SELECT * FROM orders WHERE customer_id = ? ORDER BY id DESC LIMIT ?",\n',
                  '                "SELECT * FROM orders WHERE customer_id = ? AND channel <> \'test\'"\n                " ORDER BY id DESC LIMIT ?",\n',
                ],
              ],
            },
          ),
          `${ORDERS}/migrations/004_channel.sql`,
          "ALTER TABLE orders ADD COLUMN channel TEXT NOT NULL DEFAULT 'web';\n",
        ),
        service: 'orders',
        file: `${CODE}/store.py`,
        marker: "AND channel <> 'test'",
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-migration-breaks-a-reader',
    class: 'schema-migration',
    kind: 'code',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...addedTo(
          editAll(
            oneOf(
              variant,
              'customers: addresses are named as in the newsletter',
              'schema 4: names of addresses',
              'customers: contact addresses',
            ),
            {
              [SETTINGS]: [['schema = 3\n', 'schema = 4\n']],
              [`${CODE}/store.py`]: [
                [
                  '"SELECT id, name, email, tier FROM customers WHERE email = ?"',
                  '"SELECT id, name, contact AS email, tier FROM customers WHERE contact = ?"',
                ],
                [
                  '"INSERT INTO customers (name, email) VALUES (?, ?)"',
                  '"INSERT INTO customers (name, contact) VALUES (?, ?)"',
                ],
              ],
            },
          ),
          `${ORDERS}/migrations/004_contact.sql`,
          'ALTER TABLE customers RENAME COLUMN email TO contact;\n',
        ),
        service: 'orders',
        file: `${ORDERS}/migrations/004_contact.sql`,
        marker: 'RENAME COLUMN email TO contact',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-index-gone',
    class: 'timeout-latency',
    kind: 'code',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...addedTo(
          editAll(
            oneOf(
              variant,
              'schema 4: lines are found by article',
              'database: an index for the article pages',
              'indexes as the reports need them',
            ),
            {
              [SETTINGS]: [['schema = 3\n', 'schema = 4\n']],
            },
          ),
          `${ORDERS}/migrations/004_lines.sql`,
          'CREATE INDEX order_lines_by_sku ON order_lines (sku);\nDROP INDEX order_lines_by_order;\n',
        ),
        service: 'orders',
        file: `${ORDERS}/migrations/004_lines.sql`,
        marker: 'DROP INDEX order_lines_by_order',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, { weights: { largest: byMagnitude(variant, 4, 6, 8) } }),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-connection-not-given-back',
    class: 'pool-exhaustion',
    kind: 'code',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'store: an order and its lines in one go',
            'store: shorter reads of orders',
            'store: order() holds its connection itself',
          ),
          {
            [`${CODE}/store.py`]: [
              [
                `        with self._pool.connection() as db:
            row = db.execute("SELECT * FROM orders WHERE id = ?", (order_id,)).fetchone()
            if row is None:
                raise AppError(404, f"there is no order {order_id}")
            return order_of(row, lines_of(db, order_id))
`,
                `        db = self._pool.acquire()
        row = db.execute("SELECT * FROM orders WHERE id = ?", (order_id,)).fetchone()
        if row is None:
            raise AppError(404, f"there is no order {order_id}")
        lines = lines_of(db, order_id)
        self._pool.release(db)
        return order_of(row, lines)
`,
              ],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/store.py`,
        marker: '        db = self._pool.acquire()',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, { weights: { unknownOrder: byMagnitude(variant, 1, 2, 3) } }),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-fewer-connections',
    class: 'pool-exhaustion',
    kind: 'config',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'config: values for the smaller instances',
            'orders.ini: as agreed for the small class',
            'config: database limits reviewed',
          ),
          {
            [SETTINGS]: [
              ['pool_size = 6\npool_wait_seconds = 1.0\n', 'pool_size = 1\npool_wait_seconds = 0.03\n'],
              ['retry_seconds = 0.4', 'retry_seconds = 0.5'],
            ],
          },
        ),
        service: 'orders',
        file: SETTINGS,
        marker: 'pool_size = 1',
      }),
    },
    traffic: ({ addresses }, variant) =>
      ordersTraffic(addresses, variant, { weights: { bestSellers: byMagnitude(variant, 10, 14, 18) }, times: 1.5 }),
    inject: nothingMore,
  },
  {
    ...OWN,
    id: 'orders-database-full',
    class: 'disk-full',
    kind: 'infrastructure',
    seconds: SECONDS,
    environment: (variant) => ({ orders: { DATABASE_PAGES: String(PAGES_TAKEN + byMagnitude(variant, 80, 65, 50)) } }),
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights: { placeLarge: 40 }, times: 3 }));
      await world.pause(byMagnitude(variant, 12, 12, 10));
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights: { placeLarge: 2 } }));
    },
  },
];
