/** A small JSON document that survives its writer: written beside, synced, then moved. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../domain/error.ts';
import type { StateFile } from '../../host-ports.ts';
import type { Log } from '../../ports.ts';

/** A document that is no JSON is put aside, with a warning. */
export function stateFile(path: string, log: Log): StateFile {
  return {
    async read() {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
      try {
        return JSON.parse(text);
      } catch (error) {
        await rename(path, `${path}.broken`);
        log.warn('What the monitor remembered cannot be read, it begins anew', { path, reason: messageOf(error) });
        return undefined;
      }
    },
    async write(value) {
      const beside = `${path}.${process.pid}.part`;
      await mkdir(dirname(path), { recursive: true });
      try {
        const file = await open(beside, 'w', 0o640);
        try {
          await file.writeFile(JSON.stringify(value));
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(beside, path);
      } catch (error) {
        await rm(beside, { force: true });
        throw error;
      }
    },
  };
}
