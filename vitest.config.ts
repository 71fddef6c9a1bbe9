import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts'],
    testTimeout: 60_000,
    // A test whose assertions are never reached fails. A page draws within a second, unless other tests have the processor.
    expect: { poll: { timeout: 10_000 }, requireAssertions: true },
    // Two cores: more workers than that only make onnxruntime's own threads fight each other.
    maxWorkers: 2,
    pool: 'forks',
  },
});
