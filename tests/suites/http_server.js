/* The HTTP API of graphs, transactions, users, jobs, batches and of the server itself. Source: the manual's pages about them. */
"use strict";
const jsunity = require("jsunity");
const { db } = require("@arangodb");
const { assertDone, assertRefused, names, send } = require("requests");

const NAME = "SuiteHttpServer";
const [VERTICES, OTHERS, EDGES] = ["V", "W", "E"].map((one) => NAME + one);

function graphSuite() {
  const graph = `/_api/gharial/${NAME}`;
  const definition = { collection: EDGES, from: [VERTICES], to: [OTHERS] };
  return {
    setUp() {
      assertDone(202, "POST", "/_api/gharial", { name: NAME, edgeDefinitions: [definition] });
    },
    tearDown() {
      send("DELETE", `${graph}?dropCollections=true`, "");
      for (const name of [VERTICES, OTHERS, EDGES, `${NAME}X`]) if (db._collection(name)) db._drop(name);
    },

    testDefinitionsOfGraphs() {
      const told = assertDone(200, "GET", graph).graph;
      assertEqual("_id,_key,_rev,edgeDefinitions,name,orphanCollections", names(told));
      assertEqual([[definition], []], [told.edgeDefinitions, told.orphanCollections]);
      assertTrue(assertDone(200, "GET", "/_api/gharial").graphs.some(({ name }) => name === NAME));
      assertEqual([VERTICES, OTHERS].sort(), assertDone(200, "GET", `${graph}/vertex`).collections.sort());
      assertEqual([EDGES], assertDone(200, "GET", `${graph}/edge`).collections);
      assertRefused(409, 1925, "POST", "/_api/gharial", { name: NAME });
      assertRefused(400, 1922, "POST", "/_api/gharial", {});
      for (const edgeDefinitions of [5, [{ collection: "e" }], [{ collection: "e", from: [], to: ["v"] }]]) {
        assertRefused(400, 1923, "POST", "/_api/gharial", { name: `${NAME}X`, edgeDefinitions });
      }
      for (const [method, body] of [["GET"], ["DELETE", ""]]) {
        assertRefused(404, 1924, method, "/_api/gharial/SuiteNothing", body);
      }
    },
    testCollectionsOfAGraph() {
      assertEqual(
        [`${NAME}X`],
        assertDone(202, "POST", `${graph}/vertex`, { collection: `${NAME}X` }).graph.orphanCollections,
      );
      assertRefused(400, 1938, "POST", `${graph}/vertex`, { collection: `${NAME}X` });
      assertDone(202, "DELETE", `${graph}/vertex/${NAME}X?dropCollection=true`, "");
      assertEqual(null, db._collection(`${NAME}X`));
      assertRefused(404, 1926, "DELETE", `${graph}/vertex/SuiteNothing`, "");
      assertRefused(404, 1930, "DELETE", `${graph}/edge/SuiteNothing`, "");
      assertRefused(400, 1920, "POST", `${graph}/edge`, definition);
      const turned = { ...definition, from: [OTHERS], to: [VERTICES] };
      assertEqual([turned], assertDone(202, "PUT", `${graph}/edge/${EDGES}`, turned).graph.edgeDefinitions);
      assertRefused(404, 1930, "PUT", `${graph}/edge/SuiteNothing`, { ...definition, collection: "SuiteNothing" });
      // a definition is not renamed
      assertRefused(404, 1930, "PUT", `${graph}/edge/${EDGES}`, { ...definition, collection: "SuiteNothing" });
    },
    testVerticesAndEdges() {
      const vertex = (collection, _key) =>
        assertDone(202, "POST", `${graph}/vertex/${collection}`, { _key }).vertex._id;
      const [_from, _to] = [vertex(VERTICES, "a"), vertex(OTHERS, "b")];
      const made = assertDone(202, "POST", `${graph}/edge/${EDGES}?returnNew=true`, { _key: "e", _from, _to });
      assertEqual(["code,edge,error,new", "_id,_key,_rev"], [names(made), names(made.edge)]);
      for (
        const [url, attribute] of [[`${graph}/vertex/${VERTICES}/a`, "vertex"], [`${graph}/edge/${EDGES}/e`, "edge"]]
      ) {
        const told = assertDone(200, "GET", url);
        assertEqual(["code", "error", attribute].sort().join(), names(told));
        const { _rev } = told[attribute];
        assertEqual(412, send("GET", url, undefined, { "if-match": "_stale" }).code);
        assertEqual(412, send("GET", `${url}?rev=_stale`).code);
        assertEqual(304, send("GET", url, undefined, { "if-none-match": `"${_rev}"` }).code);
        assertEqual(412, send("PATCH", url, {}, { "if-match": "_stale" }).code);
        const changed = assertDone(202, "PATCH", `${url}?returnOld=true&returnNew=true`, { x: 1 });
        assertEqual([_rev, _rev, 1], [changed[attribute]._oldRev, changed.old._rev, changed.new.x]);
        const last = url.replace(/\w+$/, "nothing");
        for (const [method, body] of [["GET"], ["PUT", { _from, _to }], ["PATCH", {}], ["DELETE", ""]]) {
          assertRefused(404, 1202, method, last, body);
        }
      }
      assertRefused(409, 1210, "POST", `${graph}/vertex/${VERTICES}`, { _key: "a" });
      for (const body of [{ _from }, { _to }, { _from: "a", _to }]) {
        assertEqual(400, send("POST", `${graph}/edge/${EDGES}`, body).code);
      }
      // removing a vertex removes its edges
      assertEqual(
        { error: false, code: 202, removed: true },
        assertDone(202, "DELETE", `${graph}/vertex/${VERTICES}/a`, ""),
      );
      assertRefused(404, 1202, "GET", `${graph}/edge/${EDGES}/e`);
    },
  };
}

