/**
 * `npm run bench record [-- --cases N | --template id | --seed S | --dir folder | --at-once N]`: plays faults on really
 * running services and keeps each as a labelled bundle. Cases that are there already are skipped, so it can be stopped
 * and started again.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Program, pause, startProgram } from '../../../demo/processes.ts';
import { services } from '../services/all.ts';
import { templates } from '../templates/all.ts';
import { bundlePath, CORPUS, readCase, recordedCases } from './corpus-folder.ts';
import { definitionsFor } from './definitions.ts';
import { type CasePlan, DEFAULT_SEED, planCases } from './plan.ts';
import { CaseResult } from './results.ts';
import { takeNext, type Weighed, type Weight } from './schedule.ts';
import { splitTemplates } from './split.ts';
import { signalGroup } from './supervised.ts';

const SCRATCH = join(import.meta.dirname, '..', '..', '..', '.data', 'record');
const AT_ONCE = 8;
/** Beside the seconds of its parts: starting, building, reading, writing, on a busy machine. */
const DEADLINE_SLACK_SECONDS = 120;
const STOP_LIMIT_MILLISECONDS = 12_000;
const WATCH_MILLISECONDS = 200;
/** Cases that begin together would start all their processes at once. */
const BETWEEN_STARTS_MILLISECONDS = 1_500;

interface Wish {
  readonly cases: number | undefined;
  readonly template: string | undefined;
  readonly seed: number;
  readonly folder: string;
  readonly atOnce: number;
}

/** Throws one sentence for the person who typed it. */
function readWish(commandLine: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      cases: { type: 'string' },
      template: { type: 'string' },
      seed: { type: 'string' },
      dir: { type: 'string' },
      'at-once': { type: 'string' },
    },
  });
  if (values.template !== undefined && !templates.some(({ id }) => id === values.template))
    throw new Error(`There is no template ${values.template}; there are ${templates.map(({ id }) => id).join(', ')}`);
  return {
    cases: values.cases === undefined ? undefined : wholeNumber('--cases', values.cases, 1_000),
    template: values.template,
    seed: values.seed === undefined ? DEFAULT_SEED : wholeNumber('--seed', values.seed, 2 ** 31),
    folder: values.dir === undefined ? CORPUS : resolve(values.dir),
    atOnce: values['at-once'] === undefined ? AT_ONCE : wholeNumber('--at-once', values['at-once'], 64),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0 && value <= most))
    throw new Error(`${name} is a whole number from 1 to ${most}`);
  return value;
}

/** Exit code: 1 where a case could not be played. A case in which no alert fires is dropped and told. */
export async function record(commandLine: readonly string[], signal: AbortSignal): Promise<number> {
  const wish = readWish(commandLine);
  const wanted = planCases(templates, wish.seed)
    .filter(({ template }) => wish.template === undefined || template.id === wish.template)
    .slice(0, wish.cases);
  const there = await alreadyRecorded(wish.folder, wanted);
  const queue = wanted.filter(({ id }) => !there.has(id)).map(weighed);
  console.error(
    `${wanted.length} cases of ${templates.length} templates, ${there.size} there already; into ${wish.folder}`,
  );
  removeLeftOver();
  const startedAt = performance.now();
  const results = await playAll(queue, wish, signal);
  await writeSplit(wish);
  tell(results, wish, (performance.now() - startedAt) / 1_000);
  return results.some(({ result }) => result.outcome === 'failed') ? 1 : 0;
}

/** Throws where a bundle of that name was made by another plan: then its name would hint at the wrong case. */
async function alreadyRecorded(folder: string, wanted: readonly CasePlan[]): Promise<Set<string>> {
  const there = new Set(await recordedCases(folder));
  const own = wanted.filter(({ id }) => there.has(id));
  for (const { id, template } of own) {
    const { label } = await readCase(folder, id);
    if (label?.template !== template.id)
      throw new Error(
        `${bundlePath(folder, id)} was recorded by another plan (${label?.template ?? 'no label'}): choose another --dir, or remove it`,
      );
  }
  return new Set(own.map(({ id }) => id));
}

function weighed(plan: CasePlan): Weighed {
  const own = definitionsFor(plan.template, services).filter(({ name }) => plan.template.services.includes(name));
  const weights = new Set<Weight>(own.map(({ weight }) => weight));
  weights.add(plan.template.weight);
  weights.add('light');
  return { plan, weights };
}

interface Ended {
  readonly plan: CasePlan;
  readonly result: CaseResult;
  readonly seconds: number;
}

async function playAll(queue: Weighed[], wish: Wish, signal: AbortSignal): Promise<Ended[]> {
  const running = new Map<Weighed, Promise<void>>();
  const slots = new Set<number>();
  const ended: Ended[] = [];
  const total = queue.length;
  async function playAndTell(plan: CasePlan, slot: number): Promise<void> {
    const one = await playOne(plan, slot, wish, signal);
    ended.push(one);
    console.error(lineOf(one, ended.length, total));
  }
  while (queue.length > 0 || running.size > 0) {
    const next = signal.aborted ? undefined : takeNext(queue, [...running.keys()], wish.atOnce);
    if (next) {
      const slot = freeSlot(slots);
      const playing = playAndTell(next.plan, slot).finally(() => {
        running.delete(next);
        slots.delete(slot);
      });
      running.set(next, playing);
      await pause(BETWEEN_STARTS_MILLISECONDS, signal).catch(() => undefined);
    } else if (running.size > 0) await Promise.race(running.values());
    else break;
  }
  signal.throwIfAborted();
  return ended;
}

