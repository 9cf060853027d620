/** What Word documents are made of: styles, paragraphs, tables, code. Everything is text that can be edited afterwards. */
import {
  BorderStyle,
  Document,
  Footer,
  HeadingLevel,
  ImageRun,
  LevelFormat,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import type { Severity } from '../../domain/incident.ts';
import { WORDS } from '../../lib/catalogue/words.ts';
import type { DrawnChart } from './chart-png.ts';
import type { Block, Item } from './outline.ts';
import { visibleLine, wrapRows } from './visible-text.ts';
import { withFixedTimes } from './zip-times.ts';

const TEXT_CHARACTERS = 1_000;
const CODE_COLUMNS = 92;
const CODE_ROWS = 4;
const MONO = 'Consolas';
export const FAINT = '5E636C';
const SUNKEN = 'F0F0EC';
const MARKED = 'FFF0BF';
const COLORS = { critical: 'A51B1B', warning: '774800', info: '475160' } as const satisfies Record<Severity, string>;
const SHAPES = { critical: '■', warning: '▲', info: '○' } as const satisfies Record<Severity, string>;
const RULE = { style: BorderStyle.SINGLE, size: 4, color: 'DEDED8' } as const;
const NO_RULE = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;
const STEPS = 'steps';
const CHART_WIDTH_PIXELS = 600;

export type Part = Paragraph | Table;

export interface WordOptions {
  readonly title: string;
  readonly footer: string;
  /** ISO; what is no instant counts as 1970. */
  readonly writtenAt: string;
  readonly parts: readonly Part[];
}

/** The same parts are the same bytes. */
export async function wordFile(options: WordOptions): Promise<Uint8Array> {
  const properties = { path: 'docProps/core.xml', data: coreProperties(options) };
  return withFixedTimes(await Packer.toBuffer(documentOf(options), undefined, [properties]));
}

function documentOf({ title, footer, parts }: WordOptions): Document {
  const [before, between] = WORDS.pageParts;
  const pages = [before, PageNumber.CURRENT, between, PageNumber.TOTAL_PAGES];
  return new Document({
    creator: 'Incident Agent',
    title: shown(title),
    styles: {
      default: {
        document: {
          run: { font: 'Calibri', size: 20, language: { value: WORDS.language } },
          paragraph: { spacing: { after: 80 } },
        },
        title: { run: { size: 40, bold: true }, paragraph: { spacing: { before: 40, after: 60 } } },
        heading1: {
          run: { size: 32, bold: true, color: '16181D' },
          paragraph: { spacing: { before: 360, after: 120 } },
        },
        heading2: {
          run: { size: 26, bold: true, color: '16181D' },
          paragraph: { spacing: { before: 280, after: 100 } },
        },
        heading3: {
          run: { size: 21, bold: true, color: '16181D' },
          paragraph: { spacing: { before: 180, after: 60 } },
        },
      },
    },
    numbering: {
      config: [
        {
          reference: STEPS,
          levels: [
            {
              level: 0,
              format: LevelFormat.DECIMAL,
              text: '%1.',
              style: { paragraph: { indent: { left: 360, hanging: 360 } } },
            },
          ],
        },
      ],
    },
    sections: [
      {
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                children: [
                  new TextRun({ text: `${shown(footer)}   `, size: 15, color: FAINT }),
                  new TextRun({ children: pages, size: 15, color: FAINT }),
                ],
              }),
            ],
          }),
        },
        children: parts,
      },
    ],
  });
}

/** The strip that says how grave it is, by colour, shape and word. */
export function severityStrip(severity: Severity, word: string, rest: readonly string[]): Paragraph {
  const color = COLORS[severity];
  return new Paragraph({
    border: { top: { style: BorderStyle.SINGLE, size: 36, color, space: 6 } },
    children: [
      new TextRun({ text: `${SHAPES[severity]} ${word}`, bold: true, color }),
      new TextRun({ text: `   ${rest.map(shown).join('   ')}`, color: FAINT }),
    ],
  });
}

export function titleLine(text: string): Paragraph {
  return new Paragraph({ heading: HeadingLevel.TITLE, children: [new TextRun(shown(text))] });
}

export function heading(text: string, level: 1 | 2 | 3): Paragraph {
  const levels = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 } as const;
  return new Paragraph({ heading: levels[level], keepNext: true, children: [new TextRun(shown(text))] });
}

export function faintLine(text: string): Paragraph {
  return new Paragraph({ children: [new TextRun({ text: shown(text), color: FAINT })] });
}

