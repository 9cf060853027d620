/** When the process that fails was started, what ran before it, and which revisions and switches went live when. */
import type { ChangeEvent, Commit, Observation, RepositoryState, Series } from '../domain/telemetry.ts';
import { compareText } from '../lib/compare-text.ts';
import { isoOfMilliseconds, secondsBetween } from '../lib/time.ts';
import { newestFirst } from './commits/order.ts';
import { type Deploys, indexOf, type Rollout } from './commits/rollout.ts';
import type { AnalysisContext } from './context.ts';
import { revisionOfImage, tellsImage } from './deploy-images.ts';
import { isBuildMetric } from './metrics/choose-metrics.ts';
import { startedLines } from './started-lines.ts';

const SKEW_SECONDS = 60;

export function deploysOf(observations: readonly Observation[], context: AnalysisContext, onset: string): Deploys {
  const own = context.service.name;
  const starts = startTimes(seriesOf(observations, own, (metric) => metric === 'process_start_time_seconds'));
  const seen = revisionsKnown(observations, own);
  const started = starts.findLast((at) => secondsBetween(at, onset) >= -SKEW_SECONDS);
  const deployedAt = started === undefined || isMereRestart(started, seen) ? toldDeployTime(context) : started;
  return {
    deployedAt,
    previousAt: starts.findLast((at) => deployedAt !== undefined && secondsBetween(at, deployedAt) > 0),
    previousRevision: previousRevision(seen, onset),
  };
}

/** A commit, as opposed to a version number that may stay the same for years. */
const HASH = /^[0-9a-f]{7,40}$/i;

/** The same revision ran before and after: whatever changed with the restart, it was no commit. */
function isMereRestart(at: string, seen: readonly Seen[]): boolean {
  return seen.some(
    ({ revision, from, until }) =>
      HASH.test(revision) && secondsBetween(from, at) > SKEW_SECONDS && secondsBetween(at, until) > 0,
  );
}

/** Before the one that ran when it began; a deploy after that may be the remedy. */
function previousRevision(seen: readonly Seen[], onset: string): string | undefined {
  const running = seen.findLastIndex(({ from }) => secondsBetween(from, onset) >= -SKEW_SECONDS);
  return seen[running - 1]?.revision;
}

/** Oldest first: deploys that events name, revisions that a metric changed to, switches that were turned. */
export function rolloutsOf(observations: readonly Observation[], context: AnalysisContext): Rollout[] {
  const rollouts: Rollout[] = [];
  for (const event of eventsOf(observations)) {
    if (event.kind === 'deploy' || event.kind === 'switch' || event.kind === 'job')
      rollouts.push({
        at: event.at,
        kind: event.kind === 'deploy' ? 'deploy' : 'switch',
        service: event.service,
        revision: event.revision,
        previousRevision: undefined,
        name: event.name,
      });
  }
  for (const { name } of context.registry.services) {
    const seen = revisionsKnown(observations, name);
    for (const [index, { revision, from }] of seen.entries())
      if (index > 0)
        rollouts.push({
          at: from,
          kind: 'deploy',
          service: name,
          revision,
          previousRevision: seen[index - 1]?.revision,
          name: revision,
        });
  }
  return rollouts.sort((a, b) => secondsBetween(b.at, a.at) || compareText(a.name, b.name));
}

export function eventsOf(observations: readonly Observation[]): ChangeEvent[] {
  const seen = new Map<string, ChangeEvent>();
  for (const { answer } of observations)
    for (const event of answer.telemetry.events ?? []) seen.set(JSON.stringify(event), event);
  return [...seen.values()];
}

/**
 * The revision that runs, where the registry does not name it: what the newest sample of a `build_info`-like metric
 * says, what the alert says, the last tag before the process was started. `commits`: of the repository.
 */
