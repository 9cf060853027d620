/**
 * Every free text of a report replaced by a hostile one with a number in front, rendered, and read back: each place where
 * such a number is shown must go on with the hostile text as text. Counted per format, so that a share can be told.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notifyRequest } from '../apps/incident-agent-workflow/src/adapters/notifiers/notify-request.ts';
import { docxRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/docx.ts';
import { withEveryText } from '../apps/incident-agent-workflow/src/adapters/renderers/hostile-report.test-helper.ts';
import { markdownRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/markdown.ts';
import { pdfRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/pdf.ts';
import { visibleLine } from '../apps/incident-agent-workflow/src/adapters/renderers/visible-text.ts';
import { documentXml } from '../apps/incident-agent-workflow/src/adapters/renderers/word-document.test-helper.ts';
import type { Report } from '../apps/incident-agent-workflow/src/domain/report.ts';
import type { Log } from '../apps/incident-agent-workflow/src/ports.ts';
import { chartsOf } from '../apps/incident-agent-workflow/src/report/charts.ts';
import { exampleComposition } from '../apps/incident-agent-workflow/src/report/example-report.test-helper.ts';
import { incidentPage } from '../apps/incident-agent-workflow/src/server/page/incident-page.ts';
import { mailHtml } from '../apps/notifier/src/mail/html.ts';
import { mailText } from '../apps/notifier/src/mail/text.ts';
import { mailView } from '../apps/notifier/src/mail/view.ts';

/** So much of the text behind a number is compared, blanks aside. */
const COMPARED = 16;

const INPUTS = {
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  Typst: '#panic("x")$x^2$*b*@E1<E1>#read("/etc/passwd")',
  Markdown: '[x](javascript:alert(1))![i](http://evil.test/i.png)**b**|~~s~~',
  fence: '````\n```sh\nrm -rf /\n```',
  formula: '=HYPERLINK("http://evil.test","x")+cmd',
  controls: '\u0000a\u0001b\u001b[31mc\u007fd',
  bidi: '\u202egnp.exe\u202c\u2066x\u2069',
  'long line': 'x'.repeat(5_000),
} as const;

export const FORMATS = ['page', 'pdf', 'docx', 'md', 'mail', 'mail text'] as const;
export type Format = (typeof FORMATS)[number];

export interface HostileCount {
  readonly input: string;
  readonly format: Format;
  /** Fields that were filled with it. */
  readonly fields: number;
  /** Places in which such a field is shown, and those in which it is plain text. */
  readonly shown: number;
  readonly quoted: number;
  /** What was read back where it is not; and elements or addresses that the report has not without it. */
  readonly broken: readonly string[];
}

const log: Log = { info() {}, warn() {}, error() {} };
const pdf = pdfRenderer({ chartsOf, log });
const docx = docxRenderer({ chartsOf, log });

export async function countHostile(report: Report, scratch: string): Promise<HostileCount[]> {
  const counts: HostileCount[] = [];
  const usual = await readAll(report, scratch);
  for (const [input, text] of Object.entries(INPUTS)) {
    let fields = 0;
    const marked = withEveryText(report, () => {
      fields += 1;
      return `qz${fields}qz${text}`;
    });
    const read = await readAll(marked, scratch);
    for (const format of FORMATS) {
      const isMail = format === 'mail' || format === 'mail text';
      // What is not seen is spelled out, or left out where the words are quoted in a sentence or a mail.
      const expected = [visibleLine(text, 200), withoutUnseen(text)].map((one) => joined(one).slice(0, COMPARED));
      const readings = read[format].texts.map((one) => joined(isMail ? withoutUnseen(one) : one));
      if (readings.some((seen) => UNSEEN.test(seen))) read[format].active.add('a character that is not seen');
      const [first = [], ...others] = readings.map((seen) => placesOf(seen, expected));
      // Every reader of PDFs loses a line here and there: one that shows it is enough.
      const broken = first
        .filter(({ mark, isText }) => !isText && !others.some((places) => isWhole(places, mark)))
        .map(({ mark, found }) => `${mark}${found}`);
      const strange = [...read[format].active].filter((one) => !usual[format].active.has(one));
      const [shown, quoted] = [first.length, first.length - broken.length];
      counts.push({ input, format, fields, shown, quoted, broken: [...broken, ...strange] });
    }
  }
  return counts;
}

const UNSEEN = /(?![\t\n\r\f])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

interface Place {
  readonly mark: string;
  readonly found: string;
  readonly isText: boolean;
}

function placesOf(seen: string, expected: readonly string[]): Place[] {
  return [...seen.matchAll(/qz\d+qz/g)].map(({ index, 0: mark }) => {
    const found = seen.slice(index + mark.length, index + mark.length + COMPARED);
    return { mark, found, isText: expected.some((one) => isQuoted(found, one)) };
  });
}

