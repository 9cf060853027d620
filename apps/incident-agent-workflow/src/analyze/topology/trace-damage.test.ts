import { expect, test } from 'vitest';
import { rankOrigins } from './rank-origins.ts';
import { dependenciesSeen, readTraces, type Span } from './spans.ts';
import { readTraceDamage } from './trace-damage.ts';
import type { TraceText } from './trace-events.ts';

/** `gateway:GET/ 0-100` with children indented by two blanks. */
function trace(traceId: string, text: string): Span[] {
  const open: string[] = [];
  return text
    .split('\n')
    .filter((row) => row.trim() !== '')
    .map((row, index) => {
      const depth = (row.length - row.trimStart().length) / 2;
      const [, node = '', operation = '', from = '0', to = '0'] = /^\s*(\S+?):(\S+) ([\d.]+)-([\d.]+)$/.exec(row) ?? [];
      open[depth] = `${traceId}-${index}`;
      return {
        traceId,
        spanId: `${traceId}-${index}`,
        parentId: depth === 0 ? undefined : open[depth - 1],
        node,
        operation,
        startMilliseconds: Number(from),
        durationMilliseconds: Number(to) - Number(from),
      };
    });
}

function ownTimes(text: string): Record<string, number> {
  const [spans = []] = [...readTraces(trace('t', text)).values()];
  return Object.fromEntries(spans.map(({ operation, ownMilliseconds }) => [operation, ownMilliseconds]));
}

test.each([
  {
    says: 'children are not a span’s own time, and overlap counts once',
    text: 'a:root 0-100\n  a:x 10-60\n  a:y 40-80',
    own: { root: 30, x: 50, y: 40 },
  },
  {
    says: 'an async sibling within it is not its own time either',
    text: 'a:root 0-100\n  a:handle 0-90\n  a:call 5-90',
    own: { root: 10, handle: 5, call: 85 },
  },
  {
    says: 'a sibling that ends a moment later lies within it all the same',
    text: 'a:root 0-100\n  a:handle 0-90\n  a:call 5-90.4',
    own: { root: 9.6, handle: 5, call: 85.4 },
  },
  {
    says: 'a child that another clock put outside is moved inside',
    text: 'a:root 0-100\n  b:far 150-190',
    own: { root: 60, far: 40 },
  },
])('own time: $says', ({ text, own }) => {
  for (const [operation, milliseconds] of Object.entries(own))
    expect(ownTimes(text)[operation]).toBeCloseTo(milliseconds);
});

test('a span exported twice is one span, and parents in a circle hang nobody', () => {
  const twice = trace('t', 'a:root 0-100\n  a:x 10-60');
  expect([...readTraces([...twice, ...twice]).values()][0]).toHaveLength(2);
  const circle = twice.map((span, index) => ({ ...span, parentId: `t-${1 - index}` }));
  expect([...readTraces(circle).values()][0]).toHaveLength(2);
  expect(readTraces([{ ...twice[0]!, startMilliseconds: Number.NaN }]).size).toBe(0);
});

test('who calls whom is read from the traces', () => {
  const spans = trace('t', 'a:root 0-100\n  a:call 10-60\n    b:serve 20-50');
  expect(dependenciesSeen(readTraces(spans))).toEqual([{ caller: 'a', callee: 'b' }]);
});

function traces(count: number, textOf: (index: number) => string, prefix: string): Span[] {
  return Array.from({ length: count }, (_, index) => trace(`${prefix}${index}`, textOf(index))).flat();
}
const none = { spans: [], texts: [] };
const QUIET = 'gate:in 0-50\n  gate:call 5-45\n    shop:sell 7-43\n      shop:query 10-30';

test('a node that works longer itself is named, not those that wait for it', () => {
  const slow = 'gate:in 0-250\n  gate:call 5-245\n    shop:sell 7-243\n      shop:query 10-230';
  const { damage } = readTraceDamage(
    { spans: traces(8, () => QUIET, 'b'), texts: [] },
    { spans: traces(8, () => slow, 'a'), texts: [] },
  );
  expect([...damage.keys()]).toEqual(['shop']);
});

const usual = (index: number) => (index % 2 === 0 ? QUIET : QUIET.replaceAll('shop', 'mail'));

