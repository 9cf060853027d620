/** `incident-agent monitor`: reads every service's /metrics, keeps the samples, posts alerts as Alertmanager would. */
import { messageOf } from '../domain/error.ts';
import type { Registry } from '../domain/service.ts';
import type { StateFile } from '../host-ports.ts';
import {
  type ActiveAlert,
  ActiveAlerts,
  type Evaluation,
  evaluate,
  initialState,
  type MonitorState,
  toWebhookAlert,
} from '../monitor/evaluate.ts';
import { healthRule, rules, type Scrape } from '../monitor/rules.ts';
import type { AlertSender, Clock, Log, Sample, SampleStore, Scraper } from '../ports.ts';
import { isOutage, type Outages } from './outages.ts';

export interface MonitorOptions {
  readonly registry: Registry;
  readonly scraper: Scraper;
  readonly sender: AlertSender;
  /** undefined: alerts only, no samples kept. */
  readonly samples: SampleStore | undefined;
  /** What fires, so that it is cleared also when it ends while the monitor is not running. */
  readonly state: StateFile;
  readonly outages: Outages;
  readonly clock: Clock;
  readonly log: Log;
  readonly scrapeSeconds: number;
  readonly forSeconds: number;
  readonly signal: AbortSignal;
}

/** A receiver that lost its memory hears of what still fires. */
const REPEAT_MILLISECONDS = 300_000;
const KEEP_SAMPLES_MILLISECONDS = 6 * 3_600_000;
const PRUNE_EVERY_TURNS = 60;

/** Resolves when the signal aborts. */
export async function runMonitor(options: MonitorOptions): Promise<void> {
  const { clock, log, signal } = options;
  const outgoing = createOutgoing(options);
  let state: MonitorState = await rememberedState(options);
  for (let turn = 0; !signal.aborted; turn += 1) {
    const began = clock.milliseconds();
    const now = clock.now();
    const scrapes = await scrapeAll(options, now);
    await keep(scrapes, options);
    const evaluation = evaluate(state, scrapes, [...rules, healthRule], options.forSeconds, now);
    state = evaluation.state;
    tell(evaluation, log);
    options.outages.note(evaluation.fired, evaluation.resolved, now);
    await outgoing.turn(evaluation.fired, evaluation.resolved, Object.values(state.active), now);
    if (evaluation.fired.length + evaluation.resolved.length > 0) await keepState(state, options);
    if (turn % PRUNE_EVERY_TURNS === 0) await prune(options, now);
    await clock.sleep(Math.max(0, options.scrapeSeconds * 1_000 - (clock.milliseconds() - began)), signal);
  }
}

function tell({ fired, resolved }: Pick<Evaluation, 'fired' | 'resolved'>, log: Log): void {
  for (const alert of fired) {
    const { rule, service, since, hit } = alert;
    log.warn(`${isOutage(alert) ? 'API down: ' : ''}${rule} fires for ${service}`, { since, reason: hit.description });
  }
  for (const alert of resolved) {
    log.info(`${isOutage(alert) ? 'API up again: ' : ''}${alert.rule} is over for ${alert.service}`, {
      since: alert.since,
    });
  }
}

/** Only what fires: how long another condition has held is measured anew. */
async function rememberedState({ state, log }: MonitorOptions): Promise<MonitorState> {
  try {
    const remembered = ActiveAlerts.safeParse(await state.read());
    return remembered.success ? { ...initialState, active: remembered.data } : initialState;
  } catch (error) {
    log.warn('What fired before the restart cannot be read', { reason: messageOf(error) });
    return initialState;
  }
}

async function keepState({ active }: MonitorState, { state, log }: MonitorOptions): Promise<void> {
  try {
    await state.write(
      Object.fromEntries(Object.entries(active).filter(([, alert]) => alert.firingSince !== undefined)),
    );
  } catch (error) {
    log.warn('What fires cannot be written down: after a restart it may not be cleared', { reason: messageOf(error) });
  }
}

async function scrapeAll({ registry, scraper, signal }: MonitorOptions, at: string): Promise<Scrape[]> {
  const watched = registry.services.filter((service) => (service.metricsUrl ?? service.healthUrl) !== undefined);
  return Promise.all(
    watched.map(async (service) => ({ service: service.name, at, ...(await scraper.scrape(service, signal)) })),
  );
}

/** Histogram buckets are many and the analysis reads sums and counts. */
function isKept({ metric }: Sample): boolean {
  return !metric.endsWith('_bucket');
}

async function keep(scrapes: readonly Scrape[], { samples, log }: MonitorOptions): Promise<void> {
  if (!samples) return;
  for (const { service, at, isUp, samples: read } of scrapes) {
    try {
      await samples.append(service, at, [{ metric: 'up', labels: {}, value: isUp ? 1 : 0 }, ...read.filter(isKept)]);
    } catch (error) {
      log.warn(`Samples of ${service} could not be kept`, { reason: messageOf(error) });
    }
  }
}

async function prune({ samples, log }: MonitorOptions, now: string): Promise<void> {
  try {
    await samples?.prune(new Date(Date.parse(now) - KEEP_SAMPLES_MILLISECONDS).toISOString());
  } catch (error) {
    log.warn('Old samples could not be removed', { reason: messageOf(error) });
  }
}

/** Alerts that the agent has not taken are tried again every turn: none is lost while it is away. */
function createOutgoing({ sender, log, signal }: MonitorOptions) {
  let waiting: Readonly<Record<string, unknown>>[] = [];
  let repeatedAt = 0;

  function repeats(active: readonly ActiveAlert[], now: string): ActiveAlert[] {
    if (Date.parse(now) - repeatedAt < REPEAT_MILLISECONDS) return [];
    repeatedAt = Date.parse(now);
    return active.filter((alert) => alert.firingSince !== undefined);
  }

  return {
    async turn(
      fired: readonly ActiveAlert[],
      resolved: readonly ActiveAlert[],
      active: readonly ActiveAlert[],
      now: string,
    ): Promise<void> {
      const again = repeats(active, now).filter((alert) => !fired.includes(alert));
      waiting.push(
        ...[...fired, ...again].map((alert) => toWebhookAlert(alert, undefined)),
        ...resolved.map((alert) => toWebhookAlert(alert, now)),
      );
      if (waiting.length === 0) return;
      try {
        await sender.post(waiting, signal);
        waiting = [];
      } catch (error) {
        log.warn('Alerts could not be delivered, they are tried again', {
          reason: messageOf(error),
          waiting: waiting.length,
        });
      }
    },
  };
}
