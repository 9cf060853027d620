/**
 * `full-incident.ts <repository> <repeats>`: one incident of 50 series, 100,000 log lines and a repository of 5,000
 * commits (large-repository.ts makes it), looked at and analysed again and again. Prints seconds and peak memory as JSON. `analyze` is the analysis of what was
 * collected; `look` is all of it, with git asked for real and metrics and logs answered from memory.
 */
import { createHash } from 'node:crypto';
import { git } from '../../apps/incident-agent-workflow/src/adapters/sources/git.ts';
import { systemClock } from '../../apps/incident-agent-workflow/src/adapters/system/clock.ts';
import { analyze } from '../../apps/incident-agent-workflow/src/analyze/analyze.ts';
import { analysisContext } from '../../apps/incident-agent-workflow/src/analyze/context.ts';
import {
  LEAD_ROUNDS,
  leadFollower,
  openingQuestions,
} from '../../apps/incident-agent-workflow/src/analyze/questions.ts';
import { collect } from '../../apps/incident-agent-workflow/src/collect/collect.ts';
import type { Incident } from '../../apps/incident-agent-workflow/src/domain/incident.ts';
import type { Service } from '../../apps/incident-agent-workflow/src/domain/service.ts';
import type { LogLine, Observation, Series } from '../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import type { Source } from '../../apps/incident-agent-workflow/src/ports.ts';
import { seededRandom } from '../score/statistics/seeded.ts';
import { GUILTY_FILE, ONSET } from './large-repository.ts';
import { plainLines } from './lines.ts';

const NOW = ONSET + 330_000;
const LINES = 100_000;

const [repository = '', repeats = '20'] = process.argv.slice(2);

const service: Service = {
  name: 'orders',
  healthUrl: 'http://127.0.0.1:9/health',
  logPaths: {},
  repositoryPath: repository,
  language: 'javascript',
  dependsOn: [],
  runbooks: [],
  owners: [],
  labels: {},
};
const registry = { services: [service] };
const sources: Source[] = [metricsFromMemory(series()), logsFromMemory(logLines()), git()];
const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const silent = { info() {}, warn() {}, error() {} };

const analyzeSeconds: number[] = [];
const lookSeconds: number[] = [];
let evidence = 0;
for (let round = 0; round <= Number(repeats); round += 1) {
  const context = analysisContext(incident(), { createdAt: new Date(NOW).toISOString() }, { registry, digest });
  const options = {
    deadlineMilliseconds: 20_000,
    clock: systemClock,
    log: silent,
    signal: AbortSignal.timeout(60_000),
  };
  const began = performance.now();
  let seen: Observation[] = await collect(openingQuestions(context), sources, options);
  const leads = leadFollower(context);
  for (let asked = 0; asked < LEAD_ROUNDS; asked += 1) {
    const further = leads(seen);
    if (further.length === 0) break;
    seen = [...seen, ...(await collect(further, sources, options))];
  }
  const facts = analyze(seen, context);
  const looked = (performance.now() - began) / 1_000;
  const fresh = analysisContext(incident(), { createdAt: new Date(NOW).toISOString() }, { registry, digest });
  const again = performance.now();
  analyze(seen, fresh);
  if (round === 0) continue; // warming up
  lookSeconds.push(looked);
  analyzeSeconds.push((performance.now() - again) / 1_000);
  evidence = facts.evidence.length;
}
const peakMegabytes = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(JSON.stringify({ analyzeSeconds, lookSeconds, peakMegabytes, evidence }));

function incident(): Incident {
  const startsAt = new Date(ONSET + 75_000).toISOString();
  return {
    id: 'INC-1',
    status: 'investigating',
    severity: 'critical',
    service: 'orders',
    title: 'Service5xxErrors',
    groupKey: 'orders',
    openedAt: startsAt,
    startedAt: startsAt,
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'Service5xxErrors', service: 'orders', severity: 'critical' },
        annotations: { summary: 'orders answers with errors' },
        startsAt,
        fingerprint: '0011223344556677',
        format: 'alertmanager',
        receivedAt: startsAt,
      },
    ],
  };
}

