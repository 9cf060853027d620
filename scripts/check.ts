/** `npm run check`: types, format and lint, type-aware lint, unused code, architecture. All run even when one fails. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';

const ROOT = dirname(import.meta.dirname);

const CHECKS = [
  { name: 'types', command: 'tsc', commandArguments: ['-p', '.'] },
  { name: 'format and lint', command: 'biome', commandArguments: ['check', '--error-on-warnings', '.'] },
  { name: 'lint with types', command: 'oxlint', commandArguments: ['--type-aware', '--deny-warnings'] },
  { name: 'unused code', command: 'knip', commandArguments: ['--config', 'scripts/knip.json', '--no-progress'] },
  { name: 'architecture', command: 'vitest', commandArguments: ['run', 'test/architecture.test.ts'] },
] as const;

/** Exit code; 127 when the program could not be started. Output goes where ours goes. */
function exitCodeOf(command: string, commandArguments: readonly string[]): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  // The bins of npm packages are scripts with a shell in front on Windows.
  const shell = process.platform === 'win32';
  const child = spawn(command, commandArguments, { cwd: ROOT, stdio: 'inherit', shell });
  child.once('error', (error) => {
    console.error(`${command} could not be started: ${error.message}`);
    resolve(127);
  });
  child.once('close', (code) => resolve(code ?? 1));
  return promise;
}

async function runChecks(): Promise<number> {
  const verdicts: { readonly name: string; readonly isClean: boolean; readonly seconds: string }[] = [];
  for (const { name, command, commandArguments } of CHECKS) {
    console.log(`\n── ${name}: ${command} ${commandArguments.join(' ')}`);
    const startedAt = performance.now();
    const exitCode = await exitCodeOf(command, commandArguments);
    verdicts.push({ name, isClean: exitCode === 0, seconds: ((performance.now() - startedAt) / 1000).toFixed(1) });
  }
  console.log('');
  for (const { name, isClean, seconds } of verdicts)
    console.log(`${isClean ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  return verdicts.every(({ isClean }) => isClean) ? 0 : 1;
}

process.exitCode = await runChecks();