function transactionSuite() {
  const url = "/_api/transaction";
  const begin = (collections = { write: NAME }) => assertDone(201, "POST", `${url}/begin`, { collections }).result.id;
  const status = (id) => assertDone(200, "GET", `${url}/${id}`).result.status;
  return {
    setUp() {
      db._create(NAME);
    },
    tearDown() {
      db._drop(NAME);
    },

    testATransactionOverSeveralRequests() {
      for (const [method, end, count] of [["DELETE", "aborted", 0], ["PUT", "committed", 1]]) {
        const id = begin();
        const within = { "x-arango-trx-id": id };
        assertDone(202, "POST", `/_api/document/${NAME}`, { _key: "k" }, within);
        assertRefused(404, 1202, "GET", `/_api/document/${NAME}/k`);
        assertEqual("k", send("GET", `/_api/document/${NAME}/k`, undefined, within).parsedBody._key);
        assertEqual("running", status(id));
        assertTrue(assertDone(200, "GET", url).transactions.some((one) => one.id === id && one.state === "running"));
        assertEqual(
          { code: 200, error: false, result: { id, status: end } },
          assertDone(200, method, `${url}/${id}`, ""),
        );
        assertEqual(end, status(id));
        assertDone(200, method, `${url}/${id}`, "");
        assertEqual(400, send(method === "PUT" ? "DELETE" : "PUT", `${url}/${id}`, "").code);
        assertEqual(count, db[NAME].count());
      }
    },
    testAllThatWriteMayBeAborted() {
      const [writing, reading] = [begin(), begin({ read: NAME })];
      assertDone(200, "DELETE", `${url}/write`, "");
      assertEqual(["aborted", "running"], [status(writing), status(reading)]);
      assertDone(200, "DELETE", `${url}/${reading}`, "");
    },
    testWhatIsNoTransaction() {
      for (const [method, body] of [["GET"], ["PUT", ""], ["DELETE", ""]]) {
        assertRefused(404, 1655, method, `${url}/123`, body);
      }
      assertRefused(404, 1655, "GET", `/_api/document/${NAME}/k`, undefined, { "x-arango-trx-id": "123" });
      assertRefused(400, 10, "GET", `/_api/document/${NAME}/k`, undefined, { "x-arango-trx-id": "x" });
      for (
        const body of [{}, { collections: 5 }, { collections: { write: 5 } }, {
          collections: { write: NAME },
          lockTimeout: -1,
        }]
      ) {
        assertRefused(400, 10, "POST", `${url}/begin`, body);
      }
      assertRefused(404, 1203, "POST", `${url}/begin`, { collections: { write: "SuiteNothing" } });
      for (const body of [{}, { collections: {} }, { action: "function () {}" }, { collections: {}, action: 5 }]) {
        assertRefused(400, 10, "POST", url, body);
      }
    },
    testFunctionsRunInATransaction() {
      const run = (action, params) => ({ collections: { write: NAME }, action: String(action), params });
      assertEqual({ error: false, code: 200, result: [1] }, assertDone(200, "POST", url, run((p) => p, [1])));
      const insertTwice =
        `function () { const { db } = require("internal"); for (const _ of "ab") db.${NAME}.insert({ _key: "k" }); }`;
      assertRefused(409, 1210, "POST", url, run(insertTwice));
      assertEqual(0, db[NAME].count());
      const { errorMessage } = assertRefused(
        500,
        1650,
        "POST",
        url,
        run("function () { throw new Error('doublet'); }"),
      );
      assertTrue(errorMessage.includes("doublet"), errorMessage);
      assertRefused(400, 10, "POST", url, run("these are no words of the language"));
    },
  };
}

