/** The program: what each command is made of stands in `composition/`, the only other place that sees adapters. */
import { ConfigurationError } from '@incident-agent/service-kit/configuration';
import { createProgram } from './cli/program.ts';
import { reportToFile, watchLogsOnce } from './composition/host-tools.ts';
import { monitor } from './composition/monitor.ts';
import { replayFile, respond } from './composition/once.ts';
import { serve } from './composition/serve.ts';
import { worker } from './composition/worker.ts';
import { messageOf } from './domain/error.ts';

try {
  await createProgram({
    serve: (options) => serve(import.meta.filename, options),
    worker,
    respond,
    replay: replayFile,
    monitor,
    watchLogs: watchLogsOnce,
    report: reportToFile,
  }).parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : messageOf(error)}\n`);
  process.exitCode = 1;
}
