/** Text from outside on its way into a prompt: it can neither close the block that it is quoted in nor pass for a turn of the talk. */

/** Marks by which chat templates part system, user and assistant. */
const TURN_MARKS =
  /<(?=\|)|(?<=\|)>|\[(?=\/?INST\])|<(?=<\/?SYS>>)|<(?=\/?s>)|<(?=(?:start|end)_of_turn>)|<(?=\/?(?:system|user|assistant|human)\b)/gi;
const LOOKALIKES: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '[': '⟦' };

export function quotedFor(tag: string, text: string): string {
  const closing = new RegExp(`<(?=\\s*/?\\s*${RegExp.escape(tag)})`, 'gi');
  return text
    .replace(/[\p{Cf}\p{Co}\u{E0000}-\u{E007F}]/gu, '') // invisible: nobody who reads the log would see it
    .replace(closing, '‹')
    .replace(TURN_MARKS, (mark) => LOOKALIKES[mark] ?? mark);
}

/** One block: everything in it is data. */
export function block(tag: string, name: string, text: string): string {
  return `<${tag} of="${name}">\n${quotedFor(tag, text)}\n</${tag}>`;
}
