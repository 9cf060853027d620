/** What somebody hears who cannot see the PDF: headings, tables, pictures in words, links; as poppler reads them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chartsOf } from '../../report/charts.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { pdfRenderer } from './pdf.ts';

const folder = mkdtempSync(join(tmpdir(), 'pdf-structure-'));
const file = join(folder, 'report.pdf');
afterAll(() => rmSync(folder, { recursive: true }));

const hasPoppler = spawnSync('pdfinfo', ['-v']).error === undefined;
if (!hasPoppler)
  process.stderr.write('skipped: the structure of PDFs is not read, pdfinfo (poppler-utils) is missing\n');

const report = exampleReport('code');
let elements: string[] = [];
let raw = '';

beforeAll(async () => {
  const pdf = await pdfRenderer({ chartsOf, log: { info() {}, warn() {} } }).render(report);
  writeFileSync(file, pdf);
  raw = Buffer.from(pdf).toString('latin1');
  if (!hasPoppler) return;
  const structure = execFileSync('pdfinfo', ['-struct-text', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  elements = structure.split('\n').map((line) => line.trim());
});

function textUnder(element: RegExp): string[] {
  return elements.flatMap((line, index) => {
    if (!element.test(line)) return [];
    const end = elements.findIndex((other, at) => at > index && !other.startsWith('"') && !other.startsWith('/'));
    const said = elements.slice(index + 1, end).filter((other) => other.startsWith('"'));
    return [said.map((other) => other.slice(1, -1)).join('')];
  });
}

test.skipIf(!hasPoppler)('there is one title, and every section has a heading below it', () => {
  expect(textUnder(/^H1\b/)).toEqual([report.incident.title]);
  const sections = textUnder(/^H2\b/);
  expect(sections).toEqual([
    'Summary',
    'Do now',
    'Impact',
    'Root cause',
    'What the agents found',
    'Ruled out',
    'Could not see',
    'Not checked',
    'Hypotheses',
    'Timeline',
    'About this report',
    'Appendix: evidence and queries',
    'Claims that did not survive the check',
  ]);
  const levels = elements.flatMap((line) => /^H(\d)\b/.exec(line)?.[1] ?? []).map(Number);
  for (const [index, level] of levels.entries()) expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
});

function count(name: string): number {
  return elements.filter((line) => line.startsWith(name)).length;
}

test.skipIf(!hasPoppler)('tables have heads, lists have items', () => {
  expect(count('Table')).toBeGreaterThanOrEqual(3);
  expect(textUnder(/^TH\b/)).toEqual(expect.arrayContaining(['Figure', 'Before', 'Since', 'Time', 'Event']));
  expect(count('TD')).toBeGreaterThan(20);
  expect(count('LI')).toBeGreaterThan(3);
});

/** PDF strings are UTF-16 with a mark where they are not plain. */
function textOf(text: string): string {
  const bytes = Buffer.from(
    text.replace(/\\([0-7]{1,3}|.)/gs, (_, one: string) =>
      /^[0-7]/.test(one)
        ? String.fromCharCode(Number.parseInt(one, 8))
        : ({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[one] ?? one),
    ),
    'latin1',
  );
  return bytes[0] === 0xfe && bytes[1] === 0xff
    ? bytes.subarray(2).swap16().toString('utf16le')
    : bytes.toString('latin1');
}

test('every chart is told in a sentence', () => {
  const figures = [...raw.matchAll(/\/S \/Figure\b/g)].length;
  const told = [...raw.matchAll(/\/Alt \(((?:[^()\\]|\\.)*(?:\((?:[^()\\]|\\.)*\)(?:[^()\\]|\\.)*)*)\)/gs)].map(
    ([, alt = '']) => textOf(alt),
  );
  const charts = chartsOf(report);
  expect(charts.length).toBeGreaterThan(0);
  expect(figures).toBe(charts.length);
  for (const { sentence } of charts) expect(told).toContain(sentence);
});

test('a claim leads to its evidence: every chip is a link with a target', () => {
  const links = [...raw.matchAll(/\/Subtype \/Link\b(?:(?!endobj)[\s\S])*/g)].map(([link]) => link);
  expect(links.filter((link) => !/\/Dest\b|\/URI\b|\/GoTo\b/.test(link))).toEqual([]);
  const claims = [report.verdict.statement, ...report.verdict.support];
  const inside = links.filter((link) => !link.includes('/URI'));
  expect(inside.length).toBeGreaterThan(claims.flatMap(({ cites }) => cites).length);
});
