/** The report as a Word document: the post-mortem to edit and to file. Same report, same bytes. */
import {
  BorderStyle,
  Document,
  Footer,
  HeadingLevel,
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
import type { Report } from '../../domain/report.ts';
import type { Renderer } from '../../ports.ts';
import { alertLine, dayAndTime, SEVERITY_WORDS, STATUS_WORDS, subtitle } from './labels.ts';
import { type Block, type Item, outlineOf } from './outline.ts';
import { visibleLine, wrapRows } from './visible-text.ts';
import { withFixedTimes } from './zip-times.ts';

const TEXT_CHARACTERS = 1_000;
const CODE_COLUMNS = 92;
const CODE_ROWS = 4;
const MONO = 'Consolas';
const FAINT = '5E636C';
const SUNKEN = 'F0F0EC';
const MARKED = 'FFF0BF';
const COLORS = { critical: 'A51B1B', warning: '774800', info: '475160' } as const satisfies Record<Severity, string>;
const SHAPES = { critical: '■', warning: '▲', info: '○' } as const satisfies Record<Severity, string>;
const RULE = { style: BorderStyle.SINGLE, size: 4, color: 'DEDED8' } as const;
const NO_RULE = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;

export function docxRenderer(): Renderer {
  return {
    format: 'docx',
    contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    async render(report) {
      const properties = { path: 'docProps/core.xml', data: coreProperties(report) };
      return withFixedTimes(await Packer.toBuffer(documentOf(report), undefined, [properties]));
    },
  };
}

function documentOf(report: Report): Document {
  const { incident } = report;
  const footer = shown(
    `${incident.id}  ${incident.service}  version ${report.version}, ${dayAndTime(report.generatedAt)}`,
  );
  const pages = ['Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES];
  return new Document({
    creator: 'Incident Agent',
    title: shown(`Incident report ${incident.id}: ${incident.title}`),
    styles: {
      default: {
        document: { run: { font: 'Calibri', size: 20 }, paragraph: { spacing: { after: 80 } } },
        title: { run: { size: 40, bold: true }, paragraph: { spacing: { before: 40, after: 60 } } },
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
    sections: [
      {
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                children: [
                  new TextRun({ text: `${footer}   `, size: 15, color: FAINT }),
                  new TextRun({ children: pages, size: 15, color: FAINT }),
                ],
              }),
            ],
          }),
        },
        children: [...headOf(report), ...outlineOf(report).flatMap(blockOf)],
      },
    ],
  });
}

function headOf(report: Report): Paragraph[] {
  const { incident } = report;
  const color = COLORS[incident.severity];
  const rest = [
    STATUS_WORDS[incident.status],
    incident.id,
    incident.service,
    alertLine(report),
    dayAndTime(incident.startedAt),
  ];
  return [
    new Paragraph({
      border: { top: { style: BorderStyle.SINGLE, size: 36, color, space: 6 } },
      children: [
        new TextRun({ text: `${SHAPES[incident.severity]} ${SEVERITY_WORDS[incident.severity]}`, bold: true, color }),
        new TextRun({ text: `   ${rest.map(shown).join('   ')}`, color: FAINT }),
      ],
    }),
    new Paragraph({ heading: HeadingLevel.TITLE, children: [new TextRun(shown(incident.title))] }),
    new Paragraph({ children: [new TextRun({ text: subtitle(report), color: FAINT })] }),
  ];
}

function blockOf(block: Block): (Paragraph | Table)[] {
  if (block.kind === 'heading') {
    const heading = block.level === 2 ? HeadingLevel.HEADING_2 : HeadingLevel.HEADING_3;
    return [new Paragraph({ heading, keepNext: true, children: [new TextRun(shown(block.text))] })];
  }
  if (block.kind === 'sentence') return [new Paragraph({ children: runsOf(block, block.strong === true) })];
  if (block.kind === 'code') return codeOf(block);
  if (block.kind === 'table') return [tableOf(block)];
  return block.items.map((item, index) =>
    block.ordered
      ? new Paragraph({
          indent: { left: 360, hanging: 360 },
          children: [new TextRun(`${index + 1}.  `), ...runsOf(item)],
        })
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

function codeOf({ lines, markedLine }: Extract<Block, { kind: 'code' }>): Paragraph[] {
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

function tableOf({ head, rows }: Extract<Block, { kind: 'table' }>): Table {
  const hasHead = head.some((title) => title !== '');
  const header = new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: head.map((title) => cellOf([new TextRun({ text: title, bold: true, color: FAINT })])),
  });
  const body = rows.map(
    (row) =>
      new TableRow({
        cantSplit: true,
        children: row.map((item, column) => cellOf(runsOf(item, !hasHead && column === 0))),
      }),
  );
  return new Table({ width: { size: 100, type: WidthType.PERCENTAGE }, rows: hasHead ? [header, ...body] : body });
}

function cellOf(children: TextRun[]): TableCell {
  return new TableCell({
    margins: { top: 50, bottom: 50, left: 80, right: 80 },
    borders: { top: NO_RULE, left: NO_RULE, right: NO_RULE, bottom: RULE },
    children: [new Paragraph({ spacing: { after: 0 }, children })],
  });
}

/** Word refuses a file with one character that XML does not allow; here they are all spelled out. */
function shown(text: string): string {
  return visibleLine(text, TEXT_CHARACTERS);
}

/** The library would write the time of rendering. */
function coreProperties(report: Report): string {
  const title = escapeXml(shown(`Incident report ${report.incident.id}: ${report.incident.title}`));
  const at = new Date(Date.parse(report.generatedAt) || 0).toISOString();
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${title}</dc:title><dc:creator>Incident Agent</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
