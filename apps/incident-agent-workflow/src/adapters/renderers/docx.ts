/** The report as a Word document: the post-mortem to edit and to file. Same report, same bytes. */
import type { Chart } from '../../domain/chart.ts';
import { messageOf } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
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
      (block, at) => at > 0 && block.kind === 'heading' && block.level === 2 && !block.text.startsWith('Summary'),
    );
    const split = summaryEnd < 0 ? blocks.length : summaryEnd;
    const charts = pictures.flatMap((one, index) => picture(one, firstPicture + index));
    return {
      parts: [
        ...partsOf(blocks.slice(0, split)),
        ...(charts.length === 0 ? [] : [heading('What changed', 2), ...charts]),
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
        title: `Incident report ${incident.id}: ${incident.title}`,
        footer: `${incident.id}  ${incident.service}  version ${report.version}, ${dayAndTime(report.generatedAt)}`,
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
  const actions = report.actions
    .slice(0, BOUNDS.actions)
    .map((action) => [plain(action), plain(''), plain(''), plain('open')]);
  const empty = [plain(''), plain(''), plain(''), plain('open')];
  return [
    heading('Post-mortem', 1),
    prompt(
      'To be filled in by those who took part. Blameless: everybody did what seemed right with what they knew then; ask what made it seem so.',
    ),
    heading('Action items', 2),
    tableOf({ head: ['Action', 'Owner', 'Due', 'State'], rows: [...actions, empty, empty] }),
    ...QUESTIONS.flatMap(([title, question]) => [heading(title, 2), prompt(question)]),
  ];
}

const QUESTIONS = [
  ['Impact on people', 'Who noticed what, for how long, and what did they do instead?'],
  [
    'How it was noticed',
    'By an alert, a person, or chance? How long after it began, and what would have shown it earlier?',
  ],
  ['What helped', 'Which tools, habits, people or decisions kept it short or small?'],
  ['What made it harder', 'What was missing, unclear, slow or misleading, in code, tools, documents or agreements?'],
  ['Where we were lucky', 'What could as well have made it worse?'],
  ['What we learnt', 'What do we know now that we did not know before? Who else should know?'],
] as const;
