/** What is asked of the sources: the same questions for the same alert, in an order that also numbers the evidence. */
import type { Observed } from '../domain/evidence.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { findService } from '../domain/service.ts';
import type { Observation } from '../domain/telemetry.ts';
import { plusSeconds, secondsBetween } from '../lib/time.ts';
import { metricQuestion, neighbourQuestions } from './asking.ts';
import { codeLeads, HISTORY_SECONDS, MAX_COMMITS } from './code-leads.ts';
import type { AnalysisContext } from './context.ts';
import { spokenText, withoutFrames } from './crashes.ts';
import { possibleAskers, suspectedAskers } from './deep/askers.ts';
import { suspectedServices } from './deep/suspects.ts';
import { neighbourNamedIn } from './dependencies.ts';
import { revisionMetric } from './deploys.ts';
import { memoryQuestion } from './memory.ts';
import { chooseMetrics, chooseNeighbourMetrics, choosePlatformMetrics } from './metrics/choose-metrics.ts';
import { originalsLeads } from './originals-leads.ts';
import { observeTelemetry } from './producers.ts';

/** Four pages of Loki: more would cost the first insight its second. */
const MAX_LOG_LINES = 20_000;
const OWN_METRICS: readonly string[] = [
  'up',
  'dependency_up',
  'http_requests_total',
  'http_request_duration_seconds_sum',
  'http_request_duration_seconds_count',
  'process_start_time_seconds',
  'build_info',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_seconds',
];

/** The questions that need no answer before them: metrics, targets, probes, logs, history, files, then the dependencies. */
export function openingQuestions(context: AnalysisContext): Question[] {
  const { service, registry } = context;
  return [
    ...OWN_METRICS.map((metric) => metricQuestion(context, service, metric)),
    ...toldBy(service.deployedRevision).map((metric) => metricQuestion(context, service, metric)),
    { kind: 'metric-names', service, ...context.window },
    { kind: 'targets', service },
    { kind: 'probe', service, of: 'health' },
    // A service that is registered without a readiness address has none: that is known, not unseen.
    ...(service.readyUrl === undefined ? [] : [{ kind: 'probe' as const, service, of: 'ready' as const }]),
    { kind: 'logs', service, ...context.window, maxLines: MAX_LOG_LINES },
    {
      kind: 'history',
      service,
      since: plusSeconds(context.provisionalOnset, -HISTORY_SECONDS),
      until: context.window.to,
      maxCommits: MAX_COMMITS,
    },
    { kind: 'files', service },
    // Tags and deploys are looked for where there is a repository that they may name.
    ...(service.repositoryPath === undefined ? [] : [{ kind: 'events' as const, service, ...context.window }]),
    ...service.dependsOn.flatMap((name) => {
      const dependency = findService(registry, name);
      return dependency && dependency.name !== service.name ? neighbourQuestions(context, dependency) : [];
    }),
  ];
}

/** The metric that the registry names for the revision, where it is none of the usual ones. */
function toldBy(deployedRevision: string | undefined): string[] {
  const metric = revisionMetric(deployedRevision);
  return metric === undefined || OWN_METRICS.includes(metric) ? [] : [metric];
}

/** About one service in one round, metrics apart. */
const MAX_QUESTIONS = 24;

/** Rounds of further questions; each is asked of what the earlier ones brought. */
export const LEAD_ROUNDS = 7;

/**
 * Questions that the observations so far give rise to and that were not asked yet. Empty: there is nothing new to ask. Of
 * several rounds: what leads on from one service is worked out again only when more of it came in.
 */
export function leadFollower(context: AnalysisContext): (observations: readonly Observation[]) => Question[] {
  const followed = new Map<string, number>();
  return (observations) =>
    leadsIn(observations, context, (scope) => {
      const { name } = scope.service;
      const seen = observations.filter(({ question }) => question.service.name === name || question.kind === 'history');
      if (followed.get(name) === seen.length) return false;
      followed.set(name, seen.length);
      return true;
    });
}

type Telemetry = readonly Observed[];

