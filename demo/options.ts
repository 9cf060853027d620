/** The demo's command line. */
import { parseArgs } from 'node:util';

const SCENARIO_NAMES = ['regression', 'dependency-down', 'service-down', 'all'] as const;

export interface DemoOptions {
  readonly scenario: (typeof SCENARIO_NAMES)[number];
  /** Somebody else's case; it goes before `scenario`. */
  readonly scenarioFolder: string | undefined;
  /** Exit when the run has ended, instead of keeping everything up to look at. */
  readonly once: boolean;
  readonly json: boolean;
  readonly ports: 'documented' | 'auto';
}

export const USAGE = `npm run demo [-- options]
  --scenario <name>        ${SCENARIO_NAMES.join(' | ')} (default regression)
  --scenario-dir <folder>  a case of your own: see docs/demo-scenarios.md
  --once                   exit when the report is delivered, instead of staying up to be looked at
  --json                   one JSON object as the last line of stdout; everything else goes to stderr
  --ports auto             free ports instead of the documented ones`;

/** Throws one sentence for people. */
export function readOptions(
  commandLine: readonly string[],
  resolvePath: (path: string) => string,
): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      scenario: { type: 'string', default: 'regression' },
      'scenario-dir': { type: 'string' },
      once: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      ports: { type: 'string', default: 'documented' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  if (values.help) return 'help';
  const scenario = SCENARIO_NAMES.find((name) => name === values.scenario);
  if (scenario === undefined)
    throw new Error(`--scenario ${values.scenario} is not known; it is one of ${SCENARIO_NAMES.join(', ')}`);
  if (values.ports !== 'auto' && values.ports !== 'documented')
    throw new Error(`--ports ${values.ports} is not known; it is auto or documented`);
  const folder = values['scenario-dir'];
  return {
    scenario,
    scenarioFolder: folder === undefined ? undefined : resolvePath(folder),
    once: values.once,
    json: values.json,
    ports: values.ports,
  };
}
