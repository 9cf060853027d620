/** The whole report as JSON, for programs. Keys in their own order, so that the same report is the same bytes. */
import type { Renderer } from '../../ports.ts';

export function jsonRenderer(): Renderer {
  return {
    format: 'json',
    contentType: 'application/json; charset=utf-8',
    async render(report) {
      return Buffer.from(`${JSON.stringify(sorted(report), undefined, 2)}\n`);
    },
  };
}

/** What comes back from a database has lost the order of its keys; `schema` and `version` stay in front. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value.toWellFormed() : value;
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : Number(a > b)));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

const FIRST = ['schema', 'version', 'id', 'kind'];
function rank(key: string): number {
  const index = FIRST.indexOf(key);
  return index === -1 ? FIRST.length : index;
}
