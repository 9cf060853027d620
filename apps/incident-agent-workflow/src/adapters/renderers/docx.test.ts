import { expect, test } from 'vitest';
import { chartsOf } from '../../report/charts.ts';
import { CASES, exampleReport } from '../../report/example-report.test-helper.ts';
import { docxRenderer } from './docx.ts';
import { HOSTILE, withEveryText } from './hostile-report.test-helper.ts';
import { jsonRenderer } from './json.ts';
import { documentXml, unzipped, wordsOf } from './word-document.test-helper.ts';

const said: string[] = [];
const note = (message: string): void => void said.push(message);
function renderer() {
  return docxRenderer({ chartsOf, log: { info: note, warn: note, error: note } });
}

/** The packed times of all files, in the directory and at the files themselves. */
function timesOf(zip: Uint8Array): number[] {
  const bytes = Buffer.from(zip);
  const times: number[] = [];
  let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\u0005\u0006') + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    times.push(bytes.readUInt32LE(at + 12), bytes.readUInt32LE(bytes.readUInt32LE(at + 42) + 10));
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return times;
}
async function codeReportXml(): Promise<string> {
  return documentXml(await renderer().render(exampleReport('code')));
}

test('the document says verdict, facts, code, timeline, evidence, gaps and actions', async () => {
  const xml = await codeReportXml();
  const text = wordsOf(xml);
  for (const part of [
    '▲ Warning',
    'Summary: Likely, 87 %',
    exampleReport('code').verdict.statement.text,
    '38 % of requests fail',
    'git revert --no-edit a41f9c2',
    'const collection = db.collection(config.itemsCollection.name);',
    'at listItems (/app/src/routes/items.ts:42:52)',
    '5xx answers begin; a new log pattern starts [E2, E3]',
    'Whether somebody silenced a related alert',
    'git show a41f9c2d8e7b60514f3c2a1908d7e6f5b4c3a291',
  ])
    expect(text).toContain(part);
  expect(xml).toContain('w:val="774800"');
  expect(xml).toContain('Consolas');
  expect(xml).toContain('<w:tblHeader/>');
});

test('whoever has it read out hears it in its language, heading by heading', async () => {
  const file = await renderer().render(exampleReport('code'));
  expect(unzipped(file, 'word/styles.xml')).toContain('<w:lang w:val="en"/>');
  const xml = documentXml(file);
  const styles = [...xml.matchAll(/<w:pStyle w:val="(Title|Heading\d)"\/>/g)].map(([, style]) => style);
  expect(styles[0]).toBe('Title');
  // No level is left out on the way down.
  const levels = styles.slice(1).map((style) => Number(style?.slice(-1)));
  expect(levels.filter((level, index) => level > (levels[index - 1] ?? 1) + 1)).toEqual([]);
});

test('each chart is a picture with a text for who cannot see it, and an id of its own', async () => {
  const file = await renderer().render(exampleReport('code'));
  const xml = documentXml(file);
  const charts = chartsOf(exampleReport('code')).slice(0, 3);
  expect(charts.length).toBeGreaterThan(0);
  const pictures = [...xml.matchAll(/<wp:docPr ([^>]*)>/g)].map(([, attributes]) => attributes ?? '');
  expect(new Set(pictures.map((one) => /id="(\d+)"/.exec(one)?.[1])).size).toBe(charts.length);
  for (const [index, { sentence }] of charts.entries())
    expect(wordsOf(pictures[index] ?? '')).toContain(sentence.slice(0, 60));
  const relations = unzipped(file, 'word/_rels/document.xml.rels');
  expect(relations.match(/media\/[^"]+\.png/g)).toHaveLength(charts.length);
  expect(said).toEqual([]);
});

test('what people have to add is asked for: action items as a table, questions without blame', async () => {
  const text = wordsOf(await codeReportXml());
  for (const part of [
    'Post-mortem',
    'Blameless',
    'Action items',
    'Owner',
    'Due',
    'Impact on people',
    'Where we were lucky',
    'What we learnt',
  ])
    expect(text).toContain(part);
});

test.each(CASES)('the case %s has the same bytes twice, whenever it is rendered', async (name) => {
  const first = await renderer().render(exampleReport(name));
  const second = await renderer().render(exampleReport(name));
  expect(Buffer.compare(first, second)).toBe(0);
  expect(new Set(timesOf(first))).toEqual(new Set([0x00210000]));
  expect(unzipped(first, 'docProps/core.xml')).toContain('2026-11-12T10:45:03.214Z');
});

/** XML 1.0, production Char. */
function isXmlCharacter(point: number): boolean {
  if (point < 0x20) return point === 0x9 || point === 0xa || point === 0xd;
  return (point <= 0xd7ff || point >= 0xe000) && point !== 0xfffe && point !== 0xffff;
}

test.each(HOSTILE)('a report full of $says is XML that Word accepts', async ({ text }) => {
  const file = await renderer().render(withEveryText(exampleReport('code'), () => text));
  for (const name of ['word/document.xml', 'docProps/core.xml', 'word/footer1.xml']) {
    const xml = unzipped(file, name);
    expect(Array.from(xml).filter((character) => !isXmlCharacter(character.codePointAt(0) ?? 0))).toEqual([]);
    expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/);
    expect(xml.toWellFormed()).toBe(xml);
    expect(xml).not.toMatch(/<(?!\/?[\w:]+[\s/>]|\?xml)/);
  }
  expect(file.byteLength).toBeLessThan(400_000);
});

test('the same report is the same JSON, however its keys were ordered', async () => {
  const report = exampleReport('code');
  const shuffled = JSON.parse(JSON.stringify(report, Object.keys(report).toReversed())) as typeof report;
  const reordered = { ...shuffled, ...Object.fromEntries(Object.entries(report).toReversed()) } as typeof report;
  const [first, second] = await Promise.all([jsonRenderer().render(report), jsonRenderer().render(reordered)]);
  expect(Buffer.compare(first, second)).toBe(0);
  expect(JSON.parse(Buffer.from(first).toString())).toEqual(report);
  expect(Buffer.from(first).toString().startsWith('{\n  "schema": "incident-report/1",\n  "version": 1,')).toBe(true);
});
