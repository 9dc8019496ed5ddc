import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert/strict";
import { type Answer, TestServer } from "./testing.ts";

/** A server with a collection `c` of documents and a collection `e` of edges. */
class Importer extends TestServer {
  constructor() {
    super();
    this.send("POST", "/_api/collection", { name: "c" });
    this.send("POST", "/_api/collection", { name: "e", type: 3 });
  }

  post(query: string, body: unknown): Answer {
    return this.send("POST", `/_api/import?${query}`, body);
  }

  /** What an import tells: how many were created, wrong, empty, updated and ignored, and the details. */
  told(query: string, body: unknown): unknown[] {
    const { created, errors, empty, updated, ignored, details } = this.post(query, body).body;
    return [created, errors, empty, updated, ignored, ...(details ?? [])];
  }

  document(id: string): Answer {
    return this.send("GET", `/_api/document/${id}`);
  }

  endsOf(id: string): unknown[] {
    const { _from, _to } = this.document(id).body;
    return [_from, _to];
  }
}

Deno.test("imports: documents come as lines, as a list, or as either", () => {
  using test = new Importer();
  deepEqual(test.told("collection=c&type=documents", `{ "_key": "abc" }\n{"_key":"foo"}\n\n{"n":1}\n`), [
    3,
    0,
    1,
    0,
    0,
  ]);
  deepEqual(test.told("collection=c&type=list", [{ _key: "x" }, {}]), [2, 0, 0, 0, 0]);
  deepEqual(test.told("collection=c&type=auto", [{}]), [1, 0, 0, 0, 0]);
  deepEqual(test.told("collection=c&type=auto", "{}\n{}"), [2, 0, 0, 0, 0]);
});

Deno.test("imports: rows have the names of their attributes in front", () => {
  using test = new Importer();
  const rows = `["_key","v"]\n["r1",null]\n["r2",9007199254740993]\n\n["r3"]`;
  deepEqual(test.told("collection=c", rows), [2, 1, 1, 0, 0]);
  ok(test.document("c/r2").text.endsWith(`,"v":9007199254740993}`));
  ok(!("v" in test.document("c/r1").body));
  // as ArangoJS 9 writes it
  deepEqual(test.told("collection=c&type=undefined", `["a"]\n[1]`), [1, 0, 0, 0, 0]);
  deepEqual(test.told("collection=c&ignoreMissing=true", `["_key","v"]\n["s3"]\n["s4",4,5]`), [2, 0, 0, 0, 0]);
  deepEqual(["s3", "s4"].map((key) => test.document(`c/${key}`).body.v), [undefined, 4]);
});

Deno.test("imports: details say what is wrong, and where", () => {
  using test = new Importer();
  test.told("collection=c&type=list", [{ _key: "abc" }]);
  deepEqual(test.told("collection=c&type=documents&details=true", `{"_key":"new"}\n{"_key":"abc","x":1}\n{"a`), [
    ...[1, 2, 0, 0, 0],
    `at position 3: invalid JSON type (expecting object, probably parse error), offending context: {"a`,
    `at position 1: creating document failed with error 'unique constraint violated', offending document: {"_key":"abc","x":1}`,
  ]);
  deepEqual(test.told("collection=c&details=true&line=7", `["_key","v"]\n["s1",1]\n["s2"]\n[1,2,3]`), [
    ...[1, 2, 0, 0, 0],
    "at position 9: wrong number of JSON values (got 1, expected 2)",
    "at position 10: wrong number of JSON values (got 3, expected 2)",
  ]);
  deepEqual(test.told("collection=e&type=list&details=true", [{ name: "x" }]), [
    ...[0, 1, 0, 0, 0],
    `at position 1: missing '_from' or '_to' attribute, offending document: {"name":"x"}`,
  ]);
});

Deno.test("imports: documents that are there stay, change, are replaced, or end a complete import without a change", () => {
  using test = new Importer();
  test.told("collection=c&type=list", [{ _key: "abc" }]);
  deepEqual(test.told("collection=c&type=list&onDuplicate=ignore", [{ _key: "abc", x: 2 }]), [0, 0, 0, 0, 1]);
  equal(test.document("c/abc").body.x, undefined);
  deepEqual(test.told("collection=c&type=list&onDuplicate=update", [{ _key: "abc", x: 3 }]), [0, 0, 0, 1, 0]);
  equal(test.document("c/abc").body.x, 3);
  deepEqual(test.told("collection=c&type=list&onDuplicate=replace", [{ _key: "abc", y: 3 }]), [0, 0, 0, 1, 0]);
  equal(test.document("c/abc").body.x, undefined);
  const failed = test.post("collection=c&type=documents&complete=true", `{"_key":"n1"}\n{"_key":"abc"}`);
  deepEqual([failed.status, failed.body.errorNum, failed.body.errorMessage], [409, 1210, "unique constraint violated"]);
  equal(test.document("c/n1").status, 404);
  deepEqual(test.told("collection=c&type=list&overwrite=true", [{ _key: "only" }]), [1, 0, 0, 0, 0]);
  equal(test.send("GET", "/_api/collection/c/count").body.count, 1);
});

Deno.test("imports: ends of edges get the names of collections in front, in place of others if that is wanted", () => {
  using test = new Importer();
  const given = [{ _from: "1", _to: 2, _key: "p" }];
  deepEqual(test.told("collection=e&type=list&fromPrefix=a&toPrefix=b/", given), [1, 0, 0, 0, 0]);
  deepEqual(test.endsOf("e/p"), ["a/1", "b/2"]);
  const other = [{ _key: "q", _from: "x/1", _to: "y/2" }];
  const query = "collection=e&type=list&fromPrefix=a&toPrefix=b&overwriteCollectionPrefix=true";
  deepEqual(test.told(query, other), [1, 0, 0, 0, 0]);
  deepEqual(test.endsOf("e/q"), ["a/1", "b/2"]);
});

const REFUSED: readonly (readonly [query: string, body: unknown, status: number, errorNum: number])[] = [
  ["", [], 400, 1204],
  ["collection=c&type=list", {}, 400, 400],
  ["collection=c&type=list", "[", 400, 400],
  ["collection=c", `{"_key":"foo"}`, 400, 400],
  ["collection=c", `["_key",1]\n["foo",1]`, 400, 400],
  ["collection=c&type=documents&complete=true", `{"_key":"foo"}\n[]`, 500, 4],
  ["collection=c&complete=true", `["_key"]\n["foo","bar"]`, 500, 4],
  ["collection=e&type=list&complete=true", [{}], 400, 1233],
  ["collection=c&type=odd", "[]", 400, 400],
  ["collection=c&type=odd", "{}\n{}", 400, 400],
  ["collection=c&type=list&onDuplicate=odd", [], 400, 10],
  ["collection=nope&type=list", [], 404, 1203],
];

Deno.test("imports: what cannot be read, or be meant, is refused", () => {
  using test = new Importer();
  for (const [query, body, status, errorNum] of REFUSED) {
    const answer = test.post(query, body);
    deepEqual([answer.status, answer.body.errorNum], [status, errorNum], query);
  }
});
