/** @module */
import { deepStrictEqual, throws } from "node:assert/strict";
import type { AqlObject } from "../values.ts";
import { DATABASE_FUNCTIONS } from "./database.ts";
import type { FunctionData } from "./mod.ts";
import { call, ends, testCalls } from "./test_context.ts";

testCalls("stored data", DATABASE_FUNCTIONS, [
  ["CHECK_DOCUMENT", [{}], true],
  ["CHECK_DOCUMENT", [[]], false],
  ["DECODE_REV", ["_YU0HOEG---"], { date: "2019-03-11T16:15:05.314Z", count: 0 }],
  ["DECODE_REV", [1], null, [1542]],
  ["IS_SAME_COLLECTION", ["users", "users/my-user"], true],
  ["IS_SAME_COLLECTION", ["users", { _id: "foos/1" }], false],
  ["IS_SAME_COLLECTION", ["users", 5], null, [1542]],
  ["PARSE_COLLECTION", ["_users/my-user"], "_users"],
  ["PARSE_IDENTIFIER", [{ _id: "mycollection/mykey", value: 1 }], { collection: "mycollection", key: "mykey" }],
  ["PARSE_IDENTIFIER", ["a/b/c"], null, [1542]],
  ["PARSE_KEY", ["_users/my-user"], "my-user"],
  ["SCHEMA_VALIDATE", [{}, null], { valid: true }],
  ["SCHEMA_VALIDATE", [1, {}], null, [1542]],
  ["SCHEMA_VALIDATE", [{}, { rule: 7 }], ends(1621)],
], "COLLECTIONS COLLECTION_COUNT CURRENT_DATABASE CURRENT_USER DOCUMENT SCHEMA_GET SHARD_ID");

Deno.test("functions on stored data ask the query's data", () => {
  const documents: Readonly<Record<string, AqlObject>> = {
    "users/a": { _id: "users/a" },
    "users/b": { _id: "users/b" },
  };
  const data: FunctionData = {
    geoIndex: () => undefined,
    fulltextIndex: () => undefined,
    document: (collection, key) => documents[`${collection}/${key}`] ?? null,
    collectionNames: () => ["users", "_apps"],
    collectionId: (name) => name === "users" ? "12" : "3",
    collectionCount: (name) => name === "users" ? 2 : undefined,
    collectionSchema: (name) => name === "users" ? null : undefined,
  };
  const a = documents["users/a"] ?? null;
  const b = documents["users/b"] ?? null;
  deepStrictEqual(call("DOCUMENT", ["users/a"], { data }).value, a);
  deepStrictEqual(call("DOCUMENT", ["users", "a"], { data }).value, a);
  deepStrictEqual(call("DOCUMENT", ["users", "users/a"], { data }).value, a);
  deepStrictEqual(call("DOCUMENT", ["users", "others/a"], { data }).value, null);
  deepStrictEqual(call("DOCUMENT", [["users/b", "users/x", 5, "users/a"]], { data }).value, [b, a]);
  deepStrictEqual(call("DOCUMENT", ["users", ["b", "x"]], { data }).value, [b]);
  deepStrictEqual(call("DOCUMENT", [5], { data }), { value: null, warnings: [], messages: [] });
  deepStrictEqual(call("DOCUMENT", [5, "a"], { data }).warnings, [1542]);
  deepStrictEqual(call("COLLECTIONS", [], { data }).value, [{ _id: "3", name: "_apps" }, { _id: "12", name: "users" }]);
  deepStrictEqual(call("COLLECTION_COUNT", ["users"], { data }).value, 2);
  throws(() => call("COLLECTION_COUNT", ["none"], { data }), {
    errorNum: 1203,
    message: "collection or view not found: none",
  });
  deepStrictEqual(call("SCHEMA_GET", ["users"], { data }).value, null);
  throws(() => call("SCHEMA_GET", ["none"], { data }), { errorNum: 1203 });
  deepStrictEqual(call("SHARD_ID", ["users", {}], { data }).value, "users");
  throws(() => call("DOCUMENT", ["users/a"]), { errorNum: 9 });
});

Deno.test("functions on the database and its user ask the query's context", () => {
  deepStrictEqual(call("CURRENT_DATABASE", [], { database: () => "mine" }).value, "mine");
  deepStrictEqual(call("CURRENT_USER", [], { user: () => null }).value, null);
});
