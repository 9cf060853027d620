/** What must be installed to play a case: a machine without Java still records the others. */
import { spawnSync } from 'node:child_process';
import type { ServiceDefinition } from '../template.ts';

const NEEDED: Readonly<Record<ServiceDefinition['language'], readonly string[]>> = {
  typescript: [],
  python: ['python3'],
  java: ['java', 'javac'],
};

/** The programs that these services need and this machine lacks, each once. */
export function missingRuntimes(definitions: readonly Pick<ServiceDefinition, 'language'>[]): string[] {
  const needed = new Set(definitions.flatMap(({ language }) => NEEDED[language]));
  return [...needed].filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0);
}
