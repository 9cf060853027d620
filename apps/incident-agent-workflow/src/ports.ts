/**
 * Every interface through which the outside is reached, the store and the queue included. Named for what we need,
 * not for who offers it. Adapters are chosen in composition/ and nowhere else.
 */
import type { Alert, Sifted } from './domain/alert.ts';
import type { Bundle, ModelExchange, RunRecord } from './domain/bundle.ts';
import type { LeftOut } from './domain/commit-evidence.ts';
import type { Delivery, DeliveryKind, DeliveryState, MessageKind } from './domain/delivery.ts';
import type { Incident, IncidentStatus, Run, Severity } from './domain/incident.ts';
import type { EarlierIncident, Feedback } from './domain/memory.ts';
import type { ModelCapabilities, ModelPrompt, ModelReply, Price } from './domain/model.ts';
import type { Question, QuestionKind } from './domain/question.ts';
import type { Report } from './domain/report.ts';
import type { Registry, Service } from './domain/service.ts';
import type { Answer, Observation, Point, Series } from './domain/telemetry.ts';
import type { FixTools } from './remediation-ports.ts';

// ─── time and chance ──────────────────────────────────────────────────────────────────────────────────────────────

export interface Clock {
  /** ISO 8601 in UTC, milliseconds. */
  now(): string;
  /** Monotonic, for durations. */
  milliseconds(): number;
  /** Resolves early, without error, when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface Chance {
  uuid(): string;
  /** 8 upper-case hex characters. */
  pipelineId(): string;
}

/** One event, a fixed sentence, values as fields. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Counters of our own `/metrics`. Names without the `incident_agent_` prefix. */
export interface Meter {
  count(name: string, labels: Record<string, string>, by?: number): void;
  observe(name: string, labels: Record<string, string>, value: number): void;
}

// ─── what we look at ──────────────────────────────────────────────────────────────────────────────────────────────

/** Reads, never writes. Resolves even if it saw nothing: then there is a gap. Rejects only for a bug or an abort. */
export interface Source {
  readonly name: string;
  readonly kinds: readonly QuestionKind[];
  /** `signal` aborts at the question's deadline; the source turns that into a gap `timeout` of its own. */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
}

/** Pure. Throws AgentError('invalid-input') only when no alert is usable. Its name is its path: POST /alerts/{name}. */
export interface AlertFormat {
  readonly name: string;
  parse(body: unknown, receivedAt: string): Sifted<Alert>;
}

/** One reply of a model to one prompt. The adapter neither parses nor trusts the text. */
export interface Model {
  /** As shown to people: `mistral-nemo at http://localhost:11434/v1`. */
  readonly name: string;
  /** undefined: not known. */
  readonly price: Price | undefined;
  /** Streams inside, so that a reply that stalls ends early. Throws AgentError (timeout, unreachable, refused, rate-limited, malformed, too-large, not-found). */
  reply(prompt: ModelPrompt, signal: AbortSignal): Promise<ModelReply>;
  /** Asks the smallest question, to see what is accepted. Throws as `reply` does. */
  readonly capabilities?: (signal: AbortSignal) => Promise<ModelCapabilities>;
  /** What a reply may come to, where that is more than the prompt allows: some models think before they answer. */
  readonly mostReplyTokens?: (prompt: ModelPrompt) => number;
  /** What prompt and reply may take together; undefined: nobody says. Asks no question of the model. Never throws. */
  readonly contextTokens?: (signal: AbortSignal) => Promise<number | undefined>;
  /** Names of the models that are there; empty: they are not listed. Never throws. */
  readonly offered?: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Where it is not there and can be had by one command: `ollama pull mistral-nemo`. */
  readonly pull?: string | undefined;
}
/** The model that the settings mean, if it can be spoken to; `note` names it, or says why there is none. */
export interface FoundModel {
  readonly model: Model | undefined;
  readonly note: string;
}
/** One reading of a service's own /metrics, for where no Prometheus is. Never throws: a failure is part of the answer. */
export interface Scraper {
  scrape(service: Service, signal: AbortSignal): Promise<ScrapeResult>;
}
export interface ScrapeResult {
  /** Its metrics can be read; of a service that has none: its health address answers. */
  readonly isUp: boolean;
  readonly failure: string | undefined;
  /** Why its health address does not answer as it should; undefined: it does, or there is none. */
  readonly healthFailure?: string | undefined;
  readonly samples: readonly Sample[];
}

// ─── what leaves ──────────────────────────────────────────────────────────────────────────────────────────────────

