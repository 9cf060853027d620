/** A program under a limit of open files whose last words, which go to stderr, end up in its log. */
import type { Running, ServiceDefinition } from '../template.ts';

export function shellCommand(
  running: Running,
  openFiles: number,
  commandLine: readonly string[],
  environment: Readonly<Record<string, string>>,
): ReturnType<ServiceDefinition['command']> {
  const shell = `ulimit -n ${openFiles}; exec "$@" >/dev/null 2>>"$0"`;
  return {
    program: '/bin/sh',
    commandLine: ['-c', shell, running.logFile, ...commandLine],
    environment: {
      PORT: String(running.port),
      LOG_FILE: running.logFile,
      DEPLOYED_REVISION: running.revision,
      ...environment,
    },
  };
}
