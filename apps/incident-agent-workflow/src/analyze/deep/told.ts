/** What the report tells of the services that were looked into beside the alerting one. */
import type { Hypothesis, RuledOut } from '../../domain/hypothesis.ts';
import { displayName, upperFirst } from '../../lib/wording.ts';
import { healthAnswers, upStayedOne } from '../fault-classes/predicates.ts';
import type { Scene } from '../scene.ts';
import { dependentsOf } from '../topology/verdict.ts';
import { tieOf } from './origin.ts';

/** Of those whose trouble does not explain their callers': each with the fact that decided it. */
export function innocentServices(deep: readonly Scene[]): RuledOut[] {
  return deep.flatMap((scene) => {
    const alive = [healthAnswers(scene), upStayedOne(scene)].find((look) => typeof look !== 'string');
    if (scene.callee || tieOf(scene) || !alive || typeof alive === 'string') return [];
    const { name } = scene.context.service;
    const text = `${upperFirst(alive.words)}, and nothing that its callers suffer from was seen there.`;
    return [{ what: `trouble of ${displayName(name)} itself`, because: { text, cites: [...alive.cites] } }];
  });
}

/** Whoever depends on the service in which the best hypothesis sees the cause: the alerting one suffers with them. */
export function sufferers(scenes: readonly Scene[], [best]: readonly Hypothesis[]): string[] {
  const [alerting] = scenes;
  const guilty = scenes.find(({ context }) => context.service.name === best?.cause.service) ?? alerting;
  if (!guilty) return [];
  const own = dependentsOf(guilty.context);
  const asked = guilty.callee?.context;
  return asked ? [...new Set([asked.service.name, ...own])] : own;
}
