/** Three incidents as a run would have them, for the tests of everything that composes or renders reports. */
import type { Claim } from '../domain/claim.ts';
import type { Evidence, EvidenceOf } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Findings } from '../domain/finding.ts';
import type { Hypothesis } from '../domain/hypothesis.ts';
import type { Incident, Run } from '../domain/incident.ts';
import type { Report } from '../domain/report.ts';
import { type Composition, composeReport } from './compose.ts';

export const CASES = ['code', 'dependency', 'not-confirmed', 'unknown'] as const;
export type Case = (typeof CASES)[number];

export function exampleReport(name: Case): Report {
  return composeReport(exampleComposition(name));
}

export function exampleComposition(name: Case): Composition {
  return { ...COMMON, ...PARTS[name]() };
}

const DAY = '2026-11-12T';
const SERVICE = 'mongo-api-service';
const SUSPECT = 'a41f9c2d8e7b60514f3c2a1908d7e6f5b4c3a291';
const PARENT = '5d07b3e1c9a84f62b7d50e3f18a6c4920b7e5d31';
const OLD = '3c8e1d0b5f7a92864d1e0c3b7a95f26841d7c0be';
const WINDOW = { from: `${DAY}09:44:30.000Z`, to: `${DAY}10:45:02.000Z` };
const ONSET = `${DAY}10:42:10.000Z`;
const FIRED = `${DAY}10:44:30.000Z`;

const RUN: Run = {
  id: '0198b1d2-7c1e-7000-8000-3fa9c21b0001',
  pipelineId: '3FA9C21B',
  incidentId: 'INC-147',
  status: 'running',
  reason: 'alert',
  attempt: 1,
  createdAt: WINDOW.to,
};
const COMMON = {
  run: RUN,
  notes: [],
  checked: [],
  version: 1,
  generatedAt: `${DAY}10:45:03.214Z`,
  model: 'off (LLM_BASE_URL=off)',
  versions: { agent: '0.1.0', rules: '1' },
  urls: { incident: 'http://localhost:9100/incidents/INC-147?run=3FA9C21B' },
} satisfies Omit<Composition, 'incident' | 'facts' | 'findings'>;

type Parts = Pick<Composition, 'incident' | 'facts' | 'findings'> & Partial<Composition>;
const PARTS: Record<Case, () => Parts> = {
  code: codeCase,
  dependency: dependencyCase,
  'not-confirmed': notConfirmedCase,
  unknown: unknownCase,
};

function claim(text: string, ...cites: string[]): Claim {
  return { text, cites };
}

function incident(alertname: string, summary: string, severity: 'critical' | 'warning'): Incident {
  return {
    id: 'INC-147',
    status: 'diagnosed',
    severity,
    service: SERVICE,
    title: summary,
    groupKey: SERVICE,
    openedAt: `${DAY}10:44:31.020Z`,
    startedAt: FIRED,
    alerts: [
      {
        status: 'firing',
        labels: { alertname, service: SERVICE, severity },
        annotations: { summary },
        startsAt: FIRED,
        fingerprint: '9f3ac2d17b60e581',
        generatorUrl: 'http://localhost:9090/graph?g0.expr=up',
        format: 'alertmanager',
        receivedAt: `${DAY}10:44:31.000Z`,
      },
    ],
  };
}

const ORIGIN = { window: WINDOW, digest: 'b1946ac92492d234', service: SERVICE };

function alertEvidence(name: string, summary: string): Evidence {
  return {
    ...ORIGIN,
    id: 'E1',
    kind: 'alert',
    title: `${name} fired at 10:44:30: “${summary}”`,
    source: 'alertmanager',
    query: '',
    data: { alerts: [{ name, status: 'firing', startsAt: FIRED, summary }], alertCount: 1 },
  };
}

/** One point each 15 s over the window; `level` after the onset, a little uneven as real ones are. */
function points(before: number, level: number, unevenness: number): { at: string; value: number }[] {
  const start = Date.parse(WINDOW.from);
  return Array.from({ length: 242 }, (_unused, index) => {
    const at = start + index * 15_000;
    const wave = ((index * 7919) % 13) / 13 - 0.5;
    const since = at - Date.parse(ONSET);
    const rise = Math.min(1, Math.max(0, since / 30_000));
    return {
      at: new Date(at).toISOString(),
      value: before + (level - before) * rise + wave * unevenness * (rise || 0.2),
    };
  });
}

