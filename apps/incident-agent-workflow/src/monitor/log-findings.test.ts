import { expect, test } from 'vitest';
import type { LogFinding } from '../domain/log-finding.ts';
import { findingsIn } from './log-findings.ts';
import { remember, toLogAlert } from './log-memory.ts';

const digest = (text: string): string => Buffer.from(text).toString('hex').padEnd(16, '0').slice(-16);

function findings(lines: readonly string[]): LogFinding[] {
  const looked = lines.map((text) => ({ text, at: /^(\d\d:\d\d)/.exec(text)?.[1] }));
  const dated = looked.map(({ text, at }) => ({ text, at: at === undefined ? undefined : `2026-11-30T${at}:00.000Z` }));
  return findingsIn({ service: 'shop', log: '/logs/app.log', lines: dated, firstLine: 101 }, digest);
}

const CALM = Array.from({ length: 12 }, (_none, index) => `09:${10 + index} INFO calm`);

test('a finding has its line, its count, its times and eight lines on either side', () => {
  const [found, ...others] = findings([...CALM, '10:01 ERROR lost order 7', ...CALM, '10:09 ERROR lost order 8']);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    gravity: 'error',
    template: 'ERROR lost order <*>',
    count: 2,
    line: 113,
    firstAt: '2026-11-30T10:01:00.000Z',
    lastAt: '2026-11-30T10:09:00.000Z',
  });
  expect(found?.excerpt.lines).toHaveLength(17);
  expect(found?.excerpt.lines[found.excerpt.marked]).toBe('10:01 ERROR lost order 7');
});

const PYTHON = [
  'Traceback (most recent call last):',
  '  File "/app/shop.py", line 12, in total',
  '    return a / b',
  'ZeroDivisionError: division by zero',
];

test.each([
  {
    says: 'a Python trace below its head',
    lines: ['10:00 ERROR request failed', ...PYTHON, '10:01 INFO on'],
    templates: ['ERROR request failed'],
  },
  {
    says: 'a Python trace alone, named by its last line',
    lines: [...PYTHON, '10:01 INFO on'],
    templates: ['ZeroDivisionError: division by zero'],
  },
  {
    says: 'a Java trace with its cause',
    lines: [
      '10:00 ERROR request failed',
      'java.lang.Exception: a',
      '\tat a.b.C.d(C.java:1)',
      'Caused by: java.io.IOException: b',
      '\t... 3 more',
    ],
    templates: ['ERROR request failed'],
  },
  {
    says: 'two errors right after each other',
    lines: ['10:00 ERROR a', '10:00 ERROR b'],
    templates: ['ERROR a', 'ERROR b'],
  },
])('$says', ({ lines, templates }) => {
  expect(findings(lines).map(({ template }) => template)).toEqual(templates);
});

test('the gravest comes first', () => {
  const found = findings(['10:00 WARN a', '10:01 ERROR b', '10:02 FATAL c']);
  expect(found.map(({ gravity }) => gravity)).toEqual(['critical', 'error', 'warning']);
});

test('what was told is not new until it has been away for a day', () => {
  const [first] = findings(['10:00 ERROR a']);
  const [second] = findings(['10:00 ERROR b']);
  if (!first || !second) throw new Error('no findings');
  const told = remember({}, [first, first], '2026-11-30T10:00:00.000Z');
  expect(told.fresh).toEqual([first]);
  const again = remember(told.memory, [first, second], '2026-12-01T09:00:00.000Z');
  expect(again.fresh).toEqual([second]);
  expect(remember(again.memory, [first], '2026-12-02T08:59:00.000Z').fresh).toEqual([]);
  expect(remember(again.memory, [first], '2026-12-02T09:00:01.000Z').fresh).toEqual([first]);
});

test('the same finding is the same alert, whenever it is posted', () => {
  const [found] = findings(['10:00 ERROR a']);
  if (!found) throw new Error('no finding');
  expect(toLogAlert(found, '2026-11-30T10:05:00.000Z')).toEqual(toLogAlert(found, '2026-11-30T11:00:00.000Z'));
  expect(toLogAlert(found, '')).toMatchObject({
    status: 'firing',
    labels: {
      alertname: 'NewLogErrors',
      service: 'shop',
      template: 'ERROR a',
      severity: 'warning',
      workflow: 'incident-agent',
    },
    startsAt: '2026-11-30T10:00:00.000Z',
  });
});
