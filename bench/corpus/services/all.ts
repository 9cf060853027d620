/** Every service of the corpus. */
import type { ServiceDefinition } from '../template.ts';

export const services: readonly ServiceDefinition[] = [
  // TypeScript
  // Python and Java
];
