/** Scenes for tests of rules: from observations, by the same way as in a run. */
import type { Service } from '../domain/service.ts';
import type { LogLine, Observation, Probe } from '../domain/telemetry.ts';
import type { AnalysisContext } from './context.ts';
import { contextOf, instantAt, ONSET_INDEX, SAMPLES, SERVICE } from './metrics/observations.test-helper.ts';
import { dateOnset } from './onset.ts';
import { observeTelemetry } from './producers.ts';
import { buildScene, type Scene } from './scene.ts';

export function sceneFrom(observations: readonly Observation[], changes: Partial<AnalysisContext> = {}): Scene {
  const context = contextOf(changes);
  const telemetry = observeTelemetry(observations, context);
  const evidence = telemetry.map((item, index) => ({ ...item, id: `E${index + 1}` }));
  const onset = dateOnset(telemetry, context) ?? context.provisionalOnset;
  return buildScene({ observations, context, evidence, gaps: [], onset, ranking: undefined });
}

/** From the onset on (sample 288 of 321). */
export function isIncident(index: number): boolean {
  return index >= ONSET_INDEX;
}

export function probeAnswer(of: 'health' | 'ready', answer: Partial<Probe>, service: Service = SERVICE): Observation {
  const probe: Probe = {
    of,
    url: `http://${service.name}/${of}`,
    at: instantAt(SAMPLES - 1),
    detail: '',
    durationMilliseconds: 3,
    body: '',
    ...answer,
  };
  return {
    question: { kind: 'probe', service, of },
    answer: { source: 'http', query: '', telemetry: { probe }, gaps: [] },
  };
}

/** One line at each of these samples. */
export function linesAt(indices: readonly number[], text: string, service: Service = SERVICE): LogLine[] {
  return indices.map(
    (index) => ({ at: instantAt(index), text, service: service.name, stream: 'service.log' }) as LogLine,
  );
}
