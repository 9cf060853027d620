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
/** What a debugger adds itself, and what a supervisor says of the process, is nothing that the program does. */
const OF_OTHERS = /debugg|nodejs\.org\/\S*inspector|Picked up \w+|Listening on port \d+$|supervisor|systemd|^\s*$/i;

/** Nobody answers, and nothing that the program does follows upon its words that it waits for a debugger. */
export const heldForDebugger: Predicate = (scene) => {
  const found = isAway(scene) ? linesOf(scene).flatMap(heldIn) : [];
  const [first] = found;
  if (!first || found.some(({ goesOn }) => goesOn)) return scene.logsSeen ? 'absent' : 'unknown';
  const words = `${quoted(phraseAround(first.line, HELD))} was logged, and nothing that the program does after it`;
  return { words, cites: [first.cite], group: 'logs', weight: 3 };
};

interface Lines {
  readonly cite: string;
  readonly lines: readonly string[];
}

function linesOf({ evidence, context: { service } }: Scene): Lines[] {
  return evidenceOfKind(evidence, 'logs')
    .filter((logs) => logs.service === service.name)
    .map(({ id, data: { context, samples } }) => ({
      cite: id,
      lines: context.length > 0 ? context : samples.map(({ text }) => text),
    }));
}

function heldIn({ cite, lines }: Lines): { cite: string; line: string; goesOn: boolean }[] {
  const at = lines.findIndex((line) => HELD.test(line));
  const line = lines[at];
  if (line === undefined) return [];
  const goesOn = lines.slice(at + 1).some((each) => !HELD.test(each) && !OF_OTHERS.test(each));
  return [{ cite, line, goesOn }];
}
