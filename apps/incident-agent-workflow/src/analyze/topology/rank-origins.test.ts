import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MetricFamily } from '../../domain/evidence.ts';
import { gaugeKind, MEAN_LATENCY, SHARE_OF_ERRORS } from '../metrics/families.ts';
import type { MeasuredSeries } from './node-state.ts';
import { type OriginInput, rankOrigins } from './rank-origins.ts';
import type { NodeSeries } from './strength.ts';

const MINUTE = 60_000;

function edges(text: string): OriginInput['graph'] {
  const dependencies = text.split(' ').map((part) => {
    const [caller = '', callee = ''] = part.split('>');
    return { caller, callee };
  });
  return { nodes: [], dependencies };
}

/** Measured elsewhere: strength and onset as given. */
function measured(node: string, strength: number, changes: Partial<MeasuredSeries> = {}): MeasuredSeries {
  return {
    node,
    metric: 'm',
    family: 'latency',
    score: Math.exp(strength) - 1,
    strength,
    isAnomalous: Math.exp(strength) - 1 >= 4,
    onsetMilliseconds: undefined,
    from: 1,
    to: 2,
    unit: 's',
    isThin: false,
    ...changes,
  };
}

function stepSeries(
  node: string,
  changes: Partial<NodeSeries> & { at?: number; from?: number; to?: number } = {},
): NodeSeries {
  const { at = 20, from = 0.04, to = 0.4, ...others } = changes;
  const samples = Array.from({ length: 40 }, (_, index) => ({
    atMilliseconds: index * MINUTE,
    value: index < at ? from : to,
  }));
  return { node, metric: 'latency', kind: MEAN_LATENCY, samples, ...others };
}

function input(graph: string, changes: Partial<OriginInput>): OriginInput {
  return {
    graph: edges(graph),
    symptom: { node: 's', families: ['latency'] },
    onsetMilliseconds: 20 * MINUTE,
    ...changes,
  };
}

function first(one: OriginInput): string | undefined {
  return rankOrigins(one).ranked[0]?.node;
}

test.each([
  { says: 'a callee at least half as loud explains its caller', db: 3.1, origin: 'db', score: 3.1 },
  { says: 'a callee below the gate does not', db: 1.7, origin: 's', score: 4.9 },
])('$says (METHODS §5)', ({ db, origin, score }) => {
  const { ranked, basis } = rankOrigins(input('s>db', { measured: [measured('s', 4.9), measured('db', db)] }));
  expect(basis).toBe('strengths');
  expect(ranked[0]).toMatchObject({ node: origin, score });
});

test('the walk looks through what nobody watches, and says that something there was not seen', () => {
  const { ranked } = rankOrigins(
    input('s>proxy proxy>db db>disk', { measured: [measured('s', 5), measured('db', 5)] }),
  );
  expect(ranked[0]).toMatchObject({ node: 'db', way: ['s', 'proxy', 'db'], unobservedCallee: 'disk' });
  expect(ranked.find(({ node }) => node === 's')?.explainedBy).toBe('db');
});

test('a louder node that the alerting one does not depend on is not the origin', () => {
  expect(first(input('s>db batch>disk', { measured: [measured('s', 4), measured('batch', 6)] }))).toBe('s');
});

const circle = (a: number, b: number) =>
  input('s>a a>b b>a', { series: [stepSeries('s'), stepSeries('a', { at: a }), stepSeries('b', { at: b })] });

test('among nodes that call each other in a circle, who was first explains the others', () => {
  expect(first(circle(20, 25))).toBe('a');
  expect(first(circle(25, 20))).toBe('b');
});

test('a latency alert is not led astray by errors elsewhere', () => {
  const errors: Partial<MeasuredSeries> = { family: 'errors', metric: 'failed' };
  const series = [
    measured('s', 5),
    measured('slow', 4),
    measured('rude', 6, errors),
    measured('rude', 0, { isAnomalous: false }),
  ];
  expect(first(input('s>slow s>rude', { measured: series }))).toBe('slow');
});

