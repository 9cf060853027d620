import { expect, test } from 'vitest';
import { httpAgent } from '../adapters/monitor/http-agent.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { silentProgress } from '../adapters/terminal/progress.ts';
import { httpClient } from '../lib/http.ts';
import { startServer } from '../lib/testing/start-server.ts';
import { exampleReport } from '../report/example-report.test-helper.ts';
import { investigate, type OutgoingAlert } from './investigate.ts';

const log = { info() {}, warn() {}, error() {} };
const alerts = (count: number): OutgoingAlert[] =>
  Array.from({ length: count }, (_none, index) => ({
    status: 'firing',
    labels: { service: `s${index}`, alertname: 'NewLogErrors' },
  }));

function investigateAt(url: string, all: readonly OutgoingAlert[], taken: OutgoingAlert[] = []) {
  const client = httpClient({ name: 'The agent' });
  return investigate(all, {
    agent: httpAgent(url, { alerts: client, api: client }),
    clock: { ...systemClock, sleep: (_milliseconds, signal) => systemClock.sleep(20, signal) },
    log,
    progress: silentProgress,
    signal: AbortSignal.timeout(10_000),
    taken: (alert) => taken.push(alert),
  });
}

test('at most two investigations are under way, and all of them are waited for', async () => {
  let underWay = 0;
  let most = 0;
  let opened = 0;
  const looks = new Map<string, number>();
  await using server = await startServer((request, response) => {
    const id = /INC-\d+/.exec(request.url ?? '')?.[0];
    if (id === undefined) {
      opened += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      looks.set(`INC-${opened}`, 0);
      response.writeHead(202).end(JSON.stringify({ incidents: [{ id: `INC-${opened}` }] }));
      return;
    }
    const look = (looks.get(id) ?? 0) + 1;
    looks.set(id, look);
    if (look === 3) underWay -= 1;
    response.end(
      JSON.stringify({
        runs: [{ status: look < 3 ? 'running' : 'done' }],
        report: look < 3 ? null : exampleReport('code'),
      }),
    );
  });
  const taken: OutgoingAlert[] = [];
  const found = await investigateAt(server.url, alerts(7), taken);
  expect({ most, taken: taken.length, reports: found.reports.length, notes: found.notes }).toEqual({
    most: 2,
    taken: 7,
    reports: 7,
    notes: [],
  });
});

test.each([
  { says: 'an agent that is busy', status: 503, kept: 3, notes: 1 },
  { says: 'a token that is missing', status: 401, kept: 3, notes: 1 },
  { says: 'an alert that is refused for what it says', status: 400, kept: 0, notes: 1 },
])('$says: alerts that may still be taken are kept', async ({ status, kept, notes }) => {
  await using server = await startServer((_request, response) => response.writeHead(status).end('{"error":"no"}'));
  const taken: OutgoingAlert[] = [];
  const found = await investigateAt(server.url, alerts(3), taken);
  expect({ kept: 3 - taken.length, notes: found.notes.length }).toEqual({ kept, notes });
});
