import { deepStrictEqual as deepEqual, match, ok, strictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { ROUTES } from "./routes/mod.ts";
import { TestServer } from "./testing.ts";

Deno.test("answers have ArangoDB's shape: attributes in order, standard headers, error bodies", () => {
  using test = new TestServer();
  const created = test.send("POST", "/_api/collection", { name: "c" });
  equal(created.status, 200);
  deepEqual(Object.keys(created.body).slice(0, 4), ["error", "code", "writeConcern", "waitForSync"]);
  deepEqual(created.body.keyOptions, { allowUserKeys: true, type: "traditional", lastValue: 0 });
  equal(created.headers["x-arango-queue-time-seconds"], "0.000000");
  equal(created.headers["x-content-type-options"], "nosniff");
  const cases: [string, string, unknown, number, number, string][] = [
    ["GET", "/_api/nope", undefined, 404, 404, "unknown path '/_api/nope'"],
    ["PATCH", "/_api/database", {}, 405, 405, "method not supported"],
    ["GET", "/_db/nope/_api/collection", undefined, 404, 1228, "database not found"],
    ["GET", "/_api/collection/nope", undefined, 404, 1203, "collection or view not found"],
    ["POST", "/_api/document/nope", {}, 404, 1203, "collection or view not found: nope"],
    ["GET", "/_api/document/c/x", undefined, 404, 1202, "document not found"],
    ["POST", "/_api/collection", "{", 400, 600, ""],
    ["POST", "/_api/collection", [], 400, 1208, "illegal name"],
    ["POST", "/_api/document", {}, 400, 1204, ""],
    ["POST", "/_api/document/c", '{"a":1,"a":2}', 400, 600, "VPackError error: Duplicate attribute name"],
    ["DELETE", "/_api/document/c", "1", 400, 400, "Request body not parseable"],
    ["GET", "/_api/edges", undefined, 400, 400, ""],
    ["POST", "/_api/edges/c/x", [], 400, 400, ""],
    ["GET", "/_api/index", undefined, 404, 1203, "collection or view not found"],
    ["POST", "/_api/index/c", {}, 400, 400, "expecting POST /_api/index?collection=<collection-name>"],
    ["GET", "/_api/index/c/0/x", undefined, 400, 400, ""],
    ["DELETE", "/_api/collection/c/x", undefined, 400, 400, ""],
    ["POST", "/_api/import/x?collection=c", [], 400, 601, ""],
    ["GET", "/_api/database/nope", undefined, 400, 400, "bad parameter"],
    ["DELETE", "/_api/database", undefined, 400, 400, "bad parameter"],
    ["PUT", "/_api/job/1/nope", "", 400, 400, "bad parameter"],
    ["DELETE", "/_api/tasks", undefined, 400, 601, ""],
    ["DELETE", "/_api/aqlfunction", undefined, 400, 601, ""],
    ["POST", "/_api/collection", { name: "c" }, 409, 1207, "duplicate name: c"],
    ["POST", "/_api/collection", { name: "1" }, 400, 1208, ""],
    [
      "POST",
      "/_api/collection",
      { name: "n\u0303" },
      400,
      1208,
      "collection name is not properly UTF-8 NFC-normalized",
    ],
    [
      "POST",
      "/_api/database",
      { name: "n\u0303" },
      400,
      1208,
      "database name is not properly UTF-8 NFC-normalized",
    ],
    [
      "GET",
      "/_api/cluster/endpoints",
      undefined,
      501,
      9,
      "not implemented: denosh has no clusters (GET /_api/cluster/endpoints)",
    ],
    ["GET", "/_api/document/%ff/x", undefined, 400, 400, ""],
    ["GET", "/_api/collection/c/shards", undefined, 501, 1471, ""],
    ["POST", "/_api/foxx", {}, 501, 9, "not implemented: denosh has no Foxx services (POST /_api/foxx)"],
    ["POST", "/_db/_system/_api/database", { name: "a/b" }, 400, 1208, ""],
    ["DELETE", "/_api/collection/_users", undefined, 403, 11, "forbidden"],
    ["GET", "/_api/document/c/x?", undefined, 404, 1202, ""],
    ["TRACE", "/_api/version", undefined, 405, 405, ""],
    ["GET", "/_api/document", undefined, 400, 400, "expecting GET /_api/document/<collection>/<key>"],
    ["GET", "/_api/document/c/k/x", undefined, 404, 601, ""],
    ["POST", "/_api/document/c/k", {}, 400, 601, ""],
    ["DELETE", "/_api/document", undefined, 400, 400, ""],
    ["PUT", "/_api/collection/c", {}, 400, 400, ""],
    ["PUT", "/_api/collection/c/nope", {}, 404, 404, ""],
    ["GET", "/_api/collection/c/nope", undefined, 404, 404, ""],
    ["GET", "/_api/collection/c/count/more", undefined, 400, 400, ""],
    ["POST", "/_api/collection", { name: "t", type: 9 }, 400, 1218, ""],
    ["POST", "/_api/collection", { name: "t", keyOptions: { increment: 2 } }, 400, 1232, ""],
    ["POST", "/_api/collection", { name: "t", keyOptions: { type: "padded", offset: 2 } }, 400, 1232, ""],
    ["POST", "/_api/collection", { name: "t", keyOptions: { type: "uuid", lastValue: 2 } }, 400, 1232, ""],
    ["DELETE", "/_api/index/c", undefined, 400, 400, ""],
    ["DELETE", "/_api/user/root", undefined, 403, 11, ""],
    ["PUT", "/_api/job", "", 400, 400, "bad parameter"],
    ["PUT", "/_api/job/x", "", 404, 404, "not found"],
  ];
  for (const [method, url, body, status, errorNum, message] of cases) {
    const answer = test.send(method, url, body);
    equal(answer.status, status, `${method} ${url}`);
    deepEqual(Object.keys(answer.body), ["code", "error", "errorMessage", "errorNum"], `${method} ${url}`);
    equal(answer.body.errorNum, errorNum, `${method} ${url}`);
    if (message !== "") equal(answer.body.errorMessage, message);
  }
});

Deno.test("every database has its system collections, and databases do not see each other", () => {
  using test = new TestServer();
  equal(test.send("POST", "/_api/database", { name: "møller" }).status, 201);
  const url = `/_db/${encodeURIComponent("møller")}`;
  const names = (prefix: string): string[] =>
    test.send("GET", `${prefix}/_api/collection`).body.result.map((one: { name: string }) => one.name);
  equal(test.send("POST", `${url}/_api/collection`, { name: "own" }).status, 200);
  deepEqual(names(url), [
    "_analyzers",
    "_appbundles",
    "_apps",
    "_aqlfunctions",
    "_frontend",
    "_graphs",
    "_jobs",
    "_queues",
    "own",
  ]);
  ok(names("").includes("_users") && !names("").includes("own"));
  equal(test.send("GET", `${url}/_api/database/current`).body.result.name, "møller");
  equal(test.send("GET", `${url}/_api/database`).body.errorNum, 1230);
  equal(test.send("DELETE", `/_api/database/${encodeURIComponent("møller")}`).status, 200);
  equal(test.send("GET", `${url}/_api/database/current`).status, 404);
});

Deno.test("collections: properties, counts, figures, checksums, revisions, truncate, rename, drop", () => {
  using test = new TestServer();
  const { id } = test.send("POST", "/_api/collection", { name: "c", waitForSync: true, type: 3 }).body;
  equal(test.send("GET", `/_api/collection/${id}`).body.name, "c");
  equal(test.send("GET", "/_api/collection/c/properties").body.waitForSync, true);
  equal(test.send("PUT", "/_api/collection/c/properties", { waitForSync: false }).body.waitForSync, false);
  equal(test.send("POST", "/_api/collection/whatever", { name: "named" }).body.name, "named");
  equal(test.send("GET", "/_api/collection/c/revision").body.revision, "54");
  equal(test.send("POST", "/_api/document/c", { _from: "a/1", _to: "a/2" }).status, 202);
  const counted = test.send("GET", "/_api/collection/c/count");
  equal(counted.body.count, 1);
  equal(counted.headers.location, "/_db/_system/_api/collection/c/count");
  deepEqual(test.send("GET", "/_api/collection/c/figures?details=true").body.figures.engine, {
    documents: 1,
    indexes: [{ type: "primary", id: 0, count: 1 }, { type: "edge", id: 1, count: 1 }, {
      type: "edge",
      id: 2,
      count: 1,
    }],
  });
  match(test.send("GET", "/_api/collection/c/checksum?withRevisions=true").body.checksum, /^\d+$/);
  equal(test.send("PUT", "/_api/collection/c/load", {}).body.count, 1);
  equal(test.send("PUT", "/_api/collection/c/truncate").body.name, "c");
  equal(test.send("GET", "/_api/collection/c/count").body.count, 0);
  const renamed = test.send("PUT", "/_api/collection/c/rename", { name: "d" });
  deepEqual([renamed.body.name, renamed.headers.location], ["d", "/_db/_system/_api/collection/c/rename"]);
  equal(test.send("GET", "/_api/collection/c").status, 404);
  equal(test.send("PUT", "/_api/collection/d/recalculateCount").body.result, true);
  equal(test.send("DELETE", "/_api/collection/d").body.id, id);
  for (const name of ["compact", "unload", "loadIndexesIntoMemory"]) {
    equal(test.send("PUT", `/_api/collection/_graphs/${name}`).status, 200, name);
  }
});

Deno.test("what cannot be let go of is told in the log, and neither keeps the rest nor a client's request from its end", () => {
  using test = new TestServer();
  let released = 0;
  const expire = (): never => {
    throw new Error("disk on fire");
  };
  test.server.part(() => ({ expire }));
  test.server.part(() => ({ expire: () => released++ }));
  equal(test.send("GET", "/_api/version").status, 200);
  equal(released, 1);
  match(test.send("GET", "/_admin/log/entries?search=fire").body.messages[0].message, /periodic work: .*disk on fire/);
});

Deno.test("indexes: create, list, look at, drop", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c", type: 3 });
  const made = test.send("POST", "/_api/index?collection=c", { type: "hash", fields: ["a", "b.c"], sparse: true });
  equal(made.status, 201);
  const { id, name } = made.body;
  deepEqual(made.body, {
    cacheEnabled: false,
    deduplicate: true,
    estimates: true,
    fields: ["a", "b.c"],
    id,
    isNewlyCreated: true,
    name,
    selectivityEstimate: 1,
    sparse: true,
    type: "hash",
    unique: false,
    error: false,
    code: 201,
  });
  for (const [type, status] of [["hash", 200], ["persistent", 201]]) {
    equal(test.send("POST", "/_api/index?collection=c", { type, fields: ["a", "b.c"], sparse: true }).status, status);
  }
  const listed = test.send("GET", "/_api/index?collection=c").body;
  deepEqual(listed.indexes.map((one: { type: string }) => one.type), ["primary", "edge", "hash", "persistent"]);
  deepEqual(Object.keys(listed.identifiers).slice(0, 3), ["c/0", "c/2", id]);
  equal(test.send("GET", `/_api/index/${id}`).body.name, name);
  equal(test.send("GET", "/_api/index/c/0").body.type, "primary");
  equal(test.send("GET", "/_api/index/c/999").body.errorNum, 1212);
  equal(test.send("DELETE", "/_api/index/c/0").status, 403);
  deepEqual(test.send("DELETE", `/_api/index/c/${name}`).body, { id, error: false, code: 200 });
  equal(test.send("DELETE", `/_api/index/${id}`).status, 404);
  equal(test.send("POST", "/_api/index?collection=c", { type: "inverted", fields: ["a"] }).status, 501);
});