function userSuite() {
  const url = "/_api/user";
  const user = `${url}/${NAME}`;
  return {
    tearDown() {
      send("DELETE", user, "");
    },

    testAUserFromItsCreationToItsEnd() {
      const told = (extra, active = true) => ({ user: NAME, active, extra, code: 200, error: false });
      assertEqual({ ...told({}), code: 201 }, assertDone(201, "POST", url, { user: NAME, passwd: "x" }));
      assertRefused(409, 1702, "POST", url, { user: NAME });
      assertEqual(told({}), assertDone(200, "GET", user));
      assertEqual(told({ a: 1 }), assertDone(200, "PATCH", user, { extra: { a: 1 } }));
      assertEqual(told({ a: 1 }, false), assertDone(200, "PATCH", user, { active: false }));
      assertEqual(told({}), assertDone(200, "PUT", user, { passwd: "y" }));
      assertTrue(assertDone(200, "GET", url).result.some((one) => one.user === NAME));
      assertEqual({ error: false, code: 202 }, assertDone(202, "DELETE", user, ""));
      for (const [method, body] of [["GET"], ["PUT", { passwd: "" }], ["PATCH", {}], ["DELETE", ""]]) {
        assertRefused(404, 1703, method, user, body);
      }
    },
    testWhatIsNoUser() {
      for (const body of [{}, { user: "" }, { user: 5 }]) assertRefused(400, 1700, "POST", url, body);
      for (const body of [{ user: NAME, passwd: 5 }, { user: NAME, active: 5 }]) {
        assertRefused(400, 400, "POST", url, body);
      }
      assertRefused(400, 600, "POST", url, "{");
      for (const method of ["PUT", "PATCH", "DELETE"]) assertRefused(400, 400, method, url, {});
    },
    testRights() {
      assertDone(201, "POST", url, { user: NAME });
      const database = `${user}/database/_system`;
      assertEqual({ _system: "ro", code: 200, error: false }, assertDone(200, "PUT", database, { grant: "ro" }));
      assertEqual("ro", assertDone(200, "GET", database).result);
      assertEqual(
        { "_system/_users": "none", code: 200, error: false },
        assertDone(200, "PUT", `${database}/_users`, { grant: "none" }),
      );
      assertEqual({ _system: "ro" }, assertDone(200, "GET", `${user}/database`).result);
      const { permission, collections } = assertDone(200, "GET", `${user}/database?full=true`).result._system;
      assertEqual(["ro", "none"], [permission, collections._users]);
      for (const grant of ["all", undefined]) assertRefused(400, 10, "PUT", database, { grant });
      assertRefused(404, 1228, "PUT", `${user}/database/SuiteNothing`, { grant: "ro" });
      assertRefused(404, 1203, "PUT", `${database}/SuiteNothing`, { grant: "ro" });
      assertEqual({ error: false, code: 202 }, assertDone(202, "DELETE", `${database}/_users`, ""));
      assertEqual({ error: false, code: 202 }, assertDone(202, "DELETE", database, ""));
    },
  };
}

