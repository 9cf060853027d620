/** Changes to orders after which some requests end in an exception of its own. */
import { editAll } from '../services/edits.ts';
import type { FaultTemplate } from '../template.ts';
import { ordersTraffic } from './orders-traffic.ts';
import { nothingMore, ORDERS, oneOf, SECONDS, SHOP } from './shop-template.ts';

const CODE = `${ORDERS}/orders`;
const BROKEN = { ...SHOP, class: 'code-error', kind: 'code', service: 'orders', alerting: 'orders' } as const;

export const ordersCodeTemplates: readonly FaultTemplate[] = [
  {
    ...BROKEN,
    id: 'orders-renamed-key-missed-by-reader',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'invoice: the size of the parcel',
            'invoice: parcels have a size',
            'invoice: parcel size for the printer',
          ),
          {
            [`${CODE}/invoice.py`]: [
              [
                '        "weight_grams": product.weight_grams * quantity,\n',
                '        "grams": product.weight_grams * quantity,\n',
              ],
              [
                '        "weight_grams": sum(row["weight_grams"] for row in rows),\n',
                '        "grams": sum(row["grams"] for row in rows),\n        "size": parcel_size(rows),\n',
              ],
              [
                '\n\ndef money(',
                '\n\ndef parcel_size(rows: list[dict]) -> str:\n    heaviest = max(row["weight_grams"] for row in rows)\n    return "L" if heaviest > 5000 else "M" if heaviest > 1000 else "S"\n\n\ndef money(',
              ],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/invoice.py`,
        marker: 'heaviest = max(row["weight_grams"]',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...BROKEN,
    id: 'orders-renamed-attribute-missed-by-reader',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'customers: level, as marketing calls it',
            'customers have a level',
            'one word for tiers and levels',
          ),
          {
            [`${CODE}/store.py`]: [
              ['    email: str\n    tier: str\n', '    email: str\n    level: str\n'],
              [
                '"SELECT id, name, email, tier FROM customers WHERE id = ?"',
                '"SELECT id, name, email, tier AS level FROM customers WHERE id = ?"',
              ],
              [
                '"SELECT id, name, email, tier FROM customers WHERE email = ?"',
                '"SELECT id, name, email, tier AS level FROM customers WHERE email = ?"',
              ],
            ],
            [`${CODE}/pricing.py`]: [
              ['    by_tier = TIER_PERCENT[customer.tier]\n', '    by_level = TIER_PERCENT[customer.level]\n'],
              ['return max(by_tier, by_coupon)', 'return max(by_level, by_coupon)'],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/store.py`,
        marker: '    level: str',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...BROKEN,
    id: 'orders-missing-coupon-not-handled',
    seconds: SECONDS,
    culprit: {
      when: 'latent',
      change: (variant) => ({
        ...editAll(oneOf(variant, 'coupons can end', 'coupons: the last day counts', 'coupon dates'), {
          [`${CODE}/handlers.py`]: [
            [
              '        return None if code is None else self._store.find_coupon(code)\n',
              '        if code is None:\n            return None\n        coupon = self._store.find_coupon(code)\n        today = time.strftime("%Y-%m-%d", time.gmtime())\n        if coupon.valid_until is not None and coupon.valid_until < today:\n            raise AppError(422, f"coupon {code} has ended")\n        return coupon\n',
            ],
            ['"""What each route does."""\n', '"""What each route does."""\nimport time\n\n'],
          ],
        }),
        service: 'orders',
        file: `${CODE}/handlers.py`,
        marker: 'if coupon.valid_until is not None',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    async inject(world, variant) {
      world.setTraffic(ordersTraffic(world.addresses, variant, { weights: { placeWithUnknownCoupon: 4 } }));
    },
  },
  {
    ...BROKEN,
    id: 'orders-reference-is-no-uuid',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'payments: references in one form',
            'payments: short references',
            'charges: the reference as support needs it',
          ),
          {
            [`${CODE}/payments_client.py`]: [
              ['from orders.http_client', 'import uuid\n\nfrom orders.http_client'],
              ['        return str(charge.get("id", ""))\n', '        return uuid.UUID(str(charge["id"])).hex\n'],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/payments_client.py`,
        marker: 'uuid.UUID(str(charge["id"]))',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...BROKEN,
    id: 'orders-amount-cannot-be-written',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(oneOf(variant, 'quotes: what is paid per piece', 'pricing: the average piece', 'prices per piece'), {
          [`${CODE}/pricing.py`]: [
            ['from dataclasses import dataclass\n', 'from dataclasses import dataclass\nfrom decimal import Decimal\n'],
            [
              '        "total": goods - discount + shipping,\n',
              '        "total": goods - discount + shipping,\n        "per_piece": Decimal(goods - discount) / sum(quantity for _, quantity in items),\n',
            ],
          ],
        }),
        service: 'orders',
        file: `${CODE}/pricing.py`,
        marker: '"per_piece": Decimal(',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
  {
    ...BROKEN,
    id: 'orders-note-cannot-be-bound',
    seconds: SECONDS,
    culprit: {
      when: 'deploy',
      change: (variant) => ({
        ...editAll(
          oneOf(
            variant,
            'orders: the note says who wrote it',
            'notes have an author',
            'store: notes with their author',
          ),
          {
            [`${CODE}/store.py`]: [
              [
                '        try:\n            with self._pool.connection() as db:\n                cursor =',
                '        kept = {"by": customer_id, "text": note}\n        try:\n            with self._pool.connection() as db:\n                cursor =',
              ],
              [
                '                    (customer_id, currency, total_cents, note),\n',
                '                    (customer_id, currency, total_cents, kept),\n',
              ],
            ],
          },
        ),
        service: 'orders',
        file: `${CODE}/store.py`,
        marker: '(customer_id, currency, total_cents, kept)',
      }),
    },
    traffic: ({ addresses }, variant) => ordersTraffic(addresses, variant),
    inject: nothingMore,
  },
];
