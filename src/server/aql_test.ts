import { deepEqual, equal, ok } from "node:assert/strict";
import { basic, TestServer } from "./testing.ts";

function filled(count = 5): TestServer {
  const test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/collection", { name: "e", type: 3 });
  const documents = Array.from({ length: count }, (_, n) => ({ _key: `k${n}`, n, even: n % 2 === 0 }));
  test.send("POST", "/_api/document/c", documents);
  return test;
}

const query = (test: TestServer, text: string, more: object = {}) =>
  test.send("POST", "/_api/cursor", { query: text, ...more });

Deno.test("a query answers with a cursor as ArangoDB's", () => {
  using test = filled();
  const first = query(test, "FOR d IN c RETURN d.n", { batchSize: 2, count: true });
  equal(first.status, 201);
  deepEqual(Object.keys(first.body), [
    "result",
    "hasMore",
    "id",
    "count",
    "extra",
    "cached",
    "nextBatchId",
    "error",
    "code",
  ]);
  deepEqual([first.body.result, first.body.count, first.body.extra.stats.scannedFull], [[0, 1], 5, 5]);
  const { id } = first.body;
  deepEqual(test.send("POST", `/_api/cursor/${id}`).body.result, [2, 3]);
  const last = test.send("PUT", `/_api/cursor/${id}`).body;
  deepEqual([last.result, last.hasMore, last.code], [[4], false, 200]);
  equal(test.send("DELETE", `/_api/cursor/${id}`).status, 404);
  const again = query(test, "FOR d IN c RETURN d.n", { batchSize: 2 }).body;
  deepEqual(test.send("DELETE", `/_api/cursor/${again.id}`).body, { error: false, code: 202, id: again.id });
  equal(test.send("PUT", "/_api/cursor").body.errorMessage, "expecting POST /_api/cursor/<cursor-id>");
});

Deno.test("queries that cannot be run answer with the number of the reason", () => {
  using test = filled();
  const cases: [string, object, number, number][] = [
    ["", {}, 400, 1502],
    ["RETURN", {}, 400, 1501],
    ["FOR u IN unknowncoll RETURN u", {}, 404, 1203],
    ["RETURN @x", {}, 400, 1551],
    ["RETURN 1", { bindVars: { x: 1 } }, 400, 1552],
    ["RETURN my::f()", {}, 404, 1582],
    ["REMOVE 'foo' IN c", {}, 404, 1202],
    ["RETURN 1", { batchSize: 0 }, 400, 17],
    ["RETURN 1", { stream: true, count: true }, 400, 10],
    ["RETURN 1", { options: 7 }, 400, 10],
  ];
  for (const [text, more, status, errorNum] of cases) {
    const answer = query(test, text, more);
    deepEqual([answer.status, answer.body.errorNum], [status, errorNum], text);
  }
  equal(query(test, "FOR u IN nope RETURN u").body.errorMessage, "collection or view not found: nope");
  for (const body of ["", "[]", "null", "{}", `{"query":7}`]) {
    equal(test.send("POST", "/_api/cursor", body).body.errorNum, 1502, body);
  }
  const { errorNum, errorMessage } = test.send("POST", "/_api/cursor", "{ query: 1 }").body;
  deepEqual([errorNum, errorMessage], [600, `VPackError error: Expecting '"' or '}'`]);
  equal(test.send("POST", "/_api/explain", { query: "RETURN @id" }).body.errorNum, 1551);
});

Deno.test("numbers beyond 2^53 come and go whole", () => {
  using test = new TestServer();
  const answer = test.send("POST", "/_api/cursor", `{"query":"RETURN @x","bindVars":{"x":[9007199254740993]}}`);
  ok(answer.text.startsWith(`{"result":[[9007199254740993]]`), answer.text);
});

Deno.test("queries write: all or nothing", () => {
  using test = filled();
  deepEqual(query(test, "FOR d IN c FILTER d.even UPDATE d WITH {x: d.n} IN c RETURN NEW.x").body.result, [0, 2, 4]);
  equal(query(test, "FOR i IN 7..9 INSERT {_key: CONCAT('k', i % 9)} INTO c").body.errorNum, 1210);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 5);
  deepEqual(query(test, "INSERT {_key: 'k0'} INTO c OPTIONS {overwriteMode: 'ignore'} RETURN NEW").body.result, [null]);
  equal(query(test, "FOR d IN c REMOVE d IN c").body.extra.stats.writesExecuted, 5);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 0);
});

