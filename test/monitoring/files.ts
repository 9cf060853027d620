/** What lies under monitoring/, parsed. A file that is missing or has another shape throws with its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Dashboard } from './dashboard-schema.ts';

export const ROOT = join(import.meta.dirname, '..', '..');
export const MONITORING = join(ROOT, 'monitoring');
const DASHBOARDS = join(MONITORING, 'grafana', 'dashboards');

/** A YAML file under monitoring/, in the shape of the schema. */
export function yamlFile<T>(name: string, schema: z.ZodType<T>): T {
  return shaped(name, schema, parse(textOf(name)));
}

export function textOf(name: string): string {
  return readFileSync(join(MONITORING, name), 'utf8');
}

export interface NamedDashboard {
  /** `services.json` */
  readonly file: string;
  readonly dashboard: Dashboard;
}

export function dashboards(): NamedDashboard[] {
  return readdirSync(DASHBOARDS)
    .filter((file) => file.endsWith('.json')) // Grafana reads no others
    .toSorted()
    .map((file) => {
      const content: unknown = JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8'));
      return { file, dashboard: shaped(file, Dashboard, content) };
    });
}

function shaped<T>(name: string, schema: z.ZodType<T>, content: unknown): T {
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw new Error(`${name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
