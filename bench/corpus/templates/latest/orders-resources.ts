/** Changes of orders that cost time or files, leave work undone, or end the process. */
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude } from '../fault.ts';
import { BOOKS, booked, deployed, withNewFile } from '../fresh/shared.ts';
import { ordersTraffic } from '../orders-traffic.ts';

const OWN = { ...BOOKS, service: 'orders', alerting: 'orders', kind: 'code' } as const;
/** Nobody orders; people still look. */
const QUIET = { place: 0, placeWithCoupon: 0 } as const;

export const ordersLatestResources: readonly FaultTemplate[] = [
  /** Who has nothing to do is taken for one who is stuck; by day there is always something to do. */
  {
    ...booked(
      {
        ...OWN,
        id: 'orders-idle-taken-for-stuck',
        class: 'process-down',
        culprit: {
          ...withNewFile(
            {
              service: 'orders',
              file: 'orders/worker.py',
              marker: '        self._watchdog.moved()',
              messages: ['worker: somebody looks after it', 'worker: a watchdog, as the ledger team has'],
              edits: {
                'orders/worker.py': [
                  [
                    'from orders.store import Store\n',
                    'from orders.store import Store\nfrom orders.watchdog import Watchdog\n',
                  ],
                  [
                    '        self._ending = threading.Event()\n',
                    '        self._ending = threading.Event()\n        self._watchdog = Watchdog("posting-worker")\n',
                  ],
                  ['        self._thread.start()\n', '        self._thread.start()\n        self._watchdog.start()\n'],
                  [
                    '        self._metrics.count("postings_done_total")\n',
                    '        self._metrics.count("postings_done_total")\n        self._watchdog.moved()\n',
                  ],
                ],
              },
            },
            'orders/watchdog.py',
            `"""Ends the process when a thread in it stands still: a fresh one does better."""
import os
import threading
import time

from orders import log

logger = log.named("watchdog")
LIMIT_SECONDS = 6.0
LOOK_EVERY_SECONDS = 0.5
EXIT_CODE = 70


class Watchdog:
    def __init__(self, name: str):
        self._name = name
        self._moved_at = time.monotonic()

    def moved(self) -> None:
        self._moved_at = time.monotonic()

    def start(self) -> None:
        self.moved()
        threading.Thread(target=self._run, name="watchdog", daemon=True).start()

    def _run(self) -> None:
        while time.monotonic() - self._moved_at < LIMIT_SECONDS:
            time.sleep(LOOK_EVERY_SECONDS)
        logger.critical("%s has not moved for %g s, the process ends", self._name, LIMIT_SECONDS)
        os._exit(EXIT_CODE)
`,
          ),
          when: 'latent',
        },
      },
      { weights: { place: 9 } },
    ),
    async inject(world, variant) {
      world.keepRestarting('orders', byMagnitude(variant, { low: 6, middle: 7, high: 8 }));
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights: QUIET }));
    },
  },

  /** So many a minute, one after the other: everybody waits for the turn of all before. */
  booked(
    {
      ...OWN,
      id: 'orders-charges-take-turns',
      class: 'timeout-latency',
      culprit: deployed({
        service: 'orders',
        file: 'orders/payments_client.py',
        marker: 'time.sleep(max(0.0, self._next_at - time.monotonic()))',
        messages: ['payments: evenly, as the provider asks', 'payments: no bursts of charges'],
        edits: {
          'orders/payments_client.py': [
            [
              'from orders.http_client import JsonClient\n',
              'import threading\nimport time\n\nfrom orders.http_client import JsonClient\n',
            ],
            [
              'from orders.settings import Settings\n',
              'from orders.settings import Settings\n\nCHARGES_PER_MINUTE = 60\n',
            ],
            [
              '        self._headers = {"Authorization"',
              '        self._turn = threading.Lock()\n        self._next_at = 0.0\n        self._headers = {"Authorization"',
            ],
            [
              '        charge = self._http.send(\n',
              '        with self._turn:\n            time.sleep(max(0.0, self._next_at - time.monotonic()))\n' +
                '            self._next_at = time.monotonic() + 60 / CHARGES_PER_MINUTE\n        charge = self._http.send(\n',
            ],
          ],
        },
      }),
    },
    { weights: { place: 5 } },
  ),

  /** Two ways to write a time: as texts, one is later than the other for the rest of the day. */
  booked(
    {
      ...OWN,
      id: 'orders-due-by-another-clock-face',
      class: 'queue-backlog',
      seconds: { baseline: 60, incident: 50, recovery: 6 },
      culprit: withNewFile(
        {
          service: 'orders',
          file: 'orders/store.py',
          marker: "WHERE due_at <= datetime('now') ORDER BY id LIMIT 1",
          messages: ['postings: a moment in which an order can be taken back', 'schema 4: postings have a time'],
          edits: {
            'config/orders.ini': [['schema = 3', 'schema = 4']],
            'orders/store.py': [
              [
                '            db.execute("INSERT INTO outbox (payload) VALUES (?)", (json.dumps(posting),))\n',
                '            db.execute(\n                "INSERT INTO outbox (payload, due_at)"\n' +
                  "                \" VALUES (?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 seconds'))\",\n" +
                  '                (json.dumps(posting),),\n            )\n',
              ],
              [
                '"SELECT * FROM outbox ORDER BY id LIMIT 1"',
                '"SELECT * FROM outbox WHERE due_at <= datetime(\'now\') ORDER BY id LIMIT 1"',
              ],
              ['they go out in their order."""', 'they go out in their order when they are due."""'],
            ],
          },
        },
        'migrations/004_due.sql',
        "-- Not before this time, so that support can take an order back.\nALTER TABLE outbox ADD COLUMN due_at TEXT NOT NULL DEFAULT '';\n",
      ),
    },
    { weights: { place: 16 }, times: 1.2 },
  ),

  /** It is opened when its name is found, and opened again to write. */
  booked(
    {
      ...OWN,
      id: 'orders-opened-with-its-name',
      class: 'file-descriptor-limit',
      seconds: { baseline: 60, incident: 55, recovery: 8 },
      culprit: withNewFile(
        {
          service: 'orders',
          file: 'orders/archive.py',
          marker: '_, beside = tempfile.mkstemp(',
          messages: ['invoices are kept as they were shown', 'invoice: a copy for the tax office'],
          edits: {
            'orders/handlers.py': [
              ['from orders import log\n', 'from orders import archive, log\n'],
              [
                '        return Answer(200, invoice(order, customer, products))\n',
                '        shown = invoice(order, customer, products)\n' +
                  '        archive.keep(self._settings.data_dir / "invoices", order.id, shown)\n        return Answer(200, shown)\n',
              ],
            ],
          },
        },
        'orders/archive.py',
        `"""Copies of what was shown to customers, for ten years."""
import json
import os
import tempfile
from pathlib import Path


def keep(folder: Path, order_id: int, shown: dict[str, object]) -> None:
    """Whole or not at all: it is written beside, then takes its place."""
    folder.mkdir(parents=True, exist_ok=True)
    _, beside = tempfile.mkstemp(dir=folder, suffix=".part")
    Path(beside).write_text(json.dumps(shown), encoding="utf-8")
    os.replace(beside, folder / f"{order_id}.json")
`,
      ),
    },
    { weights: { invoice: 14 }, times: 1.2 },
  ),
];