/** A question for the reader, to be written over. */
export function prompt(text: string): Paragraph {
  return new Paragraph({ children: [new TextRun({ text: shown(text), italics: true, color: FAINT })] });
}

/** `id`: of all pictures of the document another one; Word repairs files in which two are equal. */
export function picture({ chart, png, widthPixels, heightPixels }: DrawnChart, id: number): Paragraph[] {
  return [
    heading(`${chart.evidenceId} ${chart.title}`, 3),
    new Paragraph({
      children: [
        new ImageRun({
          type: 'png',
          data: png,
          transformation: {
            width: CHART_WIDTH_PIXELS,
            height: Math.round((CHART_WIDTH_PIXELS * heightPixels) / widthPixels),
          },
          altText: {
            id: String(id),
            name: shown(chart.evidenceId),
            title: shown(chart.title),
            description: shown(chart.sentence),
          },
        }),
      ],
    }),
    faintLine(chart.sentence),
  ];
}

/** `list`: counts the document's ordered lists, so that each begins with 1. */
export function partsOf(blocks: readonly Block[]): Part[] {
  let lists = 0;
  return blocks.flatMap((block) => {
    if (block.kind === 'list' && block.ordered) lists += 1;
    return partOf(block, lists);
  });
}

function partOf(block: Block, list: number): Part[] {
  if (block.kind === 'heading') return [heading(block.text, block.level)];
  if (block.kind === 'sentence') return [new Paragraph({ children: runsOf(block, block.strong === true) })];
  if (block.kind === 'code') return codeOf(block);
  if (block.kind === 'table') return [tableOf(block)];
  return block.items.map((item) =>
    block.ordered
      ? new Paragraph({ numbering: { reference: STEPS, level: 0, instance: list }, children: runsOf(item) })
      : new Paragraph({ bullet: { level: 0 }, children: runsOf(item) }),
  );
}

function runsOf({ text, cites }: Item, bold = false): TextRun[] {
  const chips = cites.length === 0 ? '' : `${text === '' ? '' : ' '}[${cites.map(shown).join(', ')}]`;
  return [
    new TextRun({ text: shown(text), bold }),
    new TextRun({ text: chips, font: MONO, size: 16, color: '134FBD' }),
  ];
}

export function codeOf({ lines, markedLine }: Extract<Block, { kind: 'code' }>): Paragraph[] {
  return lines.flatMap((line, index) =>
    wrapRows(visibleLine(line, CODE_COLUMNS * (CODE_ROWS + 1)), CODE_COLUMNS, CODE_ROWS).map(
      (text) =>
        new Paragraph({
          shading: { type: ShadingType.CLEAR, fill: index === markedLine ? MARKED : SUNKEN },
          spacing: { before: 0, after: 0 },
          children: [new TextRun({ text, font: MONO, size: 16 })],
        }),
    ),
  );
}

/** `severities`: of each row, for a coloured first column. */
export function tableOf(
  { head, rows }: Pick<Extract<Block, { kind: 'table' }>, 'head' | 'rows'>,
  severities: readonly Severity[] = [],
): Table {
  const hasHead = head.some((title) => title !== '');
  const header = new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: head.map((title) => cellOf([new TextRun({ text: title, bold: true, color: FAINT })])),
  });
  const body = rows.map(
    (row, index) =>
      new TableRow({
        cantSplit: true,
        children: row.map((item, column) =>
          cellOf(
            column === 0 && severities[index] !== undefined
              ? [severityRun(item.text, severities[index])]
              : runsOf(item, !hasHead && column === 0),
          ),
        ),
      }),
  );
  return new Table({ width: { size: 100, type: WidthType.PERCENTAGE }, rows: hasHead ? [header, ...body] : body });
}

function severityRun(word: string, severity: Severity): TextRun {
  return new TextRun({ text: `${SHAPES[severity]} ${shown(word)}`, bold: true, color: COLORS[severity] });
}

function cellOf(children: TextRun[]): TableCell {
  return new TableCell({
    margins: { top: 50, bottom: 50, left: 80, right: 80 },
    borders: { top: NO_RULE, left: NO_RULE, right: NO_RULE, bottom: RULE },
    children: [new Paragraph({ spacing: { after: 0 }, children })],
  });
}

/** Word refuses a file with one character that XML does not allow; here they are all spelled out. */
export function shown(text: string): string {
  return visibleLine(text, TEXT_CHARACTERS);
}

/** The library would write the time of rendering. */
function coreProperties(options: WordOptions): string {
  const title = escapeXml(shown(options.title));
  const at = new Date(Date.parse(options.writtenAt) || 0).toISOString();
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${title}</dc:title><dc:creator>Incident Agent</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
