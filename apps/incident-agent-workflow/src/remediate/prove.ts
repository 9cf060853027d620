/**
 * Tries a fix: the failure is made to happen on the code as it runs, must be gone with the fix and back without it,
 * three times each, and the service's own tests must not fail more than before.
 */
import type { Proof, ProofCheck } from '../domain/proposal.ts';
import type { Service } from '../domain/service.ts';
import { redact, redactFileLines } from '../lib/redact.ts';
import type { Clock } from '../ports.ts';
import type { Sandbox, SandboxLimits, TreeFile } from '../remediation-ports.ts';
import { GO } from './reproduction/compiled-go.ts';
import { JAVA } from './reproduction/compiled-java.ts';
import type { CompiledLanguage } from './reproduction/compiled-language.ts';
import { findCall } from './reproduction/find-call.ts';
import { findCompiledCall } from './reproduction/find-compiled-call.ts';
import { type OwnTests, ownTestsOf } from './reproduction/project-style.ts';
import type { StyleName, WrittenTest } from './reproduction/styles.ts';
import { failsAsSeen, type Target } from './reproduction/target.ts';
import { couldNotRun, failingTests, type Run, runsOf } from './test-results.ts';

export interface Trial {
  readonly incident: string;
  readonly service: Service;
  readonly sandbox: Sandbox;
  readonly top: string;
  /** Of the service, '' for the top. */
  readonly folder: string;
  readonly before: readonly TreeFile[];
  readonly after: readonly TreeFile[];
  readonly revision: string;
  readonly revisionFrom: Proof['revisionFrom'];
  /** undefined: no failure with a place in the code was seen. */
  readonly target: Target | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const TIMES = 3;
const MEGABYTE = 1024 * 1024;
const REPRODUCTION_SECONDS = 30;
/** Where it has to be compiled first. */
const COMPILED_SECONDS = 90;
const COMPILED: readonly CompiledLanguage[] = [JAVA, GO];
const TESTS_SECONDS = 120;
/** Tests that take longer are run once at each state instead of three times. */
const SLOW_MILLISECONDS = 20_000;
const NO_TRACE = 'no stack trace was seen, and failures of load, time or state cannot be made to happen in a sandbox';

export async function prove(trial: Trial): Promise<Proof> {
  const began = trial.clock.milliseconds();
  const unavailable = await trial.sandbox.unavailable();
  if (unavailable !== undefined) return proofOf(trial, began, { state: 'unproven', reason: unavailable });
  const own = ownTestsOf(trial.before, trial.folder, trial.service.testCommand);
  const reproduced = await reproduce(trial, own);
  if (reproduced.state === 'not-mended')
    return proofOf(trial, began, { state: 'disproven', reason: reproduced.reason, ...partsOf(reproduced) });
  const tests = await runOwnTests(trial, own);
  return proofOf(trial, began, verdictOf(reproduced, tests));
}

type Reproduced =
  | { readonly state: 'shown'; readonly check: ProofCheck; readonly test: WrittenTest }
  | { readonly state: 'not-mended'; readonly reason: string; readonly check?: ProofCheck; readonly test?: WrittenTest }
  | { readonly state: 'none'; readonly reason: string };

async function reproduce(trial: Trial, own: OwnTests): Promise<Reproduced> {
  const { target } = trial;
  if (!target) return { state: 'none', reason: NO_TRACE };
  const language = COMPILED.find(({ ending }) => target.path.endsWith(ending));
  const options = { ...trial, target, limits: limitsOf(trial, secondsOf(target)) };
  const call = await (language ? findCompiledCall(options, language) : findCall(options));
  if (call.state !== 'found') return call;
  const styles: StyleName[] = [...(own.style ? [own.style] : []), 'script'];
  let reason = '';
  for (const style of styles) {
    const test = call.write(style, trial.incident);
    const began = trial.clock.milliseconds();
    const before = await tries(trial, trial.before, test, target);
    if (!before.isSeen) {
      reason = `the call that was found ${before.words} as a ${test.style} test`;
      continue;
    }
    const after = await tries(trial, trial.after, test, target);
    const without = await tries(trial, trial.before, test, target);
    const check: ProofCheck = {
      name: `the failure, as a ${test.style} test`,
      command: test.command,
      before: before.words,
      after: after.words,
      without: without.words,
      milliseconds: trial.clock.milliseconds() - began,
    };
    if (after.isSeen) return { state: 'not-mended', reason: 'it fails in the same way with the fix', check, test };
    if (after.isPassed && without.isSeen) return { state: 'shown', check, test };
    reason = `with the fix the reproduction ${after.words}, without it again it ${without.words}`;
  }
  return { state: 'none', reason };
}

/** Three runs of the reproduction; one that differs from the others counts against it. */
async function tries(trial: Trial, files: readonly TreeFile[], test: WrittenTest, target: Target) {
  const runs = await threeRuns(trial, files, test, secondsOf(target));
  const passed = runs.filter(({ exitCode }) => exitCode === 0).length;
  const seen = runs.filter(({ exitCode, output }) => exitCode !== 0 && failsAsSeen(output, target)).length;
  const words =
    seen > 0 && passed === 0
      ? `fails as in the incident (${seen} of ${TIMES})`
      : passed > 0 && seen === 0
        ? `passes (${passed} of ${TIMES})`
        : seen + passed === 0
          ? 'fails in another way'
          : `is not the same each time (fails ${seen}, passes ${passed} of ${TIMES})`;
  return { words, isSeen: seen === TIMES, isPassed: passed === TIMES };
}

async function threeRuns(trial: Trial, files: readonly TreeFile[], test: WrittenTest, seconds: number): Promise<Run[]> {
  const own: TreeFile = { path: test.path, mode: 'file', content: Buffer.from(test.text) };
  const runs: Run[] = [];
  for (let time = 0; time < (test.runsThrice ? 1 : TIMES); time += 1) {
    const result = await runIn(trial, [...files, own, ...(test.beside ?? [])], test.command, seconds);
    if (result.state !== 'ended') continue;
    runs.push(...(test.runsThrice ? runsOf(result.output) : [result]));
  }
  return runs;
}

type OwnTestsRan =
  | { readonly state: 'kept'; readonly check: ProofCheck; readonly isPassing: boolean }
  | { readonly state: 'broken'; readonly check: ProofCheck; readonly names: readonly string[] }
  | { readonly state: 'none'; readonly reason: string };

async function runOwnTests(trial: Trial, { command, beside }: OwnTests): Promise<OwnTestsRan> {
  if (command === undefined)
    return {
      state: 'none',
      reason: `no tests of ${trial.service.name} are known: set test_command in the service registry`,
    };
  const began = trial.clock.milliseconds();
  const after = await ownTests(trial, [...trial.after, ...beside], command, TIMES);
  if ('reason' in after) return { state: 'none', reason: after.reason };
  // Where all pass with the fix, none of them fails that did not fail before: once is enough to tell how it was.
  const before = await ownTests(trial, [...trial.before, ...beside], command, after.isPassing ? 1 : TIMES);
  if ('reason' in before) return { state: 'none', reason: `without the fix: ${before.reason}` };
  const milliseconds = trial.clock.milliseconds() - began;
  const check: ProofCheck = {
    name: 'the service’s own tests',
    command,
    before: before.words,
    after: after.words,
    without: null,
    milliseconds,
  };
  if (after.isPassing) return { state: 'kept', check, isPassing: true };
  const more = after.failing.filter((name) => !before.failing.includes(name));
  if (before.isPassing || more.length > 0)
    return { state: 'broken', check, names: more.length > 0 ? more : after.failing };
  return after.failing.length > 0
    ? { state: 'kept', check, isPassing: false }
    : { state: 'none', reason: 'the service’s own tests fail before the fix too, and do not say which of them' };
}

/** A test counts as failing when it failed at least once. */
async function ownTests(trial: Trial, files: readonly TreeFile[], command: string, most: number) {
  const failing = new Set<string>();
  let passed = 0;
  let times = 0;
  for (; times < most; times += 1) {
    const result = await runIn(trial, files, command, TESTS_SECONDS);
    if (result.state === 'not-run') return { reason: result.reason };
    if (result.state === 'stopped') return { reason: `the service’s own tests were stopped: too much ${result.limit}` };
    const why = couldNotRun(result.exitCode, result.output);
    if (why !== undefined) return { reason: `the service’s own tests cannot be run here: ${redact(why)}` };
    if (result.exitCode === 0) passed += 1;
    for (const name of result.exitCode === 0 ? [] : failingTests(result.output)) failing.add(redact(name));
    if (result.milliseconds > SLOW_MILLISECONDS) {
      times += 1;
      break;
    }
  }
  const names = [...failing].slice(0, 3).join(', ');
  const isPassing = passed === times;
  const words = isPassing
    ? `pass (${passed} of ${times})`
    : `fail (${times - passed} of ${times})${names === '' ? '' : `: ${names}`}`;
  return { words, isPassing, failing: [...failing] };
}

function runIn(trial: Trial, files: readonly TreeFile[], command: string, seconds: number) {
  const { sandbox, top, folder, signal } = trial;
  return sandbox.run({ files, top, folder, command, limits: limitsOf(trial, seconds) }, signal);
}

function secondsOf({ path }: Target): number {
  return COMPILED.some(({ ending }) => path.endsWith(ending)) ? COMPILED_SECONDS : REPRODUCTION_SECONDS;
}

function limitsOf({ before }: Trial, seconds: number): SandboxLimits {
  const treeBytes = before.reduce((sum, { content }) => sum + content.byteLength, 0);
  return {
    seconds,
    memoryBytes: 1_536 * MEGABYTE,
    processes: 512,
    outputBytes: 16 * MEGABYTE,
    diskBytes: 256 * MEGABYTE + 3 * treeBytes,
  };
}

type Verdict = Pick<Proof, 'state' | 'reason'> & Partial<Pick<Proof, 'checks' | 'reproduction'>>;

function verdictOf(reproduced: Exclude<Reproduced, { state: 'not-mended' }>, tests: OwnTestsRan): Verdict {
  const parts = partsOf(reproduced, tests);
  if (tests.state === 'broken')
    return {
      state: 'disproven',
      reason: `it breaks tests that passed before: ${tests.names.slice(0, 3).join(', ')}`,
      ...parts,
    };
  if (reproduced.state === 'shown') {
    const shown = 'the failure was made to happen, is gone with the fix and back without it';
    return tests.state === 'kept'
      ? { state: 'proven', reason: `${shown}; no test fails that did not fail before`, ...parts }
      : {
          state: 'unproven',
          reason: `${shown}, but whether anything else broke is not known: ${tests.reason}`,
          ...parts,
        };
  }
  const missed = `the failure was not made to happen: ${reproduced.reason}`;
  if (tests.state === 'kept' && tests.isPassing)
    return { state: 'passes', reason: `the service’s own tests pass with it; ${missed}`, ...parts };
  const why = tests.state === 'none' ? tests.reason : 'the service’s own tests fail with and without it';
  return { state: 'unproven', reason: `${missed}; ${why}`, ...parts };
}

function partsOf(reproduced: Reproduced, tests?: OwnTestsRan): Pick<Proof, 'checks' | 'reproduction'> {
  const checks = [
    ...('check' in reproduced && reproduced.check ? [reproduced.check] : []),
    ...(tests && 'check' in tests ? [tests.check] : []),
  ];
  if (!('test' in reproduced) || !reproduced.test) return { checks, reproduction: null };
  const { style, path, text } = reproduced.test;
  return { checks, reproduction: { style, path, text: redactFileLines(path, text.split('\n')).join('\n') } };
}

function proofOf(trial: Trial, began: number, verdict: Verdict): Proof {
  const { revision, revisionFrom } = trial;
  const milliseconds = Math.round(trial.clock.milliseconds() - began);
  return { checks: [], reproduction: null, ...verdict, revision, revisionFrom, milliseconds };
}
