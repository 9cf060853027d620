/**
 * Looks for a call that fails as the incident did: calls the functions of the stack trace with made-up values and lets
 * each error and each property that was missed say what the next value must have. Asked of the mended code it looks the
 * same way for calls that return. Runs inside the sandbox; these functions are handed over as text, so they may use
 * nothing but each other, all of them in this file. Functions that others give back (handlers in a table of routes, methods
 * of what a factory makes) are reached through those.
 */
import type { Shape } from './shape.ts';

export interface SearchOrder {
  readonly type: string;
  readonly message: string;
  /** End of the path and the line that the error must come from. */
  readonly path: string;
  readonly line: number;
  /** Modules by path from where the script is started, with the names to call; innermost first. */
  readonly calls: readonly { readonly module: string; readonly name: string | null }[];
  readonly words: readonly string[];
  /** Modules that the fix changes: what they make may be what breaks the call. */
  readonly makers: readonly string[];
  /** The line that fails, without its spaces: a function without a name is known by it. '' where it is not known. */
  readonly lineText: string;
  readonly milliseconds: number;
  readonly goal: 'fails' | 'returns';
  /** Calls to begin with; without any the search begins with nothing. */
  readonly seeds: readonly SearchFound[];
  /** Only the seeds are tried. */
  readonly seedsOnly: boolean;
  /** How many are enough. */
  readonly wanted: number;
}
export interface SearchFound {
  readonly module: string;
  /** `total`, or `Basket.total` for a method. */
  readonly name: string;
  readonly via: 'named' | 'default';
  /** Of a method the first one is `this`. */
  readonly values: readonly Shape[];
  /** The function lies in what the named one gives back for its first `outer` values; it is called with the others. */
  readonly inner?: { readonly path: readonly (string | number)[]; readonly outer: number } | undefined;
}
type Path = readonly (string | number)[];
type Call = (values: readonly unknown[]) => unknown;
interface Callable {
  readonly name: string;
  readonly via: 'named' | 'default';
  readonly count: number;
  readonly call: Call;
  readonly inner?: SearchFound['inner'];
}
type Modules = Readonly<Record<string, Record<string, unknown>>>;
interface Inner {
  readonly path: readonly (string | number)[];
  readonly length: number;
  readonly text: string;
}
interface Reads {
  missed: Path[];
  readonly modules: Modules;
}

/** The whole program: prints one line of JSON `{found, note}`. */
export function javascriptSearch(order: SearchOrder): string {
  const own = [searchAll, callable, search, tryCall, build, watched, changes, withValue, pathsOf, isSame];
  const parts = [...own, factories, functionsIn, makersOf, stub].map(String);
  return `${parts.join('\n')}\nprocess.on('unhandledRejection', () => {});\nsearchAll(${JSON.stringify(order)}, (url) => import(url)).then((result) => { process.stdout.write('\\n' + JSON.stringify(result) + '\\n', () => process.exit(0)); });\n`;
}

type Load = (url: string) => Promise<Record<string, unknown>>;

async function searchAll(order: SearchOrder, load: Load): Promise<{ found: SearchFound[]; note: string }> {
  const end = performance.now() + order.milliseconds;
  let note = 'none of the functions of the stack trace can be called from outside of its file';
  const modules: Record<string, Record<string, unknown>> = {};
  for (const module of order.makers)
    modules[module] = await load(new URL(module, `file://${process.cwd()}/`).href).catch(() => ({}));
  const [seed] = order.seeds;
  for (const { module, name } of seed ? [seed] : order.calls) {
    let loaded: Record<string, unknown>;
    try {
      loaded = await load(new URL(module, `file://${process.cwd()}/`).href);
    } catch (error) {
      note = `${module} cannot be loaded by itself: ${String(error).split('\n')[0]}`;
      continue;
    }
    const direct = seed?.inner ? [] : callable(loaded, name);
    const isSure = direct.length > 0 && name !== null;
    const within = isSure ? [] : await factories(callable(loaded, seed ? name : null), name, order);
    for (const one of [...direct, ...within]) {
      const { found, calls } = await search(one.call, one.count, order, end, modules);
      const { name: called, via, inner } = one;
      if (found.length > 0)
        return { found: found.map((values) => ({ module, name: called, via, values, inner })), note: '' };
      note = `${calls} calls with made-up values ${order.goal === 'fails' ? 'did not fail as in the incident' : 'did not return'}`;
    }
  }
  return { found: [], note };
}

