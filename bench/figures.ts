/** What a bench hands back, and what becomes of it: a table for people, a file and one JSON object for programs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';

export interface Figure {
  /** Stable: others compare it over time. Ends in its unit. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** `< 2`, `>= 8000`; null: none. */
  readonly budget: string | null;
  /** True where there is no budget. */
  readonly ok: boolean;
}

export interface BenchContext {
  /** A folder of this bench's own, empty; removed afterwards. */
  readonly scratch: string;
  /** How often what can be repeated is repeated; undefined: the bench's own choice. */
  readonly repeats: number | undefined;
  /** Which of its parts are wanted (`public petshop`); empty: all. */
  readonly parts: readonly string[];
  /** `--dir`: another folder than the bench's own. */
  readonly dir?: string | undefined;
  /** `--part`: of a corpus with a split, only this part. */
  readonly part?: string | undefined;
  /** `--only`: parts of names; what has none of them is left out. */
  readonly only?: readonly string[] | undefined;
  /** `--without`: kinds of knowledge that are taken away first (score/without). */
  readonly without?: readonly string[] | undefined;
  /** `--quick`: what changes from one edit to the next, without what costs time only. */
  readonly isQuick?: boolean | undefined;
  /** `--against`: an earlier result to compare with. */
  readonly against?: string | undefined;
  /** `--model`, `--base-url`: which model is scored, and where it is. */
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** For people, not part of the result. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Leaves nothing running, whatever happens. */
export type Bench = (context: BenchContext) => Promise<Figure[]>;

interface Budget {
  readonly below?: number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function figure(name: string, value: number, unit: string, budget: Budget = {}): Figure {
  const { below, atMost, atLeast } = budget;
  const rounded = Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
  if (below !== undefined) return { name, value: rounded, unit, budget: `< ${below}`, ok: value < below };
  if (atMost !== undefined) return { name, value: rounded, unit, budget: `<= ${atMost}`, ok: value <= atMost };
  if (atLeast !== undefined) return { name, value: rounded, unit, budget: `>= ${atLeast}`, ok: value >= atLeast };
  return { name, value: rounded, unit, budget: null, ok: true };
}

/** Nearest rank; `share` 0–1. Throws on an empty list: a bench without a measurement has failed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error('Nothing was measured');
  return found;
}

interface Result {
  readonly name: string;
  readonly at: string;
  readonly machine: string;
  readonly commit: string;
  readonly figures: readonly Figure[];
}

/** Also written to `results/{name}.json`. */
export function keepResult(name: string, figures: readonly Figure[]): Result {
  const result = { name, at: new Date().toISOString(), machine: machine(), commit: commit(), figures };
  keepText(`${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** Case by case, in `results/{name}.json`. */
export function keepCases(name: string, cases: unknown): void {
  keepText(`${name}.json`, `${JSON.stringify(cases, null, 1)}\n`);
}

/** `file`: below `results`. */
export function keepText(file: string, text: string): void {
  const path = join(import.meta.dirname, 'results', file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** With how busy it has been of late, for others may have worked on it at the same time. */
function machine(): string {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${gigabytes} GB, ${type()} ${release()}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
}

/** With `+` behind it when the work tree differs. */
function commit(): string {
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}

function git(...command: readonly string[]): string {
  return execFileSync('git', command, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
}

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, unit, budget, ok }) => {
    const verdict = budget === null ? '' : ok ? 'ok' : 'MISSED';
    return [name, String(value), unit, budget ?? '', verdict];
  });
  const all = [['figure', 'value', 'unit', 'budget', ''], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map(([name = '', value = '', unit = '', budget = '', verdict = '']) =>
      [
        name.padEnd(widths[0] ?? 0),
        value.padStart(widths[1] ?? 0),
        unit.padEnd(widths[2] ?? 0),
        budget.padEnd(widths[3] ?? 0),
        verdict,
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