Deno.test("an asynchronous request is answered later, once, and only to its user", () => {
  using test = new TestServer();
  const started = test.send("PUT", "/_api/version", "", { "x-arango-async": "store" });
  equal(started.status, 202);
  const id = started.headers["x-arango-async-id"]!;
  deepEqual(test.send("GET", "/_api/job/pending").body, [id]);
  equal(test.send("GET", "/_admin/time").status, 200);
  deepEqual(test.send("GET", "/_api/job/pending").body, []);
  deepEqual(test.send("GET", "/_admin/job/done").body, [id]);
  equal(test.send("GET", `/_api/job/${id}`).status, 200);
  const fetched = test.send("PUT", `/_api/job/${id}`);
  equal(fetched.status, 200);
  equal(fetched.headers["x-arango-async-id"], id);
  equal(fetched.body.server, "arango");
  equal(test.send("PUT", `/_api/job/${id}`).status, 404);
  const failing = test.send("GET", "/_api/collection/nope", undefined, { "x-arango-async": "store" });
  equal(test.send("PUT", `/_api/job/${failing.headers["x-arango-async-id"]}`).body.errorNum, 1203);
  const forgotten = test.send("POST", "/_api/collection", { name: "later" }, { "x-arango-async": "true" });
  equal(forgotten.status, 202);
  equal(forgotten.headers["x-arango-async-id"], undefined);
  equal(test.send("GET", "/_api/collection/later").status, 200);
  test.send("POST", "/_api/collection", { name: "kept" }, { "x-arango-async": "store" });
  deepEqual(test.send("DELETE", "/_api/job/all").body, { result: true });
  equal(test.send("GET", "/_api/collection/kept").status, 200, "the result is forgotten, the work is done");
  test.send("PUT", "/_api/version", "", { "x-arango-async": "store" });
  // ends although nothing but lists is asked for
  while (test.send("GET", "/_api/job/pending").body.length > 0);
  equal(test.send("GET", "/_api/job/done").body.length, 1);
  equal(test.send("DELETE", "/_api/job/expired").status, 400);
});

