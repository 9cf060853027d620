/** What a Dockerfile of ours must keep to. Each rule answers with one sentence for every breach. */
import type { Stage, Step } from './dockerfile.ts';

type Rule = (stages: readonly Stage[]) => string[];

const KNOWN = new Set(['ARG', 'CMD', 'COPY', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'RUN', 'USER', 'WORKDIR']);
const SECRET = /TOKEN|PASSWORD|SECRET|CREDENTIAL|_KEY\b/i;

const RULES: readonly Rule[] = [
  everyStep(({ keyword }) =>
    KNOWN.has(keyword) ? [] : [`${keyword} is not used here: COPY instead of ADD, exec forms, no VOLUME`],
  ),
  (stages) =>
    stages.length > 1 ? [] : ['one stage only: npm, its cache and its leftovers stay out of the image that runs'],
  (stages) =>
    stages
      .filter(({ base }) => !stages.some(({ name }) => name === base))
      .filter(({ base }) => !/:[\w.-]*\d+\.\d+/.test(base))
      .map(({ base }) => `${base} is not pinned: name a version, never latest`),
  everyStep(({ keyword, words, execForm }) => {
    if (keyword === 'CMD') return execForm ? [] : ['CMD is not in exec form: a shell would not hand signals on'];
    if (keyword !== 'HEALTHCHECK') return [];
    return words[0] === 'CMD' && execForm ? [] : ['HEALTHCHECK is not CMD in exec form'];
  }),
  lastStageHas('CMD', 'nothing says what to start'),
  lastStageHas('EXPOSE', 'no port is named'),
  lastStageHas('HEALTHCHECK', 'nobody would see a service that hangs'),
  (stages) => {
    const user = lastOf(stages, 'USER')?.text ?? 'root';
    return /^[1-9]\d*:[1-9]\d*$/.test(user) ? [] : [`USER is ${user}: name an unprivileged user and group by number`];
  },
  everyStep(({ keyword, flags }) => {
    if (keyword !== 'HEALTHCHECK') return [];
    return ['interval', 'timeout', 'start-period', 'retries']
      .filter((name) => !flags.has(name))
      .map((name) => `HEALTHCHECK has no --${name}`);
  }),
  everyStep(({ keyword, words }) => {
    if (keyword === 'WORKDIR') return words[0]?.startsWith('/') ? [] : ['WORKDIR is relative'];
    if (keyword !== 'COPY') return [];
    return words.length === 2 || words.at(-1)?.endsWith('/')
      ? []
      : ['COPY of several ends in no folder: put a / behind it'];
  }),
  (stages) =>
    stages.flatMap((stage, index) =>
      stage.steps
        .filter(({ flags }) => flags.has('from'))
        .filter(({ flags }) => !stages.slice(0, index).some(({ name }) => name === flags.get('from')))
        .map((step) => at(step, `--from=${step.flags.get('from')} is no earlier stage`)),
    ),
  everyStep(({ keyword, text }) => {
    if (keyword !== 'RUN' || !/\bnpm\b/.test(text)) return [];
    return /^npm ci\b.*--omit=dev\b/.test(text)
      ? []
      : ['npm without the lock file, or with development packages: npm ci --omit=dev'];
  }),
  everyStep(({ keyword, text }) => {
    if (keyword !== 'RUN' || !text.includes('apt-get')) return [];
    return [
      ...(/apt-get update && apt-get install/.test(text)
        ? []
        : ['apt-get install without update in the same step: a cached list is stale']),
      ...(/install -y --no-install-recommends /.test(text)
        ? []
        : ['apt-get install without -y --no-install-recommends']),
      ...(text.endsWith('rm -rf /var/lib/apt/lists/*') ? [] : ['the package lists stay in the image']),
    ];
  }),
  everyStep(({ keyword, text }) =>
    keyword === 'RUN' && /(?:^|[;&|]\s*)(?:sudo|cd|curl|wget|git clone)\b/.test(text)
      ? ['RUN leaves its folder, its user or the lock file']
      : [],
  ),
  everyStep(({ keyword, text }) =>
    (keyword === 'ENV' || keyword === 'ARG') && SECRET.test(text)
      ? [`${keyword} names a secret: it would stay in the image`]
      : [],
  ),
];

/** Empty: all is well. */
export function breachesOf(stages: readonly Stage[]): string[] {
  return RULES.flatMap((rule) => rule(stages));
}

function everyStep(judge: (step: Step) => string[]): Rule {
  return (stages) => stages.flatMap(({ steps }) => steps.flatMap((step) => judge(step).map((says) => at(step, says))));
}

function lastStageHas(keyword: string, otherwise: string): Rule {
  return (stages) => {
    const count = stages.at(-1)?.steps.filter((step) => step.keyword === keyword).length ?? 0;
    return count === 1
      ? []
      : [`the last stage has ${count} ${keyword}: ${count === 0 ? otherwise : 'only the last counts'}`];
  };
}

function lastOf(stages: readonly Stage[], keyword: string): Step | undefined {
  return stages.at(-1)?.steps.findLast((step) => step.keyword === keyword);
}

function at({ line }: Step, says: string): string {
  return `line ${line}: ${says}`;
}
