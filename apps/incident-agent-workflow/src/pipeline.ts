/**
 * The whole response to an incident, readable top to bottom: what is looked at, who concludes what, when a report
 * goes out, and what stands when a stage fails. Retries, timing, the journal and the log live behind `stages.run`.
 */
import { budgetLeft } from './agents/budget.ts';
import { agent as codeAnalysis } from './agents/code-analysis.ts';
import { agent as investigation } from './agents/investigation.ts';
import { quickAnalysis } from './agents/quick-analysis.ts';
import { chooseRoute, escalated, routeInputs } from './agents/route.ts';
import { agent as triage } from './agents/triage.ts';
import { analyze } from './analyze/analyze.ts';
import { analysisContext, nothingSeen } from './analyze/context.ts';
import { LEAD_ROUNDS, leadFollower, openingQuestions } from './analyze/questions.ts';
import { type Recovery, recoveryOf, recoveryQuestions } from './analyze/recovery.ts';
import { collect } from './collect/collect.ts';
import { Facts } from './domain/facts.ts';
import {
  CodeFinding,
  type Findings,
  InvestigationFinding,
  QuickFinding,
  RouteChoice,
  TriageFinding,
} from './domain/finding.ts';
import type { Incident, Run } from './domain/incident.ts';
import { Report } from './domain/report.ts';
import { fixStage } from './fix-stage.ts';
import type { Seen } from './model-look.ts';
import { modelPass } from './model-pass.ts';
import type { ResponseTools } from './ports.ts';
import { agentStage, startStages } from './stages.ts';
import { verifiedReport } from './verified-report.ts';

/** Investigates once and always ends in a published report. Throws only when stopped, or when a newer attempt has the run. */
export async function respond(incident: Incident, run: Run, tools: ResponseTools): Promise<Report> {
  const stages = startStages(run, tools);
  const seen: Seen = { context: analysisContext(incident, run, tools) };
  const finding = tools.findModel(tools.signal);

  let facts = await stages.run({
    name: 'look',
    work: () => look(seen, tools),
    fallback: () => nothingSeen(seen.context),
    parse: (stored) => Facts.parse(stored),
    summary: ({ evidence, gaps }) => `evidence=${evidence.length} gaps=${gaps.length}`,
  });
  let findings: Findings = {};
  findings.quick = await stages.run({
    name: 'quick',
    work: () => quickAnalysis(facts),
    fallback: () => ({ claims: [], checkFirst: [] }),
    parse: (stored) => QuickFinding.parse(stored),
  });
  const inputs = routeInputs(run, { severity: incident.severity, budget: await budgetLeft(tools) });
  findings.route = await stages.run({
    name: 'route',
    work: () => chooseRoute(facts, inputs),
    fallback: () => ({ route: 'quick', reason: 'routing failed' }),
    parse: (stored) => RouteChoice.parse(stored),
    summary: ({ route, reason }) => `route=${route} (${reason})`,
  });
  findings.triage = await stages.run(agentStage(triage, TriageFinding, facts, findings));
  findings.investigation = await stages.run(agentStage(investigation, InvestigationFinding, facts, findings));
  findings.code = await stages.run(agentStage(codeAnalysis, CodeFinding, facts, findings));
  findings.route = escalated(findings.route, facts, inputs);
  const { model, note } = await finding;
  let report = await publish(1); // engine only, delivered at once
  if (findings.route.route === 'quick') return report;
  if (model) {
    // Triage, investigation and code analysis again, each handed on checked; what fails leaves the finding above.
    ({ facts, findings } = await modelPass({ facts, findings, run, seen }, model, stages, tools));
    report = await publish(2);
  }
  if (!tools.fix) return report;
  // Worked out and tried; its draft is planned with the report that tells of it, and the outbox opens it.
  const fix = await stages.run(fixStage({ incident, run, facts, findings }, tools.fix, tools));
  return publish(report.version + 1, fix);

  function publish(version: number, tried?: Report['remediation']): Promise<Report> {
    return stages.run({
      name: `report v${version}`,
      async work() {
        const said = { incident, run, facts, findings, remediation: tried, notes: stages.notes, version, model: note };
        const composed = verifiedReport(said, tools);
        await tools.publish(composed);
        return composed;
      },
      parse: (stored) => Report.parse(stored),
      summary: ({ verdict }) => `verdict=${verdict.status} confidence=${verdict.confidence ?? 'none'}`,
    });
  }
}

/** Looks wide, follows the leads, looks deep; what was seen and what could not be seen becomes numbered facts. */
async function look(seen: Seen, tools: ResponseTools): Promise<Facts> {
  let observations = await collect(openingQuestions(seen.context), tools.sources, tools);
  const leads = leadFollower(seen.context);
  for (let round = 0; round < LEAD_ROUNDS; round += 1) {
    const further = leads(observations);
    if (further.length === 0) break;
    observations = [...observations, ...(await collect(further, tools.sources, tools))];
  }
  tools.keepObservations(observations);
  seen.observations = observations;
  return analyze(observations, seen.context);
}

/** Whether what the sender calls over, or has fallen silent about, is over. Starts no investigation. */
export async function settle(incident: Incident, tools: ResponseTools): Promise<Recovery> {
  const context = analysisContext(incident, { createdAt: tools.clock.now() }, tools);
  return recoveryOf(await collect(recoveryQuestions(context), tools.sources, tools), context);
}
