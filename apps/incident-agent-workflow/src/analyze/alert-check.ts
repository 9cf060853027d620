/** An alert is a claim too: whether what it says is borne out, contradicted, over already, or could not be checked. */
import { alertName } from '../domain/alert.ts';
import type { Claim } from '../domain/claim.ts';
import { wasZero } from '../domain/evidence.ts';
import { displayName, listed } from '../lib/wording.ts';
import { measuredSubject, metricsOf, type Subject, subjectRose, subjectStayed } from './calm/alert-subject.ts';
import { nobodySuffers } from './calm/harmless.ts';
import { seenOfKnown } from './calm/known-alerts.ts';
import { isOver, isTrouble, type Spell, spellOf } from './calm/spell.ts';
import { wellNow } from './calm/well-now.ts';
import {
  dependencySaidDown,
  errorsRose,
  healthAnswers,
  healthDoesNotAnswer,
  readinessAnswers,
  readinessFails,
  upEnded,
  upIsZero,
  upStayedOne,
} from './fault-classes/predicates.ts';
import type { Look, Signal } from './fault-classes/rule.ts';
import type { ErrorText, Scene } from './scene.ts';
import { serverErrors } from './scene.ts';

export interface AlertCheck {
  readonly state: 'confirmed' | 'not-confirmed' | 'unknown';
  readonly claim: Claim;
  /** What speaks for the state. */
  readonly signals: readonly Signal[];
  /** Where nothing is wrong now, everything that shows it; undefined: something is wrong, or that was not to be seen. */
  readonly calm?: readonly Signal[] | undefined;
}

/** Of the incident's first alert; the others came along with it. */
export function checkAlert(scene: Scene): AlertCheck {
  const alert = scene.context.alerts[0];
  const name = alert ? alertName(alert) : 'The alert';
  const saying = `${name} ${alert?.annotations.summary ?? ''} ${alert?.annotations.description ?? ''}`;
  const { borneOut, contradicted, subject } = looksFor(name, saying, scene);
  const meant = subject ? metricsOf(subject, scene) : [];
  const spell = spellOf(scene, meant);
  // Of what it speaks of nothing was seen: then the rest being well says little.
  const isUnseen = subject !== undefined && meant.length === 0;
  const calm = !isUnseen && (spell === undefined || isOver(spell)) ? wellNow(scene, spell, meant) : undefined;
  const own = scene.evidence.find((item) => item.kind === 'alert');
  const cites = own ? [own.id] : [];
  if (calm && spell && borneOut.length > 0)
    return { ...checked('not-confirmed', `${name} is over`, overBy(calm, borneOut, spell), cites), calm };
  const harmless = subject && borneOut.length > 0 ? nobodySuffers(subject, meant, scene) : undefined;
  if (harmless) {
    const told = checked(
      'not-confirmed',
      `${name} is borne out, and nothing suffers from it`,
      harmless.slice(0, 2),
      cites,
    );
    return { ...told, signals: harmless, calm: harmless };
  }
  if (borneOut.length > 0) return checked('confirmed', `${name} is confirmed`, borneOut, cites);
  const known = seenOfKnown(name, scene).slice(0, 2);
  // That others of its kind answer says nothing against a pod that does not.
  if (known.length > 0 && /^kube|pod|container/i.test(name))
    return checked('confirmed', `${name} is confirmed`, known, cites);
  if (contradicted.length > 0)
    return { ...checked('not-confirmed', `${name} is not confirmed`, contradicted, cites), calm };
  if (calm && spell) return { ...checked('not-confirmed', `${name} is over`, calm.slice(0, 2), cites), calm };
  if (known.length > 0) return checked('confirmed', `${name} is confirmed`, known, cites);
  const text = `${name} could be neither confirmed nor contradicted with what was seen.`;
  const gap = scene.gaps.find((candidate) => candidate.coveredBy === undefined);
  return { state: 'unknown', claim: { text, cites: [...cites, ...(gap ? [gap.id] : [])] }, signals: [], calm };
}

/** First what it was, then what says that it is over. */
function overBy(calm: readonly Signal[], borneOut: readonly Signal[], { cites }: Spell): Signal[] {
  const was = borneOut.find((signal) => signal.cites.some((cite) => cites.includes(cite))) ?? borneOut[0];
  return [...(was ? [was] : []), ...calm.filter((signal) => signal.words !== was?.words).slice(0, 2)];
}

function checked(state: AlertCheck['state'], lead: string, signals: readonly Signal[], cites: string[]): AlertCheck {
  const text = `${lead}: ${listed(signals.map((signal) => signal.words))}.`;
  const all = [...new Set([...cites, ...signals.flatMap((signal) => signal.cites)])];
  return { state, claim: { text, cites: all }, signals };
}

/** A backlog is no log. */
const LOGS = /exception|(?<!back)log/i;

