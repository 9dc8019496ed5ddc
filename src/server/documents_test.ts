import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { TestServer } from "./testing.ts";

Deno.test("documents pass through exactly as they were sent", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const own = `"z":9007199254740993,"1":-0.0,"e":1e308,"s":"\\ud83d\\ude00"`;
  const first = test.send("POST", "/_api/document/c?returnNew=true", `{ "_key":"k", ${own} }`);
  equal(first.status, 202);
  const { _rev } = first.body;
  equal(first.text, `{"_id":"c/k","_key":"k","_rev":"${_rev}","new":{"_key":"k","_id":"c/k","_rev":"${_rev}",${own}}}`);
  equal(first.headers.etag, `"${_rev}"`);
  equal(first.headers.location, "/_db/_system/_api/document/c/k");
  equal(test.send("GET", "/_api/document/c/k").text, `{"_key":"k","_id":"c/k","_rev":"${_rev}",${own}}`);
  const head = test.send("HEAD", "/_api/document/c/k");
  equal(head.text, "");
  equal(head.headers.etag, `"${_rev}"`);
  equal(head.headers["content-length"], String(test.send("GET", "/_api/document/c/k").text.length));
  const silent = test.send("PATCH", "/_api/document/c/k?silent=true", {});
  deepEqual([silent.text, silent.headers.etag, silent.headers.location], ["{}", undefined, undefined]);
  equal(test.send("DELETE", "/_api/document/c", { _key: "k" }).body._id, "c/k");
});

Deno.test("documents: revisions in headers and bodies", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const { _rev } = test.send("POST", "/_api/document/c", { _key: "k" }).body;
  const one = "/_api/document/c/k";
  const stale = { "if-match": `"_abc"` };
  equal(test.send("GET", one, undefined, { "if-none-match": `"${_rev}"` }).status, 304);
  equal(test.send("GET", one, undefined, { "if-none-match": `"_abc"` }).status, 200);
  for (const [method, body] of [["GET"], ["PUT", {}], ["PATCH", {}], ["DELETE"]] as const) {
    const answer = test.send(method, one, body, stale);
    equal(answer.status, 412, method);
    deepEqual(answer.body, {
      error: true,
      code: 412,
      errorNum: 1200,
      errorMessage: "conflict, _rev values do not match",
      _id: "c/k",
      _key: "k",
      _rev,
    });
    equal(answer.headers.etag, `"${_rev}"`);
  }
  equal(test.send("PATCH", one, { _rev: "_abc", a: 1 }).status, 202);
  equal(test.send("PATCH", `${one}?ignoreRevs=false`, { _rev: "_abc", a: 1 }).status, 412);
  const updated = test.send("PUT", `${one}?returnOld=true&returnNew=true&waitForSync=true`, { b: 2 });
  equal(updated.status, 201);
  deepEqual(Object.keys(updated.body), ["_id", "_key", "_rev", "_oldRev", "old", "new"]);
  deepEqual([updated.body.old.a, updated.body.new.b], [1, 2]);
  equal(test.send("DELETE", `${one}?silent=true`, undefined, { "if-match": updated.headers.etag! }).text, "{}");
});

Deno.test("documents: overwriting, merging, versions and restoring", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const put = (query: string, body: unknown): unknown => {
    const answer = test.send("POST", `/_api/document/c?returnNew=true&${query}`, body).body;
    return answer.errorNum ?? { ...answer.new, _key: undefined, _id: undefined, _rev: undefined };
  };
  const plain = (value: object): object => ({ ...value, _key: undefined, _id: undefined, _rev: undefined });
  deepEqual(put("", { _key: "k", o: { a: 1 } }), plain({ o: { a: 1 } }));
  equal(put("", { _key: "k" }), 1210);
  deepEqual(put("overwriteMode=update", { _key: "k", o: { b: 2 } }), plain({ o: { a: 1, b: 2 } }));
  deepEqual(put("overwriteMode=update&mergeObjects=false", { _key: "k", o: { b: 3 } }), plain({ o: { b: 3 } }));
  deepEqual(put("overwriteMode=update&keepNull=false", { _key: "k", o: null, v: 1 }), plain({ v: 1 }));
  deepEqual(put("overwriteMode=replace&versionAttribute=v", { _key: "k", v: 1, x: 1 }), plain({ v: 1 }));
  deepEqual(put("overwrite=true", { _key: "k", y: 1 }), plain({ y: 1 }));
  equal(put("overwriteMode=never", { _key: "k" }), 10);
  const restored = test.send("POST", "/_api/document/c?isRestore=true", { _key: "r", _rev: "_jt3aNJe---" });
  equal(restored.body._rev, "_jt3aNJe---");
});

