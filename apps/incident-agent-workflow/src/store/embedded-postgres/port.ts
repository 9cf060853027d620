/** The port of the embedded server: chosen once and kept beside the data, so that clients find it after a restart. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A server that was killed may hold its port a moment longer; giving it up would cost every client its address. */
const WAIT_FOR_KEPT_MILLISECONDS = 2_000;
const POLL_MILLISECONDS = 50;

/** The kept port if it is free (or soon is), else a new one, which is kept from then on. */
export async function keptPort(folder: string): Promise<number> {
  const path = join(folder, 'postgres.port');
  const kept = Number(await readFile(path, 'utf8').catch(() => ''));
  if (Number.isInteger(kept) && kept > 0 && kept < 65_536 && (await becomesFree(kept))) return kept;
  const port = await listenOnce(0);
  await writeFile(path, String(port), { mode: 0o600 });
  return port;
}

async function becomesFree(port: number): Promise<boolean> {
  const deadline = performance.now() + WAIT_FOR_KEPT_MILLISECONDS;
  for (;;) {
    try {
      await listenOnce(port);
      return true;
    } catch {
      if (performance.now() > deadline) return false;
      await setTimeout(POLL_MILLISECONDS);
    }
  }
}

/** The port that was given, 0 for any. Rejects when it is taken. */
function listenOnce(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
