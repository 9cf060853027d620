/** One public data set behind one shape: what a case lets a system read, how the engine's own entry answers it, how it is scored. */

/** A folder of the set: `{BENCH_DATA}/{name}`. Loaders read `cases/` (and what lies beside it for all), never `answers/`. */
export interface PublicSet {
  /** The folder's name in BENCH_DATA, the bench's argument and the stem of `score/{name}.mjs`. */
  readonly name: string;
  /** Which part of the engine is measured, in one line. */
  readonly measures: string;
  /** Case id → prediction in the form that `score/{name}.mjs` reads. Deterministic. */
  predict(folder: string): Promise<Readonly<Record<string, unknown>>>;
  /** The trivial baseline beside it, in the same form, where score/baselines.mjs has one: its arguments. */
  readonly baseline?: readonly string[];
  /** What others published, with what it was measured on: shown beside our figures, not computed. */
  readonly published: readonly { readonly who: string; readonly figure: string }[];
  /** From the official scorer's JSON to named figures with their budgets. */
  figures(score: unknown): readonly {
    readonly name: string;
    readonly value: number;
    readonly unit: string;
    readonly atLeast?: number;
    readonly atMost?: number;
  }[];
}
