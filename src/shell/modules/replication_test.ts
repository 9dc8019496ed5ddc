import assert from "node:assert/strict";
import { type FakeReply, fakeShell, type SeenRequest } from "../fake_connection.ts";
import type { ShellOptions } from "../shell_options.ts";

const RESULT = { collections: [{ id: "1", name: "test" }], lastLogTick: "99" };
const CONFIG = "{endpoint: 'tcp://leader.domain.org:8529', username: 'myuser', password: 'mypasswd'}";

function notFound(errorNum: number): FakeReply {
  return { status: 404, body: { error: true, code: 404, errorNum, errorMessage: "not found" } };
}

/** A server that runs jobs: `states` are what successive looks at `_sync_jobs/7` find. */
function jobServer(states: unknown[], options: Partial<ShellOptions> = {}) {
  return fakeShell(({ method, url }) => {
    if (url.endsWith("/_api/replication/sync")) return { status: 202, headers: { "x-arango-async-id": "7" } };
    if (method === "GET" && url.endsWith("/_api/document/_sync_jobs/7")) {
      return { body: states.length > 1 ? states.shift() : states[0] };
    }
    if (url.includes("/_api/document/_sync_jobs/")) return notFound(1202);
    return notFound(404);
  }, options);
}

/** A server without job table, such as ArangoDB 3.12.7: `replies` are what successive looks at `/_api/job/7` find. */
function oldServer(replies: FakeReply[]) {
  let job: Record<string, unknown> | undefined;
  let hasTable = false;
  const fake = fakeShell(({ method, url, body }: SeenRequest) => {
    const path = url.replace("/_db/_system", "");
    if (/^\/_api\/replication\/(sync|make-follower)$/.test(path)) {
      return { status: 202, headers: { "x-arango-async-id": "7" } };
    }
    if (path === "/_api/job/7") return replies.length > 1 ? replies.shift() : replies[0];
    if (path === "/_api/collection/_sync_jobs") return hasTable ? { body: { name: "_sync_jobs" } } : notFound(1203);
    if (path === "/_api/collection" && method === "POST") {
      assert.deepEqual(body, { name: "_sync_jobs", isSystem: true });
      hasTable = true;
      return { body: { error: false, code: 200 } };
    }
    if (path === "/_api/document/_sync_jobs" && method === "POST") {
      job = body as Record<string, unknown>;
      return { status: 201, body: { _key: "7" } };
    }
    if (path === "/_api/document/_sync_jobs/7") {
      if (job === undefined) return notFound(hasTable ? 1202 : 1203);
      if (method === "PATCH") Object.assign(job, body);
      return { body: job };
    }
    if (path.startsWith("/_api/version")) return { body: { version: "3.12.11", details: {} } };
    if (path === "/_api/replication/applier-state") return { body: { state: { progress: { message: "dumping" } } } };
    return undefined;
  });
  return { ...fake, job: () => job };
}

function syncText(config = CONFIG): string {
  return `JSON.stringify(require("@arangodb/replication").syncCollection("test", ${config}))`;
}

Deno.test("syncCollection starts a job, waits for it, and returns its result", () => {
  const { shell, connection, printed } = jobServer([
    { state: "running" },
    { state: "running", documents: { done: 1, total: 2 } },
    { state: "done", result: RESULT },
  ]);
  assert.deepEqual(JSON.parse(shell.run(syncText()) as string), RESULT);
  const [start] = connection.requests;
  assert.equal(start?.headers["x-arango-async"], "store");
  assert.deepEqual(start?.body, {
    endpoint: "tcp://leader.domain.org:8529",
    username: "myuser",
    password: "mypasswd",
    restrictType: "include",
    restrictCollections: ["test"],
    includeSystem: true,
  });
  assert.deepEqual(connection.lines, [
    "PUT /_db/_system/_api/replication/sync",
    ...Array(3).fill("GET /_db/_system/_api/document/_sync_jobs/7"),
  ]);
  assert.equal(printed(), "");
});

Deno.test("a failed job throws its error as an ArangoError of the script's realm", () => {
  const error = { errorNum: 1400, code: 500, errorMessage: "could not connect to leader" };
  const { shell } = jobServer([{ state: "failed", error }]);
  assert.equal(
    shell.run(`try { ${syncText()} } catch (e) { [e instanceof Error, e.code, String(e)].join() }`),
    "true,500,ArangoError 1400: could not connect to leader",
  );
});

