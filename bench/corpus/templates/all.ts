/** Every fault template of the corpus. */
import type { FaultTemplate } from '../template.ts';
import { pythonJavaTemplates } from './all-python-java.ts';
import { typescriptTemplates } from './all-typescript.ts';

export const templates: readonly FaultTemplate[] = [...typescriptTemplates, ...pythonJavaTemplates];
