/**
 * A fix for the cause that the evidence establishes: worked out, tried, and planned as a draft where that is allowed.
 * Decides; what it touches comes through ports. Nothing leaves from here: a planned draft is executed by the outbox.
 */

import { messageOf } from '../domain/error.ts';
import type { Facts } from '../domain/facts.ts';
import type { Findings } from '../domain/finding.ts';
import { type Hypothesis, LIKELY_FROM } from '../domain/hypothesis.ts';
import type { Incident } from '../domain/incident.ts';
import type { Proposal, Remediation } from '../domain/proposal.ts';
import { findService, type Registry, type Service } from '../domain/service.ts';
import { cutText } from '../lib/clean-text.ts';
import { redactFileLines } from '../lib/redact.ts';
import { percent } from '../lib/wording.ts';
import type { Clock } from '../ports.ts';
import type { FixTools, TreeChange, Workbench } from '../remediation-ports.ts';
import { type Candidate, candidatesOf } from './candidates.ts';
import { leansOnIt } from './dependants.ts';
import { planDraft } from './draft.ts';
import { guardRailRefusal } from './guard-rails.ts';
import { prove } from './prove.ts';
import { targetOf } from './reproduction/target.ts';
import { type ChangedText, checkSyntax } from './syntax/check-syntax.ts';

export interface RemediateTools extends FixTools {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}
export interface Investigated {
  readonly incident: Incident;
  readonly facts: Facts;
  readonly findings: Findings;
  readonly url: string | undefined;
}

/** Trying takes its time; the first that is not disproven is taken. */
const MAX_TRIED = 2;
const MAX_PATCH_CHARACTERS = 12_000;
const NOTHING = { proposal: null, draft: null, operatorAction: null, runbook: null } as const;

export async function remediate(investigated: Investigated, tools: RemediateTools): Promise<Remediation> {
  const { facts, findings } = investigated;
  const [first] = facts.hypotheses;
  if (!first || first.confidence < LIKELY_FROM)
    return none(
      investigated,
      tools,
      `no cause is likely enough: a fix is proposed from ${percent(LIKELY_FROM)} up${first ? `, the best cause found is ${percent(first.confidence)} sure` : ''}`,
    );
  const { cause } = first;
  const hasEdits = (findings.code?.edits ?? []).length > 0;
  if (cause.commit === null && !hasEdits)
    return none(investigated, tools, 'the cause is not a change of code or settings that could be taken back');
  const service = findService(tools.registry, cause.service);
  if (!service) return none(investigated, tools, `${cause.service} is not in the service registry`);
  try {
    await using bench = await tools.workshop.open(service, tools.signal);
    return await withBench(investigated, first, service, bench, tools);
  } catch (error) {
    tools.signal.throwIfAborted();
    return none(investigated, tools, `the code could not be worked on: ${messageOf(error)}`);
  }
}

async function withBench(
  investigated: Investigated,
  hypothesis: Hypothesis,
  service: Service,
  bench: Workbench,
  tools: RemediateTools,
): Promise<Remediation> {
  const { facts, findings } = investigated;
  const refused: { what: string; because: string }[] = [];
  let tried = 0;
  for (const candidate of await candidatesOf(facts, hypothesis.cause, findings.code, bench)) {
    const worked = await workOut(candidate, service, bench, tools);
    if ('because' in worked) {
      refused.push({ what: candidate.title, because: worked.because });
      continue;
    }
    if (tried === MAX_TRIED) break;
    tried += 1;
    const checked = { ...candidate, risks: [...candidate.risks, ...syntaxRisks(candidate, worked.unchecked)] };
    const proposal = await tryOut(checked, worked.changes, investigated, hypothesis, service, bench, tools);
    if (proposal.proof.state === 'disproven') {
      refused.push({ what: candidate.title, because: proposal.proof.reason });
      continue;
    }
    const { draft, reason } = planDraft({ ...investigated, hypothesis, service, bench, proposal }, tools.policy);
    return {
      ...NOTHING,
      status: draft ? 'draft' : 'shown',
      reason,
      proposal,
      draft,
      refused,
      runbook: runbookOf(investigated, service),
    };
  }
  const reason =
    refused.length > 0 ? 'no fix can be proposed: see what was refused and why' : 'no fix is known for this cause';
  return { ...none(investigated, tools, reason), refused };
}

