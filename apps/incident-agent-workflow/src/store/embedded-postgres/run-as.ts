/** Postgres refuses to run as root. A user namespace in which we are somebody else needs no other account and no chown. */
import { execFile, type SpawnOptions } from 'node:child_process';
import { promisify } from 'node:util';

export interface RunAs {
  /** Turns a command into one that may run. */
  wrap(
    command: string,
    commandArguments: readonly string[],
  ): { readonly command: string; readonly commandArguments: readonly string[] };
  readonly spawnOptions: Pick<SpawnOptions, 'uid' | 'gid'>;
  /** The data directory must belong to this user; undefined: to whoever made it. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** The `nobody` of Debian and most others: has an entry in /etc/passwd, which initdb asks for. */
const NOBODY = 65_534;
const NAMESPACE = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
const run = promisify(execFile);

export async function chooseRunAs(): Promise<RunAs> {
  if (process.getuid?.() !== 0)
    return { wrap: (command, commandArguments) => ({ command, commandArguments }), spawnOptions: {}, owner: undefined };
  if (await canUnshare()) {
    return {
      wrap: (command, commandArguments) => ({
        command: 'unshare',
        commandArguments: [...NAMESPACE, command, ...commandArguments],
      }),
      spawnOptions: {},
      owner: undefined,
    };
  }
  return {
    wrap: (command, commandArguments) => ({ command, commandArguments }),
    spawnOptions: { uid: NOBODY, gid: NOBODY },
    owner: { uid: NOBODY, gid: NOBODY },
  };
}

/** Containers with a default seccomp profile forbid it. */
async function canUnshare(): Promise<boolean> {
  try {
    await run('unshare', [...NAMESPACE, 'true']);
    return true;
  } catch {
    return false;
  }
}
