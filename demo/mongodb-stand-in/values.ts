/** Equality and order of BSON values, as far as a filter or a sort needs them. */
import { type Document, Double, EJSON, Int32, Long, ObjectId } from 'bson';

/** Two values are equal exactly when their keys are: 1 and 1.0 are, an ObjectId and its text are not. */
export function valueKey(value: unknown): string {
  return EJSON.stringify({ value: value === undefined ? null : value }, { relaxed: true });
}

export function idOf({ _id: id }: Document): unknown {
  return id;
}

export function areEqual(left: unknown, right: unknown): boolean {
  return valueKey(left) === valueKey(right);
}

/** MongoDB's order: by type first, then by value. Negative: left comes first. */
export function compareValues(left: unknown, right: unknown): number {
  const byType = typeRank(left) - typeRank(right);
  if (byType !== 0) return byType;
  const [a, b] = [comparable(left), comparable(right)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** True when a range operator may compare the two: `$gt: 5` never matches a text. */
export function areComparable(left: unknown, right: unknown): boolean {
  return typeRank(left) === typeRank(right);
}

function typeRank(value: unknown): number {
  if (value === undefined || value === null) return 1;
  if (typeof value === 'number' || typeof value === 'bigint') return 2;
  if (value instanceof Long || value instanceof Int32 || value instanceof Double) return 2;
  if (typeof value === 'string') return 3;
  if (value instanceof ObjectId) return 7;
  if (value instanceof Date) return 9;
  if (Array.isArray(value)) return 5;
  return typeof value === 'boolean' ? 8 : 4;
}

function comparable(value: unknown): number | string {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (value instanceof Long) return value.toNumber();
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Date) return value.getTime();
  return value instanceof ObjectId ? value.toHexString() : valueKey(value);
}

/** The value at a path such as `address.city`; undefined: the document has none. */
export function valueAt(document: unknown, path: string): unknown {
  let value = document;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
