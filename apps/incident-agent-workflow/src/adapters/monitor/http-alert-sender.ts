/** Posts alerts to an agent's POST /alerts. */
import { AgentError, messageOf } from '../../domain/error.ts';
import type { AlertSender } from '../../ports.ts';

export interface HttpAlertSenderOptions {
  readonly agentUrl: string;
  readonly token: string | undefined;
}

export function httpAlertSender({ agentUrl, token }: HttpAlertSenderOptions): AlertSender {
  const url = new URL('/alerts', agentUrl);
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return {
    async post(alerts, signal) {
      let response: Response;
      try {
        response = await fetch(url, {
          method: 'POST',
          headers,
          body: JSON.stringify({ alerts }),
          redirect: 'error',
          signal,
        });
      } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw new AgentError('unreachable', `The agent at ${agentUrl} did not answer: ${messageOf(cause)}`, {
          retryable: true,
          cause: error,
        });
      }
      await response.body?.cancel();
      if (response.ok) return;
      const cure = response.status === 401 ? ': set ALERTS_TOKEN' : '';
      throw new AgentError('refused', `The agent at ${agentUrl} answered ${response.status}${cure}`, {
        retryable: response.status >= 500,
      });
    },
  };
}
