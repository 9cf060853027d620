/** What is left of a model's answer after the check: sentences that are borne out, choices in the engine's own words. */
import type { CheckedClaim, Claim } from '../domain/claim.ts';
import { evidenceOfKind } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { FaultClass } from '../domain/fault-class.ts';
import type { TriageFinding } from '../domain/finding.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import {
  type Disagreement,
  type Edit,
  MODEL_CONFIDENCE_CAP,
  type ModelSaid,
  type OpenQuestion,
} from '../domain/model-said.ts';
import type { Registry } from '../domain/service.ts';
import { displayName, percent } from '../lib/wording.ts';
import { type JudgedSentence, sentenceJudge } from './model-sentences.ts';

/** As the model's answer has it, shape checked and nothing else. */
export interface RawSaid {
  readonly summary?: Claim | null | undefined;
  readonly claims: readonly Claim[];
  readonly prefers?: { readonly hypothesis: string; readonly cites: readonly string[] } | null | undefined;
  readonly newHypotheses?: readonly RawHypothesis[] | undefined;
  readonly openQuestions?: readonly Claim[] | undefined;
  readonly service?: string | null | undefined;
  readonly errorType?: TriageFinding['errorType'] | null | undefined;
  readonly impact?: TriageFinding['impact'] | null | undefined;
  readonly edits?: readonly Edit[] | undefined;
}
interface RawHypothesis {
  readonly class: FaultClass;
  readonly service: string;
  readonly dependency?: string | null | undefined;
  readonly confidence?: number | null | undefined;
  readonly cites: readonly string[];
}

export interface Judged {
  readonly said: Omit<ModelSaid, 'asked' | 'refused'>;
  /** For the model to mend, a line each; empty: nothing was invented. */
  readonly invented: readonly string[];
}

export interface Against {
  readonly facts: Facts;
  readonly registry: Registry;
  /** What the agent itself found, where the model is asked for the same. */
  readonly triage?: TriageFinding | undefined;
}

/** METHODS §8: where more than this share of the sentences is made up, none of them is worth reading. */
const MOST_INVENTED = 0.05;
const MAX_SENTENCES = 12;
const MAX_QUESTIONS = 4;
const MAX_DROPPED = 20;

export function judgeSaid(raw: RawSaid, against: Against): Judged {
  const { facts, registry } = against;
  const names = registry.services.map(({ name }) => name);
  const judge = sentenceJudge(facts, names);
  const summary = raw.summary ? judge(raw.summary, { mayQuote: false }) : undefined;
  const claims = raw.claims.slice(0, MAX_SENTENCES).map((claim) => judge(claim));
  const questions = (raw.openQuestions ?? []).slice(0, MAX_QUESTIONS).map((claim) => judge(claim));
  const sentences = [...(summary ? [summary] : []), ...claims, ...questions];
  const invented = sentences.filter(({ isInvented }) => isInvented);
  const isWorthless = invented.length > sentences.length * MOST_INVENTED;
  const standing = (judged: readonly JudgedSentence[]) =>
    isWorthless ? [] : judged.filter(({ result }) => result === 'supported').map(plain);
  return {
    invented: invented.map(({ text, reason }) => `“${text}”: ${reason}`),
    said: {
      summary: standing(summary ? [summary] : [])[0] ?? null,
      claims: standing(claims),
      disagreements: disagreements(raw, against),
      openQuestions: [
        ...newHypotheses(raw.newHypotheses ?? [], against),
        ...standing(questions).map((claim) => ({ ...claim, confidence: null })),
      ].slice(0, MAX_QUESTIONS),
      edits: (raw.edits ?? []).filter((edit) => isApplicable(edit, facts)).map((edit) => ({ ...edit })),
      dropped: sentences
        .filter(({ result }) => isWorthless || result !== 'supported')
        .map(plainChecked)
        .map((checked) =>
          checked.result === 'supported'
            ? { ...checked, result: 'unsupported' as const, reason: 'too much of the same answer was made up' }
            : checked,
        )
        .slice(0, MAX_DROPPED),
    },
  };
}

function plainChecked({ text, cites, result, reason }: JudgedSentence): CheckedClaim {
  return { text, cites, result, reason };
}

function plain({ text, cites }: Claim): Claim {
  return { text, cites: [...cites] };
}

