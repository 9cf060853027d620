/**
 * What a model's requests brought in, after the engine has scored everything anew: numbers stay what they were within a
 * run, and a verdict moves only where the new evidence speaks for it or against the old one.
 */
import type { Claim } from '../domain/claim.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { NumberedGap } from '../domain/gap.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';

export interface Added {
  readonly facts: Facts;
  /** Numbers of the evidence and gaps that are new. */
  readonly ids: readonly string[];
}

/** `again`: the engine over the old observations and the new ones. The old facts where nothing new came of it. */
export function withAdded(before: Facts, again: Facts): Added {
  const numbers = numbersOf(before, again);
  const renumbered = renumber(again, numbers);
  const known = new Set([...before.evidence, ...before.gaps].map(({ id }) => id));
  const added = [...renumbered.evidence, ...renumbered.gaps].map(({ id }) => id).filter((id) => !known.has(id));
  if (added.length === 0) return { facts: before, ids: [] };
  const isNew = ({ id }: { readonly id: string }) => !known.has(id);
  if (!isMoveOfNew(before.hypotheses[0], renumbered.hypotheses, new Set(added))) {
    const evidence = [...before.evidence, ...renumbered.evidence.filter(isNew)];
    return { ids: added, facts: { ...before, evidence, gaps: [...before.gaps, ...renumbered.gaps.filter(isNew)] } };
  }
  // What the engine no longer shows was seen all the same.
  const evidence = inOrder([...renumbered.evidence, ...missingFrom(renumbered.evidence, before.evidence)]);
  const gaps = inOrder([...renumbered.gaps, ...missingFrom(renumbered.gaps, before.gaps)]);
  return { ids: added, facts: { ...renumbered, evidence, gaps } };
}

function missingFrom<T extends { readonly id: string }>(items: readonly T[], all: readonly T[]): T[] {
  const present = new Set(items.map(({ id }) => id));
  return all.filter(({ id }) => !present.has(id));
}

function inOrder<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}

/** Whether the new evidence is what changed the first hypothesis, or its confidence. */
function isMoveOfNew(
  before: Hypothesis | undefined,
  after: readonly Hypothesis[],
  added: ReadonlySet<string>,
): boolean {
  const [first] = after;
  if (!first) return false;
  const citesNew = (claims: readonly Claim[]) => claims.some(({ cites }) => cites.some((id) => added.has(id)));
  if (citesNew([first.statement, ...first.supporting, ...first.contradicting])) return true;
  const old = after.find((one) => isSameCause(one, before));
  return old !== undefined && citesNew(old.contradicting);
}

function isSameCause(one: Hypothesis, other: Hypothesis | undefined): boolean {
  return other !== undefined && JSON.stringify(one.cause) === JSON.stringify(other.cause);
}

/** Old numbers for what was there before; what is new counts on from the last. */
function numbersOf(before: Facts, again: Facts): ReadonlyMap<string, string> {
  return new Map([
    ...matched('E', before.evidence, again.evidence, evidenceKeys),
    ...matched('G', before.gaps, again.gaps, gapKeys),
  ]);
}

function evidenceKeys(item: Evidence): readonly string[] {
  const place = [item.kind, item.service, item.source, item.query, item.window.from, item.window.to];
  return [
    JSON.stringify([...place, item.digest, item.title]),
    JSON.stringify([...place, item.title]),
    JSON.stringify([...place, item.digest]),
  ];
}

function gapKeys({ source, reason, detail, query, unknown }: NumberedGap): readonly string[] {
  return [JSON.stringify([source, reason, detail, query, unknown]), JSON.stringify([source, reason, detail])];
}

/** By everything first, then by less: a code excerpt whose blame came later is the same excerpt. */
function matched<T extends { readonly id: string }>(
  letter: string,
  before: readonly T[],
  again: readonly T[],
  keysOf: (item: T) => readonly string[],
): [string, string][] {
  const numbers = new Map<string, string>();
  const taken = new Set<string>();
  const depth = Math.max(0, ...before.slice(0, 1).map((item) => keysOf(item).length));
  for (let level = 0; level < depth; level += 1)
    for (const item of again) {
      if (numbers.has(item.id)) continue;
      const key = keysOf(item)[level];
      const same = before.find((old) => !taken.has(old.id) && keysOf(old)[level] === key);
      if (!same) continue;
      numbers.set(item.id, same.id);
      taken.add(same.id);
    }
  let next = Math.max(0, ...before.map(({ id }) => Number(id.slice(1))));
  for (const { id } of again) {
    if (numbers.has(id)) continue;
    next += 1;
    numbers.set(id, `${letter}${next}`);
  }
  return [...numbers];
}

function renumber(facts: Facts, numbers: ReadonlyMap<string, string>): Facts {
  const number = (id: string) => numbers.get(id) ?? id;
  const cites = (ids: readonly string[]) => ids.map(number);
  const claim = <T extends { readonly cites: readonly string[] }>(said: T) => ({ ...said, cites: cites(said.cites) });
  return {
    ...facts,
    alertCheck: claim(facts.alertCheck),
    evidence: facts.evidence.map((item) => ({ ...item, id: number(item.id) })),
    gaps: facts.gaps.map((gap) => ({ ...gap, id: number(gap.id) })),
    hypotheses: facts.hypotheses.map((hypothesis) => ({
      ...hypothesis,
      statement: claim(hypothesis.statement),
      supporting: hypothesis.supporting.map(claim),
      contradicting: hypothesis.contradicting.map(claim),
      // The one place where the analysis writes a number into a sentence: `… (G2)`.
      wouldChange: hypothesis.wouldChange.map((text) =>
        text.replace(/\((G\d+)\)$/, (_, id: string) => `(${number(id)})`),
      ),
    })),
    ruledOut: facts.ruledOut.map(({ what, because }) => ({ what, because: claim(because) })),
    notChecked: facts.notChecked.map(claim),
    timeline: facts.timeline.map(claim),
  };
}
