/** A small service with a health address, a log and a history in git; it fails when told to, always at the same line. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { listen } from '../demo/listen.ts';
import { buildRepository } from '../demo/repository.ts';

export interface FailingService {
  readonly registry: Readonly<Record<string, unknown>>;
  /** One name after the other, so that every alert opens an incident of its own. */
  nextName(): string;
  /** Writes what such a failure leaves in the log of the service. */
  fail(name: string): void;
  /** Resolves when somebody next asks for the health of the service; who asks is let wait for so long. */
  untilAsked(name: string, holdMilliseconds: number): Promise<void>;
  close(): Promise<void>;
}

const AUTHOR = { name: 'Someone', email: 'someone@example.com' };
const GOOD = `const settings = { pageSize: 20 };

export function listItems(items) {
  return items.slice(0, settings.pageSize);
}
`;
const BAD = GOOD.replace('{ pageSize: 20 }', '{ page: { size: 20 } }').replace(
  'settings.pageSize',
  'settings.pages.size',
);

/** `count` names, all of them this one service. */
export async function startFailingService(scratch: string, count: number): Promise<FailingService> {
  const repository = join(scratch, 'repository');
  await buildRepository(
    repository,
    [
      { hoursAgo: 50, author: AUTHOR, message: 'items: a list', change: () => new Map([['items.js', GOOD]]) },
      {
        hoursAgo: 20,
        author: AUTHOR,
        message: 'docs: how to start it',
        change: (tree) => new Map([...tree, ['README.md', 'Run items.js.\n']]),
      },
      {
        hoursAgo: 0.1,
        author: AUTHOR,
        message: 'items: group the settings',
        change: (tree) => new Map([...tree, ['items.js', BAD]]),
      },
    ],
    new Date(),
  );
  mkdirSync(join(scratch, 'service-logs'), { recursive: true });
  const asked = new Map<string, { holdMilliseconds: number; resolve: () => void }>();
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice('/health/'.length);
    const waiting = asked.get(name);
    asked.delete(name);
    waiting?.resolve();
    setTimeout(() => answer(response), waiting?.holdMilliseconds ?? 0);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const names = Array.from({ length: count }, (_, index) => `bench-service-${String(index + 1).padStart(3, '0')}`);
  for (const name of names) writeFileSync(logFile(scratch, name), quietHour());
  let next = 0;
  return {
    registry: Object.fromEntries(
      names.map((name) => [
        name,
        { health_url: `${url}/health/${name}`, log_paths: { service: logFile(scratch, name) }, repo_path: repository },
      ]),
    ),
    nextName: () => names[next++ % names.length] ?? 'bench-service-001',
    fail: (name) => appendFileSync(logFile(scratch, name), failures(name, repository)),
    untilAsked(name, holdMilliseconds) {
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.set(name, { holdMilliseconds, resolve });
      return promise;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
}

function logFile(scratch: string, name: string): string {
  return join(scratch, 'service-logs', `${name}.log`);
}

function line(at: number, level: string, fields: object): string {
  return `${JSON.stringify({ time: new Date(at).toISOString(), level, ...fields })}\n`;
}

/** A request every half second for an hour: what a log holds before it becomes interesting. */
function quietHour(): string {
  const now = Date.now();
  return Array.from({ length: 7_200 }, (_, index) =>
    line(now - 3_600_000 + index * 500, 'INFO', {
      message: `GET /items/${index % 97} -> 200 (${(index * 7) % 40} ms)`,
    }),
  ).join('');
}

function failures(service: string, repository: string): string {
  const now = Date.now();
  const stack = [
    "TypeError: Cannot read properties of undefined (reading 'size')",
    `    at listItems (${join(repository, 'items.js')}:4:40)`,
    `    at Server.answer (${join(repository, 'server.js')}:12:9)`,
    '    at Server.emit (node:events:519:28)',
  ].join('\n');
  return Array.from({ length: 200 }, (_, index) =>
    line(now - 20_000 + index * 100, 'ERROR', { service, message: 'GET /items/ -> 500 (2 ms)', stack }),
  ).join('');
}
