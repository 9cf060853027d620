import { expect, test } from 'vitest';
import { spokenText, withoutFrames } from './crashes.ts';

const TRACE = [
  'Traceback (most recent call last):',
  '  File "/srv/app/shop.py", line 12, in show',
  '    return self.timeout(customer)',
  '           ^^^^^^^^^^^^^^^^^^^^^^',
  'AttributeError: no level',
  '    hint: ask for the rank',
];

test('source lines that a trace prints under its frames are not what was said', () => {
  const data = { type: 'AttributeError', message: 'no level', text: TRACE };
  expect(spokenText(data).split('\n')).toEqual([
    'AttributeError: no level',
    'Traceback (most recent call last):',
    'AttributeError: no level',
    '    hint: ask for the rank',
  ]);
  expect(withoutFrames(TRACE.join('\n'))).not.toContain('timeout');
});

test('an indented line that no frame precedes stays', () => {
  expect(withoutFrames('failed:\n    the disk is full')).toBe('failed:\n    the disk is full');
});
