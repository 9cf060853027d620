/** A small made-up world that answers questions: metrics from functions of time, a real git repository, probes, log lines. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Alert } from '../domain/alert.ts';
import type { Facts } from '../domain/facts.ts';
import type { EarlierIncident } from '../domain/memory.ts';
import type { Question } from '../domain/question.ts';
import { type Registry, type Service, unregisteredService } from '../domain/service.ts';
import type { ChangedFile, Commit, LogLine, Observation, Probe, Series, Telemetry } from '../domain/telemetry.ts';
import { plusSeconds, secondsBetween } from '../lib/time.ts';
import { analyze } from './analyze.ts';
import type { AnalysisContext } from './context.ts';
import { LEAD_ROUNDS, leadFollower, openingQuestions } from './questions.ts';

/** When the failure begins, when the alert fires, when the run looks. */
export const ONSET = '2026-03-02T09:58:05.000Z';
export const ALERTED_AT = '2026-03-02T09:59:20.000Z';
export const NOW = '2026-03-02T10:01:30.000Z';
export const FROM = '2026-03-02T08:59:20.000Z';
const STEP_SECONDS = 15;

export interface World {
  readonly service: Service;
  readonly registry: Registry;
  readonly alerts: readonly Alert[];
  /** `service metric` → series; a metric that is missing has no series at all. `undefined`: there is no Prometheus. */
  readonly metrics: Readonly<Record<string, readonly Series[]>> | undefined;
  /** `service health` → answer; missing: not configured. */
  readonly probes: Readonly<Record<string, Partial<Probe>>>;
  /** undefined: no log source answers. */
  readonly logs: readonly LogLine[] | undefined;
  /** Of services beside the alerting one; missing: empty. */
  readonly logsOfOthers?: Readonly<Record<string, readonly LogLine[]>>;
  readonly repository: Repository | undefined;
  /** Whose the repository is; undefined: everybody's. */
  readonly repositoryOf?: string;
  /** Undefined: none. */
  readonly earlier?: readonly EarlierIncident[];
}

export interface Repository {
  readonly folder: string;
  readonly servicePath: string;
  /** Oldest first. */
  readonly hashes: readonly string[];
  readonly deployed: string;
}

export function alertOf(name: string, service: string, summary: string, severity = 'warning'): Alert {
  return {
    status: 'firing',
    labels: { alertname: name, service, severity },
    annotations: { summary },
    startsAt: ALERTED_AT,
    fingerprint: `${name}-${service}`,
    format: 'alertmanager',
    receivedAt: ALERTED_AT,
  };
}

export function serviceOf(name: string, more: Partial<Service> = {}): Service {
  return { ...unregisteredService(name), healthUrl: `http://localhost:9000/health`, language: 'typescript', ...more };
}

export function contextOf(world: World): AnalysisContext {
  return {
    alerts: world.alerts,
    service: world.service,
    registered: world.registry.services.some(({ name }) => name === world.service.name),
    registry: world.registry,
    window: { from: FROM, to: NOW },
    openedAt: ALERTED_AT,
    provisionalOnset: plusSeconds(ALERTED_AT, -60),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  };
}

/** Of one round by itself. */
export function leads(observations: readonly Observation[], context: AnalysisContext): Question[] {
  return leadFollower(context)(observations);
}

/** As the pipeline does it: wide, then rounds of leads. */
export function observe(world: World): Observation[] {
  const context = contextOf(world);
  const follow = leadFollower(context);
  let seen = openingQuestions(context).map((question) => answerOf(question, world));
  for (let round = 0; round < LEAD_ROUNDS; round += 1) {
    const further = follow(seen);
    if (further.length === 0) break;
    seen = [...seen, ...further.map((question) => answerOf(question, world))];
  }
  return seen;
}

export function investigate(world: World): Facts {
  return analyze(observe(world), contextOf(world));
}

/** A sample every 15 s; `value` gets the seconds since the onset, negative before it. */
export function seriesOf(metric: string, labels: Record<string, string>, value: (seconds: number) => number): Series {
  const points: Series['points'] = [];
  for (let at = FROM; secondsBetween(at, NOW) >= 0; at = plusSeconds(at, STEP_SECONDS))
    points.push({ at, value: value(secondsBetween(ONSET, at)) });
  return { metric, labels, points };
}

