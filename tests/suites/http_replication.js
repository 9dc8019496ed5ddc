/* What a follower asks a leader, and access tokens. Source: the manual's pages about the HTTP API of replication and of tokens. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { assertDone, assertRefused, names, send } = require("requests");

const NAME = "SuiteHttpReplication";
const USER = "SuiteHttpTokens";

function replicationSuite() {
  let batch;
  return {
    setUp() {
      db._create(NAME).insert([{ _key: "a" }, { _key: "b" }]);
      batch = assertDone(200, "POST", "/_api/replication/batch", { ttl: 60 }).id;
    },
    tearDown() {
      send("DELETE", `/_api/replication/batch/${batch}`, "");
      db._drop(NAME);
    },

    testTheInventoryOfABatch() {
      const { collections, state, tick } = assertDone(200, "GET", `/_api/replication/inventory?batchId=${batch}`);
      const { parameters, indexes } = collections.find(({ parameters }) => parameters.name === NAME);
      assertEqual([2, false, []], [parameters.type, parameters.isSystem, indexes]);
      assertTrue(state.running);
      assertMatch(/^\d+$/, tick);
    },
    testTheDumpOfABatchIsItsState() {
      db[NAME].insert({ _key: "later" });
      const { code, body } = send("GET", `/_api/replication/dump?collection=${NAME}&batchId=${batch}`);
      assertEqual(200, code);
      const lines = String(body).trim().split("\n").map((line) => JSON.parse(line));
      assertEqual(["a", "b"], lines.map((line) => (line.data || line)._key).sort());
    },
    testBatchesEnd() {
      const url = `/_api/replication/batch/${batch}`;
      assertEqual(204, send("PUT", url, { ttl: 60 }).code);
      assertEqual(204, send("DELETE", url, "").code);
      assertRefused(404, 1600, "DELETE", url, "");
    },
    testTheLog() {
      const { state, server } = assertDone(200, "GET", "/_api/replication/logger-state");
      assertEqual("lastLogTick,lastUncommittedLogTick,running,time,totalEvents", names(state));
      assertEqual(server.serverId, assertDone(200, "GET", "/_api/replication/server-id").serverId);
      assertTrue(Number(assertDone(200, "GET", "/_api/wal/lastTick").tick) >= Number(state.lastLogTick));
    },
  };
}

function tokenSuite() {
  const tokens = `/_api/token/${USER}`;
  return {
    setUp() {
      assertDone(201, "POST", "/_api/user", { user: USER, passwd: "secret" });
    },
    tearDown() {
      send("DELETE", `/_api/user/${USER}`, "");
    },

    testTokensAreMadeListedAndTakenBack() {
      const made = assertDone(200, "POST", tokens, { name: "ci", valid_until: 4102444800 });
      const { token, ...shown } = made;
      assertEqual("active,created_at,fingerprint,id,name,valid_until", names(shown));
      assertEqual(["ci", 4102444800, true], [made.name, made.valid_until, made.active]);
      assertMatch(/^v1\./, token);
      assertEqual([shown], assertDone(200, "GET", tokens).tokens);
      assertEqual(409, send("POST", tokens, { name: "ci", valid_until: 4102444800 }).code);
      assertDone(200, "DELETE", `${tokens}/${made.id}`, "");
      assertEqual([], assertDone(200, "GET", tokens).tokens);
    },
    testTokensOfNobody() {
      for (const [method, body] of [["GET"], ["POST", { name: "ci", valid_until: 4102444800 }]]) {
        assertRefused(404, 1703, method, "/_api/token/SuiteNobody", body);
      }
    },
  };
}

jsunity.run(replicationSuite);
jsunity.run(tokenSuite);
return jsunity.done();
