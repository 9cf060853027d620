/**
 * A JSON Schema as every endpoint takes it. Patterns, lengths and ranges make the grammars of llama.cpp and Ollama fail,
 * loudly or in silence; OpenAI's strict mode wants every property required and no others. What is left out here is
 * checked when the reply is read.
 */
import { z } from 'zod';

const JsonSchema = z.object({
  type: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

export function plainSchema(schema: unknown): Record<string, unknown> {
  const { type, enum: values, const: value, properties, items, anyOf, oneOf = anyOf } = JsonSchema.parse(schema);
  return {
    ...(type === undefined ? {} : { type }),
    ...(values === undefined ? {} : { enum: values }),
    ...(value === undefined ? {} : { enum: [value] }),
    ...(properties === undefined ? {} : objectOf(properties)),
    ...(items === undefined ? {} : { items: plainSchema(items) }),
    ...(oneOf === undefined ? {} : { anyOf: oneOf.map(plainSchema) }),
  };
}

function objectOf(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    properties: Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, plainSchema(inner)])),
    required: Object.keys(properties),
    additionalProperties: false,
  };
}
