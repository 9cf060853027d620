/** One run as a bundle. Pure. */
import { BUNDLE_SCHEMA, type Bundle, type RunRecord } from '../domain/bundle.ts';
import type { Run } from '../domain/incident.ts';
import type { Report } from '../domain/report.ts';

/** `report`: version 1, which the evidence alone gives. What a model or the end of the incident added later is not replayed. */
export function bundleOfRun(run: Run, record: RunRecord, report: Report): Bundle {
  const { alerts, ...incident } = record.incident;
  const { url, dashboardUrl } = report.incident;
  return {
    manifest: {
      schema: BUNDLE_SCHEMA,
      incident,
      run,
      window: report.window,
      versions: report.versions,
      holds: 'run',
      forms: { logs: 'rows', series: 'rows' },
      time_scale: 1,
      shallow: [],
      report: {
        generatedAt: report.generatedAt,
        model: report.model,
        urls: {
          ...(url === null ? {} : { incident: url }),
          ...(dashboardUrl === null ? {} : { dashboard: dashboardUrl }),
        },
      },
    },
    alerts,
    registry: record.registry,
    observations: record.observations,
    report,
  };
}
