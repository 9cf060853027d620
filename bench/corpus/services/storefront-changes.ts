/** What the storefront's team does on ordinary days; each change leaves the shop working. */
import type { Change } from '../template.ts';
import { addFile, append, edit, editAll } from './edits.ts';

const FOLDER = 'services/storefront';
const SRC = `${FOLDER}/src`;

const DELIVERY_DOC = `# Delivery

Days per city stand in \`config/cities.json\`. Wind above \`delivery.wind_limit_kmh\` adds two days, since ferries stay in
port. Parcels are free of charge from \`delivery.free_from_cents\` on.
`;

const SEARCH_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { search } from '../src/search.ts';

const product = (sku: string, description: string) => ({ id: sku, sku, description, priceCents: 1_000 });
const PRODUCTS = [product('lamp', 'desk lamp'), product('shelf', 'wall shelf for a lamp')];

test('the earlier a word stands, the better', () => {
  assert.deepEqual(search(PRODUCTS, 'Lamp').map(({ sku }) => sku), ['lamp', 'shelf']);
});

test('each word must be there', () => {
  assert.deepEqual(search(PRODUCTS, 'wall lamp').map(({ sku }) => sku), ['shelf']);
});
`;

const MONEY = `/** Amounts for people. */

export function money(cents: number, currency: string): string {
  return \`\${(cents / 100).toFixed(2)} \${currency}\`;
}
`;

const STOCK_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStock } from '../src/stock.ts';

test('what is put back can be sold again', () => {
  const stock = createStock();
  const before = stock.left('lamp');
  stock.take('lamp', 2);
  stock.putBack('lamp', 2);
  assert.equal(stock.left('lamp'), before);
});
`;

export const storefrontChanges: readonly Change[] = [
  addFile('storefront docs: how delivery is estimated', `${FOLDER}/docs/delivery.md`, DELIVERY_DOC),
  addFile('search: tests', `${FOLDER}/test/search.test.ts`, SEARCH_TEST),
  edit('assortment: the mirror is on offer', `${FOLDER}/config/assortment.json`, ['"price": 79,', '"price": 69,']),
  addFile('storefront: amounts for people', `${SRC}/money.ts`, MONEY),
  editAll('mails: amounts as everywhere', {
    [`${SRC}/jobs/confirmation.ts`]: [
      [
        "import type { Job } from './queue.ts';\n",
        "import { money } from '../money.ts';\nimport type { Job } from './queue.ts';\n",
      ],
      [`\${amount(order.totalCents)} \${currency}`, `\${money(order.totalCents, currency)}`],
      ['\nfunction amount(cents: number): string {\n  return (cents / 100).toFixed(2);\n}\n', ''],
    ],
  }),
  edit('delivery: Graz', `${FOLDER}/config/cities.json`, [
    '  "madrid"',
    '  "graz": { "latitude": 47.07, "longitude": 15.44, "days": 3 },\n  "madrid"',
  ]),
  edit('storefront: bump prom-client', `${FOLDER}/package.json`, [
    '"prom-client": "15.1.3"',
    '"prom-client": "~15.1.3"',
  ]),
  edit('web: longer bodies for large baskets', `${SRC}/web/server.ts`, [
    'const MAX_BODY_BYTES = 256 * 1024;',
    'const MAX_BODY_BYTES = 512 * 1024;',
  ]),
  addFile('stock: tests', `${FOLDER}/test/stock.test.ts`, STOCK_TEST),
  edit('log: what was listening says its data folder', `${SRC}/main.ts`, [
    'revision: config.revision, pid: process.pid }',
    'revision: config.revision, data: config.dataDir, pid: process.pid }',
  ]),
  append(
    'storefront readme: how to start it alone',
    `${FOLDER}/README.md`,
    '\nStart it alone: `npm start`; what has no address is not offered.\n',
  ),
  edit('delivery: a kinder note in frost', `${SRC}/delivery.ts`, [
    'frost: plants travel later',
    'frost: plants travel when it is over',
  ]),
  edit('storefront settings: longer exports', `${FOLDER}/config/storefront.json`, ['"rows": 200', '"rows": 250']),
  edit('storefront: version 1.15.0', `${FOLDER}/package.json`, ['"version": "1.14.0"', '"version": "1.15.0"']),
  append('storefront readme: who to ask', `${FOLDER}/README.md`, '\nQuestions: #shop-web.\n'),
];
