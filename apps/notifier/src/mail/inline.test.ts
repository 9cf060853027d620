import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inlines } from './inline.ts';

test('code, citations and links are told apart from text', () => {
  expect(inlines('See `a.ts:4` [E4, G1] at https://x.example/a?b=1.', true)).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'code', text: 'a.ts:4' },
    { kind: 'text', text: ' ' },
    { kind: 'citation', ids: ['E4', 'G1'] },
    { kind: 'text', text: ' at ' },
    { kind: 'link', text: 'https://x.example/a?b=1' },
    { kind: 'text', text: '.' },
  ]);
});

test('an address quoted from a log does not become a link', () => {
  expect(inlines('the log says https://evil.example/x', false)).toEqual([
    { kind: 'text', text: 'the log says https://evil.example/x' },
  ]);
});

test.each([
  { says: 'a hash', text: 'Commit ffdc76e broke it', name: 'ffdc76e' },
  {
    says: 'a path with its line',
    text: 'at services/orders/handlers.py:139, so',
    name: 'services/orders/handlers.py:139',
  },
  { says: 'a file with its line', text: 'in `x` handlers.py:139.', name: 'handlers.py:139' },
])('$says is known by its look', ({ text, name }) => {
  expect(inlines(text, false).filter(({ kind }) => kind === 'name')).toEqual([{ kind: 'name', text: name }]);
});

test.each([
  'defaced by 1234567 calls',
  'GET /items/65a1b2c3d4e5f60718293a4b',
  'and/or',
  'http://a.example/b/c.html',
  '10:42:10',
])('nothing in "%s" is code', (text) => {
  expect(inlines(text, false)).toEqual([{ kind: 'text', text }]);
});

test('no text is lost or invented', () => {
  const pieces = fc.constantFrom(
    '`',
    '[E1]',
    '[',
    ']',
    'https://a.b/c',
    ' ',
    'x',
    '[G2, E3]',
    '\n',
    'a1b2c3d',
    'a/b.ts:4',
    '/',
  );
  fc.assert(
    fc.property(fc.array(pieces), fc.boolean(), (parts, linked) => {
      const text = parts.join('');
      const again = inlines(text, linked).map((part) => {
        if (part.kind === 'citation') return `[${part.ids.join(', ')}]`;
        return part.kind === 'code' ? `\`${part.text}\`` : part.text;
      });
      expect(again.join('')).toBe(text);
    }),
  );
});
