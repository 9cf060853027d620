/** What the team of orders does on ordinary days; each change leaves the service working. */
import type { Change } from '../template.ts';
import { addFile, append, edit, editAll } from './edits.ts';

const FOLDER = 'services/orders';
const CODE = `${FOLDER}/orders`;

const INVOICE_TEST = `from orders.invoice import money


def test_cents_have_two_digits():
    assert money(1205, "EUR") == "12.05 EUR"
    assert money(5, "EUR") == "0.05 EUR"
`;

const TOKENS_TEST = `from orders.tokens import token


def test_a_token_has_three_parts():
    assert token("orders", "key", 60).count(".") == 2


def test_another_key_signs_differently():
    assert token("orders", "key", 60) != token("orders", "other", 60)
`;

const PRICING_DOC = `# Pricing

Discounts do not add up: the better one of tier and coupon counts. Shipping is free from
\`free_shipping_from_cents\` on, after the discount. Tax is part of every price.
`;

export const ordersChanges: readonly Change[] = [
  append(
    'orders: how to try it by hand',
    `${FOLDER}/README.md`,
    `
## By hand

    curl -d '{"customer": 3, "items": [{"sku": "SKU-001", "quantity": 2}]}' http://127.0.0.1:$PORT/quotes
`,
  ),
  edit('orders: pytest 8.3.3', `${FOLDER}/requirements.txt`, ['pytest==8.3.2', 'pytest==8.3.3']),
  edit('pricing: silver customers', `${CODE}/pricing.py`, [
    'TIER_PERCENT = {"standard": 0, "gold": 5}',
    'TIER_PERCENT = {"standard": 0, "silver": 3, "gold": 5}',
  ]),
  addFile('invoice: a test for amounts', `${FOLDER}/tests/test_invoice.py`, INVOICE_TEST),
  edit('products: the list shows prices', `${CODE}/handlers.py`, [
    '{"products": [{"sku": product.sku, "name": product.name} for product in found]}',
    '{"products": [{"sku": product.sku, "name": product.name, "cents": product.price_cents} for product in found]}',
  ]),
  edit('database: a larger page cache', `${FOLDER}/config/orders.ini`, ['cache_pages = 2000', 'cache_pages = 4000']),
  editAll('http client: one place for how much of a refusal is kept', {
    [`${CODE}/http_client.py`]: [
      ['\n\nclass JsonClient:', '\nMOST_BYTES_KEPT = 240\n\n\nclass JsonClient:'],
      ['{text[:200].decode(', '{text[:MOST_BYTES_KEPT].decode('],
    ],
  }),
  edit('summary: what an order is worth on average', `${CODE}/handlers.py`, [
    '"name": customer.name, **spending})',
    '"name": customer.name, **spending, "average": spending["cents"] // max(1, spending["orders"])})',
  ]),
  addFile('orders docs: how prices come about', `${FOLDER}/docs/pricing.md`, PRICING_DOC),
  edit('dependencies: a look every two seconds is enough', `${CODE}/dependencies.py`, [
    'EVERY_SECONDS = 1.0',
    'EVERY_SECONDS = 2.0',
  ]),
  edit('orders: the note is shown', `${CODE}/handlers.py`, [
    '        "placed_at": order.placed_at,\n',
    '        "placed_at": order.placed_at,\n        "note": order.note,\n',
  ]),
  edit('worker: more time to finish at the end', `${CODE}/worker.py`, [
    'self._thread.join(timeout=3)',
    'self._thread.join(timeout=4)',
  ]),
  addFile('tokens: tests', `${FOLDER}/tests/test_tokens.py`, TOKENS_TEST),
  edit('validation: larger baskets for companies', `${CODE}/validation.py`, ['MOST_ITEMS = 50', 'MOST_ITEMS = 80']),
  edit('metrics: finer buckets below five milliseconds', `${CODE}/metrics.py`, [
    'BUCKETS = (0.005, 0.01,',
    'BUCKETS = (0.002, 0.005, 0.01,',
  ]),
  edit('orders 1.15', `${FOLDER}/pyproject.toml`, ['version = "1.14.0"', 'version = "1.15.0"']),
];
