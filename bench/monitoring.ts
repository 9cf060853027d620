/** What of monitoring/ was checked: expressions by their parsers, dashboards against a system that runs and fails. */

import { startFailingSystem } from '../test/failing-system.ts';
import { everyExpression } from '../test/monitoring/expressions.ts';
import { lookAtDashboards, withoutData } from '../test/monitoring/live-dashboards.ts';
import { refused } from '../test/monitoring/parsers.ts';
import { missingPrograms } from '../test/programs.ts';
import { type Bench, figure } from './figures.ts';

export const monitoring: Bench = async ({ scratch, signal, say }) => {
  const missing = missingPrograms('prometheus', 'promtool', 'prometheus-alertmanager');
  if (missing !== undefined) throw new Error(missing);
  const expressions = everyExpression();
  const mistakes = refused(expressions);
  for (const mistake of mistakes) say(mistake);
  const counted = (language: string): number => expressions.filter((one) => one.language === language).length;

  say('services, Prometheus, Alertmanager, agent and notifier start; one service fails');
  const system = await startFailingSystem({ scratch, signal });
  try {
    const look = await lookAtDashboards(system);
    for (const empty of withoutData(look)) say(`no data: ${empty}`);
    const panels = Map.groupBy(look.queries, ({ file, panel }) => `${file} ${panel}`);
    const filled = [...panels.values()].filter((queries) => queries.every(({ hasData }) => hasData));
    return [
      figure('promql_expressions', counted('promql'), 'expressions'),
      figure('logql_expressions', counted('logql'), 'expressions'),
      figure('expressions_refused', mistakes.length, 'expressions', { atMost: 0 }),
      figure('dashboard_panels', panels.size, 'panels, annotations and variables'),
      figure('dashboard_panels_with_data', filled.length, 'of them', { atLeast: panels.size }),
      figure('dashboard_queries', look.queries.length, 'queries'),
      figure('dashboard_queries_with_data', look.queries.length - withoutData(look).length, 'queries', {
        atLeast: look.queries.length,
      }),
    ];
  } finally {
    await system.stop();
  }
};
