/** What is asked of the sources: the same questions for the same alert, in an order that also numbers the evidence. */
import { type Question, questionKey } from '../domain/question.ts';
import { findService } from '../domain/service.ts';
import type { Observation } from '../domain/telemetry.ts';
import { plusSeconds } from '../lib/time.ts';
import { metricQuestion, neighbourQuestions } from './asking.ts';
import { LINES_AROUND } from './code.ts';
import type { AnalysisContext } from './context.ts';
import { spokenText, suspectFrames, withoutFrames } from './crashes.ts';
import { neighbourNamedIn } from './dependencies.ts';
import { repositoryOf } from './history.ts';
import { chooseMetrics, chooseNeighbourMetrics } from './metrics/choose-metrics.ts';
import { dateOnset } from './onset.ts';
import { observeTelemetry } from './producers.ts';
import { blamableTraces, rankSuspects } from './suspicion.ts';

const HISTORY_SECONDS = 14 * 86_400;
const MAX_COMMITS = 50;
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
    ...service.dependsOn.flatMap((name) => {
      const dependency = findService(registry, name);
      return dependency && dependency.name !== service.name ? neighbourQuestions(context, dependency) : [];
    }),
  ];
}

const MAX_PLACES = 4;
/** Asked again with all observations so far; a lead is followed once. */
const MAX_QUESTIONS = 24;

/** Questions that the observations so far give rise to and that were not asked yet. Empty: there is nothing new to ask. */
export function leads(observations: readonly Observation[], context: AnalysisContext): Question[] {
  const asked = new Set(observations.map(({ question }) => questionKey(question)));
  const telemetry = observeTelemetry(observations, context);
  const wanted = [
    ...discoveredMetrics(observations, context),
    ...placesOf(observations, context, telemetry).flatMap((place) => codeQuestions(place, observations, context)),
    ...namedNeighbours(telemetry, context).flatMap((neighbour) => neighbourQuestions(context, neighbour)),
  ];
  const fresh = new Map(wanted.map((question) => [questionKey(question), question]));
  const unasked = [...fresh].filter(([key]) => !asked.has(key)).map(([, question]) => question);
  const metrics = unasked.filter(({ kind }) => kind === 'metric');
  return [...metrics, ...unasked.filter(({ kind }) => kind !== 'metric').slice(0, MAX_QUESTIONS)];
}

const MAX_DISCOVERED = 32;
const MAX_DISCOVERED_OF_NEIGHBOUR = 8;

/** What exists beside the metrics that are asked for unseen: all of the service's own that may tell, the requests of its neighbours. */
function discoveredMetrics(observations: readonly Observation[], context: AnalysisContext): Question[] {
  return observations.flatMap(({ question, answer }) => {
    const { service } = question;
    const names = answer.telemetry.metricNames;
    if (question.kind !== 'metric-names' || names === undefined) return [];
    const isOwn = service.name === context.service.name;
    const chosen = isOwn
      ? chooseMetrics(names, new Set(OWN_METRICS), MAX_DISCOVERED)
      : chooseNeighbourMetrics(names, new Set(['up']), MAX_DISCOVERED_OF_NEIGHBOUR);
    return chosen.map((metric) => metricQuestion(context, service, metric));
  });
}

interface Place {
  readonly path: string;
  readonly line: number;
}
type Telemetry = ReturnType<typeof observeTelemetry>;

/** Frames of our own code, the crash first; once their code and blame are known, the change that is suspect. */
function placesOf(observations: readonly Observation[], context: AnalysisContext, telemetry: Telemetry): Place[] {
  const places: Place[] = [];
  const add = (place: Place) => {
    const isKnown = places.some(
      (seen) => seen.path === place.path && Math.abs(seen.line - place.line) < LINES_AROUND / 2,
    );
    if (!isKnown && places.length < MAX_PLACES) places.push({ path: place.path, line: place.line });
  };
  for (const trace of blamableTraces(telemetry, context)) for (const frame of suspectFrames(trace.data)) add(frame);
  const isBlamed = observations.some(({ question }) => question.kind === 'blame');
  if (places.length > 0 && !isBlamed) return places;
  const onset = dateOnset(telemetry, context) ?? context.provisionalOnset;
  const suspect = rankSuspects(observations, telemetry, context, onset)?.suspects[0];
  const at = suspect?.isDirect ? suspect.at : undefined;
  // An excerpt speaks of the line in its middle only.
  const isShown = places.some((place) => place.path === at?.path && place.line === at.line);
  return at?.line != null && !isShown ? [...places, { path: at.path, line: at.line }] : places;
}

/** Only of the service's own repository, and only at the revision that is deployed. */
function codeQuestions(place: Place, observations: readonly Observation[], context: AnalysisContext): Question[] {
  const repository = repositoryOf(observations, context);
  const paths = observations.find(({ answer }) => answer.telemetry.paths)?.answer.telemetry.paths;
  if (!repository || (paths && !paths.includes(place.path))) return [];
  const at = {
    service: context.service,
    path: place.path,
    revision: repository.deployedRevision,
    fromLine: Math.max(1, place.line - LINES_AROUND),
    toLine: place.line + LINES_AROUND,
  };
  return [
    { kind: 'file-lines', ...at },
    { kind: 'blame', ...at },
  ];
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
