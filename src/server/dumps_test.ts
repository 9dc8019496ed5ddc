import { deepStrictEqual as deepEqual, match, strictEqual as equal } from "node:assert/strict";
import { basic, TestServer } from "./testing.ts";

function filled(options: ConstructorParameters<typeof TestServer>[0] = {}): TestServer {
  const test = new TestServer(options);
  test.headers = basic("root", "");
  for (const name of ["a", "b", "empty"]) test.send("POST", "/_api/collection", { name });
  const documents = (prefix: string): unknown[] =>
    Array.from({ length: 10 }, (_, i) => ({ _key: `${prefix}${i}`, n: { m: i } }));
  for (const name of ["a", "b"]) test.send("POST", `/_api/document/${name}`, documents(name));
  return test;
}

function start(test: TestServer, order: unknown): string {
  const answer = test.send("POST", "/_api/dump/start", order);
  equal(answer.status, 201, answer.text);
  match(answer.headers["x-arango-dump-id"]!, /^dump-\d+$/);
  return answer.headers["x-arango-dump-id"]!;
}

Deno.test("a dump comes in batches that connections number themselves: each document once, as it was at the start", () => {
  using test = filled();
  const id = start(test, { shards: ["empty", "a", "b", "a"], docsPerBatch: 4, batchSize: 1024 * 1024 });
  test.send("DELETE", "/_api/collection/b");
  test.send("POST", "/_api/document/a", { _key: "late" });
  const received: Record<string, string[]> = {};
  // two connections in turn, as arangodump has them: one takes even numbers, the other odd ones
  for (let batch = 0;; batch++) {
    const last = batch < 2 ? "" : `&lastBatch=${batch - 2}`;
    const { status, text, headers } = test.send("POST", `/_api/dump/next/${id}?batchId=${batch}${last}`);
    if (status === 204) break;
    equal(status, 200, text);
    match(headers["content-type"]!, /^application\/x-arango-dump/);
    equal(test.send("POST", `/_api/dump/next/${id}?batchId=${batch}`).text, text, "sent again when asked again");
    const keys = text.trimEnd().split("\n").map((line) => JSON.parse(line)._key);
    (received[headers["x-arango-dump-shard-id"]!] ??= []).push(...keys);
  }
  const keys = (prefix: string): string[] => Array.from({ length: 10 }, (_, i) => `${prefix}${i}`);
  deepEqual(received, { a: keys("a"), b: keys("b") });
  match(test.send("GET", "/_admin/metrics/v2").text, /arangodb_dump_ongoing\{role="SINGLE"\} 1\n/);
  equal(test.send("DELETE", `/_api/dump/${id}`).status, 200);
  equal(test.send("POST", `/_api/dump/next/${id}?batchId=0`).status, 404);
});

Deno.test("a dump with projections has only what was asked for", () => {
  using test = filled();
  const id = start(test, { shards: ["a"], projections: { id: ["_id"], m: ["n", "m"], no: ["n", "x", "y"] } });
  const { text } = test.send("POST", `/_api/dump/next/${id}?batchId=7`);
  equal(text.split("\n")[3], `{"id":"a/a3","m":3,"no":null}`);
});

Deno.test("the sizes of a dump's batches need not be whole, nor even", () => {
  using test = filled();
  for (const sizes of [{ docsPerBatch: 1.5 }, { batchSize: 1001 }, { batchSize: 1.5 }]) {
    const id = start(test, { shards: ["a"], ...sizes });
    equal(test.send("POST", `/_api/dump/next/${id}?batchId=0`).status, 200);
  }
});

Deno.test("dumps are refused for what cannot be, for what may not be read, and to other users", () => {
  using test = filled({ authentication: true });
  const status = (method: string, path: string, body?: unknown, headers = {}): number =>
    test.send(method, `/_api/dump${path}`, body, headers).status;
  for (const order of [{}, { shards: "a" }, { shards: [1] }, { shards: [], batchSize: "x" }, { shards: [], ttl: -1 }]) {
    equal(status("POST", "/start", order), 400);
  }
  equal(status("POST", "/start", { shards: ["nope"] }), 404);
  equal(status("POST", "/start", { shards: ["a"], projections: { a: "a" } }), 400);
  equal(status("POST", "/start", { shards: ["a"], useVPack: true }), 501);
  equal(status("POST", "/nope", {}), 400);
  equal(status("DELETE", "/a/b"), 400);
  equal(status("DELETE", "/dump-1"), 404);
  equal(status("PUT", "/start", {}), 405);
  const id = start(test, { shards: ["a"] });
  equal(status("POST", `/next/${id}`, ""), 400);
  equal(status("POST", `/next/${id}?batchId=x`, ""), 400);
  test.send("POST", "/_api/user", { user: "bob", passwd: "b" });
  test.send("PUT", "/_api/user/bob/database/_system", { grant: "ro" });
  test.send("PUT", "/_api/user/bob/database/_system/b", { grant: "none" });
  const bob = basic("bob", "b");
  equal(status("POST", `/next/${id}?batchId=0`, "", bob), 403);
  equal(status("DELETE", `/${id}`, undefined, bob), 403);
  equal(status("POST", "/start", { shards: ["a"] }, bob), 201);
  equal(status("POST", "/start", { shards: ["b"] }, bob), 403);
});
