/** Counts a test run the way people do: a file that does not even load is a failure, not nothing. */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Results {
  /** Hand it to vitest; the counts are complete when the run has ended. */
  readonly reporter: Reporter;
  readonly counts: Counts;
  readonly skipped: { readonly name: string; readonly reason: string }[];
}

export function countResults(): Results {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const skipped: Results['skipped'] = [];

  function countTest(test: TestCase): void {
    const result = test.result();
    if (result.state === 'passed') counts.passed += 1;
    else if (result.state === 'skipped') {
      counts.skipped += 1;
      skipped.push({ name: `${test.module.relativeModuleId} > ${test.fullName}`, reason: reasonOf(test, result.note) });
    } else counts.failed += 1; // also a test that never came to its end
  }

  const reporter: Reporter = {
    onTestRunEnd(modules, unhandledErrors) {
      counts.failed += unhandledErrors.length;
      for (const module of modules) {
        counts.failed += errorsOutsideTests(module);
        for (const test of module.children.allTests()) countTest(test);
      }
    },
  };
  return { reporter, counts, skipped };
}

export function verdictLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Imports and hooks that failed: their tests are then counted as neither passed nor failed. */
function errorsOutsideTests(module: TestModule): number {
  let errors = module.errors().length;
  for (const suite of module.children.allSuites()) errors += suite.errors().length;
  return errors;
}

function reasonOf(test: TestCase, note: string | undefined): string {
  if (note !== undefined) return note;
  return test.options.mode === 'todo' ? 'not written yet' : 'no reason given';
}
