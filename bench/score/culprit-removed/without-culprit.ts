/**
 * The same incident without its guilty commit (METHODS §10): whatever is blamed then is blamed falsely. Its change is
 * there from the oldest commit on; every mention of a hash, the revisions that metrics and logs tell included, follows.
 */
import type { Bundle } from '../../../apps/incident-agent-workflow/src/domain/bundle.ts';
import { foldIntoOldest } from './fold.ts';
import { packRepository, unpackRepository } from './git-objects.ts';
import { joinSeries, oldestSeen, renameHashes, withoutCommit } from './observations.ts';

/** `scratch`: a folder that does not exist yet. Throws where the commit cannot be removed. */
export function withoutCulprit(bundle: Bundle, guilty: string, scratch: string): Bundle {
  const { label: _label, report: _report, modelExchanges: _exchanges, ...seen } = bundle;
  const { repositoryBundle, manifest } = seen;
  const oldest = oldestSeen(seen.observations, guilty);
  const told = {
    ...seen,
    observations: oldest ? withoutCommit(seen.observations, { removed: guilty, oldest }) : seen.observations,
  };
  if (!repositoryBundle) {
    if (!oldest) throw new Error('the bundle holds neither a repository nor a history');
    return relabelled(told, new Map([[guilty, parentOf(bundle, guilty) ?? oldest.hash]]));
  }
  const git = unpackRepository(repositoryBundle, manifest.shallow, scratch);
  const renamed = foldIntoOldest(git, guilty);
  return { ...relabelled(told, renamed), repositoryBundle: packRepository(git) };
}

function parentOf({ observations }: Bundle, guilty: string): string | undefined {
  const commits = observations.flatMap(({ answer }) => answer.telemetry.commits ?? []);
  return commits.find(({ hash }) => hash === guilty)?.parents[0];
}

function relabelled(bundle: Bundle, renamed: ReadonlyMap<string, string>): Bundle {
  const { repositoryBundle, ...rest } = bundle;
  const mapped = renameHashes(rest, renamed);
  return { ...mapped, observations: joinSeries(mapped.observations), repositoryBundle };
}
