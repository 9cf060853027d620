/** defects4j-traces: the failing tests of one real bug with their traces; which source file is faulty, and where in it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readStackText } from '../../apps/incident-agent-workflow/src/analyze/stack-traces/extract.ts';
import {
  type Failure,
  suspectPlaces,
} from '../../apps/incident-agent-workflow/src/analyze/stack-traces/suspect-places.ts';
import type { Frame } from '../../apps/incident-agent-workflow/src/domain/evidence.ts';
import type { Predictions, PublicSet } from './public-set.ts';

/** `--- org.example.FooTest::testIt` */
const HEADER = /^--- ([\w.$]+)::(\S+)$/m;
/** `org.example.shop`: whose code is looked at, as the set gives no source tree. */
const PACKAGE_SEGMENTS = 4;

const Part = z.object({
  cases: z.number(),
  file_top1: z.number(),
  file_top3: z.number(),
  file_mrr: z.number(),
  line5_top1: z.number(),
});
const Score = z.object({ all: Part, buggy_file_in_trace: Part, buggy_file_not_in_trace: Part });

export const defects4jTraces: PublicSet = {
  name: 'defects4j-traces',
  measures: 'suspect files and lines from the trace of a failing test, by names alone',
  predict: async (folder): Promise<Predictions> => {
    const names = (await readdir(join(folder, 'cases'))).sort();
    const cases = await Promise.all(
      names.map(
        async (name) => [name.replace(/\.txt$/, ''), await readFile(join(folder, 'cases', name), 'utf8')] as const,
      ),
    );
    return Object.fromEntries(cases.map(([name, text]) => [name, suspectsIn(text)]));
  },
  baseline: ['non-test-frame-then-test-name'],
  published: [],
  figures: (score) => {
    const { all, buggy_file_in_trace: seen, buggy_file_not_in_trace: unseen } = Score.parse(score);
    return [
      { name: 'file_top1', value: all.file_top1, unit: 'share', atLeast: 0.7 },
      { name: 'line5_top1_in_trace', value: seen.line5_top1, unit: 'share', atLeast: 0.65 },
      { name: 'file_top3', value: all.file_top3, unit: 'share' },
      { name: 'file_mrr', value: all.file_mrr, unit: 'share' },
      { name: 'file_top1_in_trace', value: seen.file_top1, unit: 'share' },
      { name: 'file_top1_not_in_trace', value: unseen.file_top1, unit: 'share' },
    ];
  },
};

function suspectsIn(text: string): object[] {
  const failures = text.split(/^(?=--- )/m).flatMap(failureIn);
  const roots = new Set(failures.map(({ root }) => root));
  const isOwn = ({ function: name }: Frame) => [...roots].some((root) => name?.startsWith(`${root}.`));
  return suspectPlaces(
    failures.map(({ failure }) => failure),
    isOwn,
  ).map(({ file, line }) => ({ file, line }));
}

function failureIn(text: string): { readonly failure: Failure; readonly root: string }[] {
  const header = HEADER.exec(text);
  if (!header) return [];
  const [, unit = '', name = ''] = header;
  const trace = readStackText(text.slice(header[0].length + 1)) ?? {
    language: 'java',
    type: '',
    message: '',
    frames: [],
  };
  const simple = unit.slice(unit.lastIndexOf('.') + 1);
  return [
    { failure: { trace, test: { unit: simple, name } }, root: unit.split('.').slice(0, PACKAGE_SEGMENTS).join('.') },
  ];
}
