import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/helpers/global-setup.ts'],
    // Processes, not threads: Directus and Chromium are children of a test, and end with its process.
    pool: 'forks',
    maxWorkers: 2,
    // Starting Directus and Chromium on a small machine takes its time; no test asserts a duration.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});
