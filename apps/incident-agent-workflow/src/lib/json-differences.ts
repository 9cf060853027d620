/** Where two JSON values differ. */

export interface JsonDifference {
  /** `verdict.support[2].text`; '' for the whole. */
  readonly path: string;
  /** undefined: it is not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The innermost places, in the order of `before`, then what only `after` has. A list that grew or shrank differs in `length`. */
export function differencesOf(before: unknown, after: unknown, path = ''): JsonDifference[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const common = before.slice(0, after.length);
    const inside = common.flatMap((item, index) => differencesOf(item, after[index], `${path}[${index}]`));
    if (before.length === after.length) return inside;
    return [...inside, { path: `${path}.length`, before: before.length, after: after.length }];
  }
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => differencesOf(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return before === after ? [] : [{ path, before, after }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
