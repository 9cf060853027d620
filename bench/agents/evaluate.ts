/** One bundle without a model and with one: what changed, what it cost, what of its text was kept. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { Bundle } from '../../apps/incident-agent-workflow/src/domain/bundle.ts';
import type { Report } from '../../apps/incident-agent-workflow/src/domain/report.ts';
import type { Model } from '../../apps/incident-agent-workflow/src/ports.ts';
import { replayBundle } from '../replay-bundle.ts';
import { scoreCase } from '../score/levels.ts';
import { predictionOf } from '../score/prediction.ts';

export interface AgentsCase {
  readonly id: string;
  readonly repeat: number;
  /** The verdict is that of the run without a model, field by field. */
  readonly sameVerdict: boolean;
  readonly rightWithout: boolean | null;
  readonly rightWith: boolean | null;
  readonly calls: number;
  readonly failures: number;
  readonly kept: number;
  readonly dropped: number;
  readonly disagreements: number;
  readonly asked: number;
  readonly promptTokens: number;
  readonly promptTokensOfCalls: readonly number[];
  /** Of them, those that an endpoint must read which keeps what it has read in this run. */
  readonly promptTokensReadOnce: number;
  readonly replyTokens: number;
  readonly costUsd: number;
  readonly modelMilliseconds: number;
  /** Of the stages that a model brings with it, less what the model itself took. */
  readonly overheadMilliseconds: number;
  readonly note: string | null;
  /** Verdict and text kept: equal where two repeats said the same. */
  readonly said: string;
}

export async function withoutModel(bundle: Bundle): Promise<Report> {
  return (await replayBundle(full(bundle))).report;
}

/** `model`: a fresh one for each run, so that its budget and counts are the run's own. */
export async function evaluateAgents(
  bundle: Bundle,
  {
    id,
    repeat,
    without,
    model,
    modelMilliseconds,
  }: { id: string; repeat: number; without: Report; model: Model; modelMilliseconds: number },
): Promise<AgentsCase> {
  let stages = 0;
  let asked = 0;
  let dropped = 0;
  const { report, exchanges } = await replayBundle(full(bundle), {
    model,
    modelMilliseconds,
    logged(message) {
      const [, took] = /(?:with the model|report v2) (?:done|failed).*\((\d+) ms\)$/.exec(message) ?? [];
      stages += Number(took ?? 0);
      asked += Number(/with the model done.* asked=(\d+)/.exec(message)?.[1] ?? 0);
      // Where nothing stands the report has nothing of the model, not even what it lost.
      dropped += Number(/with the model done.* dropped=(\d+)/.exec(message)?.[1] ?? 0);
    },
  });
  const said = [report.triage?.said, report.investigation?.said, report.code?.said].filter((one) => one !== undefined);
  const sum = (count: (one: (typeof said)[number]) => number) => said.reduce((total, one) => total + count(one), 0);
  const spent = exchanges.reduce((total, one) => total + one.milliseconds, 0);
  const promptTokensOfCalls = exchanges.map(({ system, user }) => countTokens(system) + countTokens(user));
  const prompts = exchanges.map(({ system, user }) => `${system}\n${user}`);
  const { label } = bundle;
  const right = (one: Report) => (label ? scoreCase(predictionOf(one), label).isRight : null);
  const keptClaims = said.flatMap(({ summary, claims }) => [...(summary ? [summary] : []), ...claims]);
  return {
    id,
    repeat,
    sameVerdict: JSON.stringify(report.verdict) === JSON.stringify(without.verdict),
    rightWithout: right(without),
    rightWith: right(report),
    calls: exchanges.length,
    failures: exchanges.filter(({ failure }) => failure).length,
    kept: keptClaims.length,
    dropped,
    disagreements: sum(({ disagreements }) => disagreements.length),
    asked,
    promptTokens: promptTokensOfCalls.reduce((total, tokens) => total + tokens, 0),
    promptTokensOfCalls,
    promptTokensReadOnce: prompts
      .map((prompt, index) => countTokens(prompt.slice(knownBeginning(prompt, prompts.slice(0, index)))))
      .reduce((total, tokens) => total + tokens, 0),
    replyTokens: exchanges.reduce((total, { reply }) => total + (reply ? countTokens(reply.text) : 0), 0),
    costUsd: exchanges.reduce((total, { reply }) => total + (reply?.costUsd ?? 0), 0),
    modelMilliseconds: spent,
    overheadMilliseconds: stages - spent,
    note: report.notes.find(({ stage }) => stage === 'Model')?.note ?? null,
    said: JSON.stringify([report.verdict, keptClaims]),
  };
}

/** How many characters are those with which an earlier one began. */
function knownBeginning(prompt: string, earlier: readonly string[]): number {
  return Math.max(0, ...earlier.map((one) => sharedCharacters(prompt, one)));
}

function sharedCharacters(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

/** Whatever route it took then: what the model adds is what is looked at. */
function full(bundle: Bundle): Bundle {
  const { manifest, modelExchanges: _, ...rest } = bundle;
  return { ...rest, manifest: { ...manifest, run: { ...manifest.run, forcedRoute: 'full' } } };
}
