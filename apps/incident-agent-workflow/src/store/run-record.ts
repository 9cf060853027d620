/** A run's record as bytes, bounded: what does not fit is cut where there is most of it, and says so. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { RunRecord } from '../domain/bundle.ts';
import { AgentError } from '../domain/error.ts';
import type { Gap } from '../domain/gap.ts';
import { unknownWithout } from '../domain/question.ts';
import type { Answer, LogLine, Observation, Series } from '../domain/telemetry.ts';
import { jsonText } from './database.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

export const MAX_RECORD_BYTES = 8 * 1024 * 1024;
const SMALLEST_SHARE = 1 / 1_024;

/** Throws AgentError('too-large') where even without most of its lines and samples it does not fit. */
export async function packRecord(record: RunRecord, maxBytes = MAX_RECORD_BYTES): Promise<Buffer> {
  let longer = Number.POSITIVE_INFINITY;
  for (let share = 1; share >= SMALLEST_SHARE; share /= 2) {
    const text = jsonText(share === 1 ? record : cutRecord(record, share, maxBytes));
    if (text.length >= longer) break; // what it is full of cannot be cut
    longer = text.length;
    const content = await compress(text);
    if (content.byteLength <= maxBytes) return content;
  }
  throw new AgentError('too-large', `the observations do not fit into ${maxBytes} bytes, most of them cut off`, {
    retryable: false,
  });
}

/** undefined: kept in another form, by another version. As it was kept, the order of its keys included. */
export async function unpackRecord(content: Uint8Array): Promise<RunRecord | undefined> {
  const record: unknown = JSON.parse((await decompress(content)).toString('utf8'));
  return isRecord(record) ? record : undefined;
}

function isRecord(value: unknown): value is RunRecord {
  return RunRecord.safeParse(value).success;
}

function cutRecord(record: RunRecord, share: number, maxBytes: number): RunRecord {
  return { ...record, observations: record.observations.map((one) => cutObservation(one, share, maxBytes)) };
}

function cutObservation({ question, answer }: Observation, share: number, maxBytes: number): Observation {
  const { logLines, series } = answer.telemetry;
  const lines = logLines && newestOfStreams(logLines, share);
  const shorter = series?.map((one) => ({ ...one, points: newest(one.points, share) }));
  const cuts = [
    lines && logLines && lines.length < logLines.length ? `${lines.length} of ${logLines.length} log lines` : undefined,
    shorter && series && samples(shorter) < samples(series)
      ? `${samples(shorter)} of ${samples(series)} samples`
      : undefined,
  ].filter((cut) => cut !== undefined);
  const gaps = cuts.map(
    (cut): Gap => ({
      source: 'bundle',
      query: answer.query,
      reason: 'too-large',
      detail: `only the newest ${cut} are kept: what the run saw does not fit into ${Math.floor(maxBytes / 1024 / 1024)} MB`,
      unknown: unknownWithout(question),
    }),
  );
  const telemetry: Answer['telemetry'] = {
    ...answer.telemetry,
    ...(lines ? { logLines: lines } : {}),
    ...(shorter ? { series: shorter } : {}),
  };
  return { question, answer: { ...answer, telemetry, gaps: [...answer.gaps, ...gaps] } };
}

/** Streams may stand one after the other: each keeps its own end. */
function newestOfStreams(lines: readonly LogLine[], share: number): LogLine[] {
  const left = new Map<string, number>();
  for (const { stream } of lines) left.set(stream, (left.get(stream) ?? 0) + 1);
  const keep = new Map([...left].map(([stream, count]) => [stream, Math.ceil(count * share)]));
  return lines.filter(({ stream }) => {
    const rest = left.get(stream) ?? 0;
    left.set(stream, rest - 1);
    return rest <= (keep.get(stream) ?? 0);
  });
}

function newest<T>(items: readonly T[], share: number): T[] {
  return items.slice(items.length - Math.ceil(items.length * share));
}

function samples(series: readonly Series[]): number {
  return series.reduce((sum, { points }) => sum + points.length, 0);
}
