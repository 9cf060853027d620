/** Where there is no sandbox nothing is run: a fix then stays unproven, with this reason. */
import type { Sandbox } from '../../remediation-ports.ts';

export function noSandbox(reason: string): Sandbox {
  return {
    name: 'none',
    unavailable: async () => reason,
    run: async () => ({ state: 'not-run', reason }),
  };
}
