import { expect, test } from 'vitest';
import type { Frame } from '../../domain/evidence.ts';
import { foldedFrames, placeOf } from './pdf-frames.ts';

function trace(kinds: string): Frame[] {
  return Array.from(kinds, (kind, index) => ({
    file: `${kind}.ts`,
    line: index,
    column: null,
    function: null,
    inApp: kind === 'o',
    repositoryPath: null,
  }));
}

test.each([
  { says: 'our own frames are never folded', kinds: 'oooooo', shown: '0 1 2 3 4 5' },
  { says: 'of a run of a library its ends are left', kinds: 'lllllolo', shown: '0 +3 4 5 6 7' },
  { says: 'a short run is shown whole', kinds: 'lllo', shown: '0 1 2 3' },
  { says: 'nothing but library frames', kinds: 'llllll', shown: '0 +4 5' },
  { says: 'no frames', kinds: '', shown: '' },
])('$says', ({ kinds, shown }) => {
  const entries = foldedFrames(trace(kinds)).map((entry) => ('folded' in entry ? `+${entry.folded}` : entry.index));
  expect(entries.join(' ')).toBe(shown);
});

test('a frame is named by its place in the repository, where that is known', () => {
  const [frame] = trace('o');
  expect(frame && placeOf({ ...frame, repositoryPath: 'src/a.ts', function: 'run', column: 7 })).toBe(
    'run (src/a.ts:0:7)',
  );
});
