/** A tree as a tar stream (ustar, long names as pax records): what the sandbox unpacks before it runs anything. */
import { packTar } from 'modern-tar';
import type { TreeFile } from '../../remediation-ports.ts';

/** The same tree gives the same bytes. */
const AN_OLD_DAY = new Date('2020-01-01T00:00:00Z');

export async function archiveOf(files: readonly TreeFile[]): Promise<Uint8Array> {
  return packTar(
    files.map(({ path, mode, content }) =>
      mode === 'link'
        ? {
            header: {
              name: path,
              size: 0,
              mtime: AN_OLD_DAY,
              type: 'symlink',
              linkname: Buffer.from(content).toString('utf8'),
            },
          }
        : {
            header: {
              name: path,
              size: content.byteLength,
              mtime: AN_OLD_DAY,
              mode: mode === 'executable' ? 0o755 : 0o644,
            },
            body: content,
          },
    ),
  );
}
