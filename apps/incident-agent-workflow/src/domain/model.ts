/** What passes between us and a language model. */

/** US dollars per million tokens. */
export interface Price {
  readonly prompt: number;
  readonly reply: number;
}

export function costAt({ prompt, reply }: Price, promptTokens: number, replyTokens: number): number {
  return (prompt * promptTokens + reply * replyTokens) / 1e6;
}

export interface ModelPrompt {
  readonly system: string;
  readonly user: string;
  readonly maxReplyTokens: number;
  /** JSON Schema of the one object that is asked for: enforced by the endpoint where it can, told in words anyway. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
}
export interface ModelReply {
  readonly text: string;
  /** As the endpoint counts them; estimated from the characters where it does not. */
  readonly promptTokens: number;
  readonly replyTokens: number;
  /** The reply ended at `maxReplyTokens`. */
  readonly isCut: boolean;
  /** By the model's price; undefined: it is not known. */
  readonly costUsd: number | undefined;
}

/** What a prompt and its reply come to at most: who reads less is shown less of the evidence. */
export const WHOLE_CONTEXT_TOKENS = 8_192;
/** Of logs, hashes and JSON, with the densest tokenizers. */
export const LEAST_CHARACTERS_PER_TOKEN = 2.5;

export function mostTokensOf({ system, user }: Pick<ModelPrompt, 'system' | 'user'>): number {
  return Math.ceil((system.length + user.length) / LEAST_CHARACTERS_PER_TOKEN);
}

export interface ModelCapabilities {
  /** How a reply in JSON can be asked for: by schema, as any object, or in words only. */
  readonly json: 'schema' | 'object' | 'text';
  /** What prompt and reply may take together; undefined: the endpoint does not say. */
  readonly contextTokens: number | undefined;
}

/** For people: whether the model can be spoken to, and how. */
export interface ModelStatus {
  /** `mistral-nemo at http://localhost:11434`, or why there is none. */
  readonly name: string;
  readonly state: 'off' | 'being asked' | 'answers' | 'failing';
  readonly capabilities: { readonly json: ModelCapabilities['json']; readonly contextTokens: number | null } | null;
  /** Why it fails, and what to do. */
  readonly failure: string | null;
  readonly price: Price | null;
}
