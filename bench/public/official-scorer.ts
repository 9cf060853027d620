/** The scripts that come with the data: `score/{set}.mjs` and `score/baselines.mjs`, run as they are. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Predictions } from './public-set.ts';

const run = promisify(execFile);
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

export interface OfficialScorer {
  score(predictions: Predictions): Promise<unknown>;
  /** What the trivial method of that name would have said. */
  baseline(name: readonly string[]): Promise<Predictions>;
}

/** `scratch`: where the predictions are handed over. */
export function officialScorer(benchData: string, set: string, scratch: string): OfficialScorer {
  const folder = join(benchData, set);
  async function script(name: string, ...words: readonly string[]): Promise<unknown> {
    const path = join(benchData, 'score', `${name}.mjs`);
    const { stdout } = await run(process.execPath, [path, ...words, '--dir', folder], {
      maxBuffer: OUTPUT_LIMIT_BYTES,
    });
    return JSON.parse(stdout);
  }
  return {
    async score(predictions) {
      const path = join(scratch, `${set}.json`);
      writeFileSync(path, JSON.stringify(predictions));
      return script(set, path);
    },
    async baseline(name) {
      const said = await script('baselines', set, ...name);
      return typeof said === 'object' && said !== null ? { ...said } : {};
    },
  };
}