Deno.test("indexes give what a scan gives", () => {
  using test = filled(2500);
  const edges = Array.from({ length: 1500 }, (_, i) => ({ _from: `c/k${i % 3}`, _to: "c/k1" }));
  test.send("POST", "/_api/document/e", edges);
  const texts = [
    "FOR d IN c FILTER d.even == true RETURN d._key",
    "FOR d IN c FILTER d.n == 77 RETURN d._key",
    "FOR d IN c FILTER d.n IN [5, 3, 5000] RETURN d._key",
    "FOR d IN c FILTER d._key IN ['k1', 'nope'] RETURN d._key",
    "FOR d IN c FILTER d._id == 'c/k9' RETURN d._key",
    "FOR d IN c FILTER d.even == false AND d.n == 7 RETURN d._key",
    "FOR x IN e FILTER x._from == 'c/k2' RETURN x._key",
    "FOR x IN e FILTER x._to IN ['c/k1', 'c/k5'] RETURN x._key",
  ];
  const run = (): string[][] => texts.map((text) => query(test, text, { batchSize: 5000 }).body.result.toSorted());
  const before = run();
  equal(before[0]!.length, 1250);
  test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["even", "n"] });
  test.send("POST", "/_api/index?collection=c", { type: "persistent", fields: ["n"], unique: true });
  deepEqual(run(), before);
  const { stats } = query(test, texts[1]!).body.extra;
  deepEqual([stats.scannedFull, stats.scannedIndex], [0, 1]);
});

Deno.test("a stream keeps its state while others write", () => {
  using test = filled();
  const first = query(test, "FOR d IN c RETURN d.n", { batchSize: 2, count: true, options: { stream: true } }).body;
  equal(first.count, undefined);
  deepEqual([first.result, first.count, first.extra], [[0, 1], undefined, undefined]);
  test.send("PUT", "/_api/collection/c/truncate");
  test.send("POST", "/_api/document/c", { n: 99 });
  deepEqual(test.send("PUT", `/_api/cursor/${first.id}`).body.result, [2, 3]);
  const last = test.send("PUT", `/_api/cursor/${first.id}`).body;
  deepEqual([last.result, last.hasMore, last.extra.stats.scannedFull], [[4], false, 5]);
});

Deno.test("queries are part of the transaction that they name", () => {
  using test = filled();
  const { id } = test.send("POST", "/_api/transaction/begin", { collections: { write: ["c"] } }).body.result;
  const inside = (text: string) => test.send("POST", "/_api/cursor", { query: text }, { "x-arango-trx-id": id }).body;
  equal(inside("FOR d IN c FILTER d.n > 2 REMOVE d IN c").error, false);
  deepEqual(inside("FOR d IN c RETURN d.n").result, [0, 1, 2]);
  deepEqual(inside("RETURN LENGTH(c)").result, [3]);
  deepEqual(query(test, "FOR d IN c RETURN d.n").body.result, [0, 1, 2, 3, 4]);
  equal(query(test, "FOR d IN c REMOVE d IN c").body.errorNum, 1200);
  equal(inside("INSERT {_from: 'c/k1', _to: 'c/k1'} INTO e").errorNum, 1652);
  test.send("DELETE", `/_api/transaction/${id}`);
  deepEqual(query(test, "RETURN LENGTH(c)").body.result, [5]);
});

Deno.test("queries obey the levels of their user", () => {
  using test = new TestServer({ authentication: true, rootPassword: "pw" });
  test.headers = basic("root", "pw");
  for (const name of ["mine", "hidden", "frozen"]) test.send("POST", "/_api/collection", { name });
  test.send("POST", "/_api/document/hidden", { _key: "k" });
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  const grant = (path: string, level: string) =>
    test.send("PUT", `/_api/user/bob/database/_system${path}`, { grant: level });
  grant("", "ro");
  grant("/mine", "rw");
  grant("/hidden", "none");
  grant("/frozen", "ro");
  const number = (text: string): unknown => {
    const { body } = test.send("POST", "/_api/cursor", { query: text }, basic("bob", "b"));
    return body.errorNum ?? body.result.length;
  };
  equal(number("FOR d IN hidden RETURN d"), 11);
  equal(number("RETURN DOCUMENT('hidden/k')"), 11);
  equal(number("FOR d IN _users RETURN d"), 11);
  equal(number("FOR d IN frozen RETURN d"), 0);
  equal(number("INSERT {} INTO frozen"), 11);
  equal(number("INSERT {} INTO mine"), 0);
  equal(test.send("POST", "/_api/explain", { query: "FOR d IN hidden RETURN d" }, basic("bob", "b")).body.errorNum, 11);
});

