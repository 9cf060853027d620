/** What every part of the analysis is given. All of it comes in as an argument: same input, same evidence, same bytes. */
import type { Alert } from '../domain/alert.ts';
import type { Registry, Service } from '../domain/service.ts';

export interface AnalysisContext {
  /** The incident's alerts, earliest first. */
  readonly alerts: readonly Alert[];
  readonly service: Service;
  readonly registered: boolean;
  readonly registry: Registry;
  /** What was asked for: from before the alert until the run's own "now". */
  readonly window: { readonly from: string; readonly to: string };
  /** The alert's start less its `for`: good enough to part baseline from incident until the onset is dated. */
  readonly provisionalOnset: string;
  /** Hex digest of a text (SHA-256 in production): handed in, because the analysis imports nothing from Node. */
  readonly digest: (text: string) => string;
}
