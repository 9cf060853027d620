/** Draws an answer: the same for the same case. What chance alone gives with these classes, services and commits. */
import { FaultClass } from '../../../apps/incident-agent-workflow/src/domain/fault-class.ts';
import type { Candidate } from '../prediction.ts';
import { pick, seededRandom, seedOf } from '../statistics/seeded.ts';
import { alertingService, commitsSeen, type Dummy, firstChangedLine, NOTHING_KNOWN, type Seen } from './dummy.ts';

const DRAWS = 3;

export const randomAnswer: Dummy = {
  name: 'random',
  predict(seen) {
    const random = seededRandom(seedOf(seen.caseId));
    const drawn = Array.from({ length: DRAWS }, () => draw(seen, random));
    return { status: 'established', candidates: drawn.sort((a, b) => b.confidence - a.confidence) };
  },
};

/** One of 22 classes or nothing wrong; half of the time a commit, as in the corpus at large. */
function draw(seen: Seen, random: () => number): Candidate {
  const drawnClass = pick<FaultClass | null>([...FaultClass.options, null], random) ?? null;
  const service = pick(seen.registry.services, random)?.name ?? alertingService(seen);
  const commit = random() < 0.5 ? pick(commitsSeen(seen), random) : undefined;
  const file = pick(commit?.files ?? [], random);
  return {
    ...NOTHING_KNOWN,
    kind: commit ? 'code' : drawnClass === null ? 'none' : 'infrastructure',
    class: drawnClass,
    service,
    commit: commit?.hash ?? null,
    file: file?.path ?? null,
    line: file ? firstChangedLine(file.patch) : null,
    confidence: random(),
  };
}
