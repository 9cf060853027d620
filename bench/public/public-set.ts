/** One public data set behind one shape: what a case lets a system read, how the engine's own entry answers it, how it is scored. */

/** Case id → prediction in the form that `score/{name}.mjs` reads. */
export type Predictions = Readonly<Record<string, unknown>>;

export interface ScoredFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A folder of the set: `{BENCH_DATA}/{name}`. Loaders read `cases/` (and what lies beside it for all), never `answers/`. */
export interface PublicSet {
  /** The folder's name in BENCH_DATA, the bench's argument and the stem of `score/{name}.mjs`. */
  readonly name: string;
  /** Which part of the engine is measured, in one line. */
  readonly measures: string;
  /** Deterministic: the runner asks twice and compares. */
  predict(folder: string): Promise<Predictions>;
  /** The trivial baseline beside it, in the same form, where score/baselines.mjs has one: its arguments. */
  readonly baseline?: readonly string[];
  /** What others published, with what it was measured on: shown beside our figures, not computed. */
  readonly published: readonly { readonly who: string; readonly figure: string }[];
  /** From the official scorer's JSON to named figures with their budgets. The first is the one that a right case adds to. */
  figures(score: unknown): readonly ScoredFigure[];
  /** The same cases disturbed in a way that must not cost anything. */
  readonly variants?: readonly PublicVariant[];
}

/** Shows that a score is not owed to something that has nothing to do with the fault: a name, a place in the list, the same culprit each time. */
export interface PublicVariant {
  readonly name: string;
  readonly says: string;
  /** Least share of cases that must still be right. */
  readonly atLeast: number;
  /**
   * One set of predictions per disturbance, in the names of the undisturbed cases, so that the official scorer takes them.
   * `answerOf` is the content of `answers/{case}.json`: a disturbance may have to know the culprit to move the fault
   * elsewhere. What is predicted from does not hold it.
   */
  predict(folder: string, answerOf: (caseId: string) => unknown): Promise<readonly Predictions[]>;
}
