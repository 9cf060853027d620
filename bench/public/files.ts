/** Files of a set, parsed at the door. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type CsvTable, readCsv } from './csv.ts';

/** In the order of their names. */
export function caseIds(folder: string): string[] {
  return readdirSync(join(folder, 'cases')).sort();
}

export function readJson<T>(schema: z.ZodType<T>, ...path: readonly string[]): T {
  return schema.parse(JSON.parse(readFileSync(join(...path), 'utf8')));
}

export function readTable(...path: readonly string[]): CsvTable {
  return readCsv(readFileSync(join(...path), 'utf8'));
}
