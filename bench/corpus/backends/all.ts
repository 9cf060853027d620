/** Every backend of the corpus. */
import type { BackendName, RunningBackend } from '../template.ts';

/** Listens on 127.0.0.1:port, in this process, in mode `well`. */
export async function startBackend(name: BackendName, _port: number): Promise<RunningBackend> {
  throw new Error(`There is no backend ${name} yet`);
}
