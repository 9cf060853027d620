/** What a look at a log flags: lines that say the same with other values are one finding. Plain JSON, redacted. */

import type { Report } from './report.ts';

export type LogGravity = 'critical' | 'error' | 'warning';

export interface LogFinding {
  readonly service: string;
  /** Path of the log as the registry names it. */
  readonly log: string;
  readonly gravity: LogGravity;
  /** What all its lines share, `<*>` where they differ. */
  readonly template: string;
  /** Digest of service and template: the same after a restart and on another machine. */
  readonly fingerprint: string;
  readonly count: number;
  /** When the first and the last of its lines were written, ISO in UTC; null: they do not say. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Of the line that is shown; null: the file is too long to count. */
  readonly line: number | null;
  /** The first of its lines with those around it. */
  readonly excerpt: { readonly lines: readonly string[]; readonly marked: number };
}

/** One look at the logs: what it read, what it could not read, what it flagged. */
export interface LogLook {
  readonly at: string;
  readonly logs: readonly { readonly service: string; readonly path: string; readonly lines: number }[];
  /** A log that could not be read (whole): nobody knows what stands there. */
  readonly unread: readonly { readonly service: string; readonly path: string; readonly reason: string }[];
  readonly findings: readonly LogFinding[];
}

/** What a host tool hands out as a document: what it saw, and what an agent found out about it. */
export interface LogReport {
  readonly look: LogLook;
  /** Services whose address did not answer within the time of the look. */
  readonly outages: readonly Outage[];
  readonly incidents: readonly Report[];
  /** Why something of it was not investigated; empty: all of it was, or nobody asked for it. */
  readonly notes: readonly string[];
}
export interface Outage {
  readonly service: string;
  readonly since: string;
  /** null: it still does not answer. */
  readonly until: string | null;
  readonly reason: string;
}
