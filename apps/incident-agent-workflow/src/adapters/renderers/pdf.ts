/** The report as PDF: A4 or Letter, tagged, with links from every claim to its evidence. Same report, same bytes. */
import { readFileSync } from 'node:fs';
import type { Chart } from '../../domain/chart.ts';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import type { Log, Renderer } from '../../ports.ts';
import { BOUNDS } from './bounds.ts';
import { chartDrawer } from './chart-svg.ts';
import { reportFonts } from './fonts.ts';
import { type Glyphs, glyphsOf } from './glyphs.ts';
import { placedCharts } from './pdf-charts.ts';
import { dateParts, documentTitle, knownIds, pdfContent } from './pdf-content.ts';
import { pdfPen } from './pdf-pen.ts';
import { plainLines } from './plain-text.ts';
import type { Typesetter } from './typesetter.ts';
import { nativeTypesetter } from './typst-native.ts';
import { wasmTypesetter } from './typst-wasm.ts';

export type Paper = 'a4' | 'letter';
/** As Typst calls them. */
const PAPERS: Readonly<Record<Paper, string>> = { a4: 'a4', letter: 'us-letter' };

export interface PdfOptions {
  /** Which metrics are drawn, best first. */
  readonly chartsOf: (report: Report) => readonly Chart[];
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly paper?: Paper | undefined;
  /** Instead of the engine that this machine allows. */
  readonly typesetter?: Typesetter;
}

export interface PdfRenderer extends Renderer {
  /** Loads engine, fonts and chart library, which otherwise the first report pays for (about a second). */
  warm(): Promise<void>;
  /** The words without the layout. Throws AgentError('malformed') when not even that can be made. */
  plain(report: Report): Promise<Uint8Array>;
}

interface Workshop {
  readonly typesetter: Typesetter;
  readonly glyphs: Glyphs;
  readonly templates: readonly (readonly [path: string, content: string])[];
  readonly draw: Awaited<ReturnType<typeof chartDrawer>>;
}

/**
 * Rendering never fails for what a report holds: what cannot be laid out is delivered as plain text.
 * Throws AgentError('malformed') when not even that can be made.
 */
export function pdfRenderer(options: PdfOptions): PdfRenderer {
  let opened: Promise<Workshop> | undefined;
  const workshop = (): Promise<Workshop> => {
    opened ??= openWorkshop(options);
    // A failure (fonts not there yet, out of memory) is not remembered.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    format: 'pdf',
    contentType: 'application/pdf',
    async warm() {
      await workshop();
    },
    async render(report) {
      const { id } = report.incident;
      try {
        return await fullReport(report, await workshop(), options);
      } catch (error) {
        options.log.warn('The report is rendered in its plain form', { incident: id, reason: messageOf(error) });
      }
      return plain(report);
    },
    plain,
  };

  async function plain(report: Report): Promise<Uint8Array> {
    try {
      return await plainReport(report, await workshop(), options);
    } catch (error) {
      throw new AgentError('malformed', `The PDF of ${report.incident.id} could not be made: ${messageOf(error)}`, {
        retryable: false,
        cause: error,
      });
    }
  }
}

async function openWorkshop({ typesetter, log }: PdfOptions): Promise<Workshop> {
  const fonts = reportFonts();
  const templates = ['report.typ', 'parts.typ', 'plain.typ', 'fonts.typ'].map(
    (name) => [`/${name}`, readFileSync(new URL(name, import.meta.url), 'utf8')] as const,
  );
  return {
    typesetter: typesetter ?? (await anyTypesetter(fonts, log)),
    glyphs: glyphsOf(fonts.files),
    templates,
    draw: await chartDrawer(),
  };
}

async function anyTypesetter(fonts: ReturnType<typeof reportFonts>, log: PdfOptions['log']): Promise<Typesetter> {
  try {
    return nativeTypesetter(fonts.folders);
  } catch (error) {
    log.info('No native Typst on this platform: PDFs are made with WebAssembly and are not PDF/UA', {
      reason: messageOf(error),
    });
    return wasmTypesetter(fonts.files);
  }
}

async function fullReport(report: Report, workshop: Workshop, options: PdfOptions): Promise<Uint8Array> {
  const files = new Map(workshop.templates);
  const drawn = placedCharts(options.chartsOf(report).slice(0, BOUNDS.charts));
  for (const { chart, file, size } of drawn) files.set(file, workshop.draw(chart, size));
  const content = pdfContent(report, drawn, pdfPen(workshop.glyphs, knownIds(report)));
  files.set('/data.json', JSON.stringify({ ...content, paper: PAPERS[options.paper ?? 'a4'] }));
  const createdAtSeconds = secondsOf(report.generatedAt);
  const { pdf, standard } = await workshop.typesetter.typeset({ main: '/report.typ', files, createdAtSeconds });
  if (standard !== (workshop.typesetter.standards[0] ?? 'tagged'))
    options.log.warn('The PDF could not be exported as PDF/UA-1', { incident: report.incident.id, standard });
  return pdf;
}

async function plainReport(
  report: Report,
  { typesetter, templates, glyphs }: Workshop,
  { paper = 'a4' }: PdfOptions,
): Promise<Uint8Array> {
  const pen = pdfPen(glyphs, knownIds(report));
  const lines = plainLines(report, (text, columns, rows) => pen.rows(text, columns, rows));
  const files = new Map(templates);
  files.set(
    '/plain.json',
    JSON.stringify({
      title: documentTitle(report, pen),
      date: dateParts(report.generatedAt),
      note: WORDS.plainNote,
      language: WORDS.language,
      paper: PAPERS[paper],
      lines,
    }),
  );
  const createdAtSeconds = secondsOf(report.generatedAt);
  return (await typesetter.typeset({ main: '/plain.typ', files, createdAtSeconds })).pdf;
}

function secondsOf(instant: string): number {
  const milliseconds = Date.parse(instant);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}
