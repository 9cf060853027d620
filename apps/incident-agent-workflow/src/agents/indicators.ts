/** The evidence that tells most, as claims: each is the title of one evidence, which states a finding. */
import type { Claim } from '../domain/claim.ts';
import type { Evidence, MetricFamily } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import { ABSTAIN_BELOW } from '../domain/hypothesis.ts';

const FAMILY_RANK: Readonly<Record<MetricFamily, number>> = {
  availability: 9,
  dependency: 9,
  errors: 8,
  latency: 6,
  saturation: 4,
  restart: 4,
  traffic: 3,
  other: 1,
};

/**
 * Most telling first, at most `limit`. Of the service itself, and of the one in which the cause lies if that is another:
 * then half of them, for what the alerting one shows is known from the alert.
 */
export function indicators(facts: Facts, limit: number): Claim[] {
  const cause = causeServiceOf(facts);
  if (cause === facts.service) return tellingOf(facts.service, facts, limit);
  const own = tellingOf(facts.service, facts, Math.ceil(limit / 2));
  return [...own, ...tellingOf(cause, facts, limit - own.length)];
}

/** Where the best hypothesis sees the cause, if it is good enough to be told; else the alerting service. */
export function causeServiceOf(facts: Facts): string {
  const [first] = facts.hypotheses;
  return first && first.confidence >= ABSTAIN_BELOW ? first.cause.service : facts.service;
}

function tellingOf(service: string, facts: Facts, limit: number): Claim[] {
  return facts.evidence
    .filter((item) => item.service === service)
    .map((item) => ({ item, weight: weightOf(item, facts) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, limit)
    .map(({ item }) => ({ text: asSentence(item.title), cites: [item.id] }));
}

function weightOf(item: Evidence, facts: Facts): number {
  switch (item.kind) {
    case 'metric':
      return item.data.direction === 'flat' ? 0 : FAMILY_RANK[item.data.family];
    case 'stack-trace':
      return isNewIn(item.data, facts) ? 10 : 5;
    case 'probe':
      return (item.data.httpStatus ?? 599) >= 500 ? 8 : 0;
    case 'logs':
      return item.data.level === 'info' || item.data.incidentCount === 0 ? 0 : isNewIn(item.data, facts) ? 7 : 3;
    case 'targets':
      return item.data.targets.some((target) => target.health === 'down') ? 7 : 0;
    default:
      return 0;
  }
}

/** First seen with the onset, not before. */
function isNewIn({ baselineCount, firstAt }: { baselineCount: number; firstAt: string | null }, facts: Facts): boolean {
  if (baselineCount === 0) return true;
  return firstAt !== null && facts.onset !== null && Date.parse(firstAt) >= Date.parse(facts.onset);
}

export function asSentence(title: string): string {
  return /[.!?…]$/.test(title) ? title : `${title}.`;
}
