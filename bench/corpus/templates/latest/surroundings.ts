/** What is not the code: the machine, what a service asks, load; and alerts behind which nothing is wrong. */
import type { FaultTemplate } from '../../template.ts';

export const surroundingsLatest: readonly FaultTemplate[] = [];
