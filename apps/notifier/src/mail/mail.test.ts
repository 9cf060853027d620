import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '../ports.ts';
import { course, incident, message, now, report } from '../testing/messages.ts';
import { mailHtml } from './html.ts';
import { mailText } from './text.ts';
import { mailView, subjectOf } from './view.ts';

test.each([
  {
    says: 'names severity, service, symptom and id',
    changes: { incident },
    subject: '[Critical] checkout: 38 % of requests fail (INC-147)',
  },
  {
    says: 'does not repeat the service',
    changes: { incident: { ...incident, title: 'checkout: slow' } },
    subject: '[Critical] checkout: slow (INC-147)',
  },
  {
    says: 'stays the same when the incident is resolved',
    changes: { incident, kind: 'resolved' as const },
    subject: '[Critical] checkout: 38 % of requests fail (INC-147)',
  },
  { says: 'needs no incident', changes: {}, subject: '[Alert] checkout answers 5xx (Service5xxErrors)' },
  {
    says: 'follows the earlier mail, whatever has changed since',
    changes: {
      incident: { ...incident, severity: 'info' as const },
      earlier: {
        channel: 'email' as const,
        idempotency_key: 'k',
        sent_at: now,
        subject: '[Critical] checkout: x (INC-147)',
      },
    },
    subject: '[Critical] checkout: x (INC-147)',
  },
  {
    says: 'is one line, whatever the fields hold',
    changes: { service: 'a\r\nBcc: b@c.d', alertname: 'x\ny' },
    subject: '[Alert] a Bcc: b@c.d: checkout answers 5xx (x y)',
  },
] satisfies { says: string; changes: Partial<Message>; subject: string }[])(
  'the subject $says',
  ({ changes, subject }) => {
    expect(subjectOf(message(changes))).toBe(subject);
  },
);

test('both parts say the same: verdict with its word, facts, actions, analysis, what was ruled out and not seen', () => {
  const view = mailView(message({ incident, report }), now);
  const html = mailHtml(view)
    .replace(/<[^>]+>/gu, ' ')
    .replace(/(&nbsp;|\s)+/gu, ' ');
  const text = mailText(view).replace(/\s+/gu, ' ');
  for (const part of [html, text]) {
    for (const words of [
      'likely broke GET /items',
      '38 % of requests',
      'about 2,740 failed',
      '1,204 log lines',
      'git revert --no-edit a41f9c2',
      'Errors began with the last deploy.',
      'MongoDB is healthy',
      'Loki timed out twice',
      'Service5xxErrors',
      'INC-147',
      '10:42:10 UTC',
      '6 min before this mail',
    ])
      expect(part).toContain(words);
    expect(part).toMatch(/likely, 87 %/iu);
  }
});

test('what the verdict has said is not said again under the analysis', () => {
  const { verdict, support } = report;
  const analysis = `${verdict.sentence}\n\n${support[0]}\n\nThe fix is tried.`;
  expect(mailView(message({ incident, report, analysis }), now).analysis).toEqual(['The fix is tried.']);
  const nothingNew = mailView(message({ incident, report, analysis: verdict.sentence }), now);
  expect(mailText(nothingNew)).not.toContain('ANALYSIS');
  expect(mailHtml(nothingNew)).not.toContain('Analysis');
});

test('citations and the button lead into the incident page, with its run', () => {
  const html = mailHtml(mailView(message({ incident, report }), now));
  expect(html).toContain('href="https://incidents.example.com/incidents/INC-147?run=3FA9C21B#E4"');
  expect(html).toContain('href="https://incidents.example.com/incidents/INC-147?run=3FA9C21B#G1"');
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'not an address'])('%s becomes no link', (url) => {
  const html = mailHtml(mailView(message({ incident: { ...incident, url }, report: { ...report, actions: [] } }), now));
  expect(html).not.toContain('href=');
});

test('an unknown cause is said as such, without a number', () => {
  const verdict = { word: 'Not established', sentence: 'No cause found.', confidence: null };
  const text = mailText(mailView(message({ incident, report: { ...report, verdict } }), now));
  expect(text).toContain('WHY: NOT ESTABLISHED\nNo cause found.');
});

test('an instant that cannot be read is shown as it came, and costs nothing else', () => {
  const text = mailText(mailView(message({ incident: { ...incident, started_at: 'yesterday' } }), now));
  expect(text).toContain('SINCE  yesterday');
});

test('very long lists and texts are cut, and the mail says so', () => {
  const long = { ...report, ruled_out: Array.from({ length: 20 }, (_, index) => `cause ${index}`) };
  const text = mailText(mailView(message({ report: long, analysis: 'x '.repeat(50_000) }), now));
  expect(text).toContain('12 more causes in the report.');
  expect(text.length).toBeLessThan(12_000);
});

test('no value becomes markup, and no link is made of one outside the actions', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      '<script>',
      '"',
      "'",
      '>',
      '&',
      '`',
      '[E1]',
      '\r\n',
      '\0',
      '\u202E',
      'http://evil.example/',
      'onload=',
      '<!--',
      'é',
    ),
  });
  fc.assert(
    fc.property(hostile, (value) => {
      const text = `x${value}`;
      const html = mailHtml(
        mailView(
          message({
            service: text,
            alertname: text,
            summary: text,
            analysis: text,
            incident: { ...incident, id: text, title: text, status: text, url: text, started_at: text },
            report: {
              verdict: { ...report.verdict, word: text, sentence: text },
              facts: [{ label: text, value: text, detail: text }],
              support: [text],
              actions: [],
              ruled_out: [text],
              not_seen: [text],
              courses: [
                {
                  ...course,
                  title: text,
                  sentence: text,
                  from: text,
                  to: text,
                  onset: text,
                  highest: text,
                  last: text,
                },
              ],
            },
            pdf_url: `javascript:${text}`,
          }),
          now,
        ),
      );
      const tags = [...html.matchAll(/<\/?([a-z0-9!-]+)/giu)].map((match) => match[1]);
      const ours = new Set([
        '!doctype',
        'html',
        'head',
        'meta',
        'title',
        'style',
        'body',
        'div',
        'table',
        'tr',
        'td',
        'b',
        'span',
        'h1',
        'h2',
        'p',
        'br',
        'tbody',
        'wbr',
      ]);
      expect(tags.filter((tag) => tag === undefined || !ours.has(tag))).toEqual([]);
      const attributes = [...html.matchAll(/<[a-z0-9]+((?: [^<>]*)?)>/gu)].map((match) => match[1]).join('');
      // What is said to who cannot see the picture is an attribute by its nature, and ends where it should.
      expect(attributes.replaceAll(/ aria-label="[^"]*"/gu, '')).not.toMatch(/onload|evil|\uFFFD/u);
    }),
  );
});

test('the plain part has no line over 76 columns but where a word is longer', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength: 20 })), (words) => {
      const text = mailText(mailView(message({ report: { ...report, support: [`x ${words.join(' ')}`] } }), now));
      expect(text.split('\n').filter((line) => line.length > 76)).toEqual([]);
    }),
  );
});
