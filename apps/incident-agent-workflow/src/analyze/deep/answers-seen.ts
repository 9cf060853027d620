/** A service that answers otherwise than before, where no text of its callers quotes what it answers. */
import { clockTime } from '../../lib/instants.ts';
import { secondsBetween } from '../../lib/time.ts';
import { displayName } from '../../lib/wording.ts';
import { isRaised } from '../fault-classes/predicates.ts';
import type { Predicate } from '../fault-classes/rule.ts';
import { surelyAccused } from '../suspicion.ts';
import { comesOf, EARLY_SECONDS, lastStart, startedBefore } from './answers.ts';
import { textsNaming } from './heard.ts';

/** Of what is not there, or not so; a refusal for want of a right or of patience is another matter. */
const NOT_THERE: ReadonlySet<number> = new Set([400, 404, 405, 406, 410, 415, 421, 422, 426]);

/**
 * Since it was started anew its caller's check finds it down, and it does answer: at the address at which it is known it has
 * nothing any more.
 */
export const healthMoved: Predicate = (scene) => {
  const { caller, health, context } = scene;
  const started = lastStart(scene);
  if (!caller || !started || !health || !NOT_THERE.has(health.data.httpStatus ?? 0)) return 'absent';
  const { name } = context.service;
  const down = caller.metrics.find(
    ({ data, title }) => data.family === 'dependency' && data.lastValue === 0 && title.includes(name),
  );
  if (!isSince(down?.data.onset, started.at)) return 'absent';
  return {
    words: `${displayName(name)} answers ${health.data.httpStatus} at its health address since it was started anew`,
    cites: [health.id, started.metric.id, ...(down ? [down.id] : [])],
    group: 'direct state',
    weight: 2,
  };
};

/** How the readers of several languages say that what came is no whole text of its kind: begun, and broken on the way. */
const BROKEN =
  /(?:JSON|SyntaxError|JSONDecodeError|JsonParse|JsonEOF|JsonReader|MalformedJson|JsonException)[^\n]{0,120}(?:unterminated|unexpected (?:end|non-whitespace|token (?!'?<)|character|EOF)|expected (?:'|a |an |double|comma|property|value|.{0,3}delimiter)|expecting (?!value: line 1 column 1 )|extra data|at position [1-9]|end-of-input|unclosed)|invalid character '[^<]' (?:after|in|looking)|unexpected end of JSON|unexpected EOF|IncompleteRead|content[- ]?length[^\n]{0,40}(?:mismatch|does not match|too short)|ContentLengthError|ClientPayloadError|(?:Res)?Content(?:Length)?Mismatch|premature(?:ly)? (?:close|end|EOF|closed)|Premature end of (?:Content-Length|chunk)|(?:invalid|bad|malformed) chunk|TransferEncodingError|response (?:body )?(?:was )?truncated|EOF reached while reading|fixed content-length: \d+, bytes received/i;

/** How they say that what is named packed is not, or is not packed so. */
const NOT_PACKED =
  /incorrect (?:header|data) check|invalid (?:stored )?block (?:type|length)|(?:zlib|gzip|flate|brotli|zstd): (?:invalid|corrupt|unknown)|not (?:in |a )?gzip(?:ped)?\b|BadGzipFile|while decompressing|Decompress(?:ion|or)?(?:Exception|Error| failed)|ContentDecodingError|DecodingError|(?:Zlib|Brotli|Gzip|Lz4|Zstd)Error|invalid (?:gzip|zlib|deflate) (?:header|data|stream)|magic number in GZip header|ERR_CONTENT_DECODING_FAILED|Z_(?:DATA|BUF)_ERROR/i;

/** Whether an answer came, and broke while it was read. */
export function readsBroken(text: string): boolean {
  return BROKEN.test(text) || NOT_PACKED.test(text);
}

/** Its caller, which was neither changed nor started, gets answers that break while they are read. */
export const answersBroken: Predicate = (scene) => {
  const { caller } = scene;
  if (!caller) return 'absent';
  if (surelyAccused(caller.ranking)) return 'absent';
  const broken = textsNaming(caller.texts, scene.context.service).find(
    ({ text, isNovel, firstAt, group }) =>
      group === 'traces' && isNovel && readsBroken(text) && firstAt !== null && !startedBefore(caller, firstAt),
  );
  if (!broken) return caller.logsSeen ? 'absent' : 'unknown';
  const words = `${caller.context.service.name} cannot read to the end what ${scene.context.service.name} answers`;
  return { words, cites: [broken.cite], group: 'traces', weight: 2 };
};

/** The log of its caller was not to be read: its own figures tell that it refuses, since it was started anew, what it took before. */
export const refusesSinceStart: Predicate = (scene) => {
  const { caller } = scene;
  const started = lastStart(scene);
  if (!caller || caller.logsSeen || !started) return 'absent';
  const own = lastStart(caller);
  if (own && secondsBetween(started.at, own.at) > -EARLY_SECONDS) return 'absent';
  const refused = scene.metrics.find(
    (metric) =>
      metric.data.family === 'errors' &&
      metric.title.startsWith('4xx share') &&
      isRaised(metric) &&
      isSince(metric.data.onset, started.at),
  );
  if (!refused?.data.onset) return 'absent';
  const words = `${displayName(scene.context.service.name)} refuses more from ${clockTime(refused.data.onset)} on, since it was started anew, and its caller was not`;
  return { words, cites: [refused.id, started.metric.id], group: 'metrics', weight: 1.5 };
};

function isSince(at: string | null | undefined, startedAt: string): boolean {
  return at !== null && at !== undefined && comesOf(at, startedAt);
}