/** The named function or method; without a name every function of the module. */
function callable(loaded: Record<string, unknown>, wanted: string | null): Callable[] {
  const found: Callable[] = [];
  const sets: ['named' | 'default', Record<string, unknown>][] = [['named', loaded]];
  const own = loaded.default;
  if (own !== null && (typeof own === 'object' || typeof own === 'function')) sets.push(['default', Object(own)]);
  for (const [via, set] of sets) {
    for (const [name, value] of Object.entries(set)) {
      if (typeof value !== 'function' || name === 'default') continue;
      const text = Function.prototype.toString.call(value);
      if (!text.startsWith('class')) {
        if (wanted === null || wanted === name)
          found.push({ name, via, count: value.length, call: (values) => value(...values) });
        continue;
      }
      for (const method of Object.getOwnPropertyNames(value.prototype)) {
        const body = Object.getOwnPropertyDescriptor(value.prototype, method)?.value;
        if (method === 'constructor' || typeof body !== 'function') continue;
        if (wanted === null || wanted === method || wanted === `${name}.${method}`)
          found.push({
            name: `${name}.${method}`,
            via,
            count: body.length + 1,
            call: ([self, ...values]) => body.apply(self, values),
          });
      }
    }
  }
  const names = new Set<string>();
  return found.filter(({ name }) => !names.has(name) && names.add(name)).slice(0, 8);
}

async function search(call: Call, count: number, order: SearchOrder, end: number, modules: Modules) {
  const makers = makersOf(modules);
  const first: Shape[] = Array.from({ length: Math.max(count, 1) }, () => ({ $undefined: true }));
  const hot: (readonly Shape[])[] = order.seeds.length > 0 ? order.seeds.map(({ values }) => values) : [first];
  const cold: (readonly Shape[])[] = [];
  const tried = new Set(hot.map((values) => JSON.stringify(values)));
  const seen = new Set<string>();
  const found: (readonly Shape[])[] = [];
  let calls = 0;
  for (
    let values = hot.shift();
    values && calls < 20_000 && performance.now() < end;
    values = hot.shift() ?? cold.shift()
  ) {
    calls += 1;
    const { outcome, isNear, isSeen, missed } = await tryCall(call, values, order, modules);
    if (order.goal === 'fails' ? isSeen : outcome === 'returned') {
      found.push(values);
      if (found.length >= order.wanted) break;
      if (order.goal === 'fails') continue;
    }
    // What behaves as something before it leads nowhere new.
    const kind = `${outcome}|${missed.map((path) => path.join('.')).join(',')}`;
    if (order.seedsOnly || (seen.has(kind) && outcome !== 'returned')) continue;
    seen.add(kind);
    for (const next of changes(values, missed, order.words, makers)) {
      const key = JSON.stringify(next);
      if (tried.has(key) || key.length > 4_000) continue;
      tried.add(key);
      (isNear ? hot : cold).push(next);
    }
  }
  return { found, calls };
}

async function tryCall(call: Call, values: readonly Shape[], order: SearchOrder, modules: Modules) {
  const reads: Reads = { missed: [], modules };
  try {
    const answer = call(values.map((value, index) => build(value, [index], reads)));
    await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 200))]);
    return { outcome: 'returned', isNear: order.goal === 'returns', isSeen: false, missed: reads.missed };
  } catch (error) {
    const isError = error instanceof Error;
    const places = isError
      ? String(error.stack)
          .split('\n')
          .filter((line) => line.trimStart().startsWith('at '))
      : [];
    const isThere = places.slice(0, 3).some((line) => line.includes(`${order.path}:${order.line}:`));
    const message = isError ? error.message : String(error);
    const isSeen =
      isThere && isError && [error.name, error.constructor.name].includes(order.type) && isSame(message, order.message);
    return {
      outcome: `${isError ? error.name : ''}: ${message}${places[0] ?? ''}`,
      isNear: isThere,
      isSeen,
      missed: reads.missed,
    };
  }
}

function build(shape: Shape, path: Path, reads: Reads): unknown {
  if (shape === null || typeof shape !== 'object') return shape;
  if (Array.isArray(shape)) return shape.map((value, index) => build(value, [...path, index], reads));
  if ('$undefined' in shape) return undefined;
  if ('$call' in shape) return () => build(shape.$call ?? null, [...path, '$call'], reads);
  if ('$made' in shape) {
    const { module, name, isClass } = Object(shape.$made);
    const given = [shape.values].flat().map((value, index) => build(value ?? null, [...path, 'values', index], reads));
    const maker: unknown = reads.modules[module]?.[name];
    if (typeof maker !== 'function') throw new Error(`${name} is not there`);
    return isClass ? Reflect.construct(maker, given) : maker(...given);
  }
  const members = Object.entries(shape).map(([key, value]) => [key, build(value, [...path, key], reads)]);
  return watched(Object.fromEntries(members), path, reads);
}

/** Tells which properties were asked for and not there. */
function watched(target: object, path: Path, reads: Reads): unknown {
  return new Proxy(target, {
    get(own, key, receiver) {
      if (typeof key === 'symbol' || key in own || key === 'then' || key === 'toJSON')
        return Reflect.get(own, key, receiver);
      reads.missed.push([...path, key]);
      return undefined;
    },
  });
}

