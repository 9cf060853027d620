/** Something else answers at a provider's address: what is meant is gone, or is no longer what it was. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Certificate, certificateFor } from '../../backends/payments-certificate.ts';
import type { BackendName, CaseWorld } from '../../template.ts';

const run = promisify(execFile);

export interface InPlace {
  /** The provider is itself again. */
  end(): Promise<void>;
}

/** Over plain HTTP unless there is a certificate. Ended with the case at the latest. */
export async function inPlaceOf(
  world: CaseWorld,
  name: BackendName,
  answer: RequestListener,
  certificate?: Certificate & ServerOptions,
): Promise<InPlace> {
  const backend = world.backend(name);
  await backend.stop();
  const server: Server = certificate ? createTlsServer(certificate, answer) : createServer(answer);
  server.listen(portOf(world, name), '127.0.0.1');
  await once(server, 'listening');
  async function close(): Promise<void> {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  world.signal.addEventListener('abort', () => void close(), { once: true });
  return {
    async end() {
      await close();
      await backend.start();
    },
  };
}

export function portOf({ addresses }: CaseWorld, name: BackendName): number {
  return Number(new URL(addresses[name] ?? '').port);
}

/** One that the provider's callers trust. undefined: there is no openssl here. */
export function trustedCertificate(world: CaseWorld): Promise<Certificate | undefined> {
  return certificateFor(portOf(world, 'payments'), false);
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** In order, but of an authority that the callers have never heard of. Needs openssl. */
export async function foreignCertificate(world: CaseWorld): Promise<Certificate> {
  const folder = mkdtempSync(join(world.scratch, 'issuer-'));
  const at = (name: string) => join(folder, name);
  writeFileSync(at('names'), 'subjectAltName = DNS:localhost,IP:127.0.0.1\n');
  const issuer = ['-subj', '/O=Example Trust Services/CN=Example Trust Root G2', '-days', '3650'];
  await run('openssl', ['req', '-x509', ...EC, '-keyout', at('issuer.key'), '-out', at('issuer.pem'), ...issuer]);
  await run('openssl', [
    'req',
    ...EC,
    '-keyout',
    at('own.key'),
    '-out',
    at('own.csr'),
    '-subj',
    '/CN=payments.example',
  ]);
  const signing = ['-CA', at('issuer.pem'), '-CAkey', at('issuer.key'), '-CAcreateserial', '-days', '90'];
  await run('openssl', [
    'x509',
    '-req',
    '-in',
    at('own.csr'),
    '-out',
    at('own.pem'),
    ...signing,
    '-extfile',
    at('names'),
  ]);
  return { key: readFileSync(at('own.key'), 'utf8'), cert: readFileSync(at('own.pem'), 'utf8') };
}
