/**
 * `npm run bench [name…] [-- --json] [--repeats N]`: measures, prints a table, writes `bench/results/{name}.json`.
 * `incidents` takes `--dir <folder of bundles>` and `--against <earlier incidents-cases.json>`; while the engine is worked
 * on also `--part tune`, `--only <part of a case's or template's name>`, `--quick` (once, no culprit removed) and
 * `--without logs`: what is known if one kind of knowledge is taken away (bench/score/without).
 * `agents` takes `--model <name> --base-url <url>` (with LLM_API_KEY): the model that is scored; without, one that lies.
 * `public` may be followed by the names of the sets that are wanted.
 * With --json the last line of stdout is the result (a list when several ran) and all else goes to stderr.
 * `npm run bench record` makes the corpus of incidents: bench/corpus/recorder/record.ts.
 * `npm run bench calibrate` fits the engine's confidence on the tune part of that corpus: bench/score/calibrate.ts.
 * Exit code 0 if every bench ran, also where a budget was missed: a figure is no test.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../apps/incident-agent-workflow/src/domain/error.ts';
import { Stopped, stopSignal } from '../demo/stop-signal.ts';
import { agents } from './agents/bench.ts';
import { injections } from './agents/injections.ts';
import { analyzeBench } from './analyze/main.ts';
import { record } from './corpus/recorder/record.ts';
import { type Bench, keepResult, tableOf } from './figures.ts';
import { images } from './images/main.ts';
import { intake } from './intake.ts';
import { monitoring } from './monitoring.ts';
import { PUBLIC_SETS } from './public/all.ts';
import { publicSets } from './public/bench.ts';
import { remediation } from './remediation/bench.ts';
import { reports } from './reports.ts';
import { response } from './response.ts';
import { incidents } from './score/bench.ts';
import { calibrate } from './score/calibrate.ts';
import { isSplitPart, SPLIT_PARTS } from './score/case-result.ts';
import { ablationNamed } from './score/without/all.ts';
import { size } from './size.ts';
import { start } from './start.ts';

const BENCHES: ReadonlyMap<string, Bench> = new Map([
  ['analyze', analyzeBench],
  ['size', size],
  ['images', images],
  ['start', start],
  ['intake', intake],
  ['response', response],
  ['reports', reports],
  ['monitoring', monitoring],
  ['public', publicSets(PUBLIC_SETS)],
  ['incidents', incidents],
  ['remediation', remediation],
  ['agents', agents],
  ['injections', injections],
]);
const SET_NAMES: ReadonlySet<string> = new Set(PUBLIC_SETS.map(({ name }) => name));

const SCRATCH = join(import.meta.dirname, '..', '.data', 'bench');

interface Wish {
  readonly names: readonly string[];
  readonly parts: readonly string[];
  readonly isJson: boolean;
  readonly repeats: number | undefined;
  readonly dir: string | undefined;
  readonly against: string | undefined;
  readonly part: string | undefined;
  readonly only: readonly string[] | undefined;
  readonly without: readonly string[] | undefined;
  readonly isQuick: boolean;
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
}

/** Throws one sentence for the person who typed it. */
function readWish(commandLine: readonly string[]): Wish {
  const { values, positionals } = parseArgs({
    args: [...commandLine],
    options: {
      json: { type: 'boolean', default: false },
      repeats: { type: 'string' },
      dir: { type: 'string' },
      against: { type: 'string' },
      part: { type: 'string' },
      only: { type: 'string', multiple: true },
      without: { type: 'string', multiple: true },
      quick: { type: 'boolean', default: false },
      model: { type: 'string' },
      'base-url': { type: 'string' },
    },
    allowPositionals: true,
  });
  const parts = positionals.filter((name) => SET_NAMES.has(name) && positionals.includes('public'));
  const wanted = positionals.filter((name) => !parts.includes(name));
  const unknown = wanted.filter((name) => !BENCHES.has(name));
  if (unknown.length > 0)
    throw new Error(
      `There is no bench ${unknown.join(', ')}; there are ${[...BENCHES.keys()].join(', ')}, and of public: ${[...SET_NAMES].join(', ')}`,
    );
  const repeats = values.repeats === undefined ? undefined : Number(values.repeats);
  if (repeats !== undefined && !(Number.isInteger(repeats) && repeats > 0 && repeats <= 1_000))
    throw new Error('--repeats is a whole number from 1 to 1000');
  const { part, quick: isQuick, only, without } = values;
  if (part !== undefined && !isSplitPart(part)) throw new Error(`--part is one of ${SPLIT_PARTS.join(', ')}`);
  for (const name of without ?? []) ablationNamed(name);
  const { json: isJson, dir, against, model, 'base-url': baseUrl } = values;
  const names = wanted.length > 0 ? wanted : [...BENCHES.keys()];
  return { names, parts, isJson, repeats, dir, against, part, only, without, isQuick, model, baseUrl };
}

async function main(): Promise<number> {
  const signal = stopSignal();
  let failed = 0;
  const results: unknown[] = [];
  try {
    const [first, ...options] = process.argv.slice(2);
    if (first === 'record') return await record(options, signal);
    if (first === 'calibrate') return await calibrate(options, signal);
    const { names, isJson, ...wish } = readWish(process.argv.slice(2));
    const show = isJson ? console.error : console.log;
    for (const name of names) {
      show(`\n${name}`);
      const result = await measure(name, wish, signal).catch((error: unknown) => {
        if (error instanceof Stopped || signal.aborted) throw error;
        console.error(`${name} failed: ${messageOf(error)}`);
        failed += 1;
      });
      if (!result) continue;
      results.push(result);
      show(tableOf(result.figures));
    }
    if (isJson) console.log(JSON.stringify(names.length === 1 ? (results[0] ?? null) : results));
    return failed > 0 ? 1 : 0;
  } catch (error) {
    if (signal.reason instanceof Stopped) return signal.reason.exitCode;
    console.error(messageOf(error));
    return 1;
  }
}

async function measure(name: string, wish: Omit<Wish, 'names' | 'isJson'>, signal: AbortSignal) {
  const bench = BENCHES.get(name);
  if (!bench) throw new Error(`There is no bench ${name}`);
  removeLeftOver();
  const scratch = join(SCRATCH, `${name}-${process.pid}`);
  mkdirSync(scratch, { recursive: true });
  try {
    return keepResult(name, await bench({ ...wish, scratch, signal, say: (line) => console.error(`  ${line}`) }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Of benches that were killed. */
function removeLeftOver(): void {
  mkdirSync(SCRATCH, { recursive: true });
  for (const folder of readdirSync(SCRATCH)) {
    const pid = Number(folder.split('-').at(-1));
    if (!isRunning(pid)) rmSync(join(SCRATCH, folder), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

process.exit(await main());
