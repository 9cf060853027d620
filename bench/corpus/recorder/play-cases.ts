/** Plays many cases, each in a process of its own with a deadline; what one of them leaves behind is ended. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, pause, startProgram } from '../../../demo/processes.ts';
import { bundlePath } from './corpus-folder.ts';
import type { CasePlan } from './plan.ts';
import { takeSlot } from './ports.ts';
import { CaseResult } from './results.ts';
import { takeNext, type Weighed } from './schedule.ts';
import { signalGroup } from './supervised.ts';

const SCRATCH = join(import.meta.dirname, '..', '..', '..', '.data', 'record');
/** Beside the seconds of its parts: starting, building, reading, writing, on a busy machine. */
const DEADLINE_SLACK_SECONDS = 120;
const STOP_LIMIT_MILLISECONDS = 12_000;
const WATCH_MILLISECONDS = 200;
/** Cases that begin together would start all their processes at once. */
const BETWEEN_STARTS_MILLISECONDS = 1_500;

export interface Ended {
  readonly plan: CasePlan;
  readonly result: CaseResult;
  readonly seconds: number;
}

export interface PlayOptions {
  readonly seed: number;
  /** Where the bundles go. */
  readonly folder: string;
  readonly atOnce: number;
  /** Told of each case as it ends. */
  readonly tell: (ended: Ended, count: number, total: number) => void;
}

/** In the order of the queue, as far as their weights allow. Rejects with the signal's reason, and then nothing runs any more. */
export async function playAll(waiting: readonly Weighed[], wish: PlayOptions, signal: AbortSignal): Promise<Ended[]> {
  removeLeftOver();
  const queue = [...waiting];
  const running = new Map<Weighed, Promise<void>>();
  const ended: Ended[] = [];
  const total = queue.length;
  async function playAndTell(plan: CasePlan, slot: number): Promise<void> {
    const one = await playOne(plan, slot, wish, signal);
    if (signal.aborted) return; // it was stopped, which says nothing about it
    ended.push(one);
    wish.tell(one, ended.length, total);
  }
  while (queue.length > 0 || running.size > 0) {
    const next = signal.aborted ? undefined : takeNext(queue, [...running.keys()], wish.atOnce);
    if (next) {
      const slot = await takeSlot();
      const playing = playAndTell(next.plan, slot.number).finally(() => {
        running.delete(next);
        slot.release();
      });
      running.set(next, playing);
      await pause(BETWEEN_STARTS_MILLISECONDS, signal).catch(() => undefined);
    } else if (running.size > 0) await Promise.race(running.values());
    else break;
  }
  signal.throwIfAborted();
  return ended;
}

async function playOne(
  plan: CasePlan,
  slot: number,
  { seed, folder }: PlayOptions,
  signal: AbortSignal,
): Promise<Ended> {
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
