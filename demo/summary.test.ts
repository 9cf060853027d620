import { expect, test } from 'vitest';
import { whatDiffers } from './summary.ts';

const COMMIT = '3f2a91c04b5d6e7f8091a2b3c4d5e6f708192a3b';
const FOUND = {
  class: 'code-error',
  service: 'checkout',
  commit: COMMIT,
  file: 'src/coupon.js',
  line: 41,
  confidence: 0.8,
  statement: 'Commit 3f2a91c very likely broke checkout: MongoDB is not it.',
};

test.each([
  { says: 'all as expected', expected: { ...FOUND, dependency: undefined }, differs: [] },
  { says: 'a shortened commit', expected: { commit: '3f2a91c' }, differs: [] },
  { says: 'a commit shortened too much', expected: { commit: '3f2a' }, differs: ['commit'] },
  { says: 'another commit', expected: { commit: 'aaaaaaaaaa' }, differs: ['commit'] },
  {
    says: 'blame where there must be none',
    expected: { commit: null, file: null, line: null },
    differs: ['file', 'line', 'commit'],
  },
  { says: 'another class and line', expected: { class: 'bad-config', line: 40 }, differs: ['class', 'line'] },
  { says: 'a dependency that is named', expected: { dependency: 'mongodb' }, differs: [] },
  { says: 'a dependency that is not named', expected: { dependency: 'redis' }, differs: ['dependency'] },
  { says: 'nothing said', expected: {}, differs: [] },
])('$says', ({ expected, differs }) => {
  expect(whatDiffers(FOUND, expected)).toEqual(differs);
});
