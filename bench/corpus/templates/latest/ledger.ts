/** Changes of the ledger. */
import type { FaultTemplate } from '../../template.ts';

export const ledgerLatest: readonly FaultTemplate[] = [];
