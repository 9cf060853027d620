/** No expression that we ship is refused where it is pasted. */
import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeLogqlValue } from '../../apps/incident-agent-workflow/src/lib/escape.ts';
import { missingPrograms } from '../programs.ts';
import { everyExpression, expressionsIn } from './expressions.ts';
import { logqlMistake } from './logql.ts';
import { refused } from './parsers.ts';

const EXPRESSIONS = everyExpression();

test.for(['alert-rules.yml', 'monitor', 'services.json', 'incidents.json', 'logs.json', 'monitoring/README.md'])(
  '%s has expressions',
  (place) => {
    expect(EXPRESSIONS.filter((one) => one.place.startsWith(place)).length).toBeGreaterThan(0);
  },
);

describe.each([
  {
    language: 'promql',
    atLeast: 50,
    // The second is grammar, but of the wrong type.
    wrong: ['sum by (service (up)', 'rate(up)', 'up{service="a"'],
  },
  {
    language: 'logql',
    atLeast: 10,
    wrong: ['{service="a"', '{service="a"} |= ', 'rate({service="a"})', 'sum(rate({a="b"}[1m])) )'],
  },
] as const)('$language', ({ language, atLeast, wrong }) => {
  const expressions = EXPRESSIONS.filter((one) => one.language === language);
  const missing = language === 'promql' ? missingPrograms('promtool') : undefined;
  test(`all ${expressions.length} expressions are taken`, ({ skip }) => {
    if (missing !== undefined) skip(missing);
    expect(expressions.length).toBeGreaterThan(atLeast);
    expect(refused(expressions)).toEqual([]);
  });
  test.for(wrong)('%s would be found', (expression, { skip }) => {
    if (missing !== undefined) skip(missing);
    expect(refused([{ place: 'here', language, expression }])).toHaveLength(1);
  });
});

test('whatever a service is called, what the agent asks Loki stays one selector', () => {
  assert(
    property(string({ unit: 'binary' }), (name) => {
      expect(logqlMistake(`{service="${escapeLogqlValue(name)}"}`)).toBeUndefined();
    }),
  );
});

test('expressions are found in blocks and in running text of a page', () => {
  const page = [
    'Ask `up{service="a"}` or `sum by (service) (up)`, not `up` and not `{"json": 1}`.',
    '```promql',
    '# a comment',
    'rate(x_total[1m])',
    '```',
    '```json',
    '{"a": "`{service="}',
    '```',
    'Then `{service="a"} |= "x"`.',
  ].join('\n');
  expect(expressionsIn(page, 'p').map(({ language, expression }) => `${language} ${expression}`)).toEqual([
    'promql rate(x_total[1m])',
    'promql up{service="a"}',
    'promql sum by (service) (up)',
    'logql {service="a"} |= "x"',
  ]);
});