function metricsFromMemory(held: readonly Series[]): Source {
  return {
    name: 'prometheus',
    kinds: ['metric', 'metric-names'],
    async ask(question) {
      const answer = { source: 'prometheus', query: '{service="orders"}', gaps: [] };
      if (question.kind === 'metric-names')
        return { ...answer, telemetry: { metricNames: [...new Set(held.map(({ metric }) => metric))].sort() } };
      const metric = question.kind === 'metric' ? question.metric : '';
      return { ...answer, telemetry: { series: held.filter((one) => one.metric === metric) } };
    },
  };
}

function logsFromMemory(lines: readonly LogLine[]): Source {
  return {
    name: 'loki',
    kinds: ['logs'],
    ask: async () => ({ source: 'loki', query: '{service="orders"}', telemetry: { logLines: [...lines] }, gaps: [] }),
  };
}

/** 50 of them, 240 samples each: requests by route and status, durations, and what a process shows of itself. */
function series(): Series[] {
  const random = seededRandom(19);
  const gauges = ['db_pool_in_use', 'jobs_queue_depth', 'process_resident_memory_bytes', 'process_open_fds', 'up'];
  const routes = ['/items', '/items/:id', '/orders', '/orders/:id', '/prices', '/carts', '/search', '/pay'];
  const counted = routes.flatMap((handler) =>
    ['2xx', '3xx', '4xx', '5xx'].map((status) => ({
      metric: 'http_requests_total',
      labels: { service: 'orders', handler, method: 'GET', status },
      points: points((seconds, before) => {
        const rate = status === '2xx' ? 12 : status === '5xx' && handler === '/items' && seconds > 0 ? 3 : 0;
        return before + Math.floor(rate * 15 * (0.9 + 0.2 * random()));
      }),
    })),
  );
  const durations = ['sum', 'count'].flatMap((kind) =>
    routes.slice(0, 5).map((handler) => ({
      metric: `http_request_duration_seconds_${kind}`,
      labels: { service: 'orders', handler, method: 'GET' },
      points: points((_seconds, before) => before + (kind === 'count' ? 180 : 180 * 0.02 * (0.9 + 0.2 * random()))),
    })),
  );
  const levels = gauges.map((metric) => ({
    metric,
    labels: { service: 'orders' },
    points: points(() => (metric === 'up' ? 1 : 100 + Math.floor(10 * random()))),
  }));
  const others = [1, 2, 3].map((part) => ({
    metric: `nodejs_heap_space_${part}_bytes`,
    labels: { service: 'orders' },
    points: points(() => 1e7 * (1 + random())),
  }));
  return [...counted, ...durations, ...levels, ...others];
}

function points(value: (secondsSinceOnset: number, before: number) => number): Series['points'] {
  let before = 0;
  return Array.from({ length: 240 }, (_point, index) => {
    const at = NOW - (239 - index) * 15_000;
    before = value((at - ONSET) / 1_000, before);
    return { at: new Date(at).toISOString(), value: before };
  });
}

/** A quiet hour, then a crash in one of thirty requests. */
function logLines(): LogLine[] {
  const texts = plainLines(LINES);
  const step = (NOW - (NOW - 3_600_000)) / LINES;
  const stack = `TypeError: Cannot read properties of undefined (reading 'slice')\\n    at listItems (${repository}/${GUILTY_FILE}:3:15)\\n    at Server.emit (node:events:519:28)`;
  return texts.map((text, index) => {
    const at = NOW - 3_600_000 + index * step;
    const time = new Date(at).toISOString();
    const said =
      at > ONSET && index % 30 === 0
        ? `{"time":"${time}","level":"ERROR","service":"orders","message":"GET /items -> 500 (3 ms)","stack":"${stack}"}`
        : `${time}${text.slice(24)}`;
    return { at: time, stream: '{service="orders"}', text: said };
  });
}
