/** Bytes that come in pieces → lines. A line that has no end in sight costs no more memory than its beginning. */

const NEWLINE = 10;
/** More of one line is not looked at; a stack in one JSON field fits. */
const MAX_LINE_BYTES = 65_536;

export interface LineSplitter {
  take(chunk: Buffer): void;
  /** What is not UTF-8 reads as U+FFFD. `restBytes`: of a last line that has no end and was not taken. */
  end(takesRest: boolean): { readonly lines: readonly string[]; readonly restBytes: number };
}

export function splitLines(): LineSplitter {
  const lines: string[] = [];
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let lineBytes = 0;

  function add(piece: Buffer): void {
    const room = MAX_LINE_BYTES - keptBytes;
    // Copied: the reader uses its buffer again.
    if (room > 0) kept.push(Buffer.from(piece.subarray(0, room)));
    keptBytes += Math.min(room, piece.length);
    lineBytes += piece.length;
  }
  function finish(): void {
    const text = Buffer.concat(kept).toString('utf8').replace(/\r$/, '');
    lines.push(lineBytes > keptBytes ? `${text}… [cut: ${lineBytes - keptBytes} more bytes]` : text);
    kept = [];
    keptBytes = 0;
    lineBytes = 0;
  }
  return {
    take(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
        add(chunk.subarray(from, at));
        finish();
        from = at + 1;
      }
      if (from < chunk.length) add(chunk.subarray(from));
    },
    end(takesRest) {
      if (lineBytes > 0 && takesRest) finish();
      return { lines, restBytes: lineBytes };
    },
  };
}