type MetricChange = Partial<EvidenceOf<'metric'>['data']> & { id: string; title: string; query: string };
function metric({ id, title, query, ...change }: MetricChange): Evidence {
  return {
    ...ORIGIN,
    id,
    kind: 'metric',
    title,
    source: 'prometheus',
    query,
    data: {
      metric: 'http_requests_total',
      family: 'errors',
      unit: '1',
      points: points(0, 0.38, 0.02).map(({ at, value }) => ({ at, value: Math.max(0, value) })),
      baselineMedian: 0,
      incidentMedian: 0.38,
      incidentExtreme: 0.39,
      score: 61.2,
      direction: 'up',
      onset: ONSET,
      lastValue: 0.38,
      ...change,
    },
  };
}

function probe(id: string, of: 'health' | 'ready', httpStatus: number, body: string): Evidence {
  const name = of === 'health' ? 'health' : 'readiness';
  return {
    ...ORIGIN,
    id,
    kind: 'probe',
    title: `The ${name} address of ${SERVICE} answered ${httpStatus} at 10:45:02`,
    source: 'health',
    query: `curl -i --max-time 3 http://localhost:9000/health${of === 'ready' ? '/ready' : ''}`,
    data: {
      of,
      url: `http://localhost:9000/health${of === 'ready' ? '/ready' : ''}`,
      at: `${DAY}10:45:02.131Z`,
      httpStatus,
      detail: '',
      durationMilliseconds: 4,
      body,
    },
  };
}

const ERROR_TEXT = "TypeError: Cannot read properties of undefined (reading 'name')";
const STACK = [
  ERROR_TEXT,
  '    at listItems (/app/src/routes/items.ts:42:52)',
  '    at asyncRoute (/app/src/middleware/async.ts:9:18)',
  '    at preHandlerCallback (/app/node_modules/fastify/lib/handleRequest.js:137:37)',
  '    at validationCompleted (/app/node_modules/fastify/lib/handleRequest.js:121:7)',
  '    at preValidationCallback (/app/node_modules/fastify/lib/handleRequest.js:98:5)',
  '    at handler (/app/node_modules/fastify/lib/handleRequest.js:72:7)',
];
const LOG_LINE = `{"time":"${DAY}10:42:10.214Z","level":"ERROR","service":"${SERVICE}","message":"GET /items/ -> 500 (3 ms)","error":"${ERROR_TEXT}"}`;

const LOGS: EvidenceOf<'logs'> = {
  ...ORIGIN,
  id: 'E3',
  kind: 'logs',
  title: `1,204 lines of one new pattern since 10:42:10, none before: “GET <*> -> 500 (<*> ms)”`,
  source: 'loki',
  query: `{service="${SERVICE}"}`,
  data: {
    template: 'GET <*> -> 500 (<*> ms) TypeError: Cannot read properties of undefined (reading <*>)',
    level: 'error',
    baselineCount: 0,
    incidentCount: 1204,
    firstAt: `${DAY}10:42:10.214Z`,
    lastAt: `${DAY}10:44:59.846Z`,
    samples: [
      { at: `${DAY}10:42:10.214Z`, stream: 'logs/service.log', line: 88213, text: LOG_LINE },
      {
        at: `${DAY}10:42:10.377Z`,
        stream: 'logs/service.log',
        line: 88215,
        text: LOG_LINE.replace('10.214', '10.377'),
      },
      {
        at: `${DAY}10:44:59.846Z`,
        stream: 'logs/service.log',
        line: 90617,
        text: LOG_LINE.replace('42:10.214', '44:59.846'),
      },
    ],
    context: [
      `{"time":"${DAY}10:42:09.801Z","level":"INFO","service":"${SERVICE}","message":"GET /health -> 200 (1 ms)"}`,
      LOG_LINE,
    ],
  },
};

