/** Faults whose cause sits in the Python or the Java service, or in what they depend on. */
import type { FaultTemplate } from '../template.ts';

export const pythonJavaTemplates: readonly FaultTemplate[] = [];
