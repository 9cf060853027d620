/** weather-app1 as it lies in this repository, with a memory of forecasts and settings of its own. */
import type { Tree } from '../../../demo/repository.ts';
import { withFiles } from '../../../demo/scenarios/regression/edits.ts';
import type { Change, ServiceDefinition } from '../template.ts';
import { addFile, append, edit, edited } from './edits.ts';
import { demoService, given, nodeCommand } from './node-service.ts';
import * as texts from './weather-app1-texts.ts';

const FOLDER = 'services/weather-app1';
const SRC = `${FOLDER}/src`;

export const weatherApp1: ServiceDefinition = {
  name: 'weather-app1',
  language: 'typescript',
  folder: FOLDER,
  dependsOn: ['open-meteo'],
  healthPath: '/',
  weight: 'light',
  beginning,
  changes: changes(),
  command(running) {
    const environment = given({
      LOG_FILE: running.logFile,
      DEPLOYED_REVISION: running.revision,
      OPEN_METEO_URL: running.addresses['open-meteo'],
    });
    return nodeCommand(running, environment, true);
  },
};

function beginning(): Tree {
  const added = withFiles(demoService('weather-app1'), {
    [`${FOLDER}/README.md`]: texts.README,
    [`${FOLDER}/config/settings.json`]: texts.SETTINGS,
    [`${SRC}/settings.ts`]: texts.SETTINGS_READER,
    [`${SRC}/forecast-cache.ts`]: texts.FORECAST_CACHE,
    [`${SRC}/display.ts`]: texts.DISPLAY,
  });
  const routed = edited(added, `${SRC}/routes.ts`, [
    ["import { parseCoordinates } from './coordinates.ts';\n", IMPORTS_IN_ROUTES],
    [
      'return provider.forecast(parseCoordinates(coordinates));',
      'return shown(await provider.forecast(parseCoordinates(coordinates)));',
    ],
  ]);
  return edited(routed, `${SRC}/main.ts`, [
    ["import { openMeteo } from './open-meteo.ts';\n", IMPORTS_IN_MAIN],
    [
      'createLogger({ service: SERVICE, filePath: configuration.logFile }) };\n  },\n  async ({ configuration, logger }) => {',
      "createLogger({ service: SERVICE, filePath: configuration.logFile }) };\n  },\n  async ({ configuration, logger }) => {\n    const { forecasts, provider: limits } = readSettings(resolve(import.meta.dirname, '..'));",
    ],
    ['    const provider = openMeteo({ baseUrl: openMeteoUrl });\n', PROVIDER],
  ]);
}

const IMPORTS_IN_ROUTES =
  "import { parseCoordinates } from './coordinates.ts';\nimport { shown } from './display.ts';\n";
const IMPORTS_IN_MAIN =
  "import { keepingForecasts } from './forecast-cache.ts';\nimport { openMeteo } from './open-meteo.ts';\n" +
  "import { readSettings } from './settings.ts';\n";
const PROVIDER = `    const provider = keepingForecasts(
      openMeteo({ baseUrl: openMeteoUrl, timeoutMilliseconds: limits.timeout_milliseconds }),
      { freshMilliseconds: forecasts.fresh_seconds * 1_000, maxPlaces: forecasts.places, now: () => performance.now() },
    );
`;

function changes(): Change[] {
  return [
    addFile('weather: a test for what is shown', `${SRC}/display.test.ts`, texts.DISPLAY_TEST),
    edit('weather: the greeting names the route', `${SRC}/routes.ts`, [
      "message: 'Weather service is running'",
      "message: 'Weather service is running', route: '/weather/latitude={lat}&longitude={lon}'",
    ]),
    append(
      'weather readme: how to start it alone',
      `${FOLDER}/README.md`,
      '\nStart it alone: `npm start` in this folder.\n',
    ),
    edit("weather: soil is nobody's business, visibility is", `${SRC}/open-meteo.ts`, [
      "  'cloud_cover',\n",
      "  'cloud_cover',\n  'visibility',\n",
    ]),
    addFile('weather: what a place is', `${FOLDER}/docs/places.md`, texts.PLACES_DOC),
    edit('weather: bump zod', `${FOLDER}/package.json`, ['"zod": "4.6.7"', '"zod": "^4.6.7"']),
    edit('weather: coordinates refuse more than six digits after the point', `${SRC}/coordinates.ts`, [
      '(\\.\\d{1,20})?',
      '(\\.\\d{1,6})?',
    ]),
    edit('weather settings: room for more places', `${FOLDER}/config/settings.json`, [
      '"places": 500',
      '"places": 800',
    ]),
    edit('weather: a forecast may be larger than it was', `${SRC}/open-meteo.ts`, [
      '/** A forecast has about 20 kB. */\nconst MAX_REPLY_BYTES = 1024 * 1024;',
      '/** A forecast has about 25 kB. */\nconst MAX_REPLY_BYTES = 2 * 1024 * 1024;',
    ]),
    edit('weather: sunshine per day', `${SRC}/open-meteo.ts`, [
      "  'sunset',\n",
      "  'sunset',\n  'sunshine_duration',\n",
    ]),
    append('weather docs: why two digits', `${FOLDER}/docs/places.md`, '\nThe models are coarser than that.\n'),
    edit('weather: version 0.2.0', `${FOLDER}/package.json`, ['"version": "0.1.0"', '"version": "0.2.0"']),
    addFile('weather: local settings and logs stay local', `${FOLDER}/.gitignore`, 'logs/\n.env\n'),
  ];
}
