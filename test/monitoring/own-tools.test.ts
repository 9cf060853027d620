/** The files under monitoring/ as Prometheus' and Alertmanager's own tools see them. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from '../../apps/incident-agent-workflow/src/monitor/rules.ts';
import { missingPrograms, ran } from '../programs.ts';
import { MONITORING } from './files.ts';

test.for([
  { says: 'the alert rules are valid', program: 'promtool', commandLine: ['check', 'rules', 'alert-rules.yml'] },
  { says: 'the configuration is valid', program: 'promtool', commandLine: ['check', 'config', 'prometheus.yml'] },
  {
    says: 'each alert fires when it should',
    program: 'promtool',
    commandLine: ['test', 'rules', 'alert-rules.test.yml'],
  },
  { says: 'Alertmanager takes its file', program: 'amtool', commandLine: ['check-config', 'alertmanager.yml'] },
] as const)('$says', ({ program, commandLine }, { skip }) => {
  const missing = missingPrograms(program);
  if (missing !== undefined) skip(missing);
  const { output, isContent } = ran(program, commandLine, MONITORING);
  expect(isContent ? '' : output).toBe('');
});

test('the rule tests fail when a rule is broken', ({ skip }) => {
  const missing = missingPrograms('promtool');
  if (missing !== undefined) skip(missing);
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    cpSync(MONITORING, folder, { recursive: true });
    const written = readFileSync(join(folder, 'alert-rules.yml'), 'utf8');
    writeFileSync(join(folder, 'alert-rules.yml'), written.replace('status="5xx"', 'status="500"'));
    expect(ran('promtool', ['test', 'rules', 'alert-rules.test.yml'], folder).isContent).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the monitor of the agent has the same rules, so that it does not matter who watches', () => {
  const text = readFileSync(join(MONITORING, 'alert-rules.yml'), 'utf8');
  const written = [
    ...text.matchAll(
      /- alert: (\w+)\n +expr: (.+)\n +for: (\d+)s\n +labels:\n +workflow: incident-agent\n +severity: (\w+)/g,
    ),
  ].map(([, name, expression, seconds, severity]) => ({ name, expression, forSeconds: Number(seconds), severity }));
  expect(written).toHaveLength(text.split('- alert:').length - 1);
  expect(
    rules.map(({ name, expression, forSeconds, severity }) => ({ name, expression, forSeconds, severity })),
  ).toEqual(written);
});