/** Of the alerting service, and of those that it depends on and that the evidence speaks against (deep/suspects.ts). */
function leadsIn(
  observations: readonly Observation[],
  context: AnalysisContext,
  hasGrown: (scope: AnalysisContext) => boolean,
): Question[] {
  const telemetry = observeTelemetry(observations, context);
  const asked = new Set(observations.map(({ question }) => questionKey(question)));
  const scopes = [
    context,
    ...suspectedServices(telemetry, context).map((suspected) => suspected.context),
    ...suspectedAskers(telemetry, context),
  ];
  const found = new Map<string, Question>();
  const add = (questions: readonly Question[]) => {
    for (const question of questions) {
      const key = questionKey(question);
      if (!asked.has(key)) found.set(key, question);
    }
  };
  add(discoveredMetrics(observations, scopes));
  for (const other of possibleAskers(telemetry, context))
    add([metricQuestion(context, other, 'process_start_time_seconds')]);
  for (const scope of scopes.filter(hasGrown)) {
    const wanted = [
      ...(scope === context ? [] : openingQuestions(scope)),
      ...originalsLeads(observations, scope, telemetry),
      ...codeLeads(observations, scope, telemetry),
      ...(scope === context ? memoryQuestion(observations, telemetry, context) : []),
      ...beginnings(observations, scope),
      ...companionQuestions(telemetry, scope),
      ...namedNeighbours(telemetry, scope).flatMap((neighbour) => neighbourQuestions(scope, neighbour)),
    ];
    const unasked = wanted.filter((question) => !asked.has(questionKey(question)));
    add(unasked.filter(({ kind }) => kind === 'metric'));
    add(unasked.filter(({ kind }) => kind !== 'metric').slice(0, MAX_QUESTIONS));
  }
  const questions = [...found.values()];
  return [...questions.filter(isMetric), ...questions.filter((question) => !isMetric(question))];
}

function isMetric({ kind }: Question): boolean {
  return kind === 'metric';
}

const MAX_COMPANIONS = 8;

/** Where the service could not be scraped: whether others could, and whether they were restarted. What all share shows so. */
function companionQuestions(telemetry: Telemetry, context: AnalysisContext): Question[] {
  const { service, registry } = context;
  const wasAway = telemetry.some(
    ({ kind, service: name, data }) =>
      kind === 'metric' && name === service.name && data.family === 'availability' && data.direction === 'down',
  );
  if (!wasAway) return [];
  const others = registry.services.filter(({ name }) => name !== service.name).slice(0, MAX_COMPANIONS);
  return others.flatMap((other) => [
    metricQuestion(context, other, 'up'),
    metricQuestion(context, other, 'process_start_time_seconds'),
  ]);
}

const MAX_BEGINNING_LINES = 5_000;
/** An alert comes after its cause. */
const BEFORE_ONSET_SECONDS = 120;

/**
 * Where there were more lines than are read, the newest were kept: how the window began, and how the trouble did, is asked
 * for by itself.
 */
function beginnings(
  observations: readonly Observation[],
  { service, window, provisionalOnset }: AnalysisContext,
): Question[] {
  const own = observations.filter(({ question }) => question.kind === 'logs' && question.service.name === service.name);
  const cut = own.find(({ question, answer }) => {
    const isMain = question.kind === 'logs' && question.keep === undefined && question.from === window.from;
    return isMain && answer.gaps.some(({ reason }) => reason === 'too-large');
  });
  const first = cut?.answer.telemetry.logLines?.find(({ at }) => at !== undefined)?.at;
  if (first === undefined) return [];
  const onset = plusSeconds(provisionalOnset, -BEFORE_ONSET_SECONDS);
  const starts = [
    window.from,
    ...(secondsBetween(window.from, onset) > 0 && secondsBetween(onset, first) > 0 ? [onset] : []),
  ];
  return starts.map((from) => ({
    kind: 'logs',
    service,
    from,
    to: window.to,
    maxLines: MAX_BEGINNING_LINES,
    keep: 'oldest',
  }));
}

const MAX_DISCOVERED = 32;
const MAX_OF_PLATFORM = 32;
const MAX_DISCOVERED_OF_NEIGHBOUR = 8;

/** What exists beside the metrics that are asked for unseen: all that may tell of what is looked into, the requests of its neighbours. */
function discoveredMetrics(observations: readonly Observation[], scopes: readonly AnalysisContext[]): Question[] {
  return observations.flatMap(({ question, answer }) => {
    const { service } = question;
    const names = answer.telemetry.metricNames;
    const [context] = scopes;
    if (question.kind !== 'metric-names' || names === undefined || !context) return [];
    const chosen = scopes.some((scope) => scope.service.name === service.name)
      ? [
          ...chooseMetrics(names, new Set(OWN_METRICS), MAX_DISCOVERED),
          ...choosePlatformMetrics(names, MAX_OF_PLATFORM),
        ]
      : chooseNeighbourMetrics(names, new Set(['up']), MAX_DISCOVERED_OF_NEIGHBOUR);
    return chosen.map((metric) => metricQuestion(context, service, metric));
  });
}

function namedNeighbours(telemetry: Telemetry, context: AnalysisContext) {
  const texts = telemetry.flatMap((item) => {
    if (item.service !== context.service.name) return [];
    if (item.kind === 'stack-trace') return [spokenText(item.data)];
    return item.kind === 'logs' ? item.data.samples.map((sample) => withoutFrames(sample.text)) : [];
  });
  return texts
    .map((text) => neighbourNamedIn(text, context.service, context.registry))
    .filter((service) => service !== undefined);
}
