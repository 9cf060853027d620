import { describe, expect, test } from 'vitest';
import { extractTraces } from '../stack-traces/extract.ts';
import { readLogLine } from './read-log-line.ts';

const STACK = 'TypeError: no \\"price\\"\\n    at total (/app/basket.ts:7:3)\\n    at order (/app/orders.ts:9:1)';
const NAMES = [
  'stack',
  'stack_trace',
  'stacktrace',
  'stackTrace',
  'StackTrace',
  'exception',
  'exc_info',
  'exc_text',
  'traceback',
  'errorVerbose',
  'error_stack',
  'errorStack',
  'error.stack',
  'err.stack',
  'error.stack_trace',
  'exception.stacktrace',
  'attributes.exception.stacktrace',
];

function read(text: string) {
  const line = readLogLine({ text, stream: 's' });
  return { line, traces: extractTraces([line]) };
}

/** What was said and what was thrown, whatever carries the stack. */
function told(text: string) {
  const { line, traces } = read(text);
  const thrown = traces.map(({ type, message, frames }) => ({ type, message, files: frames.map(({ file }) => file) }));
  return { message: line.message, level: line.level, thrown };
}

function apart(message = 'cannot order'): ReturnType<typeof told> {
  const thrown = [{ type: 'TypeError', message: 'no "price"', files: ['/app/basket.ts', '/app/orders.ts'] }];
  return { message, level: 'error', thrown };
}

describe.each(NAMES)('a stack under %s', (name) => {
  test('in JSON', () =>
    expect(told(`{"level":"error","message":"cannot order","${name}":"${STACK}"}`)).toEqual(apart()));
  test('in JSON, within another object', () =>
    expect(told(`{"level":"error","message":"cannot order","extra":{"${name}":"${STACK}"}}`)).toEqual(apart()));
  test('in JSON that was cut off', () => {
    const { line, traces } = read(`{"level":"error","message":"cannot order","${name}":"${STACK}\\n    at cu`);
    expect(line.message).toBe('cannot order');
    expect(traces[0]?.type).toBe('TypeError');
  });
  test('in logfmt', () => {
    expect(told(`time=2026-01-01T03:12:05Z level=error msg="cannot order" ${name}="${STACK}"`)).toEqual(apart());
    expect(told(`level=error ${name}="${STACK}" msg="cannot order" path=/orders`)).toEqual(apart());
  });
  test('in logfmt behind a time of the carrier', () => {
    const text = `2026-01-01T03:12:05Z level=error msg="cannot order" ${name}="${STACK}"`;
    expect(told(text)).toEqual(apart());
    expect(read(text).line.at).toBe('2026-01-01T03:12:05.000Z');
  });
  test('in a plain line', () => {
    expect(told(`2026-01-01T03:12:05Z ERROR cannot order ${name}="${STACK}"`)).toEqual(apart());
    expect(told(`2026-01-01T03:12:05Z ERROR cannot order ${name}="${STACK}" path=/orders`)).toEqual(
      apart('cannot order path=/orders'),
    );
    expect(told(`2026-01-01T03:12:05Z ERROR cannot order ${name}=${STACK.replaceAll('\\"', '"')}`)).toEqual(apart());
  });
  test('in an object behind a plain line', () =>
    expect(told(`2026-01-01T03:12:05Z ERROR cannot order {"${name}":"${STACK}","user":7}`)).toEqual(apart()));
  test('in an entry of several lines', () =>
    expect(told(`2026-01-01T03:12:05Z ERROR cannot order ${name}=${JSON.parse(`"${STACK}"`)}`)).toEqual(apart()));
});

test.each([
  {
    says: 'a quoted message',
    text: `level=error msg="cannot read \\"0\\"" stack="${STACK}"`,
    message: 'cannot read "0"',
  },
  { says: 'no message', text: `level=error err="no price" stack="${STACK}"`, message: 'no price' },
  { says: 'a structured event', text: `event="cannot order" level=error exc_info="${STACK}"`, message: 'cannot order' },
  {
    says: 'a name that holds none before the one that does',
    text: `2026-01-01T03:12:05Z ERROR cannot order trace=4bf92f stack="${STACK}"`,
    message: 'cannot order trace=4bf92f',
  },
  {
    says: 'the stack in the message too',
    text: `level=error msg="cannot order\\n${STACK}"`,
    message: 'cannot order\nTypeError: no "price"',
  },
  {
    says: 'the stack in the message of JSON',
    text: `{"level":"error","message":"cannot order\\n${STACK}"}`,
    message: 'cannot order\nTypeError: no "price"',
  },
])('$says: the message is the message', ({ text, message }) => {
  expect(told(text)).toEqual(apart(message));
});

test.each([
  {
    says: 'Python',
    text: String.raw`level=error msg=boom exc_info="Traceback (most recent call last):\n  File \"/app/a.py\", line 3, in f\n    g()\nKeyError: 'x'"`,
    type: 'KeyError',
  },
  {
    says: 'Java',
    text: String.raw`level=error msg=boom exception="java.lang.IllegalStateException: x\n\tat shop.A.b(A.java:3)"`,
    type: 'java.lang.IllegalStateException',
  },
  {
    says: 'Go',
    text: String.raw`level=error msg=boom stacktrace="panic: x\n\ngoroutine 1 [running]:\nmain.run()\n\t/app/main.go:12 +0x1d"`,
    type: 'panic',
  },
  {
    says: 'Ruby',
    text: String.raw`level=error msg=boom backtrace="app/a.rb:3:in 'Foo#bar': x (ArgumentError)\n\tfrom app/b.rb:4:in 'Foo#baz'"`,
    type: 'ArgumentError',
  },
])('$says in logfmt', ({ text, type }) => {
  const { line, traces } = read(text);
  expect(line.message).toBe('boom');
  expect(traces[0]?.type).toBe(type);
});

test.each([
  '2026-01-01T03:12:05Z ERROR trace=4bf92f3577b34da6 not found',
  'level=error msg="no stack" stack=default',
  'level=error msg="no exception" exc_info=true',
  '{"level":"error","message":"no stack","stack":"production","exception":false}',
])('a name alone is no stack: %s', (text) => {
  const { line, traces } = read(text);
  expect(line.stack).toBeUndefined();
  expect(traces).toEqual([]);
});

test.each([
  { says: 'many names without a stack', text: `ERROR x\\n    at f (/a.ts:1:2)${' stack="x"'.repeat(20_000)}` },
  { says: 'quotes that are not closed', text: `level=error msg=x ${'a=" \\" '.repeat(20_000)}\\n    at f (/a.ts:1:2)` },
  { says: 'dots and words', text: `ERROR ${'a.'.repeat(60_000)}=\\n    at f (/a.ts:1:2)` },
  { says: 'words without an end', text: `ERROR ${'stack'.repeat(50_000)} \\n    at f (/a.ts:1:2)` },
])('$says costs seconds at most', ({ text }) => {
  const start = performance.now();
  expect(read(text).line.level).toBe('error');
  expect(performance.now() - start).toBeLessThan(5_000);
});
