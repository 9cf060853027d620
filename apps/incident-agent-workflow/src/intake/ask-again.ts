/** One more investigation of an incident, because a person wants it. */
import { isUnderWay, type Route, type Run } from '../domain/incident.ts';
import type { Chance, Clock, UnitOfWork } from '../ports.ts';

export type AskedAgain =
  | { readonly state: 'queued'; readonly run: Pick<Run, 'id' | 'pipelineId'> }
  | { readonly state: 'unknown-incident' }
  /** Its result is awaited: another one at the same time would say the same. */
  | { readonly state: 'under-way'; readonly pipelineId: string };

/** Before all that alerts have asked for: somebody waits. */
const PRIORITY = 3;

/** Run and job are durable when it resolves. Throws AgentError 'unreachable' when the store is away. */
export function askAgain(
  incidentId: string,
  route: Route | undefined,
  { unitOfWork, clock, chance }: { readonly unitOfWork: UnitOfWork; readonly clock: Clock; readonly chance: Chance },
): Promise<AskedAgain> {
  return unitOfWork.transaction(async ({ incidents, runs, queue }) => {
    // Two who ask at once get one run between them.
    await incidents.lockIntake();
    if (!(await incidents.get(incidentId))) return { state: 'unknown-incident' };
    const waiting = (await runs.ofIncident(incidentId)).find(isUnderWay);
    if (waiting) return { state: 'under-way', pipelineId: waiting.pipelineId };
    const run = { id: chance.uuid(), pipelineId: chance.pipelineId() };
    await runs.create({
      ...run,
      incidentId,
      reason: 'manual',
      createdAt: clock.now(),
      ...(route ? { forcedRoute: route } : {}),
    });
    await queue.enqueueRuns([{ runId: run.id, priority: PRIORITY }]);
    return { state: 'queued', run };
  });
}