function laterSuite() {
  const store = () => send("GET", "/_api/version", undefined, { "x-arango-async": "store" });
  return {
    testJobs() {
      const { code, body, headers } = send("GET", "/_api/version", undefined, { "x-arango-async": "true" });
      assertEqual([202, undefined, undefined], [code, body, headers["x-arango-async-id"]]);
      assertEqual(200, send("GET", "/_api/version", undefined, { "x-arango-async": "false" }).code);
      const stored = store();
      const id = stored.headers["x-arango-async-id"];
      assertEqual(202, stored.code);
      while (send("GET", `/_api/job/${id}`).code === 204) require("internal").sleep(0.01);
      assertTrue(assertDone(200, "GET", "/_api/job/done").includes(id));
      const answer = send("PUT", `/_api/job/${id}`, "");
      assertEqual([200, id, "arango"], [answer.code, answer.headers["x-arango-async-id"], answer.parsedBody.server]);
      for (
        const [method, path, body] of [["GET", id], ["PUT", id, ""], ["PUT", `${id}/cancel`, ""], ["DELETE", id, ""]]
      ) {
        assertRefused(404, 404, method, `/_api/job/${path}`, body);
      }
      assertEqual({ result: true }, assertDone(200, "DELETE", `/_api/job/${store().headers["x-arango-async-id"]}`, ""));
      store();
      assertEqual({ result: true }, assertDone(200, "DELETE", "/_api/job/all", ""));
      assertEqual([[], []], ["done", "pending"].map((type) => assertDone(200, "GET", `/_api/job/${type}`)));
      assertRefused(400, 400, "DELETE", "/_api/job/expired", "");
      assertRefused(400, 400, "GET", "/_api/job");
      assertRefused(400, 400, "GET", "/_api/job/running");
    },
    testBatches() {
      const part = (id, request) =>
        `--b\r\nContent-Type: application/x-arango-batchpart\r\nContent-Id: ${id}\r\n\r\n${request}\r\n`;
      const type = { "content-type": "multipart/form-data; boundary=b" };
      const parts = `${part("first", "GET /_api/version HTTP/1.1\r\n")}${
        part("second", "GET /_api/nothing HTTP/1.1\r\n")
      }--b--`;
      const { code, headers, body } = send("POST", "/_api/batch", parts, type);
      assertEqual([200, "1", "multipart/form-data"], [code, headers["x-arango-errors"], headers["content-type"]]);
      assertEqual(["200", "404"], String(body).match(/(?<=HTTP\/1\.1 )\d+/g));
      assertTrue(String(body).indexOf("Content-Id: first") < String(body).indexOf("Content-Id: second"));
      for (const wrong of ["", "nothing", "--b\r\n"]) assertRefused(400, 400, "POST", "/_api/batch", wrong, type);
      assertRefused(405, 405, "GET", "/_api/batch");
    },
  };
}

