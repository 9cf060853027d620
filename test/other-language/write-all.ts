/** Writes one report as PDF, plain PDF, Word, Markdown and mail into a folder. Its facts stand between « and » too. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notifyRequest } from '../../apps/incident-agent-workflow/src/adapters/notifiers/notify-request.ts';
import { docxRenderer } from '../../apps/incident-agent-workflow/src/adapters/renderers/docx.ts';
import { withEveryText } from '../../apps/incident-agent-workflow/src/adapters/renderers/hostile-report.test-helper.ts';
import { markdownRenderer } from '../../apps/incident-agent-workflow/src/adapters/renderers/markdown.ts';
import { pdfRenderer } from '../../apps/incident-agent-workflow/src/adapters/renderers/pdf.ts';
import type { Report } from '../../apps/incident-agent-workflow/src/domain/report.ts';
import { WORDS } from '../../apps/incident-agent-workflow/src/lib/catalogue/words.ts';
import { chartsOf } from '../../apps/incident-agent-workflow/src/report/charts.ts';
import { composeReport } from '../../apps/incident-agent-workflow/src/report/compose.ts';
import { CASES, exampleComposition } from '../../apps/incident-agent-workflow/src/report/example-report.test-helper.ts';
import { mailHtml } from '../../apps/notifier/src/mail/html.ts';
import { mailText } from '../../apps/notifier/src/mail/text.ts';
import { mailView } from '../../apps/notifier/src/mail/view.ts';

import { withEverything } from './full-report.ts';

const [folder = '.'] = process.argv.slice(2);
if (!WORDS.headings.summary.startsWith('«')) throw new Error('the catalogue was not exchanged');

const log = { info() {}, warn() {}, error() {} };
const pdf = pdfRenderer({ chartsOf, log });
const key = { destination: 'email', kind: 'opened', idempotencyKey: 'INC-147/1', earlierReceipt: null } as const;

/** What is worded already keeps its words; what stands beside them in the same cell is a fact. */
function asFact(text: string): string {
  if (!text.includes('«')) return '«fact»';
  const parts = text.split(' · ');
  return parts.map((part) => (part.includes('«') ? part : '«fact»')).join(' · ');
}

const composed = new Map<string, Report>(CASES.map((name) => [name, composeReport(exampleComposition(name))]));
composed.set('full', withEverything(composeReport(exampleComposition('code'))));

for (const [name, example] of composed) {
  const report = withEveryText(example, asFact);
  writeFileSync(join(folder, `${name}.report.json`), JSON.stringify(report));
  const request = notifyRequest({ ...key, report, pdf: undefined }, chartsOf(report));
  const view = mailView({ ...request, idempotencyKey: key.idempotencyKey }, report.generatedAt);
  const files = {
    pdf: await pdf.render(report),
    'plain.pdf': await pdf.plain(report),
    docx: await docxRenderer({ chartsOf, log }).render(report),
    md: await markdownRenderer().render(report),
    'mail.html': mailHtml(view),
    'mail.txt': mailText(view),
  };
  for (const [format, content] of Object.entries(files)) writeFileSync(join(folder, `${name}.${format}`), content);
}
