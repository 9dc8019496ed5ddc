import assert from "node:assert/strict";
import { accessRules } from "./access_rules.ts";
import { fakeShell } from "./fake_connection.ts";

const list = (allow: string[], deny: string[] = []) => ({ allow, deny });

Deno.test("lists: only an allowlist, only a denylist, and the longer match of both decides", () => {
  const may = (allow: string[], deny: string[], name: string) =>
    accessRules({ environment: list(allow, deny), processControl: false }).mayReadVariable(name);
  assert.deepEqual(["HOME", "PATH"].map((name) => may(["^HO"], [], name)), [true, false]);
  assert.deepEqual(["HOME", "PATH"].map((name) => may([], ["^HO"], name)), [false, true]);
  assert.deepEqual(["HOME", "HOST", "PATH"].map((name) => may(["HO"], ["HOST"], name)), [true, false, false]);
  assert.equal(may(["HO"], ["OM"], "HOME"), false);
});

/** What a script gets from a shell with rules; errors as their text. */
function attempt(script: string, lists: Parameters<typeof accessRules>[0]): unknown {
  const { shell } = fakeShell(undefined, {
    access: accessRules(lists),
    startupOptions: { "server.password": "secret", "server.endpoint": "e", "log.level": "info" },
  });
  return shell.run(`try { ${script} } catch (e) { String(e) }`);
}

Deno.test("blocked files, endpoints, processes and ports are error 11 with its text", () => {
  const directory = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${directory}/ok`, "fine");
    const files = { files: list([`^${directory}`]), processControl: false };
    assert.equal(attempt(`require("fs").read("${directory}/ok")`, files), "fine");
    assert.equal(
      attempt(`require("fs").read("/etc/passwd")`, files),
      "ArangoError 11: not allowed to read files in this path: /etc/passwd",
    );
    assert.equal(
      attempt(`require("fs").write("${directory}/../x", "y")`, files),
      `ArangoError 11: not allowed to modify files in this path: ${directory.slice(0, directory.lastIndexOf("/"))}/x`,
    );
    assert.equal(
      attempt(`require("internal").download("http://127.0.0.1:9/x")`, {
        endpoints: list([], ["127\\.0\\.0\\.1"]),
        processControl: false,
      }),
      "ArangoError 11: not allowed to connect to this URL: http://127.0.0.1:9/x",
    );
    const none = { processControl: false };
    assert.match(
      String(attempt(`require("internal").executeExternalAndWait("true")`, none)),
      /^ArangoError 11: .*external/,
    );
    assert.match(
      String(attempt(`require("internal").testPort("tcp://127.0.0.1:9")`, none)),
      /not allowed to test ports$/,
    );
    const hard = { processControl: false, harden: true };
    assert.match(String(attempt(`require("internal").getPid()`, hard)), /not allowed to provide this information$/);
    assert.match(String(attempt(`require("internal").logLevel()`, hard)), /not allowed to change logLevel$/);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("scripts see no secrets among the start-up options, and only the ones they may", () => {
  const keys = `Object.keys(require("internal").options()).join()`;
  assert.equal(attempt(keys, { processControl: false }), "server.endpoint,log.level");
  assert.equal(attempt(keys, { options: list(["^log"]), processControl: false }), "log.level");
});

Deno.test("hidden environment variables are not there and cannot be set", () => {
  const lists = { environment: list([], ["^HOME$"]), processControl: false };
  assert.equal(
    attempt(
      `process.env.HOME = "x"; String(process.env.HOME) + ("HOME" in process.env) + Object.keys(process.env).includes("HOME")`,
      lists,
    ),
    "undefinedfalsefalse",
  );
});

Deno.test("modules of Node.js, which know no rules, are there only where nothing is restricted", () => {
  const load = (lists: Parameters<typeof accessRules>[0], name = "node:fs") =>
    attempt(`typeof require("${name}").existsSync`, lists);
  assert.equal(load({ processControl: false }), "function");
  for (const restriction of [{ files: list(["x"]) }, { environment: list([], ["x"]) }, { harden: true }]) {
    assert.match(String(load({ processControl: true, ...restriction })), /^ArangoError 11: .*'node:fs'/);
  }
  assert.match(String(load({ processControl: false }, "node:child_process")), /^ArangoError 11/);
});