Deno.test("a transaction's function that is run later is pending for whoever asks at once", () => {
  using test = new TestServer({ runAction: () => "1" });
  const action = { collections: {}, action: "function () { return 1; }" };
  const id = test.send("POST", "/_api/transaction", action, { "x-arango-async": "store" }).headers["x-arango-async-id"];
  deepEqual(test.send("GET", "/_api/job/done").body, []);
  deepEqual(test.send("GET", "/_api/job/pending").body, [id]);
  deepEqual([test.send("GET", `/_api/job/${id}`).status, test.send("PUT", `/_api/job/${id}`).status], [204, 204]);
  while (test.send("GET", `/_api/job/${id}`).status === 204);
  equal(test.send("PUT", `/_api/job/${id}`).body.result, 1);
  const quick = test.send("GET", "/_api/version", undefined, { "x-arango-async": "store" });
  deepEqual(test.send("GET", "/_api/job/done").body, [quick.headers["x-arango-async-id"]]);
});

Deno.test("a server in read-only mode refuses every change, and reads on", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/document/c", { _key: "k" });
  equal(test.send("PUT", "/_admin/server/mode", { mode: "odd" }).status, 400);
  deepEqual(test.send("PUT", "/_admin/server/mode", { mode: "readonly" }).body.mode, "readonly");
  equal(test.send("GET", "/_admin/status").body.serverInfo.readOnly, true);
  const changes: [string, string, unknown?][] = [
    ["POST", "/_api/collection", { name: "d" }],
    ["DELETE", "/_api/collection/c"],
    ["PUT", "/_api/collection/c/truncate"],
    ["POST", "/_api/document/c", {}],
    ["PATCH", "/_api/document/c/k", {}],
    ["DELETE", "/_api/document/c/k"],
    ["POST", "/_api/import?collection=c&type=list", [{}]],
    ["PUT", "/_api/simple/remove-by-keys", { collection: "c", keys: ["k"] }],
    ["POST", "/_api/cursor", { query: "FOR d IN c REMOVE d IN c" }],
    ["POST", "/_api/index?collection=c", { type: "persistent", fields: ["a"] }],
    ["POST", "/_api/gharial", { name: "g" }],
    ["POST", "/_api/database", { name: "d" }],
    ["POST", "/_api/user", { user: "u" }],
    ["POST", "/_api/aqlfunction", { name: "a::b", code: "() => 1" }],
    ["POST", "/_api/transaction/begin", { collections: { write: "c" } }],
  ];
  for (const [method, url, body] of changes) {
    const answer = test.send(method, url, body);
    deepEqual([answer.status, answer.body.errorNum], [403, 1004], `${method} ${url}`);
  }
  equal(test.send("GET", "/_admin/server/availability").status, 503);
  equal(test.send("GET", "/_api/document/c/k").status, 200);
  deepEqual(test.send("POST", "/_api/cursor", { query: "FOR d IN c RETURN d._key" }).body.result, ["k"]);
  equal(test.send("PUT", "/_admin/server/mode", { mode: "default" }).body.mode, "default");
  equal(test.send("DELETE", "/_api/collection/c").status, 200);
});

