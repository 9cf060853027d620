/** Blames what was deployed last: the newest commit of the alerting service that can have been running. */
import {
  alertingService,
  answer,
  commitsSeen,
  type Dummy,
  firstChangedLine,
  guessedOnset,
  NOTHING_KNOWN,
} from './dummy.ts';

export const lastDeploy: Dummy = {
  name: 'last deploy',
  predict(seen) {
    const service = alertingService(seen);
    const commits = commitsSeen(seen, service);
    const deployed = new Set(seen.observations.map(({ answer: said }) => said.telemetry.repository?.deployedRevision));
    const onset = guessedOnset(seen);
    const commit =
      commits.find(({ hash }) => deployed.has(hash)) ??
      commits.find(({ committedAt }) => Date.parse(committedAt) <= onset);
    if (!commit) return answer(undefined);
    const [file] = commit.files;
    return answer({
      ...NOTHING_KNOWN,
      kind: 'code',
      class: 'code-error',
      service,
      commit: commit.hash,
      file: file?.path ?? null,
      line: file ? firstChangedLine(file.patch) : null,
    });
  },
};
