import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStackText } from './extract.ts';
import { type Failure, suspectPlaces } from './suspect-places.ts';
import { isTestFrame, subjectsOf } from './test-code.ts';
import { frameAt, type ParsedTrace } from './trace.ts';

/** A trace in the words of the language, each own frame once. */
function failure(
  type: string,
  frames: readonly string[],
  unit = 'BasketTest',
  name = 'testTotal',
  message = 'x',
): Failure {
  const text = [`${type}: ${message}`, ...frames.map((frame) => `\tat ${frame}`)].join('\n');
  const trace = readStackText(text);
  if (!trace) throw new Error(`no trace in ${text}`);
  return { trace, test: { unit, name } };
}

function told(...failures: readonly Failure[]): string[] {
  return suspectPlaces(failures).map(({ file, line }) => `${file}${line === null ? '' : `:${line}`}`);
}

const ASSERTION = 'org.opentest4j.AssertionFailedError';
const RUNNER = ['org.junit.Assert.fail(Assert.java:88)', 'org.junit.Assert.assertEquals(Assert.java:118)'];

/** A test that others share fails. */
function sharedCase(name: string): string[] {
  return [...RUNNER, `shop.ParserTestCase.${name}(ParserTestCase.java:9)`];
}

function row(says: string, type: string, message: string, innermost: string, first: string) {
  return { says, type, message, innermost, first } as const;
}

describe('without a frame of the code', () => {
  test.each([
    { says: 'the class that the test is named after', unit: 'BasketTest', first: 'Basket.java' },
    { says: 'the class of which the test tries an aspect', unit: 'PriceUtilsRoundingTest', first: 'PriceUtils.java' },
    { says: 'whatever the test is called besides', unit: 'BasketIntegrationTest', first: 'Basket.java' },
  ])('it is $says', ({ unit, first }) => {
    expect(told(failure(ASSERTION, [...RUNNER, `shop.${unit}.testTotal(${unit}.java:9)`], unit))[0]).toBe(first);
  });

  test('several tests that fail in what they share are about what they share', () => {
    const shared = 'shop.ParserTestCase.testDashes(ParserTestCase.java:9)';
    const units = ['StrictParserTest', 'LooseParserTest', 'FastParserTest'];
    expect(told(...units.map((unit) => failure(ASSERTION, [...RUNNER, shared], unit)))[0]).toBe('Parser.java');
    expect(told(failure(ASSERTION, [...RUNNER, shared], 'StrictParserTest'))[0]).toBe('StrictParser.java');
  });

  test('what fails for one of those that share a test speaks against this one', () => {
    const strict = failure(ASSERTION, sharedCase('testDashes'), 'StrictParserTest', 'testDashes');
    const loose = failure(ASSERTION, sharedCase('testQuotes'), 'LooseParserTest', 'testQuotes');
    expect(told(strict, loose)[0]).toBe('StrictParser.java');
    const both = failure(ASSERTION, sharedCase('testDashes'), 'LooseParserTest', 'testDashes');
    expect(told(strict, both)[0]).toBe('Parser.java');
  });

  test('of a test that is named after a report the verb says who does it', () => {
    const frames = [...RUNNER, 'shop.Bug1042Test.testParseEmpty(Bug1042Test.java:9)'];
    expect(told(failure(ASSERTION, frames, 'Bug1042Test', 'testParseEmpty'))[0]).toBe('Parser.java');
  });
});

