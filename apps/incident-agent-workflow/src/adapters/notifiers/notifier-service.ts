/** The notifier service's client: POST /notify and GET /receipts/{key}. It decides nothing; it passes on and reports what came back. */
import { NotifyFailed, type NotifyRequest, NotifySent, Receipt } from '@incident-agent/contracts/notify';
import { z } from 'zod';
import type { Chart } from '../../domain/chart.ts';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { Message, Notifier, SendOutcome } from '../../ports.ts';
import { notifyRequest } from './notify-request.ts';

export interface NotifierServiceOptions {
  /** Of POST /notify. */
  readonly url: string;
  readonly token: string | undefined;
  /** Which metrics are drawn, best first. */
  readonly chartsOf: (report: Report) => readonly Chart[];
}

const Found = z.looseObject({ receipt: Receipt.optional() });

export function notifierService({ url, token, chartsOf }: NotifierServiceOptions): Notifier {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function post(body: NotifyRequest, signal: AbortSignal): Promise<Response> {
    const headers = { ...authorization, 'content-type': 'application/json' };
    return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'error', signal });
  }

  return {
    async send(message: Message, signal): Promise<SendOutcome> {
      let response: Response;
      try {
        response = await post(notifyRequest(message, chartsOf(message.report)), signal);
      } catch (error) {
        return unreached(error, url);
      }
      return await outcomeOf(response);
    },
    async find(idempotencyKey, signal) {
      const response = await fetch(new URL(`receipts/${encodeURIComponent(idempotencyKey)}`, url), {
        headers: authorization,
        redirect: 'error',
        signal,
      });
      if (response.status === 404) return 'none';
      const found = Found.safeParse(await jsonOf(response));
      if (response.status === 409) return 'unknown';
      // Anything else was not said by the notifier's journal (a proxy, a start-up, a wrong token): it is asked again.
      if (!response.ok || !found.success)
        throw new AgentError(
          'unreachable',
          `the notifier at ${url} answered ${response.status} when asked for a receipt`,
          { retryable: true },
        );
      return { receipt: found.data.receipt ?? found.data };
    },
  };
}

/** It may have arrived all the same: the outbox asks for the receipt before it tries again. */
function unreached(error: unknown, url: string): SendOutcome {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return { state: 'refused', error: `the notifier at ${url} did not answer: ${messageOf(cause)}`, retryable: true };
}

async function outcomeOf(response: Response): Promise<SendOutcome> {
  const body = await jsonOf(response);
  if (response.ok) {
    const sent = NotifySent.safeParse(body);
    if (sent.success) return { state: 'sent', receipt: sent.data.receipt };
    return { state: 'unknown', error: `the notifier answered ${response.status} with something that is no receipt` };
  }
  const failed = NotifyFailed.safeParse(body);
  const error = failed.success ? failed.data.error : `the notifier answered ${response.status}`;
  if (failed.success && failed.data.code === 'unknown') return { state: 'unknown', error };
  return {
    state: 'refused',
    error,
    retryable: failed.success ? failed.data.retryable : response.status >= 500 || response.status === 429,
  };
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined; // not JSON: judged by its status
  }
}
