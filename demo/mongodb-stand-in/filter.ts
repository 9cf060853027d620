/** Which documents a filter means. An operator that is not known here is refused, never ignored. */
import type { Document } from 'bson';
import { badValue } from './command-error.ts';
import { areComparable, areEqual, compareValues, valueAt } from './values.ts';

type Test = (value: unknown, wanted: unknown) => boolean;

const OPERATORS: Readonly<Record<string, Test>> = {
  $eq: isOrHolds,
  $ne: (value, wanted) => !isOrHolds(value, wanted),
  $in: isOneOf,
  $nin: (value, wanted) => !isOneOf(value, wanted),
  $gt: (value, wanted) => areComparable(value, wanted) && compareValues(value, wanted) > 0,
  $gte: (value, wanted) => areComparable(value, wanted) && compareValues(value, wanted) >= 0,
  $lt: (value, wanted) => areComparable(value, wanted) && compareValues(value, wanted) < 0,
  $lte: (value, wanted) => areComparable(value, wanted) && compareValues(value, wanted) <= 0,
  $exists: (value, wanted) => (value !== undefined) === Boolean(wanted),
};

export function matches(document: Document, filter: Document): boolean {
  return Object.entries(filter).every(([name, wanted]) => matchesField(document, name, wanted));
}

function matchesField(document: Document, name: string, wanted: unknown): boolean {
  if (name === '$and') return filters(name, wanted).every((each) => matches(document, each));
  if (name === '$or') return filters(name, wanted).some((each) => matches(document, each));
  if (name.startsWith('$')) throw badValue(`unknown top level operator: ${name}`);
  const value = valueAt(document, name);
  if (!isOperatorDocument(wanted)) return isOrHolds(value, wanted);
  return Object.entries(wanted).every(([operator, operand]) => operatorNamed(operator)(value, operand));
}

function operatorNamed(name: string): Test {
  const test = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!test) throw badValue(`unknown operator: ${name}`);
  return test;
}

function filters(operator: string, wanted: unknown): Document[] {
  if (Array.isArray(wanted) && wanted.length > 0 && wanted.every(isDocument)) return wanted;
  throw badValue(`${operator} must be a nonempty array of objects`);
}

/** `{tags: 'new'}` also means a list that holds it. */
function isOrHolds(value: unknown, wanted: unknown): boolean {
  if (areEqual(value, wanted)) return true;
  return Array.isArray(value) && value.some((each) => areEqual(each, wanted));
}

function isOneOf(value: unknown, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) throw badValue('$in needs an array');
  return wanted.some((each) => isOrHolds(value, each));
}

function isOperatorDocument(wanted: unknown): wanted is Document {
  return isDocument(wanted) && Object.keys(wanted)[0]?.startsWith('$') === true;
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
