/** The PDFs of the corpus's reports on both papers, page by page as PNGs. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Paper, pdfRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/pdf.ts';
import { chartsOf } from '../apps/incident-agent-workflow/src/report/charts.ts';
import type { ShotResult } from './pictures-browser.ts';
import { corpusReports } from './pictures-corpus.ts';

const DOTS_PER_INCH = '110';
const PAPERS: readonly Paper[] = ['a4', 'letter'];

export function findPdftoppm(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'pdftoppm')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `{case}-{paper}.pdf` and `{case}-{paper}-{page}.png` for every page. */
export async function paper(pdftoppm: string, folder: string): Promise<ShotResult[]> {
  for (const sheet of PAPERS) {
    const renderer = pdfRenderer({ chartsOf, paper: sheet, log: { info() {}, warn: console.error } });
    for (const { name, report } of await corpusReports()) {
      const file = join(folder, `${name}-${sheet}.pdf`);
      writeFileSync(file, await renderer.render(report));
      execFileSync(pdftoppm, ['-png', '-r', DOTS_PER_INCH, file, join(folder, `${name}-${sheet}`)]);
    }
  }
  const pictures = readdirSync(folder).filter((name) => name.endsWith('.png'));
  return pictures.toSorted().map((name) => ({ file: join(folder, name), overflowPixels: 0 }));
}
