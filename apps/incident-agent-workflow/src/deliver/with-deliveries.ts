/** A report as it is read later: with what was sent where by then. The stored report and its bundle have no such part. */
import { type Report, ReportDelivery } from '../domain/report.ts';

import type { DeliveryStore } from '../ports.ts';

export async function withDeliveries(report: Report, deliveries: Pick<DeliveryStore, 'ofIncident'>): Promise<Report> {
  const planned = await deliveries.ofIncident(report.incident.id);
  return planned.length === 0 ? report : { ...report, deliveries: planned.map((one) => ReportDelivery.parse(one)) };
}
