/**
 * Whether changed files still parse. What did not parse before says nothing about the change (templates, dialects, a
 * newer language than the parser knows): then it is said that the syntax was not checked.
 */
import { oneLine } from '../../lib/clean-text.ts';
import type { Sandbox } from '../../remediation-ports.ts';
import { parserOf } from './parsers.ts';
import { type Mistakes, mistakesBy, type Toolchain, toolchainOf } from './toolchains.ts';

export interface ChangedText {
  readonly path: string;
  /** undefined: the file is new. */
  readonly before: string | undefined;
  readonly after: string;
}
export interface SyntaxFound {
  /** The first file that no longer parses, as a sentence; undefined: none is known. */
  readonly broken: string | undefined;
  /** What nobody could read, and why. */
  readonly unchecked: readonly string[];
}
type Read = { readonly path: string } & (Mistakes | { readonly reason: string });

const MAX_MISTAKE = 200;

export async function checkSyntax(
  files: readonly ChangedText[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<SyntaxFound> {
  const read: Read[] = files.flatMap((file) => readHere(file) ?? []);
  for (const toolchain of new Set(files.flatMap(({ path }) => toolchainOf(path) ?? [])))
    read.push(...(await readBy(toolchain, files, sandbox, signal)));
  const broken = read.find((one) => 'after' in one && one.before === undefined && one.after !== undefined);
  return {
    broken:
      broken && 'after' in broken
        ? `${broken.path} no longer parses: ${oneLine(broken.after ?? '', MAX_MISTAKE)}`
        : undefined,
    unchecked: read.flatMap((one) => {
      if ('reason' in one) return [`${one.path}: ${one.reason}`];
      return one.before === undefined ? [] : [`${one.path}: it does not parse as it is either`];
    }),
  };
}

/** undefined: a toolchain is to read it. */
function readHere({ path, before, after }: ChangedText): Read | undefined {
  const parse = parserOf(path);
  if (parse) return { path, before: before === undefined ? undefined : parse(path, before), after: parse(path, after) };
  return toolchainOf(path) ? undefined : { path, reason: 'there is no parser for such files here' };
}

async function readBy(
  toolchain: Toolchain,
  files: readonly ChangedText[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Read[]> {
  const own = files.filter(({ path }) => toolchainOf(path) === toolchain);
  const mistakes = await mistakesBy(toolchain, own, sandbox, signal);
  return own.map(({ path }, index) =>
    typeof mistakes === 'string'
      ? { path, reason: mistakes }
      : { path, before: mistakes[index]?.before, after: mistakes[index]?.after },
  );
}
