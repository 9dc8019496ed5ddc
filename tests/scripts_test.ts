/** Maintenance scripts of `tests/scripts/` print the same on the embedded engine and on a server. */

import { strictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { type OpenShell, openShell, type OpenShellOptions, startServer } from "denosh";
import { TemporaryDirectory } from "../src/base/testing.ts";

const SCRIPTS = new URL("./scripts/", import.meta.url);
/** What a script is to print stands at its end, in a comment. */
const EXPECTED = /\/\* prints\n([^]*)\n\*\/\n$/;

/** Runs a script in a database of its own. */
function run(name: string, target: OpenShellOptions): string {
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
  let printed = "";
  const options: OpenShellOptions = {
    ...target,
    arguments: [directory],
    output: (text) => void (printed += text),
  };
  using shell: OpenShell = openShell(options);
  const database = name.replace(/\.js$/, "");
  shell.db._createDatabase(database);
  shell.db._useDatabase(database);
  shell.runFile(join(SCRIPTS.pathname, name));
  return printed.replaceAll(directory, "DIRECTORY").trimEnd();
}

Deno.test("maintenance scripts print what they say, embedded and on a server", async (t) => {
  const names = Array.from(Deno.readDirSync(SCRIPTS), ({ name }) => name).filter((name) => name.endsWith(".js")).sort();
  await using server = await startServer();
  for (const name of names) {
    const expected = EXPECTED.exec(Deno.readTextFileSync(new URL(name, SCRIPTS)))?.[1];
    await t.step(`${name}, embedded`, () => equal(run(name, { directory: ":memory:" }), expected));
    await t.step(`${name}, on a server`, () => equal(run(name, { endpoint: server.url }), expected));
  }
  equal(names.length >= 30, true);
});
