/** mongo-api-service as it lies in this repository, with a bounded pool of connections that can be watched. */
import type { Tree } from '../../../demo/repository.ts';
import { withFiles } from '../../../demo/scenarios/regression/edits.ts';
import type { Change, ServiceDefinition } from '../template.ts';
import { addFile, append, edit, editAll, edited } from './edits.ts';
import * as texts from './mongo-api-service-texts.ts';
import { demoService, given, nodeCommand } from './node-service.ts';

const FOLDER = 'services/mongo-api-service';
const SRC = `${FOLDER}/src`;

export const mongoApiService: ServiceDefinition = {
  name: 'mongo-api-service',
  language: 'typescript',
  folder: FOLDER,
  dependsOn: ['mongodb'],
  healthPath: '/health',
  readyPath: '/health/ready',
  weight: 'light',
  beginning,
  changes: changes(),
  command(running) {
    const mongodb = running.addresses.mongodb?.replace(/^http:/, 'mongodb:');
    const environment = given({
      LOG_FILE: running.logFile,
      DEPLOYED_REVISION: running.revision,
      MONGO_URI: mongodb,
      DEPENDENCY_CHECK_SECONDS: '2',
    });
    return nodeCommand(running, environment, true);
  },
};

function beginning(): Tree {
  const added = withFiles(demoService('mongo-api-service'), {
    [`${FOLDER}/README.md`]: texts.README,
    [`${FOLDER}/config/settings.json`]: texts.SETTINGS,
    [`${SRC}/settings.ts`]: texts.SETTINGS_READER,
    [`${SRC}/connections.ts`]: texts.CONNECTIONS,
    [`${SRC}/connection-metrics.ts`]: texts.CONNECTION_METRICS,
  });
  const pooled = edited(added, `${SRC}/database.ts`, [
    [
      "mongodb';\n\nexport interface Database {",
      "mongodb';\nimport { type Connections, watchConnections } from './connections.ts';\n\nexport interface Database {",
    ],
    ['  close(): Promise<void>;\n}', '  close(): Promise<void>;\n  readonly connections: Connections;\n}'],
    [
      '  readonly appName: string;\n',
      '  readonly appName: string;\n  readonly pool: { readonly size: number; readonly wait_milliseconds: number };\n',
    ],
    ['const { uri, databaseName, appName,', 'const { uri, databaseName, appName, pool,'],
    [
      '    appName,\n    server',
      '    appName,\n    maxPoolSize: pool.size,\n    waitQueueTimeoutMS: pool.wait_milliseconds,\n    server',
    ],
    [
      '  /**\n   * Asked for each query',
      '  const connections = watchConnections(client, pool.size);\n  /**\n   * Asked for each query',
    ],
    ['    close: () => client.close(),\n', '    close: () => client.close(),\n    connections,\n'],
  ]);
  const measured = edited(pooled, `${SRC}/server.ts`, [
    [
      "import type { Database } from './database.ts';\n",
      "import { declareConnections } from './connection-metrics.ts';\nimport type { Database } from './database.ts';\n",
    ],
    [
      '  const server = createServer({',
      '  declareConnections(metrics.registry, database.connections);\n  const server = createServer({',
    ],
  ]);
  return edited(measured, `${SRC}/main.ts`, [
    [
      "import { SERVICE } from './service-name.ts';\n",
      "import { SERVICE } from './service-name.ts';\nimport { readSettings } from './settings.ts';\n",
    ],
    [
      'const database = openDatabase({ uri: mongoUri, databaseName, appName });',
      "const { pool } = readSettings(resolve(import.meta.dirname, '..'));\n    const database = openDatabase({ uri: mongoUri, databaseName, appName, pool });",
    ],
  ]);
}

function changes(): Change[] {
  return [
    addFile('mongo-api: the fields of an item', `${FOLDER}/docs/fields.md`, texts.FIELDS_DOC),
    addFile('mongo-api: times for people', `${SRC}/duration.ts`, texts.DURATION),
    editAll('mongo-api: readiness says how long it has been up', {
      [`${SRC}/health-routes.ts`]: [
        [
          "import { SERVICE } from './service-name.ts';\n",
          "import { spoken } from './duration.ts';\nimport { SERVICE } from './service-name.ts';\n",
        ],
        [
          'uptime_seconds: Math.floor(process.uptime()),',
          'uptime_seconds: Math.floor(process.uptime()),\n      up_for: spoken(process.uptime()),',
        ],
      ],
    }),
    addFile('mongo-api: a test for spoken times', `${SRC}/duration.test.ts`, texts.DURATION_TEST),
    append(
      'mongo-api readme: how to start it alone',
      `${FOLDER}/README.md`,
      '\nStart it alone: `npm start` in this folder.\n',
    ),
    edit('mongo-api: what the driver is told about this client', `${FOLDER}/.env.example`, [
      '# How MongoDB names this client in its own logs.',
      '# How MongoDB names this client in its own logs and in currentOp.',
    ]),
    edit('mongo-api: bump mongodb', `${FOLDER}/package.json`, ['"mongodb": "7.9.0"', '"mongodb": "~7.9.0"']),
    edit('mongo-api: the refusal of an empty change names the fields in their order', `${SRC}/item-routes.ts`, [
      'Nothing to update: send name, description or value',
      'Nothing to change: send at least one of name, description and value',
    ]),
    edit('mongo-api settings: queries are slow from 400 ms on', `${FOLDER}/config/settings.json`, [
      '"slow_query_milliseconds": 500',
      '"slow_query_milliseconds": 400',
    ]),
    edit('mongo-api: a longer look for a MongoDB that restarts', `${SRC}/database.ts`, [
      'selectionTimeoutMilliseconds = 2_000 } = options',
      'selectionTimeoutMilliseconds = 2_500 } = options',
    ]),
    edit('mongo-api: the reason why a check failed stands in one place', `${SRC}/dependency-check.ts`, [
      "if (isUp && wasUp === false) options.logger.info('MongoDB answers again');",
      "if (isUp && wasUp === false) options.logger.info({ dependency: 'mongodb' }, 'MongoDB answers again');",
    ]),
    append(
      'mongo-api docs: what an id is',
      `${FOLDER}/docs/fields.md`,
      '\n`id`: 24 hexadecimal digits, given by us.\n',
    ),
    edit('mongo-api: version 0.2.0', `${FOLDER}/package.json`, ['"version": "0.1.0"', '"version": "0.2.0"']),
  ];
}
