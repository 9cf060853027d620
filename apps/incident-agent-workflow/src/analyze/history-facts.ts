/** What a history holds beside code: settings, dependencies, migrations, builds; and what went live when. */
import type { EvidenceOf } from '../domain/evidence.ts';
import type { Commit } from '../domain/telemetry.ts';
import { secondsBetween } from '../lib/time.ts';
import { listed } from '../lib/wording.ts';
import { fileKind } from './commits/file-kinds.ts';
import { isInert, isNotRun } from './commits/inert.ts';
import { packageChanges } from './commits/packages.ts';
import type { Rollout } from './commits/rollout.ts';

type History = EvidenceOf<'history'>['data'];
type Change = NonNullable<History['changes']>[number];

const MAX_CHANGES = 40;
const MAX_TOLD = 3;
const MAX_ROLLOUTS = 20;
/** METHODS §4: what is older than this was long in service when the failure began. */
const RECENT_SECONDS = 72 * 3_600;

/** Of the commits made in the three days before the onset, newest first. */
export function factsOf(
  commits: readonly Commit[],
  rollouts: readonly Rollout[],
  onset: string,
): Pick<History, 'changes' | 'rollouts'> {
  const changes = commits
    .filter((commit) => {
      const before = secondsBetween(commit.committedAt, onset);
      return before >= 0 && before <= RECENT_SECONDS && !isInert(commit);
    })
    .flatMap(changesOf)
    .slice(0, MAX_CHANGES);
  const live = rollouts.slice(-MAX_ROLLOUTS).map(({ at, kind, service, name }) => ({ at, kind, service, name }));
  return { ...(changes.length > 0 ? { changes } : {}), ...(live.length > 0 ? { rollouts: live } : {}) };
}

function changesOf(commit: Commit): Change[] {
  const { hash } = commit;
  const packages = packageChanges(commit).map(
    ({ name, from, to }): Change => ({
      hash,
      kind: 'dependency',
      what: name,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    }),
  );
  const files = commit.files.flatMap(({ path }): Change[] => {
    const kind = fileKind(path, isNotRun);
    return kind === 'config' || kind === 'migration' || kind === 'build' ? [{ hash, kind, what: path }] : [];
  });
  return [...packages, ...files];
}

/** `; among them express 4.18.2 → 5.0.0, the migration db/0042.sql`. */
export function changesTold(changes: readonly Change[] = []): string {
  if (changes.length === 0) return '';
  const told = changes.slice(0, MAX_TOLD).map(({ kind, what, from, to }) => {
    if (kind === 'dependency') return `${what} ${from ?? 'new'} → ${to ?? 'removed'}`;
    return kind === 'config'
      ? `the settings in ${what}`
      : kind === 'build'
        ? `the build in ${what}`
        : `the migration ${what}`;
  });
  const more = changes.length - told.length;
  return `; among the changes of the last 3 days: ${listed([...told, ...(more > 0 ? [`${more} more`] : [])])}`;
}
