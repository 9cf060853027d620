/**
 * The part of Grafana's dashboard model (schema version 41) that our dashboards use. Strict: what is not listed here is
 * a slip of the pen, for Grafana itself passes over a key that it does not know without a word.
 */
import { z } from 'zod';

export const DataSourceRef = z.strictObject({ type: z.enum(['prometheus', 'loki']), uid: z.string().min(1) });

const Threshold = z.strictObject({ color: z.string().min(1), value: z.number().nullable() });
/** The first step has no value: it is what is below all others. */
const Thresholds = z.strictObject({
  mode: z.literal('absolute'),
  steps: z
    .array(Threshold)
    .min(1)
    .refine(
      (steps) =>
        steps[0]?.value === null &&
        steps.every(
          ({ value }, index) => index === 0 || (value !== null && value > (steps[index - 1]?.value ?? -Infinity)),
        ),
      'steps rise, and the first has the value null',
    ),
});
const Link = z.strictObject({ title: z.string().min(1), url: z.string().min(1), targetBlank: z.boolean().optional() });
const Mapping = z.strictObject({
  type: z.literal('value'),
  options: z.record(
    z.string(),
    z.strictObject({ text: z.string().optional(), color: z.string(), index: z.number().int() }),
  ),
});
/** Units that we use, as Grafana calls them. A unit that it does not know is shown as a suffix, which looks like a typo. */
const Unit = z.enum(['none', 'short', 's', 'bytes', 'percentunit', 'reqps', 'dateTimeFromNow']);

const PrometheusTarget = z
  .strictObject({
    refId: z.string().regex(/^[A-Z]$/),
    datasource: DataSourceRef.extend({ type: z.literal('prometheus') }),
    expr: z.string().min(1),
    legendFormat: z.string(),
    editorMode: z.literal('code'),
    range: z.boolean(),
    instant: z.boolean(),
    format: z.literal('table').optional(),
  })
  .refine(({ range, instant }) => range !== instant, 'a target is either an instant query or one over a range');
const LokiTarget = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: DataSourceRef.extend({ type: z.literal('loki') }),
  expr: z.string().min(1),
  legendFormat: z.string(),
  editorMode: z.literal('code'),
  queryType: z.literal('range'),
  maxLines: z.number().int().positive().max(5_000).optional(), // Loki refuses more
});

const GridPosition = z
  .strictObject({
    x: z.number().int().nonnegative(),
    y: z.number().int().nonnegative(),
    w: z.number().int().positive(),
    h: z.number().int().positive(),
  })
  .refine(({ x, w }) => x + w <= 24, 'a row is 24 wide');
const RowPanel = z.strictObject({
  id: z.number().int().positive(),
  type: z.literal('row'),
  title: z.string().min(1),
  collapsed: z.literal(false),
  gridPos: GridPosition,
  panels: z.array(z.never()),
});
const DataPanel = z.strictObject({
  id: z.number().int().positive(),
  type: z.enum(['timeseries', 'stat', 'table', 'state-timeline', 'bargauge', 'logs']),
  title: z.string().min(1),
  /** What is read from it, and what normal is. */
  description: z.string().min(1),
  datasource: DataSourceRef,
  gridPos: GridPosition,
  targets: z.array(z.union([PrometheusTarget, LokiTarget])).min(1),
  fieldConfig: z.strictObject({
    defaults: z.strictObject({
      unit: Unit,
      min: z.number().optional(),
      max: z.number().optional(),
      decimals: z.number().int().optional(),
      thresholds: Thresholds.optional(),
      mappings: z.array(Mapping).optional(),
      links: z.array(Link).optional(),
      color: z.strictObject({ mode: z.enum(['palette-classic', 'thresholds']) }).optional(),
      custom: z.record(z.string(), z.unknown()).optional(),
    }),
    overrides: z.array(
      z.strictObject({
        matcher: z.strictObject({ id: z.literal('byName'), options: z.string() }),
        properties: z.array(z.strictObject({ id: z.string(), value: z.unknown() })).min(1),
      }),
    ),
  }),
  options: z.record(z.string(), z.unknown()),
  transformations: z
    .array(
      z.strictObject({
        id: z.enum(['organize', 'merge', 'joinByField', 'filterFieldsByName']),
        options: z.record(z.string(), z.unknown()),
      }),
    )
    .optional(),
});
export type DataPanel = z.infer<typeof DataPanel>;

/** Grafana 11 asks `expr` and `step`, some versions of 12 only the target: both are written, and say the same. */
const Annotation = z
  .strictObject({
    name: z.string().min(1),
    datasource: DataSourceRef,
    enable: z.boolean(),
    hide: z.boolean(),
    iconColor: z.string(),
    expr: z.string().min(1),
    step: z.string(),
    target: z.strictObject({ refId: z.string().min(1), expr: z.string().min(1), interval: z.string() }),
    titleFormat: z.string().min(1),
    textFormat: z.string(),
    tagKeys: z.string(),
    useValueForTime: z.boolean(),
  })
  .refine(({ expr, step, target }) => expr === target.expr && step === target.interval, 'target asks something else');
const QueryVariable = z.strictObject({
  name: z.string(),
  label: z.string().min(1),
  type: z.literal('query'),
  datasource: DataSourceRef,
  query: z.union([
    z.string(),
    z.strictObject({ label: z.string(), refId: z.string(), stream: z.string(), type: z.literal(1) }),
  ]),
  definition: z.string(),
  refresh: z.literal(2), // when the time range changes: a service that has just been started is listed
  sort: z.literal(1),
  multi: z.boolean(),
  includeAll: z.boolean(),
  allValue: z.literal('.+'), // Loki refuses a selector that could match nothing
  current: z.unknown(),
  hide: z.literal(0),
  options: z.array(z.unknown()),
  regex: z.string(),
});
const TextVariable = z.strictObject({
  name: z.string(),
  label: z.string().min(1),
  type: z.literal('textbox'),
  query: z.string(),
  current: z.unknown(),
  options: z.array(z.unknown()),
  hide: z.literal(0),
});

export const Dashboard = z.strictObject({
  uid: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()),
  schemaVersion: z.literal(41),
  version: z.literal(1),
  editable: z.boolean(),
  graphTooltip: z.literal(1), // one crosshair over all panels
  timezone: z.literal('utc'), // as reports and pages
  refresh: z.string(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  links: z.array(
    z.strictObject({
      type: z.enum(['dashboards', 'link']),
      title: z.string(),
      tags: z.array(z.string()),
      asDropdown: z.boolean(),
      includeVars: z.boolean(),
      keepTime: z.boolean(),
      targetBlank: z.boolean(),
      icon: z.string(),
      tooltip: z.string(),
      url: z.string(),
    }),
  ),
  annotations: z.strictObject({ list: z.array(Annotation) }),
  templating: z.strictObject({ list: z.array(z.discriminatedUnion('type', [QueryVariable, TextVariable])) }),
  panels: z.array(z.discriminatedUnion('type', [RowPanel, DataPanel])),
});
export type Dashboard = z.infer<typeof Dashboard>;