function disagreements({ prefers, service, errorType, impact }: RawSaid, against: Against): Disagreement[] {
  const { facts, registry, triage } = against;
  const found: Disagreement[] = [];
  const [first] = facts.hypotheses;
  const preferred = facts.hypotheses.find(({ id }) => id === prefers?.hypothesis);
  if (first && preferred && preferred !== first) found.push(otherVerdict(first, preferred));
  if (!triage) return found;
  const isKnown =
    registry.services.some(({ name }) => name === service) || facts.evidence.some((item) => item.service === service);
  if (service && isKnown && service !== triage.service) found.push(otherWord('the service', triage.service, service));
  if (errorType && errorType !== triage.errorType)
    found.push(otherWord('the type', plainWord(triage.errorType), plainWord(errorType)));
  if (impact && impact !== triage.impact) found.push(otherWord('the impact', triage.impact, impact));
  return found;
}

function otherVerdict(first: Hypothesis, preferred: Hypothesis): Disagreement {
  return {
    engine: spoken(first),
    model: spoken(preferred),
    decides: decisive(first, preferred) ?? null,
    cites: [...new Set([...first.statement.cites, ...preferred.statement.cites])],
  };
}

function spoken({ statement, confidence }: Hypothesis): string {
  return `${statement.text} (${percent(confidence)})`;
}

/** What speaks for the one and not for the other; what speaks against the other. */
function decisive(first: Hypothesis, other: Hypothesis): string | undefined {
  const shared = new Set([...citesOf(other.supporting), ...other.statement.cites]);
  return (
    citesOf(first.supporting).find((id) => !shared.has(id)) ??
    citesOf(other.contradicting)[0] ??
    first.statement.cites.find((id) => !shared.has(id))
  );
}

function citesOf(claims: readonly Claim[]): string[] {
  return claims.flatMap(({ cites }) => cites);
}

function otherWord(what: string, engine: string, model: string): Disagreement {
  return { engine: `${what} is ${engine}`, model: `${what} is ${model}`, decides: null, cites: [] };
}

function plainWord(word: string): string {
  return word.replaceAll('_', ' ');
}

/** Told in our words: of a model's own idea only class, service and dependency are taken, each from a list. */
function newHypotheses(raw: readonly RawHypothesis[], { facts, registry }: Against): OpenQuestion[] {
  const services = new Set([
    ...registry.services.map(({ name }) => name),
    ...facts.evidence.map(({ service }) => service),
  ]);
  const dependencies = new Set([...services, ...registry.services.flatMap(({ dependsOn }) => dependsOn)]);
  const cited = new Set([...facts.evidence, ...facts.gaps].map(({ id }) => id));
  const questions = new Map<string, OpenQuestion>();
  for (const { class: named, service, dependency, confidence, cites } of raw) {
    if (!services.has(service) || (dependency && !dependencies.has(dependency))) continue;
    if (cites.length === 0 || !cites.every((id) => cited.has(id))) continue;
    const isListed = facts.hypotheses.some(({ cause }) => cause.class === named && cause.service === service);
    if (isListed) continue;
    const of = dependency ? `${service}, in ${displayName(dependency)}` : service;
    const text = `Could it be ${named} of ${service === facts.service && !dependency ? 'the service itself' : of}?`;
    questions.set(text, { text, cites: [...cites], confidence: Math.min(MODEL_CONFIDENCE_CAP, confidence ?? 0) });
  }
  return [...questions.values()];
}

/** In a file of the service whose code was seen, where the text stands once; never a file that settles what runs where. */
function isApplicable({ path, search, replace }: Edit, facts: Facts): boolean {
  const inside = facts.repository?.servicePath ?? '';
  if (search === replace || !(inside === '' || path.startsWith(`${inside}/`))) return false;
  if (path.split('/').includes('..') || GUARDED.test(path)) return false;
  const excerpts = evidenceOfKind(facts.evidence, 'code').filter(({ data }) => data.path === path);
  return excerpts.some(({ data }) => data.lines.join('\n').split(search).length === 2);
}

const GUARDED =
  /(?:^|\/)(?:\.github|\.gitlab[^/]*|\.circleci|\.git|\.env[^/]*|package-lock\.json|[^/]*\.lock|[^/]*lock\.ya?ml|go\.sum|Jenkinsfile|[^/]*\.(?:pem|key|p12|pfx))(?:\/|$)/i;
