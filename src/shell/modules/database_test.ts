import assert from "node:assert/strict";
import { type FakeReply, fakeShell, type SeenRequest } from "../fake_connection.ts";

const COLLECTION = { error: false, code: 200, id: "12", name: "things", status: 3, type: 2 };
const EDGES = { error: false, code: 200, id: "13", name: "links", status: 3, type: 3 };

/** Answers as a server with the collections `things` and `links` and whatever `more` says. */
function server(more: (request: SeenRequest) => FakeReply | undefined = () => undefined) {
  return fakeShell((request) => {
    const url = request.url.replace(/^\/_db\/[^/]*/, "");
    const own = more({ ...request, url });
    if (own !== undefined) return own;
    if (url === "/_api/collection" && request.method === "GET") {
      return { body: { error: false, code: 200, result: [COLLECTION, EDGES] } };
    }
    if (url === "/_api/collection/things") return { body: COLLECTION };
    if (url === "/_api/collection/links") return { body: EDGES };
    if (url.startsWith("/_api/document/")) return { status: 202, body: { _id: "things/1", _key: "1", _rev: "_a" } };
    return undefined;
  });
}

/** The requests of a script, without the ones that find collections. */
function requestsOf(script: string): SeenRequest[] {
  const { shell, connection } = server();
  shell.run("db._collections()");
  connection.requests.length = 0;
  shell.run(script);
  return connection.requests.map((request) => ({ ...request, url: request.url.replace("/_db/_system/_api/", "") }));
}

