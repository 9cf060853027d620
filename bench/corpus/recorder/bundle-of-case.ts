/** From what was played to what is kept: the case told as an incident, as a bundle with its label. */
import type { BundleContent } from '../../../apps/incident-agent-workflow/src/adapters/bundles/bundle-file.ts';
import type { BundleLabel } from '../../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Service } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type { ServiceDefinition, ServiceName } from '../template.ts';
import type { CaseFolders, CaseServices } from './case-services.ts';
import type { Composed } from './compose.ts';
import { firedIn } from './firing.ts';
import { incidentOf } from './incident.ts';
import { newErrorsBefore } from './new-errors.ts';
import { observationsOf, type Seen } from './observations.ts';
import { hostOf, logPathsOf, REPOSITORY_ROOT, type Retelling, retellPlaces, sourcePathOf } from './places.ts';
import type { CasePlan } from './plan.ts';
import type { Played } from './play.ts';
import { between, seeded } from './random.ts';
import { bundleRepository } from './repository-bundle.ts';
import { type Stretch, stretchAround, TIME_SCALE } from './stretch.ts';
import { timesOf, toldLog } from './told-logs.ts';
import { failureAt, toldScrapeTimes, toldSeries } from './told-series.ts';
import { toldTimes } from './told-times.ts';

export interface CaseMaterial {
  readonly plan: CasePlan;
  readonly composed: Composed;
  readonly definitions: readonly ServiceDefinition[];
  readonly running: CaseServices;
  readonly folders: CaseFolders;
  readonly played: Played;
}

/** What is cut away where the baseline or the older log is missing begins so long after the onset. */
const CUT_AFTER_SECONDS = [20, 75] as const;

/** undefined: no alert fired. */
export async function bundleOfCase(material: CaseMaterial): Promise<BundleContent | undefined> {
  const { plan, composed, played, running } = material;
  const { onsetTold } = composed;
  const stretch = stretchAround(played.onsetAt, onsetTold);
  const toldAt = toldScrapeTimes(played.scrapes.at, stretch);
  const told = material.definitions
    .filter(({ name }) => plan.template.services.includes(name))
    .map((definition) => toldService(definition, material, { stretch, toldAt }));
  const watched = told.map(({ service, logLines }) => ({
    service: service.name,
    series: played.scrapes.series.filter((one) => one.service === service.name),
    newErrors: newErrorsBefore(timed(logLines), toldAt, onsetTold),
  }));
  const settled = toldAt.findIndex((at) => at >= stretch.instant(played.settledAt));
  const end = stretch.instant(played.endedAt);
  const fired = firedIn(watched, toldAt, Math.max(0, settled), plan);
  const incident = incidentOf({ plan, fired, toldAt, end, onset: onsetTold });
  if (incident === undefined) return undefined;
  const seen = told.map((one) => ({ ...one, lastScrape: lastScrape(one.service.name, played, toldAt, incident.now) }));
  const random = seeded('cut', plan.seed);
  const window = { from: stretch.instant(played.startedAt), now: incident.now, onset: onsetTold };
  const repository =
    plan.missing === 'no-repository' ? undefined : await bundleRepository(running.repository, plan, composed);
  return {
    manifest: {
      ...incident.manifest,
      holds: 'recording',
      forms: { logs: 'columns', series: 'columns' },
      time_scale: TIME_SCALE,
      shallow: [...(repository?.shallow ?? [])],
      repository_root: REPOSITORY_ROOT,
    },
    alerts: [...incident.alerts],
    registry: {
      services: told.map(({ service }) => service).toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    },
    observations: observationsOf(seen, window, {
      missing: plan.missing,
      setting: plan.setting,
      cutAfterSeconds: between(random, ...CUT_AFTER_SECONDS),
    }),
    repositoryBundle: repository?.bytes,
    label: labelOf(material, incident.traits),
  };
}

interface ToldTime {
  readonly stretch: Stretch;
  readonly toldAt: readonly number[];
}

