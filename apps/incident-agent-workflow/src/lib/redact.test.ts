import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact, redactCode, redactFileLines, redactLines } from './redact.ts';
import { isCardNumber } from './redact-patterns.ts';

// Put together here so that no scanner mistakes the test for a leak.
const GITHUB = `ghp_${'a1B2'.repeat(9)}`;
const AWS = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 's5-_d'.repeat(6)].join('.');
const SLACK = ['xoxb-', '123456789012-abcdefABCDEF'].join('');
const STRIPE = ['sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'].join('');
const GOOGLE = ['AIza', 'SyA1234567890abcdefghijklmnopqrstuv'].join('');

test.each([
  { in: `key ${AWS} used`, out: 'key [redacted:aws-key] used' },
  { in: `https://${GITHUB}@github.com/a/b`, out: 'https://[redacted:github-token]@github.com/a/b' },
  { in: `github_pat_${'1'.repeat(22)}_x`, out: '[redacted:github-token]' },
  { in: SLACK, out: '[redacted:slack-token]' },
  { in: STRIPE, out: '[redacted:stripe-key]' },
  { in: GOOGLE, out: '[redacted:google-key]' },
  { in: `got ${JWT}!`, out: 'got [redacted:jwt]!' },
  { in: `Authorization: Bearer ${JWT}`, out: 'Authorization: Bearer [redacted:jwt]' },
  { in: 'Authorization: Basic dXNlcjpwYXNz', out: 'Authorization: Basic [redacted:authorization]' },
  {
    in: 'curl -H "authorization: Bearer abc.def123456"',
    out: 'curl -H "authorization: Bearer [redacted:authorization]"',
  },
  { in: 'sent bearer 0123456789abcdef', out: 'sent bearer [redacted:token]' },
  { in: 'Cookie: sid=abc; other=def', out: 'Cookie: [redacted:cookie]' },
  { in: 'GET /x?token=abc123&page=2', out: 'GET /x?token=[redacted:token]&page=2' },
  { in: 'password=hunter2 user=bob', out: 'password=[redacted:password] user=bob' },
  { in: 'DB_PASSWORD=hunter2', out: 'DB_PASSWORD=[redacted:password]' },
  { in: "{'api_key': 'abc', 'n': 1}", out: "{'api_key': '[redacted:key]', 'n': 1}" },
  { in: 'Server=db;Password=a,b!c;Database=d', out: 'Server=db;Password=[redacted:password];Database=d' },
  { in: 'postgres://app:p@ss/w@db:5432/x', out: 'postgres://app:[redacted:password]@db:5432/x' },
  { in: 'mongodb://root:s3cret@localhost:27017', out: 'mongodb://root:[redacted:password]@localhost:27017' },
  {
    in: 'redis://:pw@one:1,redis://:pw@two:2',
    out: 'redis://:[redacted:password]@one:1,redis://:[redacted:password]@two:2',
  },
  { in: 'mail to bob.b+x@mail.example.com now', out: 'mail to [redacted:email] now' },
  { in: 'card 4111 1111 1111 1111 ok', out: 'card [redacted:card] ok' },
  { in: 'card=5500-0055-5555-5559', out: 'card=[redacted:card]' },
  {
    in: '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest',
    out: '[redacted:private-key]\nrest',
  },
  { in: '{"password":"hunter2","n":1}', out: '{"password":"[redacted:password]","n":1}' },
  { in: '{"token":123456,"at":12}', out: '{"token":"[redacted:token]","at":12}' },
  { in: '{"card":4111111111111111}', out: '{"card":"[redacted:card]"}' },
  { in: 'INFO {"token": 123456, "a":1}', out: 'INFO {"token": "[redacted:token]", "a":1}' },
  { in: '{"m":"{\\"password\\":\\"x y\\"}"}', out: '{"m":"{\\"password\\":\\"[redacted:password]\\"}"}' },
  { in: 'sent {\\"password\\":\\"x y\\"} on', out: 'sent {\\"password\\":\\"[redacted:password]\\"} on' },
])('$in', (row) => {
  expect(redact(row.in)).toBe(row.out);
});

