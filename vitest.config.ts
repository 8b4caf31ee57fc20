import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'bench/**/*.test.ts',
      'contract/**/*.test.ts',
      'dashboard/src/**/*.test.ts',
      'decoys/**/*.test.ts',
      'docs/**/*.test.ts',
      'engine/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['engine/test/support/embedded.ts'],
    // Vitest leaves a core free; our tests wait for Cowrie and PostgreSQL most of the time (load 1.6 on two cores).
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A second, as vitest has it, is what a login takes while another file's Chromium starts.
    expect: { poll: { timeout: 20_000 } },
  },
});
