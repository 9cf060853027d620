/** What a sentence of a model may rest on: one cited evidence, or one sentence of the engine that cites the same. */
import type { Claim } from '../domain/claim.ts';
import type { Evidence, EvidenceOf } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import { compareQuantity } from './compare.ts';
import { type Quantity, quantitiesIn } from './quantities.ts';
import { isQuotedFrom, withoutQuotes } from './quotes.ts';
import { addEvidence, nothingStated, type Stated } from './stated.ts';
import { isNegation, meaningOf, wordsIn } from './vocabulary.ts';

export interface Ground {
  /** What it says in its own words: no text of logs, commits or code. */
  readonly own: string;
  /** Meanings that it bears out. */
  readonly meanings: ReadonlySet<string>;
  /** Names of things, as written. */
  readonly names: ReadonlySet<string>;
  /** Of the first hypothesis: only these may speak of a cause. */
  readonly isVerdict: boolean;
  isAbout(service: string): boolean;
  /** In what it is about; a line that stands beside it in the log is not it. */
  holdsQuote(quote: string): boolean;
  bearsOut(quantity: Quantity): boolean;
}

/** What each claim about these facts may rest on: made once, looked up for every sentence. */
export interface Grounds {
  /** Of the claim's cites; gaps say only that something was not seen. */
  of(claim: Claim): Ground[];
  /** What the engine says in sentences, each with what it cites. */
  readonly sentences: readonly Claim[];
}

