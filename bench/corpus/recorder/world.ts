/** What a fault template is handed: the running case, to be hurt. */
import { pause } from '../../../demo/processes.ts';
import type { CaseWorld, ServiceName } from '../template.ts';
import type { CaseServices } from './case-services.ts';
import type { Load } from './load.ts';
import type { RunningService } from './running-service.ts';

export function worldOf(running: CaseServices, scratch: string, load: Load, signal: AbortSignal): CaseWorld {
  function service(name: ServiceName): RunningService {
    const found = running.services.get(name);
    if (found === undefined) throw new Error(`${name} does not run in this case`);
    return found;
  }
  return {
    scratch,
    addresses: running.addresses,
    signal,
    restart: (name, environment = {}) => service(name).restart(environment),
    stop: (name) => service(name).stop(),
    kill: (name, how) => service(name).kill(how),
    keepRestarting: (name, everySeconds) => service(name).keepRestarting(everySeconds),
    backend(name) {
      const backend = running.backends.get(name);
      if (backend === undefined) throw new Error(`${name} does not run in this case`);
      return backend;
    },
    setTraffic: (plan) => load.set(plan),
    pause: (seconds) => pause(seconds * 1_000, signal),
  };
}
