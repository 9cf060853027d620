/** Changes of the mongo-api-service. */
import type { FaultTemplate } from '../../template.ts';

export const itemsLatest: readonly FaultTemplate[] = [];
