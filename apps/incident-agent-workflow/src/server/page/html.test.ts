import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { chartsOf } from '../../report/charts.ts';
import { exampleComposition, exampleReport } from '../../report/example-report.test-helper.ts';
import { chartPictures } from './chart.ts';
import { html } from './html.ts';
import { incidentPage } from './incident-page.ts';

test('whatever is put into a page stays text', () => {
  assert(
    property(string(), (text) => {
      const { text: page } = html`<p title="${text}">${text}</p>`;
      expect(
        page
          .slice(3)
          .replaceAll(/<\/?p|title=/g, '')
          .match(/[<>]/g),
      ).toHaveLength(2);
    }),
  );
});

test.each([
  {
    says: 'markup is escaped',
    text: '<script>alert("x")</script>',
    shown: '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;',
  },
  { says: 'a bidi override is shown as what it is', text: 'a\u202Eb', shown: 'a⟨U+202E⟩b' },
  { says: 'an ampersand is not an entity', text: '&lt;', shown: '&amp;lt;' },
])('$says', ({ text, shown }) => {
  expect(html`${text}`.text).toBe(shown);
});

test('nested parts are kept, lists are joined, nothing is nothing', () => {
  expect(html`${[html`<b>${1}</b>`, undefined, false, null, 'x']}`.text).toBe('<b>1</b>x');
});

test('every chip of a page leads to something on it, and the anchors that mails use are there', () => {
  const report = exampleReport('code');
  const incident = {
    id: 'INC-1',
    status: 'diagnosed' as const,
    severity: 'critical' as const,
    title: '<b>down</b>',
    groupKey: 'k',
    openedAt: report.incident.openedAt,
    startedAt: report.incident.startedAt,
    alerts: [],
  };
  const page = incidentPage({ incident, report, stages: [], deliveries: [] });
  const targets = [...page.matchAll(/class="cite[^"]*" href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets.length).toBeGreaterThan(3);
  for (const id of [...targets, 'fix', 'gaps', 'E1']) expect(page).toContain(`id="${id}"`);
  expect(page).not.toContain('<b>down</b>');
});

test('an incident without a verdict loads itself again, one with a verdict stays', () => {
  const { incident } = exampleComposition('code');
  const view = { incident, stages: [], deliveries: [] };
  expect(incidentPage({ ...view, report: undefined })).toContain('<meta http-equiv="refresh"');
  expect(incidentPage({ ...view, report: exampleReport('code') })).not.toContain('http-equiv="refresh"');
});

test('a diff is numbered on both sides, by its own hunk headers', () => {
  const { incident } = exampleComposition('code');
  const page = incidentPage({ incident, report: exampleReport('code'), stages: [], deliveries: [] });
  expect(page).toContain(
    '<div class="row del"><span class="ln">13</span><span class="ln"></span><span class="s">−   itemsCollection',
  );
  expect(page).toContain(
    '<div class="row add"><span class="ln"></span><span class="ln">13</span><span class="s">+   collections: {',
  );
});

test('a chart leaves holes open and says in words what it shows', () => {
  const [chart] = chartsOf(exampleReport('code'));
  const from = Date.parse('2026-11-12T10:00:00.000Z');
  const points = [1, 2, null, 3].map((value, index) => ({ at: new Date(from + index * 1_000).toISOString(), value }));
  const ends = { from: points[0]!.at, to: points[3]!.at };
  const { text } = chartPictures({ ...chart!, ...ends, points, sentence: 'a "rise"', markers: [] });
  expect(text.match(/<path class="l" d="M[^M"]*"/g)).toHaveLength(4); // two strokes, in two sizes
  expect(text).toContain('aria-label="a &quot;rise&quot;"');
});

test('what a model adds has a place of its own, escaped, and is not there without one', () => {
  const report = exampleReport('code');
  if (!report.investigation) throw new Error('the example has an investigation');
  const claim = { text: 'It says `<img src=x>`.', cites: ['E2'] };
  const edit = { path: 'src/a.ts', search: '<i>', replace: '</i>' };
  const disagreement = { engine: 'A.', model: 'B.', decides: 'E2', cites: ['E3'] };
  const said = {
    summary: null,
    claims: [claim],
    disagreements: [disagreement],
    openQuestions: [],
    edits: [edit],
    dropped: [],
    asked: 0,
    refused: 0,
  };
  const { incident } = exampleComposition('code');
  const view = { incident, stages: [], deliveries: [] };
  const page = incidentPage({ ...view, report: { ...report, investigation: { ...report.investigation, said } } });
  expect(page).toContain('What the model adds');
  expect(page).toContain('The engine says: A. The model says: B. E2 decides.');
  expect(page).not.toMatch(/<img src=x>|<i>/);
  expect(incidentPage({ ...view, report })).not.toContain('What the model adds');
});
