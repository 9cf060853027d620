import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLogLine } from '../logs/read-log-line.ts';
import { type ExtractedTrace, extractTraces } from './extract.ts';

function extracted(texts: readonly string[], streams: readonly string[] = []): ExtractedTrace[] {
  return extractTraces(
    texts.map((text, index) => readLogLine({ text, stream: streams[index] ?? 's', line: index + 1 })),
  );
}

/** `name file:line` with a star for our own code. */
function framesOf({ frames }: ExtractedTrace): string[] {
  return frames.map(
    ({ function: name, file, line, inApp }) => `${inApp ? '* ' : ''}${name ?? '-'} ${file}:${line ?? '?'}`,
  );
}

interface Case {
  readonly says: string;
  readonly text: string;
  readonly type: string;
  readonly message: string;
  /** `file:line` of the crash frame. */
  readonly crash: string | undefined;
  readonly language: string;
  /** Lines that belong to the trace, when not all do. */
  readonly lines?: readonly number[];
}

const CASES: readonly Case[] = [
  {
    says: 'JavaScript as Node runs TypeScript',
    language: 'javascript',
    text: `TypeError: Cannot read properties of undefined (reading 'id')
    at handler (file:///srv/demo/apps/x/src/items.ts:42:18)
    at async Object.<anonymous> (/srv/demo/node_modules/fastify/lib/route.js:10:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'id')",
    crash: 'file:///srv/demo/apps/x/src/items.ts:42',
  },
  {
    says: 'JavaScript in the log line of an unstructured logger, with a message of two lines',
    language: 'javascript',
    text: `2026-01-01 03:12:05 INFO started
2026-01-01 03:12:06 ERROR Request failed: ValidationError: bad item
missing field "name"
    at check (/app/src/check.js:7:9)
    at async /app/src/api.js:10:5
2026-01-01 03:12:07 INFO next`,
    type: 'ValidationError',
    message: 'bad item\nmissing field "name"',
    crash: '/app/src/check.js:7',
    lines: [1, 2, 3, 4],
  },
  {
    says: 'JavaScript with causes: the deepest one is what happened, our own frame may be further out',
    language: 'javascript',
    text: `Error: cannot list items
    at list (/app/src/items.ts:42:18) {
  code: 'X',
  [cause]: MongoServerSelectionError: connect ECONNREFUSED 127.0.0.1:27017
      at Topology.selectServer (/app/node_modules/mongodb/lib/sdam/topology.js:321:38)
      ... 4 lines matching cause stack trace ...
      at x (/app/node_modules/mongodb/lib/y.js:1:3) {
    errorLabelSet: Set(0) {},
    [cause]: Error: connect ECONNREFUSED 127.0.0.1:27017
        at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16) {
      errno: -111
    }
  }
}
done`,
    type: 'Error',
    message: 'connect ECONNREFUSED 127.0.0.1:27017',
    crash: '/app/src/items.ts:42',
    lines: Array.from({ length: 14 }, (_, index) => index),
  },
  {
    says: 'an AggregateError without a message: its first member says it',
    language: 'javascript',
    text: `AggregateError [ECONNREFUSED]: 
    at internalConnectMultiple (node:net:1122:18)
    at connect (/app/src/db.ts:3:1) {
  code: 'ECONNREFUSED',
  [errors]: [
    Error: connect ECONNREFUSED ::1:27017
        at createConnectionError (node:net:1652:14),
    Error: connect ECONNREFUSED 127.0.0.1:27017
        at createConnectionError (node:net:1652:14)
  ]
}`,
    type: 'Error',
    message: 'connect ECONNREFUSED ::1:27017',
    crash: '/app/src/db.ts:3',
  },
  {
    says: 'JavaScript with odd frames',
    language: 'javascript',
    text: `Uncaught ReferenceError: x is not defined
    at new Items (webpack://shop/./src/items.ts:4:2)
    at Array.map (<anonymous>)
    at async Promise.all (index 0)
    at eval (eval at run (/app/src/run.js:9:3), <anonymous>:1:1)
    at C:\\app\\src\\main.js:3:1`,
    type: 'ReferenceError',
    message: 'x is not defined',
    crash: 'webpack://shop/./src/items.ts:4',
  },
  {
    says: 'a bare Error',
    language: 'javascript',
    text: 'Error\n    at f (/app/a.js:1:2)',
    type: 'Error',
    message: '',
    crash: '/app/a.js:1',
  },
  {
    says: 'Python: the last frame is the crash',
    language: 'python',
    text: `ERROR:root:failed
Traceback (most recent call last):
  File "/usr/lib/python3.12/site-packages/flask/app.py", line 1511, in wsgi_app
    response = self.full_dispatch_request()
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/app/shop/views.py", line 10, in get
    return items[id]
KeyError: 'id'
INFO:root:next`,
    type: 'KeyError',
    message: "'id'",
    crash: '/app/shop/views.py:10',
    lines: [1, 2, 3, 4, 5, 6, 7],
  },
  {
    says: 'Python while another exception was handled: the last block counts',
    language: 'python',
    text: `Traceback (most recent call last):
  File "/app/a.py", line 1, in f
KeyError: 'id'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/b.py", line 2, in g
    raise shop.errors.Broken("x")
shop.errors.Broken: x`,
    type: 'shop.errors.Broken',
    message: 'x',
    crash: '/app/b.py:2',
  },
  {
    says: 'Python with a direct cause: the first block is the root',
    language: 'python',
    text: `Traceback (most recent call last):
  File "/app/a.py", line 1, in f
ConnectionRefusedError: [Errno 111] Connection refused

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/b.py", line 2, in g
RuntimeError: no database`,
    type: 'ConnectionRefusedError',
    message: '[Errno 111] Connection refused',
    crash: '/app/a.py:1',
  },
  {
    says: 'Java: the last cause counts, what it shares with the others is cut',
    language: 'java',
    text: `2026-01-01 03:12:05.123 ERROR [http-1] c.e.Items - Request failed
java.lang.IllegalStateException: no items
	at com.example.Items.list(Items.java:42) ~[app.jar:1.0]
	at java.base/java.lang.Thread.run(Thread.java:833)
	Suppressed: java.io.IOException: close
		at com.example.Io.close(Io.java:1)
Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available
	at com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:696)
	at com.example.Db.query(Db.java:7)
	... 12 more`,
    type: 'java.sql.SQLTransientConnectionException',
    message: 'HikariPool-1 - Connection is not available',
    crash: 'Db.java:7',
    lines: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  },
  {
    says: 'Kotlin in a thread',
    language: 'java',
    text: `Exception in thread "main" kotlin.KotlinNullPointerException
	at com.example.ItemsKt$list$1.invokeSuspend(Items.kt:9)
	at kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)`,
    type: 'kotlin.KotlinNullPointerException',
    message: '',
    crash: 'Items.kt:9',
  },
  {
    says: 'Go: the first own frame below panic, in the goroutine that ran',
    language: 'go',
    text: `panic: runtime error: index out of range [3] with length 3 [recovered]
	panic: runtime error: index out of range [3] with length 3

