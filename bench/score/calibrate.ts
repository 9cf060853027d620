/**
 * `npm run bench calibrate [-- --dir <folder>] [--show]`: fits what the engine's scores are worth, on the tune part of a
 * folder of bundles alone, and writes it where the engine reads it. `--show` writes nothing.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CLAIMED } from '../../apps/incident-agent-workflow/src/domain/confidence-map.ts';
import { CORPUS } from '../corpus/recorder/corpus-folder.ts';
import { evaluateFolder } from './bench.ts';
import { calibrationFile, fitCalibration, measuredWords, shown } from './calibration.ts';
import { readSplit } from './folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TARGET = join('apps', 'incident-agent-workflow', 'src', 'domain', 'calibration.ts');

/** Exit code. Throws one sentence for the person who typed it. */
export async function calibrate(commandLine: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { dir: { type: 'string' }, show: { type: 'boolean', default: false } },
  });
  const folder = resolve(values.dir ?? CORPUS);
  if (!(await readSplit(folder))) throw new Error(`${folder} has no split.json: nothing says what may be tuned on`);
  const scratch = join(ROOT, '.data', 'bench', `calibrate-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    const { cases } = await evaluateFolder(folder, {
      scratch,
      repeats: undefined,
      signal,
      say: console.error,
      part: 'tune',
    });
    const labelled = cases.filter(({ label }) => label !== null);
    if (labelled.length === 0) throw new Error(`${folder} holds no labelled case of its tune part`);
    const fitted = fitCalibration(labelled);
    for (const claimed of CLAIMED)
      console.error(`${claimed} (${fitted.counts[claimed]} answers): ${shown(fitted.calibration.maps[claimed])}`);
    for (const [name, measured] of Object.entries({
      'as scored': fitted.asScored,
      'cross-fitted': fitted.crossFitted,
    }))
      console.error(`${name}: ${measuredWords(measured)}`);
    console.error(
      `answers from ${fitted.calibration.abstainBelow} on${fitted.isPreciseSomewhere ? '' : ': nowhere precise enough on these cases, so the lowest level stands'}`,
    );
    if (values.show) return 0;
    const templates = new Set(labelled.map(({ template }) => template)).size;
    writeFileSync(join(ROOT, TARGET), calibrationFile(fitted, { cases: labelled.length, templates }));
    console.error(`written: ${TARGET}`);
    return 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
