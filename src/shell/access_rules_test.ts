import assert from "node:assert/strict";
import { accessRules } from "./access_rules.ts";
import { fakeShell } from "./fake_connection.ts";
import { TemporaryDirectory } from "../base/testing.ts";

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
  using temporary = new TemporaryDirectory();
  const directory = temporary.path;
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
});

Deno.test("files are matched in any case, and where links lead to, not by the names that they give", () => {
  using temporary = new TemporaryDirectory();
  const directory = Deno.realPathSync(temporary.path);
  Deno.mkdirSync(`${directory}/open/deep`, { recursive: true });
  Deno.mkdirSync(`${directory}/closed/inner`, { recursive: true });
  Deno.writeTextFileSync(`${directory}/closed/secret`, "secret");
  Deno.writeTextFileSync(`${directory}/open/fine`, "fine");
  Deno.symlinkSync("../closed/secret", `${directory}/open/link`);
  Deno.symlinkSync("../closed/inner", `${directory}/open/inner`);
  Deno.symlinkSync("../closed/none", `${directory}/open/dangling`);
  const files = { files: list([`^${directory.toUpperCase()}/OPEN/`]), processControl: false };
  const open = `${directory}/open`;
  assert.equal(attempt(`require("fs").read("${open}/deep/../fine")`, files), "fine");
  for (
    const way of [
      `read("${open}/link")`,
      `read("${open}/inner/../secret")`,
      `exists("${open}/../closed/secret")`,
      `write("${open}/dangling", "x")`,
      `write("${open}/inner/new", "x")`,
      `linkFile("../closed/secret", "${open}/own")`,
      `linkFile("${directory}/closed/secret", "${open}/own")`,
      `copyFile("${open}/link", "${open}/copy")`,
      `move("${open}/fine", "${open}/inner/fine")`,
    ]
  ) assert.match(String(attempt(`require("fs").${way}`, files)), /^ArangoError 11: not allowed to /, way);
  const denied = { files: list([], ["/closed/"]), processControl: false };
  assert.match(String(attempt(`require("fs").read("${open}/link")`, denied)), /^ArangoError 11/);
});

Deno.test("what the shell brings along may be required whatever files are closed", () => {
  const files = { files: list(["^/nothing/"]), processControl: false };
  assert.equal(attempt(`typeof require("lodash").VERSION + typeof require("fs").getTempFile()`, files), "stringstring");
});

Deno.test("endpoints are matched in any case, with and without the path, for all ways to connect", () => {
  const may = (allow: string[], deny: string[], url: string) => {
    try {
      accessRules({ endpoints: list(allow, deny), processControl: false }).checkEndpoint(url);
      return true;
    } catch {
      return false;
    }
  };
  // the examples of the manual's page
  const site = "https?://(www\\.)?arangodb\\.org(:80|443)?/";
  assert.equal(may([site], [`${site}admin`], "HTTP://arangodb.org/"), true);
  assert.equal(may([site], [`${site}admin`], "http://arangodb.org/admin/x"), false);
  assert.equal(may([site], [], "http://arangodb.org.evil.domain/"), false);
  assert.equal(may([], ["/admin"], "http://arangodb.org/admin"), false);
  assert.equal(may(["^http://arangodb\\.org$"], [], "http://arangodb.org/"), true);
  const closed = { endpoints: list(["^none$"]), processControl: false };
  assert.match(String(attempt(`arango.reconnect("tcp://127.0.0.1:9", "_system", "root", "")`, closed)), /not allowed/);
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
