/** Which tests failed, from what their runners print. */
const FAILED: readonly RegExp[] = [
  /^\s*not ok \d+ (?:- )?(.+?)(?:\s+#.*)?$/, // TAP
  /^\s*✖ (.+?)(?: \(\d.*)?$/, // node:test
  /^\s*(?:FAIL|×)\s+(?:\|.+?\| )?(.+?)(?:\s+\d+ms)?$/, // vitest
  /^\s*● (.+)$/, // jest
  /^(?:FAILED|ERROR) (\S+::\S+|\S+\.py)/, // pytest
  /^\s*--- FAIL: (\S+)/, // go
  /^\s+JUnit (?:Jupiter|Vintage):(\S.*)$/, // JUnit's console
  /^\[ERROR\]\s+(\S+Test\S*\.\S+?)(?::\d+)?(?:\s|$)/, // Maven
];
const MAX_NAMES = 200;

/** Each once, in the order in which they were told. */
export function failingTests(output: string): string[] {
  const names = new Set<string>();
  for (const line of output.split('\n')) {
    for (const expression of FAILED) {
      const [, name] = expression.exec(line) ?? [];
      if (name !== undefined && names.size < MAX_NAMES) names.add(name.trim());
    }
  }
  return [...names];
}

const CANNOT_RUN =
  /: not found$|command not found|No module named|ERR_MODULE_NOT_FOUND|Cannot find (?:module|package)|No test files found|no tests ran|Missing script|Could not find or load main class org\.junit|error: package org\.junit\S* does not exist/m;

/** Why the tests themselves could not be run; undefined: they ran. */
export function couldNotRun(exitCode: number, output: string): string | undefined {
  if (exitCode === 0) return undefined;
  if (exitCode !== 126 && exitCode !== 127 && !(CANNOT_RUN.test(output) && failingTests(output).length === 0))
    return undefined;
  const line = output.split('\n').find((one) => CANNOT_RUN.test(one)) ?? output.trimEnd().split('\n').at(-1) ?? '';
  return line.trim().slice(0, 160) || `exit code ${exitCode}`;
}

export interface Run {
  readonly exitCode: number;
  readonly output: string;
}
const ENDED = /^ended with (\d+)$/m;

/** Of a command that runs something several times and prints a line `ended with <exit code>` behind each. */
export function runsOf(output: string): Run[] {
  const parts = output.split(ENDED);
  return parts.flatMap((text, index) =>
    index % 2 === 1 ? [{ exitCode: Number(text), output: parts[index - 1] ?? '' }] : [],
  );
}
