/** What a replay says and how it ends; the analysis itself is tried in replay-run.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleContent } from '../adapters/bundles/bundle.test-helper.ts';
import { readBundle, writeBundle } from '../adapters/bundles/bundle-file.ts';
import { jsonRenderer } from '../adapters/renderers/json.ts';
import { openBundle } from '../adapters/sources/bundled.ts';
import { sha256 } from '../adapters/system/clock.ts';
import { replay } from './replay.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function replayed(report?: unknown, agentVersion = '0.1.0') {
  const path = join(folder, 'x.tar.gz');
  writeFileSync(path, await writeBundle(bundleContent({ report })));
  const clock = { milliseconds: () => 0 };
  const outcome = await replay({
    path,
    readBundle,
    openBundle,
    renderer: jsonRenderer(),
    clock,
    digest: sha256,
    agentVersion,
  });
  return { ...outcome, report: JSON.parse(Buffer.from(outcome.output).toString('utf8')) as Record<string, unknown> };
}

test('without a report in the bundle there is nothing to compare with, and the time is that of the run', async () => {
  const { lines, exitCode, report } = await replayed();
  expect({ lines, exitCode }).toEqual({
    exitCode: 0,
    lines: ['INC-7, run 3FA9C21B, replayed in 0 ms: the bundle holds no report to compare with'],
  });
  expect(report).toMatchObject({ generatedAt: '2026-03-01T12:00:00.000Z', model: 'off (replay)' });
});

test('the places that differ are named with what was and what is, the first twenty of them', async () => {
  const { report } = await replayed();
  expect(await replayed(report)).toMatchObject({ exitCode: 0 });
  const verdict = { ...(report.verdict as object), confidence: 0.9 };
  const { lines, exitCode } = await replayed({ ...report, verdict, more: 1 });
  expect({ lines, exitCode }).toEqual({
    exitCode: 3,
    lines: [
      'INC-7, run 3FA9C21B, replayed in 0 ms: differs from the report in the bundle in 2 places',
      '  more: 1 → nothing',
      '  verdict.confidence: 0.9 → null',
    ],
  });
  const foreign = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`field${index}`, index]));
  const { lines: many } = await replayed({ ...report, ...foreign });
  expect(many.slice(1)).toHaveLength(21);
  expect(many.at(-1)).toBe('  … and 10 more');
});

test('a bundle of another version of the agent is replayed, and it is said', async () => {
  const { lines } = await replayed(undefined, '0.2.0');
  expect(lines).toContain('It was recorded by agent 0.1.0; this is 0.2.0.');
});