export type ReportFormat = 'pdf' | 'docx' | 'md' | 'json';

/** Pure but for fonts and engines: same report, same bytes. */
export interface Renderer {
  readonly format: ReportFormat;
  readonly contentType: string;
  render(report: Report): Promise<Uint8Array>;
}

/** One incident as a file (`incident-bundle/1`). The same bundle is the same bytes. */
export type WriteBundle = (bundle: Bundle) => Promise<Uint8Array>;

/** Where rendered reports are kept as files. */
export interface ReportFiles {
  /** Absolute path of the written file. */
  write(report: Report, format: ReportFormat, content: Uint8Array): Promise<string>;
  /** undefined: not written (yet), or gone. */
  read(report: Report, format: ReportFormat): Promise<Uint8Array | undefined>;
}

/** What one message says, before it is rendered for a destination. */
export interface Message {
  readonly destination: string;
  readonly kind: MessageKind;
  readonly idempotencyKey: string;
  readonly report: Report;
  readonly pdf: Uint8Array | undefined;
  /** Of the first message about this incident at this destination, to thread or edit it. */
  readonly earlierReceipt: unknown;
  /** Where the draft of its fix is: an address, or a branch and its repository. undefined: none was opened. */
  readonly draft?: string | undefined;
}
export type SendOutcome =
  | { readonly state: 'sent'; readonly receipt: unknown }
  | { readonly state: 'refused'; readonly error: string; readonly retryable: boolean }
  /** Nobody knows whether it arrived: ask before acting again. */
  | { readonly state: 'unknown'; readonly error: string };

export interface Notifier {
  send(message: Message, signal: AbortSignal): Promise<SendOutcome>;
  /** What became of an earlier try: its receipt, `none` if it never arrived, `unknown` if that can't be told. */
  find(idempotencyKey: string, signal: AbortSignal): Promise<{ receipt: unknown } | 'none' | 'unknown'>;
}

/** Posts alerts to an agent, as Alertmanager would. Throws AgentError. */
export interface AlertSender {
  post(alerts: readonly Readonly<Record<string, unknown>>[], signal: AbortSignal): Promise<void>;
}

// ─── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────

/** All or nothing. Everything done with the stores handed in is one transaction; a throw rolls it back. */
export interface UnitOfWork {
  transaction<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
  /** The same stores outside of a transaction, for single reads and writes. */
  readonly stores: Stores;
  /** Throws AgentError('unreachable') when the database does not answer. */
  ping(): Promise<void>;
}
export interface Stores {
  readonly incidents: IncidentStore;
  readonly runs: RunJournal;
  readonly reports: ReportStore;
  readonly deliveries: DeliveryStore;
  readonly samples: SampleStore;
  readonly memory: MemoryStore;
  readonly spending: SpendingStore;
  readonly queue: Queue;
}