/** Values that differ in one place: what was missed first, then everything that is there. */
function changes(
  values: readonly Shape[],
  missed: readonly Path[],
  words: readonly string[],
  makers: readonly Shape[],
): Shape[][] {
  const nothing = { $undefined: true };
  const some: Shape[] = [null, {}, ...makers, [], '', 0, nothing, { x: null }, [null], [{}], { x: nothing }, [nothing]];
  const more: Shape[] = ['x', -1, 1.5, true, { $call: null }, { $call: {} }, { $call: nothing }, { $call: [] }];
  const pool: Shape[] = [...some, ...more, ...words.slice(0, 6)];
  const paths = [...missed.toReversed(), ...values.flatMap((value, index) => pathsOf(value, [index]))];
  const found: Shape[][] = [];
  for (const value of pool) {
    for (const path of paths.slice(0, 40)) {
      const next = withValue(values, path, value);
      if (Array.isArray(next)) found.push(next);
    }
  }
  return found;
}

function withValue(shape: Shape, path: Path, value: Shape): Shape {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(shape) && typeof key === 'number')
    return shape.map((item, index) => (index === key ? withValue(item, rest, value) : item));
  if (shape === null || typeof shape !== 'object' || Array.isArray(shape)) return shape;
  const own = Object.entries(shape).map(([name, item]): [string, Shape] => [
    name,
    name === key ? withValue(item, rest, value) : item,
  ]);
  return Object.fromEntries(key in shape ? own : [...own, [String(key), withValue(null, rest, value)]]);
}

function pathsOf(shape: Shape, path: Path): Path[] {
  if (shape === null || typeof shape !== 'object') return [path];
  const members: [string | number, Shape][] = Array.isArray(shape) ? [...shape.entries()] : Object.entries(shape);
  const inner = members
    .filter(([key]) => key !== '$undefined' && key !== '$made')
    .flatMap(([key, value]) => pathsOf(value, [...path, key]));
  // What is handed to a maker stays a list.
  const isMade = '$made' in shape;
  return [path, ...inner.filter((one) => !isMade || one.length > path.length + 1)];
}

/** Values in a message may be other ones. */
function isSame(message: string, wanted: string): boolean {
  if (message === wanted) return true;
  const values = /"[^"\n]*"|\d+(?:\.\d+)?/g;
  return (
    (message.split('\n')[0] ?? '').replaceAll(values, '~') === (wanted.split('\n')[0] ?? '').replaceAll(values, '~')
  );
}

/** What the exported functions give back when all they are given answers to anything; of it, whatever could be meant. */
async function factories(exported: readonly Callable[], wanted: string | null, order: SearchOrder) {
  const [seed] = order.seeds;
  const byLine: Callable[] = [];
  const byName: Callable[] = [];
  for (const { name, via, count, call } of exported) {
    let made: unknown;
    try {
      const forever = new Promise((resolve) => setTimeout(resolve, 200));
      made = await Promise.race([call(Array.from({ length: count }, stub)), forever]);
    } catch {
      continue;
    }
    for (const { path, length, text } of functionsIn(made, [], 0)) {
      const last = path.at(-1) ?? '';
      if (seed?.inner && JSON.stringify(seed.inner.path) !== JSON.stringify(path)) continue;
      const holdsLine = order.lineText.length > 8 && text.replaceAll(/\s/g, '').includes(order.lineText);
      const isNamed = wanted !== null && last === wanted.split('.').at(-1);
      if (!seed?.inner && !holdsLine && !isNamed) continue;
      const reach = async (values: readonly unknown[]): Promise<unknown> => {
        let at = Object(await call(values.slice(0, count)));
        for (const key of path.slice(0, -1)) at = at[key];
        return path.length === 0 ? at(...values.slice(count)) : at[last](...values.slice(count));
      };
      const inner = { path, outer: count };
      (holdsLine ? byLine : byName).push({ name, via, count: count + Math.max(length, 1), call: reach, inner });
    }
  }
  return [...byLine, ...byName].slice(0, 6);
}

/** Of arrays and plain objects, three deep. */
function functionsIn(value: unknown, path: readonly (string | number)[], depth: number): Inner[] {
  if (typeof value === 'function')
    return [{ path, length: value.length, text: Function.prototype.toString.call(value) }];
  if (value === null || typeof value !== 'object' || depth > 3) return [];
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return members.slice(0, 60).flatMap(([key, member]) => functionsIn(member, [...path, key], depth + 1));
}

/** Answers to whatever is done with it. */
function stub(): unknown {
  const all: unknown = new Proxy(() => undefined, {
    get: (_, key) => {
      if (key === 'then') return undefined;
      if (key === Symbol.toPrimitive) return () => '';
      return key === Symbol.iterator ? () => [][Symbol.iterator]() : all;
    },
    apply: () => all,
    ownKeys: () => ['prototype'],
  });
  return all;
}

/** One value of each function and class that the modules export. */
function makersOf(modules: Modules): Shape[] {
  return Object.entries(modules).flatMap(([module, exports]) =>
    Object.entries(exports).flatMap(([name, maker]): Shape[] => {
      if (typeof maker !== 'function' || name === 'default') return [];
      const isClass = String(maker).startsWith('class');
      const values = Array.from({ length: maker.length }, () => ({ $undefined: true }));
      return [{ $made: { module, name, isClass }, values }];
    }),
  );
}
