/** Typst as a native module. Exists for one platform; where it does not load the WebAssembly build is used instead. */
import { createRequire } from 'node:module';
import type { Typesetter, TypesettingJob } from './typesetter.ts';

/** What we use of the module; it comes without types. */
interface NativeModule {
  readonly NodeCompiler: {
    create(options: { workspace: string; fontArgs: readonly { fontPaths: readonly string[] }[] }): NativeCompiler;
  };
}
interface NativeCompiler {
  mapShadow(path: string, content: Buffer): void;
  resetShadow(): void;
  evictCache(maxAge: number): void;
  compile(options: { mainFilePath: string }): NativeResult;
  pdf(source: { mainFilePath: string }, options: { pdfStandard?: string; creationTimestamp: number }): Buffer;
}
interface NativeResult {
  hasError(): boolean;
  takeDiagnostics(): {
    readonly shortDiagnostics: readonly { readonly message: string; readonly path?: string }[];
  } | null;
}

/** Files exist only in memory, under a folder that need not exist. */
const WORKSPACE = '/incident-report';
/** Results of earlier reports that are kept: none. They would make the next one hardly faster, and the process larger. */
const CACHE_AGE = 0;

/** Throws when the platform has no native module. */
export function nativeTypesetter(fontFolders: readonly string[]): Typesetter {
  const native: NativeModule = createRequire(import.meta.url)('@myriaddreamin/typst-ts-node-compiler-linux-x64-gnu');
  const compiler = native.NodeCompiler.create({ workspace: WORKSPACE, fontArgs: [{ fontPaths: fontFolders }] });
  return {
    name: 'typst, native',
    standards: ['ua-1', undefined],
    async typeset(job) {
      compiler.resetShadow();
      for (const [path, content] of job.files) compiler.mapShadow(`${WORKSPACE}${path}`, Buffer.from(content));
      const { pdf, standard } = exported(compiler, job, this.standards);
      compiler.evictCache(CACHE_AGE);
      return { pdf, standard };
    },
  };
}

/**
 * The strictest standard that this document can be exported in. The document is not kept between the tries: one that
 * JavaScript holds costs megabytes which the garbage collector knows nothing of.
 */
function exported(
  compiler: NativeCompiler,
  { createdAtSeconds: creationTimestamp, main }: TypesettingJob,
  standards: Typesetter['standards'],
): { pdf: Uint8Array; standard: string } {
  const mainFilePath = `${WORKSPACE}${main}`;
  const failures: string[] = [];
  for (const pdfStandard of standards) {
    try {
      const options = { creationTimestamp, ...(pdfStandard === undefined ? {} : { pdfStandard }) };
      return { pdf: compiler.pdf({ mainFilePath }, options), standard: pdfStandard ?? 'tagged' };
    } catch (error) {
      failures.push(`${pdfStandard ?? 'no standard'}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  // A mistake in the template comes without a message; asked for the diagnosis the module knows it.
  const compiled = compiler.compile({ mainFilePath });
  throw new Error(compiled.hasError() ? diagnosis(compiled) : failures.join('; '));
}

function diagnosis(compiled: NativeResult): string {
  const found = compiled.takeDiagnostics()?.shortDiagnostics ?? [];
  return found.length === 0
    ? 'unknown error of the template'
    : found.map(({ message, path }) => `${path}: ${message}`).join('; ');
}
