/** The shop's face to customers: bench/corpus/shop/storefront is its real source. */
import { join } from 'node:path';
import { authorityOf, hasAuthority } from '../backends/payments-certificate.ts';
import { PAYMENTS_TOKEN } from '../backends/payments-token.ts';
import type { Running, ServiceDefinition } from '../template.ts';
import { filesBelow, given, nodeCommand } from './node-service.ts';
import { storefrontChanges } from './storefront-changes.ts';

const FOLDER = 'services/storefront';
const SOURCES = join(import.meta.dirname, '..', 'shop', 'storefront');

export const storefront: ServiceDefinition = {
  name: 'storefront',
  language: 'typescript',
  folder: FOLDER,
  dependsOn: ['mongo-api-service', 'orders', 'weather-app1', 'payments'],
  healthPath: '/health',
  readyPath: '/health/ready',
  weight: 'light',
  beginning: () => filesBelow(SOURCES, FOLDER),
  changes: storefrontChanges,
  command(running) {
    const { addresses } = running;
    const environment = given({
      REVISION: running.revision,
      CATALOG_URL: addresses['mongo-api-service'],
      ORDERS_URL: addresses.orders,
      WEATHER_URL: addresses['weather-app1'],
      ...paymentsOf(addresses),
    });
    return nodeCommand(running, environment, false);
  },
};

/** Over TLS wherever the provider has a certificate. */
function paymentsOf({ payments }: Running['addresses']): Record<string, string> {
  if (payments === undefined) return {};
  const port = Number(new URL(payments).port);
  const token = { PAYMENTS_TOKEN };
  if (!hasAuthority(port)) return { PAYMENTS_URL: payments, ...token };
  return { PAYMENTS_URL: payments.replace(/^http:/, 'https:'), NODE_EXTRA_CA_CERTS: authorityOf(port), ...token };
}
