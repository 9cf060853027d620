/** The command line: names, options, exit codes. What each command does is handed in. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ReportFormat } from '../ports.ts';

export interface Commands {
  serve(options: { readonly worker: boolean }): Promise<void>;
  worker(): Promise<void>;
  respond(input: string, options: { readonly json: boolean; readonly bundle?: string }): Promise<void>;
  replay(bundle: string, options: ReplayCommand): Promise<void>;
  monitor(options: MonitorCommand): Promise<void>;
  watchLogs(options: WatchLogsCommand): Promise<void>;
  report(id: string, options: ReportCommand): Promise<void>;
  doctor(options: { readonly json: boolean }): Promise<void>;
}

/** With a model of their own, in place of the replies that the bundle holds. */
export interface ReplayCommand {
  readonly json: boolean;
  readonly model?: string;
  readonly baseUrl?: string;
}
export interface MonitorCommand {
  readonly interval: number;
  readonly tail: number;
  readonly outputDir?: string;
  readonly report: boolean;
  readonly agentUrl?: string;
}
export interface WatchLogsCommand {
  readonly tail: number;
  readonly service: readonly string[];
  readonly pipeline: boolean;
  readonly outputDir?: string;
  readonly agentUrl?: string;
  readonly json: boolean;
}
export interface ReportCommand {
  readonly format: ReportFormat;
  /** `-`: standard output. */
  readonly output?: string;
  readonly agentUrl?: string;
}

const FORMATS = ['pdf', 'docx', 'md', 'json'] as const satisfies readonly ReportFormat[];
const TAIL_LINES = 500;
const INTERVAL_SECONDS = 60;
const MAX_TAIL_LINES = 1_000_000;
const MAX_INTERVAL_SECONDS = 86_400;

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
    .option('--model <name>', 'ask this model in place of the replies in the bundle')
    .option('--base-url <url>', 'where that model is; otherwise LLM_BASE_URL')
    .action((bundle: string, options: ReplayCommand) => commands.replay(bundle, options));
  watching(program, commands);
  program
    .command('doctor')
    .description('what is reachable, what is misconfigured, how to mend it; exit code 4 where something is failing')
    .option('--json', 'print the findings as JSON', false)
    .action((options: { json: boolean }) => commands.doctor(options));
  program
    .command('report <id>')
    .description('the report of an incident as a file')
    .addOption(new Option('--format <format>', 'of the report').choices(FORMATS).default('pdf'))
    .option(
      '--output <file>',
      'where it is written, - for standard output (default: INC-….pdf here; md and json are printed)',
    )
    .option(
      '--agent-url <url>',
      'the agent to ask (default: this machine’s; without one its database is read)',
      webAddress,
    )
    .action((id: string, options: ReportCommand) => commands.report(id, options));
  return program;
}

/** The host tools. */
function watching(program: Command, commands: Commands): void {
  program
    .command('watch-logs')
    .description('one look at the services’ logs: flags errors, has them investigated, writes a Word report')
    .option('--tail <lines>', 'how many of each log’s last lines', wholeNumber(1, MAX_TAIL_LINES), TAIL_LINES)
    .option('--service <name>', 'only this one; may be given again', gathered, [])
    .option('--no-pipeline', 'flag only, investigate nothing')
    .option('--output-dir <folder>', 'where the Word report goes (default: REPORTS_DIR)')
    .option('--agent-url <url>', 'the agent that investigates (default: MONITOR_AGENT_URL)', webAddress)
    .option('--json', 'print what was found as JSON', false)
    .action((options: WatchLogsCommand) => commands.watchLogs(options));
  program
    .command('monitor')
    .description('watches /metrics, health addresses and logs, keeps samples, posts alerts')
    .option(
      '--interval <seconds>',
      'between two looks at the logs',
      wholeNumber(1, MAX_INTERVAL_SECONDS),
      INTERVAL_SECONDS,
    )
    .option(
      '--tail <lines>',
      'of a log never read before, so many last lines are new',
      wholeNumber(0, MAX_TAIL_LINES),
      TAIL_LINES,
    )
    .option('--output-dir <folder>', 'where the Word reports go (default: REPORTS_DIR)')
    .option('--no-report', 'no Word report per cycle')
    .option('--agent-url <url>', 'the agent that investigates (default: MONITOR_AGENT_URL)', webAddress)
    .action((options: MonitorCommand) => commands.monitor(options));
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

function webAddress(text: string): string {
  if (/^https?:\/\/./.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError('It must be a web address like http://localhost:9100.');
}

function gathered(text: string, earlier: readonly string[]): string[] {
  return [...earlier, text];
}