describe('what helps to find the cause stays', () => {
  test.each([
    'password=undefined',
    'token: null',
    'tokens=512 max_tokens: 100',
    "SyntaxError: Unexpected token '<'",
    'Unexpected token: foo',
    "KeyError: 'password'",
    'E11000 duplicate key error',
    'bearer authentication failed',
    'node_modules/@scope/x/index.js:3:4',
    'git@github.com:owner/name.git',
    'icon@2x.png',
    'http://mongo-api-service:9000/items/?of=a@b',
    'at 1795463278241426045 ns, 1795463278241 ms',
    'trace 4111111111111112',
    '{ "time": "2026-01-01T00:00:00Z",  "key": "value" }',
  ])('%s', (line) => {
    expect(redact(line)).toBe(line);
  });
});

test('code keeps its expressions and loses its literals', () => {
  const code = [
    'const token = readToken(request);',
    'password: options.password,',
    'connect(password=password, token=token)',
    'token: string;',
    `const password = 'hunter2';`,
    `connect("Server=db;Password=hunter2;")`,
  ];
  expect(code.map(redactCode)).toEqual([
    ...code.slice(0, 4),
    `const password = '[redacted:password]';`,
    `connect("Server=db;Password=[redacted:password];")`,
  ]);
});

test('a settings file is not read as code', () => {
  expect(redactFileLines('deploy/values.yaml', ['password: swordfish'])).toEqual(['password: [redacted:password]']);
  expect(redactFileLines('src/types.ts', ['  password: string'])).toEqual(['  password: string']);
});

test('a private key that spans lines leaves all of them, and the next line of prose stays', () => {
  const lines = [
    '+-----BEGIN PRIVATE KEY-----',
    '+MIIEvQIBADANBg',
    '+kqhkiG9w0BAQ==',
    '+-----END PRIVATE KEY-----',
    'after',
  ];
  const hidden = '[redacted:private-key]';
  expect(redactLines(lines)).toEqual([`+${hidden}`, hidden, hidden, hidden, 'after']);
  expect(redactLines([...lines.slice(0, 2), 'the service stopped'])).toEqual([
    `+${hidden}`,
    hidden,
    'the service stopped',
  ]);
});

test('only right check digits of real card lengths count', () => {
  expect(
    ['4111111111111111', '378282246310005', '4111111111111112', '1111111111111117', '0'].map(isCardNumber),
  ).toEqual([true, true, false, false, false]);
});

const SECRETS = [
  'password',
  'token=',
  '"',
  "'",
  '\\',
  ':',
  '=',
  '{',
  '}',
  ',',
  GITHUB,
  JWT,
  'a@b.de',
  '4111111111111111',
  '://u:p@h',
  '\n',
  ' ',
  'x1',
];
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...SECRETS), fc.string()), { maxLength: 30 })
  .map((parts) => parts.join(''));

test('a line of JSON stays a line of JSON, whatever is in it', () => {
  const withSecrets = fc
    .json({ stringUnit: 'binary' })
    .chain((json) =>
      hostileText.map((text) =>
        JSON.stringify({ json, [text]: text, password: text, token: 123456, list: [text, 4111111111111111] }),
      ),
    );
  fc.assert(
    fc.property(withSecrets, (line) => {
      const redacted = redact(line);
      expect(() => JSON.parse(redacted)).not.toThrow();
      expect(redacted).not.toContain('\n');
    }),
  );
});

test('redacting twice changes nothing more, and no planted token survives', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const once = redact(text);
      expect(redact(once)).toBe(once);
      expect(redact(` ${text} ${GITHUB} `)).not.toContain(GITHUB);
    }),
  );
});

test('as many lines come out as went in', () => {
  fc.assert(
    fc.property(fc.array(hostileText), (lines) => {
      expect(redactLines(lines)).toHaveLength(lines.length);
    }),
  );
});

test.each([
  `${'a'.repeat(400_000)}@`,
  '1 '.repeat(200_000),
  'password='.repeat(40_000),
  'a.a@a.'.repeat(60_000),
  '://a:'.repeat(80_000),
  ',password=,'.repeat(40_000),
  `password:\\"`.repeat(40_000),
  `${'\\'.repeat(400_000)}"password"`,
  '-----BEGIN PRIVATE KEY-----'.repeat(15_000),
  'eyJ'.repeat(140_000),
  'authorization: '.repeat(28_000),
  `{"a":${'['.repeat(5_000)}"token=x"${']'.repeat(5_000)}}`,
])('hostile text of 400,000 characters takes no more than a moment (case %#)', { timeout: 2_000 }, (text) => {
  expect(typeof redact(text)).toBe('string');
});
