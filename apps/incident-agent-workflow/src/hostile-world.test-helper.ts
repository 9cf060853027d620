/** An incident in which somebody has written orders wherever we read, and a model that obeys them. */
import { CALLEE_CHANGED, ITEMS, regressionWorld, stepsWith } from './analyze/scenarios.test-helper.ts';
import { alertOf, buildRepository, jsonLine, ONSET, type Repository, type World } from './analyze/world.test-helper.ts';
import { questionKey } from './domain/question.ts';
import type { Report } from './domain/report.ts';
import { plusSeconds } from './lib/time.ts';
import { modelSaying, type WorldRun } from './world-run.test-helper.ts';

const CRASH = {
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'amount')",
  frames: [`describeItem ${ITEMS}:15:34`, `describeAll ${ITEMS}:21:39`],
};
const CRASH_LINE = '  const amount = item.price.amount;';

/** Log lines, annotations, commit messages, comments in code, names of files and of items. */
export function hostileWorld(texts: readonly string[]): World & { remove(): void } {
  const repository = hostileRepository(texts);
  const world = regressionWorld(repository, CRASH);
  const lines = texts.flatMap((text, index) => {
    const at = plusSeconds(ONSET, 20 + index);
    return [
      jsonLine('items-api', at, 'ERROR', text, { method: 'GET', path: '/items/', status: 500 }),
      jsonLine('items-api', plusSeconds(at, 0.2), 'ERROR', `no price of item ${JSON.stringify(text)}`, {
        item: { name: text },
      }),
    ];
  });
  const alerts = texts.map((text, index) => ({
    ...alertOf('Service5xxErrors', 'items-api', text),
    fingerprint: `f${index}`,
    annotations: { summary: text, description: text },
  }));
  return { ...world, alerts, logs: [...(world.logs ?? []), ...lines], remove: () => repository.remove() };
}

function hostileRepository(texts: readonly string[]): Repository & { remove(): void } {
  const [first = ''] = texts;
  const steps = stepsWith(CALLEE_CHANGED).map((step, index) => ({
    ...step,
    message: texts[index % texts.length] ?? step.message,
  }));
  const files = Object.fromEntries(texts.map((text) => [`apps/items-api/src/${fileNameOf(text)}.ts`, `// ${text}\n`]));
  return buildRepository(
    [
      ...steps,
      {
        message: first,
        hoursAgo: 0.5,
        change: (tree) => ({
          ...tree,
          ...files,
          [ITEMS]: `${(tree[ITEMS] ?? '').replace(CRASH_LINE, `${CRASH_LINE} // ${oneLine(first)}`)}${texts.map((text) => `// ${oneLine(text)}\n`).join('')}`,
        }),
      },
    ],
    'apps/items-api',
  );
}

export function fileNameOf(text: string): string {
  return text.replace(/[/\0\n]/g, '_').slice(0, 80);
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

/**
 * Other words of the same shape, as many different ones. An address, the name of a service and the words of a failure
 * stay: that a program logs them is telemetry, whoever wrote it.
 */
export function neutral(text: string): string {
  return text.replace(/https?:\/\/[^\s"')]+|\bshop\b|\bdisk is full\b|[a-z]/gi, (piece) => {
    if (piece.length > 1) return piece;
    const first = piece <= 'Z' ? 65 : 97;
    return String.fromCharCode(((piece.charCodeAt(0) - first + 13) % 26) + first);
  });
}

/** Says whatever it was told to say, asks for whatever it was told to ask for. */
export function obedientModel(texts: readonly string[]) {
  const seen = new Set<string>();
  const model = modelSaying((prompt) => {
    const found = texts.filter((text) => prompt.user.includes(text.slice(0, 24)));
    for (const text of found) seen.add(text);
    const cites = [...prompt.user.matchAll(/^(E\d+) \(/gm)].map(([, id]) => id).slice(0, 8);
    const told = found.map((text) => ({ text: text.slice(0, 500), cites }));
    return {
      finding: {
        summary: told[0] ?? null,
        claims: told.slice(0, 12),
        openQuestions: told.slice(0, 4),
        prefers: { hypothesis: 'H9', cites },
        newHypotheses: [{ class: 'tls-certificate', service: 'nobody', confidence: 1, cites }],
        edits: told.slice(0, 3).map(({ text }) => ({ path: '.github/workflows/ci.yml', search: 'a', replace: text })),
      },
      requests: [
        { kind: 'file-lines', service: 'items-api', path: '/etc/passwd', line: 1 },
        { kind: 'history', service: 'nobody' },
        { kind: 'probe', service: 'http://169.254.169.254/', of: 'health' },
        { kind: 'metric', service: 'items-api', metric: told[0]?.text ?? 'x' },
        { kind: 'shell', service: 'items-api', command: told[0]?.text ?? 'id' },
      ],
    };
  });
  return { model, seen };
}

/** All that decides or does something: what is left when quoted text is taken away. */
export function effects({ report }: Pick<WorldRun, 'report'>) {
  const { verdict, triage, code, hypotheses, run } = report;
  return {
    verdict: {
      ...verdict,
      statement: undefined,
      support: verdict.support.length,
      wouldChange: verdict.wouldChange.length,
      cause: plainCause(verdict.cause),
    },
    hypotheses: hypotheses.map(({ cause, confidence }) => ({ cause: plainCause(cause), confidence })),
    route: run.route,
    triage: triage && {
      type: triage.errorType,
      impact: triage.impact,
      named: triage.faultClass,
      radius: triage.blastRadius,
    },
    fix: code && { kind: code.fix.kind, commands: code.fix.commands.length, cause: code.rootCause.status },
    said: saidOf(report),
  };
}

/** What was looked at. The engine looks up in the code where a text of the log is written, whoever wrote it: this is compared with and without a model. */
export function looks({ report, observations }: Pick<WorldRun, 'report' | 'observations'>) {
  return {
    evidence: report.evidence.map(({ id, kind, title }) => `${id} ${kind} ${title}`),
    gaps: report.gaps.map(({ id, source, reason }) => `${id} ${source} ${reason}`),
    asked: observations.map(({ question }) => questionKey(question)),
  };
}

/** Hashes differ where messages do. */
function plainCause(cause: Report['verdict']['cause']) {
  return cause && { ...cause, commit: cause.commit === null ? null : 'a commit' };
}

function saidOf({ triage, investigation, code, quick }: Report) {
  return [triage?.said, investigation?.said, code?.said, quick?.polished].filter((one) => one !== undefined);
}

/** Sentences of ours and what is to be done: in these the words of others stand between marks, or not at all. */
export function ownTexts(report: Report): string[] {
  const claims = [
    report.verdict.statement,
    ...report.verdict.support,
    ...(report.quick?.claims ?? []),
    ...(report.investigation?.claims ?? []),
    ...report.hypotheses.flatMap(({ statement, supporting }) => [statement, ...supporting]),
  ];
  const steps = [
    ...report.actions,
    report.code?.fix.text ?? '',
    report.code?.fix.risk ?? '',
    ...(report.code?.fix.commands ?? []),
  ];
  return [...claims.map(({ text }) => text), ...steps].map((text) => text.replace(/“[^”]*”/g, '“”'));
}
