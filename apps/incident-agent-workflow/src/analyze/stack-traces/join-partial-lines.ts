/**
 * Container runtimes cut long lines: CRI flags the pieces with P, and the last with F; Docker's JSON files end only the
 * last one with a line end. Pieces are joined before anything is read, else a stack in one long JSON line is nobody's.
 */
import type { LogLine } from '../../domain/telemetry.ts';

const CRI = /^(\d{4}-\d\d-\d\dT\S{8,40} std(?:out|err)) ([PF]) /;
const DOCKER = /^\{"log":"((?:[^"\\]|\\.)*)","stream":"(std(?:out|err))"/;
/** What one line may become: as much as a line is read at all. */
const MAX_JOINED_CHARACTERS = 262_144;

interface Piece {
  /** Of the two outputs of one container each has its own pieces. */
  readonly output: string;
  readonly isPartial: boolean;
  /** In the text: where what was logged begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** In the order given; a joined line stands where its first piece stood. Without pieces the same list. */
export function joinPartialLines(lines: readonly LogLine[]): readonly LogLine[] {
  if (!lines.some(({ text }) => pieceOf(text)?.isPartial)) return lines;
  const joined: LogLine[] = [];
  const open = new Map<string, number>();
  for (const line of lines) {
    const piece = pieceOf(line.text);
    const key = `${line.stream}\n${piece?.output ?? ''}`;
    const at = piece ? open.get(key) : undefined;
    const begun = at === undefined ? undefined : joined[at];
    if (piece && begun && at !== undefined) {
      joined[at] = { ...begun, text: appended(begun.text, line.text.slice(piece.from, piece.to), piece) };
      if (!piece.isPartial) open.delete(key);
    } else {
      if (piece?.isPartial) open.set(key, joined.length);
      joined.push(piece?.isPartial ? { ...line, text: asWhole(line.text) } : line);
    }
  }
  return joined;
}

function pieceOf(text: string): Piece | undefined {
  const first = text.charCodeAt(0);
  if (first >= DIGIT_0 && first <= DIGIT_9) {
    const cri = CRI.exec(text.slice(0, 80));
    if (!cri) return undefined;
    return { output: cri[1]?.slice(-6) ?? '', isPartial: cri[2] === 'P', from: cri[0].length, to: text.length };
  }
  if (!text.startsWith('{"log":"') || text.length > MAX_JOINED_CHARACTERS) return undefined;
  const docker = DOCKER.exec(text);
  if (!docker) return undefined;
  const from = '{"log":"'.length;
  const said = docker[1] ?? '';
  return { output: docker[2] ?? '', isPartial: !said.endsWith('\\n'), from, to: from + said.length };
}

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/** A piece that is alone is read like a whole line. */
function asWhole(text: string): string {
  return text.replace(CRI, '$1 F ');
}

function appended(text: string, more: string, { from }: Piece): string {
  if (text.length + more.length > MAX_JOINED_CHARACTERS) return text;
  if (!text.startsWith('{"log":"')) return text + more;
  const end = from + (DOCKER.exec(text)?.[1] ?? '').length;
  return text.slice(0, end) + more + text.slice(end);
}
