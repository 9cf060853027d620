/** JSON that is the same bytes for the same value: keys in their own order, whatever order they came in. */

/** `indent` undefined: on one line. Half a surrogate pair becomes U+FFFD. */
export function canonicalJson(value: unknown, indent?: number): string {
  return JSON.stringify(sorted(value), undefined, indent);
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
