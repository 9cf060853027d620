/**
 * The agents once more, with the model: each is handed what the one before it said and code bore out. The engine's own
 * findings stay as they are, what the model adds stands beside them, and a verdict moves only by evidence that its
 * requests brought in and the engine has scored.
 */
import { z } from 'zod';
import { withinBudget } from './agents/budget.ts';
import { agent as codeAnalysis } from './agents/code-analysis.ts';
import { agent as investigation } from './agents/investigation.ts';
import { type ConsultTools, consult } from './agents/model/consult.ts';
import type { AgentKey } from './agents/model/protocol.ts';
import { startSession } from './agents/model/session.ts';
import { agent as triage } from './agents/triage.ts';
import type { ModelExchange } from './domain/bundle.ts';
import { Facts } from './domain/facts.ts';
import type { Findings, StageNote } from './domain/finding.ts';
import type { Run } from './domain/incident.ts';
import { ModelCost, ModelSaid, saysSomething, totalCost } from './domain/model-said.ts';
import { counted, listed } from './lib/wording.ts';
import { concludeAgain, lookerOf, type Seen } from './model-look.ts';
import type { Model, ResponseTools } from './ports.ts';
import type { Stages } from './stages.ts';
import { judgeSaid } from './verify/model-said.ts';
import { polishedClaims } from './verify/polished.ts';

export interface Investigation {
  readonly facts: Facts;
  readonly findings: Findings;
}

/** What a stage with the model leaves in the journal. `facts`: only where requests brought something in. */
const Consulted = z.object({ said: ModelSaid, facts: Facts.nullable(), cost: ModelCost.optional() });
type Consulted = z.infer<typeof Consulted>;

const QUICK = 'QuickAnalysis';

/** Leaves one note where the model failed, however many agents met it; never throws for what a model does. */
export async function modelPass(
  start: Investigation & { readonly seen: Seen; readonly run: Run },
  model: Model,
  stages: Stages,
  tools: ResponseTools,
): Promise<Investigation> {
  const notesBefore = stages.notes.length;
  const session = startSession({ ...tools, model: withinBudget(model, tools.modelBudget, tools.clock) });
  const looker = lookerOf(start.seen, tools);
  const names = tools.registry.services.map((service) => service.name);
  let { facts } = start;
  const said: Partial<Record<AgentKey, ModelSaid>> = {};
  const costs: ModelCost[] = [];
  const findings = () => withSaid(concludeAgain(start.findings, start.facts, facts), said);

  async function ask(agent: AgentKey, name: string, judge: ConsultTools['judge']): Promise<void> {
    const consulted = await stages.run<Consulted | undefined>({
      name: `${name} with the model`,
      async work() {
        try {
          const consultTools = {
            session,
            registry: tools.registry,
            tag: `data-${start.run.pipelineId}`,
            looker,
            judge,
          };
          const found = await consult(agent, name, findings(), facts, consultTools);
          const cost = costOf(session.exchangesOf(name));
          return { said: found.said, facts: found.facts === facts ? null : found.facts, cost };
        } finally {
          tools.keepExchanges(name, session.exchangesOf(name));
        }
      },
      fallback: () => undefined,
      parse: (stored) => Consulted.optional().parse(stored ?? undefined),
      summary: (result) => (result ? summaryOf(result.said) : ''),
    });
    if (consulted?.facts) facts = consulted.facts;
    if (consulted) said[agent] = withoutRepeats(consulted.said, Object.values(said));
    costs.push(consulted?.cost ?? costOf(session.exchangesOf(name)));
  }

  const against = { registry: tools.registry };
  await ask('triage', triage.name, (raw, seen) =>
    judgeSaid(raw, { ...against, facts: seen, triage: findings().triage }),
  );
  await ask('investigation', investigation.name, (raw, seen) => judgeSaid(raw, { ...against, facts: seen }));
  await ask('code', codeAnalysis.name, (raw, seen) => judgeSaid(raw, { ...against, facts: seen }));
  if (Object.keys(said).length > 0)
    await ask('quick', QUICK, (raw, seen) => {
      if (raw.claims.length === 0) return { said: NOTHING_SAID, invented: [] };
      const polished = polishedClaims(raw.claims, findings().quick?.claims ?? [], seen, names);
      const claims = polished.ok ? [...polished.claims] : [];
      return { said: { ...NOTHING_SAID, claims }, invented: polished.ok ? [] : polished.reasons };
    });

  const failed = stages.notes.splice(notesBefore);
  const spoken = Object.values(said).filter(saysSomething);
  stages.notes.push(...notesOf(failed, Object.values(said)));
  const concluded = spoken.length > 0 ? findings() : concludeAgain(start.findings, start.facts, facts);
  return { facts, findings: { ...concluded, modelCost: totalCost(costs) } };
}