const TRACE: Evidence = {
  ...ORIGIN,
  id: 'E4',
  kind: 'stack-trace',
  title: 'TypeError at src/routes/items.ts:42 in listItems, 1,204 times since 10:42:10, never before',
  source: 'loki',
  query: `{service="${SERVICE}"}`,
  data: {
    language: 'javascript',
    type: 'TypeError',
    message: "Cannot read properties of undefined (reading 'name')",
    frames: STACK.slice(1).map((text) => {
      const [, name = '', file = '', line = '0', column = '0'] = /at (\S+) \((.*):(\d+):(\d+)\)/.exec(text) ?? [];
      const inApp = !file.includes('node_modules');
      const path = inApp ? file.replace('/app/', '') : null;
      return { file, line: Number(line), column: Number(column), function: name, inApp, repositoryPath: path };
    }),
    crashFrame: 0,
    fingerprint: 'd2f1a06b93c4',
    count: 1204,
    baselineCount: 0,
    firstAt: `${DAY}10:42:10.214Z`,
    lastAt: `${DAY}10:44:59.846Z`,
    request: { method: 'GET', path: '/items/', status: 500 },
    stream: 'logs/service.log',
    line: 88213,
    text: STACK,
  },
};

const SOURCE_LINES = [
  "import type { FastifyReply, FastifyRequest } from 'fastify';",
  "import { config } from '../config.ts';",
  "import { database } from '../database.ts';",
  '',
  '/** Items, newest first, a page at a time. */',
  'export async function listItems(request: FastifyRequest, reply: FastifyReply) {',
  '  const page = Number(pageOf(request.query) ?? 1);',
  '  const skip = (page - 1) * config.pageSize;',
  '  const db = await database();',
  '',
  '  const collection = db.collection(config.itemsCollection.name);',
  '  const items = await collection.find({}).sort({ created_at: -1 }).skip(skip).limit(config.pageSize).toArray();',
  '  return reply.send({ page, items });',
  '}',
];
const CODE: Evidence = {
  ...ORIGIN,
  id: 'E5',
  kind: 'code',
  title:
    'src/routes/items.ts:42 reads “const collection = db.collection(config.itemsCollection.name);”, last changed by 3c8e1d0',
  source: 'git',
  query: `git show ${SUSPECT}:src/routes/items.ts | sed -n 32,45p`,
  data: {
    path: 'src/routes/items.ts',
    revision: SUSPECT,
    firstLine: 32,
    lines: SOURCE_LINES,
    totalLines: 118,
    highlightedLine: 42,
    blame: SOURCE_LINES.map((_text, index) => ({
      path: 'src/routes/items.ts',
      line: 32 + index,
      hash: index === 6 ? '88f02ab4d1c7e60935f2a8b7c1d4e5f60718293a' : OLD,
      committedAt: index === 6 ? '2026-09-20T08:12:00.000Z' : '2026-06-03T14:30:00.000Z',
    })),
  },
};

const PATCH = `@@ -12,5 +12,7 @@ export const config = load({
   mongoUri: env('MONGO_URI'),
-  itemsCollection: { name: 'items' },
-  categoriesCollection: { name: 'categories' },
+  collections: {
+    items: { name: 'items' },
+    categories: { name: 'categories' },
+  },
   pageSize: 50,
 });`;
const COMMIT: Evidence = {
  ...ORIGIN,
  id: 'E6',
  kind: 'commit',
  title:
    'Commit a41f9c2 “config: group the collections” changed src/config.ts and src/routes/categories.ts 4 min before the failure began',
  source: 'git',
  query: `git show ${SUSPECT}`,
  data: {
    hash: SUSPECT,
    committedAt: `${DAY}10:38:02.000Z`,
    authoredAt: `${DAY}10:37:40.000Z`,
    subject: 'config: group the collections',
    parents: [PARENT],
    minutesBeforeOnset: 4,
    files: [
      { path: 'src/config.ts', status: 'modified', patch: PATCH },
      {
        path: 'src/routes/categories.ts',
        status: 'modified',
        patch:
          '@@ -18,1 +18,1 @@ export async function listCategories() {\n-  const collection = db.collection(config.categoriesCollection.name);\n+  const collection = db.collection(config.collections.categories.name);',
      },
    ],
  },
};
const HISTORY: Evidence = {
  ...ORIGIN,
  id: 'E7',
  kind: 'history',
  title: '3 commits touched mongo-api-service; a41f9c2 is deployed',
  source: 'git',
  query: `git log --since=2026-10-29T10:44:30Z ${SUSPECT} -- .`,
  data: {
    commitCount: 3,
    deployedRevision: SUSPECT,
    deployedFrom: 'metric',
    commits: [
      {
        hash: SUSPECT,
        committedAt: `${DAY}10:38:02.000Z`,
        subject: 'config: group the collections',
        fileCount: 2,
        suspicion: 0.91,
      },
      {
        hash: PARENT,
        committedAt: '2026-11-11T16:02:44.000Z',
        subject: 'docs: how to add an item',
        fileCount: 1,
        suspicion: 0.01,
      },
      {
        hash: OLD,
        committedAt: '2026-11-03T09:20:10.000Z',
        subject: 'items: newest first',
        fileCount: 1,
        suspicion: 0.03,
      },
    ],
  },
};

