/** Changes of orders that use up its places, files, memory, processor, or the time of who waits. */
import type { FaultTemplate } from '../../template.ts';
import { BOOKS, booked, deployed, withNewFile } from '../fresh/shared.ts';

const OWN = { ...BOOKS, service: 'orders', alerting: 'orders', kind: 'code' } as const;

export const ordersLaterResources: readonly FaultTemplate[] = [
  /** Milliseconds where seconds are read: who finds nothing to do comes back much later. */
  booked(
    {
      ...OWN,
      id: 'orders-worker-looks-seldom',
      class: 'queue-backlog',
      kind: 'config',
      seconds: { baseline: 60, incident: 55, recovery: 6 },
      culprit: deployed({
        service: 'orders',
        file: 'config/orders.ini',
        marker: 'idle_seconds = 100',
        messages: ['orders settings: pauses as in the storefront', 'orders settings: one notation for pauses'],
        edits: { 'config/orders.ini': [['idle_seconds = 0.1', 'idle_seconds = 100']] },
      }),
    },
    { weights: { place: 16 } },
  ),

  /** Connections are renewed after some use; one that was closed still counts as open. */
  booked({
    ...OWN,
    id: 'orders-connections-renewed',
    class: 'pool-exhaustion',
    seconds: { baseline: 60, incident: 64, recovery: 6 },
    culprit: deployed({
      service: 'orders',
      file: 'orders/pool.py',
      marker: '                connection.close()',
      messages: ['pool: connections do not grow old', 'pool: a connection is renewed after some use'],
      edits: {
        'orders/pool.py': [
          ['\n\nclass ConnectionPool:\n', '\nMOST_USES = 300\n\n\nclass ConnectionPool:\n'],
          [
            '        self._idle = [open_connection(file, cache_pages, max_pages) for _ in range(size)]\n',
            '        self._open = lambda: open_connection(file, cache_pages, max_pages)\n' +
              '        self._idle: list[sqlite3.Connection] = []\n        self._opened = 0\n        self._uses: dict[int, int] = {}\n',
          ],
          ['lambda: self._size - len(self._idle))', 'lambda: self._opened - len(self._idle))'],
          [
            '                while not self._idle:\n',
            '                while not self._idle and self._opened >= self._size:\n',
          ],
          [
            '                return self._idle.pop()\n',
            '                if self._idle:\n                    return self._idle.pop()\n' +
              '                self._opened += 1\n                return self._open()\n',
          ],
          [
            '            self._idle.append(connection)\n',
            '            uses = self._uses.pop(id(connection), 0) + 1\n            if uses >= MOST_USES:\n                connection.close()\n                return\n' +
              '            self._uses[id(connection)] = uses\n            self._idle.append(connection)\n',
          ],
        ],
      },
    }),
  }),

  /** Connections are kept for the next call of the same address, and nearly every call has its own. */
  booked(
    {
      ...OWN,
      id: 'orders-connection-per-address',
      class: 'file-descriptor-limit',
      seconds: { baseline: 60, incident: 52, recovery: 6 },
      culprit: deployed({
        service: 'orders',
        file: 'orders/http_client.py',
        marker: 'self._kept[call] = connection',
        messages: ['http client: no handshake for each call', 'http client: connections are used again'],
        edits: {
          'orders/http_client.py': [
            [
              '        self._timeout_seconds = timeout_seconds\n',
              '        self._timeout_seconds = timeout_seconds\n        self._kept: dict[str, http.client.HTTPConnection] = {}\n',
            ],
            [
              '        connection = self._connection()\n',
              '        call = f"{method} {path}"\n        connection = self._kept.pop(call, None) or self._connection()\n',
            ],
            [
              '            text = response.read()\n',
              '            text = response.read()\n            self._kept[call] = connection\n',
            ],
            ['        finally:\n            connection.close()\n', ''],
          ],
        },
      }),
    },
    { weights: { place: 9, statement: 9 }, times: 1.3 },
  ),

  /** The whole book is read, page by page, for one figure. */
  {
    ...booked(
      {
        ...OWN,
        id: 'orders-book-read-page-by-page',
        class: 'timeout-latency',
        culprit: deployed({
          service: 'orders',
          file: 'orders/handlers.py',
          marker: 'while entries := self._ledger.statement("shop-revenue", page, 50)["entries"]:',
          messages: ['revenue: how many bookings there are', 'revenue: months, and bookings beside them'],
          edits: {
            'orders/handlers.py': [
              [
                '        return Answer(200, self._ledger.months("shop-revenue"))\n',
                '        return Answer(200, {**self._ledger.months("shop-revenue"), "bookings": self._bookings()})\n\n' +
                  '    def _bookings(self) -> int:\n        page, count = 1, 0\n' +
                  '        while entries := self._ledger.statement("shop-revenue", page, 50)["entries"]:\n' +
                  '            count += len(entries)\n            page += 1\n        return count\n',
              ],
            ],
          },
        }),
      },
      { weights: { revenue: 3 } },
    ),
    weight: 'cpu',
  },

  /** Cleans up at its ease, all in one transaction: nobody else writes meanwhile. */
  booked(
    {
      ...OWN,
      id: 'orders-cleans-in-one-go',
      class: 'deadlock-stall',
      culprit: withNewFile(
        {
          service: 'orders',
          file: 'orders/housekeeping.py',
          marker: 'with self._pool.connection() as db:',
          messages: [
            'orders: lines of cancelled orders are not kept',
            'housekeeping: cancelled orders lose their lines',
          ],
          edits: {
            'orders/app.py': [
              [
                'from orders.handlers import Handlers\n',
                'from orders.handlers import Handlers\nfrom orders.housekeeping import Housekeeping\n',
              ],
              [
                '    store, ledger = Store(pool), LedgerClient(settings)\n',
                '    Housekeeping(pool).start()\n    store, ledger = Store(pool), LedgerClient(settings)\n',
              ],
            ],
          },
        },
        'orders/housekeeping.py',
        `"""Drops what nobody asks for any more, with rests, so that requests come first."""
import threading
import time

from orders import log
from orders.pool import ConnectionPool

logger = log.named("housekeeping")
AT_ONCE = 10
REST_SECONDS = 0.3


class Housekeeping:
    def __init__(self, pool: ConnectionPool):
        self._pool = pool

    def start(self) -> None:
        threading.Thread(target=self._run, name="housekeeping", daemon=True).start()

    def _run(self) -> None:
        with self._pool.connection() as db:
            found = db.execute("SELECT id FROM orders WHERE status = 'cancelled' ORDER BY id").fetchall()
            logger.info("%d cancelled orders are looked through", len(found))
            for first in range(0, len(found), AT_ONCE):
                some = [(row["id"],) for row in found[first : first + AT_ONCE]]
                db.executemany("DELETE FROM order_lines WHERE order_id = ?", some)
                time.sleep(REST_SECONDS)
`,
      ),
    },
    // Few enough that those who wait for the lock do not take all connections.
    { weights: { place: 4, placeWithCoupon: 0.5 }, times: 0.7 },
  ),

  /** What is kept has a number of its version in its name, and older versions stay. */
  booked(
    {
      ...OWN,
      id: 'orders-histories-by-version',
      class: 'memory-leak',
      seconds: { baseline: 80, incident: 74, recovery: 6 },
      culprit: deployed({
        service: 'orders',
        file: 'orders/store.py',
        marker: 'self._histories[kept_as] = self._read_orders_of(customer_id, limit)',
        messages: ['store: lists of orders are read once', 'store: who looks again sees the same list'],
        edits: {
          'orders/store.py': [
            [
              '        self.last_depth = 0\n',
              '        self.last_depth = 0\n        self._histories: dict[tuple[int, int, int], list[Order]] = {}\n',
            ],
            [
              '    def orders_of(self, customer_id: int, limit: int) -> list[Order]:\n',
              '    def orders_of(self, customer_id: int, limit: int) -> list[Order]:\n' +
                '        with self._pool.connection() as db:\n            newest = db.execute("SELECT max(id) FROM orders").fetchone()[0]\n' +
                '        kept_as = (newest, customer_id, limit)\n        if kept_as not in self._histories:\n' +
                '            self._histories[kept_as] = self._read_orders_of(customer_id, limit)\n        return self._histories[kept_as]\n\n' +
                '    def _read_orders_of(self, customer_id: int, limit: int) -> list[Order]:\n',
            ],
          ],
        },
      }),
    },
    { weights: { orders: 26, place: 9 }, times: 1.8 },
  ),
];
