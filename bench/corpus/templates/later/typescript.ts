/** Changes of the TypeScript services. */
import type { FaultTemplate } from '../../template.ts';

export const typescriptLater: readonly FaultTemplate[] = [];
