/** What was observed, told by a world in which one commit was never made. Pure. */
import type { Observation, Series } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';

/** How a removed commit is told away where only answers about the history are there, not the history itself. */
export interface Removal {
  readonly removed: string;
  /** Who wrote its lines now. */
  readonly oldest: { readonly hash: string; readonly committedAt: string };
}

/** The removed commit from the answers: out of the list, its lines blamed on the oldest one. */
export function withoutCommit(observations: readonly Observation[], { removed, oldest }: Removal): Observation[] {
  return observations.map(({ question, answer }) => {
    const { commits, blame } = answer.telemetry;
    const parents = commits?.find(({ hash }) => hash === removed)?.parents ?? [];
    const telemetry: Observation['answer']['telemetry'] = {
      ...answer.telemetry,
      ...(commits && {
        commits: commits
          .filter(({ hash }) => hash !== removed)
          .map((commit) => ({
            ...commit,
            parents: commit.parents.flatMap((parent) => (parent === removed ? parents : [parent])),
          })),
      }),
      ...(blame && { blame: blame.map((line) => (line.hash === removed ? { ...line, ...oldest } : line)) }),
    };
    return { question, answer: { ...answer, telemetry } };
  });
}

/** The oldest of all commits that any answer names; undefined: there is none beside the removed one. */
export function oldestSeen(observations: readonly Observation[], removed: string): Removal['oldest'] | undefined {
  const seen = observations.flatMap(({ answer }) => [
    ...(answer.telemetry.commits ?? []),
    ...(answer.telemetry.blame ?? []),
  ]);
  const [oldest] = seen
    .filter(({ hash }) => hash !== removed)
    .sort((a, b) => Date.parse(a.committedAt) - Date.parse(b.committedAt) || (a.hash < b.hash ? -1 : 1));
  return oldest && { hash: oldest.hash, committedAt: oldest.committedAt };
}

const HASH = /(?<![0-9a-zA-Z])[0-9a-f]{7,40}(?![0-9a-zA-Z])/g;

/** Every hash, also a shortened one, by its new name, in any JSON value. */
export function renameHashes<T>(value: T, renamed: ReadonlyMap<string, string>): T {
  const byPrefix = new Map([...renamed].map(([from, to]) => [from.slice(0, 7), { from, to }]));
  const renamedIn = (text: string) =>
    text.replaceAll(HASH, (word) => {
      const known = byPrefix.get(word.slice(0, 7));
      return known?.from.startsWith(word) ? known.to.slice(0, word.length) : word;
    });
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'string' ? renamedIn(inner) : inner,
  );
}

/** Series that differed only by a hash are one now: a revision that went over to itself was no deployment of another. */
export function joinSeries(observations: readonly Observation[]): Observation[] {
  return observations.map(({ question, answer }) => {
    const { series } = answer.telemetry;
    return series
      ? { question, answer: { ...answer, telemetry: { ...answer.telemetry, series: joined(series) } } }
      : { question, answer };
  });
}

function joined(series: readonly Series[]): Series[] {
  const groups = Map.groupBy(series, ({ metric, labels }) =>
    JSON.stringify([metric, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]),
  );
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (!first || own.length === 1) return own;
    const points = new Map<string, Series['points'][number]>();
    for (const point of own.flatMap((one) => one.points))
      if (points.get(point.at)?.value == null) points.set(point.at, point);
    const inOrder = [...points.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    return [{ ...first, points: inOrder }];
  });
}
