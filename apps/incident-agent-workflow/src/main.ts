/** The program: what each command is made of stands in `composition/`, the only other place that sees adapters. */
import { ConfigurationError } from '@incident-agent/service-kit/configuration';
import { createProgram } from './cli/program.ts';
import { messageOf } from './domain/error.ts';

// Each command loads what it is made of, and no other: a question for help need not wait for the PDF engine.
try {
  await createProgram({
    serve: async (options) => (await import('./composition/serve.ts')).serve(import.meta.filename, options),
    worker: async () => (await import('./composition/worker.ts')).worker(),
    respond: async (input, options) => (await import('./composition/once.ts')).respond(input, options),
    replay: async (path, options) => (await import('./composition/once.ts')).replayFile(path, options),
    monitor: async (options) => (await import('./composition/monitor.ts')).monitor(options),
    watchLogs: async (options) => (await import('./composition/host-tools.ts')).watchLogsOnce(options),
    report: async (id, options) => (await import('./composition/host-tools.ts')).reportToFile(id, options),
    doctor: async (options) => (await import('./composition/doctor.ts')).doctor(options),
  }).parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : messageOf(error)}\n`);
  process.exitCode = 1;
}