Deno.test("async returns the id at once, and getSyncResult tells how the job stands", () => {
  // one look when the job starts, two for each question
  const states = [...Array(3).fill({ state: "running" }), { state: "done", result: RESULT }];
  const { shell, connection } = jobServer(states);
  assert.equal(
    shell.run(
      "var r = require('@arangodb/replication'); var id = r.syncCollection('test', {endpoint: 'tcp://l:1', async: true}); id",
    ),
    "7",
  );
  assert.equal(connection.lines.length, 2);
  assert.equal(shell.run("r.getSyncResult(id)"), false);
  for (let look = 0; look < 2; look++) {
    assert.deepEqual(JSON.parse(shell.run("JSON.stringify(r.getSyncResult(id))") as string), RESULT);
  }
});

Deno.test("getSyncResult: unknown ids are error 404, interrupted jobs say what to do", () => {
  const { shell } = jobServer([{ state: "interrupted", collection: "test" }]);
  const error = (id: string) =>
    shell.run(`try { require("@arangodb/replication").getSyncResult(${id}); "none" } catch (e) { String(e) }`);
  assert.match(String(error("'99'")), /^ArangoError 404: not found/);
  assert.match(String(error("'7'")), /^ArangoError 1412: sync job 7 of collection 'test' was interrupted: .*again/);
  assert.match(String(error("")), /^ArangoError 10: usage: getSyncResult\(<id>\)/);
});

const WRONG_CALLS: [call: string, error: string][] = [
  ["syncCollection('test')", "400: <endpoint> must be a valid endpoint"],
  ["syncCollection('test', {})", "400: <endpoint> must be a valid endpoint"],
  ["syncCollection('test', {endpoint: 5})", "400: <endpoint> must be a valid endpoint"],
  ["syncCollection('test', 'tcp://l:1')", "10: usage: syncCollection(<collection>, <configuration>)"],
  ["syncCollection('test', [])", "10: usage: syncCollection(<collection>, <configuration>)"],
  ["syncCollection('', {endpoint: 'tcp://l:1'})", '1208: illegal name: ""'],
  ["syncCollection('a/b', {endpoint: 'tcp://l:1'})", '1208: illegal name: "a/b"'],
  ["syncCollection(7, {endpoint: 'tcp://l:1'})", "1208: illegal name: 7"],
  ["syncCollection(undefined, {endpoint: 'tcp://l:1'})", "1208: illegal name: undefined"],
  ["sync({endpoint: 'tcp://l:1', restrictType: 'some'})", "1410: invalid value for <restrictType>"],
  [
    "sync({endpoint: 'tcp://l:1', restrictType: 'include'})",
    "1410: invalid value for <restrictCollections> or <restrictType>",
  ],
  [
    "sync({endpoint: 'tcp://l:1', restrictCollections: ['a']})",
    "1410: invalid value for <restrictCollections> or <restrictType>",
  ],
  ["setupReplication({})", "1410: invalid value for <endpoint>"],
];
Deno.test("wrong configurations throw ArangoDB's errors before any request", async (t) => {
  for (const [call, error] of WRONG_CALLS) {
    await t.step(call, () => {
      const { shell, connection } = jobServer([]);
      const text = shell.run(`try { require("@arangodb/replication").${call}; "none" } catch (e) { String(e) }`);
      assert.equal(text, `ArangoError ${error}`);
      assert.deepEqual(connection.lines, []);
    });
  }
});

Deno.test("progress: a line per poll without a terminal, nothing when it is quiet or switched off", () => {
  const running = { state: "running", phase: "copying", updated: "T", documents: { done: 5, total: 10 } };
  const states = () => [...Array(4).fill(running), { state: "done", result: RESULT }];
  const config = "{endpoint: 'tcp://l:1', pollInterval: 0.001}";
  const loud = jobServer(states());
  loud.shell.run(syncText(config));
  assert.match(loud.printed(), /^still synchronizing\.\.\. last received status: T: copying, 5 of 10 documents, /);
  const quiet = jobServer(states(), { quiet: true });
  quiet.shell.run(syncText(config));
  assert.equal(quiet.printed(), "");
  const off = jobServer(states());
  off.shell.run(syncText("{endpoint: 'tcp://l:1', pollInterval: 0.001, progress: false}"));
  assert.equal(off.printed(), "");
});

