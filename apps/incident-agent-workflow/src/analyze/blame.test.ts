import { expect, test } from 'vitest';
import type { FaultClass } from '../domain/fault-class.ts';
import { blame, worthOf } from './blame.ts';
import { commitOf, hunk } from './commits/commit.test-helper.ts';
import type { Suspect } from './commits/rank.ts';
import { FAULT_RULES } from './fault-classes/all.ts';
import type { Reading } from './fault-classes/rule.ts';
import { sceneFrom } from './scene.test-helper.ts';

const JUST_BEFORE = [{ name: 'deploy-proximity', value: 1 }] as const;
const TELLING = [...JUST_BEFORE, { name: 'setting-named', value: 1 }] as const;

function readingOf(name: FaultClass): Reading {
  const rule = FAULT_RULES.find((one) => one.class === name);
  if (!rule) throw new Error(`no rule of ${name}`);
  return { rule, status: 'fits', signals: [], against: [], entity: undefined };
}

function blamed(name: FaultClass, more: Partial<Suspect>, none = 0.1) {
  const suspect: Suspect = {
    commit: commitOf(1, 'config/a.json', hunk('-"bank": 3000', '+"bank": 70')),
    suspicion: 0.85,
    features: JUST_BEFORE,
    isDirect: false,
    isRecent: true,
    at: undefined,
    ...more,
  };
  const ranking = { suspects: [suspect], none, excluded: [] };
  return blame(readingOf(name), { ...sceneFrom([]), ranking });
}

test.each<{ says: string; name: FaultClass; more?: Partial<Suspect>; none?: number; isNamed: boolean | undefined }>([
  {
    says: 'what names the setting that fails',
    name: 'bad-config',
    more: { features: TELLING, isDirect: true },
    isNamed: false,
  },
  { says: 'what only came just before, for growing memory', name: 'memory-leak', isNamed: true },
  { says: 'the same for an error of the program', name: 'code-error', isNamed: true },
  { says: 'the same for a certificate that is not trusted', name: 'tls-certificate', isNamed: true },
  { says: 'the same for a clock, which no commit turns', name: 'clock-skew', isNamed: undefined },
  { says: 'the same for a host', name: 'host-network', isNamed: undefined },
  { says: 'the same where none of them is as likely', name: 'memory-leak', none: 1, isNamed: undefined },
])('$says: named and not blamed is $isNamed', ({ name, more = {}, none, isNamed }) => {
  expect(blamed(name, more, none)?.isNamed).toBe(isNamed);
});

test('a name is worth more than half of the class and never all of it, the more the further ahead it is', () => {
  const [far, near] = [blamed('memory-leak', {}, 0.05), blamed('memory-leak', {}, 0.6)].map((one) =>
    one ? worthOf(one) : 0,
  );
  expect(near).toBeGreaterThan(0.6);
  expect(far).toBeGreaterThan(near ?? 1);
  expect(far).toBeLessThan(1);
});
