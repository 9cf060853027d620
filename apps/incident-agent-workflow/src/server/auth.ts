/** Who may ask: tokens for programs, a cookie for the page. Everything not named open here needs one of them. */
import { createHash, timingSafeEqual } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

export interface AuthOptions {
  readonly isRequired: boolean;
  readonly apiToken: string | undefined;
  /** Opens /alerts* only. */
  readonly alertsToken: string | undefined;
  /** Host names under which an agent without tokens answers, besides this machine's own; `any`: AUTH=off was said aloud. */
  readonly ownNames: readonly string[] | 'any';
}

const SESSION_COOKIE = 'incident_agent_session';
const OPEN_PATHS = new Set(['/health', '/health/ready', '/metrics', '/sign-in', '/page.css']);
const FOREIGN_NAME =
  'Without a token this agent answers on this machine only: set API_TOKEN, PUBLIC_URL to the name used, or AUTH=off';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Registers the check for every route, and the sign-in. To be called before the routes. */
export async function guard(server: FastifyInstance, options: AuthOptions): Promise<void> {
  await server.register(cookie);
  server.addHook('onRequest', async (request, reply) => {
    if (isFromAnotherSite(request))
      return refuse(reply, 403, 'This request comes from another site: open the page itself and try again');
    if (OPEN_PATHS.has(pathOf(request))) return undefined;
    if (!options.isRequired) return isForeignName(request, options) ? refuse(reply, 403, FOREIGN_NAME) : undefined;
    if (isSignedIn(request, options)) return undefined;
    if (wantsPage(request)) return reply.redirect('/sign-in', 303);
    void reply.header('www-authenticate', 'Bearer');
    return refuse(reply, 401, 'A token is needed: send it as "Authorization: Bearer <token>"');
  });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body.toString())));
    },
  );
  server.post('/sign-in', async (request, reply) => {
    const { success, data } = z.object({ token: z.string() }).safeParse(request.body);
    if (!success || options.apiToken === undefined || !isSame(data.token, options.apiToken)) {
      return reply.redirect('/sign-in?refused=1', 303);
    }
    void reply.setCookie(SESSION_COOKIE, sessionOf(options.apiToken), {
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
      secure: request.protocol === 'https',
    });
    return reply.redirect('/', 303);
  });
}

function isSignedIn(request: FastifyRequest, { apiToken, alertsToken }: AuthOptions): boolean {
  const [, bearer] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const accepted = [apiToken, ...(pathOf(request).startsWith('/alerts') ? [alertsToken] : [])];
  if (bearer !== undefined) return accepted.some((token) => token !== undefined && isSame(bearer, token));
  const session = request.cookies[SESSION_COOKIE];
  return apiToken !== undefined && session !== undefined && isSame(session, sessionOf(apiToken));
}

/** A browser names the origin of a state-changing request; a program sends none. */
function isFromAnotherSite(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  if (SAFE_METHODS.has(request.method) || origin === undefined) return false;
  return URL.parse(origin)?.host !== host;
}

/** Without tokens only this machine may ask; a name that somebody else lets point here (DNS rebinding) is not this machine. */
function isForeignName(request: FastifyRequest, { ownNames }: AuthOptions): boolean {
  if (ownNames === 'any') return false;
  const name = URL.parse(`http://${request.headers.host ?? ''}`)?.hostname ?? '';
  return !(ownNames.includes(name) || name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name));
}

/** The cookie is not the token: who reads it cannot use it elsewhere, and a new token ends all sessions. */
function sessionOf(token: string): string {
  return createHash('sha256').update(`incident-agent session ${token}`).digest('hex');
}

/** In constant time: both sides are hashed to the same length first. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function wantsPage(request: FastifyRequest): boolean {
  return request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
}

function pathOf(request: FastifyRequest): string {
  const path = request.url.split('?', 1)[0] ?? '';
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function refuse(reply: FastifyReply, statusCode: number, error: string): FastifyReply {
  return reply.code(statusCode).send({ error });
}
