/**
 * PDFs from one thread for the whole process. A thread that dies or hangs over a report costs that report its layout,
 * not its delivery: a new thread makes the plain form of it.
 */
import { Worker } from 'node:worker_threads';
import { AgentError, messageOf } from '../../domain/error.ts';
import type { Report } from '../../domain/report.ts';
import type { PdfOptions, PdfRenderer } from './pdf.ts';
import type { ThreadAnswer, ThreadSettings, ThreadTask } from './pdf-messages.ts';

export interface ThreadedPdfOptions extends Pick<PdfOptions, 'chartsOf' | 'log' | 'paper'> {
  /** Instead of ours, for tests of a thread that fails. */
  readonly script?: URL;
  /** How long one report may take; more than ten times what the largest takes on a slow machine. */
  readonly limitMilliseconds?: number;
}

export interface ThreadedPdfRenderer extends PdfRenderer {
  /** The next report starts a new thread. */
  close(): Promise<void>;
}

const LIMIT_MILLISECONDS = 30_000;
/** A report takes some 200 MB at most; what takes more is a mistake, and ends the thread, not the process. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512 } as const;

interface Waiting {
  readonly resolve: (pdf: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  ask(task: WithoutId): Promise<Uint8Array | undefined>;
  end(): Promise<void>;
  readonly isOver: boolean;
}
type WithoutId = ThreadTask extends infer T ? (T extends ThreadTask ? Omit<T, 'id'> : never) : never;

export function threadedPdfRenderer(options: ThreadedPdfOptions): ThreadedPdfRenderer {
  const { chartsOf, log } = options;
  let thread: Thread | undefined;

  async function ask(task: WithoutId): Promise<Uint8Array | undefined> {
    if (!thread || thread.isOver) thread = startThread(options);
    return thread.ask(task);
  }

  async function made(kind: 'render' | 'plain', report: Report): Promise<Uint8Array> {
    const charts = kind === 'plain' ? [] : chartsOf(report);
    const pdf = await ask({ kind, report, charts });
    if (!pdf) throw new Error('the thread answered without a document');
    return pdf;
  }

  async function plain(report: Report): Promise<Uint8Array> {
    try {
      return await made('plain', report);
    } catch (error) {
      const detail = `The PDF of ${report.incident.id} could not be made: ${messageOf(error)}`;
      throw new AgentError('malformed', detail, { retryable: false, cause: error });
    }
  }

  return {
    format: 'pdf',
    contentType: 'application/pdf',
    plain,
    async warm() {
      await ask({ kind: 'warm' });
    },
    async render(report) {
      try {
        return await made('render', report);
      } catch (error) {
        log.warn('The report is rendered in its plain form', {
          incident: report.incident.id,
          reason: messageOf(error),
        });
        return plain(report);
      }
    },
    async close() {
      await thread?.end();
    },
  };
}

function startThread({ log, paper, script, limitMilliseconds = LIMIT_MILLISECONDS }: ThreadedPdfOptions): Thread {
  const settings: ThreadSettings = { paper };
  const worker = new Worker(script ?? new URL('./pdf-thread.ts', import.meta.url), {
    workerData: settings,
    resourceLimits: RESOURCE_LIMITS,
  });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let isOver = false;

  /** Whoever waits is told; a thread with nothing to do keeps no process alive. */
  function fail(reason: string): void {
    isOver = true;
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
    worker.unref();
  }
  function settle(id: number, act: (who: Waiting) => void): void {
    const who = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (who) act(who);
  }

  worker.on('message', (said: ThreadAnswer) => {
    if (said.kind === 'log') log[said.level](said.message, said.fields);
    else if (said.kind === 'done') settle(said.id, ({ resolve }) => resolve(said.pdf));
    else settle(said.id, ({ reject }) => reject(new Error(said.message)));
  });
  worker.on('error', (error) => fail(`its thread failed: ${messageOf(error)}`));
  worker.on('exit', (code) => fail(`its thread ended with code ${code}`));
  worker.unref();

  return {
    get isOver() {
      return isOver;
    },
    async ask(task) {
      asked += 1;
      const id = asked;
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
      waiting.set(id, { resolve, reject });
      worker.ref();
      // Those before it have the same limit, and are made one after the other.
      const timer = setTimeout(() => {
        fail(`it took longer than ${(limitMilliseconds * waiting.size) / 1_000} s`);
        void worker.terminate();
      }, limitMilliseconds * waiting.size);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ ...task, id } satisfies ThreadTask);
      return promise.finally(() => clearTimeout(timer));
    },
    async end() {
      isOver = true;
      await worker.terminate();
    },
  };
}
