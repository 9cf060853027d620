/** Reads the first line that looks like an error since the alert may have begun: its words, and the place it names. */
import type { FaultClass } from '../../../apps/incident-agent-workflow/src/domain/fault-class.ts';
import type { LogLine } from '../../../apps/incident-agent-workflow/src/domain/telemetry.ts';
import { answer, commitsSeen, type Dummy, guessedOnset, NOTHING_KNOWN, type Seen } from './dummy.ts';

const ERROR = /\b(?:ERROR|FATAL|CRITICAL|SEVERE|Exception|Traceback|panic)\b|"level":\s*"(?:error|fatal)"/;
/** What a person looks for in it. The first that fits. */
const SAYS: readonly (readonly [RegExp, FaultClass])[] = [
  [/out of memory|OutOfMemory|heap limit/i, 'out-of-memory'],
  [/ENOTFOUND|EAI_AGAIN|name resolution|UnknownHost/i, 'dns'],
  [/certificate|x509|SSL|TLS/, 'tls-certificate'],
  [/EMFILE|too many open files/i, 'file-descriptor-limit'],
  [/ENOSPC|no space left/i, 'disk-full'],
  [/deadlock/i, 'deadlock-stall'],
  [/acquir|pool|too many connections|wait queue/i, 'pool-exhaustion'],
  [/\b429\b|rate.?limit|quota/i, 'rate-limit'],
  [/\b40[13]\b|unauthori|forbidden|password|authentication/i, 'auth-secret'],
  [/(?:column|table|relation) .*(?:not exist|unknown)|no such (?:column|table)/i, 'schema-migration'],
  [/environment variable|missing.*(?:setting|config)|invalid value for/i, 'bad-config'],
  [/ECONNREFUSED|connection refused|ECONNRESET/i, 'dependency-refused'],
  [/time.?out|timed out|deadline/i, 'timeout-latency'],
];
/** `src/a.ts:12:3`, `File "src/a.py", line 12`, `(Orders.java:12)`. */
const PLACE = /([\w./\\-]+\.(?:[cm]?[jt]sx?|py|java|kt|go|rb|php|cs|rs)):(\d+)|File "([^"]+)", line (\d+)/g;
const LIBRARY = /node_modules|site-packages|node:|\/lib\/python|^java\.|dist-packages/;
/** A trace may be told in lines of its own. */
const LINES_AFTER = 30;

export const firstErrorLine: Dummy = {
  name: 'first error line',
  predict(seen) {
    const found = firstError(seen);
    if (!found) return answer(undefined);
    const place = placeIn(found.text, pathsOf(seen));
    const commit = commitsSeen(seen).find(({ files }) => files.some(({ path }) => path === place?.file));
    return answer({
      ...NOTHING_KNOWN,
      kind: commit ? 'code' : 'infrastructure',
      class: SAYS.find(([pattern]) => pattern.test(found.text))?.[1] ?? 'code-error',
      service: found.service,
      commit: commit?.hash ?? null,
      file: place?.file ?? null,
      line: place?.line ?? null,
    });
  },
};

/** With the lines after it in its stream. */
function firstError(seen: Seen): { service: string; text: string } | undefined {
  const onset = guessedOnset(seen);
  let first: { at: number; service: string; text: string } | undefined;
  for (const { question, answer: said } of seen.observations) {
    const lines = said.telemetry.logLines ?? [];
    const index = lines.findIndex((line) => timeOf(line) >= onset && ERROR.test(line.text));
    const line = lines[index];
    if (!line || (first && timeOf(line) >= first.at)) continue;
    const after = lines.slice(index, index + LINES_AFTER).filter(({ stream }) => stream === line.stream);
    first = { at: timeOf(line), service: question.service.name, text: after.map(({ text }) => text).join('\n') };
  }
  return first;
}

/** A line without a time may be any; it does not count as first. */
function timeOf({ at }: LogLine): number {
  return at === undefined ? Number.NEGATIVE_INFINITY : Date.parse(at);
}

function pathsOf({ observations }: Seen): string[] {
  return observations.flatMap(({ answer: said }) => said.telemetry.paths ?? []);
}

/** The first place that is in the repository; else the first that is no library's. */
function placeIn(text: string, paths: readonly string[]): { file: string; line: number } | undefined {
  const places = [...text.matchAll(PLACE)]
    .map((match) => ({ file: match[1] ?? match[3] ?? '', line: Number(match[2] ?? match[4]) }))
    .filter(({ file }) => !LIBRARY.test(file));
  for (const { file, line } of places) {
    const known = paths.find((path) => file === path || file.endsWith(`/${path}`) || path.endsWith(`/${file}`));
    if (known !== undefined) return { file: known, line };
  }
  return places[0];
}
