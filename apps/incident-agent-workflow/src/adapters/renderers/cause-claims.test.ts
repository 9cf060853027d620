import { expect, test } from 'vitest';
import { exampleReport } from '../../report/example-report.test-helper.ts';
import { causeClaims } from './cause-claims.ts';

const report = exampleReport('code');
const claim = { text: 'Commit a41f9c2 wrote the line that fails.', cites: ['E5'] };
const [evidence] = report.evidence;

function texts(all: readonly string[]) {
  return all.map((text) => ({ ...claim, text }));
}

function causeWith(said: { support?: string[]; claims: string[] }, shown: readonly string[] = []) {
  const { verdict, investigation } = report;
  if (!investigation) throw new Error('the example has an investigation');
  const known = {
    ...report,
    code: null,
    verdict: { ...verdict, support: texts(said.support ?? []) },
    investigation: { ...investigation, claims: texts(said.claims) },
  };
  return causeClaims(known, new Set(shown)).map(({ text }) => text);
}

test.each([
  { says: 'in the summary', support: [claim.text] },
  { says: 'in the summary, behind a few words', support: [`Strongest so far, at 37 %: ${claim.text}`] },
])('what was said $says is not said again under the cause', ({ support }) => {
  expect(causeWith({ support, claims: [claim.text, 'Something else.'] })).toEqual(['Something else.']);
});

test('what is the title of evidence that is shown right below is left to it; of other evidence it is said', () => {
  const said = { claims: [`${evidence?.title}.`] };
  expect(causeWith(said, [evidence?.id ?? ''])).toEqual([]);
  expect(causeWith(said)).toEqual(said.claims);
});
