import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildGraph, waysFrom, waysUpFrom } from './graph.ts';

function graphOf(text: string, fronts: readonly { readonly proxy: string; readonly node: string }[] = []) {
  const dependencies = text
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => {
      const [caller = '', callee = ''] = part.split('>');
      return { caller, callee };
    });
  return buildGraph({ nodes: [], dependencies, fronts });
}

test('a proxy is told as the node behind it, through any number of proxies', () => {
  const graph = graphOf('web>balancer client>api api>db', [
    { proxy: 'balancer', node: 'client' },
    { proxy: 'client', node: 'api' },
  ]);
  expect(graph.nodes.map(({ name }) => name)).toEqual(['api', 'db', 'web']);
  expect(graph.calleesOf('web')).toEqual(['api']);
  expect(graph.nameOf('balancer')).toBe('api');
});

test('proxies that stand before each other are told as they stand', () => {
  const graph = graphOf('a>b b>c', [
    { proxy: 'a', node: 'b' },
    { proxy: 'b', node: 'a' },
  ]);
  expect(graph.nodes.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

test('a proxy that is said to stand before two nodes stands before none', () => {
  const graph = graphOf('web>balancer balancer>a balancer>b', [
    { proxy: 'balancer', node: 'a' },
    { proxy: 'balancer', node: 'b' },
  ]);
  expect(graph.calleesOf('web')).toEqual(['balancer']);
});

test.each([
  { says: 'a chain has no circle', edges: 'a>b b>c', of: 'b', circle: [] },
  { says: 'two that call each other are one circle', edges: 'a>b b>c c>b c>d', of: 'b', circle: ['b', 'c'] },
  { says: 'a long way round is a circle too', edges: 'a>b b>c c>d d>a d>e', of: 'c', circle: ['a', 'b', 'c', 'd'] },
  { says: 'a node that calls itself is alone', edges: 'a>a a>b', of: 'a', circle: [] },
  { says: 'a node that nobody knows is in none', edges: 'a>b', of: 'z', circle: [] },
])('$says', ({ edges, of, circle }) => {
  expect(graphOf(edges).circleOf(of)).toEqual(circle);
});

test('ways are the shortest, and by name among equals', () => {
  const graph = graphOf('s>b s>a a>x b>x x>y s>y2 y2>y');
  expect(waysFrom(graph, 's').to('x')).toEqual(['s', 'a', 'x']);
  expect(waysFrom(graph, 's').to('y')).toEqual(['s', 'y2', 'y']);
  expect(waysFrom(graph, 'x').has('s')).toBe(false);
  expect(waysUpFrom(graph, 'y', () => true).to('s')).toEqual(['y', 'y2', 's']);
  expect(waysUpFrom(graph, 'y', () => false).names).toEqual(['y', 'x', 'y2']);
});

test('a chain of twenty thousand is read', () => {
  const dependencies = Array.from({ length: 20_000 }, (_, index) => ({ caller: `n${index}`, callee: `n${index + 1}` }));
  const graph = buildGraph({ nodes: [], dependencies });
  expect(graph.circleOf('n1')).toEqual([]);
  expect(waysFrom(graph, 'n0').to('n20000')).toHaveLength(20_001);
});

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

test('the order of the parts does not matter', () => {
  const edge = fc.record({ caller: fc.constantFrom(...NAMES), callee: fc.constantFrom(...NAMES) });
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 15 }), (dependencies) => {
      const forwards = buildGraph({ nodes: [], dependencies });
      const backwards = buildGraph({ nodes: [], dependencies: dependencies.toReversed() });
      expect(backwards.nodes).toEqual(forwards.nodes);
      expect(backwards.dependencies).toEqual(forwards.dependencies);
      for (const { name } of forwards.nodes) expect(backwards.circleOf(name)).toEqual(forwards.circleOf(name));
    }),
  );
});
