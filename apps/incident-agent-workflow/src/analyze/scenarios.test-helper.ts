/** The incidents that must come out right, as worlds to be investigated. */
import type { LogLine } from '../domain/telemetry.ts';
import { plusSeconds } from '../lib/time.ts';
import {
  alertOf,
  buildRepository,
  FROM,
  jsonLine,
  ONSET,
  type Repository,
  requestsOf,
  type Step,
  seriesOf,
  serviceOf,
  type Tree,
  type World,
} from './world.test-helper.ts';

export const ITEMS = 'apps/items-api/src/items.ts';
export const STORE = 'apps/items-api/src/store.ts';

const ITEMS_TEXT = `import { findItem, listItems } from './store.ts';

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly price: { readonly amount: number; readonly currency: string };
}

/** Amounts are kept in cents. */
function inUnits(cents: number): string {
  return (cents / 100).toFixed(2);
}

export function describeItem(item: Item): string {
  const amount = item.price.amount;
  return \`\${item.name}: \${inUnits(amount)} \${item.price.currency}\`;
}

export async function describeAll(limit: number): Promise<string[]> {
  const items = await listItems(limit);
  return items.map((item) => describeItem(item));
}

export async function describeOne(id: string): Promise<string> {
  const item = await findItem(id);
  if (item === undefined) {
    return 'no such item';
  }
  return describeItem(item);
}
`;
const STORE_TEXT = `import type { Item } from './items.ts';
import { rows } from './database.ts';

interface Row {
  readonly _id: string;
  readonly title: string;
  readonly price_cents: number;
  readonly currency?: string;
}

function toItem(row: Row): Item {
  return {
    id: row._id,
    name: row.title,
    price: { amount: row.price_cents, currency: row.currency ?? 'EUR' },
  };
}

export async function listItems(limit: number): Promise<Item[]> {
  const found = await rows({}, limit);
  return found.map((row) => toItem(row));
}

export async function findItem(id: string): Promise<Item | undefined> {
  const [row] = await rows({ _id: id }, 1);
  return row && toItem(row);
}
`;
const ROUTES = 'apps/items-api/src/routes.ts';
const CONFIG = 'apps/items-api/src/config.ts';
const ROUTES_TEXT = `import { describeAll, describeOne } from './items.ts';

export const routes = {
  'GET /items/': async () => describeAll(100),
  'GET /items/:id': async (id: string) => describeOne(id),
};
`;

const set = (path: string, text: string) => (tree: Tree) => ({ ...tree, [path]: text });
const edit = (path: string, from: string, to: string) => (tree: Tree) => {
  const text = tree[path] ?? '';
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  return { ...tree, [path]: text.replace(from, to) };
};

/** Fourteen commits, the sixth of them guilty; what comes after it is harmless and touches the same files too. */
export function stepsWith(guilty: Step['change'], message = 'items: shorter'): Step[] {
  const changes: (readonly [string, Step['change']])[] = [
    ['items: a service', (tree) => ({ ...tree, [ITEMS]: ITEMS_TEXT, [ROUTES]: ROUTES_TEXT })],
    ['store: rows become items', set(STORE, STORE_TEXT)],
    [
      'database: the driver',
      set(
        'apps/items-api/src/database.ts',
        'export async function rows(filter: object, limit: number) {\n  return [];\n}\n',
      ),
    ],
    ['config: the port', set(CONFIG, 'export const port = Number(process.env.PORT ?? 9000);\n')],
    ['readme', set('apps/items-api/README.md', '# Items\n')],
    [message, guilty],
    [
      'config: the host',
      edit(CONFIG, 'export const port', "export const host = process.env.HOST ?? 'localhost';\nexport const port"),
    ],
    ['items: whole cents', edit(ITEMS, '(cents / 100)', '(Math.round(cents) / 100)')],
    ['routes: more at once', edit(ROUTES, 'describeAll(100)', 'describeAll(200)')],
    ['store: a comment', edit(STORE, 'interface Row', '/** As the database holds it. */\ninterface Row')],
    ['readme: how to start', edit('apps/items-api/README.md', '# Items\n', '# Items\n\nnpm start\n')],
    [
      'database: nothing found is said',
      edit('apps/items-api/src/database.ts', '  return [];', '  const none: object[] = [];\n  return none;'),
    ],
    ['tests', set('apps/items-api/src/items.test.ts', "test('items', () => {});\n")],
    ['database: more at once', edit('apps/items-api/src/database.ts', 'return none;', 'return none.slice(0, limit);')],
  ];
  return changes.map(([text, change], index) => ({ message: text, change, hoursAgo: 60 - index * 4.2 }));
}

