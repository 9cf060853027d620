/**
 * `npm run pictures [-- pages|mails|reports]`: PNGs of every page, mail and report page into pictures/, to be looked at.
 * What lacks its program is left out and named; then, and when content is wider than a window, the exit code is 1.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, photograph, type ShotResult } from './pictures-browser.ts';
import { mails, pages, stylesheet } from './pictures-pages.ts';
import { findPdftoppm, paper } from './pictures-paper.ts';

const FOLDER = join(import.meta.dirname, '..', 'pictures');
const PARTS = ['pages', 'mails', 'reports'] as const;

async function takePictures(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) {
    console.error(`There is no ${unknown.join(', ')}; choose of ${PARTS.join(', ')}`);
    return 1;
  }
  const parts = wanted.length === 0 ? PARTS : PARTS.filter((part) => wanted.includes(part));
  const missing: string[] = [];
  const results: ShotResult[] = [];
  const browser = findChromium();
  for (const part of parts) {
    const folder = join(FOLDER, part);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    if (part === 'reports') {
      const pdftoppm = findPdftoppm();
      if (pdftoppm === undefined) missing.push('reports: pdftoppm is missing (Debian: apt-get install poppler-utils)');
      else results.push(...(await paper(pdftoppm, folder)));
    } else if (browser === undefined) {
      missing.push(`${part}: Chromium is missing (Debian: apt-get install chromium)`);
    } else {
      const widths = part === 'pages' ? [1440, 390] : [700, 390];
      const documents = part === 'pages' ? pages() : await mails();
      results.push(
        ...(await photograph(documents, stylesheet(), browser, { widths, schemes: ['light', 'dark'], folder })),
      );
    }
  }
  return report(results, missing);
}

function report(results: readonly ShotResult[], missing: readonly string[]): number {
  for (const { file } of results) console.log(file);
  const tooWide = results.filter(({ overflowPixels }) => overflowPixels > 0);
  for (const { file, overflowPixels } of tooWide) console.error(`Too wide by ${overflowPixels} px: ${file}`);
  for (const sentence of missing) console.error(`Left out ${sentence}`);
  console.log(`${results.length} pictures, ${tooWide.length} too wide, ${missing.length} parts left out`);
  return tooWide.length + missing.length > 0 ? 1 : 0;
}

process.exitCode = await takePictures(process.argv.slice(2));
