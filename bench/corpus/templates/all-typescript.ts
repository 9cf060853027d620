/** Faults whose cause sits in a TypeScript service, in what it depends on, or nowhere. */
import type { FaultTemplate } from '../template.ts';
import { backendFaults } from './backend-faults.ts';
import { calleeCode } from './callee-code.ts';
import { machineFaults } from './machine-faults.ts';
import { nothingWrong } from './nothing-wrong.ts';
import { settingsChanges } from './settings-changes.ts';
import { storefrontCode } from './storefront-code.ts';
import { storefrontResources } from './storefront-resources.ts';

export const typescriptTemplates: readonly FaultTemplate[] = [
  ...storefrontCode,
  ...storefrontResources,
  ...settingsChanges,
  ...calleeCode,
  ...backendFaults,
  ...machineFaults,
  ...nothingWrong,
];