Deno.test("administration endpoints answer", () => {
  using test = new TestServer({ endpoints: () => ["http://127.0.0.1:8529"] });
  equal(test.send("GET", "/_api/version?details=true").body.details.role, "SINGLE");
  equal(test.send("GET", "/_api/engine").body.name, "rocksdb");
  equal(test.send("GET", "/_admin/server/role").body.role, "SINGLE");
  equal(test.send("GET", "/_admin/server/mode").body.mode, "default");
  equal(test.send("GET", "/_admin/server/availability").status, 200);
  equal(test.send("GET", "/_admin/status").body.serverInfo.readOnly, false);
  deepEqual(test.send("GET", "/_api/endpoint").body, [{ endpoint: "http://127.0.0.1:8529" }]);
  const echo = test.send("POST", "/_admin/echo/a/b?x=1", "text", { authorization: "Basic c2VjcmV0" });
  deepEqual([echo.body.requestBody, echo.body.parameters.x, echo.body.suffix], ["text", "1", ["a", "b"]]);
  equal(echo.body.headers.authorization, "Basic c2VjcmV0");
  equal(test.send("DELETE", "/_admin/shutdown").status, 501);
});

Deno.test("whatever is asked, the server answers, and with none but documented 5xx", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/collection", { name: "e", type: 3 });
  const part = fc.oneof(
    fc.constantFrom("c", "e", "_users", "_system", "root", "0", "*", "k", "%2F", "%", "..", ""),
    fc.string({ maxLength: 8 }),
  );
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];
  const target = fc.tuple(
    fc.constantFrom(...ROUTES.filter(({ access, method }) => access !== "open" && method !== "*"), ...ROUTES),
    fc.array(part, { minLength: 4, maxLength: 4 }),
    fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...methods) }),
  ).map(([route, parts, other]) => ({
    method: other ?? (route.method === "*" ? "GET" : route.method),
    path: route.path.replace(/[:*]\w+/g, () => parts.pop() ?? ""),
  }));
  const query = fc.oneof(
    fc.constant(""),
    fc.array(
      fc.tuple(
        fc.constantFrom(
          "collection",
          "silent",
          "returnNew",
          "onlyget",
          "count",
          "stamp",
          "overwriteMode",
          "vertex",
          "type",
          "batchId",
          "x",
        ),
        fc.oneof(fc.constantFrom("c", "e", "true", "-1", "1e99", "update"), fc.string({ maxLength: 5 })),
      ),
      { maxLength: 3 },
    ).map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`),
  );
  const body = fc.oneof(
    fc.constant(""),
    fc.json(),
    fc.string(),
    fc.uint8Array({ maxLength: 20 }),
    fc.record({
      name: fc.oneof(fc.string(), fc.constantFrom("c", "n")),
      type: fc.oneof(fc.string(), fc.constantFrom(2, 3, "persistent")),
      fields: fc.array(fc.string()),
      _key: fc.string(),
    }, { requiredKeys: [] }),
    fc.record({
      query: fc.oneof(
        fc.string(),
        fc.constantFrom(
          "RETURN 1",
          "FOR d IN c RETURN d",
          "FOR d IN @@c REMOVE d IN c",
          "INSERT @d INTO e",
          "RETURN @d.x",
        ),
      ),
      bindVars: fc.oneof(fc.json(), fc.record({ d: fc.jsonValue(), "@c": fc.constantFrom("c", "e", "_graphs") })),
      options: fc.constantFrom(undefined, {}, { stream: true }, { profile: 2, fullCount: true }, 7),
      collections: fc.constantFrom(undefined, { write: ["c"] }, { exclusive: "e" }),
      name: fc.string(),
      code: fc.constantFrom("() => 1", "{"),
      edgeDefinitions: fc.constantFrom(undefined, [], [{ collection: "e", from: ["c"], to: ["c"] }]),
    }, { requiredKeys: ["query"] }),
    fc.array(
      fc.oneof(
        fc.string(),
        fc.record({ _key: fc.string(), _from: fc.string(), _rev: fc.string() }, { requiredKeys: [] }),
      ),
    ),
  );
  const headers = fc.constantFrom({}, { "if-match": "x" }, { "x-arango-async": "store" }, { "x-arango-trx-id": "1" }, {
    "content-type": "application/x-velocypack",
  });
  fc.assert(
    fc.property(target, query, body, headers, ({ method, path }, query, body, headers) => {
      const answer = test.send(method, path + query, body, headers);
      const documented = [501, 503].includes(answer.status) || path.startsWith("/_admin/server/id") ||
        path.startsWith("/_api/replication/revisions/tree");
      ok(answer.status < 500 || documented, `${answer.status} ${answer.text}`);
      if (answer.status >= 400 && method !== "HEAD" && answer.text !== "") equal(answer.body.code, answer.status);
    }),
    { numRuns: 1500 },
  );
});
