/** A setting that is only on or off, and is the other from now on. */

const SWITCHES: readonly (readonly [RegExp, RegExp])[] = [
  [/\btrue\b|\bon\b|\benabled\b|\byes\b/i, /\bfalse\b|\boff\b|\bdisabled\b|\bno\b/i],
];

function bare(line: string): string {
  return line.replace(/\b(?:true|false|on|off|enabled|disabled|yes|no)\b/gi, '').trim();
}

/** The same words but for a true that became false, or the other way round. */
export function flipsSwitch(removed: readonly string[], added: readonly string[]): boolean {
  return SWITCHES.some(([on, off]) =>
    removed.some((before) =>
      added.some(
        (after) =>
          bare(before) === bare(after) &&
          ((on.test(before) && off.test(after)) || (off.test(before) && on.test(after))),
      ),
    ),
  );
}