/** The row's shape changes, the line that relies on it stays: the crash is in another file than the change. */
export const CALLEE_CHANGED = edit(
  STORE,
  "    price: { amount: row.price_cents, currency: row.currency ?? 'EUR' },\n  };",
  "    cost: { amount: row.price_cents, currency: row.currency ?? 'EUR' },\n  } as unknown as Item;",
);
/** The crash line itself is rewritten. */
export const CRASH_LINE_CHANGED = edit(
  ITEMS,
  '  const amount = item.price.amount;',
  '  const { amount } = item.prices[0];',
);
/** A guard is taken out above the line that now crashes; no line of its own is left to blame. */
export const GUARD_REMOVED = edit(ITEMS, "  if (item === undefined) {\n    return 'no such item';\n  }\n", '');

export interface Crash {
  readonly type: string;
  readonly message: string;
  /** `function file:line:column`, innermost first. */
  readonly frames: readonly string[];
}

const NODE_FRAMES = [
  'preHandlerCallback (/srv/repo/node_modules/fastify/lib/handle-request.js:137:37)',
  'process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
];

/** The stack as Node prints it. */
export function stackOf({ type, message, frames }: Crash): string {
  return [`${type}: ${message}`, ...[...frames, ...NODE_FRAMES].map((frame) => `    at ${frame}`)].join('\n');
}

/** A quiet hour of requests, then failing ones with their stack. */
export function logsOf(service: string, crash: Crash | undefined, path = '/items/'): LogLine[] {
  const lines: LogLine[] = [];
  for (let minute = 0; minute < 58; minute += 1)
    lines.push(
      jsonLine(service, plusSeconds(FROM, minute * 60), 'INFO', `GET ${path} -> 200 (${5 + (minute % 7)} ms)`, {
        status: 200,
      }),
    );
  for (let index = 0; index < 12; index += 1) {
    const at = plusSeconds(ONSET, index * 15 + 2);
    if (crash)
      lines.push(
        jsonLine(service, at, 'ERROR', `GET ${path} failed: ${crash.message}`, {
          method: 'GET',
          path,
          error: { type: crash.type, message: crash.message },
          stack: stackOf(crash),
        }),
      );
    lines.push(
      jsonLine(service, plusSeconds(at, 0.01), 'ERROR', `GET ${path} -> 500 (${6 + index} ms)`, {
        method: 'GET',
        path,
        status: 500,
      }),
    );
  }
  return lines;
}

const STARTED = Date.parse(plusSeconds(ONSET, -40)) / 1000;

/** 5xx from shortly after a restart on; up all the time. */
export function regressionWorld(repository: Repository, crash: Crash | undefined): World {
  const service = serviceOf('items-api', { repositoryPath: repository.folder, sourcePath: '/srv/repo' });
  return {
    service,
    registry: { services: [service, serviceOf('shop', { dependsOn: ['items-api'] })] },
    alerts: [alertOf('Service5xxErrors', 'items-api', 'items-api answers with 5xx')],
    metrics: {
      'items-api up': [seriesOf('up', { service: 'items-api' }, () => 1)],
      'items-api http_requests_total': requestsOf('items-api', '/items/', 4, 0.31),
      'items-api process_start_time_seconds': [
        seriesOf('process_start_time_seconds', { service: 'items-api' }, (seconds) =>
          seconds < -30 ? STARTED - 86_000 : STARTED,
        ),
      ],
    },
    probes: { 'items-api health': { httpStatus: 200 } },
    logs: logsOf('items-api', crash),
    repository,
  };
}

