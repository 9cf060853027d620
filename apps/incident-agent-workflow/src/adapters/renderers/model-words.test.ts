/** What a model adds reads as the model's in every format, and is escaped like everybody's text. */
import { expect, test } from 'vitest';
import type { ModelSaid } from '../../domain/model-said.ts';
import type { Report } from '../../domain/report.ts';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { agentSections } from './agent-sections.ts';
import { markdownRenderer } from './markdown.ts';
import { questionRows } from './record-sections.ts';

const SAID: ModelSaid = {
  summary: { text: 'mongo-api-service fails since 10:42:10.', cites: ['E2'] },
  claims: [{ text: 'The log says `<b>boom</b>`.', cites: ['E3'] }],
  disagreements: [{ engine: 'A broke B (80 %).', model: 'C broke B (6 %).', decides: 'E5', cites: ['E3'] }],
  openQuestions: [{ text: 'Could it be disk-full of the service itself?', cites: ['E3'], confidence: 0.6 }],
  edits: [{ path: 'src/items.ts', search: 'a.b', replace: 'a?.b' }],
  dropped: [],
  asked: 1,
  refused: 0,
};

function withModel(): Report {
  const report = exampleReport('code');
  if (!report.triage) throw new Error('the example has a triage');
  return { ...report, triage: { ...report.triage, said: SAID } };
}

test('each kind has a label of its own, after what the agent found without a model', () => {
  const [triage] = agentSections(withModel());
  const labels = triage?.rows.map(({ label }) => label) ?? [];
  expect(labels.slice(-3)).toEqual(['Model, in short', 'Model', 'Edit proposed by the model']);
  expect(agentSections(exampleReport('code'))[0]?.rows.map(({ label }) => label)).toEqual(labels.slice(0, -3));
});

test('where it disagrees and what it asks stands in a section of its own', () => {
  expect(questionRows(withModel()).map(({ label }) => label)).toEqual(['The model disagrees', 'The model asks']);
  expect(questionRows(exampleReport('code'))).toEqual([]);
});

test('Markdown tells both sides and what decides', async () => {
  const text = new TextDecoder().decode(await markdownRenderer().render(withModel()));
  expect(text).toContain('The engine says: A broke B (80 %). The model says: C broke B (6 %). E5 decides.');
  expect(text).toContain('Could it be disk-full of the service itself? (the model: 60 %; the engine does not list it)');
  expect(text).not.toContain('<b>boom');
});
