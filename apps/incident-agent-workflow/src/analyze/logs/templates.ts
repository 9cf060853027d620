/**
 * Lines that say the same with other values, counted together (after Drain: by length, by the first two words, then by
 * how many words agree). What holds a digit is a value; what varies is shown as `<*>`.
 */
import type { Level } from './levels.ts';
import type { LineShape, ReadLine } from './read-log-line.ts';
import { type LoggedRequest, requestInText } from './request-text.ts';

export interface Template {
  readonly level: Level;
  /** Words that all its lines share, `<*>` where they differ. */
  readonly text: string;
  /** Indexes of its lines, ascending. */
  readonly lineIndexes: readonly number[];
}

const VALUE = '<*>';
/** Share of equal words that makes two lines the same. */
const MIN_SIMILARITY = 0.7;
const MAX_WORDS = 64;
const MAX_CHARACTERS = 1_000;
/** Beyond it lines that resemble nothing are one template: a flood of unique lines must not cost the square. */
const MAX_CLUSTERS = 2_000;
const MAX_CLUSTERS_PER_LEAF = 50;

interface Cluster {
  readonly level: Level;
  /** As compared: values are `<*>` from the start. */
  readonly compared: string[];
  /** As shown: a value stays while all lines have the same one. */
  readonly shown: string[];
  /** What stands between the words, from the first line. */
  readonly between: readonly string[];
  readonly lineIndexes: number[];
}

/** In the order of their first lines; `skipped` lines belong to somebody else. */
export function mineTemplates(lines: readonly ReadLine[], skipped: ReadonlySet<number>): Template[] {
  const clusters: Cluster[] = [];
  const leaves = new Map<string, Cluster[]>();
  const byWords = new Map<string, Cluster>();
  const byShape = new Map<LineShape, Cluster | undefined>();

  /** undefined: the line says nothing. */
  function clusterOf(line: ReadLine): Cluster | undefined {
    if (line.message.trim() === '') return undefined;
    const { words, between } = wordsOf(messageToCompare(line));
    const compared = words.map(masked);
    const key = JSON.stringify([line.level, ...compared]);
    const cluster = byWords.get(key) ?? similar(leaves, clusters, line.level, compared, words, between);
    byWords.set(key, cluster);
    join(cluster, compared, words);
    return cluster;
  }
  /** What the lines of one shape say differs in values only: the witnesses show which. */
  function clusterOfShape(shape: LineShape): Cluster | undefined {
    if (byShape.has(shape)) return byShape.get(shape);
    let cluster: Cluster | undefined;
    for (const witness of shape.witnesses) {
      const line = lines[witness];
      if (line) cluster = clusterOf(line);
    }
    byShape.set(shape, cluster);
    return cluster;
  }
  for (const [index, line] of lines.entries()) {
    if (skipped.has(index)) continue;
    const cluster = line.shape ? clusterOfShape(line.shape) : clusterOf(line);
    cluster?.lineIndexes.push(index);
  }
  return clusters.map(({ level, shown, between, lineIndexes }) => ({
    level,
    text: shown.map((word, at) => `${between[at] ?? ''}${word}`).join(''),
    lineIndexes,
  }));
}

/** A request line is its method, its path without ids, and its status, which is not just any number. */
function messageToCompare({ message }: ReadLine): string {
  const request = requestInText(message);
  return request && request.status !== null ? requestTemplate(request) : message.slice(0, MAX_CHARACTERS);
}

function requestTemplate({ method, path, status }: LoggedRequest): string {
  const segments = path.split('/').map((segment) => (/\d/.test(segment) || segment.length > 24 ? VALUE : segment));
  return `${method} ${segments.join('/')} -> ${status}`;
}

function wordsOf(message: string): { readonly words: readonly string[]; readonly between: readonly string[] } {
  const words: string[] = [];
  const between: string[] = [];
  for (const found of message.trim().matchAll(/([\s=]*)([^\s=]+)/g)) {
    if (words.length === MAX_WORDS) break;
    between.push(found[1] ?? '');
    words.push(found[2] ?? '');
  }
  return { words, between };
}

const REQUEST_STATUS = /^[1-5]\d\d$/;

function masked(word: string, at: number, words: readonly string[]): string {
  const isStatus = words[at - 1] === '->' && REQUEST_STATUS.test(word);
  return !isStatus && (/\d/.test(word) || word === VALUE) ? VALUE : word;
}

function similar(
  leaves: Map<string, Cluster[]>,
  clusters: Cluster[],
  level: Level,
  compared: readonly string[],
  words: readonly string[],
  between: readonly string[],
): Cluster {
  const isFull = clusters.length >= MAX_CLUSTERS;
  // A request line is what it is: similar paths are not the same path.
  const isRequest = compared[2] === '->' && compared.length === 4;
  const start = isRequest ? compared.join(' ') : `${compared[0]} ${compared[1] ?? ''}`;
  const key = isFull ? `${level} full` : JSON.stringify([level, compared.length, start]);
  const leaf = leaves.get(key) ?? [];
  leaves.set(key, leaf);
  const nearest = nearestOf(leaf, compared);
  if (nearest) return nearest;
  const [any] = leaf;
  if (any && (isFull || leaf.length >= MAX_CLUSTERS_PER_LEAF)) return any;
  const fresh = isFull
    ? { compared: [VALUE], shown: [VALUE], between: [''] }
    : { compared: [...compared], shown: [...words], between };
  const cluster = { level, ...fresh, lineIndexes: [] };
  leaf.push(cluster);
  clusters.push(cluster);
  return cluster;
}

function nearestOf(leaf: readonly Cluster[], compared: readonly string[]): Cluster | undefined {
  let nearest: Cluster | undefined;
  let most = 0;
  for (const cluster of leaf) {
    if (cluster.compared.length !== compared.length) continue;
    // Values agree neither with each other nor against each other, but count in the length.
    const equal = compared.filter((word, at) => word !== VALUE && word === cluster.compared[at]).length;
    const values = compared.filter((word, at) => word === VALUE && cluster.compared[at] === VALUE).length;
    const similarity = (equal + values) / compared.length;
    if (similarity >= MIN_SIMILARITY && similarity > most) {
      nearest = cluster;
      most = similarity;
    }
  }
  return nearest;
}

function join(cluster: Cluster, compared: readonly string[], words: readonly string[]): void {
  for (let at = 0; at < cluster.compared.length; at += 1) {
    if (cluster.compared[at] !== compared[at]) cluster.compared[at] = VALUE;
    if (cluster.shown[at] !== words[at]) cluster.shown[at] = VALUE;
  }
}
