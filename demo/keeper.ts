/** `node demo/keeper.ts "<command>"`: runs a shell command and takes it along, with all it started, when the demo is gone. */
import { spawn } from 'node:child_process';

const command = process.argv[2] ?? '';
const child = spawn(command, { shell: true, stdio: 'inherit' });
process.channel?.unref();
// Our process group is that of the command: one signal reaches everything that it started.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
process.once('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code) => process.exit(code ?? 1));
