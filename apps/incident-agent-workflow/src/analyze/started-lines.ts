/** What a service's own log says as it starts: which revision, and when. A release that dies at once may say it nowhere else. */
import type { Commit, LogLine, Observation } from '../domain/telemetry.ts';
import { indexOf } from './commits/rollout.ts';

export interface Started {
  readonly revision: string;
  readonly at: string;
}

const START =
  /\b(?:listen(?:s|ing)?|start(?:s|ed|ing)|boot(?:s|ed|ing)?|ready|running|serving|launch(?:ed|ing)|initiali[sz](?:ed|ing)|deployed)\b/i;
/** A commit, also at the end of a version: `1.4.2+3f2c9aa`, `v1.4.2-7-g3f2c9aa`. */
const HASH = /(?<![\da-z])(?:g(?=[\da-f]{7}))?([\da-f]{7,40})(?![\da-z])/gi;
/** A number of ten digits is a time, a process or a port. */
const LIKE_A_HASH = /\d.*[a-f]|[a-f].*\d/i;

const found = new WeakMap<readonly LogLine[], readonly Started[]>();

/** Oldest first; only what names one of the commits. */
export function startedLines(
  observations: readonly Observation[],
  service: string,
  commits: readonly Commit[],
): Started[] {
  const said = observations.flatMap(({ question, answer }) =>
    question.kind === 'logs' && question.service.name === service ? startsIn(answer.telemetry.logLines ?? []) : [],
  );
  return said
    .filter(({ revision }) => indexOf(revision, commits) >= 0)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** A log is looked at several times in a run, and is the same each time. */
function startsIn(lines: readonly LogLine[]): readonly Started[] {
  const known = found.get(lines);
  if (known) return known;
  const starts = lines.flatMap(({ at, text }) => {
    if (at === undefined || !START.test(text)) return [];
    return [...text.slice(0, 1_000).matchAll(HASH)]
      .map((match) => match[1]?.toLowerCase() ?? '')
      .filter((hash) => LIKE_A_HASH.test(hash))
      .map((revision) => ({ revision, at }));
  });
  found.set(lines, starts);
  return starts;
}