const DOCUMENT_CALLS: [script: string, request: string][] = [
  ["db.things.insert({a: 1})", 'POST document/things {"a":1}'],
  ["db.things.save([{a: 1}, {}])", 'POST document/things [{"a":1},{}]'],
  [
    "db.things.insert({}, {waitForSync: true, returnNew: true, silent: false, overwriteMode: 'update', keepNull: true," +
    " mergeObjects: false, refillIndexCaches: true})",
    "POST document/things?waitForSync=true&returnNew=true&silent=false&overwriteMode=update&keepNull=true" +
    "&mergeObjects=false&refillIndexCaches=true {}",
  ],
  [
    "db.links.insert('things/1', {_id: 'things/2'}, {w: 1})",
    'POST document/links {"w":1,"_from":"things/1","_to":"things/2"}',
  ],
  [
    "db.links.insert({_from: 'a/1', _to: 'a/2'}, {returnNew: true})",
    'POST document/links?returnNew=true {"_from":"a/1","_to":"a/2"}',
  ],
  ["db.things.document('1')", "GET document/things/1"],
  ["db.things.document('things/1')", "GET document/things/1"],
  ["db.things.document({_id: 'things/1', _rev: 'r'})", 'GET document/things/1 if-match="r"'],
  ["db.things.document('a%b')", "GET document/things/a%25b"],
  ["db.things.document(['1', {_key: '2'}])", 'PUT document/things?onlyget=true&ignoreRevs=false ["1",{"_key":"2"}]'],
  ["db.things.document('1', {transactionId: '7', allowDirtyReads: true})", "GET document/things/1 trx=7 dirty=true"],
  ["db.things.exists('1')", "GET document/things/1"],
  ["db.things.replace('1', {b: 1})", 'PUT document/things/1?ignoreRevs=true {"b":1}'],
  ["db.things.replace({_key: '1', _rev: 'r'}, {})", 'PUT document/things/1?ignoreRevs=true if-match="r" {}'],
  [
    "db.things.replace({_key: '1', _rev: 'r'}, {}, true, true)",
    "PUT document/things/1?ignoreRevs=true&waitForSync=true {}",
  ],
  [
    "db.things.replace({_key: '1', _rev: 'r'}, {}, {overwrite: true, returnOld: true})",
    "PUT document/things/1?ignoreRevs=true&returnOld=true {}",
  ],
  [
    "db.things.replace(['1', {_key: '2', _rev: 'r'}], [{a: 1}, {a: 2}])",
    'PUT document/things?ignoreRevs=false [{"a":1,"_key":"1"},{"a":2,"_key":"2","_rev":"r"}]',
  ],
  ["db.things.update('1', {b: null})", 'PATCH document/things/1?keepNull=true&ignoreRevs=true {"b":null}'],
  [
    "db.things.update('1', {}, true, false, true)",
    "PATCH document/things/1?keepNull=false&ignoreRevs=true&waitForSync=true {}",
  ],
  [
    "db.things.update('1', {}, {keepNull: false, returnNew: true})",
    "PATCH document/things/1?skipDocumentValidation=false&keepNull=false&mergeObjects=true&ignoreRevs=true&returnNew=true {}",
  ],
  ["db.things.update('1', {}, false, null)", "PATCH document/things/1?keepNull=false&ignoreRevs=true {}"],
  ["db.things.remove('1')", "DELETE document/things/1?ignoreRevs=true"],
  ["db.things.remove(['1'], 1)", 'DELETE document/things?ignoreRevs=true ["1"]'],
  [
    "db.things.remove({_id: 'things/1', _rev: 'r'}, {returnOld: true})",
    'DELETE document/things/1?ignoreRevs=true&returnOld=true if-match="r"',
  ],
  ["db.things.remove(['1', '2'])", 'DELETE document/things?ignoreRevs=false ["1","2"]'],
  ["db._document('things/1')", "GET document/things/1"],
  ["db._exists('things/1')", "HEAD document/things/1"],
  ["db._replace('things/1', {a: 1})", 'PUT document/things/1?ignoreRevs=true&returnOld=false&returnNew=false {"a":1}'],
  [
    "db._update('things/1', {a: 1}, {keepNull: false})",
    'PATCH document/things/1?keepNull=false&mergeObjects=true&ignoreRevs=true&returnOld=false&returnNew=false {"a":1}',
  ],
  ["db._remove({_id: 'things/1', _rev: 'r'}, true)", "DELETE document/things/1?ignoreRevs=true&returnOld=false"],
];
Deno.test("document methods send the requests of arangosh", async (t) => {
  for (const [script, expected] of DOCUMENT_CALLS) {
    await t.step(script, () => {
      const [request] = requestsOf(script);
      assert.ok(request);
      const { method, url, headers, body } = request;
      const parts = [`${method} ${url}`];
      if (headers["if-match"]) parts.push(`if-match=${headers["if-match"]}`);
      if (headers["x-arango-trx-id"]) parts.push(`trx=${headers["x-arango-trx-id"]}`);
      if (headers["x-arango-allow-dirty-read"]) parts.push(`dirty=${headers["x-arango-allow-dirty-read"]}`);
      if (body !== undefined) parts.push(JSON.stringify(body));
      assert.equal(parts.join(" "), expected);
    });
  }
});

const BAD_CALLS: [script: string, thrown: string][] = [
  ["db.things.insert()", "1227"],
  ["db.things.insert('x')", "1227"],
  ["db.links.insert('a/1', 'a/2', [])", "1227"],
  ["db.things.document()", "1205"],
  ["db.things.document('other/1')", "1213"],
  ["db.things.documentId('a b')", "1221"],
  ["db.things.document('a b')", "1205"],
  ["db.things.remove('things/a/b')", "1205"],
  ["db.things.replace(['1'], [])", "1227"],
  ["db.things.update('1', {}, {}, true)", "too many arguments"],
  ["db.things.ensureIndex('x')", "usage: ensureIndex(<description>)"],
  ["db.things.index('other/1')", "1213"],
  ["db._document('x')", "1205"],
  ["db._replace(['things/1'], {})", "1227"],
  ["db._remove(['things/1'])", "1205"],
  ["db._setLicense({})", "9006"],
  ["db._executeTransaction()", "10"],
  ["db._executeTransaction({collections: {}})", "10"],
  ["db._createStatement()", "ArangoStatement needs initial data"],
  ["db._createStatement({})", "ArangoStatement needs a valid query attribute"],
  ["db._createStatement('RETURN 1').bind([])", "invalid bind parameter declaration"],
  ["arango.POST('/x')", "10"],
  ["arango.SEND_FILE('/x', '/does/not/exist')", "10"],
];
Deno.test("wrong calls throw what arangosh throws, before any request", async (t) => {
  for (const [script, thrown] of BAD_CALLS) {
    await t.step(script, () => {
      const { shell, connection } = server();
      shell.run("db._collections()");
      connection.requests.length = 0;
      const error = shell.run(
        `try { ${script}; "nothing" } catch (e) { typeof e === "string" ? e : String(e.errorNum) }`,
      );
      assert.equal(error, thrown);
      assert.deepEqual(connection.lines, []);
    });
  }
});