function toldService(
  definition: ServiceDefinition,
  material: CaseMaterial,
  { stretch, toldAt }: ToldTime,
): Omit<Seen, 'lastScrape'> {
  const { plan, played, composed } = material;
  const { name } = definition;
  const places = retellPlaces(name, { ...material, setting: plan.setting });
  const retell: Retelling = (text) => toldTimes(places(text), played.onsetAt, stretch);
  const initial = composed.initial.find(({ service }) => service === name);
  const target = { job: 'shop', instance: hostOf(name, plan.setting), service: name };
  const paths = logPathsOf(name);
  return {
    service: registered(definition, material),
    retell,
    series: played.scrapes.series
      .filter(({ service }) => service === name)
      .map((series) =>
        toldSeries(
          {
            ...series,
            labels: Object.fromEntries(Object.entries(series.labels).map(([label, value]) => [label, retell(value)])),
          },
          {
            toldAt,
            stretch,
            labels: target,
            recordingStartedAt: played.startedAt,
            deployedToldAt: composed.onsetTold - (initial?.minutesBefore ?? 0) * 60_000,
          },
        ),
      ),
    logLines: played.logs
      .filter(({ service }) => service === name)
      .flatMap((log) => toldLog(log, { stream: paths[log.name], retell: places, stretch, recordedAt: played.onsetAt })),
    probes: played.probes
      .filter(({ service }) => service === name)
      .map(({ at, ...probe }) => ({ ...probe, toldAt: stretch.instant(at) })),
  };
}

/** As the shop's registry has it; what a case is to lack is left out. */
function registered(
  { name, healthPath, readyPath, folder, language, dependsOn }: ServiceDefinition,
  { plan, running, composed, played }: CaseMaterial,
): Service & { readonly name: ServiceName } {
  const url = `http://${hostOf(name, plan.setting)}`;
  const deployed = played.deploys.findLast(({ service }) => service === name)?.revision;
  const initial = composed.initial.find(({ service }) => service === name);
  const revision = deployed ?? (initial && running.hashes[initial.index]);
  return {
    name,
    healthUrl: `${url}${healthPath}`,
    ...(readyPath === undefined ? {} : { readyUrl: `${url}${readyPath}` }),
    metricsUrl: `${url}/metrics`,
    logPaths: logPathsOf(name),
    ...(plan.missing === 'no-repository'
      ? {}
      : {
          repositoryPath: `${REPOSITORY_ROOT}/${folder}`,
          servicePath: folder,
          sourcePath: sourcePathOf(name, plan.setting),
          ...(revision === undefined ? {} : { deployedRevision: revision }),
        }),
    language,
    dependsOn: plan.missing === 'no-dependencies' ? [] : [...dependsOn],
    runbooks: [],
    owners: [],
    labels: {},
  };
}

function timed(lines: Seen['logLines']): { at: number; text: string }[] {
  const times = timesOf(lines);
  return lines.map(({ text }, index) => ({ at: times[index] ?? 0, text }));
}

function lastScrape(service: string, { scrapes }: Played, toldAt: readonly number[], now: number): Seen['lastScrape'] {
  const index = Math.max(
    0,
    toldAt.findLastIndex((at) => at <= now),
  );
  return { at: toldAt[index] ?? now, failure: failureAt(scrapes, service, index) };
}

function labelOf({ plan, composed, running }: CaseMaterial, more: readonly string[]): BundleLabel {
  const { template } = plan;
  const { guilty } = composed;
  const traits = [
    ...(plan.isDecoy && !guilty ? ['decoy'] : []),
    ...(template.alerting === template.service ? [] : ['victim']),
    ...(plan.missing === undefined ? [] : [plan.missing]),
    ...more,
    plan.magnitude,
  ];
  return {
    class: template.class,
    service: template.service,
    commit: (guilty && running.hashes[guilty.index]) ?? null,
    file: guilty?.culprit.file ?? null,
    line: guilty?.line ?? null,
    kind: template.kind,
    template: template.id,
    dependency: template.dependency ?? null,
    traits,
  };
}
