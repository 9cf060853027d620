import { expect, test } from 'vitest';
import { TEXTS } from '../../../apps/incident-agent-workflow/src/analyze/fault-classes/texts.ts';
import { unregisteredService } from '../../../apps/incident-agent-workflow/src/domain/service.ts';
import type { Observation } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { ablationNamed } from './all.ts';
import { inUnknownWords } from './words.ts';

function answered(...texts: string[]): Observation {
  return {
    question: {
      kind: 'logs',
      service: { ...unregisteredService('shop'), dependsOn: ['ledger'] },
      from: '',
      to: '',
      maxLines: 10,
    },
    answer: {
      source: 'loki',
      query: '{service="shop"}',
      telemetry: { logLines: texts.map((text) => ({ stream: 'out', text })) },
      gaps: [],
    },
  };
}

function changed(name: string, observation: Observation): Observation['answer'] {
  return ablationNamed(name).change?.(observation) ?? observation.answer;
}

test('without logs, no line is seen and it is told as a gap', () => {
  const { telemetry, gaps } = changed('logs', answered('disk full'));
  expect(telemetry.logLines).toBeUndefined();
  expect(gaps).toMatchObject([{ reason: 'unreachable', unknown: 'the log of shop' }]);
});

test.each([
  {
    says: 'keys and levels stay',
    line: '{"level":"error","msg":"connect ECONNREFUSED 10.0.0.1:27017"}',
    told: '{"level":"error","msg":"connect RPBAAERSHFRQ 10.0.0.1:27017"}',
  },
  {
    says: 'frames and types of errors of the program stay',
    line: "TypeError: Cannot read properties of undefined (reading 'id')\n    at price (src/price.ts:4:2)",
    told: "TypeError: Cannot read properties of undefined (reading 'id')\n    at price (src/price.ts:4:2)",
  },
  {
    says: 'a status code, a call and the name of a dependency stay',
    line: 'ledger answered 503 to POST /entries',
    told: 'ledger nafjrerq 503 to POST /entries',
  },
])('without words, $says', ({ line, told }) => {
  const { telemetry } = changed('words', answered(line));
  expect(telemetry.logLines?.map(({ text }) => text)).toEqual([told]);
});

test.each([
  'No space left on device',
  'deadlock detected',
  'certificate has expired',
  'getaddrinfo ENOTFOUND db',
  'JavaScript heap out of memory',
  'too many open files',
  'timed out after 500 ms',
])('no class has words for %j then', (text) => {
  expect(Object.values(TEXTS).filter((pattern) => pattern.test(inUnknownWords(text)))).toEqual([]);
});

test('a kind of knowledge that nobody can take away is refused with those that can', () => {
  expect(() => ablationNamed('metrics')).toThrow(
    '--without takes logs or words or places or changes or names or time, not metrics',
  );
});
