import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Evidence } from '../apps/incident-agent-workflow/src/domain/evidence.ts';
import { CASES, exampleReport } from '../apps/incident-agent-workflow/src/report/example-report.test-helper.ts';
import { reportSchema } from './report-schema.ts';

const FILE = join(import.meta.dirname, '..', 'docs', 'incident-report.schema.json');

test('docs/incident-report.schema.json is that of the code; `npm run schema` writes it anew', () => {
  expect(readFileSync(FILE, 'utf8')).toBe(reportSchema());
});

test('read back, the published schema takes our reports and refuses others', () => {
  const published = z.fromJSONSchema(JSON.parse(readFileSync(FILE, 'utf8')));
  for (const name of CASES) expect(published.safeParse(exampleReport(name)).error).toBeUndefined();
  const { verdict: _, ...without } = exampleReport('code');
  expect(published.safeParse(without).success).toBe(false);
  expect(published.safeParse({ ...exampleReport('code'), schema: 'incident-report/2' }).success).toBe(false);
});

test('whatever is called evidence has a definition of its own', () => {
  const { $defs } = JSON.parse(reportSchema());
  const kinds = Object.keys($defs).filter((name) => name.endsWith('Evidence'));
  expect(kinds.toSorted()).toEqual(Evidence.options.map(({ shape }) => nameOf(shape.kind.value)).toSorted());
});

function nameOf(kind: string): string {
  const words = kind.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join('').replace(/s$/, kind === 'logs' ? '' : 's')}Evidence`;
}