/** Requests of one route: so many per second, of which a share fails from the onset on. */
export function requestsOf(service: string, handler: string, perSecond: number, failingRatio: number): Series[] {
  const all = (seconds: number) => Math.floor((seconds + 7200) * perSecond);
  const failed = (seconds: number) => (seconds <= 0 ? 0 : Math.floor(seconds * perSecond * failingRatio));
  const labels = { service, handler, method: 'GET' };
  return [
    seriesOf('http_requests_total', { ...labels, status: '2xx' }, (seconds) => all(seconds) - failed(seconds)),
    seriesOf('http_requests_total', { ...labels, status: '5xx' }, failed),
  ];
}

/** One JSON line as the services write them. */
export function jsonLine(service: string, at: string, level: string, message: string, fields: object = {}): LogLine {
  return {
    at,
    stream: `{service="${service}"}`,
    text: JSON.stringify({ time: at, level, service, message, ...fields }),
  };
}

export function answerOf(question: Question, world: World): Observation {
  const name = question.service.name;
  switch (question.kind) {
    case 'metric':
      if (!world.metrics)
        return missing(question, 'prometheus', 'PROMETHEUS_URL is not set', `${question.metric} of ${name}`);
      return answered(question, 'prometheus', `${question.metric}{service="${name}"}`, {
        series: [...(world.metrics[`${name} ${question.metric}`] ?? [])],
      });
    case 'earlier-incidents':
      return answered(question, 'memory', 'SELECT', { earlierIncidents: [...(world.earlier ?? [])] });
    case 'metric-names': {
      if (!world.metrics) return missing(question, 'prometheus', 'PROMETHEUS_URL is not set', `the metrics of ${name}`);
      const keys = Object.keys(world.metrics).filter((key) => key.startsWith(`${name} `));
      return answered(question, 'prometheus', `{service="${name}"}`, {
        metricNames: keys.map((key) => key.slice(name.length + 1)).sort(),
      });
    }
    case 'targets': {
      if (!world.metrics)
        return missing(question, 'prometheus', 'PROMETHEUS_URL is not set', `the scrape targets of ${name}`);
      const isUp = world.metrics[`${name} up`]?.[0]?.points.at(-1)?.value === 1;
      const target = { url: `http://${name}:9000/metrics`, health: isUp ? 'up' : 'down', lastError: '' } as const;
      return answered(question, 'prometheus', '/api/v1/targets', {
        targets: world.metrics[`${name} up`] ? [target] : [],
      });
    }
    case 'probe': {
      const probe = world.probes[`${name} ${question.of}`];
      if (!probe)
        return missing(question, 'health', `${name} has no ${question.of} address`, `the ${question.of} of ${name}`);
      const url = `http://localhost:9000/${question.of}`;
      const full = { of: question.of, url, at: NOW, detail: '', durationMilliseconds: 12, body: '', ...probe };
      return answered(question, 'health', `curl -i ${url}`, { probe: full });
    }
    case 'logs':
      if (!world.logs) return missing(question, 'loki', 'LOKI_URL is not set', `log lines of ${name}`);
      return answered(question, 'loki', `{service="${name}"}`, {
        logLines: [...(name === world.service.name ? world.logs : (world.logsOfOthers?.[name] ?? []))],
      });
    default:
      if (!world.repository || (world.repositoryOf ?? name) !== name)
        return missing(question, 'git', `${name} has no repo_path`, `the code of ${name}`);
      return answered(question, 'git', `git ${question.kind}`, askGit(question, world.repository));
  }
}

function answered(question: Question, source: string, query: string, telemetry: Partial<Telemetry>): Observation {
  return { question, answer: { source, query, telemetry, gaps: [] } };
}

function missing(question: Question, source: string, detail: string, unknown: string): Observation {
  const gap = { source, query: '', reason: 'not-configured' as const, detail, unknown };
  return { question, answer: { source, query: '', telemetry: {}, gaps: [gap] } };
}

// ─── the repository ───────────────────────────────────────────────────────────────────────────────────────────────

export type Tree = Readonly<Record<string, string>>;
export interface Step {
  readonly message: string;
  readonly hoursAgo: number;
  /** What becomes of the files; a file that is left out is deleted. */
  readonly change: (tree: Tree) => Tree;
}

/** Builds a real repository in a temporary folder; `remove` deletes it. */
export function buildRepository(steps: readonly Step[], servicePath: string): Repository & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'world-'));
  const git = (command: readonly string[], env = {}) =>
    execFileSync('git', ['-C', folder, '-c', 'core.hooksPath=/dev/null', ...command], {
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...env },
    });
  git(['init', '--quiet', '--initial-branch=main']);
  let tree: Tree = {};
  const hashes: string[] = [];
  for (const { message, hoursAgo, change } of steps) {
    const next = change(tree);
    for (const path of Object.keys(tree)) if (!(path in next)) rmSync(join(folder, path));
    for (const [path, text] of Object.entries(next)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    tree = next;
    const at = plusSeconds(ONSET, -hoursAgo * 3600);
    git(['add', '--all']);
    const author = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com'];
    git([...author, 'commit', '--quiet', '-m', message], { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at });
    hashes.push(git(['rev-parse', 'HEAD']).trim());
  }
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { folder, servicePath, hashes, deployed: hashes.at(-1) ?? '', remove };
}

