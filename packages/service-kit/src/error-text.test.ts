import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorFields } from './error-text.ts';

test('the stack holds every cause, each below its own mark', () => {
  const root = new TypeError('the root');
  const { error, stack } = errorFields(new Error('the top', { cause: new Error('the middle', { cause: root }) }));
  expect(error).toEqual({ type: 'Error', message: 'the top' });
  expect(stack).toMatch(/^Error: the top\n {4}at .*error-text\.test\.ts:\d+:\d+/);
  expect(stack).toMatch(/\n {2}\[cause\]: Error: the middle\n/);
  expect(stack).toMatch(/\n {4}\[cause\]: TypeError: the root\n {8}at .*error-text\.test\.ts/);
});

test('a refused connection to a name with two addresses is not an empty message', () => {
  const refused = new AggregateError([
    new Error('connect ECONNREFUSED ::1:1'),
    new Error('connect ECONNREFUSED 127.0.0.1:1'),
  ]);
  const { error, stack } = errorFields(Object.assign(refused, { code: 'ECONNREFUSED' }));
  expect(error).toEqual({
    type: 'AggregateError',
    message: 'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1',
    code: 'ECONNREFUSED',
  });
  expect(stack).toContain('[errors]: Error: connect ECONNREFUSED 127.0.0.1:1');
});

test('an error that is its own cause ends', () => {
  const error: Error = new Error('round');
  error.cause = error;
  expect(errorFields(error).stack.length).toBeLessThanOrEqual(32_000);
});

test('whatever is thrown as a cause can be written', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (cause) => {
      expect(errorFields(new Error('top', { cause })).stack).toContain('Error: top');
    }),
  );
});
