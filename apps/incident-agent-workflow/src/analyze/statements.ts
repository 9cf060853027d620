/** The one sentence of a hypothesis: thing, hedge of its band, what it broke, mechanism, effect. At most 220 characters. */
import type { Claim } from '../domain/claim.ts';
import type { Cause } from '../domain/hypothesis.ts';
import { bandOf, bandWord } from '../domain/hypothesis.ts';
import { percent, quoted, shortHash } from '../lib/wording.ts';
import { asksAnew } from './deep/asks.ts';
import { alertingOf, tieOf } from './deep/origin.ts';
import type { Reading } from './fault-classes/rule.ts';
import type { Scene, Trace } from './scene.ts';
import { metricOf, serverErrors } from './scene.ts';

export const MAX_STATEMENT_CHARACTERS = 220;

export interface Subject {
  readonly cause: Cause;
  readonly confidence: number;
  readonly reading: Reading | undefined;
  /** The crash that shows it, for causes in code. */
  readonly crash: Trace | undefined;
  /** How sure the class is without the commit, where that is named and not blamed; undefined: it is blamed, or there is none. */
  readonly alone?: number | undefined;
}

export function statementOf(subject: Subject, scene: Scene): Claim {
  for (const length of LENGTHS) {
    const claim = compose(subject, scene, length);
    if (claim.text.length <= MAX_STATEMENT_CHARACTERS) return claim;
  }
  const claim = compose({ ...subject, crash: undefined }, scene, SHORTEST);
  return { ...claim, text: claim.text.slice(0, MAX_STATEMENT_CHARACTERS) };
}

interface Length {
  readonly quoteLength: number;
  readonly withEffect: boolean;
}
const SHORTEST: Length = { quoteLength: 0, withEffect: false };
/** What is left out first when a sentence is too long. */
const LENGTHS: readonly Length[] = [
  ...[90, 60, 40, 0].map((quoteLength) => ({ quoteLength, withEffect: true })),
  SHORTEST,
];

function compose(subject: Subject, scene: Scene, { quoteLength, withEffect }: Length): Claim {
  const { cause, confidence } = subject;
  const band = bandOf(confidence);
  const thing = thingOf(subject);
  const mechanism = mechanismOf(subject, scene, quoteLength);
  const effect = withEffect ? effectOf(scene) : undefined;
  const victim = victimOf(subject, scene);
  const because = becauseOf(subject, scene);
  const cites = [
    ...new Set([
      // Whose trouble it is, and what people notice of it, is not to be crowded out.
      ...(because ? [...because.cites, ...(effect?.cites ?? []), ...thing.cites(scene).slice(0, 1)] : []),
      ...(because ? mechanism.cites.slice(0, 1) : []),
      ...thing.cites(scene),
      ...mechanism.cites,
      ...victim.cites,
      ...(effect?.cites ?? []),
    ]),
  ].slice(0, 5);
  const so = effect ? `, so ${effect.text}` : '';
  const what = because ? `${because.text}: ${lowerFirst(thing.text, cause)}` : thing.text;
  if (band === 'very-likely' || band === 'likely')
    return { text: `${what} ${bandWord(band)} broke ${victim.text}: ${mechanism.text}${so}.`, cites };
  const lead = band === 'possible' ? 'Possibly' : 'Not established, but to be looked at:';
  const rest = band === 'not-established' ? '' : reserveOf(subject);
  const fails = because ? `${because.text}: ` : '';
  return {
    text: `${lead} ${fails}${lowerFirst(thing.text, cause)} in ${victim.text}: ${mechanism.text}${rest}.`,
    cites,
  };
}

function reserveOf({ cause, alone }: Subject): string {
  if (!cause.commit) return '; another cause is not excluded';
  if (alone === undefined) return '';
  const band = bandOf(alone);
  const sure = band === 'likely' || band === 'very-likely' ? `that much is ${bandWord(band)}, ` : '';
  return `; ${sure}the commit is possible, not blamed`;
}

/** `orders fails because ledger does`, where the cause lies in a service that the alerting one depends on. */
function becauseOf({ confidence }: Subject, scene: Scene): Claim | undefined {
  if (bandOf(confidence) === 'not-established') return undefined;
  const asked = scene.callee?.context.service.name;
  const asks = asked === undefined ? undefined : asksAnew(scene);
  if (asks) return { text: `${asked} fails on what ${scene.context.service.name} asks`, cites: [...asks.cites] };
  if (!scene.caller) return undefined;
  const cites: string[] = [];
  for (let at: Scene | undefined = scene; at?.caller; at = at.caller)
    cites.push(...(tieOf(at)?.cites ?? []).slice(0, 1));
  return { text: `${alertingOf(scene).context.service.name} fails because ${scene.context.service.name} does`, cites };
}