export function withDeployed(
  state: RepositoryState,
  commits: readonly Commit[],
  observations: readonly Observation[],
  context: AnalysisContext,
): RepositoryState {
  if (state.deployedFrom !== 'head') return state;
  const tags = eventsOf(observations).filter(({ kind }) => kind === 'tag');
  const resolve = (named: string | undefined): string | undefined =>
    named === undefined
      ? undefined
      : (commits[indexOf(named, commits)]?.hash ?? tags.find(({ name }) => isSameVersion(name, named))?.revision);
  const metric = resolve(
    revisionsSeen(observations, context.service.name).at(-1)?.revision ?? probedRevision(observations, context),
  );
  if (metric) return { ...state, deployedRevision: metric, deployedFrom: 'metric' };
  const alert = toldRevisions(context)
    .map(resolve)
    .find((hash) => hash !== undefined);
  if (alert) return { ...state, deployedRevision: alert, deployedFrom: 'alert' };
  const startedAt = startTimes(
    seriesOf(observations, context.service.name, (name) => name === 'process_start_time_seconds'),
  ).at(-1);
  const tag =
    startedAt === undefined
      ? undefined
      : tags
          .filter(({ at }) => secondsBetween(at, startedAt) >= 0)
          .sort(byTime)
          .at(-1);
  return tag?.revision ? { ...state, deployedRevision: tag.revision, deployedFrom: 'tag' } : state;
}

function byTime(a: ChangeEvent, b: ChangeEvent): number {
  return secondsBetween(b.at, a.at) || (a.name < b.name ? -1 : 1);
}

function withoutPrefix(name: string): string {
  return name.replace(/^.*[/@]/, '').replace(/^v(?=\d)/, '');
}

function isSameVersion(tag: string, version: string): boolean {
  return withoutPrefix(tag) === withoutPrefix(version);
}

function seriesOf(
  observations: readonly Observation[],
  service: string,
  isWanted: (metric: string) => boolean,
): Series[] {
  return observations.flatMap(({ question, answer }) =>
    question.kind === 'metric' && isWanted(question.metric) && question.service.name === service
      ? (answer.telemetry.series ?? [])
      : [],
  );
}

function startTimes(series: readonly Series[]): string[] {
  const seconds = new Set<number>();
  for (const { points } of series)
    for (const { value } of points) if (value !== null && value > 0) seconds.add(Math.round(value));
  return [...seconds].sort((a, b) => a - b).flatMap((each) => isoOfMilliseconds(each * 1000) ?? []);
}

const REVISION_LABELS = [
  'revision',
  'commit',
  'git_commit',
  'git_revision',
  'git_sha',
  'git_hash',
  'commit_id',
  'commit_hash',
  'commit_sha',
  'sha',
  'vcs_revision',
  'version',
  'service_version',
  'app_version',
  'build_version',
  'release',
  'tag',
  'image_tag',
];

interface Seen {
  readonly revision: string;
  readonly from: string;
  readonly until: string;
}

/** Revisions in the order in which they were last seen, each with its first time. */
function revisionsSeen(observations: readonly Observation[], service: string): Seen[] {
  const seen = new Map<string, Seen>();
  const isNamed = namedMetric(observations, service);
  const builds = seriesOf(observations, service, (name) => isBuildMetric(name) || isNamed(name) || tellsImage(name));
  for (const one of builds) {
    const { labels, points } = one;
    const revision = tellsImage(one.metric)
      ? revisionOfImage(one, service)
      : REVISION_LABELS.map((name) => labels[name]).find((value) => value !== undefined && value !== '');
    const alive = points.filter(({ value }) => value === 1);
    const [first, last] = [alive[0]?.at, alive.at(-1)?.at];
    if (revision === undefined || first === undefined || last === undefined) continue;
    const known = seen.get(revision);
    seen.set(revision, {
      revision,
      from: known && secondsBetween(known.from, first) > 0 ? known.from : first,
      until: known && secondsBetween(last, known.until) > 0 ? known.until : last,
    });
  }
  return inOrder([...seen.values()]);
}

function inOrder(seen: readonly Seen[]): Seen[] {
  return seen.toSorted(
    (a, b) => secondsBetween(b.until, a.until) || secondsBetween(b.from, a.from) || (a.revision < b.revision ? -1 : 1),
  );
}

/** With what its log says as it starts, and what the registry names though it never came up. */
function revisionsKnown(observations: readonly Observation[], service: string): Seen[] {
  const commits = commitsKnown(observations, service);
  const known = revisionsSeen(observations, service);
  for (const { revision, at } of startedLines(observations, service, commits)) {
    const index = known.findIndex((one) => isSameRevision(one.revision, revision));
    const { from, until } = known[index] ?? { from: at, until: at };
    const seen = {
      revision: known[index]?.revision ?? revision,
      from: secondsBetween(at, from) > 0 ? at : from,
      until: secondsBetween(until, at) > 0 ? at : until,
    };
    known.splice(index < 0 ? known.length : index, 1, seen);
  }
  const seen = inOrder(known);
  return [...seen, ...neverCameUp(observations, service, { commits, last: seen.at(-1) })];
}

