import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { type AgentError, isAgentError } from '../domain/error.ts';
import { httpClient } from './http.ts';
import { startServer } from './testing/start-server.ts';

const http = httpClient({ name: 'Loki' });

async function failure(work: Promise<unknown>): Promise<AgentError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!isAgentError(error)) throw error;
  return error;
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function soon(): AbortSignal {
  return AbortSignal.timeout(5_000);
}

test.each([
  { status: 400, body: 'parse error : x', code: 'refused', retryable: false, says: 'answered 400 (parse error : x)' },
  {
    status: 401,
    body: 'no org id\n',
    code: 'refused',
    retryable: false,
    says: '(no org id): check its token, user or tenant',
  },
  { status: 403, body: '', code: 'refused', retryable: false, says: 'answered 403: check its token' },
  { status: 404, body: '404 page not found', code: 'not-found', retryable: false, says: 'check its address' },
  { status: 413, body: '', code: 'too-large', retryable: false, says: 'answered 413' },
  { status: 422, body: '{"error":"too many"}', code: 'refused', retryable: false, says: '(too many)' },
  { status: 429, body: '', code: 'rate-limited', retryable: true, says: 'try again in 7 s' },
  { status: 500, body: '<html>oops</html>', code: 'unreachable', retryable: true, says: '(a web page)' },
  { status: 503, body: 'Service Unavailable', code: 'unreachable', retryable: true, says: '(Service Unavailable)' },
  { status: 504, body: '', code: 'timeout', retryable: true, says: 'answered 504' },
  { status: 500, body: 'password=hunter2', code: 'unreachable', retryable: true, says: 'password=[redacted:password]' },
])('an answer $status is $code: $says', async ({ status, body, code, retryable, says }) => {
  await using server = await startServer((_request, reply) =>
    reply.writeHead(status, { 'retry-after': '7' }).end(body),
  );
  const error = await failure(http.getText(`${server.url}/x?token=hunter2`, soon()));
  expect(error).toMatchObject({ code, retryable });
  expect(error.message).toContain(`Loki at ${server.url} `);
  expect(error.message).toContain(says);
  expect(error.message).not.toContain('hunter2');
});

test.each([
  { body: '<!DOCTYPE html><title>Sign in</title>', says: 'a web page instead of JSON' },
  { body: '{"status":"succ', says: 'no JSON: {"status":"succ' },
  { body: '', says: 'no JSON: an empty body' },
])('a 200 that is no JSON is malformed: $says', async ({ body, says }) => {
  await using server = await startServer((_request, reply) => reply.end(body));
  const error = await failure(http.getJson(server.url, soon()));
  expect(error).toMatchObject({ code: 'malformed', retryable: false });
  expect(error.message).toContain(says);
});

test('nothing listening, an unknown host and a cut-off answer are unreachable, each with its own reason', async () => {
  const closed = await startServer((_request, reply) => reply.end());
  await closed[Symbol.asyncDispose]();
  expect((await failure(http.getText(closed.url, soon()))).message).toContain('nothing listens there');
  expect((await failure(http.getText('http://nowhere.invalid', soon()))).message).toContain('host name');
  await using cut = await startServer((_request, reply) => {
    reply.writeHead(200, { 'content-length': '100' }).write('half', () => reply.destroy());
  });
  expect(await failure(http.getText(cut.url, soon()))).toMatchObject({ code: 'unreachable', retryable: true });
});

test('what speaks another protocol is unreachable with a sentence', async () => {
  const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  expect((await failure(http.getText(`http://127.0.0.1:${port}`, soon()))).message).toContain('does not speak HTTP');
  server.close();
});

test('a server that never answers, or never ends its answer, is a time-out', async () => {
  await using silent = await startServer(() => undefined);
  await using endless = await startServer((_request, reply) => reply.writeHead(200).write('some'));
  for (const server of [silent, endless]) {
    const error = await failure(http.getText(server.url, AbortSignal.timeout(50)));
    expect(error).toMatchObject({ code: 'timeout', retryable: true });
  }
  expect((await failure(http.getText(silent.url, AbortSignal.abort()))).code).toBe('timeout');
});

test('an answer longer than allowed is not read to its end', async () => {
  await using server = await startServer((_request, reply) => reply.end('x'.repeat(2_000_000)));
  const error = await failure(httpClient({ name: 'Loki', maxBodyBytes: 1_048_576 }).getText(server.url, soon()));
  expect(error).toMatchObject({ code: 'too-large', message: expect.stringContaining('more than 1 MB') });
});

test('token, user and tenant are sent, and only where they belong', async () => {
  const seen: (string | undefined)[] = [];
  await using server = await startServer((request, reply) => {
    seen.push(request.headers.authorization, String(request.headers['x-scope-orgid']));
    reply.end('ok');
  });
  await httpClient({ name: 'Loki', token: 't0ken', tenant: 'team' }).getText(server.url, soon());
  await httpClient({ name: 'Loki', user: 'u', password: 'p:w' }).getText(server.url, soon());
  await http.getText(server.url.replace('//', '//u:p%40@'), soon());
  expect(seen).toEqual(['Bearer t0ken', 'team', basic('u:p:w'), 'undefined', basic('u:p@'), 'undefined']);
});

test('a redirect is followed on the same host, and refused to another', async () => {
  await using other = await startServer((_request, reply) => reply.end('stolen'));
  await using server = await startServer((request, reply) => {
    if (request.url === '/') reply.writeHead(302, { location: '/there' }).end();
    else if (request.url === '/away') reply.writeHead(302, { location: `${other.url}/x` }).end();
    else if (request.url === '/circle') reply.writeHead(302, { location: '/circle' }).end();
    else reply.end('arrived');
  });
  expect(await http.getText(`${server.url}/`, soon())).toBe('arrived');
  expect(await failure(http.getText(`${server.url}/away`, soon()))).toMatchObject({ code: 'refused' });
  expect((await failure(http.getText(`${server.url}/circle`, soon()))).message).toContain('in a circle');
  expect(other.requests).toEqual([]);
});

test('send hands over any status, and sends a body', async () => {
  await using server = await startServer((request, reply) => {
    request.on('data', (chunk) => reply.writeHead(503, { 'x-said': String(chunk) }).end('busy'));
  });
  const reply = await http.send({ url: server.url, method: 'POST', body: 'hello' }, soon());
  expect(reply).toMatchObject({ status: 503, text: 'busy', headers: { 'x-said': 'hello' } });
});
