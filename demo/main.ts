/** `npm run demo`: starts everything on this machine, breaks something for real, and shows what the agent makes of it. */
import { resolve } from 'node:path';
import { type DemoOptions, readOptions, USAGE } from './options.ts';
import { type RunOptions, runScenario, type ScenarioRun } from './run-scenario.ts';
import { dependencyDown } from './scenarios/dependency-down.ts';
import { scenarioFromFolder } from './scenarios/from-folder.ts';
import { regression } from './scenarios/regression.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { serviceDown } from './scenarios/service-down.ts';
import { Stopped, stopSignal } from './stop-signal.ts';

function say(line: string): void {
  console.error(line);
}

function scenariosOf({ scenario, scenarioFolder }: DemoOptions): Scenario[] {
  if (scenarioFolder !== undefined) return [scenarioFromFolder(scenarioFolder)];
  const all = [regression, dependencyDown, serviceDown];
  return scenario === 'all' ? all : all.filter(({ name }) => name === scenario);
}

/** One after another, each on a stack of its own; all but the last are stopped again. */
async function runAll(scenarios: readonly Scenario[], common: Omit<RunOptions, 'scenario'>): Promise<ScenarioRun[]> {
  const runs: ScenarioRun[] = [];
  for (const scenario of scenarios) {
    await runs.at(-1)?.stop();
    runs.push(await runScenario({ ...common, scenario }));
  }
  return runs;
}

function summaryLine(options: DemoOptions, runs: readonly ScenarioRun[]): string {
  const summaries = runs.map(({ summary }) => summary);
  if (summaries.length === 1) return JSON.stringify(summaries[0]);
  return JSON.stringify({ scenario: options.scenario, ok: summaries.every(({ ok }) => ok), scenarios: summaries });
}

async function demo(options: DemoOptions, signal: AbortSignal): Promise<number> {
  const installSeconds = Number(process.env.INSTALL_SECONDS ?? 0);
  const runs = await runAll(scenariosOf(options), { ports: options.ports, installSeconds, say, signal });
  try {
    if (!options.once) {
      say('Everything stays up to be looked at. Ctrl-C stops it.');
      if (options.json) console.log(summaryLine(options, runs));
      await untilAborted(signal);
    }
  } finally {
    say('stopping…');
    await runs.at(-1)?.stop();
  }
  if (options.once && options.json) console.log(summaryLine(options, runs));
  return runs.every(({ summary }) => summary.ok) ? 0 : 1;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve: over } = Promise.withResolvers<void>();
  // A timer, since an AbortSignal alone does not keep a process alive.
  const awake = setInterval(() => undefined, 60_000);
  signal.addEventListener('abort', () => over(), { once: true });
  if (!signal.aborted) await promise;
  clearInterval(awake);
}

async function main(): Promise<number> {
  const signal = stopSignal();
  try {
    const options = readOptions(process.argv.slice(2), (path) => resolve(process.env.INIT_CWD ?? process.cwd(), path));
    if (options === 'help') {
      say(USAGE);
      return 0;
    }
    return await demo(options, signal);
  } catch (error) {
    if (error instanceof Stopped) return error.exitCode;
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

process.exit(await main());
