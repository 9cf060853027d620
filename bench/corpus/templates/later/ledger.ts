/** Changes of the ledger, in Java. */
import type { FaultTemplate } from '../../template.ts';

export const ledgerLater: readonly FaultTemplate[] = [];