test('a datastore that has no series of the alerting kind is judged by what it has', () => {
  const series = [
    measured('s', 5, { family: 'errors' }),
    measured('db', 4.5, { family: 'saturation', metric: 'connections' }),
  ];
  const families: MetricFamily[] = ['errors'];
  expect(first({ ...input('s>db', { measured: series }), symptom: { node: 's', families } })).toBe('db');
});

test('what is down outweighs every curve', () => {
  const signs = [{ node: 'db', atMilliseconds: undefined, words: 'it refuses connections' }];
  expect(first(input('s>db s>cache', { measured: [measured('s', 5), measured('cache', 6)], signs }))).toBe('db');
});

const stretches = (count: number, before: number, after: number) =>
  [0, 10, 20, 30].map((minute) => ({
    atMilliseconds: minute * MINUTE,
    requests: count,
    seconds: count * (minute < 20 ? before : after),
  }));

test('requests that are counted decide: a loud client with five requests explains nothing', () => {
  const { basis, ranked } = rankOrigins(
    input('s>search s>canary', {
      series: [stepSeries('s'), stepSeries('search', { to: 0.09 }), stepSeries('canary', { to: 9 })],
      requests: [
        { node: 's', stretches: stretches(1_000, 0.04, 0.14) },
        { node: 'search', stretches: stretches(2_000, 0.04, 0.09) },
        { node: 'canary', stretches: stretches(5, 0.04, 9) },
      ],
    }),
  );
  expect(basis).toBe('shares');
  expect(ranked.map(({ node }) => node)).toEqual(['search', 'canary', 's']);
  expect(ranked[0]?.share).toBeCloseTo(1);
  expect(ranked[1]?.share).toBeCloseTo(0.448, 2);
});

const failing = (failed: number) =>
  [0, 10, 20, 30].map((minute) => ({
    atMilliseconds: minute * MINUTE,
    requests: 500,
    failed: minute < 20 ? 0 : failed,
  }));

test('failed requests are shared out as seconds are, and one failure more is none', () => {
  const counted = input('s>a s>b', {
    symptom: { node: 's', families: ['errors'] },
    requests: [
      { node: 's', stretches: failing(40) },
      { node: 'a', stretches: failing(38) },
      { node: 'b', stretches: failing(1) },
    ],
  });
  const { ranked } = rankOrigins(counted);
  expect(ranked[0]).toMatchObject({ node: 'a' });
  expect(ranked.find(({ node }) => node === 'b')?.share).toBe(0);
});

test('two that do not know each other fail together: what both use is named, though nobody watches it', () => {
  const series = [stepSeries('a'), stepSeries('b'), stepSeries('c', { to: 0.04 })];
  const graph = 's>a s>b s>c a>redis b>redis c>pg';
  const { ranked, propagation } = rankOrigins(input(graph, { series: [...series, stepSeries('s')] }));
  expect(ranked[0]).toMatchObject({ node: 'redis', isVirtual: true });
  expect(propagation?.victims.toSorted()).toEqual(['a', 'b', 's']);
});

test('what a healthy node uses as well is not the common cause', () => {
  const series = [stepSeries('a'), stepSeries('b'), stepSeries('c', { to: 0.04 })];
  expect(first(input('s>a s>b a>redis b>redis c>redis', { series }))).not.toBe('redis');
});

test('damage runs from callee to caller, and only where it was seen', () => {
  const series = [
    stepSeries('db', { at: 20 }),
    stepSeries('api', { at: 21 }),
    stepSeries('s', { at: 22 }),
    stepSeries('report', { to: 0.04 }),
  ];
  const { propagation } = rankOrigins(input('s>api api>db report>db page>report', { series }));
  expect(propagation).toEqual({
    origin: 'db',
    hops: [
      { from: 'db', to: 'api' },
      { from: 'api', to: 's' },
    ],
    victims: ['api', 's'],
    atRisk: ['report'],
    pressedBy: [],
  });
});

test('who was in trouble long before is not a victim', () => {
  const series = [stepSeries('db', { at: 25 }), stepSeries('s', { at: 26 }), stepSeries('old', { at: 12 })];
  const { propagation } = rankOrigins(input('s>db old>db', { series }));
  expect(propagation?.victims).toEqual(['s']);
});

