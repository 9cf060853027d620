/** Asking another program for JSON, as every check does it. */
import type { z } from 'zod';
import { AgentError } from '../../domain/error.ts';
import type { HttpClient, HttpReply } from '../../lib/http.ts';
import { failureOfStatus, parseJsonReply } from '../../lib/http.ts';

export interface Place {
  /** For messages: `Prometheus`. */
  readonly name: string;
  readonly url: string;
  readonly http: HttpClient;
}

/** Below the address, as sources ask. Throws AgentError. */
export function addressIn({ url }: Pick<Place, 'url'>, path: string): string {
  return new URL(path, url.endsWith('/') ? url : `${url}/`).href;
}

/** Throws AgentError: what answers in another shape is 'malformed', and most likely another program. */
export async function askJson<S extends z.ZodType>(
  place: Place,
  path: string,
  shape: S,
  signal: AbortSignal,
): Promise<z.infer<S>> {
  const url = addressIn(place, path);
  const reply = await place.http.send({ url }, signal);
  if (reply.status !== 200) throw failureOfStatus(place.name, url, reply);
  const parsed = shape.safeParse(parseJsonReply(place.name, url, reply.text));
  if (parsed.success) return parsed.data;
  throw new AgentError('malformed', `Something else than ${place.name} answers at ${place.url}`, { retryable: false });
}

/** How far its clock is from ours, in seconds; undefined: it does not say. The header has whole seconds. */
export function clockDistance({ headers }: HttpReply, nowMilliseconds: number): number | undefined {
  const theirs = Date.parse(headers.date ?? '');
  return Number.isNaN(theirs) ? undefined : (theirs - nowMilliseconds) / 1_000;
}
