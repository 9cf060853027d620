/** Further questions, asked for by a model: read-only, through the same sources and the same analysis as the first look. */
import { agent as codeAnalysis } from './agents/code-analysis.ts';
import { agent as investigation } from './agents/investigation.ts';
import type { Looker } from './agents/model/consult.ts';
import { quickAnalysis } from './agents/quick-analysis.ts';
import { agent as triage } from './agents/triage.ts';
import { analyze } from './analyze/analyze.ts';
import { LINES_AROUND } from './analyze/code.ts';
import type { AnalysisContext } from './analyze/context.ts';
import { collect } from './collect/collect.ts';
import type { Facts } from './domain/facts.ts';
import type { Findings } from './domain/finding.ts';
import type { Observation } from './domain/telemetry.ts';
import type { ResponseTools } from './ports.ts';
import { withAdded } from './verify/added-evidence.ts';

export interface Seen {
  readonly context: AnalysisContext;
  /** Set by the look. undefined: an earlier attempt has looked, and what it saw went with it. */
  observations?: readonly Observation[] | undefined;
}

export function lookerOf({ context, observations }: Seen, tools: ResponseTools): Looker | undefined {
  if (!observations) return undefined;
  let seen = observations;
  const { service, registry, window } = context;
  return {
    known: ({ evidence }) => ({ service, registry, window, observations: seen, evidence, linesAround: LINES_AROUND }),
    async look(questions, facts) {
      const brought = await collect(questions, tools.sources, tools);
      seen = [...seen, ...brought];
      tools.keepObservations(seen);
      return { facts: withAdded(facts, analyze(seen, context)).facts, brought };
    },
  };
}

/** The deterministic findings over facts that have grown; the same ones where they have not. */
export function concludeAgain(findings: Findings, before: Facts, facts: Facts): Findings {
  if (facts === before) return findings;
  const again: Findings = { ...findings, quick: quickAnalysis(facts) };
  again.triage = triage.conclude(facts, again);
  again.investigation = investigation.conclude(facts, again);
  again.code = codeAnalysis.conclude(facts, again);
  return again;
}
