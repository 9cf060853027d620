/** What a failure shows, and which changes can bring that about: the class match of METHODS §4 as one table. */
import type { FileKind } from './file-kinds.ts';
import type { Effect } from './semantics.ts';

export interface Symptom {
  readonly name: string;
  /** In error texts, names of metrics that moved, and the alert's own words. */
  readonly says: RegExp;
  /** How well an effect explains it, 0–1. */
  readonly effects: Readonly<Partial<Record<Effect, number>>>;
  /** How well a change of such a file explains it, whatever it says. */
  readonly files: Readonly<Partial<Record<FileKind, number>>>;
}

export const SYMPTOMS: readonly Symptom[] = [
  {
    name: 'memory',
    says: /out of ?memory|\boom|heap|memory|\brss\b|\bgc\b|exit(?: code)? 137/i,
    effects: {
      'unbounded-growth': 1,
      'bound-removed': 1,
      'lifetime-raised': 0.9,
      'growth-added': 0.9,
      'label-added': 0.9,
      'close-removed': 0.9,
      'size-cut': 0.8,
      'size-raised': 0.8,
      'cache-removed': 0.5,
    },
    files: { build: 0.3 },
  },
  {
    name: 'processor',
    says: /\bcpu\b|throttl|event ?loop|\bload ?average|hot ?loop/i,
    effects: {
      'unbounded-growth': 0.4,
      'index-removed': 0.6,
      'pattern-changed': 1,
      'call-in-loop': 0.8,
      'cache-removed': 0.8,
      'back-off-removed': 0.8,
      'rate-raised': 0.9,
      'logging-raised': 0.8,
      'batch-removed': 0.6,
      'bound-removed': 0.7,
    },
    files: {},
  },
  {
    name: 'connections',
    says: /\bpool|too many (?:clients|connections)|acquir|connection slots|checking out a connection|max(?:imum)? (?:client )?connections|conn(?:ection)?s? (?:limit|exhaust)|waiters/i,
    effects: {
      'index-removed': 0.7,
      'pool-cut': 1,
      'close-removed': 1,
      'call-in-loop': 0.7,
      'batch-removed': 0.6,
      'timeout-raised': 0.6,
      'size-raised': 0.5,
      'lock-added': 0.5,
      'lifetime-raised': 0.5,
    },
    files: { config: 0.4 },
  },
  {
    name: 'descriptors',
    says: /too many open files|EMFILE|ENFILE|file descriptor|\bfds?\b|sockets/i,
    effects: { 'close-removed': 1, 'pool-cut': 0.5, 'size-raised': 0.5, 'growth-added': 0.5 },
    files: {},
  },
  {
    name: 'disk',
    says: /no space left|ENOSPC|disk (?:is )?full|disk|inode|filesystem/i,
    effects: {
      'logging-raised': 1,
      'lifetime-raised': 0.9,
      'bound-removed': 0.8,
      'rate-raised': 0.6,
      'size-raised': 0.6,
    },
    files: { config: 0.3 },
  },
  {
    name: 'deadline',
    says: /timed? ?-?out|deadline ?-?exceeded|timeout|context (?:deadline|cancell?ed)|gateway time|\b504\b|took too long/i,
    effects: {
      'index-removed': 0.9,
      'timeout-cut': 1,
      'call-in-loop': 0.8,
      'batch-removed': 0.7,
      'cache-removed': 0.7,
      'query-changed': 0.6,
      'bound-removed': 0.5,
      'lock-added': 0.6,
      'pool-cut': 0.6,
      'retry-cut': 0.4,
      'address-changed': 0.4,
    },
    files: { config: 0.3, migration: 0.4 },
  },
  {
    name: 'slowness',
    says: /latenc|slow|\bp9\d\b|p9\d_|duration|response[_ ]time|query[_ ]time/i,
    effects: {
      'index-removed': 1,
      'unbounded-growth': 0.4,
      'call-in-loop': 1,
      'batch-removed': 1,
      'cache-removed': 1,
      'bound-removed': 0.8,
      'query-changed': 0.8,
      'lifetime-cut': 0.8,
      'lock-added': 0.8,
      'timeout-raised': 0.5,
      'retry-raised': 0.6,
      'retry-added': 0.5,
      'pool-cut': 0.7,
      'pattern-changed': 0.6,
      'rate-raised': 0.6,
      'logging-raised': 0.5,
      'size-cut': 0.6,
    },
    files: { migration: 0.6 },
  },
  {
    name: 'rate limit',
    says: /\b429\b|rate ?-?limit|too many requests|quota|throttl|RESOURCE_EXHAUSTED/i,
    effects: {
      'back-off-removed': 1,
      'retry-raised': 1,
      'retry-added': 0.9,
      'cache-removed': 1,
      'rate-raised': 1,
      'batch-removed': 0.9,
      'call-in-loop': 1,
      'lifetime-cut': 0.9,
      'size-cut': 0.6,
      'bound-removed': 0.4,
    },
    files: {},
  },
  {
    name: 'nothing there',
    says: /\bundefined\b|\bnull\b|\bnil\b|NoneType|NullPointer|segmentation|has no attribute|is not a function|KeyError|unwrap\(\)/i,
    effects: {
      'guard-removed': 1,
      'step-removed': 0.8,
      'parse-changed': 0.5,
      'wait-removed': 0.7,
      'bound-removed': 0.3,
    },
    files: { dependencies: 0.3 },
  },
  {
    name: 'not found',
    says: /not (?:found|registered|initiali[sz]ed|loaded|configured|exist)|no (?:handler|route|provider|such)|missing|unknown|does not exist|\b404\b/i,
    effects: { 'step-removed': 1, 'guard-removed': 0.3, 'query-changed': 0.4, 'address-changed': 0.3 },
    files: { config: 0.3, migration: 0.5 },
  },
  {
    name: 'out of bounds',
    says: /out of (?:range|bounds)|IndexError|ArrayIndex|StringIndex|overflow|RangeError|stack size|recursion|divide by zero|ZeroDivision/i,
    effects: { 'bound-removed': 1, 'guard-removed': 1, 'parse-changed': 0.6, 'size-cut': 0.5 },
    files: {},
  },
  {
    name: 'unreadable',
    says: /pars(?:e|ing)|decod|unmarshal|deseriali|unexpected token|cannot convert|\bNaN\b|malformed|invalid (?:json|number|format|value|character|syntax|input)|mismatch|unprocessable|\b4(?:00|22)\b/i,
    effects: { 'parse-changed': 1, 'guard-removed': 0.6, 'address-changed': 0.3 },
    files: { dependencies: 0.4 },
  },
  {
    name: 'access',
    says: /\b40[13]\b|unauthori[sz]ed|unauthenticated|forbidden|permission[_ ]denied|access denied|(?:invalid|expired|bad|missing|wrong) (?:token|credential|signature|api key)|authentication|csrf|\bjwt\b|signature/i,
    effects: { 'access-changed': 1, 'guard-removed': 0.2 },
    files: { config: 0.5 },
  },
  {
    name: 'unreachable',
    says: /no such host|ENOTFOUND|EAI_AGAIN|NXDOMAIN|connection refused|ECONNREFUSED|unreachable|no route|connection reset|\b50[23]\b|unavailable/i,
    effects: { 'address-changed': 0.8, 'timeout-cut': 0.3 },
    files: { config: 0.4, build: 0.3 },
  },
  {
    name: 'certificate',
    says: /certificate|x509|\btls\b|\bssl\b|handshake/i,
    effects: { 'access-changed': 0.5, 'address-changed': 0.4 },
    files: { config: 0.5, dependencies: 0.3, build: 0.4 },
  },
  {
    name: 'schema',
    says: /column|relation .* does not exist|no such table|unknown field|migration|constraint|duplicate key|foreign key/i,
    effects: { 'query-changed': 0.9 },
    files: { migration: 1 },
  },
  {
    name: 'setting',
    says: /missing (?:required|env|config|setting)|required (?:env|setting)|not set|environment variable|invalid (?:config|setting)|configuration/i,
    effects: { 'address-changed': 0.5, 'switch-flipped': 0.5 },
    files: { config: 1, build: 0.7 },
  },
  {
    name: 'locking',
    says: /deadlock|lock wait|lock[_ ]timeout|could not obtain lock|contention|lock(?:s|ed)?\b|serializ(?:ation|e) (?:failure|access)/i,
    effects: {
      'index-removed': 0.5,
      'lock-added': 1,
      'lock-removed': 0.6,
      'query-changed': 0.8,
      'call-in-loop': 0.6,
      'timeout-raised': 0.4,
    },
    files: { migration: 1 },
  },
  {
    name: 'race',
    says: /concurrent ?(?:map|modif)|changed size during|data race|duplicate|already exists|conflict|inconsisten|double|negative|oversold|stale/i,
    effects: {
      'copy-removed': 1,
      'lock-removed': 1,
      'wait-removed': 0.9,
      'guard-removed': 0.6,
      'cache-removed': 0.2,
      'lifetime-raised': 0.8,
    },
    files: {},
  },
  {
    name: 'backlog',
    says: /\blag\b|backlog|queue|consumer|unprocessed|pending/i,
    effects: {
      'index-removed': 0.6,
      'batch-removed': 0.9,
      'pool-cut': 1,
      'call-in-loop': 0.8,
      'wait-removed': 0.4,
      'size-cut': 0.7,
      'rate-raised': 0.4,
      'retry-raised': 0.6,
    },
    files: {},
  },
  {
    name: 'start',
    says: /cannot find (?:module|package)|no such file|ModuleNotFound|ImportError|exec format|symbol|crash ?loop|exit(?:ed)? (?:with )?(?:code )?[1-9]/i,
    effects: { 'address-changed': 0.2 },
    files: { dependencies: 0.9, build: 1, config: 0.5 },
  },
  {
    name: 'too many series',
    says: /cardinality|series|label values|high[- ]card/i,
    effects: { 'label-added': 1, 'growth-added': 0.3 },
    files: {},
  },
  {
    name: 'retries',
    says: /retr(?:y|ies)|storm|thundering|amplif|circuit/i,
    effects: { 'retry-raised': 1, 'retry-added': 1, 'back-off-removed': 1, 'timeout-cut': 0.7, 'lifetime-cut': 0.6 },
    files: {},
  },
  {
    name: 'cache',
    says: /cache|hit[_ ]?ratio|miss(?:es)?\b|evict/i,
    effects: { 'cache-removed': 1, 'lifetime-cut': 1, 'size-cut': 0.8, 'lifetime-raised': 0.5 },
    files: {},
  },
];

/** Each symptom that the texts show, with the share of the weight of those that show it. `texts` heaviest first. */
export function symptomsIn(texts: readonly { readonly text: string; readonly weight: number }[]): Map<Symptom, number> {
  const shown = new Map<Symptom, number>();
  for (const symptom of SYMPTOMS) {
    const weight = Math.max(0, ...texts.filter(({ text }) => symptom.says.test(text)).map((each) => each.weight));
    if (weight > 0) shown.set(symptom, weight);
  }
  return shown;
}

/** Of a kind that builds up long before anybody is told. */
export const SLOW_SYMPTOMS: ReadonlySet<string> = new Set([
  'memory',
  'disk',
  'descriptors',
  'too many series',
  'backlog',
]);