test('a neighbour whose own load grew no later presses on the origin and is no victim', () => {
  const memory = gaugeKind('rss_bytes');
  const batch = stepSeries('batch', { metric: 'rss_bytes', kind: memory, from: 2e8, to: 7e9 });
  const host = stepSeries('host', {
    metric: 'memory_used_ratio',
    kind: gaugeKind('memory_used_ratio'),
    from: 0.4,
    to: 0.99,
  });
  const errors = stepSeries('s', { at: 22, kind: SHARE_OF_ERRORS, metric: 'failed', from: 0.001, to: 0.02 });
  const { propagation } = rankOrigins({
    ...input('s>host batch>host', { series: [batch, host, errors] }),
    symptom: { node: 's', families: ['errors'] },
  });
  expect(propagation).toMatchObject({ origin: 'host', victims: ['s'], pressedBy: ['batch'] });
});

test.each([
  { says: 'nothing is known at all', changes: {} },
  { says: 'the alerting node is in no graph', changes: { symptom: { node: 'elsewhere', families: [] } } },
  { says: 'series are empty', changes: { series: [{ ...stepSeries('s'), samples: [] }] } },
  {
    says: 'all samples are no numbers',
    changes: { series: [{ ...stepSeries('s'), samples: [{ atMilliseconds: 0, value: Number.NaN }] }] },
  },
  {
    says: 'there is one sample',
    changes: { series: [{ ...stepSeries('s'), samples: [{ atMilliseconds: 0, value: 1 }] }] },
  },
  { says: 'nobody asked anything', changes: { requests: [{ node: 's', stretches: [] }] } },
])('nothing is thrown and nothing is claimed when $says', ({ changes }) => {
  expect(rankOrigins(input('s>db', changes)).propagation).toBeUndefined();
});

const GRAPH = 's>a s>b a>c b>c c>d b>e e>b';
const arbitrary = fc.record({
  strengths: fc.array(fc.double({ min: 0, max: 7, noNaN: true }), { minLength: 6, maxLength: 6 }),
  onsets: fc.array(fc.option(fc.nat(9), { nil: undefined }), { minLength: 6, maxLength: 6 }),
});

function drawn({ strengths, onsets }: { strengths: readonly number[]; onsets: readonly (number | undefined)[] }) {
  return ['s', 'a', 'b', 'c', 'd', 'e'].map((node, index) => {
    const minute = onsets[index];
    return measured(node, strengths[index] ?? 0, {
      onsetMilliseconds: minute === undefined ? undefined : minute * MINUTE,
    });
  });
}

test('with other names the same nodes stand in the same order', () => {
  const names = new Map(Object.entries({ s: 'zz', a: 'q', b: 'a', c: 's', d: 'b', e: 'm' }));
  const renamed = (name: string) => names.get(name) ?? name;
  fc.assert(
    fc.property(arbitrary, (draw) => {
      const series = drawn(draw);
      // Equal scores are ordered by name; everything else is not.
      if (new Set(draw.strengths).size < draw.strengths.length) return;
      const one = rankOrigins(input(GRAPH, { measured: series }));
      const other = rankOrigins({
        ...input(GRAPH, { measured: series.map((each) => ({ ...each, node: renamed(each.node) })) }),
        graph: {
          nodes: [],
          dependencies: edges(GRAPH).dependencies.map(({ caller, callee }) => ({
            caller: renamed(caller),
            callee: renamed(callee),
          })),
        },
        symptom: { node: renamed('s'), families: ['latency'] },
      });
      expect(other.ranked.map(({ node, score }) => [node, score])).toEqual(
        one.ranked.map(({ node, score }) => [renamed(node), score]),
      );
    }),
  );
});

test('what arrives in another order is ranked the same', () => {
  fc.assert(
    fc.property(arbitrary, (draw) => {
      const series = drawn(draw);
      const { nodes, dependencies } = edges(GRAPH);
      const one = rankOrigins(input(GRAPH, { measured: series }));
      const other = rankOrigins({
        ...input(GRAPH, { measured: series.toReversed() }),
        graph: { nodes, dependencies: dependencies.toReversed() },
      });
      expect(other).toEqual(one);
    }),
  );
});
