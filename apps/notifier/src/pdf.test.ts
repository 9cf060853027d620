import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pdfName, readPdf } from './pdf.ts';

test.each([
  { says: 'keeps a good name', wish: 'INC-147.pdf', name: 'INC-147.pdf' },
  { says: 'takes no path', wish: '../../etc/passwd', name: 'passwd.pdf' },
  { says: 'takes no Windows path', wish: 'C:\\a\\b.PDF', name: 'b.pdf' },
  { says: 'turns other characters into dashes', wish: 'a\r\nb "c"\u202Efdp.exe', name: 'a-b-c-fdp.exe.pdf' },
  { says: 'has a name in any case', wish: '...', name: 'report.pdf' },
])('an attachment $says', ({ wish, name }) => {
  expect(pdfName(wish)).toBe(name);
});

test('any wish gives a harmless name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (wish) => {
      expect(pdfName(wish)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*\.pdf$/u);
    }),
  );
});

test.each([
  { says: 'no base64', encoded: '%%%' },
  { says: 'a data address', encoded: 'data:application/pdf;base64,JVBERi0xLjc=' },
  { says: 'no PDF', encoded: Buffer.from('<html>').toString('base64') },
  { says: 'only white space', encoded: ' \n' },
])('$says is refused by the name of the field', ({ encoded }) => {
  expect(() => readPdf(encoded, 'x')).toThrow(/^pdf_base64: must/u);
});

test('base64 with line breaks is read; an empty text means no attachment', () => {
  const encoded = Buffer.from('%PDF-1.7 body')
    .toString('base64')
    .replace(/(.{8})/gu, '$1\r\n');
  expect(Buffer.from(readPdf(encoded, 'x')!.content).toString()).toBe('%PDF-1.7 body');
  expect(readPdf('', 'x')).toBeUndefined();
});

test('more than 15 MB is read but marked as too large for a mail', () => {
  const encoded = Buffer.concat([Buffer.from('%PDF'), Buffer.alloc(15 * 1024 * 1024)]).toString('base64');
  expect(readPdf(encoded, 'x')?.isTooLarge).toBe(true);
});
