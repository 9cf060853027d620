/** Models that think before they answer spend the limit of a reply on it: once that was seen, they get room for it besides. */
import type { ModelPrompt } from '../../domain/model.ts';
import type { Model } from '../../ports.ts';

/** Of low effort; who thinks longer is cut. */
const THINKING_TOKENS = 4_000;

export function withRoomToThink(model: Model): Model {
  let thinks = false;
  const widened = (prompt: ModelPrompt): ModelPrompt =>
    thinks ? { ...prompt, maxReplyTokens: prompt.maxReplyTokens + THINKING_TOKENS } : prompt;
  return {
    ...model,
    mostReplyTokens: (prompt) => widened(prompt).maxReplyTokens,
    async reply(prompt, signal) {
      const reply = await model.reply(widened(prompt), signal);
      // The next call has the room, so that each is paid for as it was reckoned.
      if (reply.isCut && isThoughtOnly(reply.text)) thinks = true;
      return reply;
    },
  };
}

/** Some endpoints keep the thoughts to themselves, some leave them in the text. */
function isThoughtOnly(text: string): boolean {
  const spoken = text.trimStart();
  return spoken === '' || (/^<think(?:ing)?>/i.test(spoken) && !/<\/think(?:ing)?>/i.test(spoken));
}
