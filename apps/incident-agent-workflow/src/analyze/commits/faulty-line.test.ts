import { expect, test } from 'vitest';
import { commitOf, inputOf } from './commit.test-helper.ts';
import { faultyLine } from './faulty-line.ts';
import type { CrimeScene } from './features.ts';

function lineOf(path: string, patch: readonly string[], scene: Partial<CrimeScene> = {}): number | null | undefined {
  const commit = commitOf(1, path, patch.join('\n'));
  return faultyLine(commit, [], inputOf([commit], scene).scene)?.line;
}

test.each([
  {
    says: 'that uses what was imported, not the import',
    path: 'src/price.py',
    patch: [
      '@@ -1,1 +1,2 @@',
      ' import a',
      '+from money import Money',
      '@@ -20,1 +21,2 @@',
      ' x',
      '+total = Money(cents)',
    ],
    line: 22,
  },
  {
    says: 'where what is missed was defined',
    path: 'src/store.py',
    patch: [
      '@@ -9,1 +9,1 @@',
      '-    rank: str',
      '+    level: str',
      '@@ -40,1 +40,1 @@',
      '-  a(rank, rank)',
      '+  a(level, level)',
    ],
    scene: { messages: ["'Customer' object has no attribute 'rank'"] },
    line: 9,
  },
  {
    says: 'that takes a protection away',
    path: 'src/pay.ts',
    patch: [
      '@@ -9,1 +9,1 @@',
      '-  id: string;',
      '+  id: Id;',
      '@@ -40,1 +40,1 @@',
      '-  await pay(order);',
      '+  pay(order);',
    ],
    line: 40,
  },
  {
    says: 'that runs, not the comment above it',
    path: 'src/pay.ts',
    patch: ['@@ -9,1 +9,1 @@', '-// one', '+// two', '@@ -20,1 +20,1 @@', '-a();', '+b();'],
    line: 20,
  },
])('of a change the line $says is the one to look at', ({ path, patch, scene, line }) => {
  expect(lineOf(path, patch, scene)).toBe(line);
});