Deno.test("user-defined functions are called from queries", () => {
  using test = new TestServer();
  test.send("POST", "/_api/aqlfunction", { name: "my::join", code: "function (a, b) { return [...a, {b}]; }" });
  deepEqual(query(test, "FOR i IN 1..2 RETURN MY::JOIN([i], null)").body.result, [[1, { b: null }], [2, { b: null }]]);
});

Deno.test("values that a query does not take are refused while it is parsed, also when its plan is kept", () => {
  using test = new TestServer();
  const message = (bindVars: object): string => query(test, "RETURN @x", { bindVars }).body.errorMessage;
  for (let run = 0; run < 2; run++) {
    equal(message({}), "AQL: no value specified for declared bind parameter 'x' (while parsing)");
    equal(message({ x: 1, y: 2 }), "AQL: bind parameter 'y' was not declared in the query (while parsing)");
    equal(message({ x: 1 }), undefined);
  }
});

Deno.test("documentLookups counts what an index finds and does not tell; seeks are those of merge joins", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "acollection" });
  test.send("POST", "/_api/index?collection=acollection", { type: "persistent", fields: ["value"] });
  query(test, "FOR i IN 0..99 INSERT { _key: TO_STRING(i), value: i, other: i % 2 } INTO acollection");
  const counted = (text: string): number[] => {
    const { documentLookups, seeks, scannedFull, scannedIndex } = query(test, text).body.extra.stats;
    return [documentLookups, seeks, scannedFull, scannedIndex];
  };
  // recorded: 02_workWithAQL_profileQuerySimpleIndex
  deepEqual(counted("FOR doc IN acollection FILTER doc.value < 10 RETURN doc"), [10, 0, 0, 10]);
  deepEqual(counted("FOR doc IN acollection FILTER doc.value < 10 RETURN doc.value"), [0, 0, 0, 10]);
  deepEqual(counted("FOR doc IN acollection FILTER doc.value < 10 RETURN doc.other"), [10, 0, 0, 10]);
  deepEqual(counted("FOR doc IN acollection FILTER doc._key == '7' RETURN doc"), [1, 0, 0, 1]);
  deepEqual(counted("FOR i IN 1..3 FOR doc IN acollection FILTER doc._key == TO_STRING(i) RETURN doc"), [3, 0, 0, 3]);
  deepEqual(counted("FOR doc IN acollection SORT doc.other LIMIT 2 RETURN doc"), [0, 0, 100, 0]);
  deepEqual(counted("RETURN DOCUMENT('acollection/7')"), [0, 0, 0, 0]);
});

Deno.test("with allowRetry the latest batch can be had again; without it only the next one", () => {
  using test = new TestServer();
  const body = { query: "FOR i IN 1..5 RETURN i", batchSize: 2 };
  for (const allowRetry of [true, false]) {
    const { id } = test.send("POST", "/_api/cursor", { ...body, options: { allowRetry } }).body;
    const batch = (number: string): unknown => {
      const { result, errorNum } = test.send("POST", `/_api/cursor/${id}${number}`).body;
      return result ?? errorNum;
    };
    equal(batch("/3"), 1600);
    deepEqual(batch(""), [3, 4]);
    deepEqual(batch("/2"), allowRetry ? [3, 4] : 400);
    equal(batch("/1"), 1600);
    deepEqual(batch("/3"), [5]);
    deepEqual(batch("/3"), allowRetry ? [5] : 1600);
    equal(batch("/4"), 1600);
    equal(batch(""), 1600);
    equal(test.send("DELETE", `/_api/cursor/${id}`).status, allowRetry ? 202 : 404);
  }
});

