import { describe, expect, test } from 'vitest';
import { spokenText, suspectFrames, withoutFrames } from './crashes.ts';
import { readStackText } from './stack-traces/extract.ts';

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

/** The places in the order of suspicion, of a trace whose own files lie in the repository. */
function suspected(text: string): string[] {
  const trace = readStackText(text);
  if (!trace) throw new Error(`no trace in ${text}`);
  const frames = trace.frames.map((frame) => ({ ...frame, repositoryPath: frame.inApp ? frame.file : null }));
  const data = { ...trace, crashFrame: trace.crashFrame ?? null, frames };
  return suspectFrames(data).map(({ path, line, depth }) => `${depth} ${path.replace(/^.*[/]/, '')}:${line}`);
}

const js = (said: string, inner: string) =>
  `${said}\n    at ${inner} (/app/src/money.ts:7:3)\n    at charge (/app/src/orders.ts:31:5)`;
const python = (said: string, inner: string) =>
  `Traceback (most recent call last):\n  File "/app/orders.py", line 31, in charge\n    x()\n  File "/app/money.py", line 7, in ${inner}\n    y()\n${said}`;
const java = (said: string, inner: string) =>
  `${said}\n\tat shop.Money.${inner}(Money.java:7)\n\tat shop.Orders.charge(Orders.java:31)`;

describe('who only refused stands behind who asked', () => {
  test.each([
    ['Error: amount is undefined', js('Error: amount is undefined', 'scale'), '0 orders.ts:31'],
    ['a check', js('Error: basket is closed', 'assertOpen'), '0 orders.ts:31'],
    ['a check of an object', js('Error: basket is closed', 'Basket.ensureOpen'), '0 orders.ts:31'],
    ['a price that is 4', js('Error: no rate for 4', 'scale'), '0 money.ts:7'],
    ['an error of the runtime', js('TypeError: x is undefined', 'assertOpen'), '0 money.ts:7'],
    ['rules that may be wrong', js('Error: basket is closed', 'validateBasket'), '0 money.ts:7'],
    ['Python: what reads a number', python("decimal.InvalidOperation: 'x'", 'parse_price'), '0 money.py:7'],
    ['Python: a check', python('ValueError: closed', '_check_open'), '0 orders.py:31'],
    [
      'Python: text that is no JSON',
      python('json.decoder.JSONDecodeError: Expecting value', 'read_cart'),
      '0 orders.py:31',
    ],
    [
      'Java: what reads a number',
      java('java.lang.NumberFormatException: For input string: "x"', 'parsePrice'),
      '0 Orders.java:31',
    ],
    ['Java: a check', java('java.lang.IllegalStateException: closed', 'requireOpen'), '0 Orders.java:31'],
    ['Java: nothing was there', java('java.lang.NullPointerException', 'requireOpen'), '0 Money.java:7'],
  ])('%s', (_says, text, first) => {
    const places = suspected(text);
    expect(places[0]).toBe(first);
    expect(places).toHaveLength(2);
  });

  test('of nobody but those who refused the crash comes first', () => {
    expect(
      suspected('Error: closed\n    at assertOpen (/app/src/a.ts:1:1)\n    at checkAll (/app/src/b.ts:2:2)'),
    ).toEqual(['0 a.ts:1', '1 b.ts:2']);
  });
});
