/** Orders does not start, or its worker no longer works. */
import { editAll } from '../services/edits.ts';
import type { FaultTemplate } from '../template.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { byMagnitude, ORDERS, oneOf, SECONDS, SHOP } from './shop-template.ts';

const CODE = `${ORDERS}/orders`;
const OWN = { ...SHOP, service: 'orders', alerting: 'orders' } as const;

export const ordersStartTemplates: readonly FaultTemplate[] = [
  {
    ...OWN,
    id: 'orders-setting-not-in-the-file',
    class: 'bad-config',
    kind: 'code',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'settings: how many charges at once',
            'payments: a limit of charges at once',
            'payments: polite to the provider',
          ),
          {
            [`${CODE}/settings.py`]: [
              ['    payments_ca_file: str\n', '    payments_ca_file: str\n    payments_at_once: int\n'],
              [
                '        payments_ca_file=os.environ.get("PAYMENTS_CA_FILE", ""),\n',
                '        payments_ca_file=os.environ.get("PAYMENTS_CA_FILE", ""),\n        payments_at_once=int(payments["charges_at_once"]),\n',
              ],
            ],
            [`${CODE}/payments_client.py`]: [
              ['from orders.http_client', 'import threading\n\nfrom orders.http_client'],
              [
                '        self._headers = {',
                '        self._free = threading.BoundedSemaphore(settings.payments_at_once)\n        self._headers = {',
              ],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/settings.py`,
        marker: 'int(payments["charges_at_once"])',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      world.keepRestarting('orders', byMagnitude(variant, 4, 3, 2));
    },
  },
  {
    ...OWN,
    id: 'orders-key-gone-from-environment',
    class: 'bad-config',
    kind: 'config',
    seconds: SECONDS,
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      const name = oneOf(variant, 'LEDGER_TOKEN_KEY', 'PAYMENTS_API_KEY', 'LEDGER_URL');
      await world.restart('orders', { [name]: undefined });
      world.keepRestarting('orders', byMagnitude(variant, 4, 3, 2));
    },
  },
  {
    ...OWN,
    id: 'orders-worker-ends',
    class: 'queue-backlog',
    kind: 'code',
    seconds: { ...SECONDS, incident: 60 },
    culprit: {
      when: 'latent',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'worker: one place that waits',
            'worker: refusals are for people',
            'worker: no haste after a no',
          ),
          {
            [`${CODE}/worker.py`]: [
              [
                '        while not self._ending.is_set():\n            try:\n',
                '        pause: float | None = 0\n        while pause is not None and not self._ending.wait(pause):\n            try:\n',
              ],
              [
                '                pause = self._retry_seconds\n            self._ending.wait(pause)\n',
                '                pause = self._retry_seconds\n',
              ],
              ['    def _step(self) -> float:\n', '    def _step(self) -> float | None:\n'],
              [
                '            return self._retry_seconds\n        self._store.posting_done',
                '            return None if isinstance(error, Refused) else self._retry_seconds\n        self._store.posting_done',
              ],
              [
                'from orders.errors import UpstreamError\n',
                'from orders.errors import UpstreamError\nfrom orders.http_client import Refused\n',
              ],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/worker.py`,
        marker: 'return None if isinstance(error, Refused)',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant, { weights: { place: 14 } }),
    async inject(world, variant) {
      const weights = { place: 14, placeInFrancs: byMagnitude(variant, 1, 2, 3) };
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights }));
    },
  },
  {
    ...OWN,
    id: 'orders-posting-never-taken',
    class: 'queue-backlog',
    kind: 'infrastructure',
    seconds: { ...SECONDS, incident: 60 },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant, { weights: { place: 14 } }),
    async inject(world, variant) {
      world.setTraffic(
        ordersTraffic(world.addresses, variant, {
          weights: { place: 14, placeInFrancs: byMagnitude(variant, 1, 2, 3) },
        }),
      );
    },
  },
];
