/** What rules ask of processes that end by themselves, once or again and again. */
import { millisecondsOf } from '../../lib/time.ts';
import { counted } from '../../lib/wording.ts';
import { levelsOf } from '../calm/levels.ts';
import { isOwnCrash } from '../crashes.ts';
import type { ErrorText, Metric, Scene } from '../scene.ts';
import { healthDoesNotAnswer, restarted, textSignal, upIsZero } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { namesFault } from './texts.ts';

/** What runtimes say when nobody has caught what was thrown. */
const UNCAUGHT =
  /triggerUncaughtException|\buncaught\b|uncaughtException|unhandled (?:promise )?(?:rejection|exception|error)|UnhandledPromiseRejection|unhandledRejection|Unhandled '\w+' event|Exception in thread "|Application run failed|could not be started|failed to (?:start|boot|initiali[sz]e)|^panic:|Fatal Python error|^thread '.{1,60}' panicked|terminate called|never retrieved/im;
/** What a supervisor says of a process that ended with an error of its own, not by a signal. */
const ENDED =
  /\b(?:ended|exit(?:ed|s)?|code)\b[^\n]{0,30}?(?:code|status)[ =:]{1,2}(?!13[0-9]\b|143\b)[1-9]\d{0,2}\b|exit status (?!13[0-9]\b|143\b)[1-9]|code=exited|CrashLoopBackOff|Back-off restarting|Start request repeated too quickly|entered FATAL state|exited: .{1,60}not expected/i;
const NAMES_ERROR = /\b(?:[A-Z]\w*)?(?:Error|Exception|Failure)\b|\bE[A-Z]{4,}\b|panic/;

/** It ends with an error that nothing has caught, and that no class of its own has words for. */
export const endsOfItself: Predicate = (scene) => {
  if (!scene.logsSeen) return 'unknown';
  const isGone = [upIsZero, healthDoesNotAnswer, restarted].some((look) => typeof look(scene) !== 'string');
  const fresh = scene.texts.filter(({ isNovel }) => isNovel);
  const uncaught = fresh.find(({ text }) => UNCAUGHT.test(text));
  const ended = endedText(scene);
  if (!isGone || hasItsReason(scene) || (!uncaught && !ended)) return 'absent';
  const said = fresh.find((text) => text !== ended && NAMES_ERROR.test(text.text) && !isCaption(text)) ?? uncaught;
  return said ? textSignal(said, NAMES_ERROR.test(said.text) ? NAMES_ERROR : UNCAUGHT, scene, 2) : 'absent';
};

/** What its supervisor says of a process that ended with an error. */
export function endedText({ texts }: Scene): ErrorText | undefined {
  return texts.find(({ isNovel, text }) => isNovel && ENDED.test(text));
}

/** Whether its own words, or its own crash, say why. */
export function hasItsReason({ texts, traces }: Scene): boolean {
  return texts.some(({ isNovel, text }) => isNovel && namesFault(text)) || traces.some(({ data }) => isOwnCrash(data));
}

/** Node shows the line of its own that gave up. */
function isCaption({ text }: ErrorText): boolean {
  return /^\s*triggerUncaughtException/.test(text);
}

/** Twice within so long is no deploy. */
const AGAIN_MILLISECONDS = 600_000;
const LEAST_STARTS = 2;

/** Its process was started again and again around the alert. */
export const restartsAgain: Predicate = (scene) => {
  const found = scene.metrics.filter(({ data }) => data.family === 'restart');
  const again = found.find((metric) => startsAround(metric, scene) >= LEAST_STARTS);
  if (!again) return found.length > 0 ? 'absent' : 'unknown';
  const words = `the process was started again ${counted(startsAround(again, scene), 'time')} around the alert`;
  return { words, cites: [again.id], group: 'metrics', weight: 1.5 };
};

function startsAround(metric: Metric, scene: Scene): number {
  const earliest = (millisecondsOf(scene.context.provisionalOnset) ?? 0) - AGAIN_MILLISECONDS;
  const levels = levelsOf(metric);
  return levels.filter(({ atMilliseconds, value }, index) => {
    const before = levels[index - 1];
    return before !== undefined && Math.abs(value - before.value) > 1 && atMilliseconds >= earliest;
  }).length;
}
