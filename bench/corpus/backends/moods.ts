/** How an HTTP backend behaves for one request, by its mode. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BackendMode } from '../template.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Moods {
  set(mode: BackendMode): void;
  readonly answer: Answer;
}

export interface MoodOptions {
  /** When all is well. */
  readonly answer: Answer;
  /** The body of a refusal, as this provider words it. */
  readonly refusal: (status: number) => { readonly contentType: string; readonly body: string };
}

export function createMoods({ answer, refusal }: MoodOptions): Moods {
  let mode: BackendMode = { mode: 'well' };
  let asked = 0;

  function refuse(response: ServerResponse, status: number, retryAfterSeconds: number | undefined): void {
    const { contentType, body } = refusal(status);
    const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    response.writeHead(status, { 'content-type': contentType, ...retry });
    response.end(body);
  }
  return {
    set(next) {
      mode = next;
      asked = 0;
    },
    answer(request, response) {
      asked += 1;
      request.on('error', () => response.destroy());
      if (mode.mode === 'slow') setTimeout(() => answer(request, response), mode.milliseconds);
      else if (mode.mode === 'reset') request.socket.resetAndDestroy();
      else if (mode.mode === 'status' && isHit(asked, mode.share))
        refuse(response, mode.status, mode.retryAfterSeconds);
      else if (mode.mode !== 'hang') answer(request, response);
    },
  };
}

/** Spread evenly: of each ten requests three are hit by a share of 0.3. */
function isHit(index: number, share: number): boolean {
  return Math.floor(index * share) > Math.floor((index - 1) * share);
}

/** Each answer after the next of these times, over and over. */
export function delayed(answer: Answer, milliseconds: readonly number[]): Answer {
  let asked = 0;
  return (request, response) => {
    asked += 1;
    setTimeout(() => answer(request, response), milliseconds[asked % milliseconds.length]);
  };
}
