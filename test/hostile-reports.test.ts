/** Text from outside is text in every field of every format: counted, not sampled. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exampleReport } from '../apps/incident-agent-workflow/src/report/example-report.test-helper.ts';
import { countHostile, FORMATS } from '../bench/hostile-reports.ts';

const scratch = mkdtempSync(join(tmpdir(), 'hostile-reports-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const hasPoppler = ['pdftotext', 'pdfinfo'].every((tool) => spawnSync(tool, ['-v']).error === undefined);
if (!hasPoppler)
  process.stderr.write('skipped: PDFs are not read back, pdftotext and pdfinfo (poppler-utils) are missing\n');

test.skipIf(!hasPoppler)(
  'every hostile text that is shown is shown as text, and nothing of it acts',
  { timeout: 120_000 },
  async () => {
    const counts = await countHostile(exampleReport('code'), scratch);
    expect(counts.filter(({ broken }) => broken.length > 0)).toEqual([]);
    for (const format of FORMATS) {
      const shown = counts.filter((one) => one.format === format).map((one) => one.shown);
      expect(Math.min(...shown), format).toBeGreaterThan(format.startsWith('mail') ? 15 : 100);
    }
  },
);
