/** Changes of the mongo-api-service. */
import type { FaultTemplate, TrafficPlan, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { deployed, latent, reworded, TILL, withNewFile } from '../fresh/shared.ts';
import { get, itemCallers, shoppers } from '../shoppers.ts';

type World = Parameters<FaultTemplate['traffic']>[0];

const ALONE = {
  services: ['mongo-api-service'],
  backends: ['mongodb'],
  service: 'mongo-api-service',
  alerting: 'mongo-api-service',
} as const satisfies Partial<FaultTemplate>;
const ITEMS = { ...TILL, service: 'mongo-api-service' } as const;

const WHOLE_LIST = '/items/?limit=100';
const SETTINGS_END = '"wait_milliseconds": 1500 },\n';
const READER_END = '  slow_query_milliseconds: z.number().int().positive(),\n';

/** Callers of the list, some of whom know part of a name. */
function seekers(world: World, variant: Variant, parts: readonly string[]): TrafficPlan {
  const own = itemCallers(world, variant);
  const requests = own.requests.flatMap((request, index) => {
    const part = parts[index % parts.length];
    const sought = `/items/?limit=100&name=${encodeURIComponent(part ?? '')}`;
    return index % 2 === 0 && part !== undefined ? [request, get(world.addresses[ALONE.service], sought)] : [request];
  });
  return { ...own, requests };
}

/** As the makers write it. */
const MADE_OF = 'Solid wood from forests within a day of the workshop, oiled by hand, joined without screws. '.repeat(
  6,
);

/** Programs that copy the assortment, beside those that add to it. */
function copiers(world: World, variant: Variant, perSecond: number): TrafficPlan {
  const own = reworded(itemCallers(world, variant), 'number ', MADE_OF).requests;
  const whole = get(world.addresses[ALONE.service], WHOLE_LIST);
  return { requests: own.flatMap((request) => [request, whole, whole]), requestsPerSecond: perSecond };
}

const PARTS = ['lamp', 'o*l', 'be', 'clo*', 'rug', 'basket'];
/** As they stand on labels of twenty letters. */
const LABELS = ['bowl (maple, oiled, ', 'lamp [LED, warm whit', '+ lantern for a tabl', 'clock (silent'];

export const itemsLatest: readonly FaultTemplate[] = [
  /** What is typed is taken for a pattern; then labels are typed that are none. */
  fault({
    ...ALONE,
    id: 'items-label-as-a-pattern',
    class: 'code-error',
    kind: 'code',
    culprit: latent({
      service: 'mongo-api-service',
      file: 'src/item-routes.ts',
      marker: "return new RegExp(written.replaceAll('*', '.*'), 'i');",
      messages: ['items: a list by part of the name', 'mongo-api: the warehouse looks for names'],
      edits: {
        'src/item.ts': [
          [
            '  limit: wholeNumber(1, MAX_LIMIT, 20),\n',
            '  limit: wholeNumber(1, MAX_LIMIT, 20),\n  name: z.string().trim().min(1).max(80).exactOptional(),\n',
          ],
        ],
        'src/item-routes.ts': [
          [
            '    return await items.list(parseOrRefuse(Page, request.query));\n',
            '    const { name, ...page } = parseOrRefuse(Page, request.query);\n    const listed = await items.list(page);\n    return name === undefined ? listed : listed.filter((item) => named(name).test(item.name));\n',
          ],
          [
            'function found(',
            "/** Any part of it, in any case; an asterisk is whatever one does not know. */\nfunction named(written: string): RegExp {\n  return new RegExp(written.replaceAll('*', '.*'), 'i');\n}\n\nfunction found(",
          ],
        ],
      },
    }),
    traffic: (world, variant) => seekers(world, variant, PARTS),
    async inject(world, variant) {
      const labels = LABELS.slice(0, byMagnitude(variant, { low: 2, middle: 3, high: 4 }));
      world.setTraffic(seekers(world, variant, [...PARTS, ...labels, 'shelf']));
    },
  }),

  /** Each page knows the one before it, and that one knows its own. */
  fault({
    ...ALONE,
    id: 'items-page-and-the-one-before',
    class: 'memory-leak',
    kind: 'code',
    seconds: { baseline: 80, incident: 66, recovery: 6 },
    culprit: withNewFile(
      {
        service: 'mongo-api-service',
        file: 'src/pages-seen.ts',
        marker: 'const seen: Seen = { items, before: latest.get(page) };',
        messages: ['items: how many of a page are new', 'mongo-api: who copies the list may skip what it has'],
        edits: {
          'src/item-routes.ts': [
            [
              "import type { ItemRepository } from './item-repository.ts';\n",
              "import type { ItemRepository } from './item-repository.ts';\nimport { pagesSeen } from './pages-seen.ts';\n",
            ],
            [
              '  refuseUnreadableBodies(routes);\n',
              '  refuseUnreadableBodies(routes);\n  const changedOf = pagesSeen();\n',
            ],
            [
              'async function list(request: FastifyRequest): Promise<Item[]> {\n    return await items.list(parseOrRefuse(Page, request.query));\n',
              `async function list(request: FastifyRequest, reply: FastifyReply): Promise<Item[]> {
    const page = parseOrRefuse(Page, request.query);
    const listed = await items.list(page);
    void reply.header('x-items-changed', String(changedOf(\`\${page.skip} \${page.limit}\`, listed)));
    return listed;
`,
            ],
          ],
        },
      },
      'src/pages-seen.ts',
      `/** What is new on a page since anybody asked for it. */
import type { Item } from './item.ts';

interface Seen {
  readonly items: readonly Item[];
  /** Undefined: nobody has asked yet. */
  readonly before: Seen | undefined;
}

export function pagesSeen(): (page: string, items: readonly Item[]) => number {
  const latest = new Map<string, Seen>();
  return (page, items) => {
    const seen: Seen = { items, before: latest.get(page) };
    latest.set(page, seen);
    return changed(seen);
  };
}

function changed({ items, before }: Seen): number {
  const known = new Map((before?.items ?? []).map(({ id, updated_at: updatedAt }) => [id, updatedAt]));
  return items.filter(({ id, updated_at: updatedAt }) => known.get(id) !== updatedAt).length;
}
`,
    ),
    traffic: (world, variant) => copiers(world, variant, byMagnitude(variant, { low: 26, middle: 30, high: 34 })),
  }),

  /** A set of replicas is asked for by its name, and there is only one database, which is of no set. */
  fault({
    ...ITEMS,
    id: 'items-set-of-replicas',
    class: 'bad-config',
    kind: 'config',
    alerting: 'mongo-api-service',
    culprit: deployed({
      service: 'mongo-api-service',
      file: 'config/settings.json',
      marker: '"replica_set": "shop"',
      messages: ['mongo-api settings: ready for the second database', 'mongo-api: the name of the set is a setting'],
      edits: {
        'config/settings.json': [[SETTINGS_END, `${SETTINGS_END}  "replica_set": "shop",\n`]],
        'src/settings.ts': [[READER_END, `${READER_END}  replica_set: z.string().min(1).exactOptional(),\n`]],
        'src/database.ts': [
          [
            '  readonly appName: string;\n',
            '  readonly appName: string;\n  /** Undefined: a database that stands alone. */\n  readonly replicaSet: string | undefined;\n',
          ],
          ['const { uri, databaseName, appName,', 'const { uri, databaseName, appName, replicaSet,'],
          [
            '    appName,\n    maxPoolSize',
            '    appName,\n    ...(replicaSet === undefined ? {} : { replicaSet }),\n    maxPoolSize',
          ],
        ],
        'src/main.ts': [
          ['const { pool } = readSettings(', 'const { pool, replica_set: replicaSet } = readSettings('],
          [
            'openDatabase({ uri: mongoUri, databaseName, appName, pool })',
            'openDatabase({ uri: mongoUri, databaseName, appName, replicaSet, pool })',
          ],
        ],
      },
    }),
  }),

  /** Whoever asks in the old form is sent to a name that is not known where the callers are. */
  fault({
    ...ITEMS,
    id: 'items-sent-elsewhere',
    class: 'dns',
    kind: 'config',
    alerting: 'storefront',
    culprit: deployed({
      service: 'mongo-api-service',
      file: 'config/settings.json',
      marker: '"public_url": "http://items.shop.internal"',
      messages: ['items: one address for the list', 'mongo-api: a list has one address, with its full name'],
      edits: {
        'config/settings.json': [[SETTINGS_END, `${SETTINGS_END}  "public_url": "http://items.shop.internal",\n`]],
        'src/settings.ts': [[READER_END, `${READER_END}  public_url: z.url(),\n`]],
        'src/main.ts': [
          ['const { pool } = readSettings(', 'const { pool, public_url: publicUrl } = readSettings('],
          [
            'createItemServer({ logger, database, checkIntervalMilliseconds, deployedRevision })',
            'createItemServer({ logger, database, publicUrl, checkIntervalMilliseconds, deployedRevision })',
          ],
        ],
        'src/server.ts': [
          [
            '  readonly database: Database;\n',
            '  readonly database: Database;\n  /** How callers know this service. */\n  readonly publicUrl: string;\n',
          ],
          [
            '{ items: itemRepository(database, () => new Date()) }',
            '{ items: itemRepository(database, () => new Date()), publicUrl: options.publicUrl }',
          ],
        ],
        'src/item-routes.ts': [
          [
            '{ items }: { items: ItemRepository }): Promise<void> {\n',
            '{ items, publicUrl }: { items: ItemRepository; publicUrl: string }): Promise<void> {\n',
          ],
          [
            '  refuseUnreadableBodies(routes);\n',
            `  refuseUnreadableBodies(routes);
  routes.addHook('onRequest', async ({ url }, reply) => {
    const asked = new URL(url, publicUrl);
    if (!asked.pathname.endsWith('/')) return;
    asked.pathname = asked.pathname.slice(0, -1);
    await reply.redirect(asked.href, 308);
  });
`,
          ],
        ],
      },
    }),
  }),

  /** A token is asked for that no caller has been given. */
  fault({
    ...ITEMS,
    id: 'items-for-known-programs',
    class: 'auth-secret',
    kind: 'code',
    alerting: 'storefront',
    culprit: withNewFile(
      {
        service: 'mongo-api-service',
        file: 'src/known-programs.ts',
        marker: "if (!DIGESTS.has(digest)) throw new AppError(401, 'A token of the shop is needed');",
        messages: ['mongo-api: items are for our own programs', 'items: not everybody in the house may change prices'],
        edits: {
          'src/item-routes.ts': [
            [
              "import type { ItemRepository } from './item-repository.ts';\n",
              "import type { ItemRepository } from './item-repository.ts';\nimport { ownProgramsOnly } from './known-programs.ts';\n",
            ],
            [
              '  refuseUnreadableBodies(routes);\n',
              "  refuseUnreadableBodies(routes);\n  routes.addHook('onRequest', ownProgramsOnly);\n",
            ],
          ],
        },
      },
      'src/known-programs.ts',
      `/** Each program of the shop has a token; what stands here is of no use to whoever finds it. */
import { createHash } from 'node:crypto';
import { AppError, type FastifyRequest } from '@incident-agent/service-kit/fastify';

const DIGESTS = new Set([
  '5f0c6d3b1a9e47c28d64f1b7e02a93c85d7b46e19f3a20c8b5e41d7690fa2c3e',
  'c81e2f7a40d95b36e7a1048cf2d6395b8e07a4c1d93f652b70e8c4a1f5d2963b',
]);

export async function ownProgramsOnly({ headers }: FastifyRequest): Promise<void> {
  const [, token = ''] = /^Bearer (\\S+)$/.exec(headers.authorization ?? '') ?? [];
  const digest = createHash('sha256').update(token).digest('hex');
  if (!DIGESTS.has(digest)) throw new AppError(401, 'A token of the shop is needed');
}
`,
    ),
  }),

  /** One document after the other comes over the wire. */
  fault({
    ...ITEMS,
    id: 'items-fetched-in-ones',
    class: 'timeout-latency',
    kind: 'code',
    alerting: 'storefront',
    culprit: deployed({
      service: 'mongo-api-service',
      file: 'src/item-repository.ts',
      marker: '.batchSize(1);',
      messages: ['mongo-api: a list never lies in memory twice', 'items: lists are read item by item'],
      edits: {
        'src/item-repository.ts': [
          [
            '      const found = await database.query((db) => itemsOf(db).find().sort({ _id: 1 }).skip(skip).limit(limit).toArray());\n      return found.map(toItem);\n',
            `      return await database.query(async (db) => {
        const items: Item[] = [];
        const cursor = itemsOf(db).find().sort({ _id: 1 }).skip(skip).limit(limit).batchSize(1);
        for await (const found of cursor) items.push(toItem(found));
        return items;
      });
`,
          ],
        ],
      },
    }),
    traffic: (world, variant) =>
      shoppers(world, variant, { factor: byMagnitude(variant, { low: 0.5, middle: 0.6, high: 0.7 }) }),
  }),

  /** The database writes its pages to the disk, as it does now and then, and answers late meanwhile. */
  fault({
    ...ALONE,
    id: 'calm-database-writes-its-pages',
    class: null,
    kind: 'none',
    seconds: { baseline: 60, incident: 50, recovery: 12 },
    traffic: (world, variant) => itemCallers(world, variant),
    async inject(world, variant) {
      const milliseconds = byMagnitude(variant, { low: 640, middle: 700, high: 760 });
      await world.backend('mongodb').set({ mode: 'slow', milliseconds });
      await world.pause(7);
      await world.backend('mongodb').set({ mode: 'well' });
    },
  }),
];
