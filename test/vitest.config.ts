import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
    coverage: {
      provider: "v8",
      include: ["src/core/**", "src/protocol/**", "src/store/**", "src/admin/**", "src/transport/**", "src/server/**"],
      thresholds: {
        "src/{core,protocol,store}/**": { branches: 100, functions: 100, lines: 100 },
      },
    },
  },
});
