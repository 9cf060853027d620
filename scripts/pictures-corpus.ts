/** Three incidents of the corpus, investigated anew from their bundles: a cause in the code, in a dependency, and none found. */
import { join } from 'node:path';
import type { Report } from '../apps/incident-agent-workflow/src/domain/report.ts';
import { readBundleFile, replayBundle } from '../bench/replay-bundle.ts';

/** Of the part that may be tuned on: whoever looks at pictures learns the case. */
const CORPUS = join(import.meta.dirname, '..', 'bench', 'incidents');
const INCIDENTS = { code: 'c-0049', dependency: 'c-0098', unknown: 'c-0025' } as const;

export interface CorpusReport {
  readonly name: string;
  readonly report: Report;
}

let replayed: Promise<CorpusReport[]> | undefined;

/** The same reports each time; a few seconds at first. */
export function corpusReports(): Promise<CorpusReport[]> {
  replayed ??= replayAll();
  return replayed;
}

async function replayAll(): Promise<CorpusReport[]> {
  const reports: CorpusReport[] = [];
  for (const [name, file] of Object.entries(INCIDENTS)) {
    const bundle = await readBundleFile(join(CORPUS, `${file}.tar.gz`));
    reports.push({ name, report: (await replayBundle(bundle)).report });
  }
  return reports;
}
