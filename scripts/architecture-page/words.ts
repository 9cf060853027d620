/** What no configuration says: what each part is for. A part or volume of docker-compose.yml without a word here throws. */
import type { Container, Facts } from './facts.ts';

const PARTS: Readonly<Record<string, string>> = {
  'weather-app1': 'A service to watch: the weather, through Open-Meteo',
  'mongo-api-service': 'A service to watch: items in MongoDB',
  mongo: 'MongoDB, the database of mongo-api-service',
  'incident-agent-workflow': 'The agent: takes alerts, investigates, reports; its page and its API',
  notifier: 'Renders and sends messages; decides nothing',
  postgres: 'The agent’s one store; without containers a Postgres of its own runs inside the agent',
  prometheus: 'Reads metrics, evaluates the alert rules',
  alertmanager: 'Groups alerts and calls the agent until it answers',
  loki: 'Keeps the log lines',
  promtail: 'Ships the log files',
  alloy: 'Ships the same files in Promtail’s place',
  grafana: 'Dashboards (admin / admin)',
  mailpit: 'Catches mail in place of a real server',
  ollama: 'A language model in a container',
};
/** They end before anything of interest starts. */
const HELPERS: ReadonlySet<string> = new Set(['folders', 'ollama-model']);

const VOLUMES: Readonly<Record<string, string>> = {
  'alertmanager-data': 'What was notified. Without it every alert that still fires is sent again as if new.',
  'promtail-positions': 'How far each log was read. Without it every line is shipped again.',
  'postgres-data': 'Incidents, reports, the journal of investigations, the queue, deliveries.',
  'notifier-receipts': 'Which message went out under which key. Without it a repeated request sends a second mail.',
  'prometheus-data': 'Metrics, and since when an alert is pending.',
  'loki-data': 'Log lines, their index and the write-ahead log.',
  'mongo-data': 'Items.',
  'mongo-config': 'MongoDB’s own configuration.',
  'grafana-data': 'Users and settings; dashboards come from files.',
  'alloy-data': 'How far each log was read, where Alloy ships.',
  'ollama-models': 'The model, so that it is fetched once.',
};

export interface Part extends Container {
  readonly what: string;
}

export function partsOf({ containers }: Facts): Part[] {
  return containers
    .filter(({ name }) => !HELPERS.has(name))
    .map((container) => ({ ...container, what: word(PARTS, container.name, 'part') }));
}

/** In the order above: what hurts most comes first. */
export function volumesOf({ containers }: Facts): { name: string; what: string }[] {
  const used = [...new Set(containers.flatMap(({ volumes }) => volumes))];
  const known = Object.keys(VOLUMES);
  return used
    .map((name) => ({ name, what: word(VOLUMES, name, 'volume') }))
    .toSorted((a, b) => known.indexOf(a.name) - known.indexOf(b.name));
}

/** `5s` → `5 s`, `336h` → `14 days`, `256m` of memory → `256 MB`. */
export function duration(written: string): string {
  const [, amount = '', unit = ''] = /^(\d+)([smhd])$/.exec(written) ?? [];
  if (amount === '') return written;
  const hours = unit === 'h' ? Number(amount) : Number.NaN;
  if (hours % 24 === 0) return `${hours / 24} days`;
  return `${amount} ${unit === 'm' ? 'min' : unit}`;
}
export function memory(written: string): string {
  return written.replace(/^(\d+)m$/, '$1 MB').replace(/^(\d+)g$/, '$1 GB');
}

function word(words: Readonly<Record<string, string>>, name: string, kind: string): string {
  const found = words[name];
  if (found === undefined)
    throw new Error(
      `docker-compose.yml has the ${kind} ${name}: say in scripts/architecture-page/words.ts what it is for`,
    );
  return found;
}

export interface Step {
  readonly title: string;
  readonly text: string;
}

/** The numbers of the diagram, in order. */
export function stepsOf(facts: Facts): Step[] {
  const { alertmanager, rules, services, agents, scrapeInterval } = facts;
  const forSeconds = [...new Set(rules.map((rule) => rule.forSeconds))].join(' or ');
  return [
    {
      title: 'Metrics',
      text: `Prometheus reads /metrics of all ${services.length} services every ${duration(scrapeInterval)}.`,
    },
    { title: 'A rule fires', text: `One of ${rules.length} rules has held for ${forSeconds} seconds.` },
    {
      title: 'The agent is called',
      text: `Alertmanager groups by ${alertmanager.groupBy.join(' and ')}, waits ${duration(alertmanager.groupWait)} and posts to ${new URL(alertmanager.webhook).pathname}. The answer is 202 only after alert, incident and run are committed; otherwise it tries again.`,
    },
    { title: 'It asks Prometheus', text: 'What changed, when it began, who else suffers.' },
    {
      title: 'It asks the services',
      text: 'Health and readiness addresses, and the log files where it can read them.',
    },
    { title: 'It asks Loki', text: 'Log lines around the onset, by the same service label.' },
    {
      title: 'It asks git',
      text: 'The code at the stack trace, who changed it last, what was deployed before it began.',
    },
    {
      title: 'It concludes',
      text: `A quick analysis, then ${agents.join(', ')}. Every sentence is checked against numbered evidence; what could not be seen is a numbered gap. A model may add sentences, which are checked the same way.`,
    },
    { title: 'A mail', text: 'One for an incident, with the PDF. What changes later comes in the same thread.' },
    {
      title: 'The page',
      text: 'The same report with its evidence, at the agent’s address; links lead to the dashboards and back.',
    },
  ];
}
