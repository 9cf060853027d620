/** The members of a `.tar.gz`, in memory: nothing is unpacked to disk, so that no name of a member can lead anywhere. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar';
import { AgentError, messageOf } from '../../domain/error.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A run keeps 8 MB compressed, some tens unpacked; more than this is no bundle but an attempt to fill the memory. */
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;
const MAX_MEMBERS = 100;
/** Bundles are made once and read often. */
const COMPRESSION_LEVEL = 9;
/** The header's byte for the system that compressed: "unknown", so that it is the same everywhere. */
const GZIP_SYSTEM_BYTE = 9;
const UNKNOWN_SYSTEM = 255;

/** The same members give the same bytes: no times, owners or rights of their own. In the order given. */
export async function packMembers(members: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const header = { mtime: new Date(0), mode: 0o644, uid: 0, gid: 0, uname: '', gname: '' };
  const entries = [...members].map(([name, body]) => ({ header: { ...header, name, size: body.byteLength }, body }));
  const archive = await compress(await packTar(entries), { level: COMPRESSION_LEVEL });
  archive[GZIP_SYSTEM_BYTE] = UNKNOWN_SYSTEM;
  return archive;
}

/** By name, `./` in front taken away. Throws AgentError: malformed, too-large, or refused for a name that leads out. */
export async function unpackMembers(archive: Uint8Array): Promise<Map<string, Uint8Array>> {
  const members = new Map<string, Uint8Array>();
  for (const { header, data } of await entriesOf(await unpacked(archive))) {
    const name = header.name.replace(/^(?:\.\/)+/, '');
    if (header.type === 'directory') continue;
    if (header.type !== undefined && header.type !== 'file')
      throw refused(`the member ${quoted(name)} is a ${header.type}: a bundle holds files only`);
    if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..'))
      throw refused(`the member ${quoted(name)} has a name that leads out of the archive`);
    if (members.has(name)) throw refused(`the member ${quoted(name)} is there twice`);
    if (members.size >= MAX_MEMBERS) throw refused(`the archive has more than ${MAX_MEMBERS} members`);
    members.set(name, data ?? new Uint8Array());
  }
  return members;
}

async function unpacked(archive: Uint8Array): Promise<Uint8Array> {
  try {
    return await decompress(archive, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      const detail = `it holds more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MB when it is unpacked, no bundle does`;
      throw new AgentError('too-large', detail, { retryable: false });
    }
    const isCut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
    throw malformed(isCut ? 'it ends too early: fetch it again' : 'it is no .tar.gz, or it is damaged', error);
  }
}

async function entriesOf(archive: Uint8Array) {
  try {
    return await unpackTar(archive, { strict: true });
  } catch (error) {
    throw malformed(`the archive inside is damaged (${messageOf(error)}): fetch it again`, error);
  }
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

function malformed(what: string, cause: unknown): AgentError {
  return new AgentError('malformed', what, { retryable: false, cause });
}

function refused(what: string): AgentError {
  return new AgentError('refused', what, { retryable: false });
}
