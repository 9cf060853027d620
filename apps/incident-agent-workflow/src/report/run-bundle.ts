/** One run as a bundle. Pure. */
import { BUNDLE_SCHEMA, type Bundle, type BundleLabel, type ModelExchange, type RunRecord } from '../domain/bundle.ts';
import type { Cause } from '../domain/hypothesis.ts';
import type { Run } from '../domain/incident.ts';
import type { Feedback } from '../domain/memory.ts';
import type { Report } from '../domain/report.ts';

/**
 * `report`: the one that a replay gives again: with the model's part where one was asked, else version 1, which the
 * evidence alone gives. What the end of the incident added later is not replayed.
 */
export function bundleOfRun(
  run: Run,
  record: RunRecord,
  report: Report,
  exchanges: readonly ModelExchange[] = [],
): Bundle {
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
    ...(exchanges.length > 0 ? { modelExchanges: exchanges } : {}),
    report,
  };
}

/**
 * What people said of the report as a label: the verdict where it was right, what they know better where it was not.
 * undefined: nothing was said, or nothing that can be counted.
 */
export function labelOf(report: Report, feedback: readonly Feedback[]): BundleLabel | undefined {
  const newest = feedback.at(-1);
  if (newest === undefined) return undefined;
  const { cause, status } = report.verdict;
  if (newest.verdict === 'right') {
    if (status === 'not-confirmed') return { ...NOTHING_WRONG, service: report.incident.service };
    return cause ? labelFrom(cause) : undefined;
  }
  if (newest.cause === undefined || typeof newest.cause === 'string') return undefined;
  const { commit, file, line, service = report.incident.service, class: named, dependency } = newest.cause;
  return {
    class: named ?? null,
    service,
    commit: commit ?? null,
    file: file ?? null,
    line: line ?? null,
    kind: kindOf(newest.cause),
    ...(dependency === undefined ? {} : { dependency }),
  };
}

const NOTHING_WRONG = { class: null, commit: null, file: null, line: null, kind: 'none' } as const;

function labelFrom({ kind, class: named, service, dependency, commit, file, line }: Cause): BundleLabel {
  return { class: named, service, commit, file, line, kind, dependency };
}

/** As far as the fields tell it. */
function kindOf({ commit, dependency, class: named }: Exclude<Feedback['cause'], string | undefined>): Cause['kind'] {
  if (commit) return 'code';
  if (dependency) return 'dependency';
  return named ? 'infrastructure' : 'none';
}