function isWhole(places: readonly Place[], wanted: string): boolean {
  const same = places.filter(({ mark }) => mark === wanted);
  return same.length > 0 && same.every(({ isText }) => isText);
}

/** As far as it was not cut for length, which is marked. */
function isQuoted(found: string, expected: string): boolean {
  const cut = /…|\[cut/.exec(found);
  return cut ? expected.startsWith(found.slice(0, cut.index)) : found.startsWith(expected);
}

/** In a mail what is not seen is a blank or U+FFFD; what it is, is said on paper and on the page. */
function withoutUnseen(text: string): string {
  return text.replace(/(?![\t\n\r\f])[\p{Cc}\p{Bidi_Control}\ufffd]/gu, '');
}

/** Blanks and places where a word may break say nothing. */
function joined(text: string): string {
  return text
    .replace(/[\s\u200b]+/g, '')
    .replaceAll('⟨', '[')
    .replaceAll('⟩', ']');
}

interface ReadBack {
  /** As shown; by more than one reader where there are several. */
  readonly texts: readonly string[];
  /** Elements, and schemes of addresses: what could act. */
  readonly active: Set<string>;
}

async function readAll(report: Report, scratch: string): Promise<Record<Format, ReadBack>> {
  const incident = { ...exampleComposition('code').incident, title: report.incident.title };
  const key = { destination: 'email', kind: 'opened', idempotencyKey: 'INC-147/1', earlierReceipt: null } as const;
  const request = notifyRequest({ ...key, report, pdf: undefined }, chartsOf(report));
  const view = mailView({ ...request, idempotencyKey: key.idempotencyKey }, report.generatedAt);
  return {
    page: htmlRead(incidentPage({ incident, report, stages: [], deliveries: [] })),
    pdf: pdfRead(await pdf.render(report), scratch),
    docx: htmlRead(documentXml(await docx.render(report))),
    md: markdownRead(Buffer.from(await markdownRenderer().render(report)).toString('utf8')),
    mail: htmlRead(mailHtml(view)),
    'mail text': { texts: [mailText(view)], active: new Set() },
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  amp: '&',
  nbsp: ' ',
};

/** As a browser reads it: what stands between `<` and `>` is markup, whoever wrote it. */
function htmlRead(html: string): ReadBack {
  const active = new Set<string>();
  // An address that shows itself is what it says; only actions have such, and they are ours.
  const shown = html
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<a class="lk" href="([^"]*)"[^>]*>\1<\/a>/g, '$1');
  for (const [, name = '', attributes = ''] of shown.matchAll(/<([a-z!][\w:-]*)([^>]*)>/gi)) {
    active.add(name);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      if (/^on/i.test(attribute)) active.add(attribute);
      if (attribute === 'href' || attribute === 'src')
        active.add(`${attribute} ${/^[a-z]*:|^./i.exec(value)?.[0] ?? ''}`);
    }
  }
  const text = shown
    .replace(/<[a-z/!?][^>]*>/gi, '')
    .replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity);
  return { texts: [text], active };
}

/** As a reader of GitHub's dialect shows it: fences as they are, elsewhere escapes taken off; whatever is not escaped acts. */
function markdownRead(markdown: string): ReadBack {
  let text = '';
  const active = new Set<string>();
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const mark = /^(`{3,})(?:text)?$/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && mark === fence) fence = undefined;
    else if (fence !== undefined) text += `${line}\n`;
    else {
      for (const [found] of line.matchAll(/(?<!\\)(?:\\\\)*(?:!?\[|<[a-z/!]|https?:)/gi)) active.add(found);
      text += `${line
        .replace(/\\([!-/:-@[-`{-~])/g, '$1')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&')}\n`;
    }
  }
  return { texts: [text], active };
}

function run(tool: string, words: readonly string[]): string {
  return execFileSync(tool, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 ** 2,
  });
}

function pdfRead(content: Uint8Array, scratch: string): ReadBack {
  const file = join(scratch, 'hostile.pdf');
  writeFileSync(file, content);
  // By structure too: side by side on the page, the lines of two cells are read as one.
  const structure = run('pdfinfo', ['-struct-text', file]);
  const text = [...structure.matchAll(/^ *"(.*)"$/gm)].map(([, said]) => said).join('');
  const texts = [run('pdftotext', [file, '-']), text];
  const raw = Buffer.from(content).toString('latin1');
  return {
    texts,
    active: new Set([...raw.matchAll(/\/(JavaScript|Launch|EmbeddedFile|SubmitForm)\b/g)].map(([, one]) => one ?? '')),
  };
}
