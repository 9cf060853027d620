/** What is not the code: the machine, what a service asks, load; and alerts behind which nothing is wrong. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { authorityOf } from '../../backends/payments-certificate.ts';
import type { CaseWorld, FaultTemplate, ServiceName, TrafficPlan, Variant } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { BOOKS, booked, COUNTER, mixed, TILL } from '../fresh/shared.ts';
import { statement } from '../later/by-hand.ts';
import { inPlaceOf, portOf, trustedCertificate } from '../later/in-its-place.ts';
import { itemCallers, shoppers } from '../shoppers.ts';
import { behindNarrowWay, overQuota } from './mongodb-in-its-place.ts';
import { nothingWrongLatest } from './nothing-wrong.ts';

/** To be ended again, by the folder of its case. */
const strangers = new Map<string, Server>();

export const surroundingsLatest: readonly FaultTemplate[] = [
  ...nothingWrongLatest,

  /** The plan of the hosted database holds no more. */
  fault({
    ...TILL,
    id: 'items-plan-used-up',
    class: 'rate-limit',
    kind: 'dependency',
    service: 'mongo-api-service',
    dependency: 'mongodb',
    alerting: 'mongo-api-service',
    traffic: (world, variant) => visitsAndCallers(world, variant),
    async inject(world, variant) {
      await overQuota(world, byMagnitude(variant, { low: 512, middle: 2_048, high: 5_120 }));
    },
  }),

  /** A switch on the way to the database was exchanged, and the new one takes smaller packets than both ends send. */
  fault({
    ...TILL,
    id: 'items-large-packets-lost',
    class: 'timeout-latency',
    kind: 'infrastructure',
    service: 'mongo-api-service',
    dependency: 'mongodb',
    alerting: 'storefront',
    traffic: (world, variant) => ({
      ...visitsAndCallers(world, variant),
      // So few that those who wait in vain leave connections for the others.
      requestsPerSecond: byMagnitude(variant, { low: 1.7, middle: 1.9, high: 2.1 }),
    }),
    async inject(world, variant) {
      await behindNarrowWay(world, byMagnitude(variant, { low: 1_400, middle: 1_320, high: 1_230 }));
    },
  }),

  /** From today on the provider wants to see who calls. */
  booked(
    {
      ...BOOKS,
      id: 'payments-asks-who-calls',
      class: 'tls-certificate',
      kind: 'dependency',
      service: 'orders',
      dependency: 'payments',
      alerting: 'orders',
      async inject(world) {
        const certificate = await trustedCertificate(world);
        if (certificate === undefined) throw new Error('payments-asks-who-calls needs openssl on the PATH');
        const ca = readFileSync(authorityOf(portOf(world, 'payments')), 'utf8');
        await inPlaceOf(world, 'payments', (_request, response) => response.writeHead(201).end('{}'), {
          ...certificate,
          ca,
          requestCert: true,
          rejectUnauthorized: true,
        });
      },
    },
    { weights: { place: 9 } },
  ),

  /** The host came up again, and another program was quicker. */
  {
    ...fault({
      ...COUNTER,
      id: 'orders-port-of-another',
      class: 'process-down',
      kind: 'infrastructure',
      service: 'orders',
      alerting: 'orders',
      async inject(world, variant) {
        await world.stop('orders');
        await strangerAt(world, 'orders');
        await world.restart('orders');
        world.keepRestarting('orders', byMagnitude(variant, { low: 4, middle: 3, high: 2 }));
      },
      async recover(world) {
        await leave(world);
        await world.restart('orders');
      },
    }),
    traffic: (world, variant) => mixed(world, variant),
  },

  /** Started anew it is as before; somebody wants to look inside then, and leaves it so. */
  booked({
    ...BOOKS,
    id: 'ledger-waits-to-be-looked-into',
    class: 'bad-config',
    kind: 'config',
    service: 'ledger',
    alerting: 'ledger',
    async inject(world, variant) {
      await world.restart('ledger');
      await world.pause(1.5);
      const address = byMagnitude(variant, { low: '5005', middle: 'localhost:8000', high: '127.0.0.1:5009' });
      const agent = `-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=${address}`;
      await world.restart('ledger', { JAVA_TOOL_OPTIONS: agent });
    },
    recover: (world) => world.restart('ledger', { JAVA_TOOL_OPTIONS: undefined }),
  }),

  /** The books of a year are put right by a script, all at once. */
  booked({
    ...BOOKS,
    id: 'orders-corrections-by-a-script',
    class: 'queue-backlog',
    kind: 'infrastructure',
    service: 'orders',
    alerting: 'orders',
    seconds: { baseline: 60, incident: 55, recovery: 10 },
    environment: (_variant, scratch) => ({ orders: { DATA_DIR: join(scratch, 'orders') } }),
    inject(world, variant) {
      const count = byMagnitude(variant, { low: 14_000, middle: 18_000, high: 24_000 });
      return statement(join(world.scratch, 'orders', 'orders.db'), correctionsOf(count));
    },
    recover: (world) =>
      statement(join(world.scratch, 'orders', 'orders.db'), `DELETE FROM outbox WHERE payload LIKE '%"vat-2025-%'`),
  }),
];

/** Visitors of the pages, and callers of the items behind them. */
function visitsAndCallers(world: Parameters<FaultTemplate['traffic']>[0], variant: Variant): TrafficPlan {
  const visits = shoppers(world, variant);
  const own = itemCallers(world, variant);
  return {
    ...visits,
    requests: own.requests.flatMap((request, index) => [request, visits.requests[index] ?? request]),
  };
}

/** Like many a small program it knows one page, and this is not it. */
async function strangerAt(world: CaseWorld, service: ServiceName): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
    response.end('404 page not found\n');
  });
  server.listen(Number(new URL(world.addresses[service] ?? '').port), '127.0.0.1');
  await once(server, 'listening');
  strangers.set(world.scratch, server);
  world.signal.addEventListener('abort', () => void leave(world), { once: true });
}

async function leave({ scratch }: CaseWorld): Promise<void> {
  const server = strangers.get(scratch);
  if (!server?.listening) return;
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

function correctionsOf(count: number): string {
  const payload =
    `json_object('account', 'customer-' || (1 + i % 400), 'reference', 'vat-2025-' || i, ` +
    `'cents', 1 + (i * 7) % 90, 'currency', 'EUR')`;
  return (
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) ` +
    `INSERT INTO outbox (payload) SELECT ${payload} FROM n`
  );
}