Deno.test("progress on a terminal is a bar that is taken away at the end", () => {
  const running = { state: "running", phase: "copying", documents: { done: 500, total: 1000 }, bytes: { done: 2500 } };
  let looks = 0;
  const { shell, printed } = fakeShell(({ url }) => {
    if (url.endsWith("/sync")) return { status: 202, headers: { "x-arango-async-id": "7" } };
    // enough looks to be longer than one interval between two pictures
    return { body: ++looks < 12 ? running : { state: "done", result: RESULT } };
  }, { terminal: { columns: 100, rows: 24, isTty: true } });
  shell.run(syncText());
  const text = printed();
  assert.match(text, /\rtest \[############\.{12}\] {1,2}50% {2}copying {2}500 of 1,000 documents {2}2\.5 kB {2}/);
  assert.match(text, /\r +\r$/);
});

Deno.test("a server without job table: the shell keeps it, without the password", () => {
  const { shell, job } = oldServer([{ status: 204 }, { status: 204 }, {
    headers: { "x-arango-async-id": "7" },
    body: RESULT,
  }]);
  assert.deepEqual(JSON.parse(shell.run(syncText()) as string), RESULT);
  assert.equal(JSON.stringify(job()).includes("mypasswd"), false);
  assert.deepEqual(job()?.leader, {
    endpoint: "tcp://leader.domain.org:8529",
    database: "_system",
    username: "myuser",
  });
  assert.equal(job()?.state, "done");
  assert.deepEqual(
    JSON.parse(shell.run("JSON.stringify(require('@arangodb/replication').getSyncResult('7'))") as string),
    RESULT,
  );
});

Deno.test("a server without job table: an asynchronous job is settled by whoever looks first", () => {
  const { shell, job } = oldServer([{ status: 204 }, {
    status: 500,
    headers: { "x-arango-async-id": "7" },
    body: { error: true, code: 500, errorNum: 1402, errorMessage: "got invalid response" },
  }, notFound(404)]);
  assert.equal(
    shell.run(
      "var r = require('@arangodb/replication'); r.syncCollection('test', {endpoint: 'tcp://l:1', async: true})",
    ),
    "7",
  );
  assert.equal(job()?.state, "running");
  assert.equal(shell.run("r.getSyncResult('7')"), false);
  for (let look = 0; look < 2; look++) {
    assert.equal(
      shell.run("try { r.getSyncResult('7') } catch (e) { String(e) }"),
      "ArangoError 1402: got invalid response",
    );
  }
});

Deno.test("a server that cannot follow continuously is named with its version", () => {
  const removed = { error: true, code: 400, errorNum: 400, errorMessage: "invalid command 'make-follower'" };
  const { shell } = oldServer([{ status: 400, headers: { "x-arango-async-id": "7" }, body: removed }]);
  assert.match(
    shell.run(`try { require("@arangodb/replication").setupReplication({ endpoint: "tcp://l:1" }) }
      catch (e) { String(e) }`) as string,
    /^ArangoError 1470: this server \(ArangoDB 3\.12\.11\) cannot follow .* 'make-follower'.* Use sync\(\)/,
  );
});

Deno.test("the applier, the logger and the server's id are plain requests", () => {
  const { shell, connection } = fakeShell(() => ({ body: { error: false, code: 200, serverId: "5", firstTick: "3" } }));
  shell.run(`var r = require("@arangodb/replication");
    r.applier.start(12); r.applier.stop(); r.applier.state(); r.applier.forget(); r.applier.properties({a: 1});
    r.globalApplier.start("7"); r.logger.state(); print(r.logger.firstTick(), r.serverId())`);
  assert.deepEqual(connection.lines.map((line) => line.replace("_api/replication/", "")), [
    "PUT /_db/_system/applier-start?from=12",
    "PUT /_db/_system/applier-stop",
    "GET /_db/_system/applier-state",
    "DELETE /_db/_system/applier-state",
    "PUT /_db/_system/applier-config",
    "PUT /_db/_system/applier-start?global=true&from=7",
    "GET /_db/_system/logger-state",
    "GET /_db/_system/logger-first-tick",
    "GET /_db/_system/server-id",
  ]);
  assert.equal(
    shell.run("[r.compareTicks('9', '10'), r.compareTicks('10', 10), r.compareTicks('11', '10')].join()"),
    "-1,0,1",
  );
});

Deno.test("a job whose process has died does not keep the shell waiting", () => {
  let isDead = false;
  const { shell } = fakeShell(({ method, url }) => {
    if (url.endsWith("/sync")) return { status: 202, headers: { "x-arango-async-id": "7" } };
    // the server notices when it is asked for the job
    if (method === "GET" && url.endsWith("/_api/job/7")) isDead = true;
    return { body: isDead ? { state: "interrupted", collection: "test" } : { state: "running" } };
  });
  assert.throws(() => shell.run(syncText()), /sync job 7 of collection 'test' was interrupted/);
});