function cause(kind: 'code' | 'dependency' | 'none', change: Partial<Hypothesis['cause']> = {}): Hypothesis['cause'] {
  return { kind, class: null, service: SERVICE, dependency: null, commit: null, file: null, line: null, ...change };
}

function hypothesis(id: string, confidence: number, statement: Claim, change: Partial<Hypothesis>): Hypothesis {
  return {
    id,
    confidence,
    statement,
    cause: cause('code'),
    groups: ['logs'],
    supporting: [],
    contradicting: [],
    wouldChange: [],
    actions: [],
    ...change,
  };
}

const LOKI_GAP = {
  id: 'G1',
  source: 'alertmanager',
  query: 'GET /api/v2/silences',
  reason: 'timeout' as const,
  detail: 'no answer within 2 s; is ALERTMANAGER_URL right?',
  unknown: 'whether somebody silenced a related alert',
};
const RUNBOOK_GAP = {
  id: 'G2',
  source: 'loki',
  query: `{service="weather-app1"}`,
  reason: 'not-configured' as const,
  detail: 'LOKI_URL is not set; the log files were read instead',
  unknown: 'log lines of weather-app1',
  coveredBy: 'log-files',
};

const NOTHING: Facts = {
  service: SERVICE,
  registered: true,
  alertConfirmed: 'unknown',
  alertCheck: claim('Whether the alert holds could not be checked.', 'E1'),
  window: WINDOW,
  onset: null,
  repository: null,
  evidence: [],
  gaps: [LOKI_GAP, RUNBOOK_GAP],
  hypotheses: [],
  ruledOut: [],
  notChecked: [],
  timeline: [],
};
const REPOSITORY: Facts['repository'] = {
  root: '/srv/mongo-api-service',
  head: SUSPECT,
  deployedRevision: SUSPECT,
  deployedFrom: 'metric',
  servicePath: 'apps/mongo-api-service',
  shallow: false,
  remoteUrl: 'https://github.com/example/services',
};

const CODE_HYPOTHESIS = hypothesis(
  'H1',
  0.87,
  claim(
    'Commit a41f9c2 likely broke GET /items/: it renamed a setting that src/routes/items.ts:42 still reads, so every call fails with a TypeError.',
    'E4',
    'E5',
    'E6',
  ),
  {
    cause: cause('code', { class: 'code-error', commit: SUSPECT, file: 'src/routes/items.ts', line: 42 }),
    groups: ['metrics', 'logs', 'traces', 'change'],
    supporting: [
      claim('The share of failing requests rose from 0 % to 38 % at 10:42:10, 4 min after the commit.', 'E2', 'E6'),
      claim('A new log pattern begins at 10:42:10 and has 1,204 lines; there was none before.', 'E3'),
      claim('All 1,204 stack traces end in listItems at src/routes/items.ts:42.', 'E4'),
      claim('The line reads itemsCollection, which the commit removed from src/config.ts.', 'E5', 'E6'),
    ],
    contradicting: [claim('Line 42 itself is five months old.', 'E5')],
    wouldChange: [
      'Errors that stop within 2 min of a roll-back would raise it to 95 %',
      'Errors that go on after a roll-back would drop it below 40 %',
    ],
    actions: ['Roll back to the revision before a41f9c2: `git revert --no-edit a41f9c2` and deploy'],
  },
);