goroutine 19 [running]:
runtime/debug.Stack()
	/usr/local/go/src/runtime/debug/stack.go:24 +0x5e
panic({0x6b2c40?, 0xc0000b4000?})
	/usr/local/go/src/runtime/panic.go:884 +0x212
main.(*Server).items(0xc0000a6000, {0x7c, 0x3})
	/app/cmd/api/items.go:12 +0x1d
net/http.HandlerFunc.ServeHTTP(0xc0, {0x7, 0x8}, 0x9)
	/usr/local/go/src/net/http/server.go:2122 +0x2f
created by net/http.(*Server).Serve in goroutine 1
	/usr/local/go/src/net/http/server.go:3089 +0x5ed

goroutine 1 [IO wait]:
internal/poll.runtime_pollWait(0x7f, 0x72)
	/usr/local/go/src/runtime/netpoll.go:306 +0x89
exit status 2
next`,
    type: 'runtime error',
    message: 'index out of range [3] with length 3',
    crash: '/app/cmd/api/items.go:12',
    lines: Array.from({ length: 19 }, (_, index) => index),
  },
  {
    says: 'cut off at the top: frames without an error',
    language: 'javascript',
    text: `    at list (/app/src/items.ts:42:18)
    at handler (/app/src/api.ts:10:5)`,
    type: 'unknown error',
    message: '',
    crash: '/app/src/items.ts:42',
  },
  {
    says: 'cut off at the top: a traceback without its first line',
    language: 'python',
    text: `  File "/app/a.py", line 1, in f
    g()
