/** Finds one call that fails as in the incident on the code as it ran and returns on the mended code. */
import { z } from 'zod';
import type { Sandbox, SandboxLimits, TreeFile } from '../../remediation-ports.ts';
import { javascriptSearch, type SearchFound, type SearchOrder } from './search-javascript.ts';
import { pythonSearch } from './search-python.ts';
import { type StyleName, type WrittenTest, writtenTest } from './styles.ts';
import { lastWord, type Target } from './target.ts';

export interface FindOptions {
  readonly sandbox: Sandbox;
  readonly top: string;
  /** Of the service, '' for the top. */
  readonly folder: string;
  readonly before: readonly TreeFile[];
  readonly after: readonly TreeFile[];
  readonly target: Target;
  readonly limits: SandboxLimits;
  readonly signal: AbortSignal;
}
export type FoundCall =
  | { readonly state: 'found'; write(style: StyleName, incident: string): WrittenTest }
  | { readonly state: 'none'; readonly reason: string };

export const FROM_ELSEWHERE =
  'calls that fail as in the incident fail with the fix too: the value that breaks them comes from elsewhere';
const SEARCH_MILLISECONDS = 8_000;
/** Of the stack trace. */
const MAX_CALLS = 4;
const MAX_MAKERS = 4;
const MAX_FAILING = 40;
const MAX_RETURNING = 120;

const Found = z.object({
  found: z.array(
    z.object({
      module: z.string(),
      name: z.string(),
      via: z.enum(['named', 'default']),
      values: z.array(z.json()),
      inner: z.object({ path: z.array(z.union([z.string(), z.number()])), outer: z.number() }).optional(),
    }),
  ),
  note: z.string(),
});
type Answer = { readonly found: readonly SearchFound[]; readonly note: string };

export async function findCall(options: FindOptions): Promise<FoundCall> {
  const { target, folder, before, after } = options;
  const calls = callsOf(target, folder);
  const ask = programOf(target);
  if (ask === undefined)
    return { state: 'none', reason: `failures in ${target.language} cannot be made to happen yet` };
  if (calls.length === 0) return { state: 'none', reason: 'the stack trace leads outside of the service’s folder' };
  const order: SearchOrder = {
    type: lastWord(target.type),
    message: target.message,
    path: target.path,
    line: target.line,
    calls,
    words: wordsOf(target.message),
    makers: changedModules(before, after, folder, target),
    lineText: lineOf(before, target),
    milliseconds: SEARCH_MILLISECONDS,
    goal: 'fails',
    seeds: [],
    seedsOnly: false,
    wanted: MAX_FAILING,
  };
  let reason = '';
  // Innermost first. Where a value that breaks it comes from further out, only the caller can be mended.
  for (const call of calls.slice(0, MAX_CALLS)) {
    const failing = await search(before, { ...order, calls: [call] }, ask, options);
    if (failing.found.length === 0) {
      reason ||= failing.note;
      continue;
    }
    const returning = await search(
      after,
      { ...order, goal: 'returns', seeds: failing.found, wanted: MAX_RETURNING },
      ask,
      options,
    );
    const both = await search(
      before,
      { ...order, seeds: returning.found, seedsOnly: true, wanted: MAX_RETURNING },
      ask,
      options,
    );
    const [simplest] = both.found.toSorted((left, right) => sizeOf(left) - sizeOf(right));
    if (simplest)
      return { state: 'found', write: (style, incident) => writtenTest(style, { incident, folder, found: simplest }) };
    reason = FROM_ELSEWHERE;
  }
  return { state: 'none', reason };
}

/** Small, and with objects where a caller would hand over objects: `total({})` says more than `total(0)`. */
function sizeOf({ values }: SearchFound): number {
  const plain = values.filter((value) => value === null || typeof value !== 'object' || '$undefined' in value).length;
  return plain * 1_000 + JSON.stringify(values).length;
}

function callsOf({ frames }: Target, folder: string): SearchOrder['calls'] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const inside = frames.filter(({ path }) => path.startsWith(prefix));
  const calls = inside.map(({ path, function: name }) => ({ module: path.slice(prefix.length), name: bareName(name) }));
  // What is thrown inside of a callback has no name of its own: then whatever its file offers is tried.
  const [crash] = inside;
  return crash ? [...calls, { module: crash.path.slice(prefix.length), name: null }] : calls;
}

/** What the fix changes, in the language of the failure; tests apart. */
function changedModules(
  before: readonly TreeFile[],
  after: readonly TreeFile[],
  folder: string,
  { path }: Target,
): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const ending = path.split('.').at(-1) ?? '';
  const old = new Map(before.map((file) => [file.path, file.content]));
  const changed = after.filter((file) => {
    const content = old.get(file.path);
    return content !== undefined && Buffer.compare(content, file.content) !== 0;
  });
  return changed
    .map((file) => file.path)
    .filter((one) => one.startsWith(prefix) && one.endsWith(`.${ending}`) && !/\.(?:test|spec)\./.test(one))
    .map((one) => one.slice(prefix.length))
    .slice(0, MAX_MAKERS);
}

function lineOf(files: readonly TreeFile[], { path, line }: Target): string {
  const file = files.find((one) => one.path === path);
  const text = Buffer.from(file?.content ?? [])
    .toString('utf8')
    .split('\n')[line - 1];
  return (text ?? '').replaceAll(/\s/g, '');
}

/** `async Basket.total` → `Basket.total`; of `<anonymous>` and `<module>` there is none. */
function bareName(name: string | null): string | null {
  const bare = (name ?? '').replace(/^(?:async|new|Object\.|exports\.|Module\.)\s*/, '').replace(/ \[as .*\]$/, '');
  return /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)?$/.test(bare) ? bare : null;
}

function programOf({ path }: Target): { file: string; text(order: SearchOrder): string; command: string } | undefined {
  if (/\.[cm]?[jt]s$/.test(path))
    return { file: 'incident-search.mjs', text: javascriptSearch, command: 'node incident-search.mjs' };
  if (path.endsWith('.py'))
    return { file: 'incident_search.py', text: pythonSearch, command: 'python3 incident_search.py' };
  return undefined;
}

/** Names that the message quotes: a value may have to hold one. */
export function wordsOf(message: string): string[] {
  return [...message.matchAll(/['"]([\w.-]{1,40})['"]/g)].map(([, word = '']) => word);
}

async function search(
  files: readonly TreeFile[],
  order: SearchOrder,
  program: NonNullable<ReturnType<typeof programOf>>,
  { sandbox, top, folder, limits, signal }: FindOptions,
): Promise<Answer> {
  if (order.seedsOnly && order.seeds.length === 0) return { found: [], note: '' };
  const path = folder === '' ? program.file : `${folder}/${program.file}`;
  const own: TreeFile = { path, mode: 'file', content: Buffer.from(program.text(order)) };
  const result = await sandbox.run({ files: [...files, own], top, folder, command: program.command, limits }, signal);
  if (result.state === 'not-run') return { found: [], note: result.reason };
  return readAnswer(result.output) ?? { found: [], note: noAnswer(result.output) };
}

function readAnswer(output: string): Answer | undefined {
  const answer = Found.safeParse(lastJsonLine(output));
  return answer.success ? answer.data : undefined;
}

/** undefined: the last line is none; what the program printed instead is told. */
export function lastJsonLine(output: string): unknown {
  try {
    return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

export function noAnswer(output: string): string {
  const last = output.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return `the search for a failing call did not end${last === '' ? '' : `: ${last.slice(0, 160)}`}`;
}
