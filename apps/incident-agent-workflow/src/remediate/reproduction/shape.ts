/** A value as the search for a failing call describes it, so that it can be built, changed and written down again. */

import { z } from 'zod';

export type Shape = null | boolean | number | string | readonly Shape[] | { readonly [key: string]: Shape };
/** `$undefined`, a function that gives back a value, or what the service's own code makes of values. Kept as tagged
 * objects, since all of it travels as JSON. */

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

export function isCall(shape: Shape): shape is { readonly $call: Shape } {
  return typeof shape === 'object' && shape !== null && !Array.isArray(shape) && '$call' in shape;
}
function isUndefined(shape: Shape): boolean {
  return typeof shape === 'object' && shape !== null && !Array.isArray(shape) && '$undefined' in shape;
}

interface Maker {
  /** From the service's folder; in Python as it is imported. */
  readonly module: string;
  readonly name: string;
  readonly isClass: boolean;
}
const Made = z.object({
  $made: z.object({ module: z.string(), name: z.string(), isClass: z.boolean() }),
  values: z.array(z.json()),
});

/** Whatever the value needs to be imported, each once. */
export function makersIn(shape: Shape): Maker[] {
  const made = Made.safeParse(shape).data;
  const inner = shape === null || typeof shape !== 'object' ? [] : Object.values(shape);
  const all = [...(made ? [made.$made] : []), ...inner.flatMap(makersIn)];
  return all.filter(
    ({ module, name }, index) => index === all.findIndex((one) => one.module === module && one.name === name),
  );
}

export function javascriptLiteral(shape: Shape): string {
  if (shape === null || typeof shape !== 'object') return JSON.stringify(shape);
  if (Array.isArray(shape)) return `[${shape.map(javascriptLiteral).join(', ')}]`;
  if (isUndefined(shape)) return 'undefined';
  if (isCall(shape)) return `() => (${javascriptLiteral(shape.$call)})`;
  const made = Made.safeParse(shape).data;
  if (made)
    return `${made.$made.isClass ? 'new ' : ''}${made.$made.name}(${made.values.map(javascriptLiteral).join(', ')})`;
  const members = Object.entries(shape).map(
    ([key, value]) => `${PLAIN_KEY.test(key) ? key : JSON.stringify(key)}: ${javascriptLiteral(value)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Objects with attributes are `Thing(…)`: see PYTHON_THING. */
export function pythonLiteral(shape: Shape): string {
  if (shape === null) return 'None';
  if (typeof shape === 'boolean') return shape ? 'True' : 'False';
  if (typeof shape !== 'object') return JSON.stringify(shape);
  if (Array.isArray(shape)) return `[${shape.map(pythonLiteral).join(', ')}]`;
  if (isUndefined(shape)) return 'None';
  if (isCall(shape)) return `(lambda *_, **__: ${pythonLiteral(shape.$call)})`;
  const made = Made.safeParse(shape).data;
  if (made) return `${made.$made.name}(${made.values.map(pythonLiteral).join(', ')})`;
  const entries = Object.entries(shape).filter(([key]) => key !== '$thing');
  if ('$thing' in shape) return `Thing(${entries.map(([key, value]) => `${key}=${pythonLiteral(value)}`).join(', ')})`;
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}: ${pythonLiteral(value)}`).join(', ')}}`;
}

/** What stands in for objects of the service: attributes as given, usable in a `with`. */
export const PYTHON_THING = `class Thing:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None
`;
