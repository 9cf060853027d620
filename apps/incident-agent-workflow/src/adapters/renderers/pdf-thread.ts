/** The thread that makes PDFs, so that layout does not hold up the runs and the answers of its process. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../domain/error.ts';
import { type PdfRenderer, pdfRenderer } from './pdf.ts';
import type { ThreadAnswer, ThreadSettings, ThreadTask } from './pdf-messages.ts';

const { paper }: ThreadSettings = workerData;
let task: ThreadTask | undefined;

const renderer: PdfRenderer = pdfRenderer({
  paper,
  chartsOf: () => (task && task.kind !== 'warm' ? task.charts : []),
  log: {
    info: (message, fields) => answer({ kind: 'log', level: 'info', message, fields }),
    warn: (message, fields) => answer({ kind: 'log', level: 'warn', message, fields }),
  },
});

/** One after the other: the engine lays out one document at a time anyway. */
let queue: Promise<void> = Promise.resolve();
parentPort?.on('message', (asked: ThreadTask) => {
  queue = queue.then(() => work(asked));
});

async function work(asked: ThreadTask): Promise<void> {
  task = asked;
  try {
    if (asked.kind === 'warm') await renderer.warm();
    const pdf =
      asked.kind === 'warm'
        ? undefined
        : await (asked.kind === 'plain' ? renderer.plain(asked.report) : renderer.render(asked.report));
    answer({ kind: 'done', id: asked.id, pdf });
  } catch (error) {
    answer({ kind: 'failed', id: asked.id, message: messageOf(error) });
  } finally {
    task = undefined;
  }
}

function answer(said: ThreadAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(said);
}
