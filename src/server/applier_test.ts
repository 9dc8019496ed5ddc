import { deepStrictEqual as deepEqual, match, strictEqual as equal } from "node:assert/strict";
import { TestServer } from "./testing.ts";

Deno.test("an applier's configuration is what was given to it and the defaults, without secrets", () => {
  using test = new TestServer();
  const path = "/_api/replication/applier-config";
  const before = test.send("GET", path);
  equal(before.status, 200);
  deepEqual(Object.keys(before.body).slice(0, 2), ["requestTimeout", "connectTimeout"]);
  deepEqual([before.body.maxPacketSize, before.body.restrictType, before.body.idleMaxWaitTime], [536870912, "", 2.5]);
  const given = {
    endpoint: "tcp://leader:8529",
    username: "u",
    password: "geheim",
    idleMinWaitTime: 0.5,
    idleMaxWaitTime: 0,
    chunkSize: "large",
    restrictType: "include",
    restrictCollections: ["b", "a", "b"],
    unknown: 1,
  };
  const changed = test.send("PUT", path, given);
  equal(changed.status, 200);
  deepEqual(changed.body, {
    ...before.body,
    endpoint: "tcp://leader:8529",
    database: "_system",
    username: "u",
    idleMinWaitTime: 0.5,
    restrictType: "include",
    restrictCollections: ["a", "b"],
  });
  deepEqual(test.send("PUT", path, { verbose: true }).body, { ...changed.body, verbose: true });
  deepEqual(test.send("GET", "/_db/_system/_api/replication/applier-config?global=true").body, before.body);
  test.send("DELETE", "/_api/replication/applier-state");
  deepEqual(test.send("GET", path).body, before.body);
});

Deno.test("an applier is configured only in ways that make sense, and says that it cannot start", () => {
  using test = new TestServer();
  const fails = (method: string, command: string, body: object | undefined, code: number, num: number): string => {
    const answer = test.send(method, `/_api/replication/${command}`, body);
    deepEqual([answer.status, answer.body.errorNum], [code, num], answer.text);
    return answer.body.errorMessage;
  };
  match(fails("PUT", "applier-config", {}, 400, 1410), /invalid value for <endpoint>/);
  match(fails("PUT", "applier-start", undefined, 400, 1410), /no endpoint configured/);
  match(
    fails("PUT", "applier-config", { endpoint: "tcp://l:1", restrictType: "include" }, 400, 1410),
    /<restrictCollections> or <restrictType>/,
  );
  equal(test.send("PUT", "/_api/replication/applier-config", { endpoint: "tcp://l:1" }).status, 200);
  match(fails("PUT", "applier-start", undefined, 501, 9), /tcp:\/\/l:1.*'incremental: true'/);
  match(fails("PUT", "make-follower", { endpoint: "tcp://l:2" }, 501, 9), /tcp:\/\/l:2/);
});

Deno.test("an applier's state tells of a database's applier, or of all in _system", () => {
  using test = new TestServer();
  test.send("POST", "/_api/database", { name: "d" });
  const first = test.send("GET", "/_db/d/_api/replication/applier-state").body;
  deepEqual([first.state.running, first.state.phase, first.state.lastError], [false, "inactive", { errorNum: 0 }]);
  equal(first.state.progress.message, "applier initially created for database 'd'");
  deepEqual([first.endpoint, first.database], ["", "d"]);
  equal(first.server.serverId, test.engine.serverId);
  const stopped = test.send("PUT", "/_db/d/_api/replication/applier-stop");
  equal(stopped.status, 200);
  equal(stopped.body.state.progress.message, "applier shut down");
  const all = test.send("GET", "/_api/replication/applier-state-all");
  deepEqual(Object.keys(all.body).sort(), ["_system", "d"]);
  equal(test.send("GET", "/_db/d/_api/replication/applier-state-all").status, 403);
  equal(test.send("GET", "/_db/d/_api/replication/applier-state?global=true").status, 403);
});
