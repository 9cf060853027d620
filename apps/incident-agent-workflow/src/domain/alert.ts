/** One alert instance as received. */
import { z } from 'zod';

/** ISO 8601 in UTC or with an offset, up to nine decimals, as Alertmanager sends it. */
const Instant = z.iso.datetime({ offset: true });

export const Alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** Kept as received (nine decimals matter for identity). When the alert began to FIRE, after its `for`. */
  startsAt: Instant,
  endsAt: Instant.optional(),
  /** A hash of the labels only: the same across firing, resolved, repeat and re-fire. */
  fingerprint: z.string().min(1),
  generatorUrl: z.string().optional(),
  /** Which door it came through: `alertmanager`, … */
  format: z.string(),
  receivedAt: Instant,
});
export type Alert = z.infer<typeof Alert>;

/** An alert that could not be taken, while its neighbours were. */
export interface RejectedAlert {
  readonly index: number;
  readonly field: string;
  readonly reason: string;
}

export interface Sifted<T> {
  readonly good: readonly T[];
  readonly rejected: readonly RejectedAlert[];
}

export function alertName(alert: Pick<Alert, 'labels'>): string {
  return alert.labels.alertname ?? 'unnamed alert';
}

/** The service an alert speaks of; with honor_labels off Prometheus renames a scraped `service` to `exported_service`. */
export function alertService(alert: Pick<Alert, 'labels'>): string | undefined {
  return alert.labels.service || alert.labels.exported_service || alert.labels.job || undefined;
}
