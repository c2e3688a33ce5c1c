import { defineConfig } from 'vitest/config';

/** Real clients and real servers; .ci/run installs them (scripts/e2e-packages.sh). One file at a time: they share the machine.
 * A browser that loses a race on a busy machine gets a second try; what is wrong fails twice. */
export default defineConfig({
  test: { include: ['test/e2e/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false, retry: 1 },
});
