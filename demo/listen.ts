/** Servers on ports of 127.0.0.1. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Its port, once it listens; 0: any that is free. Rejects when the port is taken. */
export async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return address.port;
}

/** Free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
