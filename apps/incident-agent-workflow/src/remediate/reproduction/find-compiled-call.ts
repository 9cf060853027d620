/** As find-call.ts does, for languages that are compiled: found calls are source text, tried again on the mended code. */
import { z } from 'zod';
import type { TreeFile } from '../../remediation-ports.ts';
import type { CompiledLanguage } from './compiled-language.ts';
import type { CompiledOrder } from './compiled-order.ts';
import { type FindOptions, type FoundCall, FROM_ELSEWHERE, lastJsonLine, noAnswer, wordsOf } from './find-call.ts';
import { lastWord } from './target.ts';

const SEARCH_MILLISECONDS = 10_000;
const MAX_CALLS = 6;
const MAX_FAILING = 20;

/** As dash and bash say it. */
const MISSING = /(?:^|\s)(javac|java|go): (?:command )?not found$/m;

const Found = z.object({ found: z.array(z.string()), note: z.string() });

export async function findCompiledCall(options: FindOptions, language: CompiledLanguage): Promise<FoundCall> {
  const { target, before, after, folder } = options;
  const calls = language.callsOf(target).slice(0, MAX_CALLS);
  if (calls.length === 0) return { state: 'none', reason: 'nothing of the stack trace can be called' };
  const order: CompiledOrder = {
    type: lastWord(target.type),
    message: target.message,
    file: target.path.split('/').at(-1) ?? target.path,
    line: target.line,
    calls,
    words: wordsOf(target.message).slice(0, 6),
    milliseconds: SEARCH_MILLISECONDS,
    goal: 'fails',
    seeds: [],
    wanted: MAX_FAILING,
  };
  const failing = await search(before, order, language, options);
  if (failing.found.length === 0) return { state: 'none', reason: failing.note };
  const returning = await search(after, { ...order, goal: 'returns', seeds: failing.found }, language, options);
  const [simplest] = returning.found.toSorted((left, right) => left.length - right.length);
  if (simplest === undefined) return { state: 'none', reason: FROM_ELSEWHERE };
  const found = { folder, source: simplest, target, files: before };
  return { state: 'found', write: (style, incident) => language.write({ ...found, style, incident }) };
}

async function search(
  files: readonly TreeFile[],
  order: CompiledOrder,
  language: CompiledLanguage,
  { sandbox, top, folder, limits, signal, target }: FindOptions,
): Promise<z.infer<typeof Found>> {
  const own = language.search(order, files, folder, target);
  const result = await sandbox.run(
    { files: [...files, ...own.files], top, folder, command: own.command, limits },
    signal,
  );
  if (result.state === 'not-run') return { found: [], note: result.reason };
  const answer = Found.safeParse(lastJsonLine(result.output));
  if (answer.success) return answer.data;
  const [, missing] = MISSING.exec(result.output) ?? [];
  return { found: [], note: missing === undefined ? noAnswer(result.output) : `${missing} is not installed here` };
}
