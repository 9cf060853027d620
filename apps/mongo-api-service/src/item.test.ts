import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ItemChange, NewItem, Page } from './item.ts';

test('an item needs only a name; its value is 0 unless said otherwise', () => {
  expect(NewItem.parse({ name: ' demo ', unknown: 1 })).toEqual({ name: 'demo', value: 0 });
});

test.each([
  { says: 'no name', sent: {} },
  { says: 'an empty name', sent: { name: '  ' } },
  { says: 'a name of 201 characters', sent: { name: 'x'.repeat(201) } },
  { says: 'a name that is no text', sent: { name: 7 } },
  { says: 'a description of 2001 characters', sent: { name: 'x', description: 'x'.repeat(2_001) } },
  { says: 'a value that is text', sent: { name: 'x', value: '42' } },
  { says: 'a value beyond all numbers', sent: JSON.parse('{"name":"x","value":1e999}') },
  { says: 'a list', sent: [] },
  { says: 'null', sent: null },
  { says: 'nothing', sent: undefined },
])('$says is no item', ({ sent }) => {
  expect(NewItem.safeParse(sent).success).toBe(false);
});

test('a change holds only what was sent: a missing value does not become 0', () => {
  expect(ItemChange.parse({ description: null })).toEqual({ description: null });
});

test.each([
  { query: {}, page: { skip: 0, limit: 20 } },
  { query: { skip: '40', limit: '100' }, page: { skip: 40, limit: 100 } },
])('$query is the page $page', ({ query, page }) => {
  expect(Page.parse(query)).toEqual(page);
});

test('no query string asks for more than the bounds', () => {
  const written = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String), fc.array(fc.string()));
  fc.assert(
    fc.property(written, written, (skip, limit) => {
      const { data: page = { skip: 0, limit: 20 } } = Page.safeParse({ skip, limit });
      expect(page.skip).toBeGreaterThanOrEqual(0);
      expect(page.skip).toBeLessThanOrEqual(1_000_000);
      expect(page.limit).toBeGreaterThanOrEqual(1);
      expect(page.limit).toBeLessThanOrEqual(100);
    }),
  );
});

test.each(['-1', '101', '0', '1.5', '1e1', '', ' 5', 'all'])('a limit of %j is refused', (limit) => {
  expect(Page.safeParse({ limit }).success).toBe(false);
});
