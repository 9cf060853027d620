/** Another language is one catalogue more: with both apps' catalogues exchanged, no English of ours is left anywhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unzipped, wordsOf } from '../apps/incident-agent-workflow/src/adapters/renderers/word-document.test-helper.ts';
import type { Report } from '../apps/incident-agent-workflow/src/domain/report.ts';
import { shortHash } from '../apps/incident-agent-workflow/src/lib/wording.ts';
import { CASES } from '../apps/incident-agent-workflow/src/report/example-report.test-helper.ts';

const folder = mkdtempSync(join(tmpdir(), 'other-language-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;
if (!hasPoppler) process.stderr.write('skipped: PDFs are not read back, pdftotext (poppler-utils) is missing\n');

beforeAll(() => {
  const scripts = join(import.meta.dirname, 'other-language');
  execFileSync(
    process.execPath,
    ['--import', join(scripts, 'exchange-catalogues.ts'), join(scripts, 'write-all.ts'), folder],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
});

const READERS = {
  pdf: pdfText,
  'plain.pdf': pdfText,
  docx: (path: string) => {
    const file = readFileSync(path);
    const parts = ['word/document.xml', 'word/footer1.xml'].map((part) => unzipped(file, part));
    // Instructions to Word itself, such as the one for the number of the page.
    return parts.map((xml) => wordsOf(xml.replace(/<w:instrText[^>]*>[^<]*<\/w:instrText>/g, ''))).join('\n');
  },
  md: (path: string) => readFileSync(path, 'utf8').replaceAll('\\', ''),
  'mail.html': (path: string) =>
    wordsOf(
      readFileSync(path, 'utf8')
        .replace(/<style>.*?<\/style>/gs, '')
        .replace(/aria-label="([^"]*)"/g, '>$1<')
        .replaceAll('&nbsp;', ' '),
    ),
  'mail.txt': (path: string) => readFileSync(path, 'utf8'),
} as const;

function pdfText(path: string): string {
  return execFileSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8' });
}

/** Names and measures, which are the same in every language. */
const ALLOWED = new Set([
  // Units and the zone of all times.
  'UTC',
  'ms',
  'min',
  // How the languages of queries are called, and what Markdown calls a block of plain text.
  'PromQL',
  'LogQL',
  'git',
  'text',
]);

/** What is left of the report's own texts without marks: ids, kinds, hashes, names of metrics, reasons of the engine. */
function factsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('«') || !/\p{L}{2}/u.test(value) ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(factsIn) : [];
}

/** Words that stand outside of all marks. */
function strayWords(text: string, facts: readonly string[]): string[] {
  let rest = text.replaceAll('\u200b', '').replace(/\s+/g, ' ');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/«[^«»]*»/g, ' ');
  }
  for (const fact of [...new Set(facts)].toSorted((a, b) => b.length - a.length)) {
    rest = rest.replaceAll(fact, ' ').replaceAll(shortHash(fact), ' ');
  }
  return rest.split(/[\s,;:()[\]|·"“”…*#>`]+/u).filter((word) => /\p{L}{2}/u.test(word) && !ALLOWED.has(word));
}

const PLACES = Object.entries(READERS).flatMap(([format, reader]) =>
  [...CASES, 'full'].map((name) => ({ format, name, reader })),
);

test.for(PLACES)('$format of the case $name says nothing that is not in a catalogue', (place, { skip }) => {
  const { format, name, reader } = place;
  if (format.endsWith('pdf') && !hasPoppler) skip('pdftotext is missing');
  const text = reader(join(folder, `${name}.${format}`));
  expect(text.match(/«/g)?.length).toBeGreaterThan(20);
  expect(text.includes('Plain form')).toBe(format === 'plain.pdf');
  const facts = factsIn(JSON.parse(readFileSync(join(folder, `${name}.report.json`), 'utf8')));
  expect(strayWords(text, facts)).toEqual([]);
});

test('what the report says of its facts by itself comes from the catalogue too', () => {
  const stray = CASES.flatMap((name) => {
    const report: Report = JSON.parse(readFileSync(join(folder, `${name}.report.json`), 'utf8'));
    const outcome = report.timeline.findLast(({ kind }) => kind === 'agent')?.text ?? '';
    const verdict = report.verdict.status === 'unknown' ? [report.verdict.statement.text] : [];
    return [...report.keyFacts.map(({ label }) => label), outcome, ...verdict].filter((text) => !/^«.*»$/.test(text));
  });
  expect(stray).toEqual([]);
});
