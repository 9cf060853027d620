/** What is left of answers that were too long for one batch. */
import { type Document, Long } from 'bson';
import { CommandError } from './command-error.ts';

const DEFAULT_BATCH = 101;
/** Beyond it the oldest is given up, as MongoDB does after ten minutes. */
const MAX_OPEN_CURSORS = 1_000;

export interface Cursors {
  /** The first batch, as the body of a reply. `batchSize` undefined: MongoDB's default of 101. */
  firstBatch(namespace: string, documents: Document[], batchSize?: number, isSingleBatch?: boolean): Document;
  nextBatch(namespace: string, id: number, batchSize?: number): Document;
  /** Which of them were open. */
  kill(ids: readonly number[]): number[];
}

export function createCursors(): Cursors {
  const open = new Map<number, Document[]>();
  let lastId = 0;

  function keep(rest: Document[]): number {
    if (rest.length === 0) return 0;
    const [oldest] = open.keys();
    if (oldest !== undefined && open.size >= MAX_OPEN_CURSORS) open.delete(oldest);
    lastId += 1;
    open.set(lastId, rest);
    return lastId;
  }

  return {
    firstBatch(ns, documents, batchSize = DEFAULT_BATCH, isSingleBatch = false) {
      const id = isSingleBatch ? 0 : keep(documents.slice(batchSize));
      return { cursor: { firstBatch: documents.slice(0, batchSize), id: Long.fromNumber(id), ns }, ok: 1 };
    },
    nextBatch(ns, id, batchSize) {
      const waiting = open.get(id);
      if (!waiting) throw new CommandError(43, 'CursorNotFound', `cursor id ${id} not found`);
      const nextBatch = waiting.splice(0, batchSize ?? waiting.length);
      const isExhausted = waiting.length === 0;
      if (isExhausted) open.delete(id);
      return { cursor: { nextBatch, id: Long.fromNumber(isExhausted ? 0 : id), ns }, ok: 1 };
    },
    kill: (ids) => ids.filter((id) => open.delete(id)),
  };
}
