/** What is said between the process and the thread that makes its PDFs. Plain data both ways. */
import type { Chart } from '../../domain/chart.ts';
import type { Report } from '../../domain/report.ts';
import type { Paper } from './pdf.ts';

export interface ThreadSettings {
  readonly paper: Paper | undefined;
}

/** `warm`: load everything. `plain`: the layout has failed before, do not try it again. */
export type ThreadTask =
  | { readonly id: number; readonly kind: 'warm' }
  | {
      readonly id: number;
      readonly kind: 'render' | 'plain';
      readonly report: Report;
      /** Chosen and computed by the process; the thread only draws. */
      readonly charts: readonly Chart[];
    };

export type ThreadAnswer =
  | { readonly kind: 'done'; readonly id: number; readonly pdf: Uint8Array | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn';
      readonly message: string;
      readonly fields: Record<string, unknown> | undefined;
    };
