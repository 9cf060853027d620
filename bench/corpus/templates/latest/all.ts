/** Templates that were written after the engine had been developed on all others, the later ones among them. */
import type { FaultTemplate } from '../../template.ts';
import { forecastsLatest } from './forecasts.ts';
import { itemsLatest } from './items.ts';
import { ledgerLatest } from './ledger.ts';
import { ledgerResourcesLatest } from './ledger-resources.ts';
import { ordersLatest } from './orders.ts';
import { storefrontLatest } from './storefront.ts';
import { storefrontLatestCalm } from './storefront-calm.ts';
import { storefrontLatestResources } from './storefront-resources.ts';
import { surroundingsLatest } from './surroundings.ts';

export const latestTemplates: readonly FaultTemplate[] = [
  ...storefrontLatest,
  ...storefrontLatestResources,
  ...storefrontLatestCalm,
  ...itemsLatest,
  ...forecastsLatest,
  ...ordersLatest,
  ...ledgerLatest,
  ...ledgerResourcesLatest,
  ...surroundingsLatest,
];
