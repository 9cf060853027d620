/** What the report says first. Nothing is judged here: the confidence comes from the analysis. */
import type { Claim } from '../domain/claim.ts';
import type { Facts } from '../domain/facts.ts';
import { ABSTAIN_BELOW, bandOf, type Hypothesis, LIKELY_FROM } from '../domain/hypothesis.ts';
import type { Verdict } from '../domain/report.ts';
import { WORDS } from '../lib/catalogue/words.ts';
import { oneLine } from '../lib/clean-text.ts';
import { oncePerGap } from './actions.ts';
import { type Cites, citedClaims, MAX_CITES } from './cites.ts';
import { noCause, strongestSoFar } from './words.ts';

const MAX_SUPPORT = 4;
const MAX_WOULD_CHANGE = 4;
/** One sentence. Twice what the style asks for, because a long one is still better than a broken one. */
const MAX_STATEMENT_CHARACTERS = 440;

export function verdictOf(facts: Facts, cites: Cites): Verdict {
  const strongest = facts.hypotheses[0];
  if (facts.alertConfirmed === 'not-confirmed' && !isLikelyFault(strongest))
    return notConfirmed(facts, strongest, cites);
  if (strongest && strongest.confidence >= ABSTAIN_BELOW) return established(facts, strongest, cites);
  return unknown(facts, strongest, cites);
}

/** Something is broken, although it is not what the alert says. */
function isLikelyFault(hypothesis: Hypothesis | undefined): boolean {
  return hypothesis !== undefined && hypothesis.cause.kind !== 'none' && hypothesis.confidence >= LIKELY_FROM;
}

function established(facts: Facts, hypothesis: Hypothesis, cites: Cites): Verdict {
  const contradicted = facts.alertConfirmed === 'not-confirmed' ? [facts.alertCheck] : [];
  return {
    status: 'established',
    band: bandOf(hypothesis.confidence),
    confidence: hypothesis.confidence,
    cause: hypothesis.cause,
    statement: sentence(hypothesis.statement, cites),
    support: citedClaims([...contradicted, ...hypothesis.supporting], cites).slice(0, MAX_SUPPORT),
    wouldChange: hypothesis.wouldChange.slice(0, MAX_WOULD_CHANGE),
  };
}

function notConfirmed(facts: Facts, hypothesis: Hypothesis | undefined, cites: Cites): Verdict {
  const calm = hypothesis?.cause.kind === 'none' ? hypothesis : undefined;
  return {
    status: 'not-confirmed',
    band: bandOf(calm?.confidence ?? 0),
    confidence: calm?.confidence ?? null,
    cause: calm?.cause ?? null,
    statement: sentence(facts.alertCheck, cites),
    support: citedClaims(calm?.supporting ?? [], cites).slice(0, MAX_SUPPORT),
    wouldChange: oncePerGap([...(calm?.wouldChange ?? []), ...blindSpots(facts)]).slice(0, MAX_WOULD_CHANGE),
  };
}

function unknown(facts: Facts, hypothesis: Hypothesis | undefined, cites: Cites): Verdict {
  const leading = hypothesis
    ? [{ text: strongestSoFar(hypothesis), cites: hypothesis.statement.cites }, ...hypothesis.supporting]
    : [];
  const text = noCause(facts.service, facts.hypotheses);
  return {
    status: 'unknown',
    band: 'not-established',
    confidence: null,
    cause: null,
    statement: sentence({ text, cites: groundsOf(facts, hypothesis) }, cites),
    support: citedClaims([facts.alertCheck, ...leading], cites).slice(0, MAX_SUPPORT),
    wouldChange: oncePerGap([...(hypothesis?.wouldChange ?? []), ...blindSpots(facts)]).slice(0, MAX_WOULD_CHANGE),
  };
}

/** That nothing was found rests on what was looked at, and on what could not be. */
function groundsOf(facts: Facts, hypothesis: Hypothesis | undefined): string[] {
  if (hypothesis) return hypothesis.statement.cites;
  return [...facts.evidence.map(({ id }) => id).slice(0, 3), ...facts.gaps.map(({ id }) => id).slice(0, 2)];
}

function blindSpots(facts: Facts): string[] {
  return facts.gaps
    .filter(({ coveredBy }) => coveredBy === undefined)
    .map((gap) => WORDS.verdict.seeing(gap.unknown, gap.id, gap.source));
}

function sentence(claim: Claim, cites: Cites): Claim {
  return { text: oneLine(claim.text, MAX_STATEMENT_CHARACTERS), cites: cites(claim.cites).slice(0, MAX_CITES) };
}
