/** One bundle through the product's own replay, as it is and without its guilty commit, with the dummies beside it. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, BundleLabel } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import { CLAIMED, type Claimed } from '../../apps/incident-agent-workflow/src/domain/confidence-map.ts';
import { messageOf } from '../../apps/incident-agent-workflow/src/domain/error.ts';
import type { Hypothesis } from '../../apps/incident-agent-workflow/src/domain/hypothesis.ts';
import { questionKey } from '../../apps/incident-agent-workflow/src/domain/question.ts';
import type { Report } from '../../apps/incident-agent-workflow/src/domain/report.ts';
import type { Observation } from '../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { replayBundle } from '../replay-bundle.ts';
import type { CaseResult, Part, RawAnswer, RemovalResult, Scored } from './case-result.ts';
import { withoutCulprit } from './culprit-removed/without-culprit.ts';
import { DUMMIES } from './dummies/all.ts';
import type { Seen } from './dummies/dummy.ts';
import { templateOf } from './folder.ts';
import { blamedBeside, isTrue, scoreCase } from './levels.ts';
import { candidateOf, type Prediction, predictionOf } from './prediction.ts';
import type { Ablation } from './without/ablation.ts';

export interface EvaluateOptions {
  readonly id: string;
  readonly part: Part;
  /** A folder of our own. */
  readonly scratch: string;
  /** Only with 2 and more can a difference be seen. */
  readonly repeats: number;
  /** Whether to look at the incident without its guilty commit too. */
  readonly removeCulprit: boolean;
  /** What is taken away from every answer first. */
  readonly ablations: readonly Ablation[];
}

/** Throws only for a bug of ours: what a bundle lacks is part of the result. */
export async function evaluateCase(bundle: Bundle, options: EvaluateOptions): Promise<CaseResult> {
  const { label } = bundle;
  const replays: Replay[] = [];
  for (let repeat = 0; repeat < options.repeats; repeat += 1) replays.push(await replay(bundle, options));
  const [first] = replays;
  if (!first) throw new Error('nothing was replayed');
  const removed =
    label?.commit && options.removeCulprit ? await withoutItsCulprit(bundle, label.commit, options) : null;
  const scored = (predict: (seen: Replay) => Prediction): Scored => ({
    prediction: predict(first),
    score: label ? scoreCase(predict(first), label) : null,
    removal: removed && ('failure' in removed ? removed : removalOf(predict(removed))),
  });
  return {
    id: options.id,
    part: options.part,
    label: label ?? null,
    template: templateOf(label),
    language: bundle.registry.services.find(({ name }) => name === label?.service)?.language ?? 'unknown',
    engine: scored(({ report }) => predictionOf(report)),
    raw: label ? rawAnswers(first.report, label) : [],
    dummies: Object.fromEntries(DUMMIES.map((dummy) => [dummy.name, scored(({ seen }) => dummy.predict(seen))])),
    milliseconds: Math.min(...replays.map(({ milliseconds }) => milliseconds)),
    analysisMilliseconds: Math.min(...replays.map(({ analysisMilliseconds }) => analysisMilliseconds)),
    digest: first.digest,
    isRepeatable: replays.every(({ digest }) => digest === first.digest),
  };
}

interface Replay {
  readonly report: Report;
  readonly seen: Seen;
  readonly digest: string;
  readonly milliseconds: number;
  readonly analysisMilliseconds: number;
}

async function replay(bundle: Bundle, { id, ablations }: EvaluateOptions): Promise<Replay> {
  const observations: Observation[] = [];
  const looking = stopwatch();
  const { report, milliseconds } = await replayBundle(bundle, {
    changeAnswer: ({ question, answer }) =>
      ablations.reduce((known, { change }) => change?.({ question, answer: known }) ?? known, answer),
    without: new Set(ablations.flatMap(({ leavesOut }) => leavesOut ?? [])),
    changeSources: (sources) =>
      sources.map((source) => ({
        ...source,
        async ask(question, signal) {
          const answer = await looking.during(() => source.ask(question, signal));
          observations.push({ question, answer });
          return answer;
        },
      })),
  });
  // Answers come in any order; the dummies must not depend on it.
  const inOrder = observations
    .map((observation) => ({ key: questionKey(observation.question), observation }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ observation }) => observation);
  return {
    report,
    seen: { caseId: id, alerts: bundle.alerts, registry: bundle.registry, observations: inOrder },
    digest: createHash('sha256').update(JSON.stringify(report)).digest('hex'),
    milliseconds,
    analysisMilliseconds: milliseconds - looking.total(),
  };
}

/** How long at least one of several overlapping things was under way. */
function stopwatch(): { during<T>(work: () => Promise<T>): Promise<T>; total(): number } {
  let running = 0;
  let startedAt = 0;
  let total = 0;
  return {
    async during(work) {
      if (running === 0) startedAt = performance.now();
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        if (running === 0) total += performance.now() - startedAt;
      }
    },
    total: () => total,
  };
}

async function withoutItsCulprit(
  bundle: Bundle,
  guilty: string,
  options: EvaluateOptions,
): Promise<Replay | { failure: string }> {
  const folder = join(options.scratch, `${options.id}-without`);
  try {
    return await replay(withoutCulprit(bundle, guilty, folder), options);
  } catch (error) {
    return { failure: messageOf(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function removalOf(prediction: Prediction): RemovalResult {
  return { prediction, falselyBlamed: blamedBeside(null, prediction) };
}

/** The most probable hypothesis of each kind of claim, by the score alone; what was only listed as weak has none. */
function rawAnswers({ hypotheses }: Report, label: BundleLabel): RawAnswer[] {
  return CLAIMED.flatMap((claimed) => {
    const scored = hypotheses.flatMap((hypothesis) => {
      const { score } = hypothesis;
      return score && claimOf(hypothesis) === claimed ? [{ hypothesis, score }] : [];
    });
    const [best] = scored.sort((a, b) => b.score.raw - a.score.raw);
    return best ? [{ claimed, ...best.score, isRight: isTrue(candidateOf(best.hypothesis), label) }] : [];
  });
}

function claimOf({ cause }: Hypothesis): Claimed {
  if (cause.kind === 'none') return 'none';
  return cause.commit === null ? 'cause' : 'commit';
}
