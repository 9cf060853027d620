/** What turns a template and its files into a PDF. Two engines have this shape: native, and WebAssembly for everywhere else. */

export interface TypesettingJob {
  /** `/report.typ`: one of the files. */
  readonly main: string;
  readonly files: ReadonlyMap<string, string>;
  /** Unix time that the document says it was created at. */
  readonly createdAtSeconds: number;
}

export interface Typesetter {
  readonly name: string;
  /** Tried in this order; undefined: tagged, without claiming a standard. */
  readonly standards: readonly (string | undefined)[];
  /** Same job, same bytes. Rejects with what the engine says when template or export fails. */
  typeset(job: TypesettingJob): Promise<{ readonly pdf: Uint8Array; readonly standard: string }>;
}
