/** Suites of `tests/suites/`, in the manner of ArangoDB's own, pass on the embedded engine and on a server. */

import { deepStrictEqual as deepEqual, ok } from "node:assert/strict";
import { join } from "node:path";
import { openShell, type OpenShellOptions, startServer } from "denosh";

const SUITES = new URL("./suites/", import.meta.url);

interface TestResult {
  readonly status: boolean;
  readonly message?: string;
}

/** Runs a file; returns what its failed tests say. */
function failures(name: string, target: OpenShellOptions): string[] {
  using shell = openShell({ ...target, output: () => {} });
  const path = JSON.stringify(join(SUITES.pathname, name));
  const text = shell.run(`JSON.stringify(require("jsunity").runTest(${path}, true))`) as string;
  const tests = Object.entries(JSON.parse(text) as Record<string, TestResult>).filter(([key]) =>
    key.startsWith("test")
  );
  ok(tests.length > 0);
  return tests.filter(([, { status }]) => !status).map(([key, { message }]) => `${key}: ${message}`);
}

Deno.test("suites pass, embedded and on a server", async (t) => {
  const names = Array.from(Deno.readDirSync(SUITES), ({ name }) => name).sort();
  await using server = await startServer();
  for (const name of names) {
    await t.step(`${name}, embedded`, () => deepEqual(failures(name, { directory: ":memory:" }), []));
    await t.step(`${name}, on a server`, () => deepEqual(failures(name, { endpoint: server.url }), []));
  }
});
