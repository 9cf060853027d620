import { configDefaults, defineConfig } from 'vitest/config';

// Two workers: the suite starts real servers and databases, more of them at once only wait for each other.
export default defineConfig({
  test: {
    include: [
      'apps/*/src/**/*.test.ts',
      'packages/*/src/**/*.test.ts',
      'test/**/*.test.ts',
      'demo/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    // Sources of the corpus's shop, with tests of their own runtimes.
    exclude: [...configDefaults.exclude, 'bench/corpus/shop/**'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    expect: { requireAssertions: true },
  },
});