function codeFacts(): Facts {
  return {
    ...NOTHING,
    alertConfirmed: 'confirmed',
    alertCheck: claim('The alert holds: 38 % of requests answered 5xx when it fired.', 'E1', 'E2'),
    onset: ONSET,
    repository: REPOSITORY,
    evidence: [
      alertEvidence('Service5xxErrors', 'mongo-api-service answers requests with 5xx'),
      metric({
        id: 'E2',
        title: 'The share of 5xx answers of mongo-api-service rose from 0 % to 38 % at 10:42:10, all on GET /items/',
        query: `sum by (handler, method, status) (rate(http_requests_total{service="${SERVICE}"}[1m]))`,
      }),
      LOGS,
      TRACE,
      CODE,
      COMMIT,
      HISTORY,
      probe('E8', 'ready', 200, '{"status":"ok","mongodb":"up"}'),
      metric({
        id: 'E9',
        title: 'mongo-api-service stayed up in the whole window',
        query: `up{service="${SERVICE}"}`,
        metric: 'up',
        family: 'availability',
        points: points(1, 1, 0).map(({ at }) => ({ at, value: 1 })),
        baselineMedian: 1,
        incidentMedian: 1,
        incidentExtreme: 1,
        score: 0,
        direction: 'flat',
        onset: null,
        lastValue: 1,
      }),
    ],
    hypotheses: [
      CODE_HYPOTHESIS,
      hypothesis('H2', 0.06, claim('Possibly a setting changed by hand at the same minute.', 'E3'), {
        cause: cause('code', { kind: 'config', class: 'bad-config' }),
        contradicting: [claim('The commit explains the missing setting.', 'E6')],
      }),
      hypothesis('H3', 0.02, claim('MongoDB does not answer.', 'E8'), {
        cause: cause('dependency', { class: 'dependency-refused', dependency: 'mongodb' }),
        contradicting: [claim('The readiness address answered 200 and reports MongoDB up.', 'E8')],
      }),
    ],
    ruledOut: [
      { what: 'MongoDB', because: claim('The readiness address answered 200 at 10:45:02.', 'E8') },
      { what: 'A crash or restart', because: claim('up stayed 1 in the whole window.', 'E9') },
    ],
    notChecked: [{ what: 'A change outside of the repository', because: 'no source for it is connected', cites: [] }],
    timeline: [
      {
        at: `${DAY}10:38:02.000Z`,
        kind: 'commit',
        text: 'Commit a41f9c2 “config: group the collections”',
        cites: ['E6'],
      },
      { at: ONSET, kind: 'onset', text: '5xx answers begin; a new log pattern starts', cites: ['E2', 'E3'] },
      { at: FIRED, kind: 'alert', text: 'Service5xxErrors fires', cites: ['E1'] },
      { at: `${DAY}10:45:02.131Z`, kind: 'probe', text: 'Readiness answers 200', cites: ['E8'] },
    ],
  };
}

function codeFindings(): Findings {
  return {
    quick: {
      claims: [claim('GET /items/ fails with a TypeError since 10:42:10.', 'E4')],
      checkFirst: ['What a41f9c2 changed in src/config.ts'],
    },
    route: { route: 'full', reason: 'a stack trace and a suspect commit' },
    triage: {
      service: SERVICE,
      registered: true,
      errorType: 'api_error',
      faultClass: 'code-error',
      impact: 'high',
      keyIndicators: [
        claim('38 % of requests fail, up from 0 %.', 'E2'),
        claim('One new error pattern, 1,204 lines.', 'E3'),
      ],
      blastRadius: ['weather-app1'],
      lookAt: ['The stack trace of GET /items/', 'Commits of the last hour'],
    },
    investigation: {
      order: [{ at: `${DAY}10:42:10.214Z`, kind: 'log', text: 'First TypeError in listItems', cites: ['E4'] }],
      health: claim('The service is up and ready; only GET /items/ fails.', 'E8', 'E2'),
      stackTrace: STACK.join('\n'),
      request: { method: 'GET', path: '/items/', status: 500, cite: 'E4' },
      logEvidence: [{ stream: 'logs/service.log', line: 88213, text: LOG_LINE, context: [], cite: 'E3' }],
      affected: ['GET /items/'],
      hypothesis: 'H1',
      confidence: 0.87,
      ruledOut: [],
      filesToCheck: ['src/routes/items.ts', 'src/config.ts'],
      claims: [claim('The failure began 4 min after a41f9c2 and has one stack trace.', 'E4', 'E6')],
    },
    code: {
      locations: [{ path: 'src/routes/items.ts', line: 42, function: 'listItems', cite: 'E4' }],
      rootCause: {
        status: 'located',
        path: 'src/routes/items.ts',
        line: 42,
        commit: SUSPECT,
        why: claim(
          'Line 42 reads config.itemsCollection, which a41f9c2 moved to config.collections.items; the value is undefined, so reading its name throws.',
          'E5',
          'E6',
        ),
      },
      affectedCode: [
        { path: 'src/routes/items.ts', line: 42, why: 'reads a setting that no longer exists', cite: 'E5' },
      ],
      fix: {
        kind: 'revert',
        commit: SUSPECT,
        text: 'Revert a41f9c2, which brings the old setting back.',
        commands: ['git revert --no-edit a41f9c2'],
        risk: 'Both files of the commit go back together; nothing after it touches them.',
      },
      nextSteps: [
        'Give the settings a type, so that a missing one fails before it is deployed',
        'Add a test that calls GET /items/',
      ],
    },
  };
}

