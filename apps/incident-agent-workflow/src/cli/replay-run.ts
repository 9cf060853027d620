/** One run again, from its bundle alone: the same respond(), with the clock, the ids and the addresses of then. */
import type { Bundle, ModelExchange } from '../domain/bundle.ts';
import type { LeftOut } from '../domain/commit-evidence.ts';
import { Facts } from '../domain/facts.ts';
import { Report } from '../domain/report.ts';
import { respond } from '../pipeline.ts';
import type { Clock, Log, Model, ResponseTools, Source } from '../ports.ts';
import { recordedModel } from './recorded-model.ts';

export interface ReplayTools extends LeftOut {
  /** The bundle as a source, possibly changed on the way. */
  readonly sources: readonly Source[];
  readonly digest: ResponseTools['digest'];
  /** For how long it took; the analysis itself sees the bundle's time only. */
  readonly milliseconds: Clock['milliseconds'];
  readonly log?: Log;
  /** Asked in place of the one whose replies the bundle holds. */
  readonly model?: Model | undefined;
  /** How long such a model may take; recorded replies take no time. */
  readonly modelMilliseconds?: number;
}

export interface Replayed {
  readonly report: Report;
  readonly facts: Facts;
  /** From the first question to the report. */
  readonly milliseconds: number;
  /** With the model, whichever it was. */
  readonly exchanges: readonly ModelExchange[];
}

/** No reply is waited for; long enough for the slowest machine. */
const RECORDED_MILLISECONDS = 600_000;

const SILENT: Log = { info() {}, warn() {}, error() {} };

/** Throws only for a bug of ours. */
export async function replayRun(bundle: Bundle, tools: ReplayTools): Promise<Replayed> {
  const { manifest, alerts, registry } = bundle;
  let looked: unknown;
  const exchanges: ModelExchange[] = [];
  const { modelExchanges: recorded = [] } = bundle;
  const model = tools.model ?? (recorded.length > 0 ? recordedModel(recorded) : undefined);
  const startedAt = tools.milliseconds();
  const report = await respond({ ...manifest.incident, alerts: [...alerts] }, manifest.run, {
    registry,
    sources: tools.sources,
    clock: clockOf(bundle, tools),
    log: tools.log ?? SILENT,
    meter: { count() {}, observe() {} },
    journal: {
      finished: async () => undefined,
      finish: async ({ stage, result }) => {
        if (stage === 'look') looked = result;
      },
    },
    digest: tools.digest,
    without: tools.without,
    deadlineMilliseconds: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    keepObservations() {},
    keepExchanges(_, said) {
      exchanges.push(...said);
    },
    publish: async () => {},
    urls: () => manifest.report?.urls ?? {},
    modelMilliseconds: tools.modelMilliseconds ?? RECORDED_MILLISECONDS,
    modelBudget: { runUsd: undefined, dayUsd: undefined, spending: undefined },
    findModel: async () => ({ model, note: tools.model?.name ?? manifest.report?.model ?? 'off (replay)' }),
    versions: manifest.versions,
  });
  const milliseconds = tools.milliseconds() - startedAt;
  // What was reported went through JSON since; what is compared with it must have, too.
  return {
    report: Report.parse(throughJson(report)),
    facts: Facts.parse(throughJson(looked)),
    milliseconds,
    exchanges,
  };
}

/** It stands still: a deadline never comes, so that a slow machine gives the same report, and a pause takes no time. */
function clockOf({ manifest }: Bundle, { milliseconds }: ReplayTools): Clock {
  return {
    now: () => manifest.report?.generatedAt ?? manifest.run.createdAt,
    milliseconds,
    sleep: async (pause, signal) => {
      if (Number.isFinite(pause)) return;
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