function isSameRevision(one: string, other: string): boolean {
  const [short = '', long = ''] = [one.toLowerCase(), other.toLowerCase()].sort((a, b) => a.length - b.length);
  return short.length >= 7 && long.startsWith(short);
}

/** Of the repository that the service lies in, in any order. */
function commitsKnown(observations: readonly Observation[], service: string): Commit[] {
  const histories = observations.filter(({ question }) => question.kind === 'history');
  const root = histories.find(({ question }) => question.service.name === service)?.answer.telemetry.repository?.root;
  return histories.flatMap(({ answer }) =>
    root !== undefined && answer.telemetry.repository?.root === root ? (answer.telemetry.commits ?? []) : [],
  );
}

/** Longer than this without a sample, and the process is not there. */
const GONE_SECONDS = 60;

/**
 * A release that cannot start tells no metric of itself: the registry names it as deployed, while the last that was seen to
 * run is an older one, and is gone.
 */
function neverCameUp(
  observations: readonly Observation[],
  service: string,
  { commits, last }: { readonly commits: readonly Commit[]; readonly last: Seen | undefined },
): Seen[] {
  const asked = observations.find(({ question }) => question.kind === 'history' && question.service.name === service);
  const state = asked?.answer.telemetry.repository;
  if (!last || asked?.question.kind !== 'history' || state?.deployedFrom !== 'registry') return [];
  const { until } = asked.question;
  if (!HASH.test(last.revision) || secondsBetween(last.until, until) <= GONE_SECONDS) return [];
  const ordered = newestFirst(commits);
  const registered = indexOf(state.deployedRevision, ordered);
  const isNewer = registered >= 0 && indexOf(last.revision, ordered) > registered;
  return isNewer ? [{ revision: state.deployedRevision, from: last.until, until }] : [];
}

/** `metric:<name>` in the registry: which metric tells the revision. */
function namedMetric(observations: readonly Observation[], service: string): (metric: string) => boolean {
  const asked = observations.find(({ question }) => question.service.name === service)?.question;
  const name = revisionMetric(asked?.service.deployedRevision);
  return (metric) => metric === name;
}

/** undefined: the registry names no metric. */
export function revisionMetric(deployedRevision: string | undefined): string | undefined {
  return /^metric:([a-zA-Z_:][a-zA-Z0-9_:]*)$/.exec(deployedRevision ?? '')?.[1];
}

/** What a probe's answer said of itself in a header that the registry names. */
function probedRevision(observations: readonly Observation[], context: AnalysisContext): string | undefined {
  return observations
    .filter(({ question }) => question.kind === 'probe' && question.service.name === context.service.name)
    .map(({ answer }) => answer.telemetry.probe?.revision)
    .find((revision) => revision !== undefined);
}

const TOLD_REVISION =
  /^(?:revision|commit(?:_?(?:id|hash|sha))?|git_?(?:commit|sha|revision|hash)|sha|(?:service_?|app_?|app_kubernetes_io_)?version|release|image(?:_?tag)?|deployed_?revision)$/i;
const TOLD_TIME = /^(?:deployed_?at|deploy(?:ment)?_?time|last_?deploy(?:ed)?(?:_?at)?|released_?at)$/i;

/** Labels and annotations of the alerts that name a revision; of an image the part after its colon. */
function toldRevisions({ alerts }: AnalysisContext): string[] {
  return told(alerts, TOLD_REVISION).map((value) => value.replace(/^.*[:@]/, '').trim());
}

function toldDeployTime({ alerts }: AnalysisContext): string | undefined {
  const milliseconds = told(alerts, TOLD_TIME)
    .map((value) => (/^\d{10}$/.test(value) ? Number(value) * 1000 : Date.parse(value)))
    .find((value) => !Number.isNaN(value));
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

function told(alerts: AnalysisContext['alerts'], name: RegExp): string[] {
  return alerts.flatMap(({ labels, annotations }) =>
    [...Object.entries(labels), ...Object.entries(annotations)]
      .filter(([key]) => name.test(key))
      .map(([, value]) => value),
  );
}
