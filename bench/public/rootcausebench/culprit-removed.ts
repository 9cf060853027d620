/**
 * The same cases without their guilty commit: any commit that is named then is innocent. Which commit to leave out is the
 * one thing that is taken from the answers, and nothing that is predicted from holds it.
 */
import { z } from 'zod';
import type { PublicVariant } from '../public-set.ts';
import { type Case, readCases } from './case.ts';
import { type Prediction, predict } from './prediction.ts';

const Answer = z.object({ root_cause_commit: z.string() });

export const culpritRemoved: PublicVariant = {
  name: 'culprit_removed',
  says: 'share of the cases in which nobody is accused once the culprit is gone; those that have none count as such',
  /** At most 3 accusations in the 17 cases with a guilty commit. */
  atLeast: 0.875,
  predict: async (folder, answerOf) => {
    const predictions = readCases(folder).map((one): [string, Prediction] => {
      const guilty = Answer.parse(answerOf(one.id)).root_cause_commit;
      const said = predict(without(one, guilty));
      // Told in the script's own terms: to accuse nobody is right.
      const isRight = guilty === 'none' || said.root_cause_commit === 'none';
      return [one.id, { ...said, root_cause_commit: isRight ? guilty : said.root_cause_commit }];
    });
    return [Object.fromEntries(predictions)];
  },
};

/** The commit, and every deploy of it. */
export function without(one: Case, sha: string): Case {
  return {
    ...one,
    commits: one.commits.filter((commit) => commit.sha !== sha),
    deploys: one.deploys.filter((deploy) => deploy.commit_sha !== sha),
  };
}
