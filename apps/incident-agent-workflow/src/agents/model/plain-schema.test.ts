/** The schema that is sent is one that llama.cpp, Ollama and OpenAI's strict mode take, and what it allows can be read. */
import { expect, test } from 'vitest';
import { Request } from './menu.ts';
import { type AgentKey, readReply, replyJsonSchema } from './protocol.ts';

const AGENTS: readonly AgentKey[] = ['triage', 'investigation', 'code', 'quick'];
const TAKEN = ['type', 'enum', 'properties', 'required', 'additionalProperties', 'items', 'anyOf'];

type Schema = Record<string, unknown> & {
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};

function allIn(schema: Schema): Schema[] {
  const { properties = {}, items, anyOf = [] } = schema;
  return [schema, ...[...Object.values(properties), ...(items ? [items] : []), ...anyOf].flatMap(allIn)];
}

test.each(AGENTS)('%s: only what everybody takes, every property asked for and no other', (agent) => {
  const all = allIn(replyJsonSchema(agent, Request));
  expect(all.length).toBeGreaterThan(5);
  for (const schema of all) {
    expect(TAKEN).toEqual(expect.arrayContaining(Object.keys(schema)));
    // An empty one allows everything: neither a grammar nor the strict mode has a word for it.
    expect(Object.keys(schema)).not.toEqual([]);
  }
  for (const { properties, required, additionalProperties } of all.filter((schema) => schema.properties)) {
    expect(required).toEqual(Object.keys(properties ?? {}));
    expect(additionalProperties).toBe(false);
  }
});

/** The least that it allows: nothing where there may be nothing, the first of what is listed. */
function leastOf({ type, enum: values, properties, anyOf }: Schema): unknown {
  if (anyOf) return leastOf(anyOf.find((one) => one.type === 'null') ?? anyOf[0]!);
  if (Array.isArray(values)) return values[0];
  if (properties) return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, leastOf(one)]));
  if (Array.isArray(type)) return null;
  return { string: '', number: 0, integer: 1, array: [], null: null, boolean: false }[String(type)];
}

test.each(AGENTS)('%s: the least that it allows can be read', (agent) => {
  const least = leastOf(replyJsonSchema(agent, Request));
  expect(readReply(JSON.stringify(least), agent, false)).toMatchObject({ ok: true });
});

test('where nothing can be asked there is no place for requests', () => {
  expect(replyJsonSchema('triage', undefined).required).toEqual(['finding']);
  expect(replyJsonSchema('triage', Request).required).toEqual(['finding', 'requests']);
});
