/** One observation a line of `questions.jsonl`: the question with its answer, what is long in it by row or by column. */
import type { BundleManifest } from '../../domain/bundle.ts';
import { Observation } from '../../domain/telemetry.ts';
import {
  columnsToLogLines,
  columnsToPoints,
  type KnownInstants,
  logLinesToColumns,
  pointsToColumns,
} from './columns.ts';

type Forms = BundleManifest['forms'];

export function observationLine({ question, answer }: Observation, forms: Forms): string {
  const { logLines, series } = answer.telemetry;
  const telemetry = {
    ...answer.telemetry,
    ...(logLines && forms.logs === 'columns' ? { logLines: logLinesToColumns(logLines) } : {}),
    ...(series && forms.series === 'columns'
      ? { series: series.map((one) => ({ ...one, points: pointsToColumns(one.points) })) }
      : {}),
  };
  return JSON.stringify({ question, answer: { ...answer, telemetry } });
}

/** Takes both forms, whatever is declared. What it returns throws ZodError or AgentError('malformed'). */
export function observationReader(): (line: unknown) => Observation {
  const known: KnownInstants = new Map();
  return (line) => {
    const observation = unfolded(line, known);
    // Handed on as it was read: what is computed from the order of its keys stays the same.
    if (isObservation(observation)) return observation;
    return Observation.parse(observation);
  };
}

function isObservation(value: unknown): value is Observation {
  return Observation.safeParse(value).success;
}

/** With rows where there were columns; what has another shape is left for the schema to refuse. */
function unfolded(line: unknown, known: KnownInstants): unknown {
  if (!isObject(line) || !isObject(line.answer) || !isObject(line.answer.telemetry)) return line;
  const { telemetry } = line.answer;
  const { logLines, series } = telemetry;
  return {
    ...line,
    answer: {
      ...line.answer,
      telemetry: {
        ...telemetry,
        ...(isObject(logLines) ? { logLines: columnsToLogLines(logLines, known) } : {}),
        ...(Array.isArray(series) ? { series: series.map((one) => unfoldedSeries(one, known)) } : {}),
      },
    },
  };
}

function unfoldedSeries(series: unknown, known: KnownInstants): unknown {
  return isObject(series) && isObject(series.points)
    ? { ...series, points: columnsToPoints(series.points, known) }
    : series;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
