/** What a case of RootCauseBench lets a system read, as it lies in its folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Alert = z.object({
  service: z.string(),
  metric: z.string(),
  threshold: z.unknown(),
  observed: z.unknown(),
  fired_at: z.string(),
  severity: z.string().default('critical'),
  monitor: z.string().default('monitor'),
  summary: z.string().default(''),
  detail: z.string().optional(),
});
const Commit = z.object({
  sha: z.string(),
  timestamp: z.string(),
  message: z.string(),
  files_changed: z.array(z.string()),
  diff: z.string().nullable(),
});
const Deploy = z.object({ timestamp: z.string(), service: z.string(), commit_sha: z.string(), version: z.string() });
const Flag = z.object({ timestamp: z.string(), flag: z.string(), service: z.string(), change: z.string() });
const Span = z.looseObject({
  span_id: z.string(),
  parent_id: z.string().nullable(),
  service: z.string(),
  name: z.string(),
  start: z.string(),
  status: z.string(),
});

export type Commit = z.infer<typeof Commit>;
export type Span = z.infer<typeof Span>;

export interface Case {
  readonly id: string;
  readonly alert: z.infer<typeof Alert>;
  readonly commits: readonly Commit[];
  readonly deploys: readonly z.infer<typeof Deploy>[];
  readonly flags: readonly z.infer<typeof Flag>[];
  readonly spans: readonly Span[];
  readonly samples: readonly {
    readonly at: string;
    readonly service: string;
    readonly metric: string;
    readonly value: number | null;
  }[];
  readonly logs: readonly { readonly at: string; readonly service: string; readonly text: string }[];
  /** undefined: the case has none. */
  readonly statusFeed: unknown;
}

/** `folder`: the set's own. In the order of their names. */
export function readCases(folder: string): Case[] {
  return readdirSync(join(folder, 'cases'))
    .toSorted()
    .map((id) => readCase(id, join(folder, 'cases', id)));
}

function readCase(id: string, folder: string): Case {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const has = (name: string): boolean => existsSync(join(folder, name));
  return {
    id,
    alert: Alert.parse(json('alert.json')),
    commits: z.array(Commit).parse(json('context/commits.json')),
    deploys: has('context/deploys.json') ? z.array(Deploy).parse(json('context/deploys.json')) : [],
    flags: has('context/flags.json') ? z.array(Flag).parse(json('context/flags.json')) : [],
    spans: has('traces.json') ? z.array(Span).parse(json('traces.json')) : [],
    samples: readSamples(readFileSync(join(folder, 'metrics.csv'), 'utf8')),
    logs: readLogs(readFileSync(join(folder, 'logs.ndjson'), 'utf8')),
    statusFeed: has('status_feed.json') ? json('status_feed.json') : undefined,
  };
}

function readSamples(text: string): Case['samples'] {
  const [, ...rows] = text.trim().split('\n');
  return rows.map((row) => {
    const [at = '', service = '', metric = '', value = ''] = row.trim().split(',');
    return { at, service, metric, value: value === '' || Number.isNaN(Number(value)) ? null : Number(value) };
  });
}

const Line = z.object({ timestamp: z.string(), service: z.string() });

function readLogs(text: string): Case['logs'] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { timestamp, service } = Line.parse(JSON.parse(line));
      return { at: timestamp, service, text: line };
    });
}
