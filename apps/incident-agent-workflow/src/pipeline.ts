/**
 * The whole response to an incident, readable top to bottom: what is looked at, who concludes what, when a report
 * goes out, and what stands when a stage fails. Retries, timing, the journal and the log live behind `stages.run`.
 */
import * as codeAnalysis from './agents/code-analysis.ts';
import * as investigation from './agents/investigation.ts';
import { quickAnalysis } from './agents/quick-analysis.ts';
import { chooseRoute } from './agents/route.ts';
import * as triage from './agents/triage.ts';
import { analyze } from './analyze/analyze.ts';
import { type AnalysisContext, analysisContext, nothingSeen } from './analyze/context.ts';
import { leads, openingQuestions } from './analyze/questions.ts';
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
import type { Observation } from './domain/telemetry.ts';
import type { ResponseTools } from './ports.ts';
import { composeReport } from './report/compose.ts';
import { startStages } from './stages.ts';
import { verifyFacts, verifyFindings } from './verify/findings.ts';

/** Rounds of further questions; each is asked of what the earlier ones brought. */
const LEAD_ROUNDS = 3;

/** Investigates once and always ends in a published report. Throws only when stopped, or when a newer attempt has the run. */
export async function respond(incident: Incident, run: Run, tools: ResponseTools): Promise<Report> {
  const stages = startStages(run, tools);
  const context = analysisContext(incident, run, tools);

  const facts = await stages.run({
    name: 'look',
    work: () => look(context, tools),
    fallback: () => nothingSeen(context),
    parse: (stored) => Facts.parse(stored),
    summary: ({ evidence, gaps }) => `evidence=${evidence.length} gaps=${gaps.length}`,
  });
  const findings: Findings = {};
  findings.quick = await stages.run({
    name: 'quick',
    title: 'Quick analysis',
    work: () => quickAnalysis(facts),
    fallback: () => ({ claims: [], checkFirst: [] }),
    parse: (stored) => QuickFinding.parse(stored),
  });
  findings.route = await stages.run({
    name: 'route',
    title: 'Routing',
    work: () => chooseRoute(facts, run.forcedRoute),
    fallback: () => ({ route: 'quick', reason: 'routing failed' }),
    parse: (stored) => RouteChoice.parse(stored),
    summary: ({ route, reason }) => `route=${route} (${reason})`,
  });
  // Each agent gets what the one before it concluded; one that fails hands on nothing and breaks nothing.
  findings.triage = await stages.run({
    ...triage.agent,
    ...agentStage(() => triage.agent.conclude(facts, findings), TriageFinding),
  });
  findings.investigation = await stages.run({
    ...investigation.agent,
    ...agentStage(() => investigation.agent.conclude(facts, findings), InvestigationFinding),
  });
  findings.code = await stages.run({
    ...codeAnalysis.agent,
    ...agentStage(() => codeAnalysis.agent.conclude(facts, findings), CodeFinding),
  });

  return stages.run({
    name: 'report v1',
    title: 'Report',
    work: () => publish(1),
    parse: (stored) => Report.parse(stored),
    summary: ({ verdict }) => `verdict=${verdict.status} confidence=${verdict.confidence ?? 'none'}`,
  });

  function compose(version: number, generatedAt: string): Report {
    const names = tools.registry.services.map((service) => service.name);
    const checkedFacts = verifyFacts(facts, names);
    const checkedFindings = verifyFindings(findings, facts, names);
    return composeReport({
      incident,
      run,
      facts: checkedFacts.facts,
      findings: checkedFindings.findings,
      checked: [...checkedFacts.checked, ...checkedFindings.checked],
      notes: stages.notes,
      version,
      generatedAt,
      model: tools.modelNote,
      urls: tools.urls(incident.id, run.pipelineId),
      versions: tools.versions,
    });
  }
  async function publish(version: number): Promise<Report> {
    const report = compose(version, tools.clock.now());
    await tools.publish(report);
    return report;
  }
}

/** Looks wide, follows the leads, looks deep; what was seen and what could not be seen becomes numbered facts. */
async function look(context: AnalysisContext, tools: ResponseTools): Promise<Facts> {
  const ask = (questions: ReturnType<typeof leads>): Promise<Observation[]> => collect(questions, tools.sources, tools);
  let seen = await ask(openingQuestions(context));
  for (let round = 0; round < LEAD_ROUNDS; round += 1) {
    const further = leads(seen, context);
    if (further.length === 0) break;
    seen = [...seen, ...(await ask(further))];
  }
  tools.keepObservations(seen);
  return analyze(seen, context);
}

/** Whether what the sender calls over, or has fallen silent about, is over. Starts no investigation. */
export async function settle(incident: Incident, tools: ResponseTools): Promise<Recovery> {
  const context = analysisContext(incident, { createdAt: tools.clock.now() }, tools);
  return recoveryOf(await collect(recoveryQuestions(context), tools.sources, tools), context);
}