const delayed = (index: number) =>
  index % 2 === 0
    ? 'gate:in 0-1050\n  gate:call 5-1045\n    shop:sell 1007-1043\n      shop:query 1010-1030'
    : QUIET.replaceAll('shop', 'mail');

test('what is lost on the way is put to the end all of whose calls lose it', () => {
  const { damage } = readTraceDamage(
    { spans: traces(10, usual, 'b'), texts: [] },
    { spans: traces(10, delayed, 'a'), texts: [] },
  );
  const [shop, gate] = [damage.get('shop')?.delayed ?? 0, damage.get('gate')?.delayed ?? 0];
  expect(shop).toBeGreaterThan(gate);
  expect(damage.has('mail')).toBe(false);
});

const stumbling = (index: number) => (index % 5 === 0 ? QUIET.replace('10-30', '10-43') : QUIET);

const stumble = (prefix: string) => traces(20, stumbling, prefix);

test('stumbling as often as before is no delay', () => {
  expect(readTraceDamage({ spans: stumble('b'), texts: [] }, { spans: stumble('a'), texts: [] }).damage.size).toBe(0);
});

const quiet = (prefix: string) => traces(8, () => QUIET, prefix);

function line(traceId: string, place: number, node: string, text: string): TraceText {
  return { traceId, spanId: `${traceId}-${place}`, node, line: { stream: node, text } };
}

test('errors that are new count once per trace, for the deepest that writes one', () => {
  const before = [0, 1, 2, 3, 4, 5].map((index) => line(`b${index}`, 2, 'shop', `INFO sold ${index}`));
  const after = [0, 1, 2].flatMap((index) => [
    line(`a${index}`, 0, 'gate', `ERROR upstream failed for request ${index}`),
    line(`a${index}`, 2, 'shop', `ERROR price is undefined for item ${index}`),
  ]);
  const { damage } = readTraceDamage({ spans: quiet('b'), texts: before }, { spans: quiet('a'), texts: after });
  expect([...damage.keys()]).toEqual(['shop']);
  const known = readTraceDamage(
    { spans: quiet('b'), texts: after.map((text) => ({ ...text, traceId: text.traceId.replace('a', 'b') })) },
    { spans: quiet('a'), texts: after },
  );
  expect(known.damage.size).toBe(0);
});

test('what every run did before and many leave out now is a failure; what chance explains is none', () => {
  const short = 'gate:in 0-50\n  gate:call 5-45\n    shop:sell 7-43';
  const spans = (leftOut: number) => traces(8, (index) => (index < leftOut ? short : QUIET), 'a');
  const before = { spans: traces(8, () => QUIET, 'b'), texts: [] };
  expect(readTraceDamage(before, { spans: spans(6), texts: [] }).damage.get('shop')?.failed).toBeCloseTo(6 * (6 / 8));
  expect(readTraceDamage(before, { spans: spans(1), texts: [] }).damage.get('shop')?.failed ?? 0).toBe(0);
});

test('warnings come and go', () => {
  const warned = Array.from({ length: 8 }, (_, index) => line(`b${index}`, 2, 'shop', 'WARN nothing sold yet'));
  expect(readTraceDamage({ spans: quiet('b'), texts: warned }, { spans: quiet('a'), texts: [] }).damage.size).toBe(0);
});

test('followed requests rank the nodes where nobody knows which one alerts', () => {
  const slow = 'gate:in 0-250\n  gate:call 5-245\n    shop:sell 7-243\n      shop:query 10-230';
  const input = {
    graph: { nodes: [{ name: 'mail', kind: 'service' as const }], dependencies: [] },
    symptom: { node: undefined, families: [] },
    onsetMilliseconds: 0,
  };
  const found = rankOrigins({
    ...input,
    traces: {
      before: { spans: traces(8, () => QUIET, 'b'), texts: [] },
      after: { spans: traces(8, () => slow, 'a'), texts: [] },
    },
  });
  expect(found).toMatchObject({ basis: 'traces', ranked: [{ node: 'shop', share: 1 }, {}, {}] });
  expect(rankOrigins({ ...input, traces: { before: none, after: none } }).propagation).toBeUndefined();
});
