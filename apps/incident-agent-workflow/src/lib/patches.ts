/** Unified hunks read back into lines with their numbers, and line numbers carried from one revision to a later one. */

export interface ChangedLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
  /** Number before the change; undefined for an added line. */
  readonly oldLine: number | undefined;
  /** Number after the change; for a removed line the place where it stood. */
  readonly newLine: number;
}
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newCount: number;
  /** What git prints after the second `@@`: the enclosing function, where it knows one. */
  readonly section: string;
  readonly lines: readonly ChangedLine[];
}

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

/** The hunks of one file's patch, in order. Empty for binary, cut-off or unreadable patches. */
export function readHunks(patch: string): Hunk[] {
  const hunks: (Hunk & { lines: ChangedLine[] })[] = [];
  let oldLine = 0;
  let newLine = 0;
  for (const line of patch.split('\n')) {
    const header = HEADER.exec(line);
    if (header) {
      const [oldCount, newCount] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
      hunks.push({ oldStart: Number(header[1]), oldCount, newCount, section: header[5] ?? '', lines: [] });
      // With a count of 0 git names the line before the change.
      oldLine = Number(header[1]) + (oldCount === 0 ? 1 : 0);
      newLine = Number(header[3]) + (newCount === 0 ? 1 : 0);
      continue;
    }
    const lines = hunks.at(-1)?.lines;
    const sign = line[0];
    if (!lines || (sign !== '+' && sign !== '-' && sign !== ' ')) continue;
    lines.push({ sign, text: line.slice(1), oldLine: sign === '+' ? undefined : oldLine, newLine });
    if (sign !== '+') oldLine += 1;
    if (sign !== '-') newLine += 1;
  }
  return hunks;
}

/** The added and removed lines of a file's patch. */
export function changedLines(patch: string): ChangedLine[] {
  return readHunks(patch).flatMap((hunk) => hunk.lines.filter((line) => line.sign !== ' '));
}

/** The texts of one side, in their order. */
export function textsOf(lines: readonly ChangedLine[], sign: ChangedLine['sign']): string[] {
  return lines.filter((line) => line.sign === sign).map(({ text }) => text);
}

/** Where a line stands after one more patch of its file; undefined: that patch removed or replaced it. */
export function carryLine(line: number, patch: string): number | undefined {
  let shift = 0;
  for (const hunk of readHunks(patch)) {
    const firstOld = hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart;
    if (line < firstOld) break;
    if (line < firstOld + hunk.oldCount) {
      const same = hunk.lines.find((candidate) => candidate.oldLine === line);
      return same && same.sign === ' ' ? same.newLine : undefined;
    }
    shift += hunk.newCount - hunk.oldCount;
  }
  return line + shift;
}
