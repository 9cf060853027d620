/** Changes of the storefront. */
import type { FaultTemplate } from '../../template.ts';

export const storefrontLatest: readonly FaultTemplate[] = [];
