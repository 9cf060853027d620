/** Changes of orders, in Python. */
import type { FaultTemplate } from '../../template.ts';

export const ordersLater: readonly FaultTemplate[] = [];