KeyError: 'x'`,
    type: 'KeyError',
    message: "'x'",
    crash: '/app/a.py:1',
  },
  {
    says: 'cut off at the bottom: a traceback without its error',
    language: 'python',
    text: 'Traceback (most recent call last):\n  File "/app/a.py", line 1, in f\n    g()',
    type: 'unknown error',
    message: '',
    crash: '/app/a.py:1',
  },
  {
    says: 'only libraries',
    language: 'javascript',
    text: 'Error: x\n    at f (/app/node_modules/a/b.js:1:2)\n    at g (node:net:1:1)',
    type: 'Error',
    message: 'x',
    crash: undefined,
  },
];

describe('one line an entry', () => {
  test.each(CASES)('$says', (one) => {
    const texts = one.text.split('\n');
    const [trace, ...others] = extracted(texts);
    expect(others).toEqual([]);
    const crash = trace?.crashFrame === undefined ? undefined : trace.frames[trace.crashFrame];
    expect(trace).toMatchObject({ language: one.language, type: one.type, message: one.message });
    expect(crash && `${crash.file}:${crash.line}`).toBe(one.crash);
    expect(trace?.lineIndexes).toEqual(one.lines ?? texts.map((_, index) => index));
  });
});

describe('as a field of a JSON line, and with carriage returns', () => {
  test.each(CASES.filter(({ lines }) => lines === undefined))('$says', (one) => {
    const field = JSON.stringify({ level: 'ERROR', message: 'failed', stack: one.text });
    for (const texts of [[field], one.text.split('\n').map((line) => `${line}\r`)]) {
      const [trace, ...others] = extracted(texts);
      expect(others).toEqual([]);
      expect(trace).toMatchObject({ language: one.language, type: one.type, message: one.message });
    }
  });
});

test('frames go from the crash outwards, the cause first, each once', () => {
  const [trace] = extracted(CASES[2]!.text.split('\n'));
  expect(framesOf(trace!)).toEqual([
    'TCPConnectWrap.afterConnect node:net:1637',
    'Topology.selectServer /app/node_modules/mongodb/lib/sdam/topology.js:321',
    'x /app/node_modules/mongodb/lib/y.js:1',
    '* list /app/src/items.ts:42',
  ]);
});

test('what our own services log: causes and members indented below the stack', () => {
  const stack = `Error: outer
    at f (file:///app/src/a.ts:3:55)
  [cause]: AggregateError: many
      at g (file:///app/src/b.ts:3:82)
    [errors]: TypeError: inner
        at h (file:///app/src/c.ts:3:25)
    [errors]: Error: b
        at h (file:///app/src/c.ts:4:25)`;
  const [trace] = extracted([JSON.stringify({ level: 'ERROR', stack, message: 'GET /items/ failed: outer' })]);
  expect(trace).toMatchObject({ type: 'TypeError', message: 'inner', crashFrame: 0 });
  expect(framesOf(trace!)).toEqual([
    '* h file:///app/src/c.ts:3',
    '* g file:///app/src/b.ts:3',
    '* f file:///app/src/a.ts:3',
  ]);
  expect(trace?.text).toEqual(stack.split('\n'));
});

test('traces that interleave are told apart by their streams', () => {
  const one = CASES[0]!.text.split('\n');
  const other = CASES[8]!.text.split('\n');
  const both = one.flatMap((line, index) => [line, other[index]!]).concat(other.slice(one.length));
  const streams = both.map((_, index) => (index < one.length * 2 && index % 2 === 0 ? 'a' : 'b'));
  expect(extracted(both, streams).map(({ type, frames }) => [type, frames.length])).toEqual([
    ['TypeError', 3],
    ['ConnectionRefusedError', 2],
  ]);
});

test('a record of another writer between two frames does not end the trace', () => {
  const texts = [
    'TypeError: x',
    '    at f (/app/a.js:1:2)',
    '{"level":"INFO","message":"GET / -> 200 (1 ms)"}',
    '    at g (/app/b.js:1:2)',
  ];
  const [trace, ...others] = extracted(texts);
  expect(others).toEqual([]);
  expect(framesOf(trace!)).toHaveLength(2);
});

test('two traces in a row are two', () => {
  const texts = [...CASES[0]!.text.split('\n'), ...CASES[0]!.text.split('\n')];
  expect(extracted(texts).map(({ lineIndexes }) => lineIndexes[0])).toEqual([0, 4]);
});

test.each([
  'at last the service started (in 3 s)',
  'we meet at Example.cafe(next: door)',
  'no panic: all is well',
  'Error: connection lost, will retry',
  '{"level":"ERROR","message":"TypeError: x"}',
  'File "a.txt" was not found at line 3',
])('%s is no trace', (text) => {
  expect(extracted(['INFO before', text, 'INFO after'])).toEqual([]);
});

test('a recursion of 5,000 frames is read, and its text stays short', () => {
  const frames = Array.from({ length: 5_000 }, (_, index) => `    at f (/app/a.js:${index + 1}:2)`);
  for (const texts of [
    ['RangeError: too deep', ...frames],
    [JSON.stringify({ stack: ['RangeError: too deep', ...frames].join('\n') })],
  ]) {
    const start = performance.now();
    const [trace] = extracted(texts);
    expect(trace?.type).toBe('RangeError');
    expect(trace?.text.length).toBeLessThanOrEqual(60);
    expect(performance.now() - start).toBeLessThan(5_000);
  }
});

test('any lines can be read; each belongs to one trace at most, and crash frames exist', () => {
  const piece = fc.constantFrom(
    ...CASES.flatMap(({ text }) => text.split('\n')),
    '',
    '    ',
    '    at ',
    '[cause]: ',
    '  [errors]: [',
    'Caused by: ',
    '\tat (',
    'goroutine 1 [running]:',
    'panic: ',
    '+ Exception Group Traceback (most recent call last):',
  );
  const line = fc.oneof({ weight: 5, arbitrary: piece }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 80, size: 'max' }), (texts) => {
      const traces = extracted(texts);
      const owned = traces.flatMap(({ lineIndexes }) => lineIndexes);
      expect(new Set(owned).size).toBe(owned.length);
      for (const { crashFrame, frames, text } of traces) {
        expect(crashFrame === undefined || frames[crashFrame]?.inApp).toBe(true);
        expect(text.length).toBeLessThanOrEqual(60);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  { says: 'parentheses', text: `    at ${'a ( '.repeat(65_000)}` },
  { says: 'dots', text: `Error: x\n    at ${'a.'.repeat(130_000)}(` },
  { says: 'blanks', text: `    at f${' '.repeat(200_000)}x` },
  { says: 'error names', text: `${'Error'.repeat(50_000)}!\n    at f (/a.js:1:2)` },
  { says: 'go calls', text: `panic: x\ngoroutine 1 [running]:\n${'f('.repeat(100_000)}\n\t/a.go:1` },
])('lines made of $says cost seconds at most', ({ text }) => {
  const start = performance.now();
  const lines = text.split('\n');
  expect(extracted([...lines, ...lines, JSON.stringify({ stack: text })]).length).toBeLessThanOrEqual(3);
  expect(performance.now() - start).toBeLessThan(5_000);
});
