/** Faults that no change of code made, and alarms behind which nothing is wrong. */
import type { FaultTemplate } from '../../template.ts';

export const surroundingsLater: readonly FaultTemplate[] = [];
