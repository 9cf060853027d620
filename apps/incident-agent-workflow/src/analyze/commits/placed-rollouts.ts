/**
 * Rollouts in terms of the commits that are weighed. Where several services live together, each is deployed at whatever was
 * the newest, often a commit that touches none of them: what counts is the newest one before it that does.
 */
import type { Commit } from '../../domain/telemetry.ts';
import { indexOf, type Rollout } from './rollout.ts';

export interface KnownHistory {
  /** All that is known of one line of history, newest first. */
  readonly all: readonly Commit[];
  /** Those that are weighed, in any order. */
  readonly candidates: readonly Commit[];
  /** Service → the revision at which its history was read, and the newest commit that was found there. */
  readonly readAt: ReadonlyMap<string, { readonly revision: string; readonly newest: string | undefined }>;
}

/** What is not in the history stays as it is. */
export function placedRollouts(rollouts: readonly Rollout[], history: KnownHistory): Rollout[] {
  return rollouts.map((rollout) => ({
    ...rollout,
    revision: placed(rollout.revision, rollout.service, history),
    previousRevision: placed(rollout.previousRevision, rollout.service, history),
  }));
}

/** The newest candidate that the revision holds; the revision itself where that is not known. */
export function placed(
  revision: string | undefined,
  service: string | null,
  { all, candidates, readAt }: KnownHistory,
): string | undefined {
  if (revision === undefined || indexOf(revision, candidates) >= 0) return revision;
  const isCandidate = new Set(candidates.map(({ hash }) => hash));
  const index = indexOf(revision, all);
  if (index >= 0) return all.slice(index).find(({ hash }) => isCandidate.has(hash))?.hash ?? revision;
  const read = service === null ? undefined : readAt.get(service);
  const isWhereRead = revision.length >= 7 && read?.revision.startsWith(revision.toLowerCase());
  return isWhereRead && read?.newest !== undefined && isCandidate.has(read.newest) ? read.newest : revision;
}
