/** Which evidence a model is shown where not all of it has room: what the hypotheses rest on first, and in full. */
import type { Evidence } from '../../domain/evidence.ts';
import type { Facts } from '../../domain/facts.ts';
import { evidenceHead, evidenceText, traceLines } from './evidence-text.ts';

const MAX_ITEM_CHARACTERS = 1_200;
/** Of the room: titles tell what there is; the rest is for what it says. */
const SHARE_OF_TITLES = 0.5;

/** In the order of the numbers, at most so many characters; says how many have no room. */
export function chosenEvidence(facts: Facts, maxCharacters: number): string {
  const weighty = byWeight(facts);
  const shown = new Map<Evidence, string>();
  let left = maxCharacters;
  const show = (item: Evidence, text: string): void => {
    const before = shown.get(item);
    left += (before === undefined ? -1 : before.length) - text.length;
    shown.set(item, text);
  };
  for (const item of weighty) {
    const head = evidenceHead(item);
    const isWithin = left - head.length - 1 >= maxCharacters * (1 - SHARE_OF_TITLES);
    if (isWithin || shown.size === 0) show(item, head);
  }
  const elsewhere = traceLines(facts.evidence);
  for (const item of weighty) {
    const head = shown.get(item);
    if (head === undefined) continue;
    const room = Math.min(MAX_ITEM_CHARACTERS, left - SPARE);
    const text = room <= 0 ? head : evidenceText(item, room, elsewhere);
    if (text.length - head.length <= left) show(item, text);
  }
  const missing = facts.evidence.length - shown.size;
  return [
    ...facts.evidence.flatMap((item) => shown.get(item) ?? []),
    ...(missing > 0 ? [`(${missing} more are not shown)`] : []),
  ].join('\n');
}

/** For the mark that something was cut. */
const SPARE = 20;

function byWeight({ evidence, hypotheses }: Facts): Evidence[] {
  const weight = new Map<string, number>();
  for (const [rank, { statement, supporting, contradicting }] of hypotheses.entries())
    for (const { cites } of [statement, ...supporting, ...contradicting])
      for (const id of cites) weight.set(id, Math.max(weight.get(id) ?? 0, hypotheses.length - rank));
  return evidence.toSorted((a, b) => (weight.get(b.id) ?? 0) - (weight.get(a.id) ?? 0));
}