function codeCase(): Parts {
  return {
    incident: incident('Service5xxErrors', 'mongo-api-service answers requests with 5xx', 'warning'),
    facts: codeFacts(),
    findings: codeFindings(),
    checked: [
      ...CODE_HYPOTHESIS.supporting.map((supported) => ({ ...supported, result: 'supported' as const, reason: '' })),
      {
        ...claim('Latency doubled at 10:41:00.', 'E2'),
        result: 'unsupported',
        reason: 'E2 holds no latency and nothing at 10:41:00',
      },
    ],
  };
}

const DOWN_TEXT = 'MongoDB check failed: MongoServerSelectionError: connect ECONNREFUSED 127.0.0.1:27017';
function dependencyFacts(): Facts {
  return {
    ...NOTHING,
    alertConfirmed: 'confirmed',
    alertCheck: claim('The alert holds: dependency_up of mongodb is 0 since 10:42:10.', 'E1', 'E2'),
    onset: ONSET,
    evidence: [
      alertEvidence('MongoDependencyDown', 'mongo-api-service cannot reach MongoDB'),
      metric({
        id: 'E2',
        title: 'The dependency mongodb of mongo-api-service is down since 10:42:10',
        query: `dependency_up{service="${SERVICE}",dependency="mongodb"}`,
        metric: 'dependency_up',
        family: 'dependency',
        points: points(1, 0, 0).map(({ at, value }) => ({ at, value: value < 0.99 ? 0 : 1 })),
        baselineMedian: 1,
        incidentMedian: 0,
        incidentExtreme: 0,
        direction: 'down',
        lastValue: 0,
      }),
      {
        ...LOGS,
        title: `35 lines of one new pattern since 10:42:10: “${DOWN_TEXT}”`,
        data: {
          ...LOGS.data,
          template: DOWN_TEXT,
          incidentCount: 35,
          samples: LOGS.data.samples.map((sample) => ({
            ...sample,
            text: sample.text.replace(/"message".*/, `"message":"${DOWN_TEXT}"}`),
          })),
        },
      },
      probe('E4', 'ready', 503, '{"status":"unavailable","mongodb":"down"}'),
      probe('E5', 'health', 200, '{"status":"ok"}'),
    ],
    hypotheses: [
      hypothesis(
        'H1',
        0.9,
        claim(
          'MongoDB very likely stopped taking connections: mongo-api-service is refused, so every request that needs data fails.',
          'E2',
          'E3',
          'E4',
        ),
        {
          cause: cause('dependency', { class: 'dependency-refused', dependency: 'mongodb' }),
          groups: ['metrics', 'logs', 'direct state'],
          supporting: [
            claim('dependency_up of mongodb fell from 1 to 0 at 10:42:10.', 'E2'),
            claim('The log names ECONNREFUSED 127.0.0.1:27017, 35 lines, none before.', 'E3'),
            claim('Readiness answers 503 while health answers 200.', 'E4', 'E5'),
          ],
          wouldChange: ['A MongoDB that answers on the same address would drop it below 40 %'],
          actions: [
            'Look whether MongoDB runs and start it: `docker compose up -d mongodb`',
            'Watch readiness: `curl -i http://localhost:9000/health/ready`',
          ],
        },
      ),
    ],
    ruledOut: [
      {
        what: 'The process of mongo-api-service itself',
        because: claim('Its health address answered 200 at 10:45:02.', 'E5'),
      },
    ],
    timeline: [
      { at: ONSET, kind: 'onset', text: 'dependency_up of mongodb falls to 0', cites: ['E2'] },
      { at: FIRED, kind: 'alert', text: 'MongoDependencyDown fires', cites: ['E1'] },
    ],
  };
}