export function itemsRepository(guilty: Step['change']): Repository & { remove(): void } {
  return buildRepository(stepsWith(guilty), 'apps/items-api');
}

const MONGO = 'mongo-api-service';
const REFUSED: Crash = {
  type: 'MongoServerSelectionError',
  message: 'connect ECONNREFUSED 127.0.0.1:27017',
  frames: [
    'Topology.selectServer (/srv/repo/node_modules/mongodb/lib/sdam/topology.js:321:38)',
    'async Topology._connect (/srv/repo/node_modules/mongodb/lib/sdam/topology.js:200:28)',
    `async listItems (/srv/repo/${STORE}:21:17)`,
    `async describeAll (/srv/repo/${ITEMS}:20:17)`,
  ],
};

/** MongoDB is gone; a harmless commit was deployed shortly before, and our own frames are in the traces. */
export function mongoDownWorld(repository: Repository): World {
  const service = serviceOf(MONGO, {
    readyUrl: 'http://localhost:9000/health/ready',
    repositoryPath: repository.folder,
    sourcePath: '/srv/repo',
    dependsOn: ['mongodb'],
  });
  const checks: LogLine[] = [];
  for (let index = 0; index < 30; index += 1)
    checks.push(
      jsonLine(
        MONGO,
        plusSeconds(ONSET, index * 5 + 1),
        'ERROR',
        'MongoDB check failed: connect ECONNREFUSED 127.0.0.1:27017',
        {
          error: { type: REFUSED.type, message: REFUSED.message },
          stack: stackOf(REFUSED),
        },
      ),
    );
  const logs = [...logsOf(MONGO, REFUSED), ...checks].sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1));
  return {
    service,
    registry: { services: [service] },
    alerts: [alertOf('MongoDependencyDown', MONGO, 'MongoDB is not reachable', 'critical')],
    metrics: {
      [`${MONGO} up`]: [seriesOf('up', { service: MONGO }, () => 1)],
      [`${MONGO} dependency_up`]: [
        seriesOf('dependency_up', { service: MONGO, dependency: 'mongodb' }, (seconds) => (seconds < 0 ? 1 : 0)),
      ],
      [`${MONGO} http_requests_total`]: requestsOf(MONGO, '/items/', 2, 0.9),
      [`${MONGO} process_start_time_seconds`]: [
        seriesOf('process_start_time_seconds', { service: MONGO }, (seconds) =>
          seconds < -400 ? STARTED - 86_000 : STARTED - 400,
        ),
      ],
    },
    probes: {
      [`${MONGO} health`]: { httpStatus: 200 },
      [`${MONGO} ready`]: { httpStatus: 503, body: '{"status":"unavailable"}' },
    },
    logs,
    repository,
  };
}

/** ServiceDown was posted by hand, and the service is well. */
export function healthyWorld(repository: Repository, scraped: boolean): World {
  const service = serviceOf('weather-app1', { repositoryPath: repository.folder });
  return {
    service,
    registry: { services: [service] },
    alerts: [alertOf('ServiceDown', 'weather-app1', 'weather-app1 is not responding', 'critical')],
    metrics: scraped ? { 'weather-app1 up': [seriesOf('up', { service: 'weather-app1' }, () => 1)] } : undefined,
    probes: { 'weather-app1 health': { httpStatus: 200 } },
    logs: logsOf('weather-app1', undefined, '/').filter((line) => line.text.includes('"INFO"')),
    repository,
  };
}

/** Nobody listens any more. */
export function processDownWorld(): World {
  const service = serviceOf('weather-app1');
  return {
    service,
    registry: { services: [service] },
    alerts: [alertOf('ServiceDown', 'weather-app1', 'weather-app1 is not responding', 'critical')],
    metrics: {
      'weather-app1 up': [seriesOf('up', { service: 'weather-app1' }, (seconds) => (seconds < 0 ? 1 : 0))],
    },
    probes: { 'weather-app1 health': { failure: 'refused', detail: 'connect ECONNREFUSED 127.0.0.1:8000' } },
    logs: logsOf('weather-app1', undefined, '/').filter((line) => line.text.includes('"INFO"')),
    repository: undefined,
  };
}

