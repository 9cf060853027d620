/** What others run fails the services. */
import type { FaultTemplate } from '../../template.ts';
import { byMagnitude, fault } from '../fault.ts';
import { BOOKS, booked, DELIVERY, TILL } from '../fresh/shared.ts';
import { shoppers, weatherCallers } from '../shoppers.ts';
import { foreignCertificate, type InPlace, inPlaceOf, trustedCertificate } from './in-its-place.ts';

const CREATED = 201;
const MAINTENANCE_PAGE =
  '<!doctype html><html><head><title>We will be back soon</title></head><body><h1>Scheduled maintenance</h1></body></html>';
/** What stands in for a provider, by the folder of its case. */
const inPlace = new Map<string, InPlace>();

export const othersFail: readonly FaultTemplate[] = [
  /** A page for people, with a status as if all were well. */
  fault({
    ...DELIVERY,
    id: 'open-meteo-page-for-people',
    class: 'external-api-down',
    kind: 'dependency',
    service: 'weather-app1',
    dependency: 'open-meteo',
    alerting: 'weather-app1',
    traffic: (world, variant) => weatherCallers(world, variant, 60, 6),
    async inject(world) {
      const page = await inPlaceOf(world, 'open-meteo', (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end(MAINTENANCE_PAGE);
      });
      inPlace.set(world.scratch, page);
    },
    recover: async (world) => inPlace.get(world.scratch)?.end(),
  }),

  /** Answers come, each after seconds. */
  fault({
    ...DELIVERY,
    id: 'open-meteo-drags',
    class: 'timeout-latency',
    kind: 'dependency',
    service: 'weather-app1',
    dependency: 'open-meteo',
    alerting: 'weather-app1',
    traffic: (world, variant) => weatherCallers(world, variant, 60, 6),
    inject: (world, variant) =>
      world
        .backend('open-meteo')
        .set({ mode: 'slow', milliseconds: byMagnitude(variant, { low: 1_400, middle: 1_900, high: 2_600 }) }),
    recover: (world) => world.backend('open-meteo').set({ mode: 'well' }),
  }),

  /** The provider renews with another issuer, which our list of authorities does not hold. */
  booked(
    {
      ...BOOKS,
      id: 'payments-other-issuer',
      class: 'tls-certificate',
      kind: 'dependency',
      service: 'orders',
      dependency: 'payments',
      alerting: 'orders',
      async inject(world) {
        const certificate = await foreignCertificate(world);
        await inPlaceOf(world, 'payments', (_request, response) => response.writeHead(500).end(), certificate);
      },
    },
    { weights: { place: 9 } },
  ),

  /** Charges are made, and told in another form than it was agreed. */
  fault({
    ...TILL,
    id: 'payments-answer-in-an-envelope',
    class: 'external-api-down',
    kind: 'dependency',
    service: 'storefront',
    dependency: 'payments',
    alerting: 'storefront',
    traffic: (world, variant) => shoppers(world, variant, { checkoutEach: 1 }),
    async inject(world) {
      let charges = 0;
      const provider = await inPlaceOf(
        world,
        'payments',
        (request, response) => {
          charges += 1;
          const isCharge = request.url === '/charges';
          const charge = { charge: { id: `ch_${charges}`, state: 'SUCCEEDED' }, links: [], warnings: [] };
          response.writeHead(isCharge ? CREATED : 200, { 'content-type': 'application/json' });
          setTimeout(() => response.end(JSON.stringify(isCharge ? { data: charge } : { status: 'ok' })), 70);
        },
        await trustedCertificate(world),
      );
      inPlace.set(world.scratch, provider);
    },
    recover: async (world) => inPlace.get(world.scratch)?.end(),
  }),

  /** What stands before the database cuts every connection as it comes. */
  fault({
    ...TILL,
    id: 'mongodb-cuts-connections',
    class: 'dependency-refused',
    kind: 'dependency',
    service: 'mongo-api-service',
    dependency: 'mongodb',
    alerting: 'mongo-api-service',
    inject: (world) => world.backend('mongodb').set({ mode: 'reset' }),
    recover: (world) => world.backend('mongodb').set({ mode: 'well' }),
  }),
];
