/** A small JSON document that survives its writer: whole or as it was. */
import { readFile, rename } from 'node:fs/promises';
import { messageOf } from '../../domain/error.ts';
import type { StateFile } from '../../host-ports.ts';
import { writeWhole } from '../../lib/write-whole.ts';
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
      await writeWhole(path, JSON.stringify(value), { mode: 0o640 });
    },
  };
}
