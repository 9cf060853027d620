/** What could not be seen, numbered in the order of the questions; the same hole is told once. */
import { alertService } from '../domain/alert.ts';
import { serviceFinder } from '../domain/alert-service.ts';
import type { Observed } from '../domain/evidence.ts';
import type { Gap, NumberedGap } from '../domain/gap.ts';
import type { Observation } from '../domain/telemetry.ts';
import { oneLine } from '../lib/clean-text.ts';
import { secondsBetween } from '../lib/time.ts';
import { counted, duration, listed } from '../lib/wording.ts';
import { type AnalysisContext, UNKNOWN_SERVICE } from './context.ts';
import { logReadings } from './logs/log-reading.ts';

const MAX_UNKNOWNS = 4;

/** Gaps `not-configured` of one source become one; equal ones are kept once. A gap that another source covers stays apart. */
export function numberGaps(observations: readonly Observation[], found: readonly Gap[] = []): NumberedGap[] {
  const groups = new Map<string, Gap[]>();
  for (const gap of [...observations.flatMap(({ answer }) => answer.gaps), ...found]) {
    const group = groups.get(keyOf(gap));
    if (group) group.push(gap);
    else groups.set(keyOf(gap), [gap]);
  }
  return [...groups.values()].map((group, index) => ({ ...merged(group), id: `G${index + 1}` }));
}

function keyOf(gap: Gap): string {
  const covered = gap.coveredBy ?? '';
  if (gap.reason === 'not-configured') return JSON.stringify([gap.source, gap.reason, covered]);
  // Of what is not there at all, each question says the same.
  const query = gap.reason === 'not-found' ? '' : gap.query;
  return JSON.stringify([gap.source, gap.reason, covered, query, gap.detail]);
}

function merged(group: readonly Gap[]): Gap {
  const [first] = group;
  if (!first) throw new Error('a group of gaps has at least one');
  const unknowns = [...new Set(group.map((gap) => gap.unknown))];
  if (unknowns.length === 1) return first;
  const shown = unknowns.slice(0, MAX_UNKNOWNS);
  const more = unknowns.length - shown.length;
  return { ...first, query: '', unknown: listed([...shown, ...(more > 0 ? [`${more} more`] : [])]) };
}

const MAX_PATH_CHARACTERS = 120;
/** Two clocks that are kept by the network differ by less. */
const SKEW_SECONDS = 60;
const OWN_NAME = 'incident-agent-workflow';

/** A trace is text from outside: a path in it that climbs out of the repository is not opened, and that is said. */
export function refusedPaths(observed: readonly Observed[]): Gap[] {
  const files = observed.flatMap((item) =>
    item.kind === 'stack-trace' ? item.data.frames.map(({ file }) => file) : [],
  );
  const climbing = new Set(files.filter((file) => file.replaceAll('\\', '/').split('/').includes('..')));
  return [...climbing].map((file) => {
    const path = oneLine(file, MAX_PATH_CHARACTERS);
    return {
      source: 'git',
      query: '',
      reason: 'refused',
      detail: `a stack trace names ${path}, which leads out of the repository: it was not opened`,
      unknown: `what is at ${path}`,
    };
  });
}

/** What a stack trace does not say, and why: cut off, interleaved, built output without its source map. */
export function traceLosses(observed: readonly Observed[]): Gap[] {
  return observed.flatMap((item) => {
    if (item.kind !== 'stack-trace') return [];
    const of = oneLine(item.data.type, MAX_PATH_CHARACTERS);
    return (item.data.losses ?? []).map((loss): Gap => {
      return {
        source: item.source,
        query: item.query,
        reason: 'malformed',
        detail: `of a stack trace (${of}): ${loss}`,
        unknown: `part of the stack trace of ${of}`,
      };
    });
  });
}

/** Where a log's own clock was not believed: an hour's difference would turn cause and effect around. */
export function wrongClocks(observations: readonly Observation[], context: AnalysisContext): Gap[] {
  return logReadings(observations, context).flatMap(({ offsets, source, query, question }) =>
    offsets.map(({ stream, milliseconds }): Gap => {
      const minutes = Math.round(Math.abs(milliseconds) / 60_000);
      const name = oneLine(stream, MAX_PATH_CHARACTERS);
      const way = milliseconds > 0 ? 'ahead of' : 'behind';
      return {
        source,
        query,
        reason: 'malformed',
        detail: `the times that ${name} writes are ${counted(minutes, 'minute')} ${way} those of the log store: the store's were taken; set that host's clock, or name the zone in its log format`,
        unknown: `when exactly the lines of ${oneLine(question.service.name, MAX_PATH_CHARACTERS)} were written`,
      };
    }),
  );
}

const UNNAMED: Gap = {
  source: OWN_NAME,
  query: '',
  reason: 'invalid-input',
  detail:
    'the alert names no service, neither as service nor as exported_service or job: nothing could be asked about it; give its rule the label service',
  unknown: 'which service is meant, and all about it',
};

/** Then there is nobody to ask about: what the sources do not hold of it says nothing about them. */
export function namesNoService({ alerts, service }: Pick<AnalysisContext, 'alerts' | 'service'>): boolean {
  return service.name === UNKNOWN_SERVICE && alerts.every((alert) => alertService(alert) === undefined);
}

/** What one investigation does not look at: the other services of a storm, and what lies before its window. */
export function unlookedAt(
  { alerts, service, window, registry }: AnalysisContext,
  lookedInto: readonly string[] = [],
): Gap[] {
  const gaps: Gap[] = namesNoService({ alerts, service }) ? [UNNAMED] : [];
  const serviceOf = serviceFinder(registry);
  const services = new Set(alerts.flatMap((alert) => serviceOf(alert) ?? []));
  const seen = [service.name, ...lookedInto];
  const others = [...services].filter((name) => !seen.includes(name)).length;
  if (services.size > 1 && others > 0) {
    const detail = `the alerts name ${services.size} services, and one investigation looks at one and at what that depends on: ${oneLine(service.name, MAX_PATH_CHARACTERS)}`;
    gaps.push({
      source: OWN_NAME,
      query: '',
      reason: 'too-large',
      detail,
      unknown: `the state of ${counted(others, 'other service')}`,
    });
  }
  const start = alerts[0]?.startsAt;
  if (start !== undefined && secondsBetween(window.to, start) > SKEW_SECONDS) {
    const ahead = duration(secondsBetween(window.to, start));
    gaps.push({
      source: OWN_NAME,
      query: '',
      reason: 'malformed',
      detail: `the alert says that it began at ${oneLine(start, MAX_PATH_CHARACTERS)}, ${ahead} after this look: its sender's clock is ahead, and the time of the look was taken`,
      unknown: 'when the alert began to fire',
    });
  }
  if (start !== undefined && secondsBetween(start, window.from) > 0) {
    const detail = `the alert is older than the window that is looked at, which begins ${window.from}`;
    gaps.push({
      source: OWN_NAME,
      query: '',
      reason: 'too-large',
      detail,
      unknown: `what happened when the alert began to fire, ${oneLine(start, MAX_PATH_CHARACTERS)}`,
    });
  }
  return gaps;
}
