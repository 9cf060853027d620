/** The PDFs of the example reports, page by page as PNGs. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pdfRenderer } from '../apps/incident-agent-workflow/src/adapters/renderers/pdf.ts';
import { chartsOf } from '../apps/incident-agent-workflow/src/report/charts.ts';
import { CASES, exampleReport } from '../apps/incident-agent-workflow/src/report/example-report.test-helper.ts';
import type { ShotResult } from './pictures-browser.ts';

const DOTS_PER_INCH = '110';

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

/** `{case}.pdf` and `{case}-{page}.png` for every page. */
export async function paper(pdftoppm: string, folder: string): Promise<ShotResult[]> {
  const renderer = pdfRenderer({ chartsOf, log: { info() {}, warn: console.error } });
  for (const name of CASES) {
    const file = join(folder, `${name}.pdf`);
    writeFileSync(file, await renderer.render(exampleReport(name)));
    execFileSync(pdftoppm, ['-png', '-r', DOTS_PER_INCH, file, join(folder, name)]);
  }
  const pictures = readdirSync(folder).filter((name) => name.endsWith('.png'));
  return pictures.toSorted().map((name) => ({ file: join(folder, name), overflowPixels: 0 }));
}
