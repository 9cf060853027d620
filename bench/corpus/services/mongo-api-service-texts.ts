/** Files that mongo-api-service has in this shop beside those it has here. Texts, not code of this program. */

export const SETTINGS = `{
  "pool": { "size": 20, "wait_milliseconds": 1500 },
  "slow_query_milliseconds": 500
}
`;

export const SETTINGS_READER = `/** What this service decides for itself, as opposed to where it runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Settings = z.object({
  pool: z.object({ size: z.number().int().positive(), wait_milliseconds: z.number().int().positive() }),
  slow_query_milliseconds: z.number().int().positive(),
});
export type Settings = z.infer<typeof Settings>;

export function readSettings(appFolder: string): Settings {
  return Settings.parse(JSON.parse(readFileSync(join(appFolder, 'config', 'settings.json'), 'utf8')));
}
`;

export const CONNECTIONS = `/** How many connections to MongoDB are lent, and how many queries wait for one. */
import type { MongoClient } from 'mongodb';

export interface Connections {
  readonly size: number;
  inUse(): number;
  waiting(): number;
}

export function watchConnections(client: MongoClient, size: number): Connections {
  let inUse = 0;
  let waiting = 0;
  client.on('connectionCheckOutStarted', () => {
    waiting += 1;
  });
  client.on('connectionCheckOutFailed', () => {
    waiting -= 1;
  });
  client.on('connectionCheckedOut', () => {
    waiting -= 1;
    inUse += 1;
  });
  client.on('connectionCheckedIn', () => {
    inUse -= 1;
  });
  return { size, inUse: () => inUse, waiting: () => waiting };
}
`;

export const CONNECTION_METRICS = `/** The pool of connections under /metrics. */
import { Gauge, type Registry } from 'prom-client';
import type { Connections } from './connections.ts';

export function declareConnections(registry: Registry, { size, inUse, waiting }: Connections): void {
  const values = {
    db_pool_connections_max: () => size,
    db_pool_connections_in_use: inUse,
    db_pool_waiters: waiting,
  };
  for (const [name, read] of Object.entries(values)) {
    new Gauge({
      name,
      help: 'Connections to MongoDB.',
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
}
`;

export const README = `# mongo-api-service

Items in MongoDB, behind a small HTTP interface: create, list, find, change, remove.

\`GET /health\` says that it runs, \`GET /health/ready\` that MongoDB answers too. Settings: \`config/settings.json\` and
\`.env.example\`.
`;

export const FIELDS_DOC = `# Fields of an item

| field | what |
| --- | --- |
| \`name\` | 1 to 200 characters |
| \`description\` | optional, may be null |
| \`value\` | a number, 0 unless given |
| \`created_at\`, \`updated_at\` | ISO 8601, UTC |
`;

export const DURATION = `/** Times for people. */

/** \`3 h 12 min\`, \`12 min\`, \`40 s\` */
export function spoken(seconds: number): string {
  if (seconds < 60) return \`\${Math.floor(seconds)} s\`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return \`\${minutes} min\`;
  return \`\${Math.floor(minutes / 60)} h \${minutes % 60} min\`;
}
`;

export const DURATION_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoken } from './duration.ts';

test('times are said in the two units that matter', () => {
  assert.equal(spoken(40.7), '40 s');
  assert.equal(spoken(725), '12 min');
  assert.equal(spoken(11_530), '3 h 12 min');
});
`;
