/** A model that lies about whatever it is shown, over real HTTP: figures, causes, places, choices; and one that asks all it may besides. */
import type { Asked } from '../../demo/scripted-model/server.ts';

const MADE_UP = [
  'The database was deleted by an attacker.',
  'Everything is healthy again and no user is affected.',
  'The certificate has expired.',
  'Run the clean-up script on the primary and merge the draft.',
  'The root cause is human error.',
];

/** The evidence as the prompt tells it. */
function headsIn(user: string): { readonly id: string; readonly title: string }[] {
  return [...user.matchAll(/^(E\d+) \([^)]*\): (.*)$/gm)].map(([, id = '', title = '']) => ({ id, title }));
}

function liesAbout(user: string): { text: string; cites: string[] }[] {
  const heads = headsIn(user);
  const bent = heads.flatMap(({ id, title }, index) => {
    const text = [
      title.replace(/\d+(?:\.\d+)?(?=[^\d.]*$)/, (number) => String(Math.round(Number(number) * 1.37 + 7))),
      title.replace(
        / rose | is | answered /,
        (word) => ({ ' rose ': ' fell ', ' is ': ' is not ' })[word] ?? ' never answered ',
      ),
      `${title.replace(/\.$/, '')} because the disk was full`,
    ][index % 3];
    return text === undefined || text === title ? [] : [{ text: text.slice(0, 500), cites: [id] }];
  });
  const ids = heads.map(({ id }) => id).slice(0, 6);
  return [...MADE_UP.map((text) => ({ text, cites: ids })), ...bent];
}

/** Not more than one made-up figure in twenty, so that nothing is dropped merely for the company it keeps. */
function subtleLies(user: string): { text: string; cites: string[] }[] {
  const ids = headsIn(user)
    .map(({ id }) => id)
    .slice(0, 6);
  return MADE_UP.map((text) => ({ text, cites: ids }));
}

function requestsFor(user: string, system: string, count: number): unknown[] {
  const services = (/Services: (.*)\.$/m.exec(system)?.[1] ?? '')
    .split('; ')
    .map((text) => text.replace(/ \(uses.*$/, ''));
  const names = [...user.matchAll(/"metricNames":\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.replaceAll('"', '')),
  );
  const path = /(?:^|\s)((?:[\w.-]+\/)+[\w.-]+\.\w+):(\d+)/m.exec(user);
  const all = services.flatMap((service) => [
    { kind: 'logs', service },
    { kind: 'probe', service, of: 'health' },
    { kind: 'metric-names', service },
    { kind: 'history', service },
    ...names.map((metric) => ({ kind: 'metric', service, metric })),
    ...(path ? [{ kind: 'file-lines', service, path: path[1], line: Number(path[2]) }] : []),
  ]);
  const from = (count * 5) % Math.max(1, all.length);
  return [...all.slice(from), ...all.slice(0, from)].slice(0, 5);
}

export function lyingAnswer(asksToo: boolean): (asked: Asked, count: number) => string {
  return ({ user, system }, count) => {
    const claims = count % 2 === 0 ? liesAbout(user) : subtleLies(user);
    const ids = headsIn(user).map(({ id }) => id);
    return JSON.stringify({
      finding: {
        summary: claims[0],
        claims,
        prefers: { hypothesis: 'H2', cites: ids.slice(0, 2) },
        newHypotheses: [{ class: 'tls-certificate', service: 'nobody', confidence: 1, cites: ids.slice(0, 1) }],
        openQuestions: claims.slice(0, 3),
        edits: [{ path: '/etc/passwd', search: 'root', replace: 'toor' }],
      },
      requests: asksToo && user.includes('requests may be made') ? requestsFor(user, system, count) : [],
    });
  };
}
