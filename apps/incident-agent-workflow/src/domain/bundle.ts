/**
 * `incident-bundle/1`: one incident as a file, enough to investigate it again without any network. The members of the
 * archive: bundle.json, alerts.json, registry.json, questions.jsonl, and where there are such: repository.bundle,
 * model.jsonl, report.json, label.json.
 */
import { z } from 'zod';
import type { Alert } from './alert.ts';
import { ErrorCode } from './error.ts';
import { CauseKind, FaultClass } from './fault-class.ts';
import { Incident, Run } from './incident.ts';
import { type Registry, Service } from './service.ts';
import { Observation } from './telemetry.ts';

export const BUNDLE_SCHEMA = 'incident-bundle/1';

/** How a member holds what is long: one object an entry, or one array a field. Readers take both. */
export const BundleForm = z.enum(['rows', 'columns']);

export const BundleManifest = z.object({
  schema: z.literal(BUNDLE_SCHEMA),
  /** Without its alerts: they are in alerts.json. */
  incident: Incident.omit({ alerts: true }),
  run: Run,
  window: z.object({ from: z.string(), to: z.string() }),
  versions: z.object({ agent: z.string(), rules: z.string() }),
  /** `run`: what one run asked. `recording`: everything that could be seen, so that a question nobody asked then is answered too. */
  holds: z.enum(['run', 'recording']).default('run'),
  forms: z.object({ logs: BundleForm, series: BundleForm }).default({ logs: 'rows', series: 'rows' }),
  /** Times were stretched by this factor when it was recorded; time-integral counters with them. 1: they are real. */
  time_scale: z.number().positive().default(1),
  /** Commits at which the repository's history was cut off; empty: it is whole. */
  shallow: z.array(z.string().regex(/^[0-9a-f]{40,64}$/)).default([]),
  /** What the registry's paths call the top of repository.bundle; without it a service's path less the folder of that service. */
  repository_root: z.string().optional(),
  /** What the report of the run says that was neither seen nor concluded. Without it a replay takes the run's `createdAt` and no addresses. */
  report: z
    .object({
      generatedAt: z.string(),
      /** `off (LLM_BASE_URL=off)`, or the model's name. */
      model: z.string(),
      urls: z.object({ incident: z.string().optional(), dashboard: z.string().optional() }),
    })
    .optional(),
});
export type BundleManifest = z.infer<typeof BundleManifest>;

/** What is known to be true of an incident, by whoever made or reviewed it. Never read by the analysis. */
export const BundleLabel = z.object({
  class: FaultClass.nullable(),
  service: z.string(),
  commit: z.string().nullable(),
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  kind: CauseKind,
  /** Cases of one template are not independent of each other: split and resampled together. Without it the class stands in. */
  template: z.string().optional(),
  /** Of what the failing service depends on and that failed, where that is the cause. */
  dependency: z.string().nullable().optional(),
  /** What the case tries besides, for the tables: `decoy`, `no-logs`, `shallow`, `two-alerts`, … */
  traits: z.array(z.string()).optional(),
});
export type BundleLabel = z.infer<typeof BundleLabel>;

/** One exchange with a model, redacted: either a reply or the reason why there is none. */
export const ModelExchange = z.object({
  /** Who asked, and for the how manieth time in its run. */
  agent: z.string(),
  call: z.number().int().positive(),
  /** As shown to people. */
  model: z.string(),
  system: z.string(),
  user: z.string(),
  maxReplyTokens: z.number().int().positive(),
  /** What the model said that it reads; the prompts were made to fit. */
  contextTokens: z.number().int().positive().optional(),
  reply: z
    .object({
      text: z.string(),
      promptTokens: z.number(),
      replyTokens: z.number(),
      isCut: z.boolean(),
      costUsd: z.number().nullable(),
    })
    .optional(),
  failure: z.object({ code: ErrorCode, message: z.string(), retryable: z.boolean() }).optional(),
  /** Since the run began to talk with the model. */
  startedAfterMilliseconds: z.number(),
  milliseconds: z.number(),
});
export type ModelExchange = z.infer<typeof ModelExchange>;

export const BundleRegistry = z.object({ services: z.array(Service) });

/** An `incident-bundle/1` as it is in memory. */
export interface Bundle {
  readonly manifest: BundleManifest;
  readonly alerts: readonly Alert[];
  readonly registry: Registry;
  /** In the order in which they were asked. */
  readonly observations: readonly Observation[];
  /** A git bundle; its HEAD is the head of the repository. */
  readonly repositoryBundle?: Uint8Array | undefined;
  readonly modelExchanges?: readonly ModelExchange[] | undefined;
  /** The run's report as JSON of its time: another version's report is still worth comparing with. */
  readonly report?: unknown;
  readonly label?: BundleLabel | undefined;
}

/** What a run keeps besides its report until its bundle is asked for. */
export const RunRecord = z.object({
  /** As it was when it was looked at. */
  incident: Incident,
  registry: BundleRegistry,
  observations: z.array(Observation),
});
export type RunRecord = z.infer<typeof RunRecord>;