export function groundsOf(facts: Facts): Grounds {
  const sentences = engineSentences(facts).map((claim) => ({
    claim,
    ground: once(() => groundOfSentence(claim.text, claim.isVerdict)),
  }));
  const items = [
    ...facts.evidence.map((item) => ({ id: item.id, ground: once(() => groundOfEvidence(item)) })),
    ...facts.gaps.map(({ id, source, detail, unknown }) => ({
      id,
      ground: once(() => groundOfSentence(`${source} not seen unknown: ${unknown}; ${detail}`, false)),
    })),
  ];
  return {
    sentences: sentences.map(({ claim }) => claim),
    of({ cites }) {
      const cited = new Set(cites);
      return [
        ...items.filter(({ id }) => cited.has(id)),
        ...sentences.filter(({ claim }) => claim.cites.some((id) => cited.has(id))),
      ].map(({ ground }) => ground());
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Everything that the engine itself says, the first hypothesis apart. */
function engineSentences(facts: Facts): (Claim & { readonly isVerdict: boolean })[] {
  return [
    ...facts.hypotheses.flatMap(({ statement, supporting, contradicting }, rank) => [
      { ...statement, isVerdict: rank === 0 },
      ...supporting.map((claim) => ({ ...claim, isVerdict: rank === 0 })),
      ...contradicting.map((claim) => ({ ...claim, isVerdict: false })),
    ]),
    ...facts.ruledOut.map(({ because }) => ({ ...because, isVerdict: false })),
    ...facts.timeline.map(({ text, cites }) => ({ text, cites, isVerdict: false })),
    { ...facts.alertCheck, isVerdict: false },
  ];
}

function groundOfSentence(text: string, isVerdict: boolean): Ground {
  const own = withoutQuotes(text);
  const said = quantitiesIn(own);
  return {
    own,
    meanings: new Set(wordsIn(own).map(meaningOf)),
    names: new Set(wordsIn(own)),
    isVerdict,
    isAbout: (service) => own.includes(service),
    holdsQuote: (quote) => isQuotedFrom(quote, [text]),
    bearsOut: (quantity) => said.some((other) => other.kind === quantity.kind && other.text === quantity.text),
  };
}

function groundOfEvidence(item: Evidence): Ground {
  const own = ownWords(item);
  const stated = nothingStated();
  addEvidence(stated, item);
  const names = namesOf(item);
  const quotable =
    item.kind === 'logs'
      ? [item.title, item.data.template, ...item.data.samples.map(({ text }) => text)]
      : stated.texts;
  return {
    own,
    meanings: new Set([...wordsIn(own), ...KIND_WORDS[item.kind], ...stateWords(item)].map(meaningOf)),
    names: new Set([...names, ...names.flatMap(wordsIn), ...wordsIn(own)]),
    isVerdict: false,
    isAbout: (service) => item.service === service || own.includes(service),
    holdsQuote: (quote) => isQuotedFrom(quote, quotable),
    bearsOut: figuresOf(item, own, stated),
  };
}

/**
 * Of a metric only what its head says: the data beside it holds what was before, during, at worst and now, and a figure
 * does not tell which of them it is.
 */
function figuresOf(item: Evidence, own: string, stated: Stated): Ground['bearsOut'] {
  if (item.kind !== 'metric') return (quantity) => compareQuantity(quantity, stated) === undefined;
  const head: Stated = { ...nothingStated(), titles: [item.title], texts: stated.texts, instants: onsetOf(item) };
  const said = new Set(quantitiesIn(own).map(({ text }) => text));
  return (quantity) => said.has(quantity.text) || compareQuantity(quantity, head) === undefined;
}

function onsetOf({ data: { onset } }: EvidenceOf<'metric'>): string[] {
  return onset === null ? [] : [onset];
}

/** The engine's, without what a program wrote into its error: that stands in the head of a trace without marks. */
function ownWords(item: Evidence): string {
  if (item.kind !== 'stack-trace') return withoutQuotes(item.title);
  const { type } = item.data;
  const place = item.title.lastIndexOf(' at ');
  return place < 0 || !item.title.startsWith(type) ? type : `${type}${withoutQuotes(item.title.slice(place))}`;
}

function words(text: string): string[] {
  return text.split(' ');
}

/** How one may call a thing of that kind without saying anything about it. */
const KIND_WORDS: Readonly<Record<Evidence['kind'], readonly string[]>> = {
  alert: ['alert', 'fired', 'rule'],
  metric: ['metric', 'rate', 'share', 'requests', 'request'],
  logs: ['log', 'line', 'message', 'pattern', 'entry', 'template'],
  'stack-trace': words('stack trace exception thrown crash frame error function file code ends log message'),
  probe: ['probe', 'health', 'address', 'check', 'answered'],
  targets: ['scrape', 'target', 'prometheus'],
  code: ['code', 'line', 'file', 'function', 'source'],
  history: ['commit', 'history', 'changed', 'deployed', 'revision', 'repository'],
  commit: ['commit', 'changed', 'file', 'diff', 'line'],
  memory: ['earlier', 'incident', 'before', 'known'],
};

/** What its data, not its title, allows to say of a state. */
function stateWords(item: Evidence): readonly string[] {
  switch (item.kind) {
    case 'metric': {
      const way = { up: ['rise', 'higher'], down: ['fall', 'lower'], flat: ['unchanged'] }[item.data.direction];
      return [...way, item.data.family, ...(item.data.family === 'errors' ? ['failed', 'answers'] : [])];
    }
    case 'probe': {
      const { httpStatus, failure } = item.data;
      if (httpStatus === undefined) return ['unreachable', failure ?? 'failed', 'failed', 'down'];
      return httpStatus >= 500 ? ['failed', 'unhealthy'] : httpStatus < 300 ? ['healthy', 'reachable'] : [];
    }
    case 'logs':
      return item.data.level === 'info' || item.data.level === 'unknown' ? [] : [item.data.level];
    case 'stack-trace':
      return ['failed', ...(item.data.request ? ['request'] : [])];
    default:
      return [];
  }
}

/** Structured fields only: what somebody wrote into a message is no name. */
function namesOf(item: Evidence): string[] {
  const common = [item.service, item.source, item.id];
  switch (item.kind) {
    case 'alert':
      return [...common, ...item.data.alerts.map(({ name }) => name)];
    case 'metric':
      return [...common, item.data.metric];
    case 'stack-trace': {
      const frames = item.data.frames.flatMap(({ function: name, repositoryPath, file }) => [
        name,
        repositoryPath,
        file,
      ]);
      return [...common, item.data.type, item.data.language, ...frames.filter((name) => name !== null)];
    }
    case 'code':
      return [...common, item.data.path];
    case 'commit':
      return [...common, ...item.data.files.map(({ path }) => path)];
    default:
      return common;
  }
}

/** Whether the part of the ground that speaks of the same things denies them. */
export function deniesAsWell(clauseMeanings: ReadonlySet<string>, own: string): boolean {
  let best = { shared: -1, denies: false };
  for (const part of clausesOf(own)) {
    const inPart = wordsIn(part);
    const shared = inPart.filter((word) => clauseMeanings.has(meaningOf(word))).length;
    if (shared > best.shared) best = { shared, denies: inPart.some(isNegation) };
  }
  return best.denies;
}

/** Parts that can be true or false by themselves. A comma inside a number parts nothing. */
export function clausesOf(text: string): string[] {
  return text
    .split(/[;:]\s+|,\s+|\s+(?:and|but|while|whereas|so|which)\s+|[.!?]\s+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
