/** Certificates for the payments stand-in, made by openssl for one port; without openssl it speaks plain HTTP only. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** The authority that signed it, for those who call; the file exists once the backend has started. */
export function authorityOf(port: number): string {
  return join(folderOf(port), 'authority.pem');
}
export function hasAuthority(port: number): boolean {
  return existsSync(authorityOf(port));
}

export function forgetCertificates(port: number): void {
  rmSync(folderOf(port), { recursive: true, force: true });
}

function folderOf(port: number): string {
  return join(tmpdir(), `shop-payments-${port}`);
}

const YEAR_MILLISECONDS = 365 * 86_400_000;
/** An expired one ended just before it is asked for. */
const ENDED_MILLISECONDS_AGO = 20_000;

/** undefined: there is no openssl here. */
export async function certificateFor(port: number, isExpired: boolean): Promise<Certificate | undefined> {
  const folder = folderOf(port);
  mkdirSync(folder, { recursive: true });
  try {
    await makeAuthority(folder);
    const now = Date.now();
    const end = isExpired ? now - ENDED_MILLISECONDS_AGO : now + YEAR_MILLISECONDS / 4;
    return await sign(folder, end - YEAR_MILLISECONDS / 2, end);
  } catch {
    return undefined;
  }
}

async function makeAuthority(folder: string): Promise<void> {
  const key = join(folder, 'authority.key');
  if (existsSync(join(folder, 'authority.pem'))) return;
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'ca.cnf'), settings(folder));
  const subject = ['-subj', '/CN=Example Payments Authority', '-days', '30'];
  await run('openssl', [
    'req',
    '-x509',
    ...EC,
    '-nodes',
    '-keyout',
    key,
    '-out',
    join(folder, 'authority.pem'),
    ...subject,
  ]);
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

async function sign(folder: string, from: number, to: number): Promise<Certificate> {
  const key = join(folder, 'server.key');
  const request = join(folder, 'server.csr');
  const out = join(folder, 'server.pem');
  await run('openssl', ['req', ...EC, '-nodes', '-keyout', key, '-out', request, '-subj', '/CN=payments.example']);
  const dates = ['-startdate', asn1Time(from), '-enddate', asn1Time(to)];
  const files = ['-in', request, '-out', out, '-notext', '-batch'];
  await run('openssl', ['ca', '-config', join(folder, 'ca.cnf'), '-create_serial', ...dates, ...files]);
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(out, 'utf8') };
}

/** `20261130110000Z` */
function asn1Time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:T]/g, '').replace(/\.\d+/, '');
}

function settings(folder: string): string {
  return `[ca]
default_ca = shop
[shop]
dir = ${folder}
database = $dir/index.txt
serial = $dir/serial
new_certs_dir = $dir
certificate = $dir/authority.pem
private_key = $dir/authority.key
default_md = sha256
policy = any
unique_subject = no
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = DNS:localhost,IP:127.0.0.1
`;
}