function dependencyCase(): Parts {
  return {
    incident: incident('MongoDependencyDown', 'mongo-api-service cannot reach MongoDB', 'critical'),
    facts: dependencyFacts(),
    findings: {
      quick: {
        claims: [claim('MongoDB refuses connections since 10:42:10.', 'E3')],
        checkFirst: ['Whether MongoDB runs'],
      },
      route: { route: 'quick', reason: 'one dependency explains everything' },
      triage: {
        service: SERVICE,
        registered: true,
        errorType: 'service_error',
        faultClass: 'dependency-refused',
        impact: 'critical',
        keyIndicators: [claim('Readiness answers 503.', 'E4')],
        blastRadius: [],
        lookAt: ['MongoDB at 127.0.0.1:27017'],
      },
      code: {
        locations: [],
        rootCause: {
          status: 'outside-code',
          why: claim('The connection is refused by the other side; no line of ours is at fault.', 'E3'),
        },
        affectedCode: [],
        fix: {
          kind: 'operator-action',
          commit: null,
          text: 'Start MongoDB again.',
          commands: ['docker compose up -d mongodb'],
          risk: 'None for the service; it reconnects by itself.',
        },
        nextSteps: ['Find out why MongoDB stopped: its own log is not connected'],
      },
    },
    notes: [{ stage: 'investigation', note: 'timed out after 20 s, continuing with the deterministic finding' }],
  };
}

function notConfirmedCase(): Parts {
  const evidence: Evidence[] = [
    alertEvidence('ServiceDown', 'mongo-api-service is not responding'),
    metric({
      id: 'E2',
      title: 'mongo-api-service stayed up in the whole window',
      query: `up{service="${SERVICE}"}`,
      metric: 'up',
      family: 'availability',
      points: points(1, 1, 0).map(({ at }) => ({ at, value: 1 })),
      baselineMedian: 1,
      incidentMedian: 1,
      direction: 'flat',
      onset: null,
      lastValue: 1,
    }),
    probe('E3', 'health', 200, '{"status":"ok"}'),
  ];
  return {
    incident: incident('ServiceDown', 'mongo-api-service is not responding', 'critical'),
    facts: {
      ...NOTHING,
      evidence,
      alertConfirmed: 'not-confirmed',
      alertCheck: claim(
        'The alert is not confirmed: mongo-api-service was up in the whole window and its health address answered 200 at 10:45:02.',
        'E2',
        'E3',
      ),
      timeline: [{ at: FIRED, kind: 'alert', text: 'ServiceDown fires', cites: ['E1'] }],
    },
    findings: {
      quick: {
        claims: [claim('Nothing is wrong with mongo-api-service as far as was seen.', 'E2', 'E3')],
        checkFirst: ['Where the alert was sent from: its address is in the alert'],
      },
      route: { route: 'quick', reason: 'the alert is contradicted by what was seen' },
    },
  };
}

function unknownCase(): Parts {
  return {
    incident: incident('Service5xxErrors', 'mongo-api-service answers requests with 5xx', 'warning'),
    facts: {
      ...codeFacts(),
      evidence: codeFacts().evidence.slice(0, 3),
      ruledOut: [],
      hypotheses: [
        hypothesis(
          'H1',
          0.31,
          claim('Possibly a setting that is missing; a fault of the program is not excluded.', 'E3'),
          {
            cause: cause('code', { kind: 'config', class: 'bad-config' }),
            supporting: [claim('The share of failing requests rose to 38 %.', 'E2')],
            wouldChange: ['A stack trace would name the line'],
          },
        ),
        hypothesis('H2', 0.22, claim('Possibly a fault of the program.', 'E3'), {
          cause: cause('code', { class: 'code-error' }),
        }),
      ],
      timeline: codeFacts().timeline.filter(({ kind }) => kind !== 'commit' && kind !== 'probe'),
    },
    findings: {
      quick: {
        claims: [claim('5xx answers since 10:42:10, cause not known.', 'E2')],
        checkFirst: ['The first error lines at 10:42:10', 'What was deployed before 10:42:10'],
      },
      route: { route: 'full', reason: 'no cause stands out' },
    },
  };
}
