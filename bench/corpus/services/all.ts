/** Every service of the corpus. */
import type { ServiceDefinition } from '../template.ts';
import { ledger } from './ledger.ts';
import { mongoApiService } from './mongo-api-service.ts';
import { orders } from './orders.ts';
import { storefront } from './storefront.ts';
import { weatherApp1 } from './weather-app1.ts';

export const services: readonly ServiceDefinition[] = [
  // TypeScript
  storefront,
  weatherApp1,
  mongoApiService,
  // Python and Java
  orders,
  ledger,
];
