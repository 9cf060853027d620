/** Endpoints that answer whole although a stream was asked for: their one answer becomes a stream of one event. */
import { z } from 'zod';

const Whole = z.looseObject({
  choices: z.array(
    z.looseObject({
      index: z.number().optional(),
      finish_reason: z.string().nullish(),
      message: z.looseObject({ content: z.string().nullish() }),
    }),
  ),
});

export function unstreamed(ask: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await ask(input, init);
    if (!response.ok || !response.headers.get('content-type')?.startsWith('application/json')) return response;
    const text = await response.text();
    return new Response(eventsOf(text) ?? text, {
      status: response.status,
      headers: { 'content-type': 'text/event-stream' },
    });
  };
}

function eventsOf(text: string): string | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined; // the reader of the stream says what it thinks of it
  }
  const whole = Whole.safeParse(answer);
  if (!whole.success) return undefined;
  const { choices, ...rest } = whole.data;
  const chunk = {
    ...rest,
    object: 'chat.completion.chunk',
    choices: choices.map(({ index = 0, finish_reason, message }) => ({
      index,
      finish_reason,
      delta: { role: 'assistant', content: message.content ?? '' },
    })),
  };
  return `data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`;
}
