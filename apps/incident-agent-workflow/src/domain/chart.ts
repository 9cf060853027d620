/** What is drawn for one metric evidence: figures and words only, so that page and PDF show the same picture. */

export interface Chart {
  readonly evidenceId: string;
  readonly title: string;
  /** What the picture shows, in one sentence, for who cannot see it. */
  readonly sentence: string;
  readonly from: string;
  readonly to: string;
  /** Time order. A null breaks the line: nothing was measured there, and nothing is interpolated. */
  readonly points: readonly { readonly at: string; readonly value: number | null }[];
  /** True for states (up or down), which jump; false for quantities, which move. */
  readonly isStepped: boolean;
  /** True where nothing changed: the picture shows that all was well. */
  readonly isCalm: boolean;
  /** Lowest first, at least two; the first and the last are the ends of the axis. */
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  readonly markers: readonly {
    readonly at: string;
    readonly kind: 'onset' | 'alert' | 'deploy';
    readonly label: string;
  }[];
  /** The figure at the right end of the line, as read by a person. */
  readonly endLabel: string;
}