Deno.test("replies lose their error attribute, and errors become ArangoErrors with all of their members", () => {
  const { shell } = server(({ url }) => {
    if (url.endsWith("/gone")) {
      return { status: 404, body: { error: true, code: 404, errorNum: 1202, errorMessage: "document not found" } };
    }
    if (url.endsWith("/stale")) return { status: 412 };
    if (url.endsWith("/type")) {
      return { status: 400, body: { error: true, code: 400, errorNum: 17, errorMessage: "bad" } };
    }
    if (url.endsWith("/count")) return { body: { error: false, code: 200, count: 7 } };
    return undefined;
  });
  assert.equal(shell.run("db.things.count()"), 7);
  assert.equal(shell.run("db.things.exists('gone')"), false);
  assert.equal(
    shell.run("try { db.things.document('gone') } catch (e) { Object.keys(e).join() + ' ' + e }"),
    "error,code,errorNum,errorMessage,original ArangoError 1202: document not found",
  );
  assert.equal(
    shell.run("try { db.things.document('stale') } catch (e) { String(e) }"),
    "ArangoError 1200: conflict",
  );
  assert.equal(shell.run("try { db.things.document('type') } catch (e) { e instanceof TypeError }"), true);
});

Deno.test("silent writes return true", () => {
  const { shell } = server();
  assert.equal(shell.run("db.things.insert({}, {silent: true})"), true);
  assert.equal(shell.run("db._replace('things/1', {}, {silent: true})"), true);
});

Deno.test("options and properties objects are completed in place", () => {
  const { shell } = server(({ method, url }) =>
    method === "POST" && url === "/_api/collection" ? { body: { ...COLLECTION, name: "made" } } : undefined
  );
  assert.equal(
    shell.run("var o = {}; db.things.update('1', {}, o); JSON.stringify(o)"),
    '{"keepNull":true,"mergeObjects":true}',
  );
  assert.equal(
    shell.run("var p = {waitForSync: true}; db._create('made', p); JSON.stringify(p)"),
    '{"waitForSync":true,"name":"made","type":2}',
  );
});

Deno.test("an unknown property of db asks for the collections once each time", () => {
  const { shell, connection } = server();
  assert.equal(shell.run("db.nothing"), undefined);
  assert.equal(shell.run("db.things.name()"), "things");
  assert.deepEqual(connection.lines, ["GET /_db/_system/_api/collection"]);
  assert.equal(shell.run("db.nothing"), undefined);
  assert.equal(connection.lines.length, 2);
  assert.equal(shell.run("Object.keys(db).join()"), "things,links");
});

Deno.test("switching databases flushes the cache, and a failure restores the old one", () => {
  const { shell, connection } = server(({ url }) =>
    url === "/_api/database/current" ? { body: { error: false, code: 200, result: { name: "x" } } } : undefined
  );
  assert.equal(shell.run("db._collections(); db._useDatabase('other')"), true);
  assert.equal(shell.run("db._name()"), "other");
  assert.equal(connection.lines.at(-1), "GET /_db/other/_api/collection");
  const refused = server(({ url }) =>
    url === "/_api/database/current"
      ? { status: 404, body: { error: true, code: 404, errorNum: 1228, errorMessage: "database not found" } }
      : undefined
  );
  assert.throws(() => refused.shell.run("db._useDatabase('gone')"), /database not found/);
  assert.equal(refused.shell.run("db._name()"), "_system");
});