describe('with frames of the code', () => {
  const ofTest = 'shop.BasketTest.testTotal(BasketTest.java:20)';

  test('an error of the runtime lies where it was thrown', () => {
    const frames = ['shop.Price.round(Price.java:7)', 'shop.Basket.total(Basket.java:31)', ofTest];
    expect(told(failure('java.lang.NullPointerException', frames)).slice(0, 2)).toEqual([
      'Price.java:7',
      'Basket.java:31',
    ]);
  });

  test('an error that was thrown on purpose speaks against the class under test', () => {
    const frames = ['shop.Limits.check(Limits.java:7)', 'shop.Basket.total(Basket.java:31)', ofTest];
    expect(told(failure('java.lang.IllegalStateException', frames))[0]).toBe('Basket.java:31');
  });

  test('how many failures pass a line says little: where one crashed comes first', () => {
    const add = 'shop.Basket.add(Basket.java:12)';
    const refused = failure('java.lang.IllegalStateException', [
      'shop.Basket.check(Basket.java:80)',
      'shop.Basket.store(Basket.java:31)',
      add,
      ofTest,
    ]);
    const crashed = failure('java.lang.NullPointerException', ['shop.Basket.store(Basket.java:44)', add, ofTest]);
    expect(told(refused, refused, crashed).slice(0, 2)).toEqual(['Basket.java:44', 'Basket.java:31']);
  });

  test.each([
    row(
      'what reads a number refused one',
      'java.lang.NumberFormatException',
      'For input string: "4.5"',
      'parsePrice',
      'Basket.java:31',
    ),
    row(
      'what reads a date refused one',
      'java.time.format.DateTimeParseException',
      'Text x',
      'toDate',
      'Basket.java:31',
    ),
    row('a check refused a state', 'java.lang.IllegalStateException', 'closed', 'ensureOpen', 'Basket.java:31'),
    row(
      'a check refused nothing',
      'java.lang.IllegalArgumentException',
      'price must not be null',
      'scale',
      'Basket.java:31',
    ),
    row(
      'a calculation refused no number',
      'java.lang.IllegalStateException',
      'diverged for value NaN',
      'scale',
      'Basket.java:31',
    ),
    row('what reads a number crashed', 'java.lang.NullPointerException', 'x', 'parsePrice', 'Price.java:7'),
    row(
      'a calculation refused a number',
      'java.lang.IllegalStateException',
      'diverged to NaN for value 4',
      'scale',
      'Price.java:7',
    ),
    row('a value is null among others', 'java.lang.IllegalStateException', 'nullable: 3', 'scale', 'Price.java:7'),
  ])('$says: $first', ({ type, message, innermost, first }) => {
    const frames = [
      `shop.Price.${innermost}(Price.java:7)`,
      'shop.Basket.total(Basket.java:31)',
      'shop.OtherTest.x(OtherTest.java:2)',
    ];
    expect(told(failure(type, frames, 'OtherTest', 'x', message))[0]).toBe(first);
  });

  test('of who handed down a value that is none, the class under test comes first, however far out', () => {
    const inner = ['Price.scale(Price.java:7)', 'Rates.of(Rates.java:5)', 'Tax.add(Tax.java:9)'];
    const frames = [...inner, 'BasketImpl.total(BasketImpl.java:31)'].map((frame) => `shop.${frame}`);
    const firstFor = (message: string) =>
      told(failure('java.lang.IllegalStateException', [...frames, ofTest], 'BasketTest', 'x', message))[0];
    expect(firstFor('no rate for value Infinity')).toBe('BasketImpl.java:31');
    expect(firstFor('no rate for value 4')).toBe('Price.java:7');
  });

  test.each([
    ['java.io.NotSerializableException', 'com.shop.Voucher$Line', 'Voucher.java'],
    ['java.lang.NoSuchMethodException', 'com.shop.Voucher.<init>()', 'Voucher.java'],
    ['java.lang.NoClassDefFoundError', 'Could not initialize class com.shop.Voucher', 'Voucher.java'],
    ['java.lang.NoClassDefFoundError', 'com/shop/Voucher', 'Basket.java:31'],
    ['java.lang.NoSuchMethodError', "'void org.slf4j.Logger.info()'", 'Basket.java:31'],
    ['java.lang.NullPointerException', 'because com.shop.Voucher is null', 'Basket.java:31'],
  ])('%s: %s is about %s', (type, message, first) => {
    const frames = ['com.shop.Basket.total(Basket.java:31)', 'com.shop.OtherTest.x(OtherTest.java:2)'];
    expect(told(failure(type, frames, 'OtherTest', 'x', message))[0]).toBe(first);
  });

  test('the factory of an error is not where it lies', () => {
    const frames = ['shop.ShopException.of(ShopException.java:3)', 'shop.Price.round(Price.java:7)', ofTest];
    expect(told(failure('java.lang.NullPointerException', frames))[0]).toBe('Price.java:7');
  });

  test('what runs the tests, outside of the test, is not suspected', () => {
    const frames = ['shop.Price.round(Price.java:7)', ofTest, 'shop.RetryRunner.evaluate(RetryRunner.java:60)'];
    expect(told(failure('java.lang.NullPointerException', frames)).join()).not.toContain('RetryRunner');
  });

  test('who calls an assertion is test code, whatever its name', () => {
    const frames = [...RUNNER, 'shop.Compare.same(Compare.java:4)', ofTest];
    expect(told(failure(ASSERTION, frames)).join()).not.toContain('Compare');
  });

  test('a trace of production, without any test, is ranked by depth', () => {
    const trace = readStackText('TypeError: x\n    at f (/app/src/a.js:1:2)\n    at g (/app/src/b.js:3:4)');
    expect(trace && suspectPlaces([{ trace }]).map(({ line }) => line)).toEqual([1, 3]);
  });
});

