import { ok } from "node:assert/strict";
import fc from "fast-check";
import { ROUTES } from "./routes/mod.ts";
import { TestServer } from "./testing.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];
/** Requests that would wait for something outside, or end the process. */
const OUTSIDE = /replication\/(sync|make|applier|start)|shutdown|_sync|tasks|wal\/wait/;
const PATHS = [...new Set(ROUTES.map(({ path }) => path))].filter((path) => !OUTSIDE.test(path));
const WORDS = [
  "c",
  "e",
  "_users",
  "_system",
  "other",
  "k",
  "c/k",
  "0",
  "1",
  "all",
  "%",
  "%00",
  "..",
  "ü",
  "a b",
  "*",
  "-1",
  "9".repeat(30),
];
const PARAMETERS = [
  "collection",
  "waitForSync",
  "returnNew",
  "overwriteMode",
  "type",
  "onDuplicate",
  "count",
  "direction",
  "vertex",
  "from",
  "to",
  "details",
  "batchSize",
  "fromPrefix",
  "keepNull",
  "ignoreRevs",
  "onlyget",
  "isSystem",
  "stamp",
  "chunkSize",
];
const HEADERS = [
  "if-match",
  "if-none-match",
  "x-arango-trx-id",
  "content-type",
  "accept",
  "x-arango-async",
  "origin",
  "authorization",
];
const BODIES = [
  "",
  "{}",
  "[]",
  "null",
  "1",
  `"x"`,
  "{",
  `{"name":"c"}`,
  `{"query":"RETURN 1"}`,
  `[{"_key":"k"}]`,
  `{"a":1}\n{"b":`,
  "[".repeat(100_000),
  `{"a":`.repeat(5000),
  `{"_key":7}`,
  `{"collections":{"write":["c"]}}`,
  "--x\r\n\r\nGET /\r\n--x--",
  "\u0000",
];

/** One of `known`, or something made up. */
function word(known: readonly string[], other: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: other });
}

const value = word(WORDS, fc.string());
const url = fc.tuple(
  fc.constantFrom("", "", "/_db/_system", "/_db/other", "/_db/nope", "/_db/%ff", "//"),
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PATHS) }, { weight: 1, arbitrary: fc.webPath() }),
  fc.infiniteStream(value),
  fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), value), { maxLength: 3 }),
).map(([database, path, values, parameters]) => {
  const filled = path.replace(/[:*]\w+/g, () => encodeURIComponent(values.next().value!));
  return `${database}${filled}?${parameters.map(([name, one]) => `${name}=${encodeURIComponent(one)}`).join("&")}`;
});
const body = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BODIES) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
);
const headers = fc.dictionary(
  fc.constantFrom(...HEADERS),
  word(
    ["*", `"_abc"`, "true", "store", "7", "application/x-velocypack", "multipart/form-data; boundary=x", "http://x"],
    fc.string(),
  ),
  { maxKeys: 2 },
);

Deno.test("whatever clients send, nothing breaks: no undocumented 5xx, and the database next door stays as it is", () => {
  using test = new TestServer();
  test.send("POST", "/_api/database", { name: "untouched" });
  test.send("POST", "/_db/untouched/_api/collection", { name: "kept" });
  test.send("POST", "/_db/untouched/_api/document/kept", { _key: "k" });
  const kept = test.send("GET", "/_db/untouched/_api/document/kept/k").text;
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), url, headers, body, (method, path, more, sent) => {
      if (!test.engine.databases().some(({ name }) => name === "other")) {
        test.send("POST", "/_api/database", { name: "other" });
      }
      test.send("PUT", "/_admin/server/mode", { mode: "default" });
      for (const [name, type] of [["c", 2], ["e", 3]]) test.send("POST", "/_api/collection", { name, type });
      const { status, text } = test.send(method, path, sent, more);
      ok(status < 500 || status === 501 || path.includes("/server/id"), `${status} ${text.slice(0, 500)}`);
    }),
    { numRuns: 1500 },
  );
  ok(test.send("GET", "/_db/untouched/_api/document/kept/k").text === kept);
});
