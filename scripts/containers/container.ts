/** A service of a compose file, started from the root that its Dockerfile gives, held as the compose file says. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { giveTo, type Image } from './build-root.ts';
import { type Compose, mountsOf } from './compose.ts';
import { environmentOf } from './container-environment.ts';
import { type Bind, runInSandbox, type Sandbox, startInSandbox } from './sandbox.ts';

const HEALTH_POLL_MILLISECONDS = 50;

export interface ContainerOptions {
  readonly compose: Compose;
  readonly name: string;
  readonly image: Image;
  /** Volumes and folders that the service may write to lie below it. */
  readonly scratch: string;
  /** A repository to mount in place of this checkout. */
  readonly repository: string;
  /** Over what the compose file sets: another port, another database. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Container {
  /** Where a path of the container lies here; only for what is mounted. */
  pathOf(target: string): string;
  /** From the start to the first health check that is content. Throws when it ends before, or takes longer. */
  untilHealthy(limitMilliseconds: number): Promise<number>;
  /** In the same root, as the same user. */
  execute(command: readonly string[]): Promise<{ code: number; output: string }>;
  /** SIGTERM, as `docker stop`; the exit code, -1 when it had to be killed. */
  stop(limitMilliseconds: number): Promise<number>;
}

export function startContainer(options: ContainerOptions): Container {
  const { compose, name, image } = options;
  const service = compose.services.get(name);
  if (!service) throw new Error(`The compose file has no ${name}`);
  const [uid = 0, gid = 0] = (service.user ?? '').split(':').map(Number);
  const binds = bindsOf(options, { uid, gid });
  const sandbox: Sandbox = {
    root: image.root,
    isRootReadOnly: service.read_only,
    binds,
    environment: { ...environmentOf(compose, service), ...options.environment },
    workingFolder: image.workingFolder,
    user: { uid, gid },
  };
  const startedAt = performance.now();
  const running = startInSandbox(sandbox, image.command);

  return {
    pathOf(target) {
      const bind = binds.find((one) => one.target === target);
      if (!bind) throw new Error(`Nothing is mounted at ${target}`);
      return bind.source;
    },
    async untilHealthy(limitMilliseconds) {
      while (performance.now() - startedAt < limitMilliseconds) {
        if (running.hasEnded()) break;
        const { code } = await runInSandbox(sandbox, image.health);
        if (code === 0) return performance.now() - startedAt;
        await new Promise((resolve) => setTimeout(resolve, HEALTH_POLL_MILLISECONDS));
      }
      throw new Error(`${name} is not healthy:\n${running.output()}`);
    },
    execute: (command) => runInSandbox(sandbox, command),
    async stop(limitMilliseconds) {
      if (!running.hasEnded()) running.signal('SIGTERM');
      const kill = setTimeout(() => running.signal('SIGKILL'), limitMilliseconds);
      const code = await running.ended;
      clearTimeout(kill);
      return code;
    },
  };
}

/** What lies in the repository is the repository's, to read only; all else is a folder of its own, given to its user. */
function bindsOf({ compose, name, scratch, repository }: ContainerOptions, user: Image['user']): Bind[] {
  const service = compose.services.get(name);
  return (service ? mountsOf(compose, service) : []).map(({ source, target, isReadOnly, isNamedVolume }) => {
    const isOfRepository = isReadOnly && !isNamedVolume && !source.endsWith('logs');
    if (isOfRepository) return { source: source === compose.folder ? repository : source, target, isReadOnly };
    const folder = join(scratch, 'volumes', source.replaceAll('/', '_'));
    mkdirSync(folder, { recursive: true });
    giveTo(user, folder);
    return { source: folder, target, isReadOnly };
  });
}
