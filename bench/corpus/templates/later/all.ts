/** Templates that were written after the engine had been developed on all others, `fresh` among them. */
import type { FaultTemplate } from '../../template.ts';
import { ledgerLater } from './ledger.ts';
import { ledgerResourcesLater } from './ledger-resources.ts';
import { ordersLater } from './orders.ts';
import { surroundingsLater } from './surroundings.ts';
import { typescriptLater } from './typescript.ts';
import { typescriptLaterResources } from './typescript-resources.ts';

export const laterTemplates: readonly FaultTemplate[] = [
  ...typescriptLater,
  ...typescriptLaterResources,
  ...ordersLater,
  ...ledgerLater,
  ...ledgerResourcesLater,
  ...surroundingsLater,
];