/** At the tip of the default branch, where the draft would go. */
async function workOut(candidate: Candidate, service: Service, bench: Workbench, tools: RemediateTools) {
  const applied = await bench.apply(candidate.recipe, bench.branch.tip);
  if (applied.state === 'conflict')
    return { because: `it does not apply cleanly: ${applied.paths.slice(0, 3).join(', ')} changed since` };
  if (applied.state === 'nothing') return { because: `it is already so on ${bench.branch.name}` };
  if (applied.state === 'refused') return { because: applied.reason };
  const changes = await bench.compare(bench.branch.tip, applied.tree);
  const isInsideOnly = candidate.recipe.kind === 'edits';
  const allowed = {
    service,
    servicePath: bench.servicePath,
    registry: tools.registry,
    maxLines: tools.maxLines,
    isInsideOnly,
  };
  const because = guardRailRefusal(changes, allowed);
  if (because !== undefined) return { because };
  const leaning = candidate.recipe.kind === 'revert' ? await leansOnIt(bench, changes, applied.tree) : undefined;
  if (leaning !== undefined) return { because: `code that stays leans on what it takes away: ${leaning}` };
  const { broken, unchecked } = await checkSyntax(await textsOf(changes, bench), tools.sandbox, tools.signal);
  return broken === undefined ? { changes, unchecked } : { because: broken };
}

async function textsOf(changes: readonly TreeChange[], bench: Workbench): Promise<ChangedText[]> {
  const texts: ChangedText[] = [];
  for (const { path, content } of changes) {
    if (content === undefined) continue;
    texts.push({
      path,
      before: await bench.read(bench.branch.tip, path),
      after: Buffer.from(content).toString('utf8'),
    });
  }
  return texts;
}

/** A revert puts back text that stood there before; of an edit nobody knows until it was parsed. */
function syntaxRisks({ recipe }: Candidate, unchecked: readonly string[]): string[] {
  return recipe.kind === 'edits' ? unchecked.map((which) => `Syntax not checked: ${which}.`) : [];
}

async function tryOut(
  candidate: Candidate,
  changes: readonly TreeChange[],
  { facts, incident }: Investigated,
  { cause }: Hypothesis,
  service: Service,
  bench: Workbench,
  tools: RemediateTools,
): Promise<Proposal> {
  const running = facts.repository;
  const revision = running?.deployedRevision ?? bench.deployed.hash;
  const revisionFrom = running?.deployedFrom ?? bench.deployed.from;
  const applied = await bench.apply(candidate.recipe, revision);
  const common = {
    state: 'unproven' as const,
    revision,
    revisionFrom,
    checks: [],
    reproduction: null,
    milliseconds: 0,
  };
  const proof =
    applied.state !== 'clean'
      ? {
          ...common,
          reason: `it applies to ${bench.branch.name} but not to the revision that runs (${revision.slice(0, 7)})`,
        }
      : await prove({
          incident: incident.id,
          service,
          sandbox: tools.sandbox,
          top: bench.top,
          folder: bench.servicePath,
          before: await bench.files(revision),
          after: await bench.files(applied.tree),
          revision,
          revisionFrom,
          target: targetOf(facts, cause),
          clock: tools.clock,
          signal: tools.signal,
        });
  const { kind, title, story, recipe, risks } = candidate;
  const files = changes.map(({ path, status, addedLines, removedLines, patch }) => ({
    path,
    status,
    addedLines,
    removedLines,
    patch: cutText(redactFileLines(path, patch.split('\n')).join('\n'), MAX_PATCH_CHARACTERS),
  }));
  const undo = 'Close the draft. After a merge: revert the merge commit; nothing else was changed.';
  return { kind, title, story, recipe, files, proof, risks: [...risks], undo };
}

function none({ facts, findings, incident }: Investigated, { registry }: RemediateTools, reason: string): Remediation {
  const cause = facts.hypotheses[0]?.cause;
  const service = findService(registry, cause?.service ?? facts.service);
  const action = facts.hypotheses[0]?.actions[0] ?? findings.code?.nextSteps[0] ?? null;
  return {
    ...NOTHING,
    status: 'none',
    refused: [],
    reason,
    operatorAction: action,
    runbook: runbookOf({ incident }, service),
  };
}

/** Of the alert, else of the registry. Shown as a link, never fetched. */
function runbookOf({ incident }: Pick<Investigated, 'incident'>, service: Service | undefined): string | null {
  const annotated = incident.alerts.flatMap(({ annotations }) => [annotations.runbook_url, annotations.runbook]);
  return annotated.find((text) => text !== undefined && text.trim() !== '') ?? service?.runbooks[0] ?? null;
}
