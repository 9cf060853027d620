/** The plain text part: the same words as the HTML one, 76 columns. */
import { WORDS } from '../lib/catalogue/words.ts';
import { type Course, sparkline } from './courses.ts';
import type { MailView } from './view.ts';

const WIDTH_CHARACTERS = 76;

export function mailText(view: MailView): string {
  const { badge, state, incidentId, verdict } = view;
  const blocks = [
    wrap([`${badge.word.toUpperCase()}.`, state && `${state}.`, incidentId, view.alertname].filter(Boolean).join(' ')),
    [wrap(view.title), ...(view.summary === undefined ? [] : ['', wrap(view.summary)])].join('\n'),
    factLines(view),
    ...view.courses.map(courseLines),
    verdict &&
      [
        WORDS.headings.whyVerdict(verdict.heading).toUpperCase(),
        wrap(verdict.sentence),
        ...bullets(verdict.support),
      ].join('\n'),
    titled(view.actionsTitle, steps(view.actions)),
    [view.link && WORDS.allEvidence(view.link), view.pdfLink && `${view.pdfLink.text}: ${view.pdfLink.url}`]
      .filter(Boolean)
      .join('\n'),
    view.analysis.length > 0 &&
      titled(view.analysisTitle, [view.analysis.map((paragraph) => wrap(paragraph)).join('\n\n')]),
    titled(WORDS.headings.ruledOut, bullets(view.ruledOut)),
    titled(WORDS.headings.notSeen, bullets(view.notSeen)),
    wrap(view.footer.join(' ')),
  ];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function factLines(view: MailView): string | undefined {
  const widest = Math.min(20, Math.max(...view.facts.map((fact) => fact.label.length), 0));
  const lines = view.facts.map(({ label, value, detail }) => {
    const said = detail === undefined ? value : `${value} (${detail})`;
    return wrap(`${label.toUpperCase().padEnd(widest)}  ${said}`, ' '.repeat(widest + 2));
  });
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** The sentence first: whoever hears the mail read out needs no more. */
function courseLines({ sentence, columns, from, to, key }: Course): string {
  return [wrap(sentence), `${from} ${sparkline(columns)} ${to}`, ...(key === '' ? [] : [wrap(key)])].join('\n');
}

function titled(title: string, lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : [title.toUpperCase(), ...lines].join('\n');
}

function bullets(items: readonly string[]): string[] {
  return items.map((item) => wrap(`  - ${item}`, '    '));
}

/** A command stands alone on its line, so that it can be copied. */
function steps(actions: readonly string[]): string[] {
  return actions.map((action, index) => {
    const number = `${index + 1}. `;
    return wrap(number + action.replace(/ *`([^`\n]* [^`\n]*)` */gu, '\n$1\n').trim(), ' '.repeat(number.length));
  });
}

/** Breaks at spaces only, and not within [E4, E5]: an address or a hash stays whole. Back-ticks that mark code are left out. */
function wrap(text: string, indent = ''): string {
  const lines: string[] = [];
  const unbroken = text.replace(/(?<!`)`([^`\n]+)`(?!`)/gu, '$1').replace(/(?<=[EG]\d{1,4},) (?=[EG]\d)/gu, '\u00A0');
  for (const line of unbroken.split('\n')) lines.push(...wrapLine(line, lines.length === 0 ? '' : indent, indent));
  return lines.join('\n').replaceAll('\u00A0', ' ');
}

function wrapLine(line: string, firstIndent: string, indent: string): string[] {
  if (firstIndent.length + line.length <= WIDTH_CHARACTERS) return [firstIndent + line];
  const lines: string[] = [];
  let current = firstIndent;
  let empty = true;
  for (const word of line.split(' ')) {
    if (!empty && current.length + 1 + word.length > WIDTH_CHARACTERS) {
      lines.push(current);
      current = indent;
      empty = true;
    }
    current += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, current];
}
