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
  pdf(document: unknown, options: { pdfStandard?: string; pdfTags?: boolean; creationTimestamp: number }): Buffer;
}
interface NativeResult {
  readonly result: unknown;
  hasError(): boolean;
  takeDiagnostics(): {
    readonly shortDiagnostics: readonly { readonly message: string; readonly path?: string }[];
  } | null;
}

/** Files exist only in memory, under a folder that need not exist. */
const WORKSPACE = '/incident-report';
/** Results of earlier reports that are kept to make the next one faster. */
const CACHE_AGE = 3;

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
      const compiled = compiler.compile({ mainFilePath: `${WORKSPACE}${job.main}` });
      // Without this the module throws an error that has no message.
      if (compiled.hasError()) throw new Error(diagnosis(compiled));
      const { pdf, standard } = exported(compiler, compiled.result, job, this.standards);
      compiler.evictCache(CACHE_AGE);
      return { pdf, standard };
    },
  };
}

/** The strictest standard that this document can be exported in. */
function exported(
  compiler: NativeCompiler,
  document: unknown,
  { createdAtSeconds: creationTimestamp }: TypesettingJob,
  standards: Typesetter['standards'],
): { pdf: Uint8Array; standard: string } {
  const failures: string[] = [];
  for (const pdfStandard of standards) {
    try {
      const pdf = compiler.pdf(document, { creationTimestamp, ...(pdfStandard === undefined ? {} : { pdfStandard }) });
      return { pdf, standard: pdfStandard ?? 'tagged' };
    } catch (error) {
      failures.push(`${pdfStandard ?? 'no standard'}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(failures.join('; '));
}

function diagnosis(compiled: NativeResult): string {
  const found = compiled.takeDiagnostics()?.shortDiagnostics ?? [];
  return found.length === 0
    ? 'unknown error of the template'
    : found.map(({ message, path }) => `${path}: ${message}`).join('; ');
}