/** Only a name: not in the registry, nothing configured. */
export function unknownWorld(): World {
  const { healthUrl: _healthUrl, ...service } = serviceOf('ghost');
  return {
    service,
    registry: { services: [serviceOf('items-api')] },
    alerts: [alertOf('ServiceDown', 'ghost', 'ghost is not responding')],
    metrics: undefined,
    probes: {},
    logs: undefined,
    repository: undefined,
  };
}

/** Open-Meteo fails; our service passes it on as 502. */
export function externalWorld(repository: Repository): World {
  const service = serviceOf('weather-app1', { repositoryPath: repository.folder, sourcePath: '/srv/repo' });
  const path = '/weather/latitude=52.5&longitude=13.4';
  const crash: Crash = {
    type: 'AppError',
    message: 'Open-Meteo answered 503',
    frames: [`getText (/srv/repo/${STORE}:21:17)`, `async Object.forecast (/srv/repo/${ITEMS}:20:17)`],
  };
  const logs = logsOf('weather-app1', crash, path).map((line) => ({
    ...line,
    text: line.text.replace('-> 500', '-> 502'),
  }));
  return {
    service,
    registry: { services: [service] },
    alerts: [alertOf('Service5xxErrors', 'weather-app1', 'weather-app1 answers with 5xx')],
    metrics: {
      'weather-app1 up': [seriesOf('up', { service: 'weather-app1' }, () => 1)],
      'weather-app1 http_requests_total': requestsOf('weather-app1', '/weather/:place', 2, 1),
    },
    probes: { 'weather-app1 health': { httpStatus: 200 } },
    logs,
    repository,
  };
}

const REGION_NEEDED = edit(
  CONFIG,
  'export const port',
  "if (!process.env.ITEMS_REGION) throw new Error('Missing required environment variable ITEMS_REGION');\nexport const port",
);

const PORT_IS_READ_WRONGLY = edit(CONFIG, 'Number(process.env.PORT ?? 9000)', 'process.env.PORT.trim()');
const UNDEFINED_PORT: Crash = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'trim')",
  frames: [`file:///srv/repo/${CONFIG}:2:38`, 'ModuleJob.run (node:internal/modules/esm/module_job:274:25)'],
};

/** A commit makes the process end as it starts, with an error of its own. */
export function brokenStartWorld(kept: { remove(): void }[]): { world: World; guilty: string } {
  return startupWorld(kept, PORT_IS_READ_WRONGLY, UNDEFINED_PORT);
}

const NO_REGION: Crash = {
  type: 'Error',
  message: 'Missing required environment variable ITEMS_REGION',
  frames: [`file:///srv/repo/${CONFIG}:2:40`, 'ModuleJob.run (node:internal/modules/esm/module_job:274:25)'],
};

/** A commit asks for a setting that nobody gave; the process ends as it starts. */
export function startupWorld(
  kept: { remove(): void }[],
  change: Step['change'] = REGION_NEEDED,
  crash = NO_REGION,
): { world: World; guilty: string } {
  const repository = itemsRepository(change);
  kept.push(repository);
  const service = serviceOf('items-api', { repositoryPath: repository.folder, sourcePath: '/srv/repo' });
  const quiet = logsOf('items-api', undefined).filter((line) => line.text.includes('"INFO"'));
  const stack = stackOf(crash).split('\n');
  const world: World = {
    service,
    registry: { services: [service] },
    alerts: [alertOf('ServiceDown', 'items-api', 'items-api is not responding', 'critical')],
    metrics: { 'items-api up': [seriesOf('up', { service: 'items-api' }, (seconds) => (seconds < 0 ? 1 : 0))] },
    probes: { 'items-api health': { failure: 'refused', detail: 'connect ECONNREFUSED 127.0.0.1:9000' } },
    logs: [...quiet, jsonLine('items-api', plusSeconds(ONSET, 2), 'ERROR', crash.message, { stack: stack.join('\n') })],
    repository,
  };
  return { world, guilty: repository.hashes[5] ?? '' };
}
