/** `scenario.json` of somebody's own case, read and checked. The format is described in docs/demo-scenarios.md. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import type { TrafficRequest } from '../traffic.ts';

const PathOfRequest = z.string().startsWith('/', 'must start with /');
const PathInside = z
  .string()
  .min(1)
  .refine((path) => !isAbsolute(path) && !normalize(path).startsWith('..'), 'must lie inside the folder');

const Request = z.union([
  z.string().regex(/^[A-Z]+ \/\S*$/, 'must look like GET /path'),
  z.strictObject({
    method: z
      .string()
      .regex(/^[A-Z]+$/)
      .default('GET'),
    path: PathOfRequest,
    headers: z.record(z.string(), z.string()).default({}),
    /** Text as it is, anything else as JSON. */
    body: z.unknown().optional(),
  }),
]);
type Request = z.infer<typeof Request>;

const OwnCase = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,60}$/, 'may have letters, digits, dot, dash and underscore, up to 60'),
  service: z.string().regex(/^[\w.-]{1,60}$/, 'may have letters, digits, dot, dash and underscore, up to 60'),
  repository: PathInside,
  start: z.string().min(1),
  health: PathOfRequest,
  traffic: z.array(Request).min(1),
  fault: PathInside,
  /** Where inside the repository the service writes its log; without it its stdout and stderr are its log. */
  log: PathInside.optional(),
  depends_on: z.array(z.string()).default([]),
  expected: z.strictObject({
    class: z.string().optional(),
    service: z.string().optional(),
    commit: z.string().nullable().optional(),
    file: z.string().nullable().optional(),
    line: z.number().int().positive().nullable().optional(),
  }),
});
export type OwnCase = z.infer<typeof OwnCase>;

/** Throws one text that names every mistake with its field. */
export function readOwnCase(folder: string): OwnCase {
  const path = join(folder, 'scenario.json');
  if (!existsSync(path)) throw new Error(`There is no ${path}: docs/demo-scenarios.md says what belongs into it.`);
  const found = OwnCase.safeParse(parsedJson(path));
  if (!found.success) throw new Error(`${path}:\n${z.prettifyError(found.error)}`);
  for (const field of ['repository', 'fault'] as const) {
    const file = join(folder, found.data[field]);
    if (!existsSync(file)) throw new Error(`${path}: ${field} names ${file}, which is not there.`);
  }
  return found.data;
}

function parsedJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

export function requestsOf({ traffic }: OwnCase, baseUrl: string): TrafficRequest[] {
  return traffic.map((request) => {
    if (typeof request === 'string') {
      const [method = 'GET', path = '/'] = request.split(' ');
      return { method, url: `${baseUrl}${path}` };
    }
    return { method: request.method, url: `${baseUrl}${request.path}`, ...bodyOf(request) };
  });
}

function bodyOf({ headers, body }: Exclude<Request, string>): Pick<TrafficRequest, 'headers' | 'body'> {
  if (body === undefined) return { headers };
  if (typeof body === 'string') return { headers, body };
  return { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
