/** Changes of the storefront's team that use something up: connections, memory, processor, files, the queue. */
import type { FaultTemplate } from '../template.ts';
import { byMagnitude, fault, guilty } from './fault.ts';
import { checkout, get, searchFor, shoppers } from './shoppers.ts';

const SHOP = {
  kind: 'code',
  services: ['mongo-api-service', 'storefront'],
  backends: ['mongodb', 'payments'],
  service: 'storefront',
  alerting: 'storefront',
} as const;

/** Found words of one length, and a sign at the end that belongs to none. */
const LONG_WORD = 'kitchenclockwithwoodenframe';
/** An eighth of a second for the pattern, twice as long for each letter more: a few per second ask for half a processor. */
const LONG_WORD_CHARACTERS = 24;

/** So many distinct things are looked for that a memory of each fills. */
const SYLLABLES = ['ka', 'lo', 'mi', 'tra', 'ven', 'so', 'du', 'pe', 'ri', 'gan', 'ul', 'be'];

function wordOf(index: number): string {
  const at = (place: number) => SYLLABLES[Math.floor(index / SYLLABLES.length ** place) % SYLLABLES.length] ?? '';
  return `${at(0)}${at(1)}${at(2)}`;
}

export const storefrontResources: readonly FaultTemplate[] = [
  /** A connection is given back only when the order was found. */
  fault({
    ...SHOP,
    id: 'storefront-lease-kept',
    class: 'pool-exhaustion',
    services: ['orders', 'ledger', 'storefront'],
    backends: ['payments'],
    weight: 'jvm',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/clients/orders.ts',
            marker: 'const order = Order.parse(await found);',
            messages: [
              'orders client: an order that is not there is told in one place',
              'orders client: look-ups told apart',
            ],
            edits: {
              'src/clients/orders.ts': [
                [
                  '    async find(id) {\n      const lease = await pool.acquire();\n      try {\n        return Order.parse(await service.json(',
                  '    async find(id) {\n      const lease = await pool.acquire();\n      const found = service.json(',
                ],
                [
                  'encodeURIComponent(id)}`));\n      } catch (error) {\n        throw missing(error) ? new HttpError(NOT_FOUND, ',
                  'encodeURIComponent(id)}`).catch((error: unknown) => {\n        throw missing(error) ? new HttpError(NOT_FOUND, ',
                ],
                [
                  ' : error;\n      } finally {\n        lease.release();\n      }\n    },\n    async historyOf',
                  ' : error;\n      });\n      const order = Order.parse(await found);\n      lease.release();\n      return order;\n    },\n    async historyOf',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        more: (index) =>
          index % byMagnitude(variant, { low: 5, middle: 4, high: 2 }) === 0
            ? [get(world.addresses.storefront, `/orders/${90_000 + index}`)]
            : [],
      }),
  }),

  /** A pattern that tries every way to cut a long word. */
  fault({
    ...SHOP,
    id: 'storefront-search-pattern',
    class: 'cpu-saturation',
    weight: 'cpu',
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/search.ts',
            marker: 'if (!/^(?:[a-z0-9]+[\\s-]?)+$/.test(text)) return [];',
            messages: ['search: words and numbers only', 'search: what is no word finds nothing'],
            edits: {
              'src/search.ts': [
                [
                  '  return written\n    .toLowerCase()\n    .split',
                  '  const text = written.trim().toLowerCase();\n  if (!/^(?:[a-z0-9]+[\\s-]?)+$/.test(text)) return [];\n  return text\n    .split',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic(world, variant) {
      const long = LONG_WORD.slice(0, LONG_WORD_CHARACTERS);
      const { requests } = shoppers(world, variant, {
        words: ['garden bench', 'lamp', `${long.slice(1)}?`, 'oak chair'],
        more: () => [searchFor(world.addresses.storefront, `${long}!`)],
      });
      return { requests, requestsPerSecond: byMagnitude(variant, { low: 9, middle: 13, high: 18 }) };
    },
  }),

  /** Who looked at something is never forgotten. */
  fault({
    ...SHOP,
    id: 'storefront-sessions-kept',
    class: 'memory-leak',
    seconds: { baseline: 90, incident: 66, recovery: 6 },
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/sessions.ts',
            marker: 'if (session.seen.length === 0) sessions.delete(id);',
            messages: [
              'sessions: who looked at something is not the first to go',
              'sessions: kinder to returning visitors',
            ],
            edits: {
              'src/sessions.ts': [
                [
                  '    for (const oldest of sessions.keys()) {\n      if (sessions.size < limit) return;\n      sessions.delete(oldest);\n    }',
                  '    for (const [id, session] of sessions) {\n      if (sessions.size < limit) return;\n      if (session.seen.length === 0) sessions.delete(id);\n    }',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic(world, variant) {
      const more = () => ['rug', 'vase'].map((sku) => get(world.addresses.storefront, `/products/${sku}`));
      const { requests } = shoppers(world, variant, { more });
      return { requests, requestsPerSecond: byMagnitude(variant, { low: 16, middle: 18, high: 20 }) };
    },
  }),

  /** Everything that could be typed is kept for everything that was. */
  fault({
    ...SHOP,
    id: 'storefront-completions-kept',
    class: 'out-of-memory',
    seconds: { baseline: 60, incident: 70, recovery: 8 },
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/search.ts',
            marker: 'completions.set(written, found);',
            messages: ['search: completions while typing', 'search: half a word finds the whole'],
            edits: {
              'src/search.ts': [
                [
                  'function wordsOf(written: string): string[] {',
                  'const completions = new Map<string, Map<string, Product>>();\n\n/** Every part of a text that may be meant, with the product it belongs to. */\nfunction completionsFor(products: readonly Product[], written: string): Map<string, Product> {\n  const known = completions.get(written);\n  if (known) return known;\n  const found = new Map<string, Product>();\n  for (const product of products) {\n    const text = product.sku.concat(product.description, product.id);\n    for (let from = 0; from < text.length; from += 1) {\n      for (let to = from + 2; to <= text.length; to += 1) found.set(text.slice(from, to), { ...product });\n    }\n  }\n  completions.set(written, found);\n  return found;\n}\n\nfunction wordsOf(written: string): string[] {',
                ],
                [
                  '  if (words.length === 0) return [];\n',
                  '  if (words.length === 0) return [];\n  const completed = completionsFor(products, written).get(written);\n  if (completed !== undefined) return [completed];\n',
                ],
              ],
            },
          },
          variant,
        ),
    },
    traffic(world, variant) {
      const more = (index: number) =>
        [1, 2, 3].map((nth) => searchFor(world.addresses.storefront, wordOf(index * 7 + nth * 101)));
      const { requests } = shoppers(world, variant, { more });
      return { requests, requestsPerSecond: byMagnitude(variant, { low: 16, middle: 19, high: 22 }) };
    },
    async inject(world) {
      world.keepRestarting('storefront', 4);
    },
  }),

  /** The file that is written is not closed. */
  fault({
    ...SHOP,
    id: 'storefront-export-open',
    class: 'file-descriptor-limit',
    seconds: { baseline: 60, incident: 70, recovery: 8 },
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/exports.ts',
            marker: "writeSync(file, HEADER + recent.map(row).join(''));",
            messages: ['exports: one write instead of many', 'exports: the file at once'],
            edits: {
              'src/exports.ts': [
                [
                  "      const file = openSync(part, 'w');\n      try {\n        writeSync(file, HEADER);\n        for (const receipt of recent) writeSync(file, row(receipt));\n      } finally {\n        closeSync(file);\n      }\n",
                  "      const file = openSync(part, 'w');\n      writeSync(file, HEADER + recent.map(row).join(''));\n",
                ],
                ['import { closeSync, mkdirSync,', 'import { mkdirSync,'],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        factor: variant.traffic === 'low' ? 1.5 : 1,
        more: (index) =>
          Array.from({ length: byMagnitude(variant, { low: 3, middle: 4, high: 6 }) + (index % 2) }, () =>
            get(world.addresses.storefront, '/exports/orders.csv'),
          ),
      }),
  }),

  /** A confirmation that can't be sent is tried again before all others, for ever. */
  fault({
    ...SHOP,
    id: 'storefront-mail-first-again',
    class: 'queue-backlog',
    seconds: { baseline: 60, incident: 60, recovery: 8 },
    culprit: {
      when: 'deploy',
      change: (variant) =>
        guilty(
          {
            service: 'storefront',
            file: 'src/jobs/queue.ts',
            marker: 'jobs.unshift(job);',
            messages: [
              'mails: every customer gets a confirmation, in the order of the orders',
              'mails: none is dropped',
            ],
            edits: {
              'src/jobs/queue.ts': [
                ['  /** Behind all others. */', '  /** To where it was. */'],
                ['      jobs.push(job);', '      jobs.unshift(job);'],
              ],
              'src/jobs/worker.ts': [
                [
                  "    if (job.attempts < maxAttempts) {\n      queue.putBack(job);\n      return;\n    }\n    metrics.job(queue.name, 'dropped');\n    log.warn('job dropped', { queue: queue.name, job: job.id, attempts: job.attempts });\n",
                  '    queue.putBack(job);\n',
                ],
                ['currency, maxAttempts, pauseMilliseconds, log', 'currency, pauseMilliseconds, log'],
              ],
            },
          },
          variant,
        ),
    },
    traffic: (world, variant) =>
      shoppers(world, variant, {
        checkoutEach: 1,
        factor: 1.2,
        more: (index) => [
          checkout(world.addresses.storefront, index),
          ...(index % byMagnitude(variant, { low: 20, middle: 12, high: 8 }) === 3
            ? [checkout(world.addresses.storefront, index, { email: `reception@house${index}` })]
            : []),
        ],
      }),
  }),
];
