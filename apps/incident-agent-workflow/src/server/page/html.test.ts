import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { html } from './html.ts';
import { incidentPage } from './incident-page.ts';

test('whatever is put into a page stays text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
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
