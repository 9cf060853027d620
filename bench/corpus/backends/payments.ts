/**
 * The payments provider: charges cards against a token. On one port it speaks plain HTTP and, where openssl is installed,
 * TLS: the first byte of a connection tells.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { RunningBackend } from '../template.ts';
import { startHttpBackend } from './http-backend.ts';
import { createMoods, delayed } from './moods.ts';
import { certificateFor, forgetCertificates } from './payments-certificate.ts';
import { PAYMENTS_TOKEN } from './payments-token.ts';

const TLS_HANDSHAKE = 0x16;
/** Banks are asked. */
const NETWORK_MILLISECONDS = [60, 85, 70, 120, 75, 95];
const DECLINED_CARD = /0002$/;

export async function startPayments(port: number): Promise<RunningBackend> {
  const moods = createMoods({ answer: delayed(answerPayments, NETWORK_MILLISECONDS), refusal });
  const plain = await listening(createServer(moods.answer));
  let secure: Server | undefined;
  return startHttpBackend({
    port,
    moods,
    async prepare(mode) {
      const isExpired = mode.mode === 'certificate';
      if (secure !== undefined && !isExpired && mode.mode !== 'well') return;
      const certificate = await certificateFor(port, isExpired);
      secure?.close();
      secure = certificate && (await listening(createTlsServer(certificate, moods.answer)));
    },
    accept: (socket) => byFirstByte(socket, (isTls) => (isTls ? secure : plain)),
    async close() {
      secure?.closeAllConnections();
      secure?.close();
      plain.closeAllConnections();
      plain.close();
      forgetCertificates(port);
    },
  });
}

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Joins the connection with one to the server that understands it. */
function byFirstByte(client: Socket, serverFor: (isTls: boolean) => Server | undefined): void {
  client.once('data', (chunk: Buffer) => {
    client.pause();
    const address = serverFor(chunk[0] === TLS_HANDSHAKE)?.address();
    if (address === null || typeof address !== 'object') {
      client.destroy();
      return;
    }
    const server = connect({ port: address.port, host: '127.0.0.1', noDelay: true });
    server.once('error', () => client.resetAndDestroy());
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
    server.write(chunk);
    client.pipe(server).pipe(client);
  });
}

function answerPayments(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET' && request.url === '/health') reply(response, 200, { status: 'ok' });
  else if (request.method !== 'POST' || request.url !== '/charges') reply(response, 404, { error: 'unknown_resource' });
  else if (request.headers.authorization !== `Bearer ${PAYMENTS_TOKEN}`) refuseWith(response, 401);
  else void charge(request, response);
}

async function charge(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { amount, source, reference } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (!Number.isInteger(amount) || amount <= 0) reply(response, 422, { error: 'amount_invalid' });
    else if (DECLINED_CARD.test(String(source))) reply(response, 402, { error: 'card_declined', reference });
    else reply(response, 201, { id: `ch_${String(reference)}`, status: 'succeeded', amount });
  } catch {
    reply(response, 400, { error: 'body_unreadable' });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuseWith(response: ServerResponse, status: number): void {
  const { contentType, body } = refusal(status);
  response.writeHead(status, { 'content-type': contentType });
  response.end(body);
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'token_not_accepted',
  403: 'account_not_allowed',
  429: 'rate_limit_reached',
};

function refusal(status: number): { contentType: string; body: string } {
  return { contentType: 'application/json', body: JSON.stringify({ error: REASONS[status] ?? 'internal', status }) };
}
