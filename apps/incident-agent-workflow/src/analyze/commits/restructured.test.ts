import { expect, test } from 'vitest';
import { commitOf, hunk } from './commit.test-helper.ts';
import { isInert } from './inert.ts';
import { isRestructured, isWording } from './restructured.ts';

const of = (path: string, ...lines: string[]) => commitOf(1, path, hunk(...lines));

test.each([
  {
    says: 'fields set one by one, then at once',
    lines: ['-d := &D{buf: 4096}', '-d.strict = true', '+return &D{', '+  buf: 4096,', '+  strict: true,', '+}'],
    is: true,
  },
  { says: 'another number', lines: ['-return pad(4096)', '+return pad(1024)'], is: false },
  { says: 'a comparison turned round', lines: ['-if (a < b) go(a, b)', '+if (a > b) go(a, b)'], is: false },
  { says: 'a negation gone', lines: ['-if (!a) go(a)', '+if (a) go(a)'], is: false },
  { says: 'another name', lines: ['-price(item)', '+cost(item)'], is: false },
])('$says only rearranges: $is', ({ lines, is }) => {
  expect(isRestructured(of('a.go', ...lines))).toBe(is);
});

test.each([
  {
    says: 'the words of an error',
    lines: ['-throw new Error("no item");', '+throw new Error("there is no item");'],
    is: true,
  },
  { says: 'a log line', lines: ['-log.Printf("took %d", n)', '+logger.Info("took", n)'], is: true },
  { says: 'an error no longer thrown', lines: ['-throw new Error("no item");', '+return undefined;'], is: false },
])('$says is wording only: $is', ({ lines, is }) => {
  expect(isWording(of('a.ts', ...lines))).toBe(is);
});

test.each([
  { says: 'line ends of another system', path: 'a.ts', lines: ['-return a;\r', '+return a;'], inert: true },
  {
    says: 'imports in another order',
    path: 'a.ts',
    lines: ["-import a from 'a';", "-import b from 'b';", "+import b from 'b';", "+import a from 'a';"],
    inert: true,
  },
  {
    says: 'one import less',
    path: 'a.ts',
    lines: ["-import a from 'a';", "-import b from 'b';", "+import b from 'b';"],
    inert: false,
  },
  { says: 'a trailing comma', path: 'a.ts', lines: ['-f(a, b)', '+f(a, b,)'], inert: true },
  { says: 'a list of packages in a text file', path: 'requirements.txt', lines: ['-a==1.0', '+a==2.0'], inert: false },
  { says: 'a comment in SQL', path: 'a.sql', lines: ['--- old', '+-- new'], inert: true },
  { says: 'indentation in YAML', path: 'a.yaml', lines: ['-  a: 1', '+    a: 1'], inert: false },
  { says: 'a string with two slashes', path: 'a.ts', lines: ['-f("a //b")', '+f("a //c")'], inert: false },
])('$says is inert: $inert', ({ path, lines, inert }) => {
  expect(isInert(of(path, ...lines))).toBe(inert);
});
