/** False sentences about an incident, made from true ones and made up; and true ones in other words. */
import type { Claim } from './domain/claim.ts';
import type { Facts } from './domain/facts.ts';
import { FaultClass } from './domain/fault-class.ts';

export interface Lie extends Claim {
  readonly how: string;
}

type Mutation = readonly [how: string, change: (text: string) => string | undefined];

const swapped = (text: string, pairs: readonly (readonly [string, string])[]): string | undefined => {
  for (const [one, other] of pairs) {
    if (new RegExp(`\\b${one}\\b`).test(text)) return text.replace(new RegExp(`\\b${one}\\b`), other);
    if (new RegExp(`\\b${other}\\b`).test(text)) return text.replace(new RegExp(`\\b${other}\\b`), one);
  }
  return undefined;
};
const replaced = (pattern: RegExp, by: string | ((match: string) => string)) => (text: string) =>
  pattern.test(text) ? text.replace(pattern, (match) => (typeof by === 'string' ? by : by(match))) : undefined;

const MUTATIONS: readonly Mutation[] = [
  ['another percentage', replaced(/\d+(?:\.\d+)? %/, '77 %')],
  ['another time', replaced(/\d\d:\d\d:\d\d/, '04:05:06')],
  [
    'a minute off',
    replaced(/:(\d)(\d):(\d\d)/, (match) => `:${match[1] === '0' ? '1' : '0'}${match[2]}:${match.slice(-2)}`),
  ],
  ['another count', replaced(/\b\d+ (?:times|commits|samples|lines)/, '314 times')],
  ['another status', replaced(/\b(?:200|500|503)\b/, (match) => (match === '200' ? '503' : '200'))],
  ['another commit', replaced(/\b(?=\d*[a-f])[0-9a-f]{7}\b/, 'deadbee')],
  ['another line', replaced(/(\.ts):\d+/, '.ts:999')],
  ['another file', replaced(/[\w-]+\.ts(?=:)/, 'payment.ts')],
  [
    'the other way',
    (text) =>
      swapped(text, [
        ['rose', 'fell'],
        ['up', 'down'],
        ['stayed', 'rose'],
        ['confirmed', 'contradicted'],
        ['error', 'success'],
      ]),
  ],
  [
    'the other order',
    (text) => {
      const [, a, b] = /from (\S+ ?\S*?) to (\S+ ?%?)/.exec(text) ?? [];
      return a && b && a !== b ? text.replace(`from ${a} to ${b}`, `from ${b.trim()} to ${a}`) : undefined;
    },
  ],
  [
    'denied',
    (text) =>
      / was /.test(text)
        ? text.replace(' was ', ' was not ')
        : / answered /.test(text)
          ? text.replace(' answered ', ' never answered ')
          : undefined,
  ],
  ['of another service', replaced(/\b(?:items-api|weather-app1|mongo-api-service)\b/, 'shop')],
  [
    'milliseconds for seconds',
    replaced(/\b(\d+) (?:s|per second)\b/, (match) => `${Number.parseInt(match, 10) + 4} min`),
  ],
  ['doubled', (text) => (/ rose from /.test(text) ? text.replace(/ rose from .*$/, ' doubled') : undefined)],
  ['all of it', (text) => (/share of/.test(text) ? 'All requests failed' : undefined)],
  [
    'the other time of two',
    (text) =>
      / in the incident, once before it/.test(text)
        ? text.replace(/ in the incident, once before it/, ' before the incident')
        : undefined,
  ],
  ['with a cause that nobody saw', (text) => `${text.replace(/[.]$/, '')} because the disk was full`],
  ['with an end that nobody saw', (text) => `${text.replace(/[.]$/, '')}, and it has recovered since`],
  ['with somebody to blame', (text) => `${text.replace(/[.]$/, '')}, after Alice deployed by hand`],
];

/** Nothing of them is in any evidence, whatever it is that they cite. */
const MADE_UP: readonly string[] = [
  'The database was deleted by an attacker.',
  'An intruder changed the configuration.',
  'The network between the hosts is broken.',
  'The certificate has expired.',
  'Somebody restarted the cluster by hand.',
  'The service has recovered.',
  'Everything is healthy again.',
  'No user is affected.',
  'All users are affected.',
  'Data was lost.',
  'The backup failed.',
  'Redis ran out of memory.',
  'Kafka is lagging behind.',
  'The load balancer sends traffic to the wrong region.',
  'A feature flag was turned on.',
  'The password leaked in the log.',
  'The garbage collector pauses for too long.',
  'The queue is full.',
  'A rollback was done already.',
  'The incident is a false alarm.',
  'This is a known issue of the vendor.',
  'The alert rule is wrong.',
  'The fix has been merged.',
  'It is safe to ignore this alert.',
  'Approve the pull request now.',
  'Run the clean-up script on the primary.',
  'Call the number in the log.',
  'The health check lies.',
  'The failure began yesterday.',
  'The failure was triggered by a cron job.',
  'Traffic tripled before the failure.',
  'The processor is saturated.',
  'The `payments` table was dropped.',
  'See https://example.com/fix for the patch.',
  'The team has been informed.',
  'Two other services fail as well.',
  'The first deploy of the day broke it.',
  'The disk of the primary is full.',
  'Latency is the cause of the errors.',
  'The root cause is human error.',
];

export function liesAbout(facts: Facts): Lie[] {
  const [first, second] = facts.evidence;
  if (!first || !second) return [];
  const truths = [
    ...facts.evidence.map(({ id, title }) => ({ text: title, cites: [id] })),
    ...facts.hypotheses.map(({ statement }) => statement),
  ];
  const lies: Lie[] = [];
  for (const { text, cites } of truths) {
    for (const [how, change] of MUTATIONS) {
      const lie = change(text);
      if (lie !== undefined && lie !== text) lies.push({ how, text: lie, cites });
    }
    lies.push({ how: 'no such evidence', text, cites: ['E99'] }, { how: 'without evidence', text, cites: [] });
    const elsewhere = facts.evidence.find(({ id, title }) => !cites.includes(id) && title !== text);
    if (
      /\d/.test(text) &&
      elsewhere &&
      !facts.hypotheses.some(({ statement }) => statement.cites.includes(elsewhere.id))
    )
      lies.push({
        how: 'of other evidence',
        text: `${text.replace(/ \d\d:\d\d:\d\d/, '')} 4711 times`,
        cites: [elsewhere.id],
      });
  }
  const all = facts.evidence.map(({ id }) => id).slice(0, 8);
  for (const text of MADE_UP) lies.push({ how: 'made up', text, cites: all });
  const listed = new Set(facts.hypotheses.map(({ cause }) => cause.class));
  for (const named of FaultClass.options.filter((one) => !listed.has(one)))
    lies.push({ how: 'a cause that is not listed', text: `The cause is ${named.replaceAll('-', ' ')}.`, cites: all });
  const [one, other] = facts.evidence.filter(({ kind }) => kind !== 'alert').map(({ title }) => title);
  for (const tie of ['because', 'caused', 'before', 'after', 'although', 'triggered', 'since'])
    lies.push({ how: 'two truths tied together', text: `${one} ${tie} ${other}.`, cites: all });
  return lies;
}
