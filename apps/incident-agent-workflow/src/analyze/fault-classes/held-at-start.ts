/** What rules ask of a process that is there and was told to wait, before it does anything, for somebody who looks inside. */
import { evidenceOfKind } from '../../domain/evidence.ts';
import { quoted } from '../../lib/wording.ts';
import type { Scene } from '../scene.ts';
import { phraseAround } from './predicates.ts';
import type { Predicate } from './rule.ts';
import { isAway } from './standing-still.ts';

/** How runtimes and debuggers say so, or repeat the option that says it. */
const HELD = new RegExp(
  [
    /jdwp[=:]\S*\bsuspend=y|Listening for transport dt_\w+ at address/,
    /Debugger listening on wss?:|--inspect-(?:brk|wait)/,
    /\bwait(?:s|ing)? (?:for|on) (?:a |the )?(?:remote )?(?:debugger|debug client)|--wait-for-client/,
    /API server listening at: \S+:\d+/,
    /configured to pause during startup|awaiting a Diagnostics IPC/,
    /Process \S+ created; pid = \d+/,
    /^\((?:Pdb|ipdb|rdbg|gdb|dlv)[^)]*\)\s*$/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'im',
);
/** What a debugger adds itself, or says of itself, is nothing that the program does. */
const OF_THE_DEBUGGER = /debugg|nodejs\.org\/\S*inspector|Picked up \w+|Listening on port \d+$|^\s*$/i;

/** Nobody answers, and the last that it said is that it waits for a debugger. */
export const heldForDebugger: Predicate = (scene) => {
  const found = isAway(scene) ? lastWords(scene).find(({ line }) => HELD.test(line)) : undefined;
  if (!found) return scene.logsSeen ? 'absent' : 'unknown';
  const words = `${quoted(phraseAround(found.line, HELD))} is the last that was logged`;
  return { words, cites: [found.cite], group: 'logs', weight: 3 };
};

/** Of each group of lines those that no other follows. */
function lastWords(scene: Scene): { readonly cite: string; readonly line: string }[] {
  return evidenceOfKind(scene.evidence, 'logs')
    .filter(({ service }) => service === scene.context.service.name)
    .flatMap(({ id, data: { context, samples } }) => {
      const lines = context.length > 0 ? context : samples.map(({ text }) => text);
      const last = lines.findLastIndex((line) => !OF_THE_DEBUGGER.test(line) && !HELD.test(line));
      return lines.slice(last + 1).map((line) => ({ cite: id, line }));
    });
}
