/** Ports of the tools for people on the host: logs as files, a terminal, an agent that runs elsewhere. */
import type { Diagnosis } from './domain/diagnosis.ts';
import type { LogReport } from './domain/log-finding.ts';
import type { Report } from './domain/report.ts';
import type { ReportFormat } from './ports.ts';

/** What a log has gained since the mark. Throws an Error with a sentence for people. */
export interface LogReader {
  /** `mark`: of the last read, as it was given; undefined: never read. */
  read(path: string, mark: unknown, options: LogReadOptions): Promise<LogNews>;
}
export interface LogReadOptions {
  /** Of a log that was never read, so many of its last lines are news. */
  readonly tailLines: number;
  /** A last line without an end is taken as it is; else only once it has not grown since the last read. */
  readonly takesRest: boolean;
}
export interface LogNews {
  readonly lines: readonly string[];
  /** 1-based; undefined: not counted, or of several files. */
  readonly firstLine: number | undefined;
  /** Plain JSON, to be kept for the next read. */
  readonly mark: unknown;
  /** Too much at once: nothing is overlooked in silence. */
  readonly skippedBytes: number;
}

/** One JSON document on disk that is whole or not there, whatever kills the writer. */
export interface StateFile {
  /** undefined: there is none (any more). */
  read(): Promise<unknown>;
  write(value: unknown): Promise<void>;
}

/** How far something has come: a bar on a terminal, plain lines elsewhere. */
export interface Progress {
  begin(what: string, total: number): void;
  step(what: string): void;
  end(): void;
}

/** A look at the logs, with the incidents that it led to, as one Word document. */
export interface LogReportRenderer {
  render(report: LogReport): Promise<Uint8Array>;
}

/** An agent somewhere else, as seen over its API. Throws AgentError. */
export interface RemoteAgent {
  readonly url: string;
  /** False: nothing answers there, or something that is no agent. */
  answers(signal: AbortSignal): Promise<boolean>;
  /** Ids of the incidents that the alerts belong to. */
  post(alerts: readonly Readonly<Record<string, unknown>>[], signal: AbortSignal): Promise<string[]>;
  incident(
    id: string,
    signal: AbortSignal,
  ): Promise<{ readonly isUnderWay: boolean; readonly report: Report | undefined }>;
  report(id: string, format: ReportFormat, signal: AbortSignal): Promise<Uint8Array>;
}

/** One subject that `doctor` looks at. Throws only for a bug. */
export interface DoctorCheck {
  readonly name: string;
  /** How long it may take, where that is longer than for others. */
  readonly milliseconds?: number;
  run(signal: AbortSignal): Promise<Diagnosis[]>;
}
