/**
 * What GitHub publishes about the calls that drafts need (`github-contract.json`, taken from @octokit/openapi, which is too
 * large to be installed for it). The test server holds every call and every answer of its own against it.
 */
import { z } from 'zod';
import contract from './github-contract.json' with { type: 'json' };
import type { Reply } from './rest-server.ts';

interface Asked {
  readonly method: string;
  /** Below `/repos/{owner}/{repo}`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const Operation = z.object({
  method: z.string(),
  path: z.string(),
  query: z.array(z.string()),
  body: z.record(z.string(), z.json()).optional(),
  statuses: z.array(z.number()),
  /** Names that an answer may have at its top, or each of its items. */
  answers: z.array(z.string()),
});
const OPERATIONS = z.array(Operation).parse(contract.operations);

/** The first thing that the contract does not allow; undefined: all is as published. */
export function breachOf({ method, path, query, body }: Asked, reply: Reply): string | undefined {
  const operation = OPERATIONS.find((one) => one.method === method && patternOf(one.path).test(path));
  if (!operation) return `no such operation: ${method} ${path}`;
  const odd = [...query.keys()].find((name) => !operation.query.includes(name));
  if (odd !== undefined) return `${method} ${operation.path} has no parameter ${odd}`;
  const said = bodyBreach(operation.body, body);
  if (said !== undefined) return `${method} ${operation.path}: ${said}`;
  if (!operation.statuses.includes(reply.status)) return `${method} ${operation.path} never answers ${reply.status}`;
  // As it is sent.
  const sent: unknown = JSON.parse(JSON.stringify(reply.body ?? null));
  const name = reply.status < 300 ? namesOf(sent).find((one) => !operation.answers.includes(one)) : undefined;
  return name === undefined ? undefined : `${method} ${operation.path} answers no ${name}`;
}

/** Branches and paths of files hold slashes. */
function patternOf(path: string): RegExp {
  return new RegExp(
    `^${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (['ref', 'path'].includes(name) ? '.+' : '[^/]+'))}$`,
  );
}

function bodyBreach(schema: z.infer<typeof Operation>['body'], body: unknown): string | undefined {
  if (!schema) return body === undefined ? undefined : 'takes no body';
  const parsed = z.fromJSONSchema(schema).safeParse(body);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const known = propertiesOf(schema);
  const odd = namesOf(body).find((name) => !known.includes(name));
  return odd === undefined ? undefined : `its body has no ${odd}`;
}

function propertiesOf(schema: Readonly<Record<string, unknown>>): string[] {
  const either = [schema.anyOf, schema.oneOf].flat().filter((one) => one !== undefined);
  return [...Object.keys(Object(schema.properties)), ...either.flatMap((one) => propertiesOf(Object(one)))];
}

function namesOf(body: unknown): string[] {
  return [body].flat().flatMap((one) => (one !== null && typeof one === 'object' ? Object.keys(one) : []));
}
