/**
 * `npm test [-- <file filters and vitest options>]`: runs the tests, names what was skipped and why, and ends with
 * exactly one line `N passed, N failed, N skipped`. Exit code 0 only if nothing failed and something passed.
 */
import { type CliOptions, parseCLI, startVitest } from 'vitest/node';
import { countResults, verdictLine } from './test-results.ts';

async function runTests(commandLine: readonly string[]): Promise<number> {
  const { filter, options } = parseCLI(['vitest', 'run', ...commandLine]);
  const results = countResults();
  const settings: CliOptions = { ...options, watch: false, reporters: ['default', results.reporter] };
  const vitest = await startVitest(filter, settings);
  await vitest.close();
  const { counts, skipped } = results;
  for (const test of skipped) console.log(`skipped: ${test.name}: ${test.reason}`);
  if (counts.passed + counts.failed === 0) console.error('No test was run: is the file filter right?');
  console.log(verdictLine(counts));
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

process.exitCode = await runTests(process.argv.slice(2));
