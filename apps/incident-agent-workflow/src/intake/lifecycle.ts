/** When an incident is over: "resolved" is the sender's claim, and silence proves nothing. Pure. */
import type { Incident } from '../domain/incident.ts';
import type { SettleReason } from '../ports.ts';

export type NextStep =
  | { readonly step: 'resolve'; readonly note: string }
  /** Stays open. `checkAgainSeconds` undefined: the next alert or the next silent check decides. */
  | { readonly step: 'keep-open'; readonly note: string; readonly checkAgainSeconds: number | undefined }
  | { readonly step: 'nothing' };

export interface SeenRecovery {
  readonly state: 'recovered' | 'broken' | 'unknown';
  readonly reason: string;
}

const CHECK_AGAIN_SECONDS = 30;

export function nextStep(incident: Incident, reason: SettleReason, seen: SeenRecovery, lastHeardAt: string): NextStep {
  if (reason === 'silent') return afterSilence(seen, lastHeardAt);
  if (incident.alerts.some(({ status }) => status === 'firing')) return { step: 'nothing' };
  if (seen.state === 'broken') {
    return {
      step: 'keep-open',
      note: `The sender says resolved, but: ${seen.reason}`,
      checkAgainSeconds: CHECK_AGAIN_SECONDS,
    };
  }
  const checked = seen.state === 'recovered' ? `checked: ${seen.reason}` : `by the sender's word, ${seen.reason}`;
  return { step: 'resolve', note: `Resolved (${checked})` };
}

/** What stays unknown stays open. */
function afterSilence(seen: SeenRecovery, lastHeardAt: string): NextStep {
  if (seen.state === 'recovered')
    return { step: 'resolve', note: `Resolved: the sender is silent since ${lastHeardAt}, and ${seen.reason}` };
  return {
    step: 'keep-open',
    note: `Sender silent since ${lastHeardAt}; ${seen.reason}`,
    checkAgainSeconds: undefined,
  };
}
