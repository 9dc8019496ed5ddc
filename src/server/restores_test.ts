import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert/strict";
import { TestServer } from "./testing.ts";

const RESTORE = "/_api/replication/restore";

/** What a dump of a collection consists of: its description, and its documents. */
function dumped(test: TestServer, name: string): { structure: unknown; lines: string } {
  const { id } = test.send("POST", "/_api/replication/batch", {}).body;
  const inventory = test.send("GET", `/_api/replication/inventory?batchId=${id}&collection=${name}`).body;
  const lines = test.send("GET", `/_api/replication/dump?batchId=${id}&collection=${name}&useEnvelope=false`).text;
  return { structure: inventory.collections[0], lines };
}

Deno.test("what was dumped can be restored elsewhere: definition, indexes, documents with their revisions", () => {
  using source = new TestServer();
  source.send("POST", "/_api/collection", { name: "e", type: 3, waitForSync: true, schema: { rule: {} } });
  source.send("POST", "/_api/index?collection=e", {
    type: "persistent",
    fields: ["a", "b[*]"],
    name: "mine",
    sparse: true,
  });
  source.send("POST", "/_api/document/e", [{ _key: "1", _from: "v/1", _to: "v/2", a: 1 }, {
    _from: "v/1",
    _to: "v/1",
  }]);
  const { structure, lines } = dumped(source, "e");
  using target = new TestServer();
  for (const url of ["-collection", "-indexes"]) {
    deepEqual(target.send("PUT", RESTORE + url, structure).body, { error: false, code: 200, result: true });
  }
  for (let round = 0; round < 2; round++) {
    equal(target.send("PUT", `${RESTORE}-data?collection=e`, lines).status, 200);
    equal(dumped(target, "e").lines, lines, "again changes nothing");
  }
  const described = (test: TestServer): unknown => {
    const { globallyUniqueId: _guid, id: _id, ...properties } = test.send("GET", "/_api/collection/e/properties").body;
    const indexes = test.send("GET", "/_api/index?collection=e").body.indexes;
    // estimates are made when somebody asks
    return [
      properties,
      indexes.map(({ id: _id, selectivityEstimate: _estimate, ...index }: Record<string, unknown>) => index),
    ];
  };
  deepEqual(described(target), described(source));
});

Deno.test("a collection that is there is kept unless it may be overwritten; one of the system is emptied", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  test.send("POST", "/_api/document/c", {});
  const { structure } = dumped(test, "c");
  equal(test.send("PUT", `${RESTORE}-collection`, structure).body.errorNum, 1207);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 1);
  equal(test.send("PUT", `${RESTORE}-collection?overwrite=true`, structure).status, 200);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 0);
  test.send("POST", "/_api/document/_queues", {});
  const queues = { parameters: { name: "_queues", type: 2, isSystem: true }, indexes: [] };
  equal(test.send("PUT", `${RESTORE}-collection?overwrite=true`, queues).status, 200);
  equal(test.send("GET", "/_api/collection/_queues/count").body.count, 0);
});

Deno.test("lines of older dumps have types, and some of them remove", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const lines = [
    `{"type":2300,"key":"a","data":{"_key":"a","_rev":"_jt3aNJe---","n":1}}`,
    `{"type":2300,"data":{"_key":"b"}}`,
    `{"type":2302,"key":"b"}`,
    `{"type":2302,"key":"nobody"}`,
    `{"_key":"c","type":2302,"data":[]}`,
  ];
  equal(test.send("PUT", `${RESTORE}-data?collection=c`, lines.join("\n")).status, 200);
  deepEqual(test.send("GET", "/_api/document/c/a").body, { _id: "c/a", _key: "a", _rev: "_jt3aNJe---", n: 1 });
  equal(test.send("GET", "/_api/document/c/b").status, 404);
  equal(test.send("GET", "/_api/document/c/c").body.type, 2302);
});

Deno.test("damaged dumps are refused, and restored as a whole or not at all", () => {
  using test = new TestServer();
  test.send("POST", "/_api/collection", { name: "c" });
  const cases: [string, unknown, number][] = [
    ["-collection", {}, 400],
    ["-collection", { parameters: {}, indexes: [] }, 400],
    ["-collection", { parameters: { name: "x" } }, 400],
    ["-indexes", { parameters: { name: "c" }, indexes: [null] }, 400],
    ["-collection", { parameters: { name: "a/b" }, indexes: [] }, 400],
    ["-indexes", { parameters: { name: "nope" }, indexes: [] }, 404],
    ["-indexes", { parameters: { name: "c" }, indexes: [{ type: "inverted", fields: ["a"] }] }, 501],
    ["-indexes?force=true", { parameters: { name: "c" }, indexes: [{ type: "inverted", fields: ["a"] }] }, 200],
    ["-data", "", 400],
    ["-data?collection=nope", "", 404],
    ["-data?collection=c", `{"_key":"a"}\n[]`, 400],
    ["-data?collection=c", `{"_key":"a"}\n{`, 400],
    ["-view", {}, 501],
  ];
  for (const [url, body, status] of cases) equal(test.send("PUT", RESTORE + url, body).status, status, url);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 0);
});
