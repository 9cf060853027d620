/** Plays one case: services and traffic, baseline, deploys, the fault, the time after it. What was seen is handed over raw. */
import { readFileSync } from 'node:fs';
import type { Service } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import { pause } from '../../../demo/processes.ts';
import type { ServiceName } from '../template.ts';
import { type CaseFolders, type CaseServices, logFileOf, outputFileOf } from './case-services.ts';
import { startLoad } from './load.ts';
import { type CasePlan, variantOf } from './plan.ts';
import { type RecordedProbe, startProbes } from './probes.ts';
import { seeded } from './random.ts';
import { type Scrapes, startScrapes } from './scrapes.ts';
import { TIME_SCALE } from './stretch.ts';
import { worldOf } from './world.ts';

export interface RecordedLog {
  readonly service: ServiceName;
  /** `service` is the file that it writes itself, `output` what it and its supervisor print. */
  readonly name: 'service' | 'output';
  readonly lines: readonly string[];
}

/** All times in milliseconds since 1970, as they were. */
export interface Played {
  readonly startedAt: number;
  readonly onsetAt: number;
  /** From then on alerts fire: a restart is no outage, and nobody is called for the first moments of a release. */
  readonly settledAt: number;
  readonly recoveredAt: number;
  readonly endedAt: number;
  readonly scrapes: Scrapes;
  readonly probes: readonly RecordedProbe[];
  readonly logs: readonly RecordedLog[];
  /** When each release was started during the baseline. */
  readonly deploys: readonly { readonly service: ServiceName; readonly revision: string; readonly at: number }[];
}

/** Traffic before anything is recorded: caches fill, the runtimes warm up. */
const WARM_UP_SECONDS = 4;
/** 75 s as it is told. */
const SILENCE_AFTER_DEPLOY_MILLISECONDS = 5_000;

export async function play(
  plan: CasePlan,
  running: CaseServices,
  folders: CaseFolders,
  signal: AbortSignal,
): Promise<Played> {
  const { template } = plan;
  await Promise.all(
    [...running.services].map(([name, service]) => {
      const release = running.initial.get(name);
      if (release === undefined) throw new Error(`${name} has no release`);
      return service.startFirst(release);
    }),
  );
  const over = new AbortController();
  const load = startLoad(template.traffic(running, variantOf(plan)), seeded('load', plan.seed));
  try {
    await pause(WARM_UP_SECONDS * 1_000, signal);
    const startedAt = Date.now();
    const scrapes = startScrapes(
      [...running.services].map(([service, { url }]) => ({ service, url: `${url}/metrics` })),
    );
    const probes = startProbes([...running.services.values()].map(({ definition, url }) => probed(definition, url)));
    const deploys: { service: ServiceName; revision: string; at: number }[] = [];
    const onsetDue = startedAt + template.seconds.baseline * plan.baselineFactor * 1_000;
    for (const { service, minutesBefore, release } of running.played) {
      await untilTime(onsetDue - (minutesBefore * 60_000) / TIME_SCALE, signal);
      deploys.push({ service, revision: release.revision, at: Date.now() });
      await running.services.get(service)?.deploy(release);
    }
    await untilTime(onsetDue, signal);
    const world = worldOf(running, folders.faults, load, AbortSignal.any([signal, over.signal]));
    // A guilty release that shows at once began to hurt when it was started.
    const settledAt = Date.now() + (template.culprit?.when === 'deploy' ? SILENCE_AFTER_DEPLOY_MILLISECONDS : 0);
    const guilty = template.culprit?.when === 'deploy' ? deploys.at(-1)?.at : undefined;
    const onsetAt = guilty ?? Date.now();
    const variant = variantOf(plan);
    const incidentEnds = untilTime(onsetAt + template.seconds.incident * 1_000, signal);
    // What waits for something that never comes must not hold up the recording.
    const injected = template.inject(world, variant);
    await Promise.race([injected, incidentEnds]);
    for (const waited of [injected, incidentEnds]) waited.catch(() => undefined);
    await incidentEnds;
    const recoveredAt = Date.now();
    await template.recover?.(world, variant);
    await pause(template.seconds.recovery * 1_000, signal);
    const [seen, answers] = await Promise.all([scrapes.finish(), probes.finish()]);
    const logs = [...running.services.keys()].flatMap((name) => logsOf(name, folders));
    return {
      startedAt,
      onsetAt,
      settledAt,
      recoveredAt,
      endedAt: Date.now(),
      scrapes: seen,
      probes: answers,
      logs,
      deploys,
    };
  } finally {
    over.abort();
    await load.stop();
  }
}

async function untilTime(at: number, signal: AbortSignal): Promise<void> {
  await pause(Math.max(0, at - Date.now()), signal);
}

function probed(
  definition: { readonly name: ServiceName; readonly healthPath: string; readonly readyPath?: string },
  url: string,
): Service & { readonly name: ServiceName } {
  const { name, healthPath, readyPath } = definition;
  const ready = readyPath === undefined ? {} : { readyUrl: `${url}${readyPath}` };
  return {
    name,
    healthUrl: `${url}${healthPath}`,
    ...ready,
    logPaths: {},
    dependsOn: [],
    runbooks: [],
    owners: [],
    labels: {},
  };
}

function logsOf(service: ServiceName, folders: CaseFolders): RecordedLog[] {
  return [
    { service, name: 'service' as const, lines: linesOf(logFileOf(folders, service)) },
    { service, name: 'output' as const, lines: linesOf(outputFileOf(folders, service)) },
  ].filter(({ lines }) => lines.length > 0);
}

function linesOf(path: string): string[] {
  try {
    const text = readFileSync(path, 'utf8').replace(/\n$/, '');
    return text === '' ? [] : text.split('\n');
  } catch {
    return []; // it wrote none
  }
}
