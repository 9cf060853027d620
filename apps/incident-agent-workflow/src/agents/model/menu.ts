/**
 * What a model may have asked: the questions of the engine itself, each about something that is already known. Nothing
 * of a request reaches a source but names that the registry, the telemetry or the repository holds.
 */
import { z } from 'zod';
import type { Evidence } from '../../domain/evidence.ts';
import { type Question, type QuestionKind, questionKey } from '../../domain/question.ts';
import { findService, type Registry, type Service, unregisteredService } from '../../domain/service.ts';
import type { Observation, RepositoryState } from '../../domain/telemetry.ts';
import { oneLine } from '../../lib/clean-text.ts';

/** Of one round; what is asked beyond them is refused. */
export const MAX_REQUESTS = 5;
/** Enough for patterns, little enough for a second look in passing. */
const MAX_LOG_LINES = 5_000;
const MAX_MATCHES = 50;
const SHORTEST_WINDOW_SECONDS = 60;
const MIN_HASH_CHARACTERS = 7;

const Named = { service: z.string().min(1).max(200) };
const Window = { from: z.string().max(40).nullish(), to: z.string().max(40).nullish() };
const Path = z.string().min(1).max(500);

export const Request = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('metric'), ...Named, metric: z.string().min(1).max(200), ...Window }),
  z.object({ kind: z.literal('metric-names'), ...Named }),
  z.object({ kind: z.literal('targets'), ...Named }),
  z.object({ kind: z.literal('probe'), ...Named, of: z.enum(['health', 'ready']) }),
  z.object({ kind: z.literal('logs'), ...Named, ...Window }),
  z.object({ kind: z.literal('history'), ...Named }),
  z.object({
    kind: z.literal('file-lines'),
    ...Named,
    path: Path,
    line: z.int().positive().max(1_000_000),
    revision: z.string().max(64).nullish(),
  }),
  z.object({ kind: z.literal('grep'), ...Named, text: z.string().min(3).max(200) }),
]);
type Request = z.infer<typeof Request>;

export interface Known {
  readonly service: Service;
  readonly registry: Registry;
  readonly window: { readonly from: string; readonly to: string };
  readonly observations: readonly Observation[];
  readonly evidence: readonly Evidence[];
  /** Of a line that is looked at, shown on each side. */
  readonly linesAround: number;
}

export interface Ordered {
  readonly questions: readonly Question[];
  /** For the model, a line each: what it may not ask, and why. */
  readonly refusals: readonly string[];
}

/** In the order given, at most MAX_REQUESTS; each is either a question of ours or a reason. */
export function questionsFor(requests: readonly unknown[], known: Known): Ordered {
  const questions = new Map<string, Question>();
  const refusals: string[] = [];
  const asked = new Set(known.observations.map(({ question }) => questionKey(question)));
  for (const request of requests.slice(0, MAX_REQUESTS)) {
    const found = questionFor(request, known);
    if (typeof found === 'string') {
      refusals.push(found);
      continue;
    }
    const fresh = found.filter((question) => !asked.has(questionKey(question)) && !isAnswered(question, known));
    if (fresh.length === 0) refusals.push(`${shown(request)}: was asked already, the evidence has it`);
    for (const question of fresh) questions.set(questionKey(question), question);
  }
  const surplus = requests.length - MAX_REQUESTS;
  if (surplus > 0) refusals.push(...Array.from({ length: surplus }, () => `at most ${MAX_REQUESTS} requests a round`));
  return { questions: [...questions.values()], refusals };
}

function shown(request: unknown): string {
  return oneLine(JSON.stringify(request) ?? 'nothing', 160);
}

/** A second look at the same thing would count one fact twice. */
function isAnswered(question: Question, { observations }: Known): boolean {
  const same = observations.filter(
    (one) => one.question.kind === question.kind && one.question.service.name === question.service.name,
  );
  switch (question.kind) {
    case 'metric':
      return same.some((one) => one.question.kind === 'metric' && one.question.metric === question.metric);
    case 'probe':
      return same.some((one) => one.question.kind === 'probe' && one.question.of === question.of);
    case 'logs':
    case 'targets':
    case 'metric-names':
    case 'history':
      return same.length > 0;
    default:
      return false;
  }
}

/** A sentence: why not. */
function questionFor(given: unknown, known: Known): readonly Question[] | string {
  const parsed = Request.safeParse(given);
  if (!parsed.success)
    return `${shown(given)}: is not in the menu (${parsed.error.issues[0]?.message ?? 'wrong shape'})`;
  const request = parsed.data;
  const service = serviceNamed(request.service, known);
  if (!service) return `${shown(given)}: no such service is registered or was seen`;
  switch (request.kind) {
    case 'metric':
      return metric(request, service, known);
    case 'metric-names':
      return [{ kind: 'metric-names', service, ...known.window }];
    case 'targets':
      return [{ kind: 'targets', service }];
    case 'probe':
      return probe(request, service);
    case 'logs':
      return [{ kind: 'logs', service, ...clamped(request, known.window), maxLines: MAX_LOG_LINES }];
    case 'history':
      return history(service, known);
    case 'file-lines':
      return fileLines(request, service, known);
    case 'grep':
      return grep(request, service, known);
  }
}

