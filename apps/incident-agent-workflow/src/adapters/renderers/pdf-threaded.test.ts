import { afterAll, expect, test } from 'vitest';
import { isAgentError } from '../../domain/error.ts';
import { chartsOf } from '../../report/charts.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { pdfRenderer } from './pdf.ts';
import { type ThreadedPdfOptions, type ThreadedPdfRenderer, threadedPdfRenderer } from './pdf-threaded.ts';

const opened: ThreadedPdfRenderer[] = [];
afterAll(async () => {
  for (const renderer of opened) await renderer.close();
});

function threaded(change: Partial<ThreadedPdfOptions> = {}) {
  const said: string[] = [];
  const note = (message: string, fields?: Record<string, unknown>): number =>
    said.push(`${message}: ${JSON.stringify(fields)}`);
  const pdf = threadedPdfRenderer({ chartsOf, log: { info: note, warn: note }, ...change });
  opened.push(pdf);
  return { pdf, said };
}
function textOf(pdf: Uint8Array): string {
  return Buffer.from(pdf).toString('latin1');
}

// Two engines are loaded for it, which takes most of the usual time where others work too.
const LONG_MILLISECONDS = 60_000;

test('the thread makes the same bytes as the process itself, also when asked for several at once', {
  timeout: LONG_MILLISECONDS,
}, async () => {
  const { pdf, said } = threaded();
  const own = pdfRenderer({ chartsOf, log: { info() {}, warn() {} } });
  const cases = ['code', 'dependency', 'unknown', 'code'] as const;
  const made = await Promise.all(cases.map((name) => pdf.render(exampleReport(name))));
  for (const [index, name] of cases.entries())
    expect(Buffer.compare(made[index] ?? Buffer.from(''), await own.render(exampleReport(name)))).toBe(0);
  expect(said).toEqual([]);
});

test('the process goes on while a report is laid out', async () => {
  const { pdf } = threaded();
  await pdf.warm();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 5);
  await Promise.all(Array.from({ length: 6 }, () => pdf.render(exampleReport('code'))));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
});

test.each([
  { says: 'dies', script: 'thread-that-ends.ts', limitMilliseconds: 30_000, reason: 'its thread ended with code 7' },
  { says: 'hangs', script: 'thread-that-hangs.ts', limitMilliseconds: 10_000, reason: 'it took longer than 10 s' },
])('when the thread $says over a report, a new one makes its plain form', { timeout: 60_000 }, async (one) => {
  const script = new URL(`./fixtures/${one.script}`, import.meta.url);
  const { pdf, said } = threaded({ script, limitMilliseconds: one.limitMilliseconds });
  const content = textOf(await pdf.render(exampleReport('code')));
  expect(content.startsWith('%PDF-')).toBe(true);
  expect(content).toContain('Incident report INC-147');
  expect(said).toEqual([
    `The report is rendered in its plain form: ${JSON.stringify({ incident: 'INC-147', reason: one.reason })}`,
  ]);
});

test('a thread that cannot be started is an error that says which report and why', async () => {
  const { pdf } = threaded({ script: new URL('./fixtures/no-such-thread.ts', import.meta.url) });
  const error: unknown = await pdf.render(exampleReport('code')).catch((thrown: unknown) => thrown);
  expect(isAgentError(error) && [error.code, error.retryable]).toEqual(['malformed', false]);
  expect(isAgentError(error) && error.message).toMatch(/^The PDF of INC-147 could not be made: its thread failed: /);
});