Deno.test("each database tracks its own queries, by settings of its own that end with it", () => {
  using test = new TestServer();
  const settings = (database: string): string => `/_db/${database}/_api/query/properties`;
  const slow = (database: string): string[] =>
    test.send("GET", `/_db/${database}/_api/query/slow`).body.map((one: { query: string }) => one.query);
  for (const name of ["a", "b"]) test.send("POST", "/_api/database", { name });
  const all = { slowQueryThreshold: 0, maxSlowQueries: 1, slowStreamingQueryThreshold: null };
  deepEqual(test.send("PUT", settings("a"), all).body.slowStreamingQueryThreshold, 10, "null changes nothing");
  equal(test.send("GET", settings("b")).body.slowQueryThreshold, 10);
  test.send("PUT", settings("_system"), { slowQueryThreshold: 0, maxSlowQueries: 0 });
  for (const name of ["a", "b", "_system"]) {
    for (const text of ["RETURN 1", "RETURN 2"]) test.send("POST", `/_db/${name}/_api/cursor`, { query: text });
  }
  deepEqual(["a", "b", "_system"].map(slow), [["RETURN 2"], [], []]);
  test.send("PUT", settings("b"), { enabled: false });
  for (const name of ["a", "b"]) {
    const open = { query: "FOR i IN 1..2 RETURN i", batchSize: 1, options: { stream: true } };
    equal(test.send("POST", `/_db/${name}/_api/cursor`, open).status, 201);
  }
  const running = test.send("GET", "/_api/query/current?all=true").body;
  deepEqual(running.map((one: { database: string }) => one.database), ["a"]);
  test.send("DELETE", "/_api/database/a");
  test.send("POST", "/_api/database", { name: "a" });
  deepEqual([slow("a"), test.send("GET", settings("a")).body.slowQueryThreshold], [[], 10]);
});

Deno.test("explain, parse, rules, settings and slow queries", () => {
  using test = filled();
  const plan = test.send("POST", "/_api/explain", { query: "FOR d IN c RETURN d" });
  deepEqual(Object.keys(plan.body), ["plan", "cacheable", "warnings", "stats", "error", "code"]);
  equal(test.send("POST", "/_api/explain", { query: "RETURN 1", options: { allPlans: true } }).body.plans.length, 1);
  const parsed = test.send("POST", "/_api/query", { query: "FOR d IN c FILTER d.n == @v RETURN d" }).body;
  deepEqual(Object.keys(parsed), ["error", "code", "parsed", "collections", "bindVars", "ast", "warnings"]);
  deepEqual([parsed.collections, parsed.bindVars], [["c"], ["v"]]);
  ok(test.send("GET", "/_api/query/rules").body.length > 3);
  equal(test.send("GET", "/_api/query/properties").body.slowQueryThreshold, 10);
  equal(test.send("PUT", "/_api/query/properties", { slowQueryThreshold: 0 }).body.slowQueryThreshold, 0);
  equal(test.send("PUT", "/_api/query/properties", { slowQueryThreshold: "x" }).body.errorNum, 10);
  query(test, "RETURN @a", { bindVars: { a: 1 } });
  const [slow] = test.send("GET", "/_api/query/slow").body;
  deepEqual([slow.query, slow.bindVars, slow.state, slow.database], ["RETURN @a", { a: 1 }, "finished", "_system"]);
  const open = query(test, "FOR i IN 1..3 RETURN i", { stream: true, batchSize: 1 }).body;
  query(test, "RETURN nope");
  const ends = test.send("GET", "/_api/query/slow").body.map((one: Record<string, unknown>) => one.exitCode);
  deepEqual(ends, [0, 1203]);
  test.send("PUT", "/_api/query/properties", { slowQueryThreshold: 10, slowStreamingQueryThreshold: 0 });
  const stream = query(test, "FOR i IN 1..4 RETURN ASSERT(i < 4, 'bad')", { stream: true, batchSize: 1 }).body;
  equal(test.send("GET", "/_api/query/slow").body.length, 2);
  deepEqual(test.send("POST", `/_api/cursor/${stream.id}`).body.result, [true]);
  const failed = test.send("POST", `/_api/cursor/${stream.id}`).body;
  deepEqual([failed.errorNum, /bad .*\(while executing\)$/.test(failed.errorMessage)], [1593, true]);
  equal(test.send("POST", `/_api/cursor/${stream.id}`).body.errorNum, 1600);
  equal(test.send("GET", "/_api/query/slow").body[2].exitCode, 1593);
  equal(test.send("DELETE", "/_api/query/slow").status, 200);
  deepEqual(test.send("GET", "/_api/query/slow?all=true").body, []);
  const [running, ...others] = test.send("GET", "/_api/query/current").body;
  deepEqual([running.query, running.stream, others], ["FOR i IN 1..3 RETURN i", true, []]);
  equal(test.send("DELETE", `/_api/query/${running.id}`).status, 200);
  // the client is told, and there is nothing left
  for (const errorNum of [1500, 1600]) equal(test.send("POST", `/_api/cursor/${open.id}`).body.errorNum, errorNum);
  deepEqual(test.send("GET", "/_api/query/current").body, []);
  equal(test.send("DELETE", "/_api/query/1").body.errorNum, 1591);
});
