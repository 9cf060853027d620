import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Chart } from '../../domain/chart.ts';
import { isAgentError } from '../../domain/error.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { Report } from '../../domain/report.ts';
import { chartsOf } from '../../report/charts.ts';
import { CASES, exampleReport } from '../../report/example-report.test-helper.ts';
import { reportFonts } from './fonts.ts';
import { HOSTILE, withEveryText } from './hostile-report.test-helper.ts';
import { type PdfOptions, pdfRenderer } from './pdf.ts';
import type { Typesetter } from './typesetter.ts';
import { wasmTypesetter } from './typst-wasm.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasPoppler = ['pdftotext', 'pdfinfo'].every((tool) => spawnSync(tool, ['-v']).error === undefined);
if (!hasPoppler)
  process.stderr.write('skipped: PDFs are not read back, pdftotext and pdfinfo (poppler-utils) are missing\n');

function renderer(change: Partial<PdfOptions> = {}) {
  const said: string[] = [];
  const note = (message: string): number => said.push(message);
  return { pdf: pdfRenderer({ chartsOf, log: { info: note, warn: note }, ...change }), said };
}
const shared = renderer();

function read(tool: 'pdftotext' | 'pdfinfo', pdf: Uint8Array): string {
  const path = join(folder, 'read.pdf');
  writeFileSync(path, pdf);
  return execFileSync(tool, tool === 'pdftotext' ? [path, '-'] : [path], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
function words(pdf: Uint8Array): string {
  return read('pdftotext', pdf).replaceAll('\u200b', '').replace(/\s+/g, ' ');
}
function pagesOf(pdf: Uint8Array): number {
  return Number(/^Pages:\s+(\d+)/m.exec(read('pdfinfo', pdf))?.[1]);
}

test.each(CASES)('the case %s is exported as PDF/UA-1, and twice the same bytes', async (name) => {
  const { pdf, said } = renderer();
  const first = await pdf.render(exampleReport(name));
  const second = await shared.pdf.render(exampleReport(name));
  expect(Buffer.compare(first, second)).toBe(0);
  expect(Buffer.from(first).toString('latin1')).toContain('<pdfuaid:part>1</pdfuaid:part>');
  expect(said).toEqual([]);
});

test.skipIf(!hasPoppler)('the PDF says what the report says', async () => {
  const report = exampleReport('code');
  const text = words(await shared.pdf.render(report));
  const facts = [
    report.incident.id,
    'Warning',
    'Likely, 87 %',
    'git revert --no-edit a41f9c2',
    'const collection = db.collection(config.itemsCollection.name);',
    'itemsCollection: { name:',
    'listItems (src/routes/items.ts:42:52)',
    'sum by (handler, method, status) (rate(http_requests_total{service="mongo-api-service"}[1m]))',
    'Triage',
    'Investigation',
    'Code Analysis',
    'Whether somebody silenced a related alert',
    'Latency doubled at 10:41:00.',
    'Onset 10:42:10',
    'Page 1 of',
  ];
  expect(facts.filter((fact) => !text.includes(fact))).toEqual([]);
  expect(text.replace(/\s/g, '')).toContain(report.verdict.statement.text.replace(/\s/g, ''));
});

test.skipIf(!hasPoppler)('the PDF names its title, its maker and the time of the report', async () => {
  const details = read('pdfinfo', await shared.pdf.render(exampleReport('code')));
  expect(details).toMatch(/Title:\s+Incident report INC-147: mongo-api-service answers requests with 5xx/);
  expect(details).toMatch(/Author:\s+Incident Agent/);
  expect(details).toMatch(/Tagged:\s+yes/);
  expect(details).toMatch(/Page size:.*A4/);
});

test.skipIf(!hasPoppler)('on Letter where that is the paper, in either form', async () => {
  const letter = renderer({ paper: 'letter' });
  expect(read('pdfinfo', await letter.pdf.render(exampleReport('code')))).toMatch(/Page size:\s+612 x 792.*letter/);
  expect(letter.said).toEqual([]);
});

test.skipIf(!hasPoppler)('each of the three kinds of verdict is said in words', async () => {
  expect(words(await shared.pdf.render(exampleReport('not-confirmed')))).toContain('Alert not confirmed');
  expect(words(await shared.pdf.render(exampleReport('unknown')))).toContain('Not established');
  expect(words(await shared.pdf.render(exampleReport('dependency')))).toContain('Very likely, 90 %');
});

test.each(HOSTILE)('a report full of $says is laid out in full, as PDF/UA-1', async ({ text }) => {
  const { pdf, said } = renderer();
  const content = await pdf.render(withEveryText(exampleReport('code'), () => text));
  expect(said).toEqual([]);
  expect(Buffer.from(content).toString('latin1')).toContain('<pdfuaid:part>1</pdfuaid:part>');
  expect(hasPoppler ? pagesOf(content) : 0).toBeLessThanOrEqual(12);
});

test.skipIf(!hasPoppler).each([
  { script: 'Chinese', text: '数据库连接被拒绝' },
  { script: 'Japanese', text: '接続がタイムアウトしました' },
  { script: 'Korean', text: '연결이 거부되었습니다' },
  { script: 'Cyrillic', text: 'Ошибка соединения' },
  { script: 'Arabic', text: 'خطأ' },
  { script: 'Hebrew', text: 'שגיאה' },
  { script: 'emoji', text: '🔥⚠️🚀' },
])('$script is drawn, not spelled', async ({ text }) => {
  const content = await shared.pdf.render(withEveryText(exampleReport('code'), () => `before ${text} after`));
  const said = words(content);
  expect(said).not.toContain('[U+');
  const letters = Array.from(text.replaceAll('\ufe0f', ''));
  // Right-to-left text is read back in the order in which it is seen, and Arabic letters in their joined forms.
  expect(letters.filter((letter) => !said.normalize('NFKC').includes(letter))).toEqual([]);
});

test.skipIf(!hasPoppler)('markup is shown, not obeyed', async () => {
  const text = words(await shared.pdf.render(withEveryText(exampleReport('code'), () => '#panic("x") *b* @E1 <E1>')));
  expect(text).toContain('#panic("x") *b* @E1 <E1>');
});

function many<T>(items: readonly T[]): T[] {
  return Array.from({ length: 200 }, () => items).flat();
}

/** As much of everything as the analysis may hand over, and more. */
function hugeReport(): Report {
  const report = exampleReport('code');
  const evidence = Array.from({ length: 300 }, (_unused, index): Evidence => {
    const item = report.evidence[index % report.evidence.length]!;
    return { ...item, id: `E${index + 1}` };
  }).map((item): Evidence => {
    if (item.kind === 'commit')
      return {
        ...item,
        data: {
          ...item.data,
          files: Array.from({ length: 60 }, (_unused, index) => ({
            path: `src/${index}.ts`,
            status: 'modified' as const,
            patch: `@@ -1,400 +1,400 @@\n${'+ changed line\n'.repeat(400)}`,
          })),
        },
      };
    if (item.kind === 'stack-trace')
      return {
        ...item,
        data: { ...item.data, frames: Array.from({ length: 400 }, () => ({ ...item.data.frames[0]!, inApp: true })) },
      };
    return item;
  });
  return {
    ...report,
    evidence,
    hypotheses: many(report.hypotheses),
    ruledOut: many(report.ruledOut),
    gaps: many(report.gaps).map((gap, index) => ({ ...gap, id: `G${index + 1}` })),
    notChecked: many(report.notChecked),
    timeline: many(report.timeline),
    refusedClaims: many(report.refusedClaims),
    claimCounts: { supported: 4, refused: 200 },
    notes: many([{ stage: 'triage', note: 'failed' }]),
    actions: many(report.actions),
  };
}

test.skipIf(!hasPoppler)('a huge report stays within twelve pages and says what it left out', async () => {
  const { pdf, said } = renderer();
  const content = await pdf.render(hugeReport());
  expect(said).toEqual([]);
  expect(pagesOf(content)).toBeLessThanOrEqual(12);
  expect(words(content)).toContain('260 more pieces of evidence in the JSON report');
});

test('a citation of something that is not in the report breaks nothing', async () => {
  const { pdf, said } = renderer();
  const report = exampleReport('code');
  await pdf.render({
    ...report,
    verdict: { ...report.verdict, statement: { text: 'x', cites: ['E404', 'G99'] } },
    evidence: report.evidence.slice(0, 2),
  });
  expect(said).toEqual([]);
});

test.skipIf(!hasPoppler)('what cannot be laid out is delivered as plain text', async () => {
  const broken: Chart[] = chartsOf(exampleReport('code')).map((chart) => ({ ...chart, evidenceId: 'E1"' }));
  const { pdf, said } = renderer({
    chartsOf: () => {
      throw new TypeError('no charts today');
    },
  });
  const text = words(await pdf.render(exampleReport('code')));
  expect(said).toEqual(['The report is rendered in its plain form']);
  expect(text).toContain('Plain form');
  expect(text).toContain('git revert --no-edit a41f9c2');
  expect(text.replace(/\s/g, '')).toContain(exampleReport('code').verdict.statement.text.replace(/\s/g, ''));
  // A chart that belongs to no evidence is left out; that alone is no reason for the plain form.
  const other = renderer({ chartsOf: () => broken });
  await other.pdf.render(exampleReport('code'));
  expect(other.said).toEqual([]);
});

test.each(HOSTILE)('even the plain form takes a report full of $says', async ({ text }) => {
  const { pdf, said } = renderer({
    chartsOf: () => {
      throw new TypeError('no charts today');
    },
  });
  const content = await pdf.render(withEveryText(exampleReport('code'), () => text));
  expect(said).toEqual(['The report is rendered in its plain form']);
  expect(Buffer.from(content).subarray(0, 5).toString()).toBe('%PDF-');
});

test('when nothing can be made the error says which report and why', async () => {
  const typesetter: Typesetter = {
    name: 'broken',
    standards: [undefined],
    async typeset() {
      throw new Error('no ink');
    },
  };
  const { pdf } = renderer({ typesetter });
  const error: unknown = await pdf.render(exampleReport('code')).catch((thrown: unknown) => thrown);
  expect(isAgentError(error) && [error.code, error.retryable, error.message]).toEqual([
    'malformed',
    false,
    'The PDF of INC-147 could not be made: no ink',
  ]);
});

test.skipIf(!hasPoppler)('a stage that failed is named where its result would stand', async () => {
  expect(words(await shared.pdf.render(exampleReport('dependency')))).toContain(
    'Investigation No result: timed out after 20 s',
  );
});

test('without the native module WebAssembly makes a tagged PDF, the same bytes each time', {
  timeout: 60_000,
}, async () => {
  const typesetter = await wasmTypesetter(reportFonts().files);
  const { pdf, said } = renderer({ typesetter });
  const first = await pdf.render(exampleReport('code'));
  expect(Buffer.compare(first, await pdf.render(exampleReport('code')))).toBe(0);
  expect(said).toEqual([]);
  expect(Buffer.from(first).toString('latin1')).toContain('/StructTreeRoot');
  expect(hasPoppler ? words(first) : 'Likely, 87 %').toContain('Likely, 87 %');
});
