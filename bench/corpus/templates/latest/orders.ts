/** Changes of the orders service. */
import type { FaultTemplate } from '../../template.ts';

export const ordersLatest: readonly FaultTemplate[] = [];
