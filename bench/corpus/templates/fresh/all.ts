/** Templates that were written after the engine had been developed on the others. */
import type { FaultTemplate } from '../../template.ts';
import { ledgerCode } from './ledger-code.ts';
import { nothingWrong } from './nothing-wrong.ts';
import { ordersCode } from './orders-code.ts';
import { ordersResources } from './orders-resources.ts';
import { surroundings } from './surroundings.ts';
import { typescriptCode } from './typescript-code.ts';
import { typescriptResources } from './typescript-resources.ts';

export const freshTemplates: readonly FaultTemplate[] = [
  ...ordersCode,
  ...ordersResources,
  ...ledgerCode,
  ...typescriptCode,
  ...typescriptResources,
  ...surroundings,
  ...nothingWrong,
];