/** A call that failed is counted; what it cost nobody says. */
function costOf(exchanges: readonly ModelExchange[]): ModelCost {
  return totalCost(
    exchanges.map(({ reply }) => ({
      calls: 1,
      promptTokens: reply?.promptTokens ?? 0,
      replyTokens: reply?.replyTokens ?? 0,
      usd: reply ? reply.costUsd : 0,
    })),
  );
}

const NOTHING_SAID: ReturnType<ConsultTools['judge']>['said'] = {
  summary: null,
  claims: [],
  disagreements: [],
  openQuestions: [],
  edits: [],
  dropped: [],
};

function withSaid(findings: Findings, said: Partial<Record<AgentKey, ModelSaid>>): Findings {
  const { quick, triage: triaged, investigation: investigated, code } = findings;
  return {
    ...findings,
    ...(quick && said.quick && said.quick.claims.length > 0 && { quick: { ...quick, polished: said.quick.claims } }),
    ...(triaged && said.triage && { triage: { ...triaged, said: said.triage } }),
    ...(investigated && said.investigation && { investigation: { ...investigated, said: said.investigation } }),
    ...(code && said.code && { code: { ...code, said: said.code } }),
  };
}

/** Without what an agent before it has said already, and without what it says twice. */
function withoutRepeats(said: ModelSaid, earlier: readonly ModelSaid[]): ModelSaid {
  const known = new Set(
    earlier.flatMap((one) => [
      ...[...(one.summary ? [one.summary] : []), ...one.claims, ...one.openQuestions].map(({ text }) => text),
      ...one.disagreements.map(({ engine, model }) => `${engine} ${model}`),
    ]),
  );
  const isNew = ({ text }: { readonly text: string }) => {
    const isSaid = known.has(text);
    known.add(text);
    return !isSaid;
  };
  return {
    ...said,
    summary: said.summary && isNew(said.summary) ? said.summary : null,
    claims: said.claims.filter(isNew),
    openQuestions: said.openQuestions.filter(isNew),
    disagreements: said.disagreements.filter(({ engine, model }) => !known.has(`${engine} ${model}`)),
  };
}

function summaryOf({ summary, claims, dropped, asked, refused }: ModelSaid): string {
  const kept = claims.length + (summary ? 1 : 0);
  return `kept=${kept} dropped=${dropped.length} asked=${asked} refused=${refused}`;
}

/** One line: why there is nothing of the model, or of which agents there is nothing. */
function notesOf(failed: readonly StageNote[], all: readonly ModelSaid[]): StageNote[] {
  const lines: string[] = [];
  for (const reason of new Set(failed.map(({ note }) => note))) {
    const agents = failed
      .filter(({ note }) => note === reason)
      .map(({ stage }) => stage.replace(/ with the model$/, ''));
    lines.push(`${listed(agents)}: ${reason.replace(/\.$/, '')}; the deterministic finding stands`);
  }
  if (all.length > 0 && !all.some(saysSomething)) lines.push(emptyWords(all));
  return lines.length > 0 ? [{ stage: 'Model', note: `${lines.join('. ')}.` }] : [];
}

function emptyWords(all: readonly ModelSaid[]): string {
  const dropped = all.reduce((sum, said) => sum + said.dropped.length, 0);
  const refused = all.reduce((sum, said) => sum + said.refused, 0);
  const requests = refused > 0 ? `, ${counted(refused, 'request')} refused` : '';
  return dropped === 0
    ? `It had nothing to add${requests}`
    : `None of what it said stood the check (${counted(dropped, 'sentence')} dropped${requests}); the deterministic report stands`;
}