function serviceNamed(name: string, { service, registry, evidence }: Known): Service | undefined {
  if (name === service.name) return service;
  const registered = findService(registry, name);
  if (registered) return registered;
  return evidence.some((item) => item.service === name) ? unregisteredService(name) : undefined;
}

type Of<K extends Request['kind']> = Extract<Request, { kind: K }>;

function metric(request: Of<'metric'>, service: Service, known: Known): readonly Question[] | string {
  const names = answersOf(known, service, 'metric-names').flatMap(({ answer }) => answer.telemetry.metricNames ?? []);
  if (!names.includes(request.metric))
    return `${shown(request)}: ${service.name} has no metric of that name; metric-names lists them`;
  const step = known.observations.map(({ question }) => question).find((question) => question.kind === 'metric');
  return [
    {
      kind: 'metric',
      service,
      metric: request.metric,
      labels: {},
      ...clamped(request, known.window),
      stepSeconds: step?.stepSeconds ?? 15,
    },
  ];
}

function probe(request: Of<'probe'>, service: Service): readonly Question[] | string {
  const url = request.of === 'health' ? service.healthUrl : service.readyUrl;
  if (url === undefined) return `${shown(request)}: the registry has no ${request.of} address of ${service.name}`;
  return [{ kind: 'probe', service, of: request.of }];
}

/** As the engine asked it of the incident's own service; of no service that has nothing to do with it. */
function history(service: Service, known: Known): readonly Question[] | string {
  const own = known.service;
  const isNear = [own.name, ...own.dependsOn].includes(service.name) || service.dependsOn.includes(own.name);
  if (!isNear) return `the history of ${service.name}: neither calls ${own.name} nor is called by it`;
  const asked = known.observations.map(({ question }) => question).find((question) => question.kind === 'history');
  if (service.repositoryPath === undefined || !asked)
    return `the history of ${service.name}: the registry has no repository of it`;
  return [{ ...asked, service }];
}

function fileLines(request: Of<'file-lines'>, service: Service, known: Known): readonly Question[] | string {
  const repository = repositoryOf(service, known);
  if (!repository) return `${shown(request)}: the repository of ${service.name} was not looked at in this incident`;
  if (!pathsOf(service, known).has(request.path)) return `${shown(request)}: the repository holds no such file`;
  const revision = revisionOf(request.revision ?? undefined, service, repository, known);
  if (revision === undefined) return `${shown(request)}: no such revision was seen`;
  const range = { fromLine: Math.max(1, request.line - known.linesAround), toLine: request.line + known.linesAround };
  const place = { service, path: request.path, revision, ...range };
  return [
    { kind: 'file-lines', ...place },
    { kind: 'blame', ...place },
  ];
}

/** For text that the evidence holds: nothing else is looked for in a repository. */
function grep(request: Of<'grep'>, service: Service, known: Known): readonly Question[] | string {
  const repository = repositoryOf(service, known);
  if (!repository) return `${shown(request)}: the repository of ${service.name} was not looked at in this incident`;
  const wanted = JSON.stringify(request.text).slice(1, -1);
  if (!known.evidence.some(({ data }) => JSON.stringify(data).includes(wanted)))
    return `${shown(request)}: only text that stands in the evidence is looked for`;
  const { deployedRevision: revision } = repository;
  return [{ kind: 'grep', service, revision, text: request.text, paths: [], maxMatches: MAX_MATCHES }];
}

function answersOf({ observations }: Known, service: Service, kind: QuestionKind): readonly Observation[] {
  return observations.filter(({ question }) => question.kind === kind && question.service.name === service.name);
}

function repositoryOf(service: Service, { observations }: Known): RepositoryState | undefined {
  return observations.find(
    ({ question, answer }) => question.service.name === service.name && answer.telemetry.repository,
  )?.answer.telemetry.repository;
}

function pathsOf(service: Service, known: Known): ReadonlySet<string> {
  return new Set(answersOf(known, service, 'files').flatMap(({ answer }) => answer.telemetry.paths ?? []));
}

/** The deployed one, the newest one, or a commit that was listed. */
function revisionOf(
  asked: string | undefined,
  service: Service,
  { deployedRevision, head }: RepositoryState,
  known: Known,
): string | undefined {
  if (asked === undefined || asked === 'deployed') return deployedRevision;
  if (asked === 'head') return head;
  if (asked.length < MIN_HASH_CHARACTERS) return undefined;
  const commits = answersOf(known, service, 'history').flatMap(({ answer }) => answer.telemetry.commits ?? []);
  return [deployedRevision, head, ...commits.map(({ hash }) => hash)].find((hash) => hash.startsWith(asked));
}

/** Inside the window of the incident; one that is too short, or makes no sense, is the whole of it. */
function clamped(
  { from, to }: { readonly from?: string | null | undefined; readonly to?: string | null | undefined },
  window: Known['window'],
): { from: string; to: string } {
  const [first, last] = [Date.parse(window.from), Date.parse(window.to)];
  const begin = Math.max(first, instantOr(from, first));
  const end = Math.min(last, instantOr(to, last));
  if (end - begin < SHORTEST_WINDOW_SECONDS * 1_000) return { from: window.from, to: window.to };
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

function instantOr(text: string | null | undefined, otherwise: number): number {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? otherwise : milliseconds;
}
