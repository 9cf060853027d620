/** Faults whose cause sits in a TypeScript service, in what it depends on, or nowhere. */
import type { FaultTemplate } from '../template.ts';

export const typescriptTemplates: readonly FaultTemplate[] = [];
