import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  escapeLogqlValue,
  escapePromqlValue,
  escapeRegexp,
  quoteForShell,
  quoteForSql,
  shellCommand,
} from './escape.ts';

test('a value cannot leave its selector', () => {
  expect(escapePromqlValue('weather-app1"} or vector(1) #')).toBe('weather-app1\\"} or vector(1) #');
  expect(escapeLogqlValue('a\\"\nb')).toBe('a\\\\\\"\\nb');
});

test('what is escaped for a selector reads back as it was', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const escaped = escapePromqlValue(value);
      expect(escaped).not.toMatch(/[\n\r]/);
      expect(
        escaped.replace(
          /\\(.)/g,
          (_match, character) => ({ n: '\n', r: '\r' })[String(character)] ?? String(character),
        ),
      ).toBe(value);
    }),
  );
});

test('an escaped pattern matches its text and nothing longer', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(new RegExp(`^(?:${escapeRegexp(text)})$`).test(text)).toBe(true);
      expect(new RegExp(`^(?:${escapeRegexp(text)})$`).test(`${text}x`)).toBe(false);
    }),
  );
});

test.each([
  { word: '/var/log/apps/app.log', quoted: '/var/log/apps/app.log' },
  { word: '', quoted: "''" },
  { word: "it's; rm -rf $(x)", quoted: `'it'\\''s; rm -rf $(x)'` },
])('for a shell $word is written $quoted', ({ word, quoted }) => {
  expect(quoteForShell(word)).toBe(quoted);
});

test('a real shell hands every word over as it was', () => {
  const words = ["a'b", '$(touch x)', '`x`', 'new\nline', '--flag=1', '*', '~', 'ü', '\\', '"', '!', '#', ''];
  const printed = execFileSync('sh', ['-c', shellCommand(['printf', '%s|', ...words])], { encoding: 'utf8' });
  expect(printed).toBe(`${words.join('|')}|`);
});

test('a quote inside an SQL literal is doubled', () => {
  expect(quoteForSql("x'; drop table runs; --")).toBe("'x''; drop table runs; --'");
});
