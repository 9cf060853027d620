/**
 * The last days of a small team's repository, ending in the services as they lie here plus one feature, in which one
 * commit is guilty. It is neither the newest nor does its message tell.
 */
import type { HistoryStep, Tree } from '../../repository.ts';
import { lineOf, only, replaced, withFiles } from './edits.ts';
import { CAREFUL_ROUNDING, CARELESS_ROUNDING, GUILTY_MARKER, ROUNDING_PATH } from './rounding.ts';

const MIRA = { name: 'Mira Okafor', email: 'mira.okafor@example.com' };
const JONAS = { name: 'Jonas Lind', email: 'jonas.lind@example.com' };

const WEATHER = 'apps/weather-app1';
const MONGO = 'apps/mongo-api-service';
const CLIENT = `${WEATHER}/src/open-meteo.ts`;
const ROUTES = `${WEATHER}/src/routes.ts`;
const SERVER_TEST = `${WEATHER}/src/server.test.ts`;
const GREETING = "message: 'Weather service is running'";
const LONGER_GREETING = `${GREETING}, route: '/weather/latitude={lat}&longitude={lon}'`;
const GUILTY_MESSAGE = 'rounding: digits by unit, in one place';

export interface History {
  readonly steps: readonly HistoryStep[];
  /** Of the commit that breaks the service, in `steps`. */
  readonly guiltyIndex: number;
  readonly file: string;
  /** Where it breaks, at the newest commit. */
  readonly line: number;
}

/** `sources`: the two services as they are. Throws when they have moved away from what the history is told about. */
export function regressionHistory(sources: Tree): History {
  const steps = [...beginnings(sources), ...recentDays(sources)];
  let tree: Tree = new Map();
  for (const step of steps) tree = step.change(tree);
  return {
    steps,
    guiltyIndex: steps.findIndex(({ message }) => message === GUILTY_MESSAGE),
    file: ROUNDING_PATH,
    line: lineOf(tree, ROUNDING_PATH, GUILTY_MARKER),
  };
}

const isTest = (path: string) => path.endsWith('.test.ts');
const isIn = (folder: string) => (path: string) => path.startsWith(`${folder}/`);

/** From the inside out, so that at each commit everything that is imported is there. */
function beginnings(sources: Tree): HistoryStep[] {
  const take = (fits: (path: string) => boolean) => (tree: Tree) => withFiles(tree, only(sources, fits));
  const named = (...paths: string[]) => take((path) => paths.includes(path));
  return [
    {
      author: MIRA,
      hoursAgo: 214,
      message: 'Two services, one repository',
      change: (tree) => withFiles(named(`${WEATHER}/package.json`, `${MONGO}/package.json`)(tree), ROOT_FILES),
    },
    {
      author: JONAS,
      hoursAgo: 209,
      message: 'weather: settings come from the environment',
      change: named(`${WEATHER}/src/configuration.ts`, `${WEATHER}/.env.example`),
    },
    {
      author: JONAS,
      hoursAgo: 190,
      message: 'weather: coordinates are parsed and bounded',
      change: take((path) => path.startsWith(`${WEATHER}/src/coordinates`)),
    },
    {
      author: MIRA,
      hoursAgo: 187,
      message: 'mongo-api: create, read, change and delete items',
      change: take((path) => isIn(MONGO)(path) && !isTest(path)),
    },
    {
      author: JONAS,
      hoursAgo: 166,
      message: 'weather: a client for Open-Meteo',
      change: (tree) => withFiles(tree, { [CLIENT]: earlierClient(sources) }),
    },
    {
      author: JONAS,
      hoursAgo: 163,
      message: 'weather: routes and server',
      change: take((path) => isIn(WEATHER)(path) && !isTest(path) && path !== CLIENT),
    },
    {
      author: MIRA,
      hoursAgo: 141,
      message: 'mongo-api: tests',
      change: take((path) => isIn(MONGO)(path) && isTest(path)),
    },
    {
      author: JONAS,
      hoursAgo: 116,
      message: 'weather: tests against a provider that misbehaves',
      change: take((path) => isIn(WEATHER)(path) && isTest(path)),
    },
  ];
}

function recentDays(sources: Tree): HistoryStep[] {
  return [
    {
      author: MIRA,
      hoursAgo: 70,
      message: 'open-meteo: ask for gusts and wind direction too',
      change: (tree) => replaced(tree, CLIENT, NO_WIND_DETAILS, `${WIND_DETAILS}];\nconst HOURLY`),
    },
    { author: JONAS, hoursAgo: 52, message: 'weather: show one decimal', change: withRounding },
    {
      author: MIRA,
      hoursAgo: 45,
      message: 'open-meteo: wait as long as the page does',
      change: (tree) =>
        withFiles(
          tree,
          only(sources, (path) => path === CLIENT),
        ),
    },
    {
      author: JONAS,
      hoursAgo: 26,
      message: 'readme: how to start one service alone',
      change: (tree) => withFiles(tree, { 'README.md': `${ROOT_FILES['README.md']}${START_ALONE}` }),
    },
    {
      author: JONAS,
      hoursAgo: 4.5,
      message: GUILTY_MESSAGE,
      change: (tree) => withFiles(tree, { [ROUNDING_PATH]: CARELESS_ROUNDING }),
    },
    {
      author: MIRA,
      hoursAgo: 2.2,
      message: 'weather: the greeting names the route',
      change: (tree) => [ROUTES, SERVER_TEST].reduce((so, path) => replaced(so, path, GREETING, LONGER_GREETING), tree),
    },
    {
      author: MIRA,
      hoursAgo: 0.7,
      message: 'readme: where the logs are',
      change: (tree) => withFiles(tree, { 'README.md': `${tree.get('README.md') ?? ''}${LOGS}` }),
    },
  ];
}

const ROOT_FILES = {
  '.gitignore': 'node_modules/\nlogs/\n.env\n',
  'README.md':
    '# Weather and items\n\n- `apps/weather-app1`: the weather of a place, from Open-Meteo\n- `apps/mongo-api-service`: items in MongoDB\n',
};
const START_ALONE =
  '\n## Start one alone\n\nEach service has a `.env.example`. Copy it to `.env`, then `npm start` in its folder.\n';
const LOGS = '\n## Logs\n\nJSON lines on stdout and under `logs/` of each service; five old files are kept.\n';

const WIND_DETAILS = "  'wind_speed_10m',\n  'wind_direction_10m',\n  'wind_gusts_10m',\n";
const NO_WIND_DETAILS = "  'wind_speed_10m',\n];\nconst HOURLY";

/** The client before it asked for everything and waited for as long as it does now. */
function earlierClient(sources: Tree): string {
  const shorter = replaced(sources, CLIENT, WIND_DETAILS, "  'wind_speed_10m',\n");
  const hasty = replaced(shorter, CLIENT, 'TIMEOUT_MILLISECONDS = 10_000', 'TIMEOUT_MILLISECONDS = 5_000');
  return hasty.get(CLIENT) ?? '';
}

function withRounding(tree: Tree): Tree {
  const imported = replaced(
    tree,
    ROUTES,
    "from './open-meteo.ts';",
    "from './open-meteo.ts';\nimport { rounded } from './rounding.ts';",
  );
  const used = replaced(
    imported,
    ROUTES,
    'return provider.forecast(parseCoordinates(coordinates));',
    'return rounded(await provider.forecast(parseCoordinates(coordinates)));',
  );
  return withFiles(used, { [ROUNDING_PATH]: CAREFUL_ROUNDING });
}
