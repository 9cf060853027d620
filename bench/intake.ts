/** How fast alerts are taken durably, and what a storm costs: a real `serve` on its embedded Postgres. */
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { listen } from '../demo/listen.ts';
import { type RunningAgent, startAgent } from './agent.ts';
import { webhook } from './alerts.ts';
import { type Bench, type BenchContext, type Figure, figure, percentile } from './figures.ts';
import { closedLoop, type LoadResult, openLoop } from './load.ts';
import { processorSeconds, watchMemory } from './memory.ts';

const IN_FLIGHT = 50;
const ALERTS_PER_WEBHOOK = 10;
const WEBHOOKS = 1_000;
const SINGLE_ALERTS = 4_000;
const OPEN_LOOP_ALERTS_PER_SECOND = 2_000;
const OPEN_LOOP_SECONDS = 10;
const STORM_ALERTS = 10_000;
/** After it the worker is busy with what the storm queued. */
const STORM_WATCH_MILLISECONDS = 15_000;
const SHAPE = { services: 200, rules: 25 };

export const intake: Bench = async (context) => [...(await withoutWorker(context)), ...(await withWorker(context))];

async function withoutWorker(context: BenchContext): Promise<Figure[]> {
  const { say, signal } = context;
  const agent = await startAgent({ scratch: join(context.scratch, 'http'), withWorker: false, signal });
  try {
    say('storm: one webhook of 10,000 alerts, on a fresh database');
    const memory = watchMemory(agent.roots);
    const depthBefore = await queueDepth(agent);
    const stormSeconds = await storm(agent);
    const runs = (await queueDepth(agent)) - depthBefore;
    say(`flat out: ${WEBHOOKS} webhooks of ${ALERTS_PER_WEBHOOK} alerts, ${IN_FLIGHT} in flight`);
    const usedBefore = processorSeconds(agent.roots());
    const flatOut = await checked(closedLoop(alertsUrl(agent), bodies(WEBHOOKS, ALERTS_PER_WEBHOOK), IN_FLIGHT));
    const usedSeconds = processorSeconds(agent.roots()) - usedBefore;
    say(`open loop: ${OPEN_LOOP_ALERTS_PER_SECOND} alerts/s for ${OPEN_LOOP_SECONDS} s`);
    const open = await openLoopOf(agent);
    say(`single: ${SINGLE_ALERTS} webhooks of one alert, ${IN_FLIGHT} in flight`);
    const single = await checked(closedLoop(alertsUrl(agent), bodies(SINGLE_ALERTS, 1), IN_FLIGHT));
    const peak = memory.stop();
    say(`memory at its peak: ${peak?.shares ?? 'not told by this system'}`);
    return [
      figure('storm_202_s', stormSeconds, 's', { below: 1 }),
      figure('storm_runs', runs, 'runs', { atMost: 20 }),
      figure('intake_alerts_per_s', (WEBHOOKS * ALERTS_PER_WEBHOOK) / flatOut.seconds, 'alerts/s', { atLeast: 8_000 }),
      // Of agent and Postgres together; says more than the wall clock where others work on the machine.
      figure('intake_processor_us_per_alert', (usedSeconds * 1e6) / (WEBHOOKS * ALERTS_PER_WEBHOOK), 'µs'),
      figure('intake_flat_out_p99_ms', percentile(flatOut.milliseconds, 0.99), 'ms'),
      figure('intake_p99_ms', percentile(open.milliseconds, 0.99), 'ms', { below: 100 }),
      figure('intake_single_alerts_per_s', SINGLE_ALERTS / single.seconds, 'alerts/s'),
      ...(peak === undefined ? [] : [figure('intake_peak_http_mb', peak.megabytes, 'MB')]),
    ];
  } finally {
    await agent.stop();
  }
}

async function withWorker(context: BenchContext): Promise<Figure[]> {
  const { say, signal } = context;
  const notifier = await startQuietNotifier();
  try {
    const scratch = join(context.scratch, 'worker');
    const agent = await startAgent({ scratch, withWorker: true, notifierUrl: notifier.url, signal });
    try {
      await agent.untilWorking();
      say('with the worker: a storm, and runs while alerts keep coming');
      const memory = watchMemory(agent.roots);
      const stormSeconds = await storm(agent);
      const open = await openLoopOf(agent);
      await new Promise((resolve) => setTimeout(resolve, STORM_WATCH_MILLISECONDS));
      signal.throwIfAborted();
      const peak = memory.stop();
      say(`memory at its peak: ${peak?.shares ?? 'not told by this system'}`);
      say(`${notifier.received()} messages were handed to the notifier meanwhile`);
      return [
        figure('storm_202_with_worker_s', stormSeconds, 's', { below: 1 }),
        figure('intake_p99_with_runs_ms', percentile(open.milliseconds, 0.99), 'ms', { below: 100 }),
        ...(peak === undefined ? [] : [figure('storm_peak_mb', peak.megabytes, 'MB', { below: 512 })]),
      ];
    } finally {
      await agent.stop();
    }
  } finally {
    notifier.server.closeAllConnections();
    notifier.server.close();
  }
}

async function storm(agent: RunningAgent): Promise<number> {
  const { seconds } = await checked(closedLoop(alertsUrl(agent), bodies(1, STORM_ALERTS), 1));
  return seconds;
}

function openLoopOf(agent: RunningAgent): Promise<LoadResult> {
  const perSecond = OPEN_LOOP_ALERTS_PER_SECOND / ALERTS_PER_WEBHOOK;
  return checked(openLoop(alertsUrl(agent), bodies(perSecond * OPEN_LOOP_SECONDS, ALERTS_PER_WEBHOOK), perSecond));
}

/** A figure over requests that failed would be a lie. */
async function checked(load: Promise<LoadResult>): Promise<LoadResult> {
  const result = await load;
  if (result.failures > 0)
    throw new Error(`${result.failures} of ${result.milliseconds.length} webhooks were not answered with 202`);
  return result;
}

function bodies(count: number, alertsEach: number): string[] {
  return Array.from({ length: count }, () => webhook(alertsEach, SHAPE));
}

function alertsUrl({ url }: RunningAgent): string {
  return `${url}/alerts`;
}

async function queueDepth({ url }: RunningAgent): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, depth] = /^incident_agent_queue_depth(?:\{[^}]*\})? (\S+)$/m.exec(text) ?? [];
  if (depth === undefined) throw new Error('The agent has no metric incident_agent_queue_depth');
  return Number(depth);
}

/** Says "sent" to everything: here only the agent is measured. */
async function startQuietNotifier(): Promise<{ server: Server; url: string; received(): number }> {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      received += 1;
      const receipt = { channel: 'email', idempotency_key: String(received), sent_at: new Date().toISOString() };
      const answer = { status: 'sent', channel: 'email', pdf_attached: true, receipt };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  return { server, url: `http://127.0.0.1:${await listen(server)}/notify`, received: () => received };
}
