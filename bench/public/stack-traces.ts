/** stack-traces: thirty printed exceptions in eight languages, and one log with all of them between ordinary lines. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readLogLine } from '../../apps/incident-agent-workflow/src/analyze/logs/read-log-line.ts';
import {
  type ExtractedTrace,
  extractTraces,
} from '../../apps/incident-agent-workflow/src/analyze/stack-traces/extract.ts';
import { throwSite } from '../../apps/incident-agent-workflow/src/analyze/stack-traces/trace.ts';
import type { Predictions, PublicSet } from './public-set.ts';

const STREAM = 'stream/stream.log';
/** How the set names what the engine names otherwise. */
const LANGUAGES: Readonly<Record<string, string>> = { javascript: 'nodejs' };

const Score = z.object({
  language: z.number(),
  exception: z.number(),
  message: z.number(),
  throw_site: z.number(),
  throw_site_macro_by_language: z.number(),
  stream: z.object({ precision: z.number(), recall: z.number(), f1: z.number() }).optional(),
});

export const stackTraces: PublicSet = {
  name: 'stack-traces',
  measures: 'stack traces: language, error, message and throw site; which lines of a log are one trace',
  predict: async (folder): Promise<Predictions> => {
    const names = (await readdir(join(folder, 'cases'))).sort();
    const cases = await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, 'cases', name), 'utf8')] as const),
    );
    const stream = await readFile(join(folder, STREAM), 'utf8');
    return Object.fromEntries([
      ...cases.map(([name, text]) => [name.replace(/\.txt$/, ''), answerOf(tracesIn(text)[0])]),
      ['stream', tracesIn(stream).map(spanOf)],
    ]);
  },
  baseline: ['first-location'],
  published: [
    { who: 'the detector that the traces come from (its own unit tests; groups only)', figure: 'grouping 1.00' },
  ],
  figures: (score) => {
    const { stream, ...cases } = Score.parse(score);
    return [
      ...(stream ? [{ name: 'grouping_f1', value: stream.f1, unit: 'share', atLeast: 1 }] : []),
      { name: 'throw_site_macro', value: cases.throw_site_macro_by_language, unit: 'share', atLeast: 0.97 },
      { name: 'throw_site', value: cases.throw_site, unit: 'share' },
      { name: 'language', value: cases.language, unit: 'share' },
      { name: 'exception', value: cases.exception, unit: 'share' },
      { name: 'message', value: cases.message, unit: 'share' },
    ];
  },
};

/** As the engine reads a log: each line by itself, then the traces among them. */
function tracesIn(text: string): ExtractedTrace[] {
  const lines = text.split('\n').map((line, index) => readLogLine({ text: line, stream: 'log', line: index + 1 }));
  return extractTraces(lines);
}

function answerOf(trace: ExtractedTrace | undefined): object {
  if (!trace) return {};
  const site = throwSite(trace);
  const { language, type, message } = trace;
  return {
    language: LANGUAGES[language] ?? language,
    // The set calls every failure of Go a panic; the engine also says of which kind.
    exception: language === 'go' ? 'panic' : type,
    // The set counts the name of the error to its message where the language prints both as one.
    message: `${type}: ${message}`,
    file: site?.file ?? null,
    line: site?.line ?? null,
  };
}

function spanOf({ lineIndexes }: ExtractedTrace): object {
  return { first_line: (lineIndexes[0] ?? 0) + 1, last_line: (lineIndexes.at(-1) ?? 0) + 1 };
}
