/** How questions are put. */
import type { Question } from '../domain/question.ts';
import type { Service } from '../domain/service.ts';
import { secondsBetween } from '../lib/time.ts';
import type { AnalysisContext } from './context.ts';

/** A chart shows at most 600 points; a 60-minute window at 15 s has 240. */
const POINTS_PER_WINDOW = 240;
const MIN_STEP_SECONDS = 5;

/** What tells whether another service is alive (is it scraped, does it answer), and what else could be asked about it. */
export function neighbourQuestions(context: AnalysisContext, neighbour: Service): Question[] {
  return [
    metricQuestion(context, neighbour, 'up'),
    { kind: 'probe', service: neighbour, of: 'health' },
    { kind: 'metric-names', service: neighbour, ...context.window },
  ];
}

export function metricQuestion(context: AnalysisContext, service: Service, metric: string): Question {
  const windowSeconds = secondsBetween(context.window.from, context.window.to);
  const stepSeconds = Math.max(MIN_STEP_SECONDS, Math.ceil(windowSeconds / POINTS_PER_WINDOW / 5) * 5);
  return { kind: 'metric', service, metric, labels: {}, ...context.window, stepSeconds };
}
