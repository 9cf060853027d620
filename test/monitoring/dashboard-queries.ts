/** Every query of a dashboard, with its variables filled in as Grafana does when everything is chosen. */
import type { Dashboard, DataPanel } from './dashboard-schema.ts';
import type { NamedDashboard } from './files.ts';

export interface DashboardQuery {
  /** `services.json: Requests A` */
  readonly place: string;
  readonly file: string;
  readonly panel: string;
  readonly language: 'promql' | 'logql';
  readonly isInstant: boolean;
  readonly expression: string;
}

/** What stands for Grafana's own variables; the window must hold a few scrapes. */
export interface Windows {
  /** `$__rate_interval`, `$__auto` */
  readonly interval: string;
  /** `$__range` */
  readonly range: string;
}
const USUAL: Windows = { interval: '1m', range: '1h' };

export function dataPanels({ panels }: Dashboard): DataPanel[] {
  return panels.filter((panel) => panel.type !== 'row');
}

/** Of panels, annotations and variables. Throws where an expression names a variable that does not exist. */
export function queriesOf(named: NamedDashboard, windows: Windows = USUAL): DashboardQuery[] {
  const { file, dashboard } = named;
  const fill = (expression: string): string => filled(expression, dashboard, windows, file);
  const ofPanels = dataPanels(dashboard).flatMap(({ title, targets }) =>
    targets.map(
      (target): DashboardQuery => ({
        place: `${file}: ${title} ${target.refId}`,
        file,
        panel: title,
        language: target.datasource.type === 'loki' ? 'logql' : 'promql',
        isInstant: 'instant' in target && target.instant,
        expression: fill(target.expr),
      }),
    ),
  );
  const ofAnnotations = dashboard.annotations.list.map(
    ({ name, expr }): DashboardQuery => ({
      place: `${file}: annotation ${name}`,
      file,
      panel: `annotation ${name}`,
      language: 'promql',
      isInstant: false,
      expression: fill(expr),
    }),
  );
  return [...ofPanels, ...ofAnnotations, ...variableQueries(file, dashboard)];
}

/** `label_values(up{…}, service)` asks for the series `up{…}`. */
function variableQueries(file: string, { templating }: Dashboard): DashboardQuery[] {
  return templating.list.flatMap((variable) => {
    if (variable.type !== 'query') return [];
    const { query } = variable;
    const expression = typeof query === 'string' ? /^label_values\((.+), \w+\)$/.exec(query)?.[1] : query.stream;
    if (expression === undefined) throw new Error(`${file}: the query of $${variable.name} is not understood`);
    const panel = `variable ${variable.name}`;
    const language = typeof query === 'string' ? 'promql' : 'logql';
    return [{ place: `${file}: ${panel}`, file, panel, language, isInstant: true, expression }];
  });
}

function filled(expression: string, { templating }: Dashboard, windows: Windows, file: string): string {
  const values = new Map<string, string>([
    ['__rate_interval', windows.interval],
    ['__auto', windows.interval],
    ['__range', windows.range],
    ...templating.list.map(({ name, type }) => [name, type === 'textbox' ? '' : '.+'] as const),
  ]);
  return expression.replaceAll(/\$(\w+)/g, (_match, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${file}: $${name} is no variable of this dashboard, in ${expression}`);
    return value;
  });
}
