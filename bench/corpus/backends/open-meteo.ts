/** The weather provider: computes forecasts, and like the real one it grants each minute a number of calls. */
import { createServer, type ServerResponse } from 'node:http';
import { answerForecast } from '../../../demo/open-meteo.ts';
import type { RunningBackend } from '../template.ts';
import { startHttpBackend } from './http-backend.ts';
import { type Answer, createMoods, delayed } from './moods.ts';

/** Well above what cached traffic of the corpus needs (under 2/s), well below what the same traffic needs uncached. */
const CALLS_PER_WINDOW = 60;
const WINDOW_MILLISECONDS = 10_000;
/** A call over the internet takes its time, one more than another. */
const NETWORK_MILLISECONDS = [70, 90, 110, 95, 140, 80, 125, 105];

export async function startWeatherProvider(port: number): Promise<RunningBackend> {
  const moods = createMoods({ answer: delayed(metered(answerForecast), NETWORK_MILLISECONDS), refusal });
  const server = createServer(moods.answer);
  return startHttpBackend({ port, moods, accept: (socket) => server.emit('connection', socket) });
}

/** Refuses what goes beyond the quota of the last seconds, and says when to come again. */
function metered(answer: Answer): Answer {
  let calls: number[] = [];
  return (request, response) => {
    const now = performance.now();
    calls = calls.filter((at) => at > now - WINDOW_MILLISECONDS);
    if (calls.length >= CALLS_PER_WINDOW) {
      refuseQuota(response, WINDOW_MILLISECONDS - (now - (calls[0] ?? now)));
      return;
    }
    calls.push(now);
    answer(request, response);
  };
}

function refuseQuota(response: ServerResponse, milliseconds: number): void {
  const { contentType, body } = refusal(429);
  response.writeHead(429, { 'content-type': contentType, 'retry-after': String(Math.ceil(milliseconds / 1_000)) });
  response.end(body);
}

function refusal(status: number): { contentType: string; body: string } {
  if (status === 429) {
    const reason = 'Too many calls: the quota of this key is used up for now';
    return { contentType: 'application/json', body: JSON.stringify({ error: true, reason }) };
  }
  return { contentType: 'text/html', body: `<html><body><h1>${status}</h1>service unavailable</body></html>` };
}
