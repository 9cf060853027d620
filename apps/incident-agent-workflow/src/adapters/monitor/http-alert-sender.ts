/** Posts alerts to an agent's POST /alerts. */
import { AgentError } from '../../domain/error.ts';
import type { HttpClient } from '../../lib/http.ts';
import type { AlertSender } from '../../ports.ts';

export interface HttpAlertSenderOptions {
  readonly agentUrl: string;
  /** With the agent's token. */
  readonly http: HttpClient;
}

export function httpAlertSender({ agentUrl, http }: HttpAlertSenderOptions): AlertSender {
  const url = new URL('/alerts', agentUrl).toString();
  const headers = { 'content-type': 'application/json' };
  return {
    async post(alerts, signal) {
      const { status } = await http.send({ url, method: 'POST', headers, body: JSON.stringify({ alerts }) }, signal);
      if (status >= 200 && status < 300) return;
      const cure = status === 401 ? ': set ALERTS_TOKEN' : '';
      throw new AgentError('refused', `The agent at ${agentUrl} answered ${status}${cure}`, {
        retryable: status >= 500,
      });
    },
  };
}
