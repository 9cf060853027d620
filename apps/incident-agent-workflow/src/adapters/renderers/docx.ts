/** The report as a Word document: the post-mortem to edit and to file. Same report, same bytes. */
import type { Chart } from '../../domain/chart.ts';
import { messageOf } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import type { Log, Renderer } from '../../ports.ts';
import { BOUNDS } from './bounds.ts';
import { type ChartPainter, chartPainter, type DrawnChart } from './chart-png.ts';
import {
  faintLine,
  heading,
  type Part,
  partsOf,
  picture,
  prompt,
  severityStrip,
  tableOf,
  titleLine,
  wordFile,
} from './docx-parts.ts';
import { alertLine, dayAndTime, SEVERITY_WORDS, STATUS_WORDS, subtitle } from './labels.ts';
import { outlineOf, plain } from './outline.ts';

export interface DocxOptions {
  readonly log: Log;
  /** Which metrics are drawn, best first. */
  readonly chartsOf: (report: Report) => readonly Chart[];
}

export interface DocxRenderer extends Renderer {
  /** What the report's document says between its cover and its end, for a document that holds several. */
  sections(report: Report, firstPicture: number): Promise<{ readonly parts: Part[]; readonly pictures: number }>;
}

export function docxRenderer({ log, chartsOf }: DocxOptions): DocxRenderer {
  let painter: Promise<ChartPainter> | undefined;

  /** A picture that cannot be drawn is no reason to send no report: its figures are in the evidence. */
  async function drawn(report: Report): Promise<DrawnChart[]> {
    const charts = chartsOf(report).slice(0, BOUNDS.charts);
    if (charts.length === 0) return [];
    try {
      painter ??= chartPainter();
      const paint = await painter;
      return charts.map((chart) => paint(chart));
    } catch (error) {
      painter = undefined;
      log.warn('The charts of a Word report could not be drawn', { reason: messageOf(error) });
      return [];
    }
  }
  async function sections(report: Report, firstPicture: number) {
    const pictures = await drawn(report);
    const blocks = outlineOf(report);
    // Summary first, then the pictures that it speaks of.
    const summaryEnd = blocks.findIndex(
      (block, at) =>
        at > 0 && block.kind === 'heading' && block.level === 2 && !block.text.startsWith(WORDS.headings.summary),
    );
    const split = summaryEnd < 0 ? blocks.length : summaryEnd;
    const charts = pictures.flatMap((one, index) => picture(one, firstPicture + index));
    return {
      parts: [
        ...partsOf(blocks.slice(0, split)),
        ...(charts.length === 0 ? [] : [heading(WORDS.headings.charts, 2), ...charts]),
        ...partsOf(blocks.slice(split)),
      ],
      pictures: pictures.length,
    };
  }
  return {
    format: 'docx',
    contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    sections,
    async render(report) {
      const { incident } = report;
      const { parts } = await sections(report, 1);
      return wordFile({
        title: WORDS.documentTitle(incident.id, incident.title),
        footer: WORDS.footer(incident.id, incident.service, report.version, dayAndTime(report.generatedAt)),
        writtenAt: report.generatedAt,
        parts: [...coverOf(report), ...parts, ...postMortem(report)],
      });
    },
  };
}

function coverOf(report: Report): Part[] {
  const { incident } = report;
  const rest = [
    STATUS_WORDS[incident.status],
    incident.id,
    incident.service,
    alertLine(report),
    dayAndTime(incident.startedAt),
  ];
  return [
    severityStrip(incident.severity, SEVERITY_WORDS[incident.severity], rest),
    titleLine(incident.title),
    faintLine(subtitle(report)),
  ];
}

/** What only people know. The questions ask for circumstances, never for who it was. */
function postMortem(report: Report): Part[] {
  const words = WORDS.postMortem;
  const questions = [
    [words.impact, words.impactQuestion],
    [words.noticed, words.noticedQuestion],
    [words.helped, words.helpedQuestion],
    [words.harder, words.harderQuestion],
    [words.lucky, words.luckyQuestion],
    [words.learnt, words.learntQuestion],
  ] as const;
  const actions = report.actions
    .slice(0, BOUNDS.actions)
    .map((action) => [plain(action), plain(''), plain(''), plain(words.open)]);
  const empty = [plain(''), plain(''), plain(''), plain(words.open)];
  return [
    heading(words.title, 1),
    prompt(words.prompt),
    heading(words.actionItems, 2),
    tableOf({ head: [words.action, words.owner, words.due, words.state], rows: [...actions, empty, empty] }),
    ...questions.flatMap(([title, question]) => [heading(title, 2), prompt(question)]),
  ];
}
