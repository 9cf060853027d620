/** Whether expressions are taken: PromQL by Prometheus' own parser and type check, LogQL by Grafana's grammar. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ran } from '../programs.ts';
import type { Expression } from './expressions.ts';
import { logqlMistake } from './logql.ts';

/** One sentence for each that is refused. Needs promtool. */
export function refused(expressions: readonly Expression[]): string[] {
  return [
    ...promqlMistakes(expressions.filter(({ language }) => language === 'promql')),
    ...expressions
      .filter(({ language }) => language === 'logql')
      .flatMap(({ place, expression }) => {
        const mistake = logqlMistake(expression);
        return mistake === undefined ? [] : [`${place}: ${expression} is not LogQL ${mistake}`];
      }),
  ];
}

/** All in one call: promtool takes a rule file and names the rules that it refuses by their number. */
function promqlMistakes(expressions: readonly Expression[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'promql-'));
  try {
    const rules = expressions.map(({ expression }, index) => ({ record: `expression_${index}`, expr: expression }));
    writeFileSync(join(folder, 'rules.yml'), stringify({ groups: [{ name: 'expressions', rules }] }));
    const { output, isContent } = ran('promtool', ['check', 'rules', 'rules.yml'], folder);
    if (isContent) return [];
    const named = [...output.matchAll(/"expression_(\d+)"[^\n]*/g)].map(([text, index]) => {
      const { place, expression } = expressions[Number(index)] ?? { place: '', expression: '' };
      return `${place}: ${expression}: ${text}`;
    });
    return named.length > 0 ? named : [output];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
