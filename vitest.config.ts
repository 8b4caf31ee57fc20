import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'contract/**/*.test.ts',
      'dashboard/src/**/*.test.ts',
      'decoys/**/*.test.ts',
      'engine/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    globalSetup: ['engine/test/support/embedded.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