Deno.test("a dropped or renamed collection leaves the cache", () => {
  const { shell } = server(({ method, url }) => {
    if (method === "DELETE") return { body: { id: "12", error: false, code: 200 } };
    if (url.endsWith("/rename")) return { body: { ...COLLECTION, name: "renamed" } };
    return undefined;
  });
  shell.run("db._collections(); var t = db.things; t.rename('renamed')");
  assert.equal(shell.run("Object.keys(db).join()"), "links,renamed");
  assert.equal(shell.run("db.links.drop()"), undefined);
  assert.equal(shell.run("Object.keys(db).join()"), "renamed");
});

Deno.test("collection properties show the known attributes in their order", () => {
  const { shell } = server(({ url }) =>
    url.endsWith("/properties")
      ? { body: { ...COLLECTION, schema: null, waitForSync: false, globallyUniqueId: "g", isSystem: false, odd: 1 } }
      : undefined
  );
  assert.equal(
    shell.run("JSON.stringify(db.things.properties())"),
    '{"globallyUniqueId":"g","isSystem":false,"waitForSync":false,"schema":null}',
  );
});

Deno.test("cursors fetch the next batch when the last row of one was delivered", () => {
  const { shell, connection } = server(({ method, url }) => {
    if (method === "POST" && url === "/_api/cursor") {
      return { status: 201, body: { error: false, code: 201, result: [1, 2], hasMore: true, id: "9", count: 3 } };
    }
    if (url === "/_api/cursor/9") return { body: { error: false, code: 200, result: [3], hasMore: false, count: 3 } };
    return undefined;
  });
  shell.run("var c = db._query('FOR i IN 1..3 RETURN i', {}, {count: true, batchSize: 2})");
  assert.deepEqual(connection.requests.at(-1)?.body, {
    query: "FOR i IN 1..3 RETURN i",
    count: true,
    bindVars: {},
    stream: false,
    batchSize: 2,
    options: { count: true, batchSize: 2 },
  });
  assert.equal(shell.run("c.next() + ':' + c.count()"), "1:3");
  assert.equal(connection.lines.filter((line) => line.includes("cursor/9")).length, 0);
  assert.equal(shell.run("c.next()"), 2);
  assert.equal(connection.lines.filter((line) => line.includes("cursor/9")).length, 1);
  assert.equal(shell.run("JSON.stringify(c.toArray()) + c.hasNext()"), "[3]false");
  assert.equal(shell.run("try { c.next() } catch (e) { e }"), "No more results");
  assert.equal(shell.run("[...db._query('FOR i IN 1..3 RETURN i')].join()"), "1,2,3");
});

Deno.test("printing a cursor shows ten rows, keeps them readable, and offers more", () => {
  const rows = Array.from({ length: 12 }, (_, index) => index);
  const { shell, printed } = server(({ url }) =>
    url === "/_api/cursor"
      ? { status: 201, body: { error: false, code: 201, result: rows, hasMore: false, cached: false } }
      : undefined
  );
  shell.run("stop_pretty_print(true)");
  shell.evaluate("var c = db._query('x')");
  printed();
  shell.evaluate("c");
  assert.equal(
    printed(),
    "[object ArangoQueryCursor, count: 12, results cached: false, hasMore: true]\n\n" +
      "[ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 ]\n\ntype 'more' to show more documents\n\n\n\n",
  );
  shell.evaluate("more");
  assert.equal(
    printed(),
    "[object ArangoQueryCursor, count: 12, results cached: false, hasMore: false]\n\n[ 10, 11 ]\n\n\n\n",
  );
  assert.equal(shell.run("c.toArray().length"), 12);
});