test.each([
  ['src/items.test.ts', null, true],
  ['shop/test_views.py', null, true],
  ['cmd/items_test.go', null, true],
  ['spec/models/item_spec.rb', null, true],
  ['ItemsTest.java', 'shop.ItemsTest.finds', true],
  ['src/items.ts', null, false],
  ['src/latest/items.ts', null, false],
  ['Contest.java', 'shop.Contest.run', false],
])('%s is a test: %s %s', (file, name, isTest) => {
  expect(isTestFrame({ file, function: name })).toBe(isTest);
});

test.each([
  ['FooTest', ['Foo', 'FooImpl', 'AbstractFoo', 'BaseFoo']],
  ['TestFoo', ['Foo', 'FooImpl', 'AbstractFoo', 'BaseFoo']],
  ['FooAbstractTest', ['Foo', 'AbstractFoo']],
  ['items.test', ['items', 'itemsImpl', 'Abstractitems', 'Baseitems']],
  ['Bug42Test', []],
  ['Test', []],
])('%s is about %j', (name, subjects) => {
  expect(subjectsOf(name).map((subject) => subject.name)).toEqual(subjects);
});

test('any frames and names are ranked, within bounds and the same twice', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('a.b.FooTest.testIt', 'a.b.Foo.run', 'org.junit.Assert.fail'));
  const frame = fc
    .record({ file: fc.oneof(fc.string(), fc.constantFrom('Foo.java', 'FooTest.java')), name, inApp: fc.boolean() })
    .map(({ file, name: called, inApp }) => frameAt(file, '3', undefined, called, inApp));
  const trace: fc.Arbitrary<Pick<ParsedTrace, 'language' | 'type' | 'message' | 'frames'>> = fc.record({
    language: fc.constantFrom('java', 'python', 'javascript'),
    type: fc.oneof(fc.string(), fc.constantFrom(ASSERTION, 'java.lang.IllegalStateException')),
    message: fc.oneof(fc.string(), fc.constantFrom('value null', 'a.b.Foo')),
    frames: fc.array(frame, { maxLength: 30 }),
  });
  const arbitrary = fc.record({
    trace,
    test: fc.option(fc.record({ unit: fc.string(), name: fc.string() }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 5 }), (failures) => {
      const places = suspectPlaces(failures);
      expect(places).toEqual(suspectPlaces(failures));
      expect(places.length).toBeLessThanOrEqual(20);
    }),
  );
});
