/** Faults whose cause sits in the Python or the Java service, or in what they depend on. */
import type { FaultTemplate } from '../template.ts';
import { ledgerAwayTemplates } from './ledger-away.ts';
import { ledgerCodeTemplates } from './ledger-code.ts';
import { ledgerLoadTemplates } from './ledger-load.ts';
import { ordersCodeTemplates } from './orders-code.ts';
import { ordersDatabaseTemplates } from './orders-database.ts';
import { ordersLoadTemplates } from './orders-load.ts';
import { ordersNothingWrongTemplates } from './orders-nothing-wrong.ts';
import { ordersStartTemplates } from './orders-start.ts';
import { paymentsAwayTemplates } from './payments-away.ts';

export const pythonJavaTemplates: readonly FaultTemplate[] = [
  ...ordersCodeTemplates,
  ...ordersDatabaseTemplates,
  ...ordersLoadTemplates,
  ...ordersStartTemplates,
  ...ledgerCodeTemplates,
  ...ledgerLoadTemplates,
  ...ledgerAwayTemplates,
  ...paymentsAwayTemplates,
  ...ordersNothingWrongTemplates,
];
