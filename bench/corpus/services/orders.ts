/** Takes the shop's orders, in Python: bench/corpus/shop/orders is its real source. */
import { dirname, join } from 'node:path';
import { authorityOf, hasAuthority } from '../backends/payments-certificate.ts';
import { PAYMENTS_TOKEN } from '../backends/payments-token.ts';
import type { Running, ServiceDefinition } from '../template.ts';
import { LEDGER_KEY } from './ledger-key.ts';
import { filesBelow } from './node-service.ts';
import { ordersChanges } from './orders-changes.ts';
import { shellCommand } from './shell-command.ts';

const FOLDER = 'services/orders';
const SOURCES = join(import.meta.dirname, '..', 'shop', 'orders');
/** As a small container has them. */
const OPEN_FILES = 128;

export const orders: ServiceDefinition = {
  name: 'orders',
  language: 'python',
  folder: FOLDER,
  dependsOn: ['ledger', 'payments'],
  healthPath: '/health',
  readyPath: '/health/ready',
  weight: 'light',
  beginning: () => filesBelow(SOURCES, FOLDER),
  changes: ordersChanges,
  command(running) {
    return shellCommand(running, OPEN_FILES, ['python3', '-m', 'orders'], {
      PYTHONPATH: running.folder,
      PYTHONDONTWRITEBYTECODE: '1',
      // Else each thread has a heap of its own, and memory grows with the connections.
      MALLOC_ARENA_MAX: '2',
      DATA_DIR: join(dirname(running.logFile), 'data-orders'),
      LEDGER_URL: addressOf(running, 'ledger'),
      LEDGER_TOKEN_KEY: LEDGER_KEY,
      PAYMENTS_API_KEY: PAYMENTS_TOKEN,
      ...paymentsOf(addressOf(running, 'payments')),
    });
  },
};

function addressOf({ addresses }: Running, name: 'ledger' | 'payments'): string {
  const address = addresses[name];
  if (address === undefined) throw new Error(`orders cannot be started: the case has no ${name}`);
  return address;
}

/** Over TLS wherever the provider has a certificate. */
function paymentsOf(address: string): Record<string, string> {
  const port = Number(new URL(address).port);
  if (!hasAuthority(port)) return { PAYMENTS_URL: address };
  return { PAYMENTS_URL: address.replace(/^http:/, 'https:'), PAYMENTS_CA_FILE: authorityOf(port) };
}