function thingOf({ cause, reading, crash }: Subject): { text: string; cites: (scene: Scene) => string[] } {
  const commit = cause.commit;
  if (commit) return { text: `Commit ${shortHash(commit)}`, cites: (scene) => citesOfCommit(scene, commit) };
  if (cause.class === 'code-error' && crash && cause.file)
    return { text: `The program's own error at ${placeOf(cause)}`, cites: () => [crash.id] };
  const subject = reading?.rule.subject ?? 'Something not seen';
  const text = typeof subject === 'string' ? subject : subject(cause.dependency ?? undefined);
  return { text, cites: () => reading?.signals.flatMap((signal) => signal.cites) ?? [] };
}

/** A commit is named by its diff where that is shown, else by the list it stands in. */
export function citesOfCommit(scene: Scene, commit: string): string[] {
  const shown = scene.evidence.find((item) => item.kind === 'commit' && item.data.hash === commit);
  const listed = scene.evidence.find(
    (item) => item.kind === 'history' && item.data.commits.some((entry) => entry.hash === commit),
  );
  const cite = shown ?? listed;
  return cite ? [cite.id] : [];
}

export function placeOf({ file, line }: Pick<Cause, 'file' | 'line'>): string {
  return line === null ? (file ?? '') : `${file}:${line}`;
}

function mechanismOf({ cause, reading, crash }: Subject, scene: Scene, quoteLength: number): Claim {
  if (crash) {
    const frame = crash.data.crashFrame === null ? undefined : crash.data.frames[crash.data.crashFrame];
    const said = quoteLength > 0 && crash.data.message ? ` ${quoted(crash.data.message, quoteLength)}` : '';
    const where = frame?.repositoryPath && frame.line !== null ? ` at ${frame.repositoryPath}:${frame.line}` : '';
    const elsewhere = cause.file && where && !where.endsWith(placeOf(cause)) ? `, change at ${placeOf(cause)}` : '';
    return { text: `${crash.data.type}${said}${where}${elsewhere}`, cites: [crash.id] };
  }
  if (!reading) return { text: 'it came shortly before the failure began', cites: [] };
  // An error in the program that shows in no crash of its own shows in what its callers make of its answers.
  const told = reading.rule.class === 'code-error' ? reading.signals[0] : undefined;
  if (told) return { text: told.words, cites: [...told.cites] };
  const signal = quoteLength > 0 ? reading.signals.find((item) => item.group === 'logs') : undefined;
  const heard = signal && quoteLength > 60 ? ` (${signal.words})` : '';
  const cites = [...(heard && signal ? signal.cites : []), ...reading.signals.flatMap((item) => item.cites)];
  const { mechanism } = reading.rule;
  return { text: `${typeof mechanism === 'string' ? mechanism : mechanism(scene)}${heard}`, cites };
}

/** The route that fails, as its pattern where the metrics know that: a path is one of many. */
function victimOf({ crash }: Subject, scene: Scene): Claim {
  const { name } = scene.context.service;
  const request = crash?.data.request;
  if (!request) return { text: name, cites: [] };
  const errors = serverErrors(scene);
  const route = /\((?:mostly )?([A-Z]+ \/[^()]*)\)$/.exec(errors?.title ?? '')?.[1];
  if (errors && route && !/ and |, /.test(route) && route.startsWith(`${request.method} `))
    return { text: `${route} of ${name}`, cites: [errors.id] };
  return { text: `${request.method} ${request.path} of ${name}`, cites: [] };
}

/** What people notice: the share of failing requests, else that it does not answer. */
function effectOf(own: Scene): Claim | undefined {
  const scene = alertingOf(own);
  const errors = serverErrors(scene);
  const share = errors?.data.incidentMedian ?? 0;
  if (errors && errors.data.unit === '1' && errors.data.direction === 'up' && share > 0)
    return {
      text: `${percent(share)} of requests${scene === own ? '' : ` to ${scene.context.service.name}`} answer 5xx`,
      cites: [errors.id],
    };
  const up = metricOf(scene, 'availability');
  if (up?.data.lastValue === 0) return { text: 'it does not answer', cites: [up.id] };
  const ready = scene.ready;
  if (ready?.data.httpStatus !== undefined && ready.data.httpStatus >= 500)
    return { text: `its readiness address answers ${ready.data.httpStatus}`, cites: [ready.id] };
  return errors?.data.direction === 'up' ? { text: 'requests answer 5xx', cites: [errors.id] } : undefined;
}

function lowerFirst(text: string, cause: Cause): string {
  return cause.dependency && !cause.commit ? text : `${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`;
}