function serverSuite() {
  return {
    testWhatTheServerTellsOfItself() {
      for (
        const [url, attributes] of [
          ["/_api/version", "license,server,version"],
          ["/_api/version?details=true", "details,license,server,version"],
          ["/_api/engine", "endianness,name,supports"],
          ["/_admin/time", "code,error,time"],
          ["/_admin/server/role", "code,error,role"],
          ["/_admin/server/mode", "code,error,mode"],
          ["/_admin/server/availability", "code,error,mode"],
          ["/_admin/log/structured", ""],
          ["/_admin/log/entries", "messages,total"],
          ["/_admin/log", "level,lid,text,timestamp,topic,totalAmount"],
          ["/_admin/statistics", "client,clientUser,code,enabled,error,http,server,system,time"],
          ["/_admin/statistics-description", "code,error,figures,groups"],
          ["/_api/key-generators", "keyGenerators"],
          ["/_admin/wal/transactions", "runningTransactions"],
        ]
      ) {
        assertEqual(attributes, names(assertDone(200, "GET", url)), url);
      }
      const { groups, figures } = assertDone(200, "GET", "/_admin/statistics-description");
      assertTrue(figures.every(({ group }) => groups.some((one) => one.group === group)));
      assertTrue(String(send("GET", "/_admin/metrics/v2").body).includes("# TYPE arangodb_"));
    },
    testLevelsOfTheLog() {
      const { general } = assertDone(200, "GET", "/_admin/log/level");
      assertEqual("DEBUG", assertDone(200, "PUT", "/_admin/log/level", { general: "debug" }).general);
      assertEqual(400, send("PUT", "/_admin/log/level", { general: "loud" }).code);
      assertEqual(400, send("GET", "/_admin/log/entries?upto=loud").code);
      assertEqual(general, assertDone(200, "PUT", "/_admin/log/level", { general }).general);
    },
    testPathsAndMethodsThatThereAreNot() {
      for (
        const url of ["/_api/nothing", "/_admin/nothing", "/nothing", "/_db/_system/nothing", "/_admin/server/nothing"]
      ) {
        for (const [method, body] of [["GET"], ["POST", {}], ["PUT", {}], ["PATCH", {}], ["DELETE", ""]]) {
          const { errorMessage } = assertRefused(404, 404, method, url, body);
          assertEqual(`unknown path '${url.replace("/_db/_system", "")}'`, errorMessage);
        }
        assertEqual(404, send("HEAD", url).code);
      }
      for (
        const [method, url, body] of [["POST", "/_admin/time", {}], ["PATCH", "/_api/database", {}], [
          "GET",
          "/_api/import",
        ]]
      ) {
        assertRefused(405, 405, method, url, body);
      }
    },
    testOtherOriginsAreToldWhatTheyMayDo() {
      const origin = "http://example.org";
      const asked = send("OPTIONS", "/_api/version", undefined, {
        origin,
        "access-control-request-headers": "x-a, x-b",
      });
      assertEqual([200, origin, "x-a, x-b", "false"], [
        asked.code,
        asked.headers["access-control-allow-origin"],
        asked.headers["access-control-allow-headers"],
        asked.headers["access-control-allow-credentials"],
      ]);
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]) {
        assertTrue(asked.headers["access-control-allow-methods"].includes(method), method);
      }
      for (const url of ["/_api/version", "/_api/nothing"]) {
        const { headers } = send("GET", url, undefined, { origin });
        assertEqual([origin, "false"], [
          headers["access-control-allow-origin"],
          headers["access-control-allow-credentials"],
        ]);
        assertEqual("string", typeof headers["access-control-expose-headers"]);
        assertUndefined(send("GET", url).headers["access-control-allow-origin"]);
      }
    },
    testEveryAnswerHasTheseHeaders() {
      for (const url of ["/_api/version", "/_api/nothing"]) {
        const { headers } = send("GET", url);
        assertEqual("nosniff", headers["x-content-type-options"]);
        assertEqual("ArangoDB", headers.server);
        assertTrue(Number(headers["x-arango-queue-time-seconds"]) >= 0);
        assertTrue(headers["cache-control"].includes("no-store"));
      }
    },
    testPathsInEncodings() {
      const echoed = (url) => assertDone(200, "GET", `/_admin/echo/${url}`);
      const { suffix, parameters, requestType, database } = echoed("a/%C3%A4?x=%C3%A4+b&y=a%2Fb");
      assertEqual([2, "GET", "_system"], [suffix.length, requestType, database]);
      assertEqual({ x: "ä b", y: "a/b" }, parameters);
      // what is encoded twice is decoded once
      db._create(NAME);
      try {
        db[NAME].insert({ _key: "%20" });
        assertEqual("%20", assertDone(200, "GET", `/_api/document/${NAME}/%2520`)._key);
        assertRefused(404, 1202, "GET", `/_api/document/${NAME}/%20`);
      } finally {
        db._drop(NAME);
      }
    },
  };
}

for (const suite of [graphSuite, transactionSuite, userSuite, laterSuite, serverSuite]) jsunity.run(suite);
return jsunity.done();