export interface NewIncident {
  readonly groupKey: string;
  readonly service: string | undefined;
  readonly title: string;
  readonly severity: Severity;
  readonly openedAt: string;
  readonly startedAt: string;
}
/** What intake needs of an open incident, without its alerts. */
export interface OpenIncident {
  readonly id: string;
  readonly groupKey: string;
  readonly status: IncidentStatus;
  readonly severity: Severity;
  readonly startedAt: string;
}
export interface StoredAlert {
  readonly incidentId: string;
  readonly incidentOpen: boolean;
  readonly fingerprint: string;
  readonly startsAt: string;
  readonly status: 'firing' | 'resolved';
  /** When a report last said of its incident that the alert is not confirmed; undefined: none did, or it is being looked at again. */
  readonly doubtedAt?: string | undefined;
}
export interface IncidentQuery {
  readonly status?: IncidentStatus | undefined;
  readonly severity?: Severity | undefined;
  readonly service?: string | undefined;
  /** Free text over title, service and id. */
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface IncidentStore {
  /** Serialises intake across processes until the transaction ends. */
  lockIntake(): Promise<void>;
  /** Newest row per (incident, fingerprint), of open incidents and of those closed last. */
  alertsByFingerprint(fingerprints: readonly string[]): Promise<StoredAlert[]>;
  openByGroupKey(groupKeys: readonly string[]): Promise<OpenIncident[]>;
  /** In the order given. */
  insert(incidents: readonly NewIncident[]): Promise<OpenIncident[]>;
  /** Inserts, or updates status, endsAt, annotations and the time last heard, by (incident, fingerprint). Bulk. */
  upsertAlerts(rows: readonly { readonly incidentId: string; readonly alert: Alert }[]): Promise<void>;
  /** Graver severity, earlier start; never the other way round. */
  widen(incidentId: string, severity: Severity, startedAt: string): Promise<void>;
  /** `at`: a report says that the alert is not confirmed. undefined: none says so any more. */
  setDoubt(incidentId: string, at: string | undefined): Promise<void>;
  setStatus(incidentId: string, status: IncidentStatus, at: string, note?: string): Promise<void>;
  /** undefined: there is no such incident. With all its alerts (bounded to 1,000, earliest first). */
  get(incidentId: string): Promise<Incident | undefined>;
  /** Newest first, without alerts. */
  list(query: IncidentQuery): Promise<{ items: Incident[]; next: string | undefined }>;
  countOpen(): Promise<number>;
  /** Newest first, without alerts. */
  listOpen(limit: number): Promise<Incident[]>;
  /** Open incidents of which no alert was heard since `before`. */
  silentSince(before: string): Promise<string[]>;
  /** Removes incidents in which nothing has happened since `before`, with everything that hangs on them. How many they were. */
  removeOlderThan(before: string): Promise<number>;
}

/** Stage results of runs: what makes a killed run go on where it stood. */
export interface RunJournal {
  create(run: Omit<Run, 'attempt' | 'status'>): Promise<void>;
  get(runId: string): Promise<Run | undefined>;
  /** Newest first. */
  ofIncident(incidentId: string): Promise<Run[]>;
  /** Marks the run as taken by this attempt. False: a newer attempt has it, or it is finished. */
  take(runId: string, attempt: number): Promise<boolean>;
  /** The stored result of a finished stage. */
  finished(
    runId: string,
    stage: string,
  ): Promise<{ readonly result: unknown; readonly note: string | undefined } | undefined>;
  /** Throws AgentError('refused') when a newer attempt has taken the run: the late one must stop. */
  finish(stage: StageResult): Promise<void>;
  stages(runId: string): Promise<StageResult[]>;
  end(runId: string, attempt: number, status: 'done' | 'failed', at: string): Promise<void>;
  /** What the run looked at and saw, for its bundle: compressed, cut to 8 MB with a gap that says so. Off the critical path. */
  keepRecord(runId: string, record: RunRecord): Promise<void>;
  /** undefined: none was kept, or another version kept it in another form. */
  record(runId: string): Promise<RunRecord | undefined>;
  /** In place of what was kept of that agent before. */
  keepExchanges(runId: string, agent: string, exchanges: readonly ModelExchange[]): Promise<void>;
  /** Of all agents, in the order in which they happened. */
  exchanges(runId: string): Promise<ModelExchange[]>;
}
export interface StageResult {
  readonly runId: string;
  readonly stage: string;
  readonly attempt: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly result: unknown;
  /** Why the fallback stands instead of the stage's own result. */
  readonly note?: string | undefined;
}

export interface ReportStore {
  save(report: Report): Promise<void>;
  /** Newest version of the named run, else of the newest run that has one. */
  newest(incidentId: string, pipelineId?: string): Promise<Report | undefined>;
  get(runId: string, version: number): Promise<Report | undefined>;
}

export interface DeliveryStore {
  /** A second plan with the same idempotency key changes nothing. */
  plan(deliveries: readonly Omit<Delivery, 'state' | 'attempts' | 'sentAt' | 'receipt' | 'lastError'>[]): Promise<void>;
  /** Takes due rows for this outbox: `planned` ones become `sending`; rows left in `sending` by a dead outbox are handed out as `interrupted`. */
  takeDue(now: string, limit: number): Promise<{ readonly delivery: Delivery; readonly interrupted: boolean }[]>;
  settle(id: string, change: DeliveryChange): Promise<void>;
  /** Rows in `sending` are handed out at once: to be called by the only outbox that can be alive, after a restart. */
  releaseLeases(): Promise<void>;
  ofIncident(incidentId: string): Promise<Delivery[]>;
  list(state?: DeliveryState): Promise<Delivery[]>;
  /** How many of a kind were planned since then. */
  countSince(kind: DeliveryKind, since: string): Promise<number>;
  get(id: string): Promise<Delivery | undefined>;
  /** The receipt of the first sent message of this incident at this destination. */
  firstReceipt(incidentId: string, destination: string): Promise<unknown>;
}
export interface DeliveryChange {
  readonly state: DeliveryState;
  readonly at: string;
  readonly nextAttemptAt?: string | undefined;
  readonly receipt?: unknown;
  readonly lastError?: string | undefined;
}

/** What incidents are known again by, and what people said of their reports. */
export interface MemoryStore {
  /** Those of the newest report stand: earlier ones of the same incident go. */
  remember(incidentId: string, signatures: readonly string[]): Promise<void>;
  /** Opened before the instant, newest first, at most `limit`; each with the signatures that it shares. */
  earlier(signatures: readonly string[], before: string, limit: number): Promise<EarlierIncident[]>;
  addFeedback(incidentId: string, feedback: Feedback): Promise<void>;
  /** Oldest first. */
  feedbackOn(incidentId: string): Promise<Feedback[]>;
}

/** What models have cost, by UTC day (`2026-11-30`). */
export interface SpendingStore {
  /** Adds the amount, unless the day would then have cost more than the limit. False: nothing was added. */
  reserve(day: string, usd: number, limitUsd: number | undefined): Promise<boolean>;
  /** Corrects what was reserved by what it came to. */
  correct(day: string, differenceUsd: number): Promise<void>;
  spentOn(day: string): Promise<number>;
}

/** Our own scrape samples, for where no Prometheus is. Bounded by age. */
export interface SampleStore {
  /** One scrape of one service. A non-finite value is stored as null. */
  append(service: string, at: string, samples: readonly Sample[]): Promise<void>;
  series(service: string, metric: string, labels: Record<string, string>, from: string, to: string): Promise<Series[]>;
  /** Of series with samples in the window, sorted. */
  names(service: string, from: string, to: string): Promise<string[]>;
  lastScrape(service: string): Promise<{ readonly at: string; readonly up: Point['value'] } | undefined>;
  prune(before: string): Promise<void>;
}
export interface Sample {
  readonly metric: string;
  readonly labels: Record<string, string>;
  readonly value: number | null;
}

export interface Queue {
  /** Bulk; a run that is already queued or active is not queued again. */
  enqueueRuns(runs: readonly { readonly runId: string; readonly priority: number }[]): Promise<void>;
  /** Checks an incident: resolved, silent sender. */
  enqueueSettle(incidentId: string, reason: SettleReason, notBefore?: string): Promise<void>;
  depth(): Promise<number>;
}
export type SettleReason = 'resolved' | 'silent';

/** Hands out jobs to this worker until it stops. A handler that throws gives its job back. */
export interface Worker {
  start(handlers: {
    run(runId: string, attempt: number, signal: AbortSignal): Promise<void>;
    settle(incidentId: string, reason: SettleReason, signal: AbortSignal): Promise<void>;
  }): Promise<void>;
  /** Stops taking jobs, waits for those under way up to the limit. */
  stop(limitMilliseconds: number): Promise<void>;
}

/** US dollars; undefined: no limit. */
export interface ModelBudget {
  readonly runUsd: number | undefined;
  readonly dayUsd: number | undefined;
  /** undefined: nothing is kept between runs, so the day's limit is that of the run. */
  readonly spending: SpendingStore | undefined;
}

// ─── what the pipeline is handed ──────────────────────────────────────────────────────────────────────────────────

export interface ResponseTools extends LeftOut {
  readonly registry: Registry;
  readonly sources: readonly Source[];
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly journal: Pick<RunJournal, 'finished' | 'finish'>;
  readonly digest: (text: string) => string;
  /** How long one question may take. */
  readonly deadlineMilliseconds: number;
  /** Aborts when the process is to stop. */
  readonly signal: AbortSignal;
  /** Written off the critical path; again, with more of them, where a model had further questions asked. */
  keepObservations(observations: readonly Observation[]): void;
  /** What one agent and the model said to each other, redacted. In place of what was kept of that agent before. */
  keepExchanges(agent: string, exchanges: readonly ModelExchange[]): void;
  /** Stores the version, plans its deliveries in the same transaction, has its files written. */
  publish(report: Report): Promise<void>;
  urls(
    incident: Incident,
    run: Run,
  ): { readonly incident?: string | undefined; readonly dashboard?: string | undefined };
  /** Asked once a run. Without a model the report is complete too. Never throws. */
  readonly findModel: (signal: AbortSignal) => Promise<FoundModel>;
  /** How long the model may take in one run. */
  readonly modelMilliseconds: number;
  readonly modelBudget: ModelBudget;
  readonly versions: Report['versions'];
  /** undefined: no fix is looked for (REMEDIATION=off). */
  readonly fix?: FixTools | undefined;
}
