import { defineConfig } from 'vitest/config';

/** Everything that needs only npm packages: unit tests beside the code, and the suites under test/ but e2e. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**', 'dist/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
