import { expect, test } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import type { Facts } from '../domain/facts.ts';
import type { Cause, Hypothesis } from '../domain/hypothesis.ts';
import * as codeAnalysis from './code-analysis.ts';
import * as investigation from './investigation.ts';
import { quickAnalysis } from './quick-analysis.ts';
import { chooseRoute, escalated } from './route.ts';
import * as triage from './triage.ts';

const WINDOW = { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T10:00:00.000Z' };
const HASH = '3f2a91c04b1d5e6f708192a3b4c5d6e7f8091a2b';
const COMMON = { source: 'test', query: '', window: WINDOW, digest: 'd', service: 'items-api' };

function alertSaying(severity: 'critical' | 'warning' | 'info', name = 'Service5xxErrors'): Evidence {
  const alert = { name, status: 'firing' as const, startsAt: WINDOW.to, summary: '', severity };
  return { ...COMMON, id: 'E1', kind: 'alert', title: `${name} fired`, data: { alerts: [alert], alertCount: 1 } };
}
function errors(share: number): Evidence {
  const figures = { baselineMedian: 0, incidentMedian: share, incidentExtreme: share, score: 9, lastValue: share };
  const told = {
    metric: 'http_requests_total',
    family: 'errors' as const,
    unit: '1',
    points: [],
    direction: 'up' as const,
  };
  return {
    ...COMMON,
    id: 'E2',
    kind: 'metric',
    title: '5xx share of items-api rose (GET /items/)',
    data: { ...told, ...figures, onset: WINDOW.from },
  };
}
function probe(httpStatus: number | undefined): Evidence {
  const data = {
    of: 'health' as const,
    url: 'http://x/health',
    at: WINDOW.to,
    detail: '',
    durationMilliseconds: 1,
    body: '',
  };
  return {
    ...COMMON,
    id: 'E3',
    kind: 'probe',
    title: 'The health address answered',
    data: httpStatus === undefined ? { ...data, failure: 'refused' } : { ...data, httpStatus },
  };
}
const TRACE: Evidence = {
  ...COMMON,
  id: 'E4',
  kind: 'stack-trace',
  title: 'TypeError at src/items.ts:42',
  data: {
    language: 'javascript',
    type: 'TypeError',
    message: 'x',
    frames: [
      { file: 'node:internal', line: 1, column: 1, function: null, inApp: false, repositoryPath: null },
      { file: '/app/src/items.ts', line: 42, column: 1, function: 'list', inApp: true, repositoryPath: 'src/items.ts' },
    ],
    crashFrame: 1,
    fingerprint: 'f',
    count: 3,
    baselineCount: 0,
    firstAt: WINDOW.from,
    lastAt: WINDOW.to,
    request: { method: 'GET', path: '/items/', status: 500 },
    stream: 's',
    line: 1,
    text: ['TypeError: x', '    at list (/app/src/items.ts:42:1)'],
  },
};

function hypothesisOf(cause: Partial<Cause>, confidence: number): Hypothesis {
  return {
    id: 'H1',
    cause: {
      kind: 'code',
      class: 'code-error',
      service: 'items-api',
      dependency: null,
      commit: null,
      file: null,
      line: null,
      ...cause,
    },
    statement: { text: 'Something happened.', cites: ['E4'] },
    confidence,
    groups: ['traces'],
    supporting: [{ text: 'Commit 3f2a91c wrote the line that fails.', cites: ['E4'] }],
    contradicting: [],
    wouldChange: ['Lowered by: x'],
    actions: ['Do this'],
  };
}
function factsWith(more: Partial<Facts>): Facts {
  return {
    service: 'items-api',
    registered: true,
    alertConfirmed: 'confirmed',
    alertCheck: { text: 'It is confirmed.', cites: ['E1'] },
    window: WINDOW,
    onset: WINDOW.from,
    repository: null,
    evidence: [],
    gaps: [],
    hypotheses: [],
    ruledOut: [],
    notChecked: [],
    timeline: [],
    ...more,
  };
}
const BLAMED = hypothesisOf({ commit: HASH, file: 'src/items.ts', line: 42 }, 0.84);
const MONGO_DOWN = hypothesisOf({ kind: 'dependency', class: 'dependency-refused', dependency: 'mongodb' }, 0.9);
const CALM = hypothesisOf({ kind: 'none', class: null }, 0.9);

test.each([
  {
    says: 'nothing but the alert',
    facts: { evidence: [alertSaying('critical')] },
    route: 'quick',
    why: 'nothing but the alert',
  },
  {
    says: 'a suspect commit',
    facts: { evidence: [TRACE], hypotheses: [BLAMED] },
    route: 'full',
    why: 'a commit is suspect',
  },
  {
    says: 'a dependency that is down',
    facts: { evidence: [TRACE], hypotheses: [MONGO_DOWN] },
    route: 'quick',
    why: 'MongoDB',
  },
  {
    says: 'doubt',
    facts: { evidence: [TRACE], hypotheses: [{ ...BLAMED, confidence: 0.5 }] },
    route: 'full',
    why: '50 %',
  },
  { says: 'no cause at all', facts: { evidence: [TRACE] }, route: 'full', why: 'no cause fits' },
  {
    says: 'a false alarm',
    facts: { evidence: [probe(200)], alertConfirmed: 'not-confirmed' as const, hypotheses: [CALM] },
    route: 'quick',
    why: 'not confirmed',
  },
])('$says takes the $route route and says why', ({ facts, route, why }) => {
  const choice = chooseRoute(factsWith(facts), ORDINARY);
  expect(choice.route).toBe(route);
  expect(choice.reason).toContain(why);
});

const ORDINARY = { severity: 'warning', budget: 'none' } as const;

test('a forced route wins over everything', () => {
  const blamed = factsWith({ evidence: [TRACE], hypotheses: [BLAMED] });
  expect(chooseRoute(blamed, { ...ORDINARY, forced: 'quick' }).route).toBe('quick');
  expect(chooseRoute(factsWith({}), { ...ORDINARY, forced: 'full' }).route).toBe('full');
});

const STOPPED = hypothesisOf({ kind: 'infrastructure', class: 'process-down' }, 0.8);

test.each([
  {
    says: 'an alert for information',
    facts: { hypotheses: [STOPPED] },
    inputs: { severity: 'info' as const },
    route: 'quick',
    why: 'for information',
  },
  {
    says: 'a critical one that is not very likely',
    facts: { hypotheses: [STOPPED] },
    inputs: { severity: 'critical' as const },
    route: 'full',
    why: 'critical',
  },
  {
    says: 'a critical one that is very likely',
    facts: { hypotheses: [MONGO_DOWN] },
    inputs: { severity: 'critical' as const },
    route: 'quick',
    why: 'MongoDB',
  },
  {
    says: 'doubt, with no money left',
    facts: { hypotheses: [{ ...STOPPED, confidence: 0.5 }] },
    inputs: { budget: 'used-up' as const },
    route: 'quick',
    why: 'used up',
  },
  {
    says: 'a suspect commit, with no money left',
    facts: { hypotheses: [BLAMED] },
    inputs: { budget: 'used-up' as const },
    route: 'full',
    why: 'a commit is suspect',
  },
])('$says takes the $route route', ({ facts, inputs, route, why }) => {
  const choice = chooseRoute(factsWith({ evidence: [TRACE], ...facts }), { ...ORDINARY, ...inputs });
  expect(choice.route).toBe(route);
  expect(choice.reason).toContain(why);
});

function memoryOf(cause: Cause | null, sameBy: 'trace' | 'alert' = 'trace', verdict?: 'right' | 'wrong'): Evidence {
  const feedback = verdict ? { pipelineId: '3FA9C21B', verdict, at: WINDOW.from } : null;
  const earlier = {
    id: 'INC-3',
    title: '',
    openedAt: WINDOW.from,
    resolvedAt: null,
    statement: null,
    cause,
    ending: null,
    feedback,
    matched: [],
  };
  return {
    ...COMMON,
    id: 'E9',
    kind: 'memory',
    title: 'It failed like this before',
    data: { sameBy, incidents: [earlier], days: 2 },
  };
}
const CRITICAL = { severity: 'critical', budget: 'none' } as const;

test.each([
  { says: 'the same cause', memory: memoryOf(STOPPED.cause), route: 'quick' },
  { says: 'the same cause, told to be wrong', memory: memoryOf(STOPPED.cause, 'trace', 'wrong'), route: 'full' },
  { says: 'another cause', memory: memoryOf(MONGO_DOWN.cause), route: 'full' },
  { says: 'no cause', memory: memoryOf(null), route: 'full' },
  { says: 'no more than the alert', memory: memoryOf(STOPPED.cause, 'alert'), route: 'full' },
])('what failed before with $says takes the $route route', ({ memory, route }) => {
  expect(chooseRoute(factsWith({ evidence: [TRACE, memory], hypotheses: [STOPPED] }), CRITICAL).route).toBe(route);
});

test.each([
  { says: 'that a person asked for', forced: 'quick' as const, isAskedFor: true, confidence: 0.5, route: 'full' },
  {
    says: 'that a person asked for and that is sure',
    forced: 'quick' as const,
    isAskedFor: true,
    confidence: 0.8,
    route: 'quick',
  },
  { says: 'of a storm', forced: 'quick' as const, isAskedFor: false, confidence: 0.5, route: 'quick' },
])('a quick run $says ends as $route', ({ forced, isAskedFor, confidence, route }) => {
  const facts = factsWith({ evidence: [TRACE], hypotheses: [{ ...STOPPED, confidence }] });
  const inputs = { ...ORDINARY, forced, isAskedFor };
  const choice = escalated(chooseRoute(facts, inputs), facts, inputs);
  expect(choice.route).toBe(route);
  const why = 'went on as full because the best cause found is only 50 %';
  expect(choice.reason.includes(why)).toBe(route === 'full');
});

test.each([
  { says: 'nobody answers', evidence: [alertSaying('warning'), probe(undefined)], impact: 'critical' },
  { says: 'every second request fails', evidence: [alertSaying('warning'), errors(0.5)], impact: 'critical' },
  { says: 'the rule says critical and it is confirmed', evidence: [alertSaying('critical')], impact: 'critical' },
  { says: 'every tenth request fails', evidence: [alertSaying('warning'), errors(0.1)], impact: 'high' },
  { says: 'few requests fail', evidence: [alertSaying('warning'), errors(0.02)], impact: 'medium' },
  { says: 'it is for information', evidence: [alertSaying('info')], impact: 'low' },
])('impact is $impact when $says', ({ evidence, impact }) => {
  expect(triage.agent.conclude(factsWith({ evidence }), {}).impact).toBe(impact);
});

test('an alert that is not confirmed has little impact, whatever its label says', () => {
  const facts = factsWith({ evidence: [alertSaying('critical')], alertConfirmed: 'not-confirmed', hypotheses: [CALM] });
  expect(triage.agent.conclude(facts, {}).impact).toBe('low');
});

test.each([
  { says: 'a crash in a request', more: { evidence: [TRACE], hypotheses: [BLAMED] }, type: 'api_error' },
  { says: 'a database that is down', more: { evidence: [TRACE], hypotheses: [MONGO_DOWN] }, type: 'service_error' },
  { says: 'nobody answering', more: { evidence: [probe(undefined)] }, type: 'service_error' },
  { says: 'a share of 5xx', more: { evidence: [alertSaying('warning'), errors(0.3)] }, type: 'api_error' },
  {
    says: 'an external API that fails',
    more: { hypotheses: [hypothesisOf({ kind: 'dependency', class: 'external-api-down' }, 0.7)] },
    type: 'api_error',
  },
])('$says is $type', ({ more, type }) => {
  expect(triage.agent.conclude(factsWith(more), {}).errorType).toBe(type);
});

test('the blast radius names the services that depend on it', () => {
  expect(triage.agent.conclude(factsWith({ dependents: ['shop', 'app'] }), {}).blastRadius).toEqual(['app', 'shop']);
});

test('a class below the abstain level is not handed on', () => {
  const facts = factsWith({ hypotheses: [{ ...BLAMED, confidence: 0.39 }] });
  expect(triage.agent.conclude(facts, {}).faultClass).toBeNull();
});

test('the investigation shows trace, request, endpoints and files', () => {
  const finding = investigation.agent.conclude(factsWith({ evidence: [errors(0.3), TRACE], hypotheses: [BLAMED] }), {});
  expect(finding).toMatchObject({
    stackTrace: 'TypeError: x\n    at list (/app/src/items.ts:42:1)',
    request: { method: 'GET', path: '/items/', status: 500, cite: 'E4' },
    affected: ['GET /items/'],
    filesToCheck: ['src/items.ts'],
    confidence: 0.84,
  });
});

test('a likely commit gets a revert with a command to copy', () => {
  const finding = codeAnalysis.agent.conclude(factsWith({ evidence: [TRACE], hypotheses: [BLAMED] }), {});
  expect(finding.rootCause).toMatchObject({ status: 'located', path: 'src/items.ts', line: 42, commit: HASH });
  expect(finding.fix).toMatchObject({ kind: 'revert', commit: HASH, commands: [`git revert --no-edit ${HASH}`] });
  expect(finding.fix.text).toContain('roll back');
  expect(finding.fix.risk).not.toBe('');
  expect(finding.locations).toEqual([{ path: 'src/items.ts', line: 42, function: 'list', cite: 'E4' }]);
});

test('a possible commit gets no revert', () => {
  const facts = factsWith({ evidence: [TRACE], hypotheses: [{ ...BLAMED, confidence: 0.5 }] });
  const { fix } = codeAnalysis.agent.conclude(facts, {});
  expect(fix.kind).not.toBe('revert');
  expect(fix.commands.join()).not.toContain('revert');
});

test('a dependency that is down is outside the code: an operator acts', () => {
  const finding = codeAnalysis.agent.conclude(factsWith({ evidence: [TRACE], hypotheses: [MONGO_DOWN] }), {});
  expect(finding.rootCause.status).toBe('outside-code');
  expect(finding.fix).toMatchObject({ kind: 'operator-action', commit: null, commands: [] });
});

test('without a cause there are alternatives and next steps, and no fix', () => {
  const facts = factsWith({ registered: false, evidence: [alertSaying('warning')] });
  const finding = codeAnalysis.agent.conclude(facts, {});
  expect(finding.rootCause).toEqual({ status: 'undetermined', alternatives: [facts.alertCheck] });
  expect(finding.fix.kind).toBe('none');
  expect(finding.nextSteps.join(' ')).toContain('service_registry.json');
});

test('a log without a line is no alternative', () => {
  const none: Evidence = {
    ...COMMON,
    id: 'E5',
    title: '0 lines of items-api in the window',
    kind: 'logs',
    data: {
      template: '<*>',
      level: 'info',
      baselineCount: 0,
      incidentCount: 0,
      firstAt: null,
      lastAt: null,
      samples: [],
      context: [],
    },
  };
  const facts = factsWith({ evidence: [none] });
  expect(codeAnalysis.agent.conclude(facts, {}).rootCause).toEqual({
    status: 'undetermined',
    alternatives: [facts.alertCheck],
  });
});

test('a gap is closed by what its detail says: the cure stands in it', () => {
  const gap = { id: 'G1', source: 'loki', query: '', reason: 'not-configured' as const };
  const facts = factsWith({ gaps: [{ ...gap, detail: 'LOKI_URL is not set', unknown: 'log lines of items-api' }] });
  expect(quickAnalysis(facts).checkFirst.at(-1)).toBe('See log lines of items-api (G1): LOKI_URL is not set');
});

test('quick analysis says what is known and what to check, even of nothing', () => {
  const nothing = quickAnalysis(factsWith({ registered: false }));
  expect(nothing.claims).toHaveLength(1);
  expect(nothing.checkFirst.length).toBeGreaterThan(0);
  const something = quickAnalysis(factsWith({ evidence: [TRACE], hypotheses: [BLAMED] }));
  expect(something.claims.map(({ text }) => text)).toContain(BLAMED.statement.text);
  expect(something.checkFirst).toContain('Do this');
});

test('each agent sums up for the log line', () => {
  const facts = factsWith({ evidence: [alertSaying('warning'), errors(0.3), TRACE], hypotheses: [BLAMED] });
  expect(triage.agent.summary(triage.agent.conclude(facts, {}))).toBe('type=api_error severity=high class=code-error');
  expect(investigation.agent.summary(investigation.agent.conclude(facts, {}))).toBe(
    'confidence=84 % stack_trace=found log_evidence=0',
  );
  expect(codeAnalysis.agent.summary(codeAnalysis.agent.conclude(facts, {}))).toBe(
    'root_cause=located location=src/items.ts:42 commit=3f2a91c fix=revert',
  );
});
