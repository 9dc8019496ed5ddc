/**
 * Suites of `tests/suites/`, in the manner of ArangoDB's own, pass on the embedded engine and on a server; what several of
 * them require is in `lib/`.
 */

import { deepStrictEqual as deepEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { openShell, type OpenShellOptions, startServer } from "denosh";

const SUITES = join(import.meta.dirname!, "suites");

interface TestResult {
  readonly status: boolean;
  readonly message?: string;
}

/** Runs a file; returns what its failed tests say, or else what has failed behind them. */
function failures(name: string, target: OpenShellOptions): string[] {
  using shell = openShell({ ...target, moduleDirectories: [join(SUITES, "lib")], output: () => {} });
  const path = JSON.stringify(join(SUITES, name));
  const text = shell.run(`JSON.stringify(require("jsunity").runTest(${path}, true))`) as string;
  const { status, message, ...rest } = JSON.parse(text) as TestResult & Record<string, unknown>;
  const tests = Object.entries(rest as Record<string, TestResult>).filter(([key]) => key.startsWith("test"));
  ok(tests.length > 0);
  const failed = tests.filter(([, { status }]) => !status).map(([key, { message }]) => `${key}: ${message}`);
  return status || failed.length > 0 ? failed : [String(message)];
}

Deno.test("suites pass, embedded and on a server", async (t) => {
  const names = Array.from(Deno.readDirSync(SUITES), ({ name }) => name).filter((name) => name.endsWith(".js")).sort();
  await using server = await startServer();
  for (const name of names) {
    await t.step(`${name}, embedded`, () => deepEqual(failures(name, { directory: ":memory:" }), []));
    await t.step(`${name}, on a server`, () => deepEqual(failures(name, { endpoint: server.url }), []));
  }
});