function askGit(question: Question, repository: Repository): Partial<Telemetry> {
  const git = (command: readonly string[]) =>
    execFileSync('git', ['-C', repository.folder, ...command], { encoding: 'utf8', maxBuffer: 64_000_000 });
  const state = {
    root: repository.folder,
    head: repository.hashes.at(-1) ?? '',
    deployedRevision: repository.deployed,
    deployedFrom: 'registry' as const,
    servicePath: repository.servicePath,
    shallow: false,
  };
  switch (question.kind) {
    case 'history': {
      const path = question.scope === 'repository' ? '.' : repository.servicePath || '.';
      const hashes = git(['log', '--format=%H', '--', path]).trim().split('\n');
      return { repository: state, commits: hashes.map((hash) => commitOf(hash, git)) };
    }
    case 'files':
      return {
        repository: state,
        paths: git(['ls-tree', '-r', '-z', '--name-only', repository.deployed])
          .split('\0')
          .filter((path) => path !== ''),
      };
    case 'file-lines': {
      const lines = git(['show', `${question.revision}:${question.path}`])
        .replace(/\n$/, '')
        .split('\n');
      const { path, revision, fromLine: firstLine, toLine } = question;
      return {
        code: { path, revision, firstLine, lines: lines.slice(firstLine - 1, toLine), totalLines: lines.length },
      };
    }
    case 'blame': {
      const total = git(['show', `${question.revision}:${question.path}`])
        .replace(/\n$/, '')
        .split('\n').length;
      const range = `${question.fromLine},${Math.min(total, question.toLine)}`;
      const text = git(['blame', '-w', '--line-porcelain', '-L', range, question.revision, '--', question.path]);
      const blame = [...text.matchAll(/^([0-9a-f]{40}) \d+ (\d+)(?: \d+)?\n(?:(?!\t).*\n)*?committer-time (\d+)/gm)];
      return {
        blame: blame.map(([, hash = '', line, time]) => ({
          path: question.path,
          line: Number(line),
          hash,
          committedAt: new Date(Number(time) * 1000).toISOString(),
        })),
      };
    }
    case 'grep': {
      const rows = spawnSync('git', ['-C', repository.folder, 'grep', '-nFI', '-e', question.text, question.revision], {
        encoding: 'utf8',
      }).stdout.trim();
      const matches = rows === '' ? [] : rows.split('\n').map((row) => /^[^:]*:(.*?):(\d+):(.*)$/.exec(row) ?? []);
      return { matches: matches.map(([, path = '', line = '1', text = '']) => ({ path, line: Number(line), text })) };
    }
    case 'events':
      return { events: [] };
    default:
      return {};
  }
}

/** A hash means the same in every repository, and git is what costs the time. */
const readBefore = new Map<string, Commit>();

function commitOf(hash: string, git: (command: readonly string[]) => string): Commit {
  const commit = readBefore.get(hash) ?? readCommit(hash, git);
  readBefore.set(hash, commit);
  return commit;
}

function readCommit(hash: string, git: (command: readonly string[]) => string): Commit {
  const [committedAt = '', authoredAt = '', subject = '', parents = ''] = git([
    'show',
    '-s',
    '--format=%cI%x00%aI%x00%s%x00%P',
    hash,
  ])
    .trim()
    .split('\0');
  const diff = git(['show', '--format=', '--no-renames', hash]);
  const files = diff
    .split(/^diff --git /m)
    .slice(1)
    .map((part): ChangedFile => {
      const path = /^a\/.* b\/(.*)$/m.exec(part)?.[1] ?? '';
      const status = /^new file/m.test(part) ? 'added' : /^deleted file/m.test(part) ? 'deleted' : 'modified';
      const at = part.indexOf('@@ ');
      return { path, status, patch: at === -1 ? '' : part.slice(at) };
    });
  return {
    hash,
    committedAt: inUtc(committedAt),
    authoredAt: inUtc(authoredAt),
    subject,
    parents: parents.split(' ').filter(Boolean),
    files,
  };
}

function inUtc(at: string): string {
  return new Date(at).toISOString();
}