Deno.test("the aql tag numbers values, merges queries and names collections", () => {
  const { shell } = server();
  const query = shell.run(
    "db._collections(); var inner = aql`FILTER d.a == ${5} && d.b == ${'x'}`;" +
      "var q = aql`FOR d IN ${db.things} ${inner} ${undefined}LIMIT ${5} RETURN ${aql.literal('d.c')}`;" +
      "JSON.stringify([q.query, q.bindVars])",
  );
  assert.deepEqual(JSON.parse(query as string), [
    "FOR d IN @@value0 FILTER d.a == @value1 && d.b == @value2 LIMIT @value1 RETURN d.c",
    { "@value0": "things", "value1": 5, "value2": "x" },
  ]);
  assert.equal(shell.run("aql.join([aql`a ${1}`, aql`b`, 2], ', ').query"), "a @value0, b, @value1");
});

Deno.test("raw calls return headers and body, plain calls decoded values", () => {
  const { shell } = server(({ url, method }) => {
    if (url === "/list") return { body: [1, 2], headers: { "x-b": "2", "x-a": "1" } };
    if (url === "/none") return { status: method === "HEAD" ? 404 : 200 };
    if (url === "/bad") return { status: 400, body: { error: true, code: 400, errorNum: 600, errorMessage: "m" } };
    return undefined;
  });
  assert.equal(shell.run("Array.isArray(arango.GET('list'))"), true);
  assert.equal(shell.run("JSON.stringify(arango.GET('/none'))"), '{"code":200,"error":false}');
  assert.equal(
    shell.run("JSON.stringify(arango.HEAD('/none'))"),
    '{"code":404,"error":true,"errorNum":404,"errorMessage":"Not Found"}',
  );
  assert.equal(shell.run("arango.GET('/bad').errorNum"), 600);
  const asked = shell.run("JSON.stringify(arango.GET_RAW('/list', { Accept: 'application/json' }))");
  assert.deepEqual(JSON.parse(asked as string), {
    code: 200,
    error: false,
    headers: {
      "content-type": "application/json",
      connection: "Keep-Alive",
      "content-length": "5",
      "http/1.1": "200 OK",
      "x-a": "1",
      "x-b": "2",
    },
    parsedBody: [1, 2],
    body: "[1,2]",
  });
  assert.equal(
    shell.run("JSON.stringify([arango.GET_RAW('/bad').errorNum, arango.GET_RAW('/bad').parsedBody.errorNum])"),
    "[400,600]",
  );
  assert.equal(shell.run("arango.lastHttpReturnCode()"), 400);
});

Deno.test("raw replies are VelocyPack unless a script, or an option, asks for JSON", () => {
  const { shell } = server(() => ({ body: [1, 2] }));
  shell.run("var reply = arango.GET_RAW('/list')");
  assert.equal(shell.run("reply.headers['content-type']"), "application/x-velocypack");
  assert.equal(shell.run("JSON.stringify([VPACK_TO_V8(reply.body), reply.parsedBody])"), "[[1,2],[1,2]]");
  assert.equal(shell.run("reply.headers['content-length'] == reply.body.length"), true);
  assert.equal(shell.run("arango.HEAD_RAW('/list').headers['content-type']"), "application/x-velocypack");
  shell.run("arango.forceJson(true)");
  assert.equal(shell.run("arango.GET_RAW('/list').body"), "[1,2]");
});

Deno.test("bodies are JSON, texts are sent as they are, and callers' headers win", () => {
  const { shell, connection } = server(() => ({ body: {} }));
  shell.run("arango.POST('/_db/other/x', {a: undefined, f() {}, b: 1}, {Accept: 'text/plain', 'X-Y': 1})");
  const [first] = connection.requests;
  assert.deepEqual([first?.url, first?.body], ["/_db/other/x", { b: 1 }]);
  assert.deepEqual({ ...first?.headers }, { accept: "text/plain", "x-y": "1", "content-type": "application/json" });
  shell.run("arango.PUT('x', 'text')");
  assert.equal(connection.requests[1]?.body, "text");
  shell.run("arango.PUT('x', new Buffer([123, 125]))");
  assert.equal(connection.requests[2]?.headers["content-type"], undefined);
});
