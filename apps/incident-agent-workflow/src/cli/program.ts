/** The command line: names, options, exit codes. What each command does is handed in. */
import { Command } from 'commander';

export interface Commands {
  serve(options: { readonly worker: boolean }): Promise<void>;
  worker(): Promise<void>;
  respond(input: string, options: { readonly json: boolean; readonly bundle?: string }): Promise<void>;
  replay(bundle: string, options: { readonly json: boolean }): Promise<void>;
  monitor(): Promise<void>;
}

export function createProgram(commands: Commands): Command {
  const program = new Command('incident-agent')
    .description('Alert in, verified root cause out.')
    .showHelpAfterError()
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}` })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  program
    .command('serve', { isDefault: true })
    .description('the HTTP process and a worker')
    .option('--no-worker', 'HTTP only; workers run elsewhere')
    // The default command gets every word that names no other one.
    .argument('[unknown...]')
    .usage('[options]')
    .action((unknown: string[], options: { worker: boolean }) => {
      const [word] = unknown;
      if (word === undefined) return commands.serve(options);
      const known = program.commands.map((command) => command.name()).join(', ');
      return program.error(`There is no command ${word}; known are ${known}`);
    });
  program
    .command('worker')
    .description('a worker alone, for a shared DATABASE_URL')
    .action(() => commands.worker());
  program
    .command('respond <alert>')
    .description('one alert (a JSON file, - for standard input) to a report on the terminal')
    .option('--json', 'print the report as JSON', false)
    .option('--bundle <file>', 'write the run as a bundle for replay')
    .action((alert: string, options: { json: boolean; bundle?: string }) => commands.respond(alert, options));
  program
    .command('replay <bundle>')
    .description('analysis and report again from a bundle, offline; exit code 3 where the report differs')
    .option('--json', 'print the report as JSON', false)
    .action((bundle: string, options: { json: boolean }) => commands.replay(bundle, options));
  program
    .command('monitor')
    .description('reads the services’ /metrics, keeps samples, posts alerts')
    .action(() => commands.monitor());
  return program;
}
