/** `incident-agent doctor`: what is wrong, how it shows, what mends it. All checks run, each within its time. */
import type { Diagnosis } from '../domain/diagnosis.ts';
import { failing, unknown } from '../domain/diagnosis.ts';
import { messageOf } from '../domain/error.ts';
import type { DoctorCheck } from '../host-ports.ts';
import { oneLine } from '../lib/clean-text.ts';

const CHECK_MILLISECONDS = 12_000;
const WIDTH = 12;
const MARKS = { fine: 'ok     ', warning: 'warning', failing: 'FAILING', unknown: 'unknown' } as const;
const ORDER = ['failing', 'warning', 'unknown', 'fine'] as const;

export interface Examined {
  readonly schema: 'doctor/1';
  /** Nothing is failing. */
  readonly ok: boolean;
  readonly findings: readonly Diagnosis[];
}

/** In the order of the checks, whatever answers first. */
export async function examine(checks: readonly DoctorCheck[]): Promise<Examined> {
  const findings = (await Promise.all(checks.map(runOne))).flat();
  return { schema: 'doctor/1', ok: findings.every(({ state }) => state !== 'failing'), findings };
}

async function runOne(check: DoctorCheck): Promise<Diagnosis[]> {
  try {
    return await check.run(AbortSignal.timeout(check.milliseconds ?? CHECK_MILLISECONDS));
  } catch (error) {
    const trouble = { shows: 'the other checks are not touched by it', mend: 'please report it, with this line' };
    return [unknown(check.name, { what: `This check itself failed: ${messageOf(error)}`, ...trouble })];
  }
}

/** A configuration that does not parse, told as any other trouble. */
export function configurationTrouble(mistakes: readonly string[], place: string): Diagnosis[] {
  return mistakes.map((mistake) =>
    failing('configuration', {
      what: mistake,
      shows: 'the agent ends at its start with this sentence',
      mend: `correct it in ${place} or the environment, which wins`,
    }),
  );
}

/** Troubles first, each with its cure; what is well in one line each. */
export function examinedLines({ findings, ok }: Examined): string[] {
  const sorted = ORDER.flatMap((state) => findings.filter((one) => one.state === state));
  const count = (state: Diagnosis['state']): number => findings.filter((one) => one.state === state).length;
  return [
    ...sorted.flatMap(linesOf),
    '',
    ok
      ? `Nothing is failing; ${count('warning')} warnings, ${count('unknown')} not known, ${count('fine')} well.`
      : `${count('failing')} failing, ${count('warning')} warnings, ${count('unknown')} not known, ${count('fine')} well.`,
  ];
}

function linesOf({ check, state, what, shows, mend }: Diagnosis): string[] {
  const indent = ' '.repeat(MARKS.fine.length + 1 + WIDTH + 1);
  return [
    `${MARKS[state]} ${check.padEnd(WIDTH)} ${oneLine(what, 600)}`,
    ...(shows === undefined ? [] : [`${indent}shows: ${shows}`]),
    ...(mend === undefined ? [] : [`${indent}mend:  ${mend}`]),
  ];
}
