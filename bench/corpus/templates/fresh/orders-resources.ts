/** Changes of the Python service that use up what it has: processor, files, memory, time, places. */
import type { FaultTemplate } from '../../template.ts';
import { BOOKS, booked, deployed } from './shared.ts';

const OWN = { ...BOOKS, service: 'orders', alerting: 'orders', kind: 'code' } as const;

export const ordersResources: readonly FaultTemplate[] = [
  /** A digest as for passwords, for each request. */
  {
    ...booked(
      {
        ...OWN,
        id: 'orders-callers-digested',
        class: 'cpu-saturation',
        culprit: deployed({
          service: 'orders',
          file: 'orders/server.py',
          marker: 'hashlib.pbkdf2_hmac(',
          messages: ['log: callers without their addresses', 'log: what we may keep of a caller'],
          edits: {
            'orders/server.py': [
              ['import json\nimport re\n', 'import hashlib\nimport json\nimport re\n'],
              [
                '        if status >= 400:\n            level',
                '        caller = masked(client)\n        if status >= 400:\n            level',
              ],
              ['target, status, client, seconds * 1000)', 'target, status, caller, seconds * 1000)'],
              [
                'def encoded(body: object) -> bytes:\n',
                'def masked(client: str) -> str:\n    """The same caller has the same name, and nobody finds the address behind it."""\n' +
                  '    return hashlib.pbkdf2_hmac("sha256", client.encode(), b"orders", 400_000).hex()[:12]\n\n\n' +
                  'def encoded(body: object) -> bytes:\n',
              ],
            ],
          },
        }),
      },
      { times: 1.2 },
    ),
    weight: 'cpu',
  },

  /** A log file for each customer, none of which is closed. */
  booked(
    {
      ...OWN,
      id: 'orders-file-per-customer',
      class: 'file-descriptor-limit',
      seconds: { baseline: 60, incident: 60, recovery: 8 },
      culprit: deployed({
        service: 'orders',
        file: 'orders/log.py',
        marker: 'own.addHandler(logging.FileHandler(',
        messages: ['log: support reads what one customer did', 'log: customers by themselves'],
        edits: {
          'orders/log.py': [
            [
              'def thread_ended(',
              'def of_customer(folder: Path, customer_id: int) -> logging.Logger:\n' +
                '    own = named(f"customers.{customer_id}")\n    if not own.handlers:\n' +
                '        folder.mkdir(parents=True, exist_ok=True)\n' +
                '        own.addHandler(logging.FileHandler(folder / f"{customer_id}.log", encoding="utf-8"))\n' +
                '        own.propagate = False\n    return own\n\n\ndef thread_ended(',
            ],
          ],
          'orders/handlers.py': [
            [
              '        orders = self._store.orders_of(customer.id, MOST_ORDERS)\n',
              '        self._noted(customer.id, "looked at the orders")\n        orders = self._store.orders_of(customer.id, MOST_ORDERS)\n',
            ],
            [
              '        spending = self._store.spending_of(customer.id)\n',
              '        self._noted(customer.id, "looked at the summary")\n        spending = self._store.spending_of(customer.id)\n',
            ],
            [
              '    def _refuse_when_behind(self)',
              '    def _noted(self, customer_id: int, what: str) -> None:\n' +
                '        log.of_customer(self._settings.data_dir / "customers", customer_id).info("customer %d %s", customer_id, what)\n\n' +
                '    def _refuse_when_behind(self)',
            ],
          ],
        },
      }),
    },
    { weights: { orders: 9, summary: 9 }, times: 1.4 },
  ),

  /** A timer for each order, which holds all that the customer ever bought, for a day. */
  booked(
    {
      ...OWN,
      id: 'orders-reminders-wait',
      class: 'memory-leak',
      seconds: { baseline: 80, incident: 66, recovery: 6 },
      culprit: deployed({
        service: 'orders',
        file: 'orders/handlers.py',
        marker: 'reminder = threading.Timer(REMIND_AFTER_SECONDS',
        messages: ['orders: a word to who has not paid after a day', 'orders: reminders'],
        edits: {
          'orders/handlers.py': [
            ['from orders import log\n', 'import threading\n\nfrom orders import log\n'],
            ['CREDIT_LIMIT_CENTS =', 'REMIND_AFTER_SECONDS = 24 * 3_600\nCREDIT_LIMIT_CENTS ='],
            [
              '        logger.info("order %d of customer %d is %s,',
              '        reminder = threading.Timer(REMIND_AFTER_SECONDS, self._remind, (order_id, self._store.orders_of(customer.id, MOST_ORDERS)))\n' +
                '        reminder.daemon = True\n        reminder.start()\n' +
                '        logger.info("order %d of customer %d is %s,',
            ],
            [
              '    def _refuse_when_behind(self)',
              '    def _remind(self, order_id: int, before: list[Order]) -> None:\n' +
                '        if self._store.order(order_id).status == "placed":\n' +
                '            logger.info("order %d is not paid yet, after %d others", order_id, len(before))\n\n' +
                '    def _refuse_when_behind(self)',
            ],
          ],
        },
      }),
    },
    { weights: { place: 16 }, times: 1.2 },
  ),

  /** Who orders waits until the books have it, and looks once a second. */
  booked(
    {
      ...OWN,
      id: 'orders-waits-for-the-books',
      class: 'timeout-latency',
      culprit: deployed({
        service: 'orders',
        file: 'orders/handlers.py',
        marker: 'while self._store.queue_depth() > 0:',
        messages: ['orders: what is answered is in the books', 'orders: no order before its posting'],
        edits: {
          'orders/handlers.py': [
            ['from orders import log\n', 'import time\n\nfrom orders import log\n'],
            [
              '        logger.info("order %d of customer %d is %s,',
              '        while self._store.queue_depth() > 0:\n            time.sleep(LOOK_EVERY_SECONDS)\n' +
                '        logger.info("order %d of customer %d is %s,',
            ],
            ['CREDIT_LIMIT_CENTS =', 'LOOK_EVERY_SECONDS = 1\nCREDIT_LIMIT_CENTS ='],
          ],
        },
      }),
    },
    { weights: { place: 8 } },
  ),

  /** A service that answers one at a time. */
  booked({
    ...OWN,
    id: 'orders-one-at-a-time',
    class: 'bad-config',
    kind: 'config',
    culprit: deployed({
      service: 'orders',
      file: 'config/orders.ini',
      marker: 'max_in_flight = 1',
      messages: ['orders settings: as on the small machines', 'orders settings: reviewed for the new hosts'],
      edits: { 'config/orders.ini': [['max_in_flight = 16', 'max_in_flight = 1']] },
    }),
  }),
];
