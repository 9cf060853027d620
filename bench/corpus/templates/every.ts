/** All templates there are, of every part. */
import type { FaultTemplate } from '../template.ts';
import { templates } from './all.ts';
import { freshTemplates } from './fresh/all.ts';
import { laterTemplates } from './later/all.ts';
import { latestTemplates } from './latest/all.ts';

export const everyTemplate: readonly FaultTemplate[] = [
  ...templates,
  ...freshTemplates,
  ...laterTemplates,
  ...latestTemplates,
];
