/** Every PromQL and LogQL expression that we ship: in rules, dashboards, docs and code. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { rules } from '../../apps/incident-agent-workflow/src/monitor/rules.ts';
import { queriesOf } from './dashboard-queries.ts';
import { dashboards, ROOT, yamlFile } from './files.ts';

export interface Expression {
  readonly place: string;
  readonly language: 'promql' | 'logql';
  readonly expression: string;
}

const RuleFile = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
});

export function everyExpression(): Expression[] {
  return [
    ...yamlFile('alert-rules.yml', RuleFile)
      .groups.flatMap((group) => group.rules)
      .map(({ alert, expr }) => ({
        place: `alert-rules.yml: ${alert}`,
        language: 'promql' as const,
        expression: expr,
      })),
    ...rules.map(({ name, expression }) => ({ place: `monitor: ${name}`, language: 'promql' as const, expression })),
    ...dashboards().flatMap((named) => queriesOf(named)),
    ...pages().flatMap((page) => expressionsIn(readFileSync(join(ROOT, page), 'utf8'), page)),
  ];
}

function pages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'monitoring/README.md', ...docs.map((name) => `docs/${name}`)];
}

/** Lines of blocks marked promql or logql, and code in running text that can be nothing else. */
export function expressionsIn(markdown: string, page: string): Expression[] {
  const blocks = [...markdown.matchAll(/^```(promql|logql)\n(.*?)^```$/gms)].flatMap(
    ([, language, body = '']): Expression[] =>
      body
        .split('\n')
        .filter((line) => line.trim() !== '' && !line.startsWith('#'))
        .map((expression) => ({ place: page, language: language === 'logql' ? 'logql' : 'promql', expression })),
  );
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '');
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']): Expression[] => {
    if (/^\{\w+=~?"/.test(code)) return [{ place: page, language: 'logql', expression: code }];
    if (/^[a-z_:]+\{\w+(=|!=|=~)"|^(sum|rate|increase|count|histogram_quantile|topk)( by|\()/.test(code))
      return [{ place: page, language: 'promql', expression: code }];
    return [];
  });
  return [...blocks, ...inline];
}
