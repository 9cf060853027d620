/** Which alerts would have fired, and when. */
import type { CasePlan } from './plan.ts';
import { seeded } from './random.ts';
import { ALERT_RULES, type AlertRule, type Watched } from './rules.ts';

export interface Firing {
  readonly rule: AlertRule;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly says: string;
  /** Of the scrape at which its `for` was over. */
  readonly index: number;
  /** Of the first scrape at which it was over its limit again; undefined: to the end. */
  readonly endIndex: number | undefined;
}

/** Few teams are called for a line in a log, unless nothing else would tell them. */
const LOG_RULE = 'NewLogErrors';
const LOG_RULE_SHARE = 0.3;

/** Those that fire at or after scrape `from` (before it they are silenced: a deploy is under way), earliest first. `toldAt`: told time of each scrape in milliseconds. */
export function firedIn(
  watched: readonly Watched[],
  toldAt: readonly number[],
  from: number,
  { seed, template }: CasePlan,
): Firing[] {
  const all = watched
    .flatMap((one) => ALERT_RULES.flatMap((rule) => firingsOf(rule, one, toldAt, from)))
    .toSorted((left, right) => left.index - right.index);
  if (seeded('rules', seed)() < LOG_RULE_SHARE) return all;
  const others = all.filter(({ rule }) => rule.name !== LOG_RULE);
  return others.some(({ service }) => service === template.alerting) ? others : all;
}

function firingsOf(rule: AlertRule, watched: Watched, toldAt: readonly number[], from: number): Firing[] {
  const found: Firing[] = [];
  let since: number | undefined;
  let fired: Omit<Firing, 'endIndex'> | undefined;
  for (const [index, at] of toldAt.entries()) {
    if (index < from) continue;
    const hit = rule.hit(watched, index);
    if (hit === undefined) {
      if (fired) found.push({ ...fired, endIndex: index });
      since = undefined;
      fired = undefined;
      continue;
    }
    since ??= index;
    const heldSeconds = (at - (toldAt[since] ?? at)) / 1_000;
    if (!fired && heldSeconds >= rule.forSeconds) {
      fired = { rule, service: watched.service, labels: hit.labels, says: hit.says, index };
    }
  }
  if (fired) found.push({ ...fired, endIndex: undefined });
  return found;
}
