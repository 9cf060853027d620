/** Nobody could read a log: each answer with lines in it is a gap. */
import type { Ablation } from './ablation.ts';

export const logs: Ablation = {
  name: 'logs',
  change: ({ question, answer }) => {
    const { logLines, ...telemetry } = answer.telemetry;
    if (!logLines) return answer;
    const gap = {
      source: answer.source,
      query: answer.query,
      reason: 'unreachable' as const,
      detail: 'taken away to see what is known without it',
      unknown: `the log of ${question.service.name}`,
    };
    return { ...answer, telemetry, gaps: [...answer.gaps, gap] };
  },
};
