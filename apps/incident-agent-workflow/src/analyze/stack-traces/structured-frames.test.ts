import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLogLine } from '../logs/read-log-line.ts';
import { extractTraces } from './extract.ts';
import { printedStack } from './structured-frames.ts';

function told(fields: Record<string, unknown>) {
  const [trace, ...others] = extractTraces([
    readLogLine({ text: JSON.stringify({ level: 'error', ...fields }), stream: 's' }),
  ]);
  expect(others).toEqual([]);
  const crash = trace?.crashFrame === undefined ? undefined : trace.frames[trace.crashFrame];
  return trace && [trace.language, trace.type, trace.message, `${crash?.file}:${crash?.line}`];
}

describe('lists of frames are read as the trace that their language would print', () => {
  test('Sentry: exceptions and frames towards the crash', () => {
    const frames = [
      { filename: '/app/shop/views.py', lineno: 10, function: 'get' },
      { filename: '/app/shop/basket.py', lineno: 3, function: 'total' },
    ];
    const outer = { type: 'ShopError', value: 'no total', stacktrace: { frames: [frames[0]] } };
    const inner = { type: 'KeyError', value: "'id'", stacktrace: { frames } };
    const expected = ['python', 'KeyError', "'id'", '/app/shop/basket.py:3'];
    expect(told({ exception: { values: [inner, outer] } })).toEqual(expected);
  });

  test('structlog', () => {
    const frames = [
      { filename: 'a.py', lineno: 1, name: 'f' },
      { filename: 'b.py', lineno: 2, name: 'g' },
    ];
    const exception = [{ exc_type: 'ValueError', exc_value: 'bad', is_cause: false, frames }];
    expect(told({ event: 'failed', exception })).toEqual(['python', 'ValueError', 'bad', 'b.py:2']);
  });

  test('log4j, with a cause', () => {
    const cause = {
      name: 'java.io.IOException',
      message: 'gone',
      extendedStackTrace: [{ class: 'shop.Db', method: 'open', file: 'Db.java', line: 7 }],
    };
    const thrown = {
      name: 'shop.ShopException',
      message: 'no basket',
      extendedStackTrace: [{ class: 'shop.Basket', method: 'find', file: 'Basket.java', line: 9 }],
      cause,
    };
    expect(told({ message: 'failed', thrown })).toEqual(['java', 'java.io.IOException', 'gone', 'Db.java:7']);
  });

  test('logback', () => {
    const stepArray = [{ className: 'shop.Basket', methodName: 'find', fileName: 'Basket.kt', lineNumber: 9 }];
    const throwable = { className: 'java.lang.IllegalStateException', message: 'empty', stepArray };
    expect(told({ message: 'x', throwable })).toEqual([
      'java',
      'java.lang.IllegalStateException',
      'empty',
      'Basket.kt:9',
    ]);
  });

  test.each([
    ['a.js', ['javascript', 'TypeError', 'x', 'a.js:3']],
    ['a.rb', ['ruby', 'TypeError', 'x', 'a.rb:3']],
    ['/app/a.php', ['php', 'TypeError', 'x', '/app/a.php:3']],
    ['/app/a.go', ['go', 'panic', 'x', '/app/a.go:3']],
    ['/app/A.cs', ['csharp', 'TypeError', 'x', '/app/A.cs:3']],
  ])('an error with its frames, of %s', (file, expected) => {
    const frames = [
      { file, line: 3, column: 1, method: 'Shop.f' },
      { file, line: 9, column: 1, method: 'Shop.g' },
    ];
    expect(told({ error: { type: 'TypeError', message: 'x', stack: frames } })).toEqual(expected);
  });

  test('Lambda: lines of a traceback without its head', () => {
    const stackTrace = [
      '  File "/var/task/shop.py", line 7, in handler\n    total()\n',
      '  File "/var/task/basket.py", line 2, in total\n',
    ];
    expect(told({ errorType: 'KeyError', errorMessage: "'id'", stackTrace })?.at(-1)).toBe('/var/task/basket.py:2');
  });
});

describe('an error whose message is longer than any sentence', () => {
  const issues = Array.from({ length: 6 }, (_none, index) => ({ code: 'invalid_type', path: ['items', index, 'at'] }));
  const message = JSON.stringify(issues, null, 2);
  const frame = '    at read (/app/src/item-repository.ts:64:12)';
  test.each([
    {
      says: 'keeps its name in a field of a JSON line',
      error: { type: 'ZodError', message, stack: `ZodError: ${message}\n${frame}` },
    },
    {
      says: 'and where the name stands before one line of many words',
      error: { stack: `ValidationError: ${'1 error\n'.repeat(80)}${frame}` },
    },
  ])('$says', ({ error }) => {
    expect(told({ error })?.slice(0, 2)).toEqual(['javascript', error.stack.slice(0, error.stack.indexOf(':'))]);
    expect(told({ error })?.at(-1)).toBe('/app/src/item-repository.ts:64');
  });
});

test('any value is printed or has no frames', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(['string', 'undefined']).toContain(typeof printedStack(value));
    }),
  );
});
