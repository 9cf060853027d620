/** Grafana is not at hand here: what it would stumble over or pass over in silence is looked for instead. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SERVICES_DASHBOARD_UID } from '../../apps/incident-agent-workflow/src/report/dashboard-url.ts';
import { dataPanels, queriesOf } from './dashboard-queries.ts';
import { dashboards, yamlFile } from './files.ts';
import { readLogql } from './logql.ts';
import { shippedStreams } from './shipping.ts';

const DASHBOARDS = dashboards();
const DataSources = z.strictObject({
  apiVersion: z.literal(1),
  datasources: z.array(
    z.strictObject({
      name: z.string(),
      uid: z.string(),
      type: z.enum(['prometheus', 'loki', 'alertmanager']),
      access: z.literal('proxy'),
      url: z.url(),
      isDefault: z.boolean().optional(),
      editable: z.boolean(),
      jsonData: z.record(z.string(), z.unknown()),
    }),
  ),
});
const { datasources } = yamlFile('grafana/provisioning/datasources/datasources.yml', DataSources);

test('three dashboards, each with a uid and a title of its own', () => {
  expect(DASHBOARDS.map(({ file }) => file)).toEqual(['incidents.json', 'logs.json', 'services.json']);
  expect(new Set(DASHBOARDS.map(({ dashboard }) => dashboard.uid)).size).toBe(3);
  expect(new Set(DASHBOARDS.map(({ dashboard }) => dashboard.title)).size).toBe(3);
});

test('the data sources are Prometheus, Loki and Alertmanager, and one of them is the default', () => {
  expect(datasources.map(({ type }) => type)).toEqual(['prometheus', 'loki', 'alertmanager']);
  expect(datasources.filter(({ isDefault }) => isDefault)).toHaveLength(1);
});

describe.each(DASHBOARDS)('$file', (named) => {
  const { dashboard } = named;
  const panels = dataPanels(dashboard);

  test('every data source that it names is provisioned, with that type', () => {
    const known = new Set(datasources.map(({ uid, type }) => `${type} ${uid}`));
    const used = [
      ...panels.flatMap(({ datasource, targets }) => [datasource, ...targets.map((target) => target.datasource)]),
      ...dashboard.annotations.list.map(({ datasource }) => datasource),
      ...dashboard.templating.list.flatMap((variable) => (variable.type === 'query' ? [variable.datasource] : [])),
    ].map(({ uid, type }) => `${type} ${uid}`);
    expect(used.length).toBeGreaterThan(10);
    expect([...new Set(used)].filter((one) => !known.has(one))).toEqual([]);
  });
  test('panels have ids of their own, and so have the targets of a panel', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { targets } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });
  test('no panel lies on another', () => {
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(`${title} on ${taken.get(`${x} ${y}`) ?? 'nothing'}`).toBe(`${title} on nothing`);
          taken.set(`${x} ${y}`, title);
        }
  });
  test('every variable that it names exists', () => {
    expect(queriesOf(named).length).toBeGreaterThan(panels.length);
  });
  test('it leads to the other dashboards and to the incidents, whose regions open their pages', () => {
    expect(dashboard.tags).toContain('incident-agent');
    expect(dashboard.links.map(({ type, tags, url }) => `${type} ${tags.join(',')}${url}`)).toEqual([
      'dashboards incident-agent',
      'link http://localhost:9100/',
    ]);
    const [incidents] = dashboard.annotations.list;
    expect(incidents?.expr).toMatch(/^incident_agent_incident_opened_timestamp_seconds/);
    expect(incidents?.textFormat).toContain('<a href="{{url}}"');
  });
  test('links lead to dashboards that exist', () => {
    const uids = new Set(DASHBOARDS.map((one) => one.dashboard.uid));
    const linked = panels
      .flatMap(({ fieldConfig }) => fieldConfig.defaults.links ?? [])
      .flatMap(({ url }) => /^\/d\/([\w-]+)/.exec(url)?.[1] ?? []);
    expect(linked.filter((uid) => !uids.has(uid))).toEqual([]);
  });
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: they are Grafana's, which fills them in for each row
const LINK = { title: 'Open ${__value.text}', url: '${__data.fields.url}', targetBlank: true };
test('the tables of open incidents link to the pages by the label that the agent gives', () => {
  const tables = DASHBOARDS.flatMap(({ dashboard }) => dataPanels(dashboard)).filter(
    ({ title }) => title === 'Open incidents',
  );
  const links = tables.flatMap(({ fieldConfig }) => fieldConfig.overrides.flatMap(({ properties }) => properties));
  expect(links.filter(({ id }) => id === 'links').map(({ value }) => value)).toEqual([[LINK], [LINK]]);
});

test('reports link to the services dashboard by its uid', () => {
  const services = DASHBOARDS.find(({ file }) => file === 'services.json');
  expect(services?.dashboard.uid).toBe(SERVICES_DASHBOARD_UID);
  expect(services?.dashboard.templating.list.map(({ name }) => name)).toContain('service');
});

test('log panels select by labels that Promtail gives, and each selects a stream', () => {
  const logql = DASHBOARDS.flatMap((named) => queriesOf(named)).filter(({ language }) => language === 'logql');
  const streams = shippedStreams();
  const labels = new Set([...streams.flatMap((stream) => Object.keys(stream)), 'filename', 'detected_level']);
  expect(logql.length).toBeGreaterThan(8);
  for (const { place, expression } of logql) {
    const selection = readLogql(expression);
    expect(
      selection.labels.filter((label) => !labels.has(label)),
      place,
    ).toEqual([]);
    expect(streams.filter((stream) => selection.selects(stream)).length, place).toBeGreaterThan(0);
  }
});
