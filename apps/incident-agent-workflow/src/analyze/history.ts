/** The commits that touched the service, and the most suspect ones with their diffs, as evidence. */
import type { Observed } from '../domain/evidence.ts';
import type { Commit, Observation, RepositoryState } from '../domain/telemetry.ts';
import { secondsBetween } from '../lib/time.ts';
import { counted, duration, listed, quoted, shortHash } from '../lib/wording.ts';
import type { SuspectRanking } from './commits/rank.ts';
import type { AnalysisContext } from './context.ts';
import { rolloutsOf, withDeployed } from './deploys.ts';
import { changesTold, factsOf } from './history-facts.ts';

/** Below this share of suspicion a diff is not worth a place in the report. */
const SHOWN_FROM = 0.1;
const MAX_SHOWN = 3;
const MAX_COMMITS = 50;
const MAX_PATCH_CHARACTERS = 20_000;

export interface History {
  readonly commits: readonly Commit[];
  readonly repository: RepositoryState;
}

/** undefined: the history could not be read (then there is a gap). Of the service itself, not of its neighbours. */
export function historyOf(observations: readonly Observation[], service: string): History | undefined {
  let wide: History | undefined;
  for (const { question, answer } of observations) {
    const { commits, repository } = answer.telemetry;
    if (question.kind !== 'history' || question.service.name !== service || !commits || !repository) continue;
    if (question.scope === undefined) return { commits, repository };
    wide ??= { commits, repository };
  }
  return wide;
}

/** The repository as any answer about it says, at the revision that is known to run. */
export function repositoryOf(
  observations: readonly Observation[],
  context: AnalysisContext,
): RepositoryState | undefined {
  const state = observations.find(
    ({ question, answer }) => question.service.name === context.service.name && answer.telemetry.repository,
  )?.answer.telemetry.repository;
  if (!state) return undefined;
  const commits = observations.flatMap(({ question, answer }) =>
    question.kind === 'history' && answer.telemetry.repository?.root === state.root
      ? (answer.telemetry.commits ?? [])
      : [],
  );
  return withDeployed(state, commits, observations, context);
}

/** What was concluded of one service's commits: the alerting one's, or one that it depends on. */
export interface RankedService {
  readonly context: AnalysisContext;
  readonly ranking: SuspectRanking | undefined;
  readonly onset: string;
}

/** Of each service the list with its suspicion, then up to three suspects with their diffs. The alerting one comes first. */
export function observeHistory(observations: readonly Observation[], services: readonly RankedService[]): Observed[] {
  const observed: Observed[] = [];
  for (const { question, answer } of observations) {
    const { commits, repository: answered } = answer.telemetry;
    if (question.kind !== 'history' || !commits || !answered) continue;
    const own = services.find(({ context }) => context.service.name === question.service.name);
    const common = { source: answer.source, service: question.service.name };
    const known = new Set(commits.map(({ hash }) => hash));
    if (own && question.scope === undefined) {
      const { context, ranking, onset } = own;
      const repository = repositoryOf(observations, context) ?? answered;
      const data = {
        ...historyData(commits, repository, ranking),
        ...factsOf(commits, rolloutsOf(observations, context), onset),
      };
      const window = { from: question.since, to: question.until };
      const digest = context.digest(JSON.stringify(data));
      const title = `${historyTitle(commits, repository, question.service.name)}${changesTold(data.changes)}`;
      observed.push({ kind: 'history', title, query: answer.query, window, digest, ...common, data });
    }
    // Of a neighbour that was not looked into, and of what all share, only the suspect ones are told.
    for (const { context, ranking, onset } of own ? [own] : services)
      observed.push(
        ...suspectsAmong(known, ranking, observed).map((commit) => commitEvidence(commit, context, onset, common)),
      );
  }
  return observed;
}

/** The most suspect ones of a history that are not shown yet: those that something fits, and the first one, that may be named for its time alone. */
function suspectsAmong(
  known: ReadonlySet<string>,
  ranking: SuspectRanking | undefined,
  shown: readonly Observed[],
): Commit[] {
  const isShown = (hash: string): boolean => shown.some((item) => item.kind === 'commit' && item.data.hash === hash);
  return (ranking?.suspects.slice(0, MAX_SHOWN) ?? [])
    .filter(
      (suspect, index) => suspect.suspicion >= SHOWN_FROM && (suspect.isDirect || (index === 0 && suspect.isRecent)),
    )
    .filter(({ commit }) => known.has(commit.hash))
    .map(({ commit }) => commit)
    .filter(({ hash }) => !isShown(hash));
}

function historyData(
  commits: readonly Commit[],
  repository: RepositoryState,
  ranking: SuspectRanking | undefined,
): { commitCount: number } & Extract<Observed, { kind: 'history' }>['data'] {
  const suspicion = new Map(ranking?.suspects.map((suspect) => [suspect.commit.hash, suspect.suspicion]));
  return {
    commitCount: commits.length,
    deployedRevision: repository.deployedRevision,
    deployedFrom: repository.deployedFrom,
    commits: commits.slice(0, MAX_COMMITS).map((commit) => ({
      hash: commit.hash,
      committedAt: commit.committedAt,
      subject: commit.subject,
      fileCount: commit.files.length,
      suspicion: Math.round((suspicion.get(commit.hash) ?? 0) * 1000) / 1000,
    })),
  };
}

function historyTitle(commits: readonly Commit[], repository: RepositoryState, service: string): string {
  const deployed = `${shortHash(repository.deployedRevision)} is ${repository.deployedFrom === 'head' ? 'the newest revision, taken as deployed' : 'deployed'}`;
  return commits.length === 0
    ? `No commit touched ${service} in the time asked for; ${deployed}`
    : `${counted(commits.length, 'commit')} touched ${service}; ${deployed}`;
}

function commitEvidence(
  commit: Commit,
  context: AnalysisContext,
  onset: string,
  common: { source: string; service: string },
): Observed {
  const seconds = secondsBetween(commit.committedAt, onset);
  const files = commit.files.map((file) => ({ ...file, patch: file.patch.slice(0, MAX_PATCH_CHARACTERS) }));
  const data = { ...commit, files, minutesBeforeOnset: seconds >= 0 ? Math.round(seconds / 60) : null };
  const paths = listed(files.slice(0, 3).map((file) => file.path));
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  const when = seconds >= 0 ? ` ${duration(seconds)} before the failure began` : '';
  return {
    kind: 'commit',
    title: `Commit ${shortHash(commit.hash)} ${quoted(commit.subject, 80)} changed ${paths}${more}${when}`,
    query: `git show ${commit.hash}`,
    window: { from: commit.committedAt, to: commit.committedAt },
    digest: context.digest(JSON.stringify(data)),
    ...common,
    data,
  };
}