function freeSlot(taken: Set<number>): number {
  const base = (process.pid % 40) * 10;
  let slot = base;
  while (taken.has(slot)) slot += 1;
  taken.add(slot);
  return slot;
}

async function playOne(plan: CasePlan, slot: number, { seed, folder }: Wish, signal: AbortSignal): Promise<Ended> {
  const startedAt = performance.now();
  const scratch = join(SCRATCH, String(process.pid), plan.id);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  const resultFile = join(scratch, 'result.json');
  const outputFile = join(scratch, 'recorder.log');
  const order = { id: plan.id, seed, slot, scratch, bundle: bundlePath(folder, plan.id), result: resultFile };
  const file = join(import.meta.dirname, 'record-case.ts');
  const program = startProgram({
    name: plan.id,
    run: { file, commandLine: [JSON.stringify(order)] },
    folder: scratch,
    environment: { TZ: 'UTC' },
    outputFile,
  });
  const { baseline, incident, recovery } = plan.template.seconds;
  const seconds = baseline * plan.baselineFactor + incident + recovery + DEADLINE_SLACK_SECONDS;
  const isLate = !(await endsWithin(program, seconds * 1_000, signal));
  await program.stop(STOP_LIMIT_MILLISECONDS);
  endLeftOver(scratch);
  const result = isLate
    ? { outcome: 'failed' as const, detail: `it did not end within ${Math.round(seconds)} s` }
    : readResult(resultFile, outputFile);
  if (result.outcome !== 'failed') rmSync(scratch, { recursive: true, force: true });
  return { plan, result, seconds: (performance.now() - startedAt) / 1_000 };
}

/** False: the time is over, or the recording is to stop. */
async function endsWithin(program: Program, milliseconds: number, signal: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (program.exit() === undefined) {
    if (signal.aborted || performance.now() > deadline) return false;
    await pause(WATCH_MILLISECONDS, signal).catch(() => undefined);
  }
  return true;
}

function readResult(resultFile: string, outputFile: string): CaseResult {
  if (existsSync(resultFile)) return CaseResult.parse(JSON.parse(readFileSync(resultFile, 'utf8')));
  const said = existsSync(outputFile) ? readFileSync(outputFile, 'utf8').slice(-2_000) : '';
  return { outcome: 'failed', detail: `it ended without a result. ${said}` };
}

/** What a case started and did not end itself, because it was stopped in the middle. A pid that was given away anew is left alone. */
function endLeftOver(scratch: string): void {
  const list = join(scratch, 'processes');
  if (!existsSync(list)) return;
  for (const line of readFileSync(list, 'utf8').split('\n')) {
    const pid = Number(line);
    if (line !== '' && Number.isInteger(pid) && isOf(pid, scratch)) signalGroup(pid, 'SIGKILL');
  }
}

function isOf(pid: number, scratch: string): boolean {
  try {
    return (
      readFileSync(`/proc/${pid}/environ`, 'utf8').includes(scratch) ||
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(scratch)
    );
  } catch {
    return false;
  }
}

/** Of recorders that were killed. */
function removeLeftOver(): void {
  mkdirSync(SCRATCH, { recursive: true });
  for (const name of readdirSync(SCRATCH)) {
    if (existsSync(`/proc/${name}`) && name !== String(process.pid)) continue;
    for (const id of readdirSync(join(SCRATCH, name))) endLeftOver(join(SCRATCH, name, id));
    rmSync(join(SCRATCH, name), { recursive: true, force: true });
  }
}

/** Of all that is planned, recorded or not: it stays the same while a corpus grows. */
async function writeSplit({ folder, seed }: Wish): Promise<void> {
  if ((await recordedCases(folder)).length === 0) return;
  const planned = planCases(templates, seed);
  const counted = templates.map((template) => ({
    id: template.id,
    kind: template.kind,
    class: template.class,
    cases: planned.filter((plan) => plan.template === template).length,
  }));
  writeFileSync(join(folder, 'split.json'), `${JSON.stringify(splitTemplates(counted, seed), undefined, 2)}\n`);
}

function lineOf({ plan, result, seconds }: Ended, count: number, total: number): string {
  const head = `${String(count).padStart(3)}/${total} ${plan.id} ${plan.template.id.padEnd(34)} ${seconds.toFixed(0).padStart(4)} s `;
  switch (result.outcome) {
    case 'recorded':
      return `${head}${(result.bytes / 1_024).toFixed(0).padStart(4)} kB  ${result.alerts.join(', ')}${lateNote(result.lateShare)}`;
    case 'no-alert':
      return `${head}dropped: no alert fired at ${plan.template.alerting}${lateNote(result.lateShare)}`;
    case 'failed':
      return `${head}failed: ${result.detail.slice(0, 600)}`;
  }
}

function lateNote(share: number): string {
  return share > 0.02 ? `  (${Math.round(share * 100)} % of the scrapes were late)` : '';
}

function tell(results: readonly Ended[], { folder }: Wish, seconds: number): void {
  const seen = results.flatMap(({ result }) => (result.outcome === 'failed' ? [] : [result]));
  const late = seen.reduce((sum, { lateShare, scrapes }) => sum + lateShare * scrapes, 0);
  const scrapes = seen.reduce((sum, each) => sum + each.scrapes, 0);
  const of = (outcome: CaseResult['outcome']) => results.filter(({ result }) => result.outcome === outcome).length;
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  console.error(
    `${of('recorded')} recorded, ${of('no-alert')} dropped, ${of('failed')} failed in ${(seconds / 60).toFixed(1)} min; ` +
      `${scrapes === 0 ? 0 : ((late / scrapes) * 100).toFixed(1)} % of the scrapes were late; the folder holds ${(bytes / 1_048_576).toFixed(1)} MB`,
  );
}