interface Looks {
  /** Where it speaks of a resource or of latency. */
  readonly subject?: Subject;
  readonly borneOut: readonly Signal[];
  readonly contradicted: readonly Signal[];
}

function looksFor(name: string, saying: string, scene: Scene): Looks {
  if (/dependency|(?:mongo|postgres|mysql|redis|database|kafka|db)\w*(?:down|unavailable|unreachable)/i.test(name))
    return weigh(
      [dependencySaidDown(scene), dependencyWasDown(scene), readinessFails(scene), upIsZero(scene)],
      [dependencyIsWell(scene), readinessAnswers(scene)],
    );
  if (/5xx|50\d|error.?rate|http.?error|errors?$/i.test(name) && !LOGS.test(name))
    return weigh([errorsRose(scene), ...anyError(scene)], [errorsStayedAway(scene)]);
  if (LOGS.test(name)) return weigh(anyError(scene), [nothingNewLogged(scene)]);
  const subject = measuredSubject(name, saying);
  if (subject) return { ...weigh([subjectRose(subject, scene)], [subjectStayed(subject, scene)]), subject };
  if (/down|unreachable|not.?respond|unavailable|absent|instance|target|health/i.test(saying)) {
    // Answering now weighs more than a scrape that failed a while ago; both are told.
    const alive = [healthAnswers(scene), upStayedOne(scene)];
    return weigh([upIsZero(scene), upWasZero(scene), healthDoesNotAnswer(scene), upEnded(scene)], alive);
  }
  return weigh([errorsRose(scene), upIsZero(scene), healthDoesNotAnswer(scene), ...anyError(scene)], []);
}

function weigh(borneOut: readonly Look[], contradicted: readonly Look[]): Looks {
  return { borneOut: seenOf(borneOut).slice(0, 2), contradicted: seenOf(contradicted) };
}

/** It was down inside the window, whatever it is now. */
function upWasZero(scene: Scene): Look {
  const up = scene.metrics.find(({ data }) => data.family === 'availability' && wasZero(data));
  if (!up || up.data.lastValue === 0) return 'absent';
  return { words: 'the scrape metric up was 0 in the window', cites: [up.id], group: 'metrics', weight: 1 };
}

/** The same of what it depends on, by its own check. */
function dependencyWasDown(scene: Scene): Look {
  const down = scene.metrics.find(({ data }) => data.family === 'dependency' && wasZero(data));
  if (!down || down.data.lastValue === 0) return 'absent';
  return {
    words: "the service's own check of a dependency was 0 in the window",
    cites: [down.id],
    group: 'metrics',
    weight: 1,
  };
}

function dependencyIsWell(scene: Scene): Look {
  const known = scene.dependencies.filter((dependency) => dependency.isUp !== undefined && dependency.cites.length > 0);
  const [first] = known;
  if (!first || known.some((dependency) => dependency.isUp === false)) return 'unknown';
  const metric = scene.metrics.find((item) => first.cites.includes(item.id));
  if (metric?.data.direction !== 'flat') return 'unknown';
  const words = `the service's own check reports ${displayName(first.name)} as up (dependency_up is 1)`;
  return { words, cites: first.cites.slice(0, 1), group: 'metrics', weight: 2 };
}

function errorsStayedAway(scene: Scene): Look {
  const errors = serverErrors(scene);
  if (!errors || errors.data.points.length === 0) return 'unknown';
  const isQuiet = errors.data.points.every((point) => point.value === null || point.value === 0);
  if (!isQuiet) return 'unknown';
  return { words: 'no request was answered with 5xx in the window', cites: [errors.id], group: 'metrics', weight: 2 };
}

/** Error texts that began with the incident: the alert speaks of failures, and there are some. */
function anyError(scene: Scene): Look[] {
  const texts = scene.texts.filter((each) => isFailure(each, scene));
  const text = texts.find(({ level }) => level !== 'info' && level !== 'unknown') ?? texts[0];
  if (!text) return [scene.logsSeen ? 'absent' : 'unknown'];
  return [{ words: 'new errors were logged', cites: [text.cite], group: 'logs', weight: 1 }];
}

/** That callers were refused is their affair, unless the service refuses since it was started anew. */
function isFailure(text: ErrorText, scene: Scene): boolean {
  if (text.level !== 'warning' || isTrouble(text)) return true;
  return scene.metrics.some(({ data }) => data.family === 'restart' && data.direction !== 'flat');
}

function nothingNewLogged(scene: Scene): Look {
  if (!scene.logsSeen) return 'unknown';
  if (scene.texts.some((text) => isFailure(text, scene))) return 'absent';
  const logs = scene.evidence.find(({ kind, service }) => kind === 'logs' && service === scene.context.service.name);
  if (!logs) return 'unknown';
  return { words: 'no error of a new kind was logged', cites: [logs.id], group: 'logs', weight: 1.2 };
}

function seenOf(looks: readonly Look[]): Signal[] {
  return looks.filter((look) => typeof look !== 'string');
}