Deno.test("documents: those that are restored keep their revisions in whatever order they come, and none has another one's", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const restore = (...documents: [key: string, rev: string][]): (string | number)[] => {
    const body = documents.map(([_key, _rev]) => ({ _key, _rev }));
    const answers = test.send("POST", "/_api/document/c?isRestore=true&overwriteMode=replace", body).body;
    return answers.map((one: { _rev: string; errorNum?: number }) => one.errorNum ?? one._rev);
  };
  const [first, second, third, fourth] = ["_jt3aNJa---", "_jt3aNJe---", "_jt3aNJi---", "_jt3aNJm---"] as const;
  deepEqual(restore(["b", second], ["c", third], ["a", first]), [second, third, first]);
  deepEqual(restore(["d", second], ["e", fourth], ["f", fourth]), [1210, fourth, 1210]);
  deepEqual(restore(["a", third], ["a", first], ["b", fourth]), [1210, first, 1210]);
});

Deno.test("documents: arrays answer for each element", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const inserted = test.send("POST", "/_api/document/c", [{ _key: 111 }, { _key: "a" }, { _key: "b", n: 1 }, 7]);
  equal(inserted.status, 202);
  equal(inserted.headers["x-arango-error-codes"], `{"1221":1,"1227":1}`);
  deepEqual(inserted.body.map((one: { errorNum?: number; _key?: string }) => one.errorNum ?? one._key), [
    1221,
    "a",
    "b",
    1227,
  ]);
  deepEqual(inserted.body[0], { error: true, errorNum: 1221, errorMessage: "illegal document key" });
  const changed = test.send("PATCH", "/_api/document/c?returnNew=true&ignoreRevs=false", [
    { _key: "a", x: 1 },
    { _key: "b", _rev: "_abc" },
    { _key: "z" },
  ]);
  deepEqual(changed.body.map((one: { errorNum?: number }) => one.errorNum), [undefined, 1200, 1202]);
  deepEqual(Object.keys(changed.body[1]), ["error", "errorNum", "errorMessage"]);
  const got = test.send("PUT", "/_api/document/c?onlyget=true", ["a", { _key: "b" }, "c/b", "other/a", "nope"]);
  equal(got.status, 200);
  deepEqual(got.body.map((one: { errorNum?: number; _key?: string }) => one.errorNum ?? one._key), [
    "a",
    "b",
    "b",
    1202,
    1202,
  ]);
  equal(test.send("PUT", "/_api/document/c?silent=true", [{ _key: "a", q: 1 }]).text, "{}");
  const failures = test.send("DELETE", "/_api/document/c?silent=true", ["nope", "a"]);
  equal(failures.body.length, 1);
  deepEqual(test.send("DELETE", "/_api/document/c?returnOld=true", ["b"]).body[0].old.n, 1);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 0);
  equal(test.send("POST", "/_api/document/c", []).text, "[]");
});

Deno.test("an array that cannot be written as a whole leaves nothing behind", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  equal(test.send("POST", "/_api/document/c", `[{"_key":"a"},{"_key":"b"]`).body.errorNum, 600);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 0);
});

Deno.test("edges of a vertex, by direction", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "e", type: 3 });
  const rows = [["1", "3"], ["2", "1"], ["4", "1"], ["1", "1"]];
  test.send("POST", "/_api/document/e", rows.map(([from, to]) => ({ _from: `n/${from}`, _to: `n/${to}` })));
  const count = (query: string): number => test.send("GET", `/_api/edges/e?vertex=n/1${query}`).body.edges.length;
  deepEqual([count(""), count("&direction=in"), count("&direction=out")], [4, 3, 2]);
  equal(test.send("POST", "/_api/edges/e", ["n/2", "n/4"]).body.edges.length, 2);
  equal(test.send("GET", "/_api/edges/e?vertex=n/1&direction=up").status, 400);
  equal(test.send("GET", "/_api/edges/_graphs?vertex=n/1").status, 400);
});
