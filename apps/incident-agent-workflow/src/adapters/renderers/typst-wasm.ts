/** Typst as WebAssembly, for every platform without the native module: tagged PDFs, but it can't be asked for PDF/UA. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Typesetter } from './typesetter.ts';

/** Loading takes about a quarter of a second. Throws when the packages are not installed. */
export async function wasmTypesetter(fonts: readonly Uint8Array[]): Promise<Typesetter> {
  const { CompileFormatEnum, createTypstCompiler, loadFonts } = await import('@myriaddreamin/typst.ts').then(
    async (library) => ({ ...library, ...(await import('@myriaddreamin/typst.ts/compiler')) }),
  );
  const compiler = createTypstCompiler();
  const path = createRequire(import.meta.url).resolve('@myriaddreamin/typst-ts-web-compiler/wasm');
  const getModule = async (): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await readFile(path));
  // Without `assets: false` the library would fetch fonts from the network.
  await compiler.init({ getModule, beforeBuild: [loadFonts([...fonts], { assets: false })] });
  return {
    name: 'typst, WebAssembly',
    standards: [undefined],
    async typeset({ main, files }) {
      compiler.resetShadow();
      for (const [name, content] of files) compiler.mapShadow(name, Buffer.from(content));
      const compiled = await compiler.compile({
        mainFilePath: main,
        format: CompileFormatEnum.pdf,
        diagnostics: 'full',
      });
      if (compiled.result) return { pdf: compiled.result, standard: 'tagged' };
      const messages = (compiled.diagnostics ?? []).map(({ message, path: file }) => `${file}: ${message}`);
      throw new Error(messages.join('; ') || 'unknown error of the template');
    },
  };
}
