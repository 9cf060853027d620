/** npm for `RUN npm ci` in a sandbox: its program, its cache, and where this machine fetches packages from. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildOptions } from '../../scripts/containers/build-root.ts';

/** As Node's image has it. */
const PLACE = '/usr/local/lib/node_modules/npm';
const PASSED_ON = /^(?:npm_config_registry|https?_proxy|no_proxy|node_extra_ca_certs)$/i;

export function npmForSandbox(scratch: string): NonNullable<BuildOptions['npm']> {
  const program = npmProgram();
  const [globalConfig = '', userConfig = '', cache = ''] = execFileSync(
    process.execPath,
    [program, 'config', 'get', 'globalconfig', 'userconfig', 'cache'],
    { encoding: 'utf8', cwd: scratch },
  )
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\w+=/, ''));
  const passedOn = Object.entries(process.env).filter(([name, value]) => PASSED_ON.test(name) && value !== undefined);
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  mkdirSync(cache, { recursive: true });
  return {
    binds: [
      { source: dirname(dirname(program)), target: PLACE, isReadOnly: true },
      { source: starter(scratch), target: '/usr/local/bin/npm', isReadOnly: true },
      { source: cache, target: '/root/.npm', isReadOnly: false },
      ...[userConfig, globalConfig, certificates ?? '']
        .filter((path) => existsSync(path) && !path.startsWith('/usr/') && !path.startsWith('/etc/ssl/'))
        .map((path) => ({ source: path, target: path, isReadOnly: true })),
    ],
    environment: {
      HOME: '/root',
      npm_config_globalconfig: globalConfig,
      npm_config_userconfig: userConfig,
      npm_config_update_notifier: 'false',
      ...Object.fromEntries(passedOn.map(([name, value]) => [name, value ?? ''])),
    },
  };
}

function npmProgram(): string {
  const running = process.env.npm_execpath;
  if (running !== undefined && existsSync(running)) return realpathSync(running);
  return realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim());
}

function starter(scratch: string): string {
  const path = join(scratch, 'npm');
  writeFileSync(path, `#!/bin/sh\nexec node ${PLACE}/bin/npm-cli.js "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
